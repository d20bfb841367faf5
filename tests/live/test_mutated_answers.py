"""Whatever a vendor answers, our clients give a sound reading, or one line that says whose answer was no good.

The sandbox's answers are recorded, bent by hypothesis, and served by a small server to the real clients.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from vapi_sms.core.errors import ProviderError, VendorTrouble
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.routings.routing import VoiceRouting
from vapi_sms.core.services.pool import Inbound, MessagingService
from vapi_sms.core.values import TwilioNumber, VapiSettings
from vapi_sms.live.calling.calls import Patience
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.settings import resolve_settings
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.twilio.compliance import read_registrations
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.control.gate import Exchange

from tests.live.mutations import Answer, wrong_answer
from tests.sandbox.world import AC, MG, ORG_KEY, SHORT, SQUAD, SUPPORT, TOKEN, WEBHOOK, seed

EXAMPLES = 15
"""How many wrong answers to each call; raise it to hunt."""
NUMBER, TOLL_FREE = "PN" + "f" * 32, "+18005550100"
BRAND, RECORD = "BN" + "a" * 32, "0b000000-0000-4000-8000-000000000001"
ANSWERED = VapiSettings(assistant_id=SUPPORT)
MINE = Handler.webhook("https://mine.example/sms")
HELD = TwilioNumber(sid=NUMBER, account_sid=AC, number=WEBHOOK, messaging=MINE, voice=VoiceRouting())
FREE = replace(HELD, sid="PN" + "e" * 32, number=TOLL_FREE)
CODE = replace(HELD, sid=SHORT, number="894546")
SERVICE = MessagingService(MG, "Company", AC, Inbound(defers=False, handler=MINE))
DEFERS = Inbound(defers=True, handler=MINE)
Act = Callable[[TwilioClient, VapiClient], object]
CALLS: dict[str, Act] = {
    "fetch number": lambda twilio, _: twilio.fetch_number(NUMBER),
    "find number": lambda twilio, _: twilio.find_number(WEBHOOK),
    "list numbers": lambda twilio, _: twilio.list_numbers(),
    "update routing": lambda twilio, _: twilio.update_routing(HELD, messaging=MINE, voice=VoiceRouting()),
    "prove write": lambda twilio, _: twilio.prove_write(HELD),
    "fetch short code": lambda twilio, _: twilio.fetch_number(SHORT),
    "list short codes": lambda twilio, _: twilio.list_short_codes(),
    "update short code": lambda twilio, _: twilio.update_routing(CODE, messaging=MINE),
    "list applications": lambda twilio, _: twilio.list_applications(),
    "list services": lambda twilio, _: twilio.list_services(),
    "list pool": lambda twilio, _: twilio.list_pool(MG),
    "set inbound": lambda twilio, _: twilio.set_inbound(SERVICE, DEFERS),
    "registrations": lambda twilio, _: read_registrations(twilio, [HELD, FREE], {NUMBER: SERVICE}, Nobody()),
    "list records": lambda _, vapi: vapi.list_numbers(),
    "search record": lambda _, vapi: vapi.search_number(TOLL_FREE),
    "fetch record": lambda _, vapi: vapi.fetch_number(RECORD),
    "import": lambda _, vapi: vapi.import_number(WEBHOOK, ANSWERED),
    "update record": lambda _, vapi: vapi.update_number(RECORD, ANSWERED),
    "delete record": lambda _, vapi: vapi.delete_number(RECORD),
    "list assistants": lambda _, vapi: vapi.list_assistants(),
    "fetch assistant": lambda _, vapi: vapi.fetch_assistant(SUPPORT),
    "list squads": lambda _, vapi: vapi.list_squads(),
    "fetch squad": lambda _, vapi: vapi.fetch_squad(SQUAD),
    "prove org": lambda _, vapi: vapi.prove_org(),
}
"""Everything that we ever ask a vendor."""


def company() -> dict[str, Any]:
    """Give a seed in which each of those calls finds something."""
    data = seed()
    account, org = data["twilio"]["accounts"][0], data["vapi"]["orgs"][0]
    account["numbers"][0]["sid"] = NUMBER
    account["numbers"].append({"phone_number": TOLL_FREE, "sid": FREE.sid})
    account["brands"] = [{"sid": BRAND}]
    account["messaging_services"][0]["campaign"] = {"sid": "QE" + "a" * 32, "brand": BRAND}
    account["tollfree_verifications"] = [{"sid": "HH" + "a" * 32, "number": TOLL_FREE}]
    org["phone_numbers"] = [{"id": RECORD, "number": TOLL_FREE, "twilio_account_sid": AC}]
    return data


class Vendors:
    """A server that answers the sandbox's answers, but one as it is told."""

    def __init__(self) -> None:
        self.recorded: dict[str, dict[str, Answer]] = {}
        self.sound: dict[str, Answer] = {}
        self.wrong: dict[str, Answer] = {}
        vendors = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = f"{self.command} {self.path.partition('?')[0]}"
                vendors.asked += 1
                # What is asked without end has to end here for the test to say so.
                known = vendors.wrong.get(request) or vendors.sound.get(request)
                found = known if known and vendors.asked < 30 else Answer(b"", 418)
                self.send_response_only(found.status, "Said")
                self.send_header("Content-Type", found.content_type)
                self.send_header("Content-Length", str(len(found.body)))
                if found.header:
                    self.send_header(*found.header)
                self.end_headers()
                self.wfile.write(found.body)

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 as http.server wants them

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.asked = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def recorded() -> dict[str, dict[str, Answer]]:
    """Give the sandbox's answers, by call and request."""
    found: dict[str, dict[str, Answer]] = {}
    exchanges: list[Exchange] = []
    with RunningSandbox(company(), on_exchange=exchanges.append) as sandbox:
        for call, act in CALLS.items():
            sandbox.reset()
            exchanges.clear()
            twilio, vapi = clients(sandbox.url)
            act(twilio, vapi)
            twilio.close()
            vapi.close()
            found[call] = {
                f"{each.method} {each.path}": Answer(each.answer_body, each.status) for each in exchanges
            }
    return found


