"""The nested objects of Vapi's phone numbers: which shapes they have, and what Vapi says of others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SPOKEN: dict[type | tuple[type, ...], str] = {
    str: "a string",
    bool: "a boolean value",
    dict: "an object",
    list: "an array",
    (int, float): "a number conforming to the specified constraints",
}
_TEXT, _FLAG, _OBJECT, _LIST, _NUMBER = str, bool, dict, list, (int, float)


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of an object: what each holds, and which have to be there."""

    keys: Mapping[str, type | tuple[type, ...]]
    required: tuple[str, ...] = field(default=())

    def complaints(self, value: Mapping[str, object], where: str) -> Iterator[str]:
        """Yield what is wrong with an object."""
        for name, inner in value.items():
            if name not in self.keys:
                yield f"{where}.property {name} should not exist"
            elif inner is not None and not _is(inner, self.keys[name]):
                yield f"{where}.{name} must be {_SPOKEN[self.keys[name]]}"
        yield from (
            f"{where}.{name} should not be empty" for name in self.required if value.get(name) is None
        )


_DESTINATION: dict[str, type | tuple[type, ...]] = {
    "type": _TEXT,
    "message": (str, dict),
    "callerId": _TEXT,
    "transferPlan": _OBJECT,
    "description": _TEXT,
}
_DESTINATIONS = {
    "number": Shape(
        {**_DESTINATION, "number": _TEXT, "numberE164CheckEnabled": _FLAG, "extension": _TEXT}, ("number",)
    ),
    "sip": Shape({**_DESTINATION, "sipUri": _TEXT, "sipHeaders": _OBJECT}, ("sipUri",)),
}
_SPOKEN[str, dict] = "a string or an object"
_SERVER = Shape(
    {
        "url": _TEXT,
        "timeoutSeconds": _NUMBER,
        "credentialId": _TEXT,
        "staticIpAddressesEnabled": _FLAG,
        "encryptedPaths": _LIST,
        "headers": _OBJECT,
        "backoffPlan": _OBJECT,
    }
)
_SERVER_SECONDS = (1, 300)
_HOOK = Shape({"on": _TEXT, "filters": _LIST, "do": _LIST}, ("on", "do"))
_HOOK_EVENTS = ("call.ringing", "call.ending")


def complaints(name: str, value: object) -> Iterator[str]:
    """Yield what Vapi says of a nested object of a phone number; it has the right type."""
    if name == "fallbackDestination" and isinstance(value, dict):
        yield from _of_destination(value)
    elif name == "server" and isinstance(value, dict):
        yield from _of_server(value)
    elif name == "hooks" and isinstance(value, list):
        for index, hook in enumerate(value):
            yield from _of_hook(hook, f"hooks.{index}")


def _of_destination(value: Mapping[str, object]) -> Iterator[str]:
    shape = _DESTINATIONS.get(str(value.get("type")))
    if shape is None:
        yield f"fallbackDestination.type must be one of the following values: {', '.join(_DESTINATIONS)}"
    else:
        yield from shape.complaints(value, "fallbackDestination")


def _of_server(value: Mapping[str, object]) -> Iterator[str]:
    yield from _SERVER.complaints(value, "server")
    seconds, (least, most) = value.get("timeoutSeconds"), _SERVER_SECONDS
    if isinstance(seconds, int | float) and not least <= seconds <= most:
        yield f"server.timeoutSeconds must be between {least} and {most}"


def _of_hook(hook: object, where: str) -> Iterator[str]:
    if not isinstance(hook, dict):
        yield f"{where} must be an object"
        return
    yield from _HOOK.complaints(hook, where)
    if isinstance(hook.get("on"), str) and hook["on"] not in _HOOK_EVENTS:
        yield f"{where}.on must be one of the following values: {', '.join(_HOOK_EVENTS)}"


def _is(value: object, expected: type | tuple[type, ...]) -> bool:
    # JSON's booleans are no numbers.
    return isinstance(value, expected) and (not isinstance(value, bool) or expected is bool)
