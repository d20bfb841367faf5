"""A fleet's entries: from the property bag that maps numbers to options to members, and back to what people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vapi_sms.core.errors import BadInput, ProviderError
from vapi_sms.core.values import Original
from vapi_sms.resources.inputs.number import KEY_AT_VAPI, without_computed
from vapi_sms.resources.inputs.words import no_option
from vapi_sms.resources.record.members import Member
from vapi_sms.resources.record.state import records_of

Props = dict[str, Any]

PACE = ("waves", "share")
"""How many numbers at a time, and how many at all."""
BESIDE = ("owner", "formerOwners", "original", *PACE)
_DROPPING = ("onRemove", "protect")  # what becomes of an entry that is dropped: no matter of switching
# What is the same for all, or too much for each, or beside the inputs.
_HIDDEN = frozenset(
    {
        "number",
        "twilioSid",
        "accountSid",
        "orgId",
        "originalSummary",
        "drift",
        "vapiId",
        "routing",
        KEY_AT_VAPI,
    }
)


def given(props: Props) -> Props:
    """Give what the program itself wrote."""
    numbers = props.get("numbers")
    if isinstance(numbers, Mapping):
        numbers = {
            key: without_computed(entry) if isinstance(entry, Mapping) else entry
            for key, entry in numbers.items()
        }
    return {"numbers": numbers, **{key: props[key] for key in BESIDE if key in props}}


def members(olds: Props, props: Props) -> dict[str, Member]:
    """Take each entry as a declared number; what is known of it by its record is added.

    They come in the order of their keys: the engine hands them over in any.
    """
    numbers = props.get("numbers")
    if not isinstance(numbers, Mapping):
        raise BadInput("numbers", "numbers must map a number, or its SID, to its options")
    records, old_records = records_of(props.get("original")), records_of(olds.get("original"))
    # By SID: an entry may be written by the number's E.164 form now, and by its SID then.
    before = {old_records.sid_of(key): entry for key, entry in olds.get("numbers", {}).items()}
    found = {}
    for key, entry in sorted(numbers.items()):
        if not isinstance(entry, Mapping):
            raise BadInput(key, f"{key} must be a map of options")
        record = old_records.by_key.get(key)
        old = before.get(record.sid) if record else None
        if misplaced := _KEY_NAMES & entry.keys():
            raise BadInput(key, f"{key}: {no_option(min(misplaced))}")
        found[key] = Member(
            {**old, **_identity(record, olds)} if old is not None and record else {},
            {**{name: value for name, value in entry.items() if name not in _DROPPING}, _key_name(key): key},
            records,
            old_records,
            str(props.get("owner", "")),
        )
    return found


def shown(props: Props, key: str, inputs: Mapping[str, Any]) -> Props:
    """Give an entry as the engine shows and keeps it: as written, with the few things that people should read."""
    visible = {name: value for name, value in inputs.items() if name not in _HIDDEN and value != ""}
    entry = props["numbers"][key]
    return visible | {name: entry[name] for name in _DROPPING if name in entry}


def leaves(props: Props, record: Original) -> bool:
    """Tell whether a number stays at Vapi when it is dropped."""
    numbers = props.get("numbers", {})
    return bool(numbers.get(record.number, numbers.get(record.sid, {})).get("onRemove") == "leave")


def named(troubles: Mapping[str, ProviderError]) -> dict[str, str]:
    """Give what people read of each trouble, the number named where the text does not."""
    texts = {key: str(trouble) for key, trouble in troubles.items()}
    return {key: text if key in text else f"{key}: {text}" for key, text in texts.items()}


def _identity(record: Original, olds: Props) -> Props:
    return {
        "number": record.number,
        "twilioSid": record.sid,
        "accountSid": record.account_sid,
        "orgId": olds.get("orgId"),
        KEY_AT_VAPI: olds.get(KEY_AT_VAPI),
    }


_KEY_NAMES = frozenset({"number", "twilioSid"})


def _key_name(key: str) -> str:
    return "twilioSid" if key.startswith(("PN", "SC")) else "number"
