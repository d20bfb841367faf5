"""What happens to numbers, for those who read no diff: a few each, many counted."""

from __future__ import annotations

from vapi_sms.core.telling import FEW, Happening, told

VAPI, OLD = "Vapi assistant Support", "Webhook https://old.example.com/sms"


def numbers(count: int) -> list[str]:
    """Give so many numbers."""
    return [f"+1415555{n:04}" for n in range(count)]


def test_a_few_are_told_each() -> None:
    """Who answers now, who will, and what somebody changed; a number to which nothing happens is not told."""
    drift = ("texts are answered by nobody, not by Vapi", "Vapi's name is A, not B")
    a, b, c, d = numbers(4)

    assert told(
        [
            Happening(a, OLD, VAPI),
            Happening(b, "nobody", VAPI, drift),
            Happening(c, VAPI, VAPI, drift[1:]),
            Happening(d, VAPI, VAPI),
        ]
    ) == (
        f"{a}: {OLD} -> {VAPI}",
        f"{b}: nobody -> {VAPI} (drift: {drift[0]}; {drift[1]})",
        f"{c}: {VAPI} (drift: {drift[1]})",
    )
    assert told([]) == ()


def test_many_are_counted_by_what_happens_to_them() -> None:
    """The most frequent first, the first numbers by name; one that is like no other is told by itself."""
    many = [Happening(number, OLD, VAPI) for number in numbers(1200)]
    more = [
        Happening("+14155559000", "Studio Flow FW1", VAPI),
        Happening("+14155559001", VAPI, VAPI, ("Vapi's name is A, not B",)),
        Happening("+14155559002", VAPI, VAPI, ("Vapi's name is C, not B",)),
    ]

    assert told([*more, *many]) == (
        f"1,200 numbers: {OLD} -> {VAPI}: +14155550000, +14155550001, +14155550002 and 1,197 others",
        f"2 numbers: {VAPI} (drift): +14155559001, +14155559002",
        f"+14155559000: Studio Flow FW1 -> {VAPI}",
    )


def test_many_with_an_answer_of_their_own_each_are_told_by_who_will_answer() -> None:
    """5,000 webhooks are no 5,000 lines; nor are as many new answers."""
    own = [Happening(number, f"Webhook https://{number}.example.com", VAPI) for number in numbers(30)]
    back = [Happening(each.number, VAPI, each.now) for each in own]

    assert told(own) == (
        f"30 numbers: 30 different answers -> {VAPI}: +14155550000, +14155550001, +14155550002 and 27 others",
    )
    *first, last = told(back)
    assert first == [str(each) for each in back[:FEW]]
    assert last == "and more: 30 numbers change"
