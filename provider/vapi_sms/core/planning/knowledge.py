"""Knowledge: what a reading proves beside what we know ourselves, and whose a record of Vapi's is. Pure.

An answer may come from a cache, or from a replica that lags: what we wrote and were answered holds until a reading that
is newer says otherwise. And a number alone identifies nothing: a record of Vapi's is ours by its id; before anybody was
told that, by the account and the settings that it was to be imported with.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Protocol

from vapi_sms.core.values import Observed, Original, TwilioNumber, VapiRecord, VapiSettings


class Dated(Protocol):
    """A reading of a number or a service; both fields as TwilioNumber has them."""

    @property
    def updated(self) -> int:
        """Give when it was last changed, as it says."""

    @property
    def is_answer(self) -> bool:
        """Tell whether it answers our own write."""


def is_before(live: Dated, moment: int) -> bool:
    """Tell a reading that shows what was there before some moment at Twilio; 0 is none that is known."""
    return 0 < live.updated < moment


def is_after(live: Dated, moment: int) -> bool:
    """Tell a reading that is surely newer than a moment at Twilio, or needs not be.

    Moments there are whole seconds: a reading of the same second may be from before or after.
    """
    return not moment or live.is_answer or live.updated > moment


def is_older(live: TwilioNumber, known: Original) -> bool:
    """Tell a reading from before our last write, which says nothing of what is there now."""
    return is_before(live, known.written)


def proves(live: TwilioNumber, known: Original) -> bool:
    """Tell whether a reading is newer than all that we know, so that what it shows needs no write of ours.

    Records of 0.1 know no moments, and what a reading shows has to do.
    """
    return is_after(live, known.written or known.seen)


def shows_settings(observed: Observed, known: Original) -> bool:
    """Tell whether the settings of our record at Vapi are read, and not from before our last write there."""
    record = observed.vapi
    return record is None or record.updated >= known.written_at_vapi


def is_ours(record: VapiRecord, known: Original, declared: VapiSettings | None = None) -> bool:
    """Tell whether a record of this account is ours: the adopted one, or an import of ours.

    `declared` are the settings that a number which was never switched is declared with now.
    """
    if known.vapi is not None:
        # Where the adopted one was deleted at Vapi, what we imported in its place is ours as well.
        return record.id in (known.vapi_id, known.import_id)
    if known.import_id:
        return record.id == known.import_id
    if known.imports is None:
        return True  # recorded by 0.1, which did not say with what it would import
    return any(bears(record, meant) for meant in (known.imports, declared) if meant is not None)


def bears(record: VapiRecord, meant: VapiSettings) -> bool:
    """Tell whether a record has the settings of an import, its name, or none, too."""
    return record.settings == meant


def identified(observed: Observed, known: Original, declared: VapiSettings | None = None) -> Observed:
    """Give a reading whose record at Vapi is ours; one that is not stands among the strangers."""
    found = observed.vapi
    if found is None or is_ours(found, known, declared):
        return observed
    return replace(observed, vapi=None, strangers=(found, *observed.strangers))


def presumed(observed: Observed, known: Original, gone: Container[str] = ()) -> Observed:
    """Give a reading that shows our record even where Vapi's list does not: our import, or an adopted one we wrote to.

    Vapi told us its id. `gone` are the ids of records whose DELETE was answered.
    """
    held = known.import_id or (known.vapi_id if known.written_at_vapi else "")
    if observed.vapi is not None or not held or held in gone:
        return observed
    settings = known.imports or VapiSettings()
    return replace(observed, vapi=VapiRecord(held, known.org_id, known.number, known.account_sid, settings))
