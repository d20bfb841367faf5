"""Inert text: nothing of what others wrote is obeyed, and all that need not change is as it was."""

from __future__ import annotations

import ast
import json
import sys
import unicodedata

import pytest
import yaml
from vapi_sms.core.inert import joined, json_line, json_lines, line, lines, quoted

# Whatever may stand in a name; half a character cannot be written into a file of a program.
NAMES = [
    "Support",
    "Zoë 👩‍💻 شركة 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "a\x1b]0;title\x07b\x9b31mc",
    "two\nlines\r\n::error::and\u2028more\x85",
    "ab\u202ecd\u2066ef",
    "##[error]x ##vso[task.x]y ###[z",
    "quote\" ' \\ / \x7f \x00 \ufeff \uffff",
    "##\\u0023[",
]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Support", "Support"),
        ("  two  blanks ", "  two  blanks "),
        ("Zoë 👩‍💻", "Zoë 👩‍💻"),
        ("a\u200bb", "a\u200bb"),
        ("a\x1b]0;title\x07b", "a?]0;title?b"),
        ("a\x9b31mb", "a?31mb"),
        ("a\nb\r\nc\u2028d\x85e\tf", "a b  c d e f"),
        ("a\u202eb\u2066c\u200fd", "a?b?c?d"),
        ("a\ud800b", "a?b"),
        ("::error::x", ": :error::x"),
        (" \u3000::error::x", " \u3000: :error::x"),
        ("urn:pulumi:dev::shop::a:b:C::d", "urn:pulumi:dev::shop::a:b:C::d"),
        ("see ##[error]x", "see # #[error]x"),
        ("##vso[task.setvariable]x", "# #vso[task.setvariable]x"),
        ("##teamcity[x", "# #teamcity[x"),
        ("###[x", "## #[x"),
        ("## heading", "## heading"),
        ("#1 [x]", "#1 [x]"),
    ],
)
def test_a_line_is_one_and_nobody_obeys_it(text: str, told: str) -> None:
    """What cannot stand in it is a question mark, what ends lines a blank; what builds take for commands is apart."""
    assert line(text) == told
    assert line(told) == told


def test_no_character_that_is_obeyed_is_left() -> None:
    """Of all that there are: controls, halves, separators of lines, marks of direction."""
    obeyed = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    left = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if (
            unicodedata.category(chr(code)) in ("Cc", "Cs", "Zl", "Zp")
            or unicodedata.bidirectional(chr(code)) in obeyed
        )
        and chr(code) in line(f"a{chr(code)}b")
    ]

    assert left == []


def test_several_lines_stay_several() -> None:
    """Each by itself, with blanks as they are; the last line feed is no line."""
    assert lines("") == ()
    assert lines("a\n") == ("a",)
    assert lines("a\n\n  b\r\n::error::c") == ("a", "", "  b ", ": :error::c")
    assert joined("; ", [line("a"), line("b")]) == "a; b"


@pytest.mark.parametrize("name", NAMES)
def test_a_literal_is_what_it_was(name: str) -> None:
    """Python and YAML read it byte for byte, and what is written is a line already."""
    written = quoted(name)

    assert ast.literal_eval(written) == name
    assert yaml.safe_load(written) == name
    assert line(written) == written


@pytest.mark.parametrize("name", NAMES)
def test_json_for_machines_is_what_it_was(name: str) -> None:
    """Names and keys, at any depth; nothing of it is obeyed on the way."""
    document = {name: [name, {"x": name}], "count": 1, "nothing": None}

    written = json_lines(document)

    assert json.loads("\n".join(written)) == document
    assert all(line(each) == each for each in written)
    assert written[0] == "{"


def test_json_of_one_line_is_one_line() -> None:
    """For who reads line by line; a line feed in a text stays in it."""
    document = {"a": "b\nc", "d": ["::error::"]}

    assert json.loads(json_line(document)) == document
    assert "\n" not in json_line(document)


def test_json_reads_as_people_write() -> None:
    """Letters of any script are letters."""
    assert json_lines(["Zoë 😀"]) == ("[", '  "Zoë 😀"', "]")
