"""Names from Twilio, Vapi and programs: whatever is in them, they stay text in a comment."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from vapi_sms.cli.review.markdown import block, code, items, marker, plain, prose, table

HOSTILE = [
    "a | b || c \\| d \\\\| e",
    "back`tick ``two`` `",
    "`starts",
    "<img src=x onerror=alert(1)> <!-- x --> </details> &lt;b&gt; &amp;",
    "[link](https://evil.example.com) ![image](x) www.evil.example.com <https://evil.example.com>",
    "*a* _b_ **c** ~~d~~ $e$ # f",
    "# heading",
    "- item",
    "1. item",
    "+14155550100",
    "=====",
    "line\nbreak\r\n\n| --- |",
    "\u202egnirts\u2066 \x1b[31mred\x00",
    "ends with \\",
    "",
]
MARKUP = ("a", "img", "strong", "em", "s", "h1", "h2", "ul", "ol", "blockquote", "hr", "details", "b")


def html(markdown: str) -> str:
    """Render as GitHub does: tables, strikethrough and HTML are on."""
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


def tags(rendered: str) -> set[str]:
    """Give the names of all elements."""
    return set(re.findall(r"</?([a-z0-9]+)", rendered)) | ({"comment"} if "<!--" in rendered else set())


@pytest.mark.parametrize("text", HOSTILE)
def test_code_is_one_code_span(text: str) -> None:
    """Nothing but what it holds, on one line."""
    rendered = html(f"before {code(text)} after")

    assert tags(rendered) == {"p", "code"}
    assert rendered.count("<code>") == 1
    assert "\n" not in code(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_is_text(text: str) -> None:
    """No markup of its own, at the start of a line neither; addresses are code."""
    assert tags(html(f"before {prose(text)} after")) <= {"p", "code"}
    assert tags(html(items([prose(text)]))) <= {"ul", "li", "code"}


def test_prose_reads_as_it_was_written() -> None:
    """What is escaped shows as the text it was."""
    shown = html(prose("sms_enabled=False, a*b*c <x> & 'y' [z]"))

    assert shown == "<p>sms_enabled=False, a*b*c &lt;x&gt; &amp; 'y' [z]</p>\n"


def test_nobody_is_notified_and_nothing_is_linked() -> None:
    """GitHub looks for mentions and issues in what is rendered, but not in code; an escape would not help."""
    rendered = html(prose("ask @acme/team about #12, mail@example.com or www.example.com"))

    assert not re.search(r"@\w|#\d|www\.", rendered)
    assert (
        rendered.replace("\u200b", "")
        == "<p>ask @acme/team about #12, mail@example.com or www.example.com</p>\n"
    )


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [code, prose])
def test_a_cell_stays_a_cell(text: str, write: type) -> None:
    """A pipe does not end it, whatever stands before the pipe."""
    rendered = html(table(["a", "b", "c"], [["1", write(text), "3"]]))

    assert rendered.count("<td>") == 3
    assert tags(rendered) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


@given(st.text())
def test_any_text_stays_in_its_cell(text: str) -> None:
    """Not only what we thought of."""
    rendered = html(table(["a", "b", "c"], [[code(text), prose(text), "3"]]))

    assert rendered.count("<td>") == 3
    assert tags(rendered) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


def test_long_texts_are_cut() -> None:
    """To so many characters, with a mark."""
    assert plain("x" * 300, 200) == "x" * 199 + "…"


def test_block_cannot_be_left() -> None:
    """A fence in the text does not end it."""
    rendered = html(block(["```", "````text", "<b>"]))

    assert tags(rendered) == {"pre", "code"}
    assert "&lt;b&gt;" in rendered


@pytest.mark.parametrize("stack", ["shop/dev", "a--b/c", "x-->\n<b>"])
def test_marker_is_one_comment(stack: str) -> None:
    """Whatever the stack is called, the line stays invisible and whole."""
    line = marker(stack)

    assert re.fullmatch(r"<!-- vapi-sms preview: [\w./%-]+ -->", line)
    assert "--" not in line[4:-3]
