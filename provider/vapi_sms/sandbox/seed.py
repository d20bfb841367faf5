"""The seed file: what both vendors hold when the sandbox starts. These models are its documentation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, Field, ValidationError, model_validator

from vapi_sms.sandbox.behaviour import Behaviour, Strict
from vapi_sms.sandbox.plain_yaml import NotPlain, plain

if TYPE_CHECKING:
    from pathlib import Path


def _sid(prefix: str) -> Any:  # noqa: ANN401 - pydantic reads it as a Field
    return Field(pattern=rf"^{prefix}[0-9a-fA-F]{{32}}$")


AccountSid = Annotated[str, _sid("AC")]
NumberSid = Annotated[str, _sid("PN")]
ApplicationSid = Annotated[str, _sid("AP")]
ServiceSid = Annotated[str, _sid("MG")]
KeySid = Annotated[str, _sid("SK")]
E164 = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
Method = Literal["GET", "POST"]
MOST_NUMBERS = 200_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # the mark that editors of Windows write


class SeedError(ValueError):
    """A seed that cannot be used: names the file and every wrong key."""


class Capabilities(Strict):
    """What a number can do."""

    voice: bool = True
    sms: bool = True
    mms: bool = True
    fax: bool = False


class Requires(Strict):
    """What regulation asks of every change of this routing; the number holds it unless told otherwise."""

    address_sid: str | None = None
    identity_sid: str | None = None
    bundle_sid: str | None = None


class NumberRange(Strict):
    """Many numbers in a row; `{number}` in their texts becomes the digits of each."""

    first: E164 = Field(alias="from")
    count: int = Field(ge=1, le=100_000)


class NumberSeed(Strict):
    """A Twilio number, or a range of them; fields left out are as Twilio leaves them."""

    phone_number: E164 | None = None
    range: NumberRange | None = None
    sid: NumberSid | None = None
    capabilities: Capabilities = Capabilities()
    requires: Requires = Requires()
    friendly_name: str | None = None
    origin: Literal["twilio", "hosted"] = "twilio"
    beta: bool = False
    sms_url: str | None = None
    sms_method: Method | None = None
    sms_fallback_url: str | None = None
    sms_fallback_method: Method | None = None
    sms_application_sid: str | None = None
    voice_url: str | None = None
    voice_method: Method | None = None
    voice_fallback_url: str | None = None
    voice_fallback_method: Method | None = None
    voice_application_sid: str | None = None
    voice_caller_id_lookup: bool = False
    voice_receive_mode: Literal["voice", "fax"] = "voice"
    status_callback: str | None = None
    status_callback_method: Method | None = None
    trunk_sid: str | None = None
    address_sid: str | None = None
    identity_sid: str | None = None
    bundle_sid: str | None = None
    address_requirements: Literal["none", "any", "local", "foreign"] = "none"

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
    short_code: str = Field(pattern=r"^[0-9]{5,6}$")
    friendly_name: str | None = None
    sms_url: str = ""
    sms_method: Method = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: Method = "POST"


class CampaignSeed(Strict):
    """A 10DLC campaign of a Messaging Service: whether its numbers may reply to US carriers."""

    sid: Annotated[str, _sid("QE")]
    brand: Annotated[str, _sid("BN")]
    status: str = "VERIFIED"
    mock: bool = False


class BrandSeed(Strict):
    """A 10DLC brand."""

    sid: Annotated[str, _sid("BN")]
    status: Literal[
        "PENDING", "APPROVED", "FAILED", "IN_REVIEW", "DELETION_PENDING", "DELETION_FAILED", "SUSPENDED"
    ] = "APPROVED"
    mock: bool = False


class TollfreeSeed(Strict):
    """The verification of a toll-free number."""

    sid: Annotated[str, _sid("HH")]
    number: E164
    status: Literal["PENDING_REVIEW", "IN_REVIEW", "TWILIO_APPROVED", "TWILIO_REJECTED"] = "TWILIO_APPROVED"


class AutoCreationSeed(Strict):
    """Whether an address starts conversations, and who takes part in them; what is null is not shown."""

    enabled: bool = True
    type: Literal["webhook", "studio", "default"] = "default"
    conversation_service_sid: Annotated[str, _sid("IS")] | None = None
    webhook_url: str | None = None
    webhook_method: Method | None = None
    webhook_filters: tuple[str, ...] | None = None
    studio_flow_sid: Annotated[str, _sid("FW")] | None = None
    studio_retry_count: int | None = None


class AddressSeed(Strict):
    """An address of Conversations or Flex: a number, a short code, or another channel's."""

    sid: Annotated[str, _sid("IG")]
    address: str = Field(min_length=1)
    type: Literal["sms", "whatsapp", "messenger", "gbm", "email", "rcs", "apple", "chat"] = "sms"
    friendly_name: str | None = None
    address_country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    auto_creation: AutoCreationSeed = AutoCreationSeed()


class ApplicationSeed(Strict):
    """A TwiML App."""

    sid: ApplicationSid
    friendly_name: str = "App"
    sms_url: str | None = None
    sms_method: Method = "POST"
    sms_fallback_url: str | None = None
    sms_fallback_method: Method = "POST"
    voice_url: str | None = None
    voice_method: Method = "POST"


