"""What the engine's state holds for us, and back: records, restore_to, and the sentinel for a record still missing.

Every record carries a schema number, so that later versions can load earlier ones. Whether a record is there, a
placeholder for it, or not known yet, only this module tells.
"""

from __future__ import annotations

import functools
import json
import threading
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, fields, replace
from typing import Any, TypeVar

from vapi_sms.core.documents import unfold
from vapi_sms.core.errors import BadInput
from vapi_sms.core.planning.capture import LeaveAtVapi
from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.values import Original, Source, VapiEndpoints, VapiSettings, settings_of
from vapi_sms.resources.inputs.routing import RESTORE_TO, parse_routing
from vapi_sms.resources.inputs.unknowns import contains_unknowns
from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI, to_camel

SCHEMA = 1
TEXTS_ONLY_SCHEMA = 2
"""Of a route's record: a version that took it for a number's would put back calls and Vapi too."""
R = TypeVar("R", bound=Routing)

Props = dict[str, Any]


def dump_routing(routing: Routing) -> dict[str, str]:
    """Give a routing as the engine keeps it: what is empty, and a method that is POST, goes without saying."""
    return {
        key: value
        for name, key, unsaid in _FIELDS[type(routing)]
        if (value := getattr(routing, name)) != unsaid
    }


_UNSAID = dict.fromkeys(("method", "fallback_method", "status_callback_method"), POST)
# Of each field its name, its key in the state, and the value that goes without saying. Looked up once for thousands.
_FIELDS = {
    kind: tuple((field.name, to_camel(field.name), _UNSAID.get(field.name, "")) for field in fields(kind))
    for kind in (Routing, VoiceRouting)
}


def dump_original(original: Original) -> Props:
    """Give a record as the engine keeps it, with its schema."""
    record: Props = {
        "schema": TEXTS_ONLY_SCHEMA if original.texts_only or original.applied else SCHEMA,
        "sid": original.sid,
        "number": original.number,
        "accountSid": original.account_sid,
        "orgId": original.org_id,
        "messaging": dump_routing(original.messaging),
        "voice": dump_routing(original.voice),
        "source": str(original.source),
    }
    if original.vapi is not None:
        record |= {"vapiId": original.vapi_id, "vapi": dump_settings(original.vapi)}
    if original.found is not None:
        record["found"] = dump_routing(original.found)
    if original.found_voice is not None:
        record["foundVoice"] = dump_routing(original.found_voice)
    if original.texts_only:
        record["textsOnly"] = True
    if original.applied:
        record["applied"] = [dump_routing(routing) for routing in original.applied]
    return record | _dump_known(original)


def _dump_known(original: Original) -> Props:
    """Give what is known beside what was found, as few values: each costs the engine something for every number."""
    known: Props = {
        "imports": original.imports and _dump_imports(original.imports),
        IMPORT_ID: original.import_id,
        "seen": original.seen,
        WRITTEN: original.written,
        WRITTEN_AT_VAPI: original.written_at_vapi,
        AT_VAPI: original.at_vapi and [*astuple(original.at_vapi)],
    }
    return {key: value for key, value in known.items() if value}


@functools.lru_cache  # numbers of one assistant have the same
def _dump_imports(imports: VapiSettings) -> str:
    said = [imports.assistant_id, imports.squad_id, imports.sms_enabled, imports.name]
    return json.dumps(said, ensure_ascii=False)


IMPORT_ID, WRITTEN, WRITTEN_AT_VAPI, AT_VAPI = "importId", "written", "writtenAtVapi", "atVapi"
_SINCE = (IMPORT_ID, WRITTEN, WRITTEN_AT_VAPI, AT_VAPI)
"""What a resource's own outputs add to a record after a switch; the record's own resource never has it."""


def as_recorded(records: Mapping[str, Any]) -> Props:
    """Give records, as the engine keeps them, without what a switch added, so that they compare."""
    return {
        sid: {key: value for key, value in record.items() if key not in _SINCE}
        if isinstance(record, Mapping)
        else record
        for sid, record in records.items()
    }


