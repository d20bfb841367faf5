"""What the engine's state holds of a Messaging Service as found, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vapi_sms.core.errors import BadInput
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import Inbound, Kept, ServiceOriginal, Wrote, without_moments
from vapi_sms.resources.inputs.unknowns import contains_unknowns
from vapi_sms.resources.record.state import SCHEMA, WRITTEN, dump_routing, load_routing

Props = dict[str, Any]


def dump_service(original: ServiceOriginal) -> Props:
    """Give a service's record as the engine keeps it, with its schema."""
    return {
        "schema": SCHEMA,
        "sid": original.sid,
        "name": original.name,
        "accountSid": original.account_sid,
        "defers": original.inbound.defers,
        "handler": dump_routing(original.inbound.handler),
        "kept": {sid: _dump_kept(kept) for sid, kept in sorted(original.kept.items())},
        **({WROTE: {"defers": original.wrote.defers, "at": original.wrote.at}} if original.wrote else {}),
    }


WROTE = "wrote"
"""What the outputs of who switched a service add to its record, beside `written` of each number."""


def _dump_kept(kept: Kept) -> Props:
    record = {"number": kept.number, "messaging": dump_routing(kept.messaging)}
    return record | ({WRITTEN: kept.written} if kept.written else {})


def as_recorded(held: object) -> object:
    """Give a service's record, as the engine keeps it, without what a switch added, so that it compares."""
    original = load_service(held)
    return held if original is None else dump_service(without_moments(original))


def load_service(held: object) -> ServiceOriginal | None:
    """Read a record that `dump_service` wrote; a placeholder, an unknown or nothing holds none.

    Raises BadInput where it is of a newer version of this package.
    """
    if not isinstance(held, Mapping) or not held or contains_unknowns(held):
        return None
    if int(held.get("schema", 0)) > SCHEMA:
        raise BadInput(
            str(held.get("sid")),
            "the recorded service was written by a newer vapi-sms: install that version",
        )
    kept = {
        sid: Kept(sid, each["number"], load_routing(Routing, each["messaging"]), int(each.get(WRITTEN, 0)))
        for sid, each in held.get("kept", {}).items()
    }
    inbound = Inbound(bool(held["defers"]), load_routing(Routing, held["handler"]))
    wrote = Wrote(bool(held[WROTE]["defers"]), int(held[WROTE]["at"])) if held.get(WROTE) else None
    return ServiceOriginal(held["sid"], held["name"], held["accountSid"], inbound, kept, wrote)
