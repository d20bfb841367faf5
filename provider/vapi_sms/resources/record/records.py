"""Records as the engine holds them: there, a placeholder for them, or not known yet. Only this module tells which."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from pulumi.output import contains_unknowns

from vapi_sms.core.values import Original
from vapi_sms.resources.record.state import load_originals


@dataclass(frozen=True, slots=True)
class Records:
    """The originals that a resource holds, by PN SID, and by whatever a number may be declared by.

    `are_known` is False while an output is awaited; `are_there` is False for that and for a placeholder, which must
    never be taken for a record.
    """

    by_sid: Mapping[str, Original]
    by_key: Mapping[str, Original]
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
    there = are_there(held)
    by_sid = load_originals(held) if there else {}
    return Records(by_sid, by_key(by_sid), there or not contains_unknowns(held), there)


def are_there(held: object) -> bool:
    """Tell records from a placeholder and from what is not known yet, without reading them."""
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
        if {record.number, sid}.intersection(keys) and not theirs.cover([record.number])
    }
    return {**held, **own}


def by_key(records: Mapping[str, Original]) -> dict[str, Original]:
    """Index records by what a number may be declared by: its SID or its E.164 form.

    A number that was bought again has two records until the first is let go: it is the later one's.
    """
    in_turn = sorted(records.values(), key=lambda record: max(record.written, record.seen))
    return {**records, **{record.number: record for record in in_turn}}


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