def dump_settings(settings: VapiSettings) -> Props:
    """Give Vapi's settings as the engine keeps them."""
    return {to_camel(field.name): getattr(settings, field.name) for field in fields(settings)}


def load_original(record: Mapping[str, Any]) -> Original:
    """Read a record that `dump_original` wrote; raises BadInput where it is of a newer version of this package."""
    if int(record.get("schema", 0)) > TEXTS_ONLY_SCHEMA:
        raise BadInput(
            str(record.get("number")),
            "the recorded original was written by a newer vapi-sms: install that version",
        )
    vapi = record.get("vapi")
    return Original(
        sid=record["sid"],
        number=record["number"],
        account_sid=record["accountSid"],
        org_id=record.get("orgId", ""),
        messaging=load_routing(Routing, record["messaging"]),
        voice=load_routing(VoiceRouting, record["voice"]),
        vapi_id=record.get("vapiId", ""),
        vapi=None if vapi is None else _load_settings(vapi),
        source=Source(record.get("source", Source.CAPTURED)),
        found=None if record.get("found") is None else load_routing(Routing, record["found"]),
        found_voice=_load_voice(record.get("foundVoice")),
        texts_only=bool(record.get("textsOnly", False)),
        applied=tuple(load_routing(Routing, routing) for routing in record.get("applied", ())),
        imports=_load_imports(record.get("imports")),
        import_id=record.get(IMPORT_ID, ""),
        seen=int(record.get("seen", 0)),
        written=int(record.get(WRITTEN, 0)),
        written_at_vapi=record.get(WRITTEN_AT_VAPI, ""),
        at_vapi=VapiEndpoints(*record[AT_VAPI]) if record.get(AT_VAPI) else None,
    )


def _load_voice(values: Mapping[str, Any] | None) -> VoiceRouting | None:
    return None if values is None else load_routing(VoiceRouting, values)


@functools.lru_cache
def _load_imports(said: str | None) -> VapiSettings | None:
    if not said:
        return None
    assistant_id, squad_id, sms_enabled, name = json.loads(said)
    return settings_of(assistant_id, squad_id, name, sms_enabled=sms_enabled)


def load_originals(held: object) -> dict[str, Original]:
    """Read all records by PN SID; a placeholder, an unknown or nothing holds none."""
    if not isinstance(held, Mapping):
        return {}
    return {sid: load_original(record) for sid, record in held.items()}


def load_restore_to(subject: str, value: object) -> Routing | LeaveAtVapi | dict[str, Original] | None:
    """Read what a program wrote as `restore_to`; raises BadInput that shows no value, since URLs carry secrets."""
    if value is None:
        return None
    value = unfold(value)
    if value == LEAVE_AT_VAPI:
        return LeaveAtVapi()
    if not (isinstance(value, Mapping) and value and _are_records(value)):
        return parse_routing(subject, RESTORE_TO, value)
    try:
        return load_originals(value)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadInput(subject, f"restore_to is malformed: {RESTORE_TO.ways}") from None


def _are_records(value: Mapping[str, Any]) -> bool:
    return all(isinstance(entry, Mapping) and "messaging" in entry for entry in value.values())


def load_routing(kind: type[R], values: Mapping[str, Any]) -> R:
    """Read a routing that `dump_routing` wrote."""
    return kind(*(values.get(key, unsaid) for _, key, unsaid in _FIELDS[kind]))


def _load_settings(values: Mapping[str, Any]) -> VapiSettings:
    return VapiSettings(
        assistant_id=values.get("assistantId", ""),
        squad_id=values.get("squadId", ""),
        workflow_id=values.get("workflowId", ""),
        sms_enabled=bool(values.get("smsEnabled", True)),
        name=values.get("name", ""),
    )