@pytest.fixture(scope="module")
def vendors() -> Iterator[Vendors]:
    """Serve both vendors, with the sandbox's answers by call and request."""
    serving = Vendors()
    serving.recorded = recorded()
    yield serving
    serving.stop()


def clients(url: str) -> tuple[TwilioClient, VapiClient]:
    """Return our clients, which ask once."""
    env = {
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": url,
        "VAPI_BASE_URL": url,
    }
    found = resolve_settings(env, {})
    assert found is not None
    clocks = Skipping(), Skipping()
    twilio, vapi = (Patience(0.0, clock=each.shown, sleep=each.skip) for each in clocks)
    return TwilioClient(found, twilio), VapiClient(found, patience=vapi)


class Skipping:
    """A clock that is set on in place of waiting: a wrong answer may well ask for half a minute."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def shown(self) -> float:
        """Give the seconds that it shows."""
        return time.monotonic() + self._skipped

    def skip(self, seconds: float) -> None:
        """Set it on."""
        self._skipped += seconds


@pytest.mark.parametrize("call", CALLS)
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    phases=(Phase.generate,),  # a number cannot be made simpler
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(number=st.integers(0, 2**32))
def test_no_answer_ends_in_anything_but_a_reading_or_one_line(
    vendors: Vendors, call: str, number: int
) -> None:
    """A sound reading, or trouble in one printable line that names the vendor's part in it and shows no secret."""
    sound = vendors.recorded[call]
    chance = Random(number)
    request = chance.choice(sorted(sound))
    vendors.sound, vendors.asked = sound, 0
    vendors.wrong = {request: wrong_answer(sound[request].body, chance)}
    twilio, vapi = clients(vendors.url)

    try:
        found = CALLS[call](twilio, vapi)
    except ProviderError as error:
        is_one_line(error)
    else:
        is_sound(found)
    finally:
        twilio.close()
        vapi.close()
    assert vendors.asked < 10, "there is no end to it"


def is_one_line(error: ProviderError) -> None:
    """Hold that people can read it, that it says who answered and what to do, and shows no secret."""
    assert isinstance(error, VendorTrouble)
    assert error.vendor in ("Twilio", "Vapi")
    assert all((error.what, error.why, error.advice)), "what, why and what to do"
    told = str(error)
    assert told.isprintable(), "one line, and nothing that a terminal obeys"
    assert len(told) < 2_000, "a line that people read to its end"
    assert "canary" not in told + repr(error) + "".join(traceback.format_exception(error))


def is_sound(found: object) -> None:
    """Hold that a reading is made of our values, each of its own type."""
    if isinstance(found, list | tuple):
        for each in found:
            is_sound(each)
    elif isinstance(found, dict):
        is_sound([*found, *found.values()])
    elif is_dataclass(found) and not isinstance(found, type):
        hints = get_type_hints(type(found))
        for field in fields(found):
            value = getattr(found, field.name)
            assert not isinstance(hints[field.name], type) or type(value) is hints[field.name]
            is_sound(value)
    else:
        assert found is None or isinstance(found, str | bool | int | frozenset)
        assert not isinstance(found, str) or found.encode() is not None
