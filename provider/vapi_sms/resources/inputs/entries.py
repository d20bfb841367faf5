"""A fleet's entries before the engine sees them: whole, in one spelling and order, of every language alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vapi_sms.core.documents import unfold
from vapi_sms.core.e164 import without_marks
from vapi_sms.core.planning.waves import Cut, count_of, in_order
from vapi_sms.core.proof.demand import Prove
from vapi_sms.resources.inputs import contradictions
from vapi_sms.resources.inputs.words import ENTRY_OPTIONS, no_option, to_camel, to_snake

Entry = Mapping[str, Any]

# What the sibling is told too: how an original is known, and what becomes of a number that is dropped.
OF_THE_ORIGINAL = ("adopt", "messagingService", "onRemove", "protect")


def merged(resource_name: str, numbers: Mapping[str, Entry], defaults: Entry) -> dict[str, dict[str, Any]]:
    """Give every entry whole, under one spelling of its number, in one order.

    Raises Contradiction for a number that is there twice, an entry that is no map, a default that no entry can have.
    """
    numbers = contradictions.as_map(resource_name, "numbers", numbers)
    defaults = contradictions.as_map(resource_name, "defaults", defaults)
    entries: dict[str, dict[str, Any]] = {}
    unknown = [no_option(name) for name in defaults if to_snake(name) not in ENTRY_OPTIONS]
    if unknown:  # told here, once; of an entry's own options check tells
        raise contradictions.Contradiction(f"{resource_name}: in defaults {'; '.join(unknown)}")
    usual = _said(defaults)
    for written, entry in numbers.items():
        key = spelled(written)
        if key in entries:
            raise contradictions.Contradiction(
                f"{resource_name}: {key} is declared twice, once as {written!r}"
            )
        if not isinstance(entry, Mapping):
            raise contradictions.Contradiction(
                f"{resource_name}: {key} must map options to values, as in {{'assistant': 'Support'}}"
            )
        entries[key] = _said({**_without_rivals(defaults, entry), **entry}) if entry else dict(usual)
    return dict(sorted(entries.items()))


def held(entries: Mapping[str, dict[str, Any]], share: Cut) -> dict[str, dict[str, Any]]:
    """Give the entries that are Vapi's while a fleet is held at a share; the others are as if they were not there."""
    first = set(in_order(entries)[: count_of(share, len(entries))])
    return {key: entry for key, entry in entries.items() if key in first}


def pace(taken: int, total: int, waves: Sequence[Cut] | None, share: Cut | None) -> dict[str, Any]:
    """Give waves and share as the engine keeps them, so that reviewers read a change in one line."""
    said: dict[str, Any] = {} if waves is None else {"waves": [str(cut) for cut in waves]}
    if share is not None:
        said["share"] = f"{share}: {taken:,} of {total:,} numbers"
    return said


def with_proof(resource_name: str, defaults: Entry, prove: Prove | None) -> Entry:
    """Let the argument stand for a default."""
    if prove is None:
        return defaults
    defaults = contradictions.as_map(resource_name, "defaults", defaults)
    if defaults.get("prove") is not None:
        raise contradictions.Contradiction(
            f"{resource_name}: prove= is in defaults too: leave one of them out"
        )
    return {**defaults, "prove": prove}


def spelled(written: object) -> str:
    """Give a number without the blanks, dots, dashes and brackets that people write; a SID stays as it is."""
    return without_marks(str(written).strip())


def _said(options: Entry) -> dict[str, Any]:
    return {to_camel(name): value for name, value in options.items() if value is not None}


def _without_rivals(defaults: Entry, entry: Entry) -> dict[str, Any]:
    """Leave out a default assistant where the entry names a squad, and the other way round."""
    attached = {"assistant", "squad"}
    own = attached & {name for name, value in entry.items() if value is not None}
    return {name: value for name, value in defaults.items() if not (own and name in attached)}


# --- what is said of them beside


def only(key: str, value: object) -> object:
    """Give of another resource's originals only this number's; whatever else it is stays as it is."""
    records = unfold(value)
    if not isinstance(records, Mapping) or not all(
        isinstance(record, Mapping) for record in records.values()
    ):
        return value
    own = {sid: record for sid, record in records.items() if key in (sid, record.get("number"))}
    # Where it is not among them, one other is enough for check to say so.
    return own or dict(list(records.items())[:1])


IMPORTED = ("assistant", "squad", "name", "smsEnabled")
"""By which options an import of ours is known."""


def dumped(said: Iterable[tuple[Any, Mapping[str, Any]]]) -> str:
    """Give, as the engine keeps it, with which options each number is imported."""
    return json.dumps({str(key): options for key, options in said}, ensure_ascii=False, sort_keys=True)
