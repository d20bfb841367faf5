"""Vapi, one method for each call that we use.

SAFETY MODEL: writes are an import, a PATCH of what we manage, a DELETE of one phone number, by its id, and a chat that
somebody asks for, which is deleted right after; at a rehearsal, on a number that its owner can spare, a PATCH of one
field. An import, or a chat, whose answer was lost is never sent again here.
Answers are picked apart by name, and the rest is dropped at once: Vapi's hold Twilio's credentials.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from vapi_sms.core.errors import VendorRefused
from vapi_sms.core.values import VapiRecord, VapiSettings
from vapi_sms.live.calling.calls import AttemptError, Patience
from vapi_sms.live.calling.entries import Unread, read_each
from vapi_sms.live.vapi.errors import AlreadyImported, InOtherOrg, NotSeenByVapi, TokenStays, vapi_trouble
from vapi_sms.live.vapi.pages import PAGE_SIZE, USUAL_PAGE, Listing, Page
from vapi_sms.live.vapi.readings import (
    ChatReading,
    ListedName,
    NamedReading,
    as_asked,
    oldest_of,
    orgs_of,
    read_as,
    record_of,
    results_of,
    unexpected,
)
from vapi_sms.live.vapi.wire import VapiWire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from vapi_sms.live.settings import Settings

__all__ = ["AlreadyImported", "InOtherOrg", "Named", "NotSeenByVapi", "TokenStays", "VapiClient"]


@dataclass(frozen=True, slots=True)
class Named:
    """An assistant or a squad."""

    id: str
    name: str
    org_id: str


Found = TypeVar("Found")


class VapiClient:
    """One org at Vapi; safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        transport: httpx.BaseTransport | None = None,
        *,
        patience: Patience | None = None,
    ) -> None:
        self.org_id = ""
        # What lists showed and nobody could read, the number by its id: told by who tells of the whole org.
        self.unread: dict[str, str | None] = {}
        self._unnamed: dict[str, dict[Unread, None]] = {}
        self._in_workflow: set[str] = set()
        self._settings = settings
        self._wire = VapiWire(settings, patience or Patience.of(settings), transport)

    @property
    def requests(self) -> int:
        """How many requests were sent, repeated ones included."""
        return self._wire.requests

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def list_numbers(self) -> list[VapiRecord]:
        """Read every number of the org, whichever provider it is of."""
        listing, records = Listing(), list[VapiRecord]()
        while not listing.is_whole:
            page = self.list_page(listing.next_page)
            listing.take(page)
            records += page.records
        # A number imported meanwhile shifts the pages: the last one seen is then seen twice.
        return list({record.id: record for record in records}.values())

    def list_page(self, page: int) -> Page:
        """Read one page (from 1) of the org's numbers, whichever provider they are of."""
        return self._page("Listing the phone numbers of the Vapi org", page)

    def search_number(self, number: str) -> list[VapiRecord]:
        """Read the org's records of exactly this number."""
        what = f"Looking for {number} in the Vapi org"
        # What a page that is cut short leaves out matches in part only: what is asked for is the whole number.
        found = self._page(what, 1, search=number).records
        return [record for record in found if record.number == number]

    def fetch_number(self, number_id: str) -> VapiRecord | None:
        """Read a phone number of Twilio's; None if the org has none of this id."""
        what = f"Reading Vapi phone number {number_id}"
        found = self._fetched(what, _one("phone-number", number_id), self._record)
        if found is not None:
            as_asked(found.id, number_id, what)
        return found

    def import_number(
        self, number: str, settings: VapiSettings, *, leaves_out_texts: bool = False
    ) -> VapiRecord:
        """Import a number from Twilio; AnswerLost and UnexpectedResponse leave open whether it was done.

        With `leaves_out_texts` nothing is said of smsEnabled, as no `up` does, and a rehearsal has to.
        """
        optional = {
            "name": settings.name,
            "assistantId": settings.assistant_id,
            "squadId": settings.squad_id,
            "workflowId": settings.workflow_id,
        }
        body: dict[str, object] = {
            "provider": "twilio",
            "number": number,
            "twilioAccountSid": self._settings.account_sid,
            **self._twilio_credentials(),
            # Left out it would be true, and true is what overwrites a routing.
            **({} if leaves_out_texts else {"smsEnabled": settings.sms_enabled}),
            **{key: value for key, value in optional.items() if value},
        }
        what = f"Importing {number} into Vapi"
        record = self._record(self._ask(what, "POST", "/phone-number", body=body), "POST /phone-number")
        as_asked(record.number, number, what)
        as_asked(record.account_sid, self._settings.account_sid, what)
        return record

    def update_number(
        self,
        number_id: str,
        settings: VapiSettings,
        *,
        before: VapiRecord | None = None,
        hand_key: bool = False,
    ) -> VapiRecord:
        """Give a phone number all of our settings, and Vapi our credentials for Twilio anew where asked (`hand_key`).

        A number that has no name (`before`) and is to have none keeps none, rather than an empty one. Raises TokenStays
        where Vapi would go on using a token that it has.
        """
        body: dict[str, object] = {
            "provider": "twilio",
            "smsEnabled": settings.sms_enabled,
            "name": settings.name,
            "assistantId": settings.assistant_id or None,
            "squadId": settings.squad_id or None,
        }
        if not settings.name and before is not None and not before.settings.name:
            del body["name"]
        if settings.workflow_id or number_id in self._in_workflow:
            # Named only where there is one: Vapi refuses keys it does not know, and workflows are going away.
            body["workflowId"] = settings.workflow_id or None
        if hand_key:
            body |= self._twilio_credentials()
            if before is None or not before.uses_key:
                # Vapi prefers a token to a key: one that it was given before would go on being used.
                body.setdefault("twilioAuthToken", None)
        path, what = _one("phone-number", number_id), f"Changing Vapi phone number {number_id}"
        try:
            answer = self._ask(what, "PATCH", path, body=body)
        except VendorRefused as refused:
            if body.get("twilioAuthToken", "") is None and "twilioAuthToken" in refused.why:
                raise TokenStays.of(refused) from None
            raise
        record = self._record(answer, f"PATCH {path}")
        as_asked(record.id, number_id, what)
        return record

    def patch_number(self, number_id: str, fields: Mapping[str, object]) -> VapiRecord:
        """Send these fields and no other, as no `up` does: what a rehearsal finds out is what each does by itself."""
        path, what = _one("phone-number", number_id), f"Changing Vapi phone number {number_id}"
        answer = self._ask(what, "PATCH", path, body={"provider": "twilio", **fields})
        record = self._record(answer, f"PATCH {path}")
        as_asked(record.id, number_id, what)
        return record

    def delete_number(self, number_id: str) -> None:
        """Make Vapi forget a phone number; that there is none is fine."""
        what = f"Deleting Vapi phone number {number_id}"
        try:
            answer = self._ask(what, "DELETE", _one("phone-number", number_id))
        except VendorRefused as refused:
            if not refused.is_missing:
                raise
            return
        if isinstance(answer, dict) and isinstance(answer.get("id"), str):
            as_asked(answer["id"], number_id, what)

    def list_assistants(self) -> list[Named]:
        """Read every assistant of the org."""
        return self._all_named("assistant")

    def fetch_assistant(self, assistant_id: str) -> Named | None:
        """Read an assistant; None if the org has none of this id."""
        return self._fetched_named("assistant", assistant_id)

    def list_squads(self) -> list[Named]:
        """Read every squad of the org."""
        return self._all_named("squad")

    def fetch_squad(self, squad_id: str) -> Named | None:
        """Read a squad; None if the org has none of this id."""
        return self._fetched_named("squad", squad_id)

    def unread_named(self, kind: str) -> list[Unread]:
        """Give what lists of assistants, or of squads, showed and nobody could read."""
        return list(self._unnamed.get(kind, {}))

    def start_chat(self, question: str, *, assistant_id: str, squad_id: str) -> ChatReading:
        """Ask an assistant, or a squad, something: it may call its tools, and Vapi charges for it."""
        who = {"squadId": squad_id} if squad_id else {"assistantId": assistant_id}
        what = f"Asking Vapi's {'squad' if squad_id else 'assistant'} {squad_id or assistant_id}"
        body: dict[str, object] = {**who, "input": question, "name": "vapi-sms prove"}
        return read_as(ChatReading, self._ask(what, "POST", "/chat", body=body), "POST /chat")

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat that was started here."""
        self._ask(f"Deleting Vapi chat {chat_id}", "DELETE", _one("chat", chat_id))

    def read(self, what: str, path: str, params: dict[str, str | int] | None = None) -> object:
        """Read for a module that knows the answer's shape."""
        return self._ask(what, "GET", path, params=params)

    def prove_org(self) -> str:
        """Give the org of this key, or nothing where the org shows nothing that could tell."""
        for kind in ("assistant", "phone-number", "squad"):
            if self.org_id:
                break
            answer = self._ask("Asking Vapi whose key this is", "GET", f"/{kind}", params={"limit": 1})
            for org_id in orgs_of(results_of(answer, f"GET /{kind}")[:1]):
                self.org_id = org_id
        return self.org_id

    def _all_named(self, kind: str) -> list[Named]:
        found, largest = dict[str, Named](), USUAL_PAGE
        unnamed = self._unnamed[kind] = {}
        params: dict[str, str | int] = {"limit": PAGE_SIZE}
        while True:
            answer = self._ask(f"Listing the {kind}s of the Vapi org", "GET", f"/{kind}", params=params)
            page = results_of(answer, f"GET /{kind}")
            before, largest = len(found) + len(unnamed), max(largest, len(page))
            listed = read_each(ListedName, page)
            if listed.stranger:
                why = f"the answer lacks what Vapi promises: {listed.stranger.why}"
                raise unexpected(f"GET /{kind}", why)
            found |= {each.id: self._known(each) for each in listed.read}
            unnamed |= dict.fromkeys(listed.unread)
            # These pages say nothing of themselves, and hold what the server likes: the last one is shorter.
            if len(page) < largest or len(found) + len(unnamed) == before:
                return list(found.values())
            # Newest first. Up to and including the oldest seen: others may have been made at the same moment.
            params["createdAtLe"] = oldest_of(page, f"GET /{kind}")

    def _page(self, what: str, page: int, **search: str) -> Page:
        params: dict[str, str | int] = {**search, "limit": PAGE_SIZE, "page": page}
        found = Page.of(self._ask(what, "GET", "/v2/phone-number", params=params), page)
        self.unread |= found.unread
        self.org_id = self.org_id or next((record.org_id for record in found.records if record.org_id), "")
        self._in_workflow |= {record.id for record in found.records if record.settings.workflow_id}
        return found

    def _fetched_named(self, kind: str, id_: str) -> Named | None:
        what = f"Reading Vapi {kind} {id_}"
        found = self._fetched(what, _one(kind, id_), self._named)
        if found is not None:
            as_asked(found.id, id_, what)
        return found

    def _fetched(self, what: str, path: str, parse: Callable[[object, str], Found]) -> Found | None:
        try:
            answer = self._ask(what, "GET", path)
        except VendorRefused as refused:
            if refused.is_missing:
                return None
            raise
        return parse(answer, f"GET {path}")

    def _ask(
        self,
        what: str,
        method: str,
        path: str,
        *,
        params: dict[str, str | int] | None = None,
        body: dict[str, object] | None = None,
    ) -> object:
        try:
            return self._wire.request(method, path, params=params, body=body)
        except AttemptError as failed:
            raise vapi_trouble(
                what, failed, importing=(method, path) == ("POST", "/phone-number")
            ) from failed

    def _record(self, body: object, asked: str) -> VapiRecord:
        record = record_of(body, asked)
        self.org_id = self.org_id or record.org_id
        if record.settings.workflow_id:
            self._in_workflow.add(record.id)
        return record

    def _named(self, body: object, asked: str) -> Named:
        return self._known(read_as(NamedReading, body, asked))

    def _known(self, found: ListedName) -> Named:
        self.org_id = self.org_id or found.org_id
        return Named(found.id, found.name, found.org_id)

    def _twilio_credentials(self) -> dict[str, str]:
        key, secret = self._settings.vapi_twilio_key, self._settings.vapi_twilio_secret
        return {"twilioApiKey": key, "twilioApiSecret": secret} if key else {"twilioAuthToken": secret}


def _one(kind: str, record_id: str) -> str:
    return f"/{kind}/{quote(record_id, safe='')}"
