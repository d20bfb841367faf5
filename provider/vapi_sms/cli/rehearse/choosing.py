"""Choosing: whether a number may be rehearsed on, and with which assistant; every refusal comes before any write."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.inert import redacted_url
from vapi_sms.core.numbers import country_of
from vapi_sms.core.planning.capture import not_on_account
from vapi_sms.core.planning.goals import snapshot
from vapi_sms.core.routings.describe import handler_line
from vapi_sms.core.routings.handlers import Kind, classify, is_vapis
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Observed, Original, TwilioNumber
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.survey import read_pools
from vapi_sms.live.vapi.client import Named
from vapi_sms.live.vendors import Vendors


@dataclass(frozen=True, slots=True)
class Spare:
    """A number that may be rehearsed on, as found, and who is attached to it at Vapi meanwhile."""

    observed: Observed
    original: Original
    assistant: Named


def choose(vendors: Vendors, key: str, assistant: str | None, *, it_is_spare: bool) -> Spare:
    """Read a number, and refuse what is in use, what Vapi does not answer, and what could not be put back."""
    observed = vendors.observer.observe([key])[key]
    twilio = observed.twilio
    if twilio is None:
        raise NothingToTell(not_on_account(key))
    _refuse_unfit(twilio)
    _refuse_known(observed, twilio.number)
    _refuse_used(vendors, twilio, it_is_spare=it_is_spare)
    named = _assistant(vendors, assistant)
    return Spare(observed, _recorded(observed, vendors.org_id() or named.org_id), named)


def refuse_unknown_sid(sid: str, prefix: str, option: str) -> None:
    """Raise NothingToTell where an option's SID is none."""
    if sid and not re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", sid):
        raise NothingToTell(f"{option} is {sid!r}: write {prefix} and 32 hex digits")


def refuse_missing_application(vendors: Vendors, sid: str) -> None:
    """Raise NothingToTell where the account has no such TwiML App."""
    if sid and sid not in vendors.applications([sid]):
        raise NothingToTell(f"{sid} is no TwiML App of this account: name one of its own with --application")


def refuse_secrets(original: Original) -> None:
    """Raise NothingToTell where a backup without secrets could not put the number back."""
    routings = (original.messaging, original.voice)
    urls = [url for routing in routings for url in (routing.url, routing.fallback_url)]
    urls.append(original.voice.status_callback)
    if any(redacted_url(url) != url for url in urls):
        raise NothingToTell(
            f"a URL of {original.number} holds a password or query values, without which it cannot be put back: leave "
            "out --without-secrets, and give a passphrase"
        )


def _refuse_unfit(twilio: TwilioNumber) -> None:
    country = country_of(twilio.number)
    if country != "US":
        raise NothingToTell(
            f"{twilio.number} is a number of {country or 'an unknown country'}, and Vapi answers texts of US numbers "
            "only: name a US number"
        )
    if not twilio.can_sms:
        raise NothingToTell(
            f"{twilio.number} cannot receive texts (Twilio shows no SMS capability): name another"
        )


def _refuse_known(observed: Observed, number: str) -> None:
    known = observed.vapi or next(iter(observed.strangers), None)
    if known is not None:
        raise NothingToTell(
            f"Vapi has {number} already ({known.id}), and a rehearsal would delete it there: name a number that Vapi "
            "does not know"
        )


def _refuse_used(vendors: Vendors, twilio: TwilioNumber, *, it_is_spare: bool) -> None:
    pools = read_pools(vendors.twilio, Nobody())
    service = pools.services.get(twilio.sid) or pools.doubt(twilio)
    if service:
        raise NothingToTell(
            f"{twilio.number} is in {service}, so it is in use: name a number that is in no Messaging Service"
        )
    channels: tuple[tuple[str, Routing | VoiceRouting], ...] = (
        ("texts", twilio.messaging),
        ("calls", twilio.voice),
    )
    for what, routing in channels:
        if is_vapis(routing):
            raise NothingToTell(
                f"{what} to {twilio.number} go to Vapi, which may be another org's: empty that in Twilio's Console, or "
                "name another number"
            )
        if not it_is_spare and classify(routing).kind not in (Kind.NOTHING, Kind.DEMO):
            raise NothingToTell(
                f"{what} to {twilio.number} are answered by {handler_line(routing)}, so it is in use: name a number "
                "that nobody needs, or say --it-is-spare"
            )
    address = vendors.conversations.addresses().by_number.get(twilio.number)
    if address is not None and not it_is_spare:
        raise NothingToTell(
            f"{twilio.number} has {address}, so it is in use: name a number that nobody needs, or say --it-is-spare"
        )


def _assistant(vendors: Vendors, wanted: str | None) -> Named:
    if wanted is not None:
        return vendors.names.assistants.resolve("--assistant", wanted)
    found = vendors.vapi.list_assistants()
    if len(found) != 1:
        raise NothingToTell(
            f"this Vapi org has {len(found) or 'no'} assistants: name the one to attach with --assistant"
            if found
            else "this Vapi org has no assistant to attach: create any there"
        )
    return found[0]


def _recorded(observed: Observed, org_id: str) -> Original:
    record = snapshot(observed)
    return Original(record.sid, record.number, record.account_sid, org_id, record.messaging, record.voice)
