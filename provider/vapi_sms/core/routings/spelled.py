"""Handlers as people write them: a name and a value, in a program or in a file, and read back from any routing.

`{"studio_flow": "FW..."}` is `Handler.studio_flow("FW...")`; `method`, `fallback` and `fallback_method` stand beside it
where they are not the usual ones. A routing that no constructor builds is spelled by its own fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from vapi_sms.core.routings.handlers import Handler, Kind, classify_url, on_account
from vapi_sms.core.routings.routing import POST, Routing

Spelling = dict[str, str]

CALLING: Mapping[str, Callable[..., Routing]] = {
    "webhook": Handler.webhook,
    "twiml_bin": Handler.twiml_bin,
    "studio_flow": Handler.studio_flow,
    "function": Handler.function,
    "proxy": Handler.proxy,
}
"""What calls a URL, by name: each takes one value, and a method, a fallback and its method beside it."""
ALONE: Mapping[str, Callable[[], Routing]] = {"demo": Handler.demo, "none": Handler.none}
"""What needs no value."""
TWIML_APP = "twiml_app"
BESIDE = ("method", "fallback", "fallback_method")
RAW = tuple(field.name for field in fields(Routing))

_BY_SID = {Kind.TWIML_BIN: "twiml_bin", Kind.STUDIO_FLOW: "studio_flow", Kind.PROXY: "proxy"}


def from_spelled(spelling: Mapping[str, str] | str) -> Routing:
    """Give the routing that is spelled; raises ValueError (one line, no value) where none is."""
    if isinstance(spelling, str):
        if spelling in ALONE:
            return ALONE[spelling]()
        raise ValueError(f"is no handler: write {', '.join(ALONE)}, or a map such as {{studio_flow: FW...}}")
    names = [name for name in spelling if name in CALLING or name == TWIML_APP]
    rest = {name: value for name, value in spelling.items() if name not in names}
    if not names and spelling and set(rest) <= set(RAW):
        return Routing(**rest)
    if len(names) != 1:
        raise ValueError(f"must name exactly one handler of {', '.join((*CALLING, TWIML_APP))}")
    name = names[0]
    allowed = BESIDE if name in CALLING else ()
    if unknown := sorted(set(rest) - set(allowed)):
        beside = f"only {', '.join(allowed)}" if allowed else "nothing"
        raise ValueError(f"has {unknown[0]!r}, and {beside} may stand beside {name}")
    if name == TWIML_APP:
        return Handler.twiml_app(spelling[name])
    return CALLING[name](spelling[name], **rest)


def to_spelled(routing: Routing, account_sid: str) -> Spelling | str:
    """Spell a routing of a number on this account; read back, it is the same routing."""
    for spelling in _candidates(routing):
        if on_account(from_spelled(spelling), account_sid).same_as(routing):
            return spelling
    return {name: value for name, value in routing.to_dict().items() if value}


@dataclass(frozen=True, slots=True)
class Call:
    """What builds a routing in a program: the expression before the brackets, what stands first, what by name."""

    builder: str
    first: Spelling
    named: Spelling


def as_call(routing: Routing, account_sid: str) -> Call:
    """Give the call that a program makes, of what it imports: Handler and Routing."""
    spelling = to_spelled(routing, account_sid)
    if isinstance(spelling, str):
        return Call(f"Handler.{spelling}", {}, {})
    name, value = next(iter(spelling.items()))
    if name in CALLING or name == TWIML_APP:
        named = {key: given for key, given in spelling.items() if key != name}
        return Call(f"Handler.{name}", {name: value}, named)
    return Call("Routing", {}, spelling)


def in_python(routing: Routing, account_sid: str) -> str:
    """Spell a routing as an expression of a program that imports Handler and Routing."""
    call = as_call(routing, account_sid)
    named = [f"{key}={given!r}" for key, given in call.named.items()]
    return f"{call.builder}({', '.join((*map(repr, call.first.values()), *named))})"


def _candidates(routing: Routing) -> list[Spelling | str]:
    """Give what may spell a routing, the most telling first."""
    beside = {}
    if (routing.method or POST) != POST:
        beside["method"] = routing.method
    if routing.fallback_url:
        beside["fallback"] = routing.fallback_url
    if (routing.fallback_method or POST) != POST:
        beside["fallback_method"] = routing.fallback_method
    handler = classify_url(routing.url)
    found: list[Spelling | str] = [*ALONE, {TWIML_APP: routing.application_sid}]
    if handler.kind in _BY_SID:
        found.append({_BY_SID[handler.kind]: handler.address, **beside})
    if handler.kind is Kind.FUNCTION:
        found.append({"function": routing.url, **beside})
    if routing.url:
        found.append({"webhook": routing.url, **beside})
    return found
