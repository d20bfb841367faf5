"""What is there and what is wanted: readings of both vendors, the recorded original, the declared number."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, fields
from enum import StrEnum

from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.routings.vapi_urls import CALLS_PATH, STATUS_PATH, TEXTS_PATH


@dataclass(frozen=True, slots=True)
class Regulatory:
    """The SIDs that a number's regulations may ask for: who uses it (RI), where (AD), by which documents (BU)."""

    identity_sid: str = ""
    address_sid: str = ""
    bundle_sid: str = ""

    def given(self) -> dict[str, str]:
        """Give those that are not empty, by name."""
        return {field.name: sid for field in fields(self) if (sid := getattr(self, field.name))}


UNREGULATED = Regulatory()
"""No SID declared."""


@dataclass(frozen=True, slots=True)
class TwilioNumber:
    """One reading of Twilio's IncomingPhoneNumber: identity, both routings, and what its regulations ask for.

    A short code is one too: its SID is an SC, its number the digits, and it has no voice routing. `updated` is when it
    was last changed, by Twilio's clock and in whole seconds since 1970; 0 where that cannot be told. `is_answer`: it
    was answered to a write of ours, so that no cache and no replica stands between.
    """

    sid: str
    account_sid: str
    number: str
    messaging: Routing
    voice: VoiceRouting
    can_sms: bool = True
    friendly_name: str = ""
    identity_sid: str = ""
    address_sid: str = ""
    bundle_sid: str = ""
    updated: int = field(default=0, compare=False)
    is_answer: bool = field(default=False, compare=False)

    @property
    def is_short_code(self) -> bool:
        """It is a short code, which has fewer fields at Twilio."""
        return self.sid.startswith("SC")

    @property
    def regulatory(self) -> Regulatory:
        """The regulatory SIDs that it has."""
        return Regulatory(self.identity_sid, self.address_sid, self.bundle_sid)


@dataclass(frozen=True, slots=True)
class VapiSettings:
    """What we manage on a Vapi phone number; ids are UUIDs, empty means not attached."""

    assistant_id: str = ""
    squad_id: str = ""
    workflow_id: str = ""
    sms_enabled: bool = True
    name: str = ""


@functools.lru_cache
def settings_of(assistant_id: str, squad_id: str, name: str, *, sms_enabled: bool) -> VapiSettings:
    """Give the settings that somebody declares: the very same for all numbers of one assistant, which are thousands."""
    return VapiSettings(assistant_id, squad_id, sms_enabled=sms_enabled, name=name)


TWILIO = "twilio"
"""Vapi's word for numbers that were imported from Twilio."""


@dataclass(frozen=True, slots=True)
class VapiRecord:
    """One reading of Vapi's phone number, without the credentials that Vapi's answers contain.

    Numbers of other providers, and old ones, may have no `account_sid`. `updated` is when it was last changed, by
    Vapi's clock, in ISO 8601 with milliseconds; empty where that cannot be told. `uses_key`: Vapi shows that it reaches
    Twilio by an API key, and has no auth token, which it would prefer. `is_blocked`: Vapi says that it has blocked it.
    """

    id: str
    org_id: str
    number: str
    account_sid: str
    settings: VapiSettings
    provider: str = TWILIO
    updated: str = field(default="", compare=False)
    uses_key: bool = field(default=False, compare=False)
    is_blocked: bool = field(default=False, compare=False)

    @property
    def origin(self) -> str:
        """Say whose number it is for Vapi: of a Twilio account, of another provider, or neither, as old records are."""
        if self.provider != TWILIO:
            return f"of provider {self.provider}" if self.provider else "an old import that names no provider"
        return (
            f"of Twilio account {self.account_sid}"
            if self.account_sid
            else "bought at Vapi, of no Twilio account"
        )


