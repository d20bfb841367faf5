"""Answers that come drop by drop, each soon enough for a time-out: a whole answer has a deadline of its own.

The time-out is 0.3 s here, and an answer may take three times that.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from vapi_sms.core.errors import AnswerLost, VendorTrouble, VendorUnavailable
from vapi_sms.core.routings.handlers import Handler
from vapi_sms.core.values import VapiSettings
from vapi_sms.live.calling.calls import Patience
from vapi_sms.live.calling.network import Network
from vapi_sms.live.settings import Settings
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.vapi.client import VapiClient
from vapi_sms.sandbox import RunningSandbox

from tests.company_network import Authority
from tests.live.evidence import line, the, trouble
from tests.sandbox.world import SUPPORT, WEBHOOK

TIMEOUT = 0.8  # longer than a busy machine lets anybody wait for 50 ms
NO_END = "did not end its answer within 2.4 s"
AGAIN = "then run the same command again."


@pytest.fixture
def hasty(settings: Settings) -> Settings:
    """Return settings of someone who waits for nothing long, and not twice."""
    return replace(settings, timeout=TIMEOUT, patience=0.0)


@pytest.fixture
def twilio(hasty: Settings) -> Iterator[TwilioClient]:
    """Return a client of theirs for Twilio."""
    client = TwilioClient(hasty)
    yield client
    client.close()


@pytest.fixture
def vapi(hasty: Settings) -> Iterator[VapiClient]:
    """Return a client of theirs for Vapi."""
    client = VapiClient(hasty)
    yield client
    client.close()


def ended(*acts: Callable[[], object]) -> list[VendorTrouble]:
    """Return the trouble that each act ends in, side by side; none waits as long as a drip lasts, which is for ever."""
    started = time.monotonic()
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(trouble, acts))
    assert time.monotonic() - started > 2 * TIMEOUT
    return found


def test_a_reading_that_drips_for_ever_ends(
    sandbox: RunningSandbox, twilio: TwilioClient, vapi: VapiClient
) -> None:
    """At its deadline, like a time-out; the next request has a connection of its own, and the vendor's answer."""
    host = sandbox.url.removeprefix("http://")
    for vendor in ("twilio", "vapi"):
        sandbox.fault(vendor=vendor, method="GET", endless_drip=50)

    at_twilio, at_vapi = ended(lambda: twilio.find_number(WEBHOOK), vapi.list_numbers)

    assert type(at_twilio) is type(at_vapi) is VendorUnavailable
    assert at_twilio.why == at_vapi.why == f"{host} {NO_END}"
    assert line(at_vapi) == (
        f"Listing the phone numbers of the Vapi org: {host} {NO_END}. Check the network "
        f"and VAPI_BASE_URL (config: vapi:baseUrl), {AGAIN}"
    )
    assert the(twilio.find_number(WEBHOOK)).number == WEBHOOK
    assert vapi.list_numbers() == []


def test_the_outcome_of_a_write_whose_answer_drips_is_unknown(
    sandbox: RunningSandbox, twilio: TwilioClient, vapi: VapiClient
) -> None:
    """Both took effect, nothing says so: whoever wrote has to look, and no import is sent twice."""
    number = the(twilio.find_number(WEBHOOK))
    for vendor in ("twilio", "vapi"):
        sandbox.fault(vendor=vendor, method="POST", endless_drip=50, count=None)

    at_twilio, at_vapi = ended(
        lambda: twilio.update_routing(number, messaging=Handler.demo()),
        lambda: vapi.import_number(WEBHOOK, VapiSettings(assistant_id=SUPPORT)),
    )

    assert type(at_twilio) is type(at_vapi) is AnswerLost
    assert [entry["method"] for entry in sandbox.journal()].count("POST") == 2
    assert [record["number"] for record in sandbox.vapi_numbers()] == [WEBHOOK]


def test_a_drip_is_asked_again_while_patience_lasts(sandbox: RunningSandbox, hasty: Settings) -> None:
    """One that was a passing trouble is none."""
    sandbox.fault(endless_drip=50)
    client = VapiClient(hasty, patience=Patience(5.0))

    assert client.list_numbers() == []
    assert client.requests == 2
    client.close()


def test_a_connection_that_was_used_before_is_watched_too(
    sandbox: RunningSandbox, twilio: TwilioClient, vapi: VapiClient
) -> None:
    """Also where it was made for an earlier request: nobody tells of it again."""
    assert the(twilio.find_number(WEBHOOK)).number == WEBHOOK
    assert vapi.list_numbers() == []
    sandbox.fault(vendor="twilio", endless_drip=50)
    sandbox.fault(vendor="vapi", endless_drip=50)

    for found in ended(twilio.list_numbers, vapi.list_numbers):
        assert NO_END in found.why


def test_what_is_slow_but_ends_in_time_is_an_answer(sandbox: RunningSandbox, settings: Settings) -> None:
    """A long list on a slow line takes longer than a time-out, and is no drip."""
    client = VapiClient(replace(settings, timeout=2.0, patience=0.0))
    sandbox.fault(vendor="vapi", body='{"results": [], "metadata": {"totalItems": 0}}', slow_drip=50)

    started = time.monotonic()

    assert client.list_numbers() == []
    assert time.monotonic() - started > 2.2
    client.close()


@contextlib.contextmanager
def dripping_heads(tls: ssl.SSLContext | None) -> Iterator[str]:
    """Serve answers whose head never ends; give host and port."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer(taken: socket.socket) -> None:
            with (
                contextlib.suppress(OSError),
                tls.wrap_socket(taken, server_side=True) if tls else taken as line,
            ):
                line.recv(1 << 16)
                line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not over.wait(0.05):
                    line.sendall(b"a")

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(listening.accept()[0],)).start()

        server = threading.Thread(target=serve)
        server.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        server.join(5)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_head_that_drips_for_ever_ends_too(hasty: Settings, tmp_path: Path, scheme: str) -> None:
    """The deadline is of the whole answer, status and headers included, encrypted as the vendors' are or not."""
    authority = Authority(tmp_path)
    network = Network.of({"SSL_CERT_FILE": str(authority.file)}, ())
    with dripping_heads(authority.server("127.0.0.1") if scheme == "https" else None) as host:
        url = f"{scheme}://{host}"
        twilio, vapi = (
            client(replace(hasty, twilio_base_url=url, vapi_base_url=url, network=network))
            for client in (TwilioClient, VapiClient)
        )

        for found in ended(twilio.list_numbers, vapi.list_numbers):
            assert found.why == f"{host} {NO_END}"
        twilio.close()
        vapi.close()
