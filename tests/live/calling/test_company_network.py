"""Both clients in a company's network: its CA, its proxy, and whatever is wrong with either, in one line at once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from vapi_sms.live.calling.calls import Patience
from vapi_sms.live.settings import resolve_settings
from vapi_sms.live.twilio.client import TwilioClient
from vapi_sms.live.vapi.client import VapiClient

from tests.company_network import TWILIO, VAPI, Authority, Server, proxy_to, tls_before
from tests.live.evidence import trouble
from tests.sandbox.world import AC, ORG_KEY, TOKEN

if TYPE_CHECKING:
    from vapi_sms.core.errors import VendorTrouble
    from vapi_sms.sandbox import RunningSandbox

    from tests.live.conftest import Hourglass

VENDORS = ("twilio", "vapi")
GOOD, SPELLED = "user:right", "user:canary@1/2"
AGAIN = "then run the same command again."


@dataclass
class Acme:
    """A company: its CA, the vendors behind TLS, and how its people's machines are set up."""

    authority: Authority
    port: int
    patience: Patience
    heads: list[str]
    env: dict[str, str] = field(default_factory=dict)
    clients: list[TwilioClient | VapiClient] = field(default_factory=list)

    def reading(self, vendor: str, address: str = "", **env: str) -> Callable[[], object]:
        """Give what reads a vendor's list, at an address, by default that of this machine."""
        url = f"https://{address or f'127.0.0.1:{self.port}'}"
        variables = {
            "TWILIO_ACCOUNT_SID": AC,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "VAPI_API_KEY": ORG_KEY,
            "TWILIO_BASE_URL": url,
            "VAPI_BASE_URL": url,
            **self.env,
            **env,
        }
        settings = resolve_settings(variables, {})
        assert settings is not None
        client: TwilioClient | VapiClient
        if vendor == "twilio":
            client = TwilioClient(settings, self.patience)
        else:
            client = VapiClient(settings, patience=self.patience)
        self.clients.append(client)
        return client.list_numbers

    def trusting(self, variable: str = "SSL_CERT_FILE") -> Acme:
        """Set up machines to trust the company's CA."""
        self.env[variable] = str(self.authority.file)
        return self


@pytest.fixture
def acme(
    sandbox: RunningSandbox, hourglass: Hourglass, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Acme]:
    """Return a company with both vendors; this process's own environment says things that are not so."""
    for misleading in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(misleading, "/nowhere")
    for misleading in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(misleading, "http://127.0.0.1:1")
    authority = Authority(tmp_path)
    with tls_before(urlsplit(sandbox.url).port or 0, authority.server("127.0.0.1", TWILIO, VAPI)) as front:
        found = Acme(authority, front.port, hourglass.patience(), front.heads)
        yield found
        for client in found.clients:
            client.close()


@contextlib.contextmanager
def through_a_proxy(acme: Acme, **how: object) -> Iterator[Server]:
    """Set up machines to use a proxy that knows the way to the vendors."""
    with proxy_to({TWILIO: acme.port, VAPI: acme.port}, **how) as proxy:  # type: ignore[arg-type] # handed on
        acme.env["HTTPS_PROXY"] = f"http://{proxy.address}"
        yield proxy


def line_of(error: VendorTrouble) -> tuple[str, str]:
    """Give why, and what to do."""
    return error.why, error.advice


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_ca_of_ones_own_is_trusted_by_both(acme: Acme, vendor: str, variable: str) -> None:
    """Under each of the names that people know."""
    assert isinstance(acme.trusting(variable).reading(vendor)(), list)


