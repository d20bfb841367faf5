"""Numbers as the drawing takes them: plain JSON, of which every text is a line that nobody obeys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vapi_sms.core.chains.links import Chain
from vapi_sms.core.inert import Line, line
from vapi_sms.core.routings.handlers import Kind

Json = dict[str, Any]

# The drawing's words, which give a handler its colour.
_KINDS: Mapping[Kind | None, str] = {
    Kind.VAPI: "vapi",
    Kind.STUDIO_FLOW: "studio",
    Kind.FUNCTION: "function",
    Kind.TWIML_BIN: "bin",
    Kind.WEBHOOK: "webhook",
    Kind.TWIML_APP: "app",
    Kind.PROXY: "proxy",
    Kind.DEMO: "demo",
    Kind.NOTHING: "nobody",
}


def answered(by: str, kind: Kind | None, chain: Chain, **more: str | Iterable[str]) -> Json:
    """Give who answers, with the chain, and more texts or lists of them; what is empty is left out."""
    told = {name: line(given) if isinstance(given, str) else lines(given) for name, given in more.items()}
    links = [
        {
            "what": each.what,
            "label": each.label,
            "detail": each.detail,
            "state": str(each.state),
            "why": each.why,
        }
        for each in chain
    ]
    return {
        **_filled(told),
        "answeredBy": line(by),
        "kind": _KINDS.get(kind, "other"),
        "chain": [_filled(each) for each in links],
    }


def lines(texts: Iterable[str]) -> list[Line]:
    """Give texts as lines."""
    return [line(text) for text in texts]


def advised(says: str, do: str) -> str:
    """Say what is so, and what to do about it where there is anything."""
    return f"{says}. {do}." if do else f"{says}."


def _filled(told: Mapping[str, object]) -> Json:
    return {name: given for name, given in told.items() if given}
