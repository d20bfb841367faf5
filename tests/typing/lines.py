"""What prints takes lines, and no text that might have been written by anybody: checked by mypy, never run.

Each ignore stands for an error that must be there: mypy counts one that is not needed as an error of its own.
"""

from __future__ import annotations

from typing import assert_type

from vapi_sms.cli.paper import Column, Paper, styled
from vapi_sms.cli.printing import ask, ask_secret, complain, say
from vapi_sms.core.inert import Line, json_lines, line, lines
from vapi_sms.resources.engine import notices, status
from vapi_sms.resources.engine.carrying import VapiSms
from vapi_sms.resources.record import readable


def refused(name: str, paper: Paper) -> None:
    """Name everything that a message could leave by."""
    say(name)  # type: ignore[arg-type] # not made inert
    say(f"assistant {line(name)}")  # type: ignore[arg-type] # not made inert
    complain(name)  # type: ignore[arg-type] # not made inert
    ask(name)  # type: ignore[arg-type] # not made inert
    ask_secret(name, is_new=True)  # type: ignore[arg-type] # not made inert
    styled(name)  # type: ignore[arg-type] # not made inert
    styled((name, "bold"))  # type: ignore[arg-type] # not made inert
    paper.paragraph(name)  # type: ignore[arg-type] # not made inert
    Column(name)  # type: ignore[arg-type] # not made inert
    notices.tell(name)  # type: ignore[arg-type] # not made inert
    notices.tell_once(name)  # type: ignore[arg-type] # not made inert
    status.show(name)  # type: ignore[arg-type] # not made inert
    VapiSms(name)  # type: ignore[arg-type] # not made inert
    readable.of_number(answered_by=name, original_summary=name)  # type: ignore[arg-type] # not made inert
    readable.of_drift([name])  # type: ignore[list-item] # not made inert
    readable.of_records({name: name})  # type: ignore[dict-item] # not made inert


def taken(name: str) -> None:
    """Name what makes lines."""
    assert_type(line(name), Line)
    assert_type(lines(name), tuple[Line, ...])
    say(line(name), *lines(name), *json_lines({name: name}))
