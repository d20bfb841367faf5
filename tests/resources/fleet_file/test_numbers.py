"""What a fleet file declares: what is said closer to a number wins, and how the file is arranged does not matter."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vapi_sms import LEAVE_AT_VAPI, Handler, Routing

from tests.resources.fleet_file.file import FLOW, FOUR, ONE, THREE, TWO, Write, as_yaml, numbers

LEVELS = ("defaults", "stack's defaults", "group", "stack's group", "number", "stack's number")


def said_at(levels: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Give a file that says something of the same number at several levels."""
    entry: Any = levels.get("stack's number")
    return {
        "defaults": levels.get("defaults", {}),
        "groups": {"g": {**levels.get("group", {}), "numbers": {ONE: levels.get("number", {})}}},
        "stacks": {
            "prod": {
                "defaults": levels.get("stack's defaults", {}),
                "groups": {"g": levels.get("stack's group", {})},
                "numbers": {} if entry is None else {ONE: entry},
            },
        },
    }


@pytest.mark.parametrize(
    "levels",
    [chosen for count in range(1, 7) for chosen in itertools.combinations(LEVELS, count)],
    ids=", ".join,
)
def test_what_is_said_closest_to_a_number_wins(write: Write, levels: tuple[str, ...]) -> None:
    """Of each set of levels that say something, the last in this order counts: all 63 sets."""
    path = write(as_yaml(said_at({level: {"assistant": level} for level in levels})))

    assert numbers(path, "prod") == {ONE: {"assistant": levels[-1]}}


def test_levels_add_up_and_null_takes_back(write: Write) -> None:
    """Each level may say another option; null is as if nothing had been said further away."""
    path = write(
        as_yaml(
            said_at(
                {
                    "defaults": {"assistant": "Support", "name": "Desk", "restore_to": "demo"},
                    "stack's defaults": {"protect": True, "voice": "vapi"},
                    "group": {"sms_enabled": False},
                    "stack's group": {"on_remove": "leave", "name": None},
                    "number": {"adopt": True, "restore_to": None},
                    "stack's number": {"voice": None},
                }
            )
        )
    )

    assert numbers(path, "prod") == {
        ONE: {
            "adopt": True,
            "assistant": "Support",
            "on_remove": "leave",
            "protect": True,
            "sms_enabled": False,
        }
    }


@pytest.mark.parametrize(("near", "far"), [("assistant", "squad"), ("squad", "assistant")])
def test_an_assistant_takes_the_place_of_a_squad(write: Write, near: str, far: str) -> None:
    """A number has one of them: the one that is said closer to it."""
    path = write(as_yaml({"defaults": {far: "Far"}, "numbers": {ONE: {near: "Near"}, TWO: {near: None}}}))

    assert numbers(path) == {ONE: {near: "Near"}, TWO: {far: "Far"}}


def test_stacks_add_leave_out_and_change_numbers(write: Write) -> None:
    """Each stack reads what stands above with its own part on top, and nothing of another stack's."""
    path = write(f"""\
        defaults: {{assistant: Support}}
        numbers: [{ONE}]
        groups:
          sales: {{assistant: Sales, numbers: [{TWO}]}}
        stacks:
          dev:
            defaults: {{assistant: Test}}
            groups: {{sales: {{numbers: {{{TWO}: false}}}}}}
          prod:
            groups:
              sales: {{name: Sales, numbers: [{THREE}, {ONE}]}}
            numbers:
              {FOUR}:
        """)

    assert numbers(path, "dev") == {ONE: {"assistant": "Test"}}
    assert numbers(path, "prod") == {
        ONE: {"assistant": "Sales", "name": "Sales"},
        TWO: {"assistant": "Sales", "name": "Sales"},
        THREE: {"assistant": "Sales", "name": "Sales"},
        FOUR: {"assistant": "Support"},
    }
    assert numbers(path) == {ONE: {"assistant": "Support"}, TWO: {"assistant": "Sales"}}


def test_numbers_may_be_written_as_people_do(write: Write) -> None:
    """With quotes or without, with blanks, dots, dashes and brackets, as a list or a map, or by SID."""
    sid = "PN00000000000000000000000000000001"
    path = write(f"""\
        defaults: {{assistant: A}}
        numbers:
          +1 415 555 0104:
          "+1.415.555.0103": B
          {sid}: {{}}
        groups:
          g:
            numbers:
              - +1 (415) 555-0102
              - '+14155550101'
        """)

    assert list(numbers(path).items()) == [
        (ONE, {"assistant": "A"}),
        (TWO, {"assistant": "A"}),
        (THREE, {"assistant": "B"}),
        (FOUR, {"assistant": "A"}),
        (sid, {"assistant": "A"}),
    ]


