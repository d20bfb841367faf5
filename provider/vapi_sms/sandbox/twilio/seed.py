"""What a seed may say of Twilio's side: accounts, numbers, Messaging Services, and what belongs to them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from vapi_sms.sandbox.behaviour import Strict
from vapi_sms.sandbox.twilio.traffic.seed import AlertSeed, ConfigurationSeed, MessageSeed


def _sid(prefix: str) -> Any:  # noqa: ANN401 - pydantic reads it as a Field
    return Field(pattern=rf"^{prefix}[0-9a-fA-F]{{32}}$")


AccountSid = Annotated[str, _sid("AC")]
NumberSid = Annotated[str, _sid("PN")]
ApplicationSid = Annotated[str, _sid("AP")]
ServiceSid = Annotated[str, _sid("MG")]
KeySid = Annotated[str, _sid("SK")]
E164 = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
Method = Literal["GET", "POST"]


class Capabilities(Strict):
    """What a number can do."""

    voice: bool = True
    """Calls."""
    sms: bool = True
    """Texts."""
    mms: bool = True
    """Pictures."""
    fax: bool = False
    """Faxes."""


class Requires(Strict):
    """What regulation asks of every change of this routing; the number holds it unless told otherwise."""

    address_sid: str | None = None
    """An AD SID that has to come along."""
    identity_sid: str | None = None
    """An RI SID that has to come along."""
    bundle_sid: str | None = None
    """A BU SID that has to come along."""


class NumberRange(Strict):
    """Many numbers in a row; `{number}` in their texts becomes the digits of each."""

    first: E164 = Field(alias="from")
    """The first number, in quotes."""
    count: int = Field(ge=1, le=100_000)
    """How many."""


class NumberSeed(Strict):
    """A Twilio number, or a range of them; fields left out are as Twilio leaves them."""

    phone_number: E164 | None = None
    """The number, in quotes: "+14155550100"."""
    range: NumberRange | None = None
    """Or many numbers in a row."""
    sid: NumberSid | None = None
    """Its PN SID; left out: one that is always the same for this number."""
    capabilities: Capabilities | None = Capabilities()
    """What it can do; null: Twilio does not say."""
    requires: Requires = Requires()
    """What regulation asks of its changes."""
    friendly_name: str | None = None
    """Its name in the Console; left out: the number as people write it."""
    origin: Literal["twilio", "hosted"] = "twilio"
    """Whether Twilio or somebody else hosts it."""
    beta: bool = False
    """Whether it is new to Twilio's platform."""
    sms_url: str | None = None
    """Who is asked about a text."""
    sms_method: Method | None = None
    """How that is asked."""
    sms_fallback_url: str | None = None
    """Who is asked when that fails."""
    sms_fallback_method: Method | None = None
    """How that is asked."""
    sms_application_sid: str | None = None
    """A TwiML App that is asked instead of the URLs."""
    voice_url: str | None = None
    """Who is asked about a call; kept, never called."""
    voice_method: Method | None = None
    """How that is asked."""
    voice_fallback_url: str | None = None
    """Who is asked when that fails."""
    voice_fallback_method: Method | None = None
    """How that is asked."""
    voice_application_sid: str | None = None
    """A TwiML App that is asked instead."""
    voice_caller_id_lookup: bool = False
    """Whether callers' names are looked up."""
    voice_receive_mode: Literal["voice", "fax"] = "voice"
    """Calls or faxes."""
    status_callback: str | None = None
    """Who hears how calls went."""
    status_callback_method: Method | None = None
    """How that is told."""
    trunk_sid: str | None = None
    """A SIP trunk that takes its calls."""
    address_sid: str | None = None
    """The address that it holds."""
    identity_sid: str | None = None
    """The identity that it holds."""
    bundle_sid: str | None = None
    """The regulatory bundle that it holds."""
    address_requirements: Literal["none", "any", "local", "foreign"] = "none"
    """What address Twilio wants of its owner."""

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        if (self.phone_number is None) == (self.range is None):
            raise ValueError("give either phone_number or range")
        if self.range is not None and self.sid is not None:
            raise ValueError("a range has no sid of its own: its numbers' SIDs are derived")
        return self


class ShortCodeSeed(Strict):
    """A short code: a number of five or six digits, for texts only."""

    sid: Annotated[str, _sid("SC")]
    """Its SC SID."""
    short_code: str = Field(pattern=r"^[0-9]{5,6}$")
    """Its digits, in quotes."""
    friendly_name: str | None = None
    """Its name in the Console."""
    sms_url: str = ""
    """Who is asked about a text."""
    sms_method: Method = "POST"
    """How that is asked."""
    sms_fallback_url: str = ""
    """Who is asked when that fails."""
    sms_fallback_method: Method = "POST"
    """How that is asked."""


class CampaignSeed(Strict):
    """A 10DLC campaign of a Messaging Service: whether its numbers may reply to US carriers."""

    sid: Annotated[str, _sid("QE")]
    """Its QE SID."""
    brand: Annotated[str, _sid("BN")]
    """The brand's BN SID."""
    status: str = "VERIFIED"
    """What the registry says of it."""
    mock: bool = False
    """Whether it is for tests only."""


