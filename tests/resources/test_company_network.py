"""The provider in a company's network: texts are handed over through its proxy, and what is wrong is one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.company_network import TWILIO, VAPI, Authority, Server, both_behind_a_proxy
from tests.resources.evidence import same_for_all
from tests.resources.one_line import refused
from tests.resources.provider import Props
from tests.resources.stack import Stack
from tests.sandbox.world import WEBHOOK

if TYPE_CHECKING:
    from tests.resources.conftest import Spawn

WISH: Props = {"number": WEBHOOK, "assistant": "Support"}
AGAIN = "then run the same command again."


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return the company's CA."""
    return Authority(tmp_path)


@pytest.fixture
def proxy(sandbox: RunningSandbox, authority: Authority) -> Iterator[Server]:
    """Serve a proxy that alone knows the way to both vendors, who are reached by TLS."""
    port = urlsplit(sandbox.url).port or 0
    with both_behind_a_proxy(port, authority, password="user:canary") as found:
        yield found


@pytest.fixture
def env(env: dict[str, str], proxy: Server, authority: Authority) -> dict[str, str]:
    """Return the environment of the company's machines."""
    return {
        **env,
        "TWILIO_BASE_URL": f"https://{TWILIO}",
        "VAPI_BASE_URL": f"https://{VAPI}",
        "HTTPS_PROXY": f"http://user:canary@{proxy.address}",
        "REQUESTS_CA_BUNDLE": str(authority.file),
    }


def test_texts_are_handed_over_and_put_back_through_a_proxy(
    sandbox: RunningSandbox, spawn: Spawn, proxy: Server
) -> None:
    """Both vendors, with one CA and one proxy, and nothing of either in what people read."""
    before = sandbox.routing_snapshot()
    stack = Stack(spawn())

    stack.up(**WISH)
    answered = sandbox.text("+12025550143", WEBHOOK, "hello")["answered_by"]
    stack.destroy()

    assert answered == "Vapi assistant Support"
    assert sandbox.routing_snapshot() == before
    assert {head.split(" ")[1] for head in proxy.heads} == {f"{TWILIO}:443", f"{VAPI}:443"}
    assert "canary" not in "\n".join(stack.provider.stderr())


TROUBLES = {
    "socks": (
        {"HTTPS_PROXY": None, "ALL_PROXY": "socks5://user:canary@127.0.0.1:1"},
        "ALL_PROXY names a SOCKS proxy, which the clients of Twilio and Vapi cannot use: name an HTTP proxy",
    ),
    "no address": (
        {"HTTPS_PROXY": "http://user:can#ary@proxy:1"},
        "HTTPS_PROXY is not a proxy's address: write http://host:port",
    ),
    "missing file": (
        {"CURL_CA_BUNDLE": "/nowhere/ca.pem"},
        "CURL_CA_BUNDLE names /nowhere/ca.pem, which is not there: correct it, or unset it",
    ),
    "another password": (
        {"HTTPS_PROXY": "http://user:canary-2@{proxy}"},
        "the proxy {proxy} (HTTPS_PROXY) does not take the user and password that it was given (HTTP 407)",
    ),
    "nobody there": (
        {"HTTPS_PROXY": "http://user:canary@127.0.0.1:1"},
        f"no connection to the proxy 127.0.0.1:1 (HTTPS_PROXY). Check HTTPS_PROXY and the network, {AGAIN}",
    ),
    "no trust": (
        {"REQUESTS_CA_BUNDLE": None},
        f"the certificate of {TWILIO} is not trusted: unable to get local issuer certificate",
    ),
    "in clear": (
        {"VAPI_BASE_URL": "http://sandbox.acme.example"},
        "VAPI_BASE_URL is 'http://sandbox.acme.example', where credentials would travel unencrypted",
    ),
}


@pytest.mark.parametrize(("changes", "line"), TROUBLES.values(), ids=TROUBLES)
def test_what_is_wrong_with_the_network_is_one_line(
    spawn: Spawn, proxy: Server, changes: dict[str, str | None], line: str
) -> None:
    """By the preview, with the variable's name and without a password; nothing of it is a bug of ours."""
    env = {name: value and value.format(proxy=proxy.address) for name, value in changes.items()}

    told = refused(Stack(spawn(**env)), **WISH)

    assert same_for_all(line.format(proxy=proxy.address)) in told
    assert "a bug in vapi-sms" not in told
