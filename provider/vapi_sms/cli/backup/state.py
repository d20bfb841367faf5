"""A stack's state, as `pulumi stack export --show-secrets` prints it: the records that its siblings hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.documents import read_json, unfold
from vapi_sms.core.errors import BadInput
from vapi_sms.core.services.pool import ServiceOriginal
from vapi_sms.core.values import Original
from vapi_sms.resources.inputs.words import kind_in
from vapi_sms.resources.record.state import records_of
from vapi_sms.resources.service.state import load_service

# How the engine marks a secret in a state; part of its format for good.
_MARK, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"

Props = Mapping[str, Any]


def held_in(export: Props, name: str) -> Held:
    """Give the records of a state; raises NothingToTell where it is none, or its secrets are encrypted."""
    try:
        return _held(export["deployment"].get("resources") or [], name)
    except BadInput as newer:
        raise NothingToTell(f"{name}: {newer}") from None
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError):
        raise NothingToTell(
            f"{name} is not what `pulumi stack export --show-secrets` prints: export it again"
        ) from None


def _held(resources: list[Props], name: str) -> Held:
    numbers: dict[str, Original] = {}
    services: dict[str, ServiceOriginal] = {}
    unusable: dict[str, str] = {}
    # What waits to be deleted comes first: what took its place knows better. So does a number's new owner, who comes
    # after the one that it moved from.
    for resource in sorted(resources, key=lambda each: not each.get("delete")):
        outputs = resource.get("outputs") or {}
        kind, called = kind_in(resource["type"]), resource["urn"].rpartition("::")[2]
        if kind == "OriginalRoutings":
            held = records_of(unfold(_revealed(outputs.get("originals"), name)))
            numbers |= held.by_sid
            missing = not held.are_there
        elif kind == "OriginalService":
            service = load_service(unfold(_revealed(outputs.get("original"), name)))
            services |= {} if service is None else {service.sid: service}
            missing = service is None
        else:
            continue
        if missing:
            unusable[called] = f"{kind} {called} holds no record yet"
    stack = resources[0]["urn"].split("::") if resources else ["", ""]
    return Held(
        f"stack {stack[1]}/{stack[0].rpartition(':')[2]}" if resources else "an empty stack",
        tuple(numbers.values()),
        tuple(services.values()),
        unusable=unusable,
    )


def _revealed(value: Any, name: str) -> Any:  # noqa: ANN401 any JSON
    """Give what is in clear where the engine marks secrets."""
    if isinstance(value, list):
        return [_revealed(inner, name) for inner in value]
    if not isinstance(value, Mapping):
        return value
    if value.get(_MARK) != _SECRET:
        return {key: _revealed(inner, name) for key, inner in value.items()}
    if "plaintext" not in value:
        raise NothingToTell(
            f"{name} holds its secrets encrypted: export it with `pulumi stack export --show-secrets`"
        )
    return _revealed(read_json(value["plaintext"]), name)