@dataclass(frozen=True, slots=True)
class Records:
    """The originals that a resource holds, by PN SID, and by whatever a number may be declared by.

    A number that was bought again has two records until the first is let go: `by_number` has all of them.

    `are_known` is False while an output is awaited; `are_there` is False for that and for a placeholder, which must
    never be taken for a record.
    """

    by_sid: Mapping[str, Original]
    by_key: Mapping[str, Original]
    by_number: Mapping[str, tuple[Original, ...]]
    are_known: bool
    are_there: bool

    def cover(self, keys: Iterable[str]) -> bool:
        """Tell whether all of these numbers, each by E.164 form or SID, are recorded."""
        return self.are_there and all(key in self.by_key for key in keys)

    def sid_of(self, key: str) -> str:
        """Give the SID of a number as far as it is recorded, else what it is declared by: one name a number."""
        record = self.by_key.get(key)
        return record.sid if record else key


def records_of(held: object) -> Records:
    """Read a resource's `original` or `originals`; raises BadInput for a record of a newer version."""
    with _lock:
        known = next((records for each, records in _read if each is held), None)
    if known is not None:
        return known
    if are_there(held):
        return _kept(held, load_originals(held))
    return Records({}, {}, {}, are_known=not contains_unknowns(held), are_there=False)


def dump_originals(originals: Iterable[Original]) -> Props:
    """Give records as the engine keeps them, by PN SID; whoever reads that very map is given these."""
    by_sid = {original.sid: original for original in originals}
    held = {sid: dump_original(original) for sid, original in by_sid.items()}
    _kept(held, by_sid)
    return held


def _kept(held: object, by_sid: dict[str, Original]) -> Records:
    by_number: dict[str, tuple[Original, ...]] = {}
    for record in by_sid.values():
        by_number[record.number] = (*by_number.get(record.number, ()), record)
    records = Records(by_sid, by_key(by_sid), by_number, are_known=True, are_there=True)
    with _lock:
        _read.append((held, records))
    return records


# What was read or written last, by the very map: of thousands of numbers each step of a run asks for the same again.
_read: deque[tuple[object, Records]] = deque(maxlen=8)
_lock = threading.Lock()


def are_there(held: object) -> bool:
    """Tell records from a placeholder and from what is not known yet, without reading them."""
    with _lock:
        known = next((records for each, records in _read if each is held), None)
    if known is not None:
        return known.are_there
    return isinstance(held, Mapping) and not contains_unknowns(held)


def with_own(held: object, before: object, keys: Collection[str]) -> object:
    """Give `original` as the sibling has it, with what the resource's own state holds of declared numbers beside.

    A sibling that was renamed in the state, or taken out of it, by hand, is made anew, and cannot capture a number that
    is at Vapi: then the resource that declares it goes on remembering.
    """
    if not (
        isinstance(held, Mapping) and isinstance(before, Mapping) and are_there(held) and are_there(before)
    ):
        return held
    theirs = records_of(held)
    own = {
        sid: before[sid]
        for sid, record in records_of(before).by_sid.items()
        if (record.number in keys or sid in keys) and not theirs.cover([record.number])
    }
    return {**held, **own}


def by_key(records: Mapping[str, Original]) -> dict[str, Original]:
    """Index records by what a number may be declared by: its SID or its E.164 form.

    A number that was bought again has two records until the first is let go: it is the later one's. Moments at Twilio
    are whole seconds: of one, what was recorded later counts; the order of records, which is the engine's, never does.
    """
    in_turn = sorted(records.values(), key=_age)
    return {**records, **{record.number: record for record in in_turn}}


def _age(record: Original) -> tuple[int, int, str]:
    return max(record.written, record.seen), record.seen, record.sid


def knowing(record: Original, before: Original | None) -> Original:
    """Add to a record what a resource's own outputs know since."""
    if before is None or not before.written:
        return record  # those of 0.1 know nothing
    return replace(
        record,
        import_id=before.import_id,
        written=before.written,
        written_at_vapi=before.written_at_vapi,
        at_vapi=before.at_vapi,
    )