class ServiceSeed(Strict):
    """A Messaging Service and the numbers in its pool."""

    sid: ServiceSid
    friendly_name: str = "Service"
    use_inbound_webhook_on_number: bool = False
    inbound_request_url: str | None = None
    inbound_method: Method = "POST"
    fallback_url: str | None = None
    fallback_method: Method = "POST"
    numbers: tuple[E164, ...] = ()
    campaign: CampaignSeed | None = None


class AccountSeed(Strict):
    """A Twilio account, or a subaccount when it names a parent."""

    sid: AccountSid
    auth_token: str = Field(min_length=1)
    parent: AccountSid | None = None
    api_keys: dict[KeySid, str] = Field(default_factory=dict)
    numbers: tuple[NumberSeed, ...] = ()
    applications: tuple[ApplicationSeed, ...] = ()
    messaging_services: tuple[ServiceSeed, ...] = ()
    short_codes: tuple[ShortCodeSeed, ...] = ()
    brands: tuple[BrandSeed, ...] = ()
    tollfree_verifications: tuple[TollfreeSeed, ...] = ()
    conversation_addresses: tuple[AddressSeed, ...] = ()


class TwilioSeed(Strict):
    """Twilio's side."""

    accounts: tuple[AccountSeed, ...] = ()


class AssistantSeed(Strict):
    """A Vapi assistant."""

    id: str
    name: str | None = Field(default=None, max_length=40)
    first_message: str | None = None


class SquadSeed(Strict):
    """A Vapi squad: several assistants that answer as one."""

    id: str
    name: str | None = None


class VapiNumberSeed(Strict):
    """A number that is in Vapi from the start; seeding it writes nothing at Twilio."""

    id: str
    number: E164
    twilio_account_sid: AccountSid
    twilio_auth_token: str | None = None
    name: str | None = Field(default=None, max_length=40)
    sms_enabled: bool = True
    assistant_id: str | None = None
    squad_id: str | None = None


class OrgSeed(Strict):
    """A Vapi organisation with one private key."""

    id: str
    name: str = "Org"
    api_key: str = Field(min_length=1)
    assistants: tuple[AssistantSeed, ...] = ()
    squads: tuple[SquadSeed, ...] = ()
    phone_numbers: tuple[VapiNumberSeed, ...] = ()


class VapiSeed(Strict):
    """Vapi's side."""

    orgs: tuple[OrgSeed, ...] = ()


def _consistent(twilio: TwilioSeed) -> TwilioSeed:
    sids = Counter(account.sid for account in twilio.accounts)
    numbers = (number for account in twilio.accounts for number in account.numbers)
    # A range is some letters, and stands for as many numbers as it says.
    if sum(number.range.count if number.range else 1 for number in numbers) > MOST_NUMBERS:
        raise ValueError(f"all numbers together are more than {MOST_NUMBERS:,}")
    for account in twilio.accounts:
        if sids[account.sid] > 1:
            raise ValueError(f"two accounts have the SID {account.sid}")
        if account.parent is not None and account.parent not in sids:
            raise ValueError(
                f"account {account.sid} names a parent that is not in the seed: {account.parent}"
            )
    return twilio


class Seed(Strict):
    """Everything: both vendors, and how the unknown parts of them behave."""

    twilio: Annotated[TwilioSeed, AfterValidator(_consistent)] = TwilioSeed()
    vapi: VapiSeed = VapiSeed()
    behaviour: Behaviour = Behaviour()


def load(source: Path | dict[str, Any]) -> Seed:
    """Read a seed from a YAML file or from plain data; name file and keys when it is wrong."""
    if isinstance(source, dict):
        return parse(source, "seed")
    try:
        data = source.read_bytes()
        text = data.decode("utf-16" if data[:2] in _UTF16 else "utf-8-sig")
    except OSError as error:
        raise SeedError(f"{source}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise SeedError(f"{source}: not UTF-8: save the file as UTF-8") from None
    return parse_yaml(text, str(source))


def parse_yaml(text: str, name: str) -> Seed:
    """Read a seed from YAML (or JSON, which is YAML)."""
    try:
        data = plain(text)
    except yaml.YAMLError as error:
        # Never YAML's own text: it quotes the file, and a seed holds tokens.
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        why = f": {error}" if isinstance(error, NotPlain) else ""
        raise SeedError(f"{name}: not YAML, line {mark.line + 1 if mark else '?'}{why}") from None
    return parse({} if data is None else data, name)


def parse(data: object, name: str) -> Seed:
    """Read a seed from plain data; list every wrong key at once."""
    try:
        return Seed.model_validate(data)
    except ValidationError as error:
        raise SeedError("\n".join(f"{name}: {line}" for line in complaints(error))) from None


def complaints(error: ValidationError) -> list[str]:
    """Return what is wrong, key by key; never the values, which may be secrets."""
    return [
        f"{'.'.join(map(str, e['loc'])) or 'all of it'}: {e['msg']}"
        for e in error.errors(include_input=False)
    ]
