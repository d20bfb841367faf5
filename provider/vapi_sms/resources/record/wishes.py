"""Wishes: what a program says of its numbers' originals, parsed before any vendor is asked."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Mapping
from typing import Any

from vapi_sms.core.errors import BadInput, Refusal
from vapi_sms.core.planning.capture import LeaveAtVapi, Wish
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.telling import gathered
from vapi_sms.core.values import Original, VapiSettings, settings_of
from vapi_sms.live.vapi.names import Shelf
from vapi_sms.live.vendors import Vendors
from vapi_sms.resources.inputs.number import parse_wish
from vapi_sms.resources.inputs.routing import HANDLER, RESTORE_CALLS_TO, parse_routing
from vapi_sms.resources.record.state import by_key, load_restore_to

Props = dict[str, Any]
RestoreTo = Routing | LeaveAtVapi | Original | None
Wishes = tuple[dict[str, Wish], dict[str, Refusal]]
"""What is wished for each number, and the refusal of each whose options are malformed."""


def wishes_of(given: Props, known: Mapping[str, Original]) -> Wishes:
    """Give what is wished for each number, and the refusal of each whose options are malformed.

    `known` are the records that there are, by number and SID. Raises BadInput for what is wrong with any `restore_to`.
    """
    numbers = given.get("numbers")
    if not isinstance(numbers, Mapping):
        raise BadInput("numbers", "numbers must map a number, or its SID, to its options")
    restore_to, routes = given.get("restoreTo"), given.get("routes") or {}
    declared: Mapping[str, object] = restore_to if isinstance(restore_to, Mapping) else {}
    of_calls = given.get("restoreCallsTo") or {}
    wishes: dict[str, Wish] = {}
    refused: dict[str, Refusal] = {}
    malformed: dict[str, str] = {}
    for key, options in numbers.items():
        try:
            to = _restore_to(key, declared.get(key), is_recorded=key in known)
            calls = parse_routing(key, RESTORE_CALLS_TO, of_calls[key]) if key in of_calls else None
            route = parse_routing(key, HANDLER, routes[key]) if key in routes else None
            _refuse_leaving(key, route, to)
        except Refusal as mistake:
            malformed[key] = str(mistake) if len(numbers) == 1 else f"{key}: {mistake}"
            continue
        try:
            adopt = parse_wish(key, options, routed=route is not None).adopt
            wishes[key] = Wish(adopt, to, calls, route)
        except BadInput as mistake:
            refused[key] = mistake
    if malformed:
        raise BadInput("restoreTo", "; ".join(gathered(malformed)))
    return wishes, refused


def services_of(given: Props) -> dict[str, str]:
    """Give the Messaging Service that each number relies on, of those that do."""
    entries = {key: entry for key, entry in given["numbers"].items() if isinstance(entry, Mapping)}
    return {key: entry["messagingService"] for key, entry in entries.items() if entry.get("messagingService")}


UNRESOLVED = VapiSettings("not resolved")
"""What no record of Vapi's bears: the assistant, or squad, of a number could not be found when it was recorded."""


def imports_of(given: Props, vendors: Vendors) -> dict[str, VapiSettings]:
    """Give the settings that each number is to be imported with, as far as they are known, or UNRESOLVED."""
    found: dict[str, VapiSettings] = {}
    last: Mapping[str, object] | None = None
    settings = UNRESOLVED
    for key, options in _said_of_imports(given).items():
        if options != last:  # most say the same
            last, settings = options, _settings(key, options, vendors)
        found[key] = settings
    return found


def _settings(key: str, options: Mapping[str, object], vendors: Vendors) -> VapiSettings:
    try:
        return settings_of(
            _id(vendors.names.assistants, key, options.get("assistant")),
            _id(vendors.names.squads, key, options.get("squad")),
            str(options.get("name") or ""),
            sms_enabled=bool(options.get("smsEnabled", True)),
        )
    except Refusal:
        return UNRESOLVED  # whoever declares the number refuses it, and nothing is imported


def _said_of_imports(given: Props) -> Mapping[str, Mapping[str, object]]:
    said = given.get("imports")
    return _read_once(said) if isinstance(said, str) else {}


@functools.lru_cache(maxsize=2)  # each check asks twice
def _read_once(said: str) -> Mapping[str, Mapping[str, object]]:
    found: Mapping[str, Mapping[str, object]] = json.loads(said)
    return found


def read_ahead(given: Props, recorded: Collection[str], vendors: Vendors, not_before: float) -> None:
    """Begin what the checks of these numbers, and of their records, will ask for.

    Of numbers with no record texts will be handed over, unless the program says otherwise: people are told then what
    else answers them.
    """
    if not isinstance(given.get("imports"), str):
        return
    options = _said_of_imports(given)
    names = vendors.names
    kinds = (("assistant", names.assistants), ("squad", names.squads))
    vendors.read_ahead(
        options,
        [shelf for kind, shelf in kinds if any(isinstance(each.get(kind), str) for each in options.values())],
        handing_over=any(
            each.get("smsEnabled", True) for key, each in options.items() if key not in recorded
        ),
        not_before=not_before,
    )


def _id(shelf: Shelf, key: str, text: object) -> str:
    return shelf.resolve(key, text).id if isinstance(text, str) and text else ""


def _restore_to(key: str, value: object, *, is_recorded: bool) -> RestoreTo:
    declared = load_restore_to(key, value)
    if not isinstance(declared, dict):
        return declared
    moved = by_key(declared).get(key)
    if moved is None and not is_recorded:  # else it moved here before, and its old owner let go of it since
        raise Refusal(
            key,
            f"restore_to holds no original of {key}: pass the `original` output of the resource that owned this "
            "number, and keep the number declared there until this `pulumi up` is through",
        )
    return moved


def _refuse_leaving(key: str, route: Routing | None, to: RestoreTo) -> None:
    if route is not None and isinstance(to, LeaveAtVapi):
        raise BadInput(
            key,
            "restore_to=LEAVE_AT_VAPI is for numbers that Vapi answers, and texts of a TwilioSmsRoute go to its "
            "handler: write the routing to put back",
        )
