"""Files of strangers: what they stand for may be endless, reading them is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from vapi_sms.resources.fleet_file.bounds import LONGEST_KEY, MOST_BYTES, MOST_DECLARED, MOST_STEPS

from tests.resources.fleet_file.file import ONE, Write, numbers, wrong
from tests.steps import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MUCH = f"stands for more than {MOST_STEPS:,} entries, with aliases and merge keys (<<) written out: split it"
MANY = f"declares more than {MOST_DECLARED:,} numbers, those of all stacks together: split it"
LONG = f"has a key of more than {LONGEST_KEY} letters: keys are names and numbers"
# Some calls for each step that is counted; what grows faster than a file takes thousands of times as many.
MOST_CALLS = 30 * MOST_STEPS


def some(count: int) -> Iterator[str]:
    """Give numbers."""
    return (f"+1415{5_550_000 + n}" for n in range(count))


def merges(levels: int, each: int) -> str:
    """Give maps that merge the one before, several times."""
    more = "".join(f"x{n + 1}: &a{n + 1} {{<<: [{', '.join([f'*a{n}'] * each)}]}}\n" for n in range(levels))
    return f"x0: &a0 {{a: 1}}\n{more}"


def twice(levels: int) -> str:
    """Give maps with two merge keys, each of the one before."""
    return "x0: &a0 {a: 1}\n" + "".join(
        f"x{n + 1}: &a{n + 1} {{<<: *a{n}, <<: *a{n}}}\n" for n in range(levels)
    )


HOSTILE = {
    "merges of merges": (merges(15, 7), MUCH),
    "two merge keys": (twice(18), MUCH),
    "a merge of many maps": (
        "".join(f"m{n}: &m{n} {{{', '.join(f'k{n}-{k}: 1' for k in range(400))}}}\n" for n in range(300))
        + f"all: &all {{<<: [{', '.join(f'*m{n}' for n in range(300))}]}}\nx: [{{<<: *all}}, {{<<: *all}}]\n",
        MUCH,
    ),
    "a list in many places": (
        f"a: &a [{', '.join(f'{n}' for n in range(1000))}]\n" + "".join(f"b{n}: *a\n" for n in range(20_000)),
        MUCH,
    ),
    "keys that are none, in many places": (
        f"a: &a {{{', '.join(f'? [{n}] : 1' for n in range(1000))}}}\n"
        + "".join(f"b{n}: *a\n" for n in range(20_000)),
        MUCH,
    ),
    "a long text in many places": (
        f"x: &u 'https://a.example.com/{'x' * 400_000}'\nnumbers:\n"
        + "".join(f"  {one}: {{assistant: A, restore_to: {{webhook: *u}}}}\n" for one in some(5000)),
        MUCH,
    ),
    "more entries than anybody has": ("- a\n" * (2 * MOST_STEPS + 1), MUCH),
    "a long key above many mistakes": (
        f"groups: {{? {'k' * 300_000} : {{numbers: {{{', '.join(f'{one}: {{x: 1}}' for one in some(5000))}}}}}}}\n",
        LONG,
    ),
    "numbers in stacks": (
        "defaults: {assistant: A}\nnumbers: [" + ", ".join(some(5000)) + "]\nstacks:\n"
        + "".join(f"  s{n}: {{}}\n" for n in range(5000)),
        MANY,
    ),
    "groups that are none": (
        (f"groups: {{{', '.join(f'group{n}: ' for n in range(4000))}}}\n"
        f"stacks: {{s: {{groups: {{{', '.join(f'gruop{n}: ' for n in range(4000))}}}}}}}\n"),
        "and 3,800 more mistakes like these",
    ),
    "options that are none": (
        f"{{{', '.join(f'asistant{n}: 1' for n in range(20_000))}}}",
        "and 19,800 more mistakes like these",
    ),
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("text", "last"), HOSTILE.values(), ids=HOSTILE)
def test_reading_ends_soon_whatever_a_file_stands_for(write: Write, text: str, last: str) -> None:
    """In one line, after a number of steps that is known beforehand."""
    path, lines = write(text), list[str]()

    steps_of(lambda: lines.extend(wrong(path)), MOST_CALLS)

    assert lines[-1].endswith(last)


def test_a_file_of_any_size_is_not_read_whole(write: Write) -> None:
    """Nor one without an end, such as a device."""
    path = write("")
    path.write_bytes(b"#" * (MOST_BYTES + 1))

    assert wrong(path) == [f"numbers.yaml: is larger than {MOST_BYTES >> 20} MB: split it"]


def test_ten_thousand_numbers_with_merged_options_are_no_trouble(write: Write) -> None:
    """What people write stays far below every bound: a map of options that every number merges, and two stacks."""
    entries = "".join(f"  {one}: {{<<: *desk, name: Desk}}\n" for one in some(10_000))
    options = "{assistant: A, voice: keep, adopt: true, on_remove: leave}"
    path = write(f"defaults: &desk {options}\nnumbers:\n{entries}stacks: {{dev: , prod: }}\n")

    found = numbers(path, "prod")

    assert len(found) == 10_000
    assert found[ONE]["on_remove"] == "leave"


def test_merged_maps_count_in_the_order_that_yaml_says(write: Write) -> None:
    """The first of several maps wins, the map's own keys before all."""
    path = write(f"""\
        groups:
          a: &a {{assistant: A, name: a}}
          b: &b {{assistant: B, name: b, voice: vapi}}
        numbers:
          {ONE}: {{<<: [*a, *b], name: own}}
        """)

    assert numbers(path) == {ONE: {"assistant": "A", "name": "own", "voice": "vapi"}}
