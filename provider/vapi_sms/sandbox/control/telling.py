"""What happens in the sandbox, a line each, for whoever watches the terminal: texts, and what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vapi_sms.sandbox.control.redaction import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vapi_sms.sandbox.control.journal import Entry
    from vapi_sms.sandbox.texts.message import Text
    from vapi_sms.sandbox.twilio.number import Record

_LONGEST = 80
_NAMES = {"twilio": "Twilio", "vapi": "Vapi"}


def text_line(text: Text, answer: Mapping[str, Any]) -> str:
    """Tell of a text and its answer."""
    said = "no reply" if answer["reply"] is None else _quoted(answer["reply"])
    why = f" ({answer['trace'][-1]})" if answer["answered_by"] == "nobody" else f", {said}"
    return (
        f"text {text.sender} -> {text.to} {_quoted(text.body)}: {_inert(answer['answered_by'])}{_inert(why)}"
    )


def write_line(entry: Entry, number: str | None) -> str:
    """Tell of a request that is no reading."""
    about = f" ({number})" if number else ""
    carried = f": {_pairs(entry.parameters)}" if entry.parameters else ""
    status = "no answer" if entry.status is None else entry.status
    refused = f" ({entry.refused})" if entry.refused else ""
    return f"{_NAMES[entry.vendor]} {entry.method} {_inert(entry.path)}{about}{carried} -> {status}{_inert(refused)}"


def landing_line(number: str, changes: Record) -> str:
    """Tell of what Vapi writes at Twilio, unasked."""
    return f"Vapi writes at Twilio, {number}: {_pairs(masked(changes))}"


def edit_line(thing: str, edit: Mapping[str, Any]) -> str:
    """Tell of what somebody else does."""
    return f"somebody else, {thing}: {_pairs(masked(dict(edit)))}"


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_short(value)}" for name, value in values.items())


def _short(value: object) -> str:
    text = _inert(value if isinstance(value, str) else repr(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _quoted(text: str) -> str:
    return f'"{_short(text)}"'


def _inert(text: str) -> str:
    # What strangers write must not move the cursor, or anything else of a terminal.
    return "".join(letter if letter.isprintable() else " " for letter in text)