@dataclass(frozen=True, slots=True)
class Service:
    """A Twilio Messaging Service that keeps a number's texts from its own routing.

    `unread` says why nobody can tell whether it does.
    """

    sid: str
    name: str
    inbound_url: str = ""
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """One reading of a number on both sides; `twilio` is None where the account has no such number.

    `vapi` is the org's record of the number on this account. `strangers` are what else the org has of it: records of
    another Twilio account or provider, and, once it was judged, one of this account that is not ours.
    """

    twilio: TwilioNumber | None
    vapi: VapiRecord | None = None
    hidden_by: Service | None = None
    strangers: tuple[VapiRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class VapiEndpoints:
    """The URLs that Vapi writes into Twilio, all POST. Source: seen in public code, the same for every number."""

    sms: str
    voice: str
    status: str

    @classmethod
    def at(cls, base: str) -> VapiEndpoints:
        """Give the three endpoints below a base URL such as https://api.vapi.ai."""
        return cls(sms=f"{base}{TEXTS_PATH}", voice=f"{base}{CALLS_PATH}", status=f"{base}{STATUS_PATH}")


class Source(StrEnum):
    """Where a record's messaging routing comes from."""

    CAPTURED = "captured"
    DECLARED = "declared"
    LEAVE = "leave"


NEVER = 1
"""As `written`: we know that we wrote nothing. Any moment at Twilio is later."""


@dataclass(frozen=True, slots=True)
class Original:
    """The number as found on both sides before we touched it, or as declared by `restore_to`.

    `vapi_id` is empty where the number was not in Vapi; `source` LEAVE: texts stay at Vapi when we go. `found` is the
    messaging routing that was found where `restore_to` declares another, so that taking the declaration back is safe;
    `found_voice` is that of calls, where `restore_calls_to` does.

    The record of a route is `texts_only`: calls and Vapi were never touched, so it says nothing of them. `applied` are
    the messaging routings that a route, or an earlier `restore_to`, has declared since, the newest first: they are
    ours, and may be overwritten.

    The rest is what we know since, as far as we know it: `imports` are the settings that the number is to be imported
    with, by which an import of ours is known whose id nobody was told; `import_id` is that id; `seen` is the number's
    `updated` when it was recorded, and `written` after our last write, or NEVER; `written_at_vapi` is the `updated` of
    our record at Vapi then. `at_vapi` is where Vapi was seen to answer the number, if not where it usually does.
    """

    sid: str
    number: str
    account_sid: str
    org_id: str
    messaging: Routing
    voice: VoiceRouting
    vapi_id: str = ""
    vapi: VapiSettings | None = None
    source: Source = Source.CAPTURED
    found: Routing | None = None
    found_voice: VoiceRouting | None = None
    texts_only: bool = False
    applied: tuple[Routing, ...] = ()
    imports: VapiSettings | None = None
    import_id: str = field(default="", compare=False)
    seen: int = field(default=0, compare=False)
    written: int = field(default=0, compare=False)
    written_at_vapi: str = field(default="", compare=False)
    at_vapi: VapiEndpoints | None = field(default=None, compare=False)


class Voice(StrEnum):
    """Who answers calls: as before, or Vapi too."""

    KEEP = "keep"
    VAPI = "vapi"


class Fallback(StrEnum):
    """Who answers texts where Vapi fails, unless a handler is named: whoever it was, or the original."""

    KEEP = "keep"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Desired:
    """One declared number, resolved: ids instead of names."""

    settings: VapiSettings
    voice: Voice = Voice.KEEP
    fallback: Fallback | Routing = Fallback.KEEP

    @property
    def sms_enabled(self) -> bool:
        """Vapi answers texts."""
        return self.settings.sms_enabled

    @property
    def declares_fallback(self) -> bool:
        """Vapi answers texts, and somebody is named for where it fails."""
        return self.sms_enabled and self.fallback is not Fallback.KEEP


@dataclass(frozen=True, slots=True)
class Routed:
    """One declared route, of a number whose account is known: what answers texts, and SIDs that regulations want."""

    messaging: Routing
    regulatory: Regulatory = UNREGULATED