class BrandSeed(Strict):
    """A 10DLC brand."""

    sid: Annotated[str, _sid("BN")]
    """Its BN SID."""
    status: Literal[
        "PENDING", "APPROVED", "FAILED", "IN_REVIEW", "DELETION_PENDING", "DELETION_FAILED", "SUSPENDED"
    ] = "APPROVED"
    """What the registry says of it."""
    mock: bool = False
    """Whether it is for tests only."""


class TollfreeSeed(Strict):
    """The verification of a toll-free number."""

    sid: Annotated[str, _sid("HH")]
    """Its HH SID."""
    number: E164
    """The toll-free number, in quotes."""
    status: Literal["PENDING_REVIEW", "IN_REVIEW", "TWILIO_APPROVED", "TWILIO_REJECTED"] = "TWILIO_APPROVED"
    """What Twilio says of it."""


class AutoCreationSeed(Strict):
    """Whether an address starts conversations, and who takes part in them; what is null is not shown."""

    enabled: bool = True
    """Whether a text starts a conversation."""
    type: Literal["webhook", "studio", "default"] = "default"
    """Who takes part in it."""
    conversation_service_sid: Annotated[str, _sid("IS")] | None = None
    """The Conversations service that it is in."""
    webhook_url: str | None = None
    """Who is told."""
    webhook_method: Method | None = None
    """How that is told."""
    webhook_filters: tuple[str, ...] | None = None
    """Of which events that is told."""
    studio_flow_sid: Annotated[str, _sid("FW")] | None = None
    """The Studio Flow that takes part."""
    studio_retry_count: int | None = None
    """How often that is tried."""


class AddressSeed(Strict):
    """An address of Conversations or Flex: a number, a short code, or another channel's."""

    sid: Annotated[str, _sid("IG")]
    """Its IG SID."""
    address: str = Field(min_length=1)
    """A number, a short code, or another channel's address."""
    type: Literal["sms", "whatsapp", "messenger", "gbm", "email", "rcs", "apple", "chat"] = "sms"
    """Its channel."""
    friendly_name: str | None = None
    """Its name."""
    address_country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    """Its country, for short codes."""
    auto_creation: AutoCreationSeed = AutoCreationSeed()
    """Whether it starts conversations."""


class ApplicationSeed(Strict):
    """A TwiML App."""

    sid: ApplicationSid
    """Its AP SID."""
    friendly_name: str = "App"
    """Its name in the Console."""
    sms_url: str | None = None
    """Who is asked about a text to a number that points here."""
    sms_method: Method = "POST"
    """How that is asked."""
    sms_fallback_url: str | None = None
    """Who is asked when that fails."""
    sms_fallback_method: Method = "POST"
    """How that is asked."""
    voice_url: str | None = None
    """Who is asked about a call."""
    voice_method: Method = "POST"
    """How that is asked."""


class ServiceSeed(Strict):
    """A Messaging Service and the numbers in its pool."""

    sid: ServiceSid
    """Its MG SID."""
    friendly_name: str = "Service"
    """Its name in the Console."""
    use_inbound_webhook_on_number: bool | None = False
    """Whether it defers to its numbers' own routing; null counts as false."""
    advanced_opt_out: bool = False
    """Whether it has Advanced Opt-Out: webhooks are told OptOutType."""
    inbound_request_url: str | None = None
    """Who is asked about a text to any of its numbers; null: texts are dropped."""
    inbound_method: Method = "POST"
    """How that is asked."""
    fallback_url: str | None = None
    """Who is asked when that fails."""
    fallback_method: Method = "POST"
    """How that is asked."""
    numbers: tuple[E164, ...] = ()
    """The numbers in its pool, in quotes, all of its account."""
    campaign: CampaignSeed | None = None
    """Its 10DLC campaign."""


class AccountSeed(Strict):
    """A Twilio account, or a subaccount when it names a parent."""

    sid: AccountSid
    """Its AC SID."""
    auth_token: str = Field(min_length=1)
    """Its auth token; Twilio's have 32 hex digits."""
    parent: AccountSid | None = None
    """The account that it is a subaccount of."""
    friendly_name: str = Field(default="Account", max_length=64)
    """Its name in the Console."""
    status: Literal["active", "suspended", "closed"] = "active"
    """Credentials of one that is not active are refused."""
    api_keys: dict[KeySid, str] = Field(default_factory=dict)
    """Its API keys: SK SIDs and their secrets."""
    numbers: tuple[NumberSeed, ...] = ()
    """Its numbers."""
    applications: tuple[ApplicationSeed, ...] = ()
    """Its TwiML Apps."""
    messaging_services: tuple[ServiceSeed, ...] = ()
    """Its Messaging Services."""
    short_codes: tuple[ShortCodeSeed, ...] = ()
    """Its short codes."""
    brands: tuple[BrandSeed, ...] = ()
    """Its 10DLC brands."""
    tollfree_verifications: tuple[TollfreeSeed, ...] = ()
    """Verifications of its toll-free numbers."""
    conversation_addresses: tuple[AddressSeed, ...] = ()
    """Its addresses of Conversations and Flex."""
    orchestrator_configurations: tuple[ConfigurationSeed, ...] = ()
    """Its configurations of Conversation Orchestrator."""
    messages: tuple[MessageSeed, ...] = ()
    """Messages from before the sandbox's start."""
    alerts: tuple[AlertSeed, ...] = ()
    """Alerts from before the sandbox's start."""
