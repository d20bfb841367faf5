"""A session with one Twilio account: the SDK, one client a thread, and one judgement of whatever it answers."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from vapi_sms.core.errors import VendorRefused
from vapi_sms.live.calling.calls import AttemptError, Patience
from vapi_sms.live.settings import API
from vapi_sms.live.twilio.errors import twilio_trouble
from vapi_sms.live.twilio.readings import Untyped, lacks, read_entries, unexpected
from vapi_sms.live.twilio.wire import TwilioWire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from vapi_sms.live.calling.entries import Listed, Parsed
    from vapi_sms.live.settings import Settings

PAGE_SIZE = 1000
Found = TypeVar("Found")


class TwilioSession:
    """One account at Twilio; safe to share between threads, of which each gets an SDK client of its own."""

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        self.requests = 0
        # What lists showed and nobody could read, by what it is: told by who tells of the whole account.
        self.unread: dict[str, None] = {}
        self.settings = settings
        self._patience = patience or Patience.of(settings)
        self._local = threading.local()
        self._lock = threading.Lock()
        self._wires: list[TwilioWire] = []

    def close(self) -> None:
        """Close the connections of all threads."""
        for wire in self._wires:
            wire.close()

    def read_entries(
        self, noun: str, model: type[Parsed], entries: list[Untyped], called_by: str = "friendly_name"
    ) -> Listed[Parsed]:
        """Read every entry of a list by itself, and note which cannot be read; `noun` is what each of them is.

        Raises UnexpectedResponse where nothing in it is anything of Twilio's.
        """
        found = read_entries(model, entries, called_by)
        if found.stranger:
            raise lacks(f"Reading a list of Twilio's, {noun} by {noun}", found.stranger)
        self.unread |= {f"{noun} {each.id}": None for each in found.unread}
        return found

    def ask(self, method: str, path: str, fields: Mapping[str, object] | None = None) -> Untyped:
        """Send one request to the 2010 API and give the JSON object that is answered.

        What is read and written by the thousand goes this way: the SDK's own classes for it take as long to import,
        and to fill, as all else together.
        """
        sent_as = "data" if method == "POST" else "params"
        return self.sdk.request(method, f"{API}{path}", **{sent_as: fields}).body

    def ask_list(self, what: str, path: str, key: str, fields: Mapping[str, object]) -> list[Untyped]:
        """Read all pages of a list of the 2010 API."""
        with asking(what):
            first = self.ask("GET", path, fields)
            pages = _pages(first, lambda page: page.get("next_page_uri"), lambda uri: self.ask("GET", uri))
            return [each for page in pages for each in page[key]]

    def ask_pages(self, what: str, url: str, key: str, fields: Mapping[str, object]) -> list[Untyped]:
        """Read all pages of a list of a newer API, each of which links to the next one by a whole URL.

        The SDK's own classes for an API take up to half a second to import.
        """
        with asking(what):
            first = self.sdk.request("GET", url, params=fields).body
            pages = _pages(
                first,
                lambda page: page["meta"]["next_page_url"],
                lambda following: self.sdk.request("GET", following).body,
            )
            return [each for page in pages for each in page[key]]

    @property
    def sdk(self) -> Untyped:
        """This thread's SDK."""
        if not hasattr(self._local, "client"):
            self._local.client = self._new_client()
        return self._local.client

    def _new_client(self) -> Untyped:
        wire = TwilioWire(self.settings, self._patience, self._count)
        with self._lock:
            self._wires.append(wire)
        return Client(
            self.settings.twilio_user,
            self.settings.twilio_secret,
            self.settings.account_sid,
            http_client=wire,
            # Empty, it would be read as absent, and the SDK would look into the real one for a region.
            environment={"TWILIO_ACCOUNT_SID": self.settings.account_sid},
        )

    def _count(self) -> None:
        with self._lock:
            self.requests += 1


def _pages(
    page: Untyped, next_of: Callable[[Untyped], str | None], ask: Callable[[str], Untyped]
) -> Iterator[Untyped]:
    """Give a page and all that follow it; raises ValueError where one leads back."""
    yield page
    asked = set()
    while following := next_of(page):
        if following in asked:
            raise ValueError("the pages of a list lead in a circle")
        asked.add(following)
        page = ask(following)
        yield page


@contextmanager
def asking(what: str, *, writing: bool = False) -> Iterator[None]:
    """Turn whatever the SDK raises into trouble that a person reads; `what` says what we were doing."""
    try:
        yield
    except AttemptError as failed:
        raise twilio_trouble(what, failed, writing=writing) from failed
    except (TwilioException, AttributeError, KeyError, TypeError, ValueError):
        # The SDK takes answers apart without looking: JSON of another shape surfaces as any of these.
        # Not chained: they show the answer, and what did not fit may be a secret.
        raise unexpected(what, "the answer does not have Twilio's shape") from None


def unless_missing(what: str, ask: Callable[[], Found]) -> Found | None:
    """Ask for one thing; None where these credentials see none."""
    try:
        with asking(what):
            return ask()
    except VendorRefused as refused:
        # A 404 without Twilio's code is some other server's.
        if refused.status == HTTPStatus.NOT_FOUND and refused.code.isdecimal():
            return None
        raise
