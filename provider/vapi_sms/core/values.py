"""What is there and what is wanted: readings of both vendors, the recorded original, the declared number."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from vapi_sms.core.routing import Routing, VoiceRouting


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

    A short code is one too: its SID is an SC, its number the digits, and it has no voice routing.
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


@dataclass(frozen=True, slots=True)
class VapiRecord:
    """One reading of Vapi's phone number, without the credentials that Vapi's answers contain."""

    id: str
    org_id: str
    number: str
    account_sid: str
    settings: VapiSettings


@dataclass(frozen=True, slots=True)
class Service:
    """A Twilio Messaging Service that keeps a number's texts from its own routing."""

    sid: str
    name: str
    inbound_url: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """One reading of a number on both sides; `twilio` is None where the account has no such number."""

    twilio: TwilioNumber | None
    vapi: VapiRecord | None = None
    hidden_by: Service | None = None


class Source(StrEnum):
    """Where a record's messaging routing comes from."""

    CAPTURED = "captured"
    DECLARED = "declared"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Original:
    """The number as found on both sides before we touched it, or as declared by `restore_to`.

    `vapi_id` is empty where the number was not in Vapi; `source` LEAVE: texts stay at Vapi when we go. `found` is the
    messaging routing that was found where `restore_to` declares another, so that taking the declaration back is safe.

    The record of a route is `texts_only`: calls and Vapi were never touched, so it says nothing of them. `applied` are
    the messaging routings that a route, or an earlier `restore_to`, has declared since, the newest first: they are
    ours, and may be overwritten.
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
    texts_only: bool = False
    applied: tuple[Routing, ...] = ()


class Voice(StrEnum):
    """Who answers calls: as before, or Vapi too."""

    KEEP = "keep"
    VAPI = "vapi"


@dataclass(frozen=True, slots=True)
class Desired:
    """One declared number, resolved: ids instead of names."""

    settings: VapiSettings
    voice: Voice = Voice.KEEP

    @property
    def sms_enabled(self) -> bool:
        """Vapi answers texts."""
        return self.settings.sms_enabled


@dataclass(frozen=True, slots=True)
class Routed:
    """One declared route, of a number whose account is known: what answers texts, and SIDs that regulations want."""

    messaging: Routing
    regulatory: Regulatory = UNREGULATED


@dataclass(frozen=True, slots=True)
class VapiEndpoints:
    """The URLs that Vapi writes into Twilio, all POST. Source: seen in public code, the same for every number."""

    sms: str
    voice: str
    status: str

    @classmethod
    def at(cls, base: str) -> VapiEndpoints:
        """Give the three endpoints below a base URL such as https://api.vapi.ai."""
        return cls(
            sms=f"{base}/twilio/sms", voice=f"{base}/twilio/inbound_call", status=f"{base}/twilio/status"
        )
