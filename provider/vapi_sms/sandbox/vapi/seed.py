"""What a seed may say of Vapi's side: organisations, assistants, squads, phone numbers."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from vapi_sms.sandbox.behaviour import MOST_AGO, Strict
from vapi_sms.sandbox.twilio.seed import E164, AccountSid

Provider = Literal["twilio", "vapi", "telnyx", "vonage", "byo-phone-number"]
_NAME_LIMIT = 40


class AssistantSeed(Strict):
    """A Vapi assistant."""

    id: str
    """Its id, a UUID at Vapi."""
    name: str | None = Field(default=None, max_length=_NAME_LIMIT)
    """Its name; several may have the same."""
    first_message: str | None = None
    """What it says first; only shown."""


class SquadSeed(Strict):
    """A Vapi squad: several assistants that answer as one."""

    id: str
    """Its id, a UUID at Vapi."""
    name: str | None = None
    """Its name."""
    members: tuple[str, ...] = ()
    """Ids of assistants; left out: all of the organisation's."""


class VapiNumberSeed(Strict):
    """A number that is in Vapi from the start; seeding it writes nothing at Twilio.

    Old ones exist: a number bought at Vapi until 2024 is `provider: twilio` without an account, an import of
    early 2024 has no provider (null here).
    """

    id: str
    """Its id, a UUID at Vapi."""
    number: E164
    """The number, in quotes: "+14155550100"."""
    provider: Provider | None = "twilio"
    """Where it was imported from; null: a record that does not say, as those of early 2024."""
    twilio_account_sid: AccountSid | None = None
    """The Twilio account that it was imported from; left out: a number that was bought at Vapi until 2024."""
    twilio_auth_token: str | None = None
    """The account's auth token that Vapi was given."""
    credential_id: str | None = None
    """Vapi's credential, for numbers of other providers than Twilio."""
    name: str | None = Field(default=None, max_length=_NAME_LIMIT)
    """What Vapi's dashboard shows."""
    status: Literal["active", "activating", "blocked"] = "active"
    """How it stands at Vapi."""
    sms_enabled: bool | None = True
    """Whether Vapi answers texts; null counts as true."""
    assistant_id: str | None = None
    """The assistant that answers."""
    squad_id: str | None = None
    """The squad that answers where there is no assistant."""

    @model_validator(mode="after")
    def _of_one_provider(self) -> Self:
        if self.provider not in ("twilio", None) and (self.twilio_account_sid or self.twilio_auth_token):
            raise ValueError(f"a number of provider {self.provider} has nothing of Twilio's")
        return self


class SessionSeed(Strict):
    """A session that a customer had with a number before, and its chats."""

    id: str | None = None
    """Its id; left out: any."""
    phone_number_id: str
    """Vapi's id of the number."""
    customer: E164
    """The customer's number, in quotes."""
    assistant_id: str | None = None
    """The assistant that answered."""
    squad_id: str | None = None
    """Or the squad."""
    chats: int = Field(default=1, ge=0, le=1000)
    """How many texts were answered in it."""
    seconds_ago: float = Field(default=60, ge=0, le=MOST_AGO)
    """How long before the sandbox's start all of that was."""


class OrgSeed(Strict):
    """A Vapi organisation with one private key."""

    id: str
    """Its id, a UUID at Vapi."""
    name: str = "Org"
    """Its name; only shown in the sandbox's state."""
    api_key: str = Field(min_length=1)
    """Its private key: whoever has it is this organisation."""
    assistants: tuple[AssistantSeed, ...] = ()
    """Its assistants, oldest first."""
    squads: tuple[SquadSeed, ...] = ()
    """Its squads."""
    phone_numbers: tuple[VapiNumberSeed, ...] = ()
    """The numbers that it has already."""
    sessions: tuple[SessionSeed, ...] = ()
    """What was answered before."""
