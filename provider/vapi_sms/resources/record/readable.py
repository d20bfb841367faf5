"""What people read of a resource, in previews, diffs and states: lines, by type, which nobody obeys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vapi_sms.core.inert import Line


def of_number(*, answered_by: Line, original_summary: Line, drift: Sequence[Line] = ()) -> dict[str, Any]:
    """Give who answers a number's texts, what comes back, and what somebody changed, where somebody did."""
    told = {"answeredBy": answered_by, "originalSummary": original_summary}
    return {**told, **of_drift(drift)}


def of_service(
    *, inbound: Line, answers: Sequence[Line], original_summary: Line, drift: Sequence[Line] = ()
) -> dict[str, Any]:
    """Give who decides about texts to a service's numbers, who answers each, and what comes back."""
    told = {"inbound": inbound, "answers": [*answers], "originalSummary": original_summary}
    return {**told, **of_drift(drift)}


def of_drift(drift: Sequence[Line]) -> dict[str, Any]:
    """Give what somebody changed; nothing at all where nobody did."""
    return {"drift": [*drift]} if drift else {}


def of_refused(refused: Mapping[str, Line]) -> dict[str, Any]:
    """Give why numbers stay as they are while others change; nothing at all where none does."""
    return {"refused": dict(refused)} if refused else {}


def of_answer(answered_by: Line) -> dict[str, Any]:
    """Give who answers, as it is."""
    return {"answeredBy": answered_by}


def of_texts_url(url: Line) -> dict[str, Any]:
    """Give where at Vapi texts go; empty where they do not."""
    return {"textsUrl": url}


def of_texts_urls(urls: Mapping[str, Line]) -> dict[str, Any]:
    """Give where at Vapi texts go, number by number, of those where that is not Vapi's usual URL."""
    return {"textsUrls": dict(urls)}


def of_inbound(inbound: Line) -> dict[str, Any]:
    """Give who decides, as it is."""
    return {"inbound": inbound}


def of_records(summary: Mapping[str, Line] | Line) -> dict[str, Any]:
    """Give what comes back, number by number or of one service."""
    return {"summary": summary if isinstance(summary, str) else dict(summary)}


def of_answers(counts: Mapping[Line, int]) -> dict[str, Any]:
    """Give how many numbers each one answers."""
    return {"summary": dict(sorted(counts.items()))}


def of_routing(*, texts: Line, calls: Line | None = None) -> dict[str, Any]:
    """Give a description of the channels."""
    return {"texts": texts, **({} if calls is None else {"calls": calls})}