@pytest.mark.parametrize("vendor", VENDORS)
def test_caches_are_asked_to_stay_out(acme: Acme, vendor: str) -> None:
    """What a cache remembers may be older than what we wrote."""
    acme.trusting().reading(vendor)()

    assert acme.heads
    assert all("\r\ncache-control: no-cache" in head.lower() for head in acme.heads)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_certificate_that_nobody_trusts_is_told_at_once(
    acme: Acme, hourglass: Hourglass, vendor: str
) -> None:
    """It will not be trusted a minute later either; the line says what to set."""
    error = trouble(acme.reading(vendor))

    assert line_of(error) == (
        f"the certificate of 127.0.0.1:{acme.port} is not trusted: unable to get local issuer certificate",
        f"If your network signs connections anew, set SSL_CERT_FILE to the file with its CA, in PEM form, {AGAIN}",
    )
    assert hourglass.slept == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_another_ca_than_the_companys_names_the_variable(acme: Acme, tmp_path: Path, vendor: str) -> None:
    """What was set is not enough."""
    acme.env["REQUESTS_CA_BUNDLE"] = str(Authority(tmp_path, "Another CA").file)

    assert trouble(acme.reading(vendor)).advice == (
        f"Add the CA that signed it to what REQUESTS_CA_BUNDLE names, in PEM form, {AGAIN}"
    )


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        (
            ("127.0.0.1", -1),
            ("certificate has expired", "Check this machine's clock, and who answers at that address"),
        ),
        (
            ("other.example", 1),
            ("IP address mismatch, certificate is not valid for '127.0.0.1'", "Check the address"),
        ),
    ],
)
def test_a_certificate_that_is_not_valid_says_why(
    acme: Acme, hourglass: Hourglass, vendor: str, certificate: tuple[str, int], told: tuple[str, str]
) -> None:
    """No other CA would help there."""
    name, days = certificate
    with tls_before(acme.port, acme.authority.server(name, days=days)) as front:
        error = trouble(acme.trusting().reading(vendor, front.address))

    assert line_of(error) == (
        f"the certificate of {front.address} is not trusted: {told[0]}",
        f"{told[1]}, {AGAIN}",
    )
    assert hourglass.slept == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_server_without_tls_is_told_at_once(
    acme: Acme, sandbox: RunningSandbox, hourglass: Hourglass, vendor: str
) -> None:
    """An https:// address of something that speaks HTTP only."""
    address = sandbox.url.removeprefix("http://")

    error = trouble(acme.reading(vendor, address))

    assert line_of(error) == (f"{address} does not speak TLS", f"Check the address and the network, {AGAIN}")
    assert hourglass.slept == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_proxy_is_used_by_both(acme: Acme, vendor: str) -> None:
    """It alone knows the way; what it carries is encrypted."""
    with through_a_proxy(acme) as proxy:
        assert isinstance(acme.trusting().reading(vendor, TWILIO)(), list)

    assert [head.split(" HTTP/")[0] for head in proxy.heads] == [f"CONNECT {TWILIO}:443"]
    assert TOKEN not in "".join(proxy.heads)
    assert ORG_KEY not in "".join(proxy.heads)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_password_for_the_proxy_reaches_it_alone(acme: Acme, vendor: str) -> None:
    """As it is, whatever letters had to be spelled in another way."""
    with through_a_proxy(acme, password=SPELLED) as proxy:
        acme.env["HTTPS_PROXY"] = f"http://user:canary%401%2F2@{proxy.address}"

        assert isinstance(acme.trusting().reading(vendor, TWILIO)(), list)

    assert all("proxy-authorization" not in head.lower() for head in acme.heads)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_proxy_that_asks_for_a_password_is_told_at_once(
    acme: Acme, hourglass: Hourglass, vendor: str
) -> None:
    """Where none was given, where to write it; where one was, that it is wrong, and not what it is."""
    with through_a_proxy(acme, password=GOOD) as proxy:
        none = trouble(acme.reading(vendor, TWILIO))
        wrong = trouble(
            acme.reading(vendor, TWILIO, HTTPS_PROXY=f"http://canary-user:canary@{proxy.address}")
        )

    who = f"the proxy {proxy.address} (HTTPS_PROXY)"
    assert line_of(none) == (
        f"{who} asks for a user and password (HTTP 407)",
        f"Write them into HTTPS_PROXY, as http://user:password@{proxy.address}, {AGAIN}",
    )
    assert line_of(wrong) == (
        f"{who} does not take the user and password that it was given (HTTP 407)",
        f"Correct HTTPS_PROXY, {AGAIN}",
    )
    assert "canary" not in f"{wrong}{none}"
    assert hourglass.slept == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_proxy_that_forbids_a_host_is_told_at_once(acme: Acme, hourglass: Hourglass, vendor: str) -> None:
    """What to do is a person's, here or there."""
    with through_a_proxy(acme, status="403 Forbidden") as proxy:
        error = trouble(acme.reading(vendor, VAPI))

    assert line_of(error) == (
        f"the proxy {proxy.address} (HTTPS_PROXY) does not connect to {VAPI} (HTTP 403)",
        f"Have it let this machine through, or put the host into NO_PROXY, {AGAIN}",
    )
    assert hourglass.slept == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_proxy_that_does_not_reach_a_host_is_tried_again(
    acme: Acme, hourglass: Hourglass, vendor: str
) -> None:
    """It may, a moment later: as long as for a host that is not there."""
    with through_a_proxy(acme) as proxy:
        error = trouble(acme.reading(vendor, "other.example"))

    assert (
        error.why == f"the proxy {proxy.address} (HTTPS_PROXY) does not connect to other.example (HTTP 502)"
    )
    assert 5 < sum(hourglass.slept) < 20


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("address", ["127.0.0.1:1", "no-such-proxy.invalid:3128"])
def test_a_proxy_that_is_not_there_is_named(
    acme: Acme, hourglass: Hourglass, vendor: str, address: str
) -> None:
    """Not the vendor, who has no part in it; by the variable, and without the password."""
    error = trouble(acme.reading(vendor, TWILIO, HTTPS_PROXY=f"http://user:canary@{address}"))

    assert line_of(error) == (
        f"no connection to the proxy {address} (HTTPS_PROXY)",
        f"Check HTTPS_PROXY and the network, {AGAIN}",
    )
    assert sum(hourglass.slept) < 20


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_proxy_that_says_nothing_ends_as_a_host_does(acme: Acme, vendor: str) -> None:
    """Its time-out is a connection's."""
    with through_a_proxy(acme, silent=True):
        error = trouble(acme.reading(vendor, TWILIO, VAPI_SMS_TIMEOUT_SECONDS="0.3"))

    assert "within 0.3 s" in error.why or "no connection to the proxy" in error.why


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_proxy_may_be_reached_by_tls(acme: Acme, vendor: str) -> None:
    """Trusted like the vendors; where it is not, the line says so; where it speaks none, what to write."""
    with through_a_proxy(acme, tls=acme.authority.server("127.0.0.1")) as proxy:
        url = f"https://{proxy.address}"
        distrusted = trouble(acme.reading(vendor, TWILIO, HTTPS_PROXY=url))
        assert isinstance(acme.trusting().reading(vendor, TWILIO, HTTPS_PROXY=url)(), list)
    with through_a_proxy(acme) as proxy:
        plain = trouble(acme.reading(vendor, TWILIO, HTTPS_PROXY=f"https://{proxy.address}"))

    assert distrusted.why.startswith(f"the certificate of {TWILIO} or the proxy ")
    assert line_of(plain) == (
        f"the proxy {proxy.address} (HTTPS_PROXY) does not speak TLS",
        f"Write http:// in HTTPS_PROXY: what goes through it is encrypted all the same, {AGAIN}",
    )


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_certificate_behind_a_proxy_is_judged_too(acme: Acme, hourglass: Hourglass, vendor: str) -> None:
    """The proxy that opens connections and signs them anew is why companies have CAs of their own."""
    with through_a_proxy(acme):
        error = trouble(acme.reading(vendor, TWILIO))

    assert error.why == f"the certificate of {TWILIO} is not trusted: unable to get local issuer certificate"
    assert hourglass.slept == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_http_through_a_proxy_is_judged_alike(acme: Acme, vendor: str) -> None:
    """Who allowed an address without TLS: there the proxy itself answers requests."""
    with through_a_proxy(acme, password=GOOD) as proxy:
        env = {"HTTP_PROXY": f"http://{proxy.address}", "VAPI_SMS_ALLOW_HTTP": "1"}
        url = f"http://{TWILIO}"

        error = trouble(acme.reading(vendor, TWILIO, **env, TWILIO_BASE_URL=url, VAPI_BASE_URL=url))

    assert error.why == f"the proxy {proxy.address} (HTTP_PROXY) asks for a user and password (HTTP 407)"
