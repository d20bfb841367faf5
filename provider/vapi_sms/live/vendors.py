"""Both vendors as one process knows them: clients, shared readings, names, and what has been proved so far."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

from vapi_sms.core.errors import BadCredentials, Refusal
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import TwilioNumber
from vapi_sms.live.asking import Questions
from vapi_sms.live.calling.calls import Patience, ReadingTooOld, in_silence
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.observe import ANY_AGE, Observer
from vapi_sms.live.settings import Settings
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.conversations import Conversations
from vapi_sms.live.twilio.elsewhere import Elsewhere
from vapi_sms.live.twilio.services import TwilioServices
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.live.vapi.names import Names, Shelf

READING_STAYS_FRESH = 30.0  # seconds within which texts may be handed over on the strength of one reading


class Vendors:
    """The one account and org that a provider process works on; shared by its threads."""

    def __init__(
        self, settings: Settings, guard: EngineGuard, waits: Callable[[str, str, float], None] | None = None
    ) -> None:
        """Reach both; `waits` is given the name of the vendor that is asked again, and then what Waits is given."""
        self.settings, self.guard = settings, guard
        of_twilio, of_vapi = (partial(waits, name) if waits else in_silence for name in ("Twilio", "Vapi"))
        # Every attempt of every request asks first whether the engine still listens (law 13). Each vendor has limits
        # of its own, so each has a patience of its own, and with it a limiter and a width.
        patiences = (
            Patience.of(settings, guard.check, of_twilio),
            Patience.of(settings, guard.check, of_vapi),
        )
        self.twilio = TwilioClient(settings, patiences[0])
        self.vapi = VapiClient(settings, patience=patiences[1])
        self._widths = [patience.limiter.width for patience in patiences]
        self.services = TwilioServices(self.twilio)
        self.observer = Observer(self.twilio, self.vapi, self.services, settings.account_sid)
        self.conversations = Conversations(self.twilio)
        self.names = Names(self.vapi)
        self.questions = Questions(self.vapi, self.names)
        self.elsewhere = Elsewhere(self.twilio, settings.account_sid)
        self.let_go_at = ANY_AGE
        # The SIDs whose records this process made: of these, nothing at Vapi can be an earlier run's.
        self.recorded_now: set[str] = set()
        self._may_write = False
        self._applications: Mapping[str, Routing] | None = None
        self._lock = threading.Lock()

    def numbers_at_once(self) -> int:
        """Give how many numbers to have under way: each of them needs both vendors."""
        return min(width.numbers for width in self._widths)

    def read_ahead(
        self, keys: Iterable[str], shelves: Iterable[Shelf], *, handing_over: bool, not_before: float
    ) -> None:
        """Begin all lists that a check of numbers needs and that need nothing of each other, for who asks next.

        `keys` are the numbers, or their SIDs; `shelves` are those of the names to be found; `handing_over` is whether
        any texts are to be. One after the other stays one after the other.
        """
        if self.settings.concurrency == 1 or not self.asks_vapi:
            return
        self.observer.begin(keys, not_before)
        for shelf in shelves:
            shelf.begin()
        self.services.begin()
        if handing_over:
            self.conversations.begin()

    def prove_write(self, number: TwilioNumber, unproven: Collection[str] = ()) -> None:
        """Prove that a number can be put back, with a write that changes nothing, once a process.

        Vapi overwrites webhooks as it imports: a key that may only read could not put them back. And a routing of an
        unusual shape, which Twilio may not take any more (`unproven` are such channels), is then written as it was
        found: it would take an edit that readings do not show yet with it, so it never is the first write of a run.
        Raises ReadingTooOld where an answer shows other routings than `number` has: no replica and no cache stands
        before a write's answer.
        """
        with self._lock:
            if not self._may_write:
                answered = self.twilio.prove_write(number)
                self._may_write = True
                self.observer.learn_number(answered)
                if not (
                    answered.messaging.same_as(number.messaging) and answered.voice.same_as(number.voice)
                ):
                    raise ReadingTooOld
        if unproven:
            answered = self.twilio.prove_routing(number, unproven)
            self.observer.learn_number(answered)
            if not (answered.messaging.same_as(number.messaging) and answered.voice.same_as(number.voice)):
                raise ReadingTooOld

    def applications(self, named: Collection[str]) -> Mapping[str, Routing]:
        """Give what the account's TwiML Apps call, by SID: listed once, and again where a `named` one was not there.

        It may have come into being in this very run.
        """
        with self._lock:
            if self._applications is None or not self._applications.keys() >= set(named):
                listed = self.twilio.list_applications()
                found = dict(listed.read)
                # One that shows no SID may be any: that is not taken for one that is gone.
                asked = set(named).difference(found) if listed.unread else set[str]()
                found |= dict(filter(None, map(self.twilio.fetch_application, asked)))
                self._applications = found
            return self._applications

    @property
    def asks_vapi(self) -> bool:
        """Tell whether there is a key of Vapi's, and nobody said that Vapi's side is lost."""
        return bool(self.settings.vapi_api_key) and not self.settings.without_vapi

    def fresh(self) -> float:
        """Give the moment (monotonic seconds) that a reading must not be older than to act on it."""
        return time.monotonic() - READING_STAYS_FRESH

    def young(self) -> float:
        """Give the moment (monotonic seconds) that a reading must not be older than for a number's first write."""
        return time.monotonic() - self.settings.reading

    def settled(self) -> float:
        """Wait until the last number that Vapi let go has had time to show at Twilio; give when readings count from."""
        if self.let_go_at == ANY_AGE:
            return self.fresh()
        moment = self.let_go_at + self.settings.settle
        time.sleep(max(0.0, moment - time.monotonic()))
        return moment

    def org_id(self) -> str:
        """Give the org of this Vapi key, or nothing where the org shows nothing that says so."""
        if not self.vapi.org_id:
            # Its assistants are needed anyway, by name.
            self.names.assistants.load()
        return self.vapi.org_id or self.vapi.prove_org()

    def refuse_other_owner(self, subject: str, account_sid: str, org_id: str) -> None:
        """Raise Refusal where these credentials are for another account or org than the recorded one (law 14)."""
        self.refuse_other_account(subject, account_sid)
        self.refuse_other_org(subject, org_id)

    def refuse_other_account(self, subject: str, account_sid: str) -> None:
        """Raise Refusal where these credentials are for another Twilio account than the recorded one."""
        if account_sid and account_sid != self.settings.account_sid:
            raise Refusal(
                subject,
                f"{subject} was set up in Twilio account {account_sid}, and these credentials are for "
                f"{self.settings.account_sid}: use the credentials of the recorded account",
            )

    def refuse_other_org(self, subject: str, org_id: str) -> None:
        """Raise Refusal where this key is for another Vapi org than the recorded one, or a trouble where unknown."""
        if not org_id:
            return
        seen = self.org_id()
        if seen == org_id:
            return
        if seen:
            raise Refusal(
                subject,
                f"{subject} was set up in Vapi org {org_id}, and this VAPI_API_KEY is for org {seen}: use the key of "
                "the recorded org",
            )
        # A number that is missing here may well be there: "gone" must not be said of it.
        raise BadCredentials(
            "Vapi",
            f"{subject} was set up in Vapi org {org_id}",
            "nothing in the org of this key tells which one it is",
            "Use the recorded org's key; if this is it, create any assistant there and run the command again.",
        )