def test_anchors_and_merge_keys_are_read(write: Write) -> None:
    """What a map says itself wins over what it merges; of merged maps the first one wins."""
    path = write(f"""\
        groups:
          a: &a {{assistant: A, name: Desk}}
          b: &b {{<<: *a, assistant: B, protect: true}}
          c: {{<<: [*b, *a], numbers: [{ONE}]}}
          d: {{<<: *a, <<: *b, numbers: &shared {{{TWO}: &entry {{adopt: true}}}}}}
        numbers:
          {THREE}: {{<<: *entry, assistant: C}}
        """)

    assert numbers(path) == {
        ONE: {"assistant": "B", "name": "Desk", "protect": True},
        TWO: {"adopt": True, "assistant": "A", "name": "Desk", "protect": True},
        THREE: {"adopt": True, "assistant": "C"},
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("demo", Handler.demo()),
        ("none", Handler.none()),
        ("leave_at_vapi", LEAVE_AT_VAPI),
        (f"{{studio_flow: {FLOW}}}", Handler.studio_flow(FLOW)),
        (f"{{proxy: KS{FLOW[2:]}}}", Handler.proxy(f"KS{FLOW[2:]}")),
        (f"{{twiml_bin: EH{FLOW[2:]}}}", Handler.twiml_bin(f"EH{FLOW[2:]}")),
        (f"{{twiml_app: AP{FLOW[2:]}}}", Handler.twiml_app(f"AP{FLOW[2:]}")),
        ("{function: https://a-1234.twil.io/b}", Handler.function("https://a-1234.twil.io/b")),
        (
            "{webhook: 'https://a.example/?t=1#rc=2', method: GET, fallback: HTTPS://b.example, fallback_method: GET}",
            Handler.webhook("https://a.example/?t=1#rc=2", "GET", "HTTPS://b.example", "GET"),
        ),
        (
            "{url: https://a.example, fallback_url: https://b.example}",
            Routing("https://a.example", "POST", "https://b.example", "POST"),
        ),
    ],
)
def test_every_handler_can_be_put_back(write: Write, written: str, meant: object) -> None:
    """`restore_to` is spelled as in a program, and means the same."""
    path = write(f"numbers: {{{ONE}: {{assistant: A, restore_to: {written}}}}}\n")

    found = numbers(path)[ONE]["restore_to"]
    if isinstance(meant, Routing):
        assert isinstance(found, Routing)
        assert found.same_as(meant)
    else:
        assert found == meant


def test_a_file_may_declare_nothing_but_says_so(write: Write) -> None:
    """An empty map is meant; an empty file is not."""
    assert numbers(write("numbers: {}\n")) == numbers(write("\ufeffgroups: {soon: }\n")) == {}


OPTIONS = st.fixed_dictionaries(
    {"assistant": st.sampled_from(["Support", "Sales"])},
    optional={
        "sms_enabled": st.booleans(),
        "name": st.sampled_from(["Desk", "on", "2024", "ü"]),
        "restore_to": st.sampled_from(["demo", {"studio_flow": FLOW}]),
        "protect": st.booleans(),
    },
)
FLEETS = st.dictionaries(st.sampled_from([f"+1415555{n:04}" for n in range(100, 112)]), OPTIONS, min_size=1)


@st.composite
def arranged(draw: st.DrawFn, fleet: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Arrange a fleet in some way: with or without groups of any name, what they have in common said once."""
    groups: dict[str, dict[str, Any]] = {}
    alone: dict[str, Any] = {}
    for number, options in draw(st.permutations(sorted(fleet.items()))):
        name = draw(st.sampled_from(["", "a", "b", "on", "1"]))
        if not name:
            alone[number] = shuffled(draw, options)
        else:
            groups.setdefault(name, {})[number] = options
    file = {"numbers": alone, "groups": {}}
    for name, members in groups.items():
        common = dict(set.intersection(*(set(_hashable(options)) for options in members.values())))
        said = {key: value for key, value in next(iter(members.values())).items() if key in common}
        file["groups"][name] = {
            **said,
            "numbers": {
                number: shuffled(draw, {key: value for key, value in options.items() if key not in said})
                for number, options in members.items()
            },
        }
    return shuffled(draw, file)


def shuffled(draw: st.DrawFn, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give a map in another order."""
    return dict(draw(st.permutations(list(values.items()))))


def _hashable(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, repr(value)) for name, value in options.items()]


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(data=st.data(), fleet=FLEETS)
def test_reordering_regrouping_and_renaming_change_nothing(
    tmp_path: Path, data: st.DataObject, fleet: dict[str, dict[str, Any]]
) -> None:
    """However a fleet is arranged, the same is declared, in the same order down to the options."""
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(as_yaml({"numbers": fleet}))
    other.write_text(as_yaml(data.draw(arranged(fleet))))

    assert repr(numbers(other)) == repr(numbers(one))
    assert list(numbers(one)) == sorted(fleet)
