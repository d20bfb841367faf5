"""Mistakes in a fleet file: all at once, each with its line, its key and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from vapi_sms.resources.fleet_file import marks
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes
from vapi_sms.resources.fleet_file.reading import read_fleet_file

from tests.resources.fleet_file.file import FLOW, FOUR, ONE, TWO, Write, numbers, wrong


def test_all_mistakes_are_told_at_once_from_the_top_down(write: Write) -> None:
    """Options, values, numbers and stacks: one line each, as an editor jumps to them."""
    path = write("""\
        defaults:
          assistant: Support
          voice: off
        numbers:
          +14155550101: {smsEnabled: false, name: 2024}
          4155550102:
          +14165550100: Support
          +14155550103: {restore_to: {studio_flow: FW1}, colour: blue}
        groups:
          sales:
            assistant: Sales
            squad: Everybody
            numbers: [+14155550104, +1 (415) 555-0101]
        stacks:
          prod:
            groups:
              slaes: {sms_enabled: sure}
        """)

    assert wrong(path) == [
        "numbers.yaml:3: defaults.voice: must be keep or vapi",
        'numbers.yaml:5: numbers.+14155550101.name: must be a text, and YAML takes 2024 for a number: write "2024"',
        "numbers.yaml:5: numbers.+14155550101.smsEnabled: is unknown: did you mean sms_enabled?",
        (
            "numbers.yaml:6: numbers.4155550102: '4155550102' is not in E.164 form (+, country code, digits, nothing "
            'else): write "+14155550102"'
        ),
        (
            "numbers.yaml:7: numbers.+14165550100: +14165550100 is a number of Canada (CA), and Vapi answers texts of "
            "US numbers only (+1 is shared by the US, Canada and the Caribbean): declare a US number"
        ),
        (
            "numbers.yaml:8: numbers.+14155550103.colour: is unknown: allowed are assistant, squad, sms_enabled, name, "
            "voice, restore_to, restore_calls_to, adopt, messaging_service, fallback, prove, on_remove, protect"
        ),
        "numbers.yaml:8: numbers.+14155550103.restore_to.studio_flow: must be FW and 32 hex digits",
        "numbers.yaml:10: groups.sales: has an assistant and a squad: write one of them",
        (
            "numbers.yaml:13: groups.sales.numbers.+1 (415) 555-0101: is declared twice: also in line 5 "
            "(numbers.+14155550101)"
        ),
        "numbers.yaml:17: stacks.prod.groups.slaes: is no group of this file: did you mean sales?",
        "numbers.yaml:17: stacks.prod.groups.slaes.sms_enabled: must be true or false",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "1: is empty: write numbers: and the numbers, or numbers: {} to declare none"),
        ("# soon\n", "1: is empty: write numbers: and the numbers, or numbers: {} to declare none"),
        ("- +14155550101\n", "1: must be a map with defaults, numbers, groups, stacks"),
        (
            "numbers:\n\t+14155550101:\n",
            "2: a tab indents this line, and YAML takes only blanks: write blanks",
        ),
        ("numbers: {}\n---\nnumbers: {}\n", "2: a second document starts here (---): a fleet file is one"),
        ("numbers: {}\ndefaults: {name: [a}\n", "2: is not YAML: "),
        ("numbers: {}\nname: '\n", "3: is not YAML: found unexpected end of stream (column 1)"),
        ("numbers: {}\nstacks: \x07\n", "2: YAML allows no such character as U+0007: take it out"),
        ("numbers: *here\n", "1: is not YAML: found undefined alias"),
        ("a: " + 50 * "[" + 50 * "]", "1: is nested more than 20 levels deep"),
    ],
    ids=["empty", "comment", "list", "tab", "two", "bracket", "quote", "bell", "alias", "deep"],
)
def test_a_file_that_is_no_fleet_file_says_why(write: Write, text: str, line: str) -> None:
    """What cannot be read at all is one line too."""
    (only,) = wrong(write(text))

    assert only.startswith(f"numbers.yaml:{line}")


def test_a_missing_file_and_one_in_another_encoding_are_named(write: Write) -> None:
    """The file is named as the program names it."""
    assert wrong(Path("number.yaml")) == ["number.yaml: cannot be read: No such file or directory"]

    write("").write_bytes("numbers:\n  +14155550101: Bücher\n".encode("latin-1"))
    assert wrong(Path("numbers.yaml")) == ["numbers.yaml:2: is not UTF-8: save the file as UTF-8"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            f"numbers:\n  {ONE}: A\n  {TWO}: B\n  {ONE}: C\n",
            [f"4: numbers.{ONE}: is written twice: also in line 2"],
        ),
        (
            f"numbers: [{ONE},\n {ONE}]\ndefaults: {{assistant: A}}\n",
            [f"2: numbers.{ONE}: is listed twice: also in line 1"],
        ),
        (
            f"groups:\n  a: {{assistant: A, numbers: [{ONE}]}}\n  b: {{assistant: A, numbers: [{ONE}]}}\n",
            [f"3: groups.b.numbers.{ONE}: is declared twice: also in line 2 (groups.a.numbers.{ONE})"],
        ),
        ("numbers:\n  ? [a]\n  : A\n", ["2: numbers: has a list or a map for a key: write a text"]),
        ("numbers:\n  <<: [A]\n", ["2: numbers: merges (<<) what is no map: write an alias of a map"]),
        (f"numbers:\n  {ONE}:\n  - A\n", [f"2: numbers.{ONE}: must be a map of options, or the name of an assistant"]),
        (f"{ONE}: A\n", [f"1: {ONE}: is unknown: a number stands below numbers:"]),
        (f"numbers: {{{ONE}: A}}\ngroups: [a]\n", ["2: groups: must be a map of names"]),
        (f"numbers: {{{ONE}: A}}\ngroups: {{a: b}}\n", ["2: groups.a: must be a map of options"]),
        ("numbers: [[a]]\n", ["1: numbers: must be a list of numbers, or a map from numbers to their options"]),
        (f"numbers:\n  {ONE}: ''\n", [f"2: numbers.{ONE}.assistant: must not be empty"]),
        (
            f"numbers:\n  {ONE}: {{assistant: A, name: {41 * 'n'}}}\n",
            [f"2: numbers.{ONE}.name: is longer than 40 characters, which is the most that Vapi takes"],
        ),
        (f"numbers:\n  {ONE}: {{assistant: [A]}}\n", [f"2: numbers.{ONE}.assistant: must be a text"]),
        (
            f"numbers:\n  {ONE}: {{assistant: On}}\n",
            [
                f'2: numbers.{ONE}.assistant: must be a text, and YAML takes On for true or false: write "On"',
            ],
        ),
        (
            f"numbers:\n  {ONE}: {{assistant: 2026-11-22}}\n",
            [
                (f"2: numbers.{ONE}.assistant: must be a text, and YAML takes 2026-11-22 for a date: "
                'write "2026-11-22"'),
            ],
        ),
        (
            f"numbers:\n  {ONE}: !secret A\n",
            [
                f"2: numbers.{ONE}: has the tag !secret: a fleet file holds plain texts, lists and maps",
                f"2: numbers.{ONE}: must be a map of options, or the name of an assistant",
            ],
        ),
        (
            f"numbers:\n  {ONE}: {{adopt: !!bool sure, assistant: A}}\n",
            [f"2: numbers.{ONE}.adopt: must be true or false"],
        ),
        (
            "numbers:\n  SC00000000000000000000000000000001: A\n",
            [
                ("2: numbers.SC00000000000000000000000000000001: SC00000000000000000000000000000001 is a short code, "
                "which Vapi cannot import: declare a phone number (PN...)"),
            ],
        ),
        (f"numbers: {{{ONE}: }}\n", [(f"1: numbers.{ONE}: is answered by nobody: write an assistant or a squad here, "
         "in its group or in defaults")]),
    ],
    ids=lambda value: None if isinstance(value, list) else value[:40].replace("\n", " "),
)  # fmt: skip
def test_a_mistake_says_where_and_what_is_allowed(write: Write, text: str, lines: list[str]) -> None:
    """Each kind of mistake, alone in a file."""
    assert wrong(write(text)) == [f"numbers.yaml:{line}" for line in lines]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("dem", (": must be demo, none, leave_at_vapi, or a map with one of webhook, twiml_bin, studio_flow, "
         "function, proxy, twiml_app")),
        ("{}", (": must be demo, none, leave_at_vapi, or a map with one of webhook, twiml_bin, studio_flow, "
         "function, proxy, twiml_app")),
        (f"{{studio_flow: {FLOW}, webhook: https://a.example}}", (".studio_flow: is unknown: allowed are method, "
         "fallback, fallback_method, webhook")),
        ("{webhook: /sms}", ".webhook: must be an absolute http(s) URL"),
        ("{webhook: 'https://'}", ".webhook: must be an absolute http(s) URL"),
        ("{webhook: 'https://a.example', methd: GET}", ".methd: is unknown: did you mean method?"),
        ("{webhook: 'https://a.example', method: PUT}", ".method: must be GET or POST"),
        ("{twiml_bin: FW1}", ".twiml_bin: must be EH and 32 hex digits"),
        ("{proxy: KS1}", ".proxy: must be KS and 32 hex digits"),
        ("{twiml_app: AP1}", ".twiml_app: must be AP and 32 hex digits"),
        ("{url: 'https://a.example', fallback: 'https://b.example'}", (".fallback: is unknown: did you mean "
         "fallback_url?")),
        ("{fallback_url: 'https://b.example'}", ": Twilio takes no fallback_url without a url"),
        ("{webhook: 'https://handler.twilio.com/twiml/EH1'}", (": its url at handler.twilio.com names no TwiML Bin: "
         "write EH and 32 hex digits")),
        ("{webhook: 'https://api.vapi.ai/twilio/sms'}", (": is Vapi's own URL, which puts nothing back: write "
         "leave_at_vapi to leave texts there")),
    ],
)  # fmt: skip
def test_a_handler_that_cannot_be_put_back_is_refused(write: Write, written: str, text: str) -> None:
    """What `restore_to` may be is said, without the URL that was written: it may carry a token."""
    path = write(f"numbers: {{{ONE}: {{assistant: A, restore_to: {written}}}}}\n")

    assert wrong(path) == [f"numbers.yaml:1: numbers.{ONE}.restore_to{text}"]


def test_thousands_of_mistakes_are_counted(write: Write) -> None:
    """The first 200 are told, the others counted."""
    lines = wrong(write("numbers:\n" + "".join(f"  +1415555{n:04}:\n" for n in range(1200, 2500))))

    assert len(lines) == 201
    assert lines[-1] == "numbers.yaml: and 1,100 more mistakes like these"


def test_what_somebody_wrote_stays_on_its_line(write: Write) -> None:
    """A key with a line break, or a very long one, cannot pass for a line of ours."""
    path = write(f'"a\\n::error::b": 1\n{200 * "k"}: 1\nnumbers: {{{ONE}: A}}\n')
    allowed = "is unknown: allowed are defaults, numbers, groups, stacks"

    assert wrong(path) == [
        f"numbers.yaml:1: a\\n::error::b: {allowed}",
        f"numbers.yaml:2: {57 * 'k'}...: {allowed}",
    ]


def test_the_parser_in_python_finds_the_same(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where YAML was installed without its C library, files read alike and mistakes have the same lines."""
    good = write(f"numbers:\n  {ONE}: A\n  {FOUR}: {{assistant: B}}\n")
    found = numbers(good)
    monkeypatch.setattr(marks, "_Loader", yaml.SafeLoader)

    assert numbers(good) == found
    assert wrong(write("numbers:\n\t+14155550101:\n")) == [
        "numbers.yaml:2: a tab indents this line, and YAML takes only blanks: write blanks"
    ]
    with pytest.raises(FleetFileMistakes, match=r"numbers.yaml:2: YAML allows no such character as U\+0007"):
        read_fleet_file(write("numbers: {}\nx: \x07\n"))
