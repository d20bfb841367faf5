"""What Vapi answered, picked by name and parsed strictly.

The rest is dropped at once: Twilio's credentials are among it.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from vapi_sms.core.errors import UnexpectedResponse
from vapi_sms.core.values import VapiRecord, VapiSettings
from vapi_sms.live.calling.calls import mark
from vapi_sms.live.calling.entries import Needed, Parsed, VendorReading, read_each, read_strictly

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
# Unset is true, Vapi's default, which is shown as null or not at all.
On = Annotated[bool, BeforeValidator(lambda value: True if value is None else value)]
# Of a secret no more than whether it is there.
There = Annotated[bool, BeforeValidator(bool)]


class _Listed(VendorReading):
    """A phone number in a list, of any provider and any age: what it lacks is empty."""

    provider: Text = ""
    id: Needed
    org_id: Text = Field(default="", alias="orgId")
    number: Text = ""
    account_sid: Text = Field(default="", alias="twilioAccountSid")
    sms_enabled: On = Field(default=True, alias="smsEnabled")
    name: Text = ""
    assistant_id: Text = Field(default="", alias="assistantId")
    squad_id: Text = Field(default="", alias="squadId")
    workflow_id: Text = Field(default="", alias="workflowId")
    updated: Text = Field(default="", alias="updatedAt")
    status: Text = ""
    has_token: There = Field(default=False, alias="twilioAuthToken")
    has_key: There = Field(default=False, alias="twilioApiKey")


class _Record(_Listed):
    """The phone number that was asked for: one of Twilio's, whose own it is and what it is called is needed."""

    provider: Literal["twilio"]
    org_id: Needed = Field(alias="orgId")
    number: Needed
    account_sid: Needed = Field(alias="twilioAccountSid")


class ListedName(VendorReading):
    """An assistant or a squad in a list: what it lacks is empty."""

    id: Needed
    org_id: Text = Field(default="", alias="orgId")
    name: Text = ""


class NamedReading(ListedName):
    """The assistant or squad that was asked for."""

    org_id: Needed = Field(alias="orgId")


class _Said(VendorReading):
    content: Text = ""


class ChatReading(VendorReading):
    """A chat: what was answered, in pieces, and what it cost in US dollars, where that is said."""

    id: Needed
    output: Annotated[list[_Said], BeforeValidator(lambda value: value or [])] = Field(default_factory=list)
    cost: float | None = None

    @property
    def answer(self) -> str:
        """All that was said, or nothing."""
        return " ".join(each.content for each in self.output if each.content).strip()


class _Made(VendorReading):
    created_at: Needed = Field(alias="createdAt")


class _Owned(VendorReading):
    org_id: Needed = Field(alias="orgId")


Count = Annotated[int | None, Field(strict=False, ge=0)]


class _Metadata(VendorReading):
    """What a page says of its list; older servers count items only, and any of it may be missing."""

    total: Count = Field(default=None, alias="totalItems")
    pages: Count = Field(default=None, alias="totalPages")
    per_page: Count = Field(default=None, alias="itemsPerPage")
    has_next: bool | None = Field(default=None, alias="hasNextPage")
    cursor: object = Field(default=None, alias="nextCursor")


class PageReading(VendorReading):
    """A page of the second version's lists."""

    results: list[object]
    metadata: _Metadata


def record_of(body: object, asked: str) -> VapiRecord:
    """Give one reading of a phone number that was imported from Twilio."""
    return _as_record(read_as(_Record, body, asked))


def listed(results: list[object]) -> tuple[list[VapiRecord], dict[str, str | None]]:
    """Give the records of a list, of all providers, and the number of each that cannot be read, by its id.

    It is None where that cannot be read either, and empty where it has none.
    """
    found = read_each(_Listed, results, name_field="number")
    return [_as_record(each) for each in found.read], {each.id: each.name for each in found.unread}


def _as_record(found: _Record | _Listed) -> VapiRecord:
    return VapiRecord(
        id=found.id,
        org_id=found.org_id,
        number=found.number,
        account_sid=found.account_sid,
        settings=VapiSettings(
            assistant_id=found.assistant_id,
            squad_id=found.squad_id,
            workflow_id=found.workflow_id,
            sms_enabled=found.sms_enabled,
            name=found.name,
        ),
        provider=found.provider,
        updated=found.updated,
        uses_key=found.has_key and not found.has_token,
        is_blocked=found.status == "blocked",
    )


def as_asked(found: str, asked: str, what: str) -> None:
    """Raise UnexpectedResponse where an answer is about another thing than was asked for."""
    if found != asked:
        raise unexpected(what, f"the answer is about another one ({mark(found, ())})")


def oldest_of(results: list[object], asked: str) -> str:
    """Give the moment that Vapi made the oldest of those that show theirs."""
    made = read_each(_Made, results).read
    if not made:
        raise unexpected(asked, "the answer lacks what Vapi promises: createdAt")
    return min(each.created_at for each in made)


def orgs_of(results: list[object]) -> list[str]:
    """Give the org of each that shows whose it is."""
    return [each.org_id for each in read_each(_Owned, results).read]


def results_of(body: object, asked: str) -> list[object]:
    """Give the records of a list in either of the first version's shapes: bare, or under `results`."""
    results = body.get("results") if isinstance(body, dict) else body
    if not isinstance(results, list):
        raise unexpected(asked, "the answer is not a list")
    return results


def read_as(model: type[Parsed], body: object, asked: str) -> Parsed:
    """Parse an answer; another shape is UnexpectedResponse, which names the fields and shows no value."""
    return read_strictly(model, body, partial(unexpected, asked), "Vapi")


def unexpected(asked: str, why: str) -> UnexpectedResponse:
    """Give the trouble of an answer of another shape than Vapi's; `asked` is the method and the path."""
    return UnexpectedResponse(
        vendor="Vapi", what=asked, why=why, advice="Check VAPI_BASE_URL (config: vapi:baseUrl): is this Vapi?"
    )
