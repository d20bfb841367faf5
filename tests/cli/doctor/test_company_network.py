"""`vapi-sms doctor` in a company's network, as a process of its own: through a proxy, and not at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.cli.command import BORN
from tests.company_network import TWILIO, VAPI, Authority, Server, both_behind_a_proxy
from tests.sandbox.world import AC, ORG_KEY, TOKEN, WEBHOOK

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

GOOD = "user:canary"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return the company's CA."""
    return Authority(tmp_path)


@pytest.fixture
def proxy(sandbox: RunningSandbox, authority: Authority) -> Iterator[Server]:
    """Serve a proxy that alone knows the way to both vendors, who are reached by TLS."""
    port = urlsplit(sandbox.url).port or 0
    with both_behind_a_proxy(port, authority, password=GOOD) as found:
        yield found


def doctor(proxy: Server, authority: Authority, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run the command with the company's environment, changed; no secret is ever told."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        "TWILIO_ACCOUNT_SID": AC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "VAPI_API_KEY": ORG_KEY,
        "TWILIO_BASE_URL": f"https://{TWILIO}",
        "VAPI_BASE_URL": f"https://{VAPI}",
        "https_proxy": f"http://{GOOD}@{proxy.address}",
        "SSL_CERT_FILE": str(authority.file),
        **changes,
    }
    given = {name: value for name, value in env.items() if value is not None}
    ran = subprocess.run(
        [BORN, "doctor", WEBHOOK], env=given, capture_output=True, text=True, check=False, timeout=60
    )
    assert "canary" not in ran.stdout + ran.stderr
    return ran


def test_a_number_is_examined_through_a_proxy(proxy: Server, authority: Authority) -> None:
    """Both vendors, with one CA and one proxy."""
    ran = doctor(proxy, authority)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert WEBHOOK in ran.stdout
    assert {head.split(" ")[1] for head in proxy.heads} >= {f"{TWILIO}:443", f"{VAPI}:443"}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"https_proxy": None, "all_proxy": "socks5h://user:canary@127.0.0.1:1"},
            "vapi-sms: all_proxy names a SOCKS proxy, which the clients of Twilio and Vapi cannot use: ",
        ),
        (
            {"SSL_CERT_FILE": "/nowhere/ca.pem"},
            "vapi-sms: SSL_CERT_FILE names /nowhere/ca.pem, which is not there: correct it, or unset it\n",
        ),
        ({"https_proxy": "user:canary@:1"}, "vapi-sms: https_proxy is not a proxy's address: write http://host:port"),
        (
            {"https_proxy": "http://127.0.0.1:1", "VAPI_SMS_PATIENCE_SECONDS": "0"},
            ": no connection to the proxy 127.0.0.1:1 (https_proxy). Check https_proxy and the network, ",
        ),
        ({"SSL_CERT_FILE": None}, f"the certificate of {TWILIO} is not trusted: unable to get local issuer"),
        ({"https_proxy": "http://{proxy}"}, "the proxy {proxy} (https_proxy) asks for a user and password (HTTP 407)"),
        (
            {"NO_PROXY": "::1,[fd00::1]:8443,fd00::/8", "https_proxy": "http://{proxy}"},
            "the proxy {proxy} (https_proxy) asks for a user and password (HTTP 407)",
        ),
        ({"TWILIO_BASE_URL": "http://twilio.example"}, "where credentials would travel unencrypted: write https://"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_network_is_one_line(
    proxy: Server, authority: Authority, changes: dict[str, str | None], line: str
) -> None:
    """At once, although patience would last for a minute; exit code 2."""
    env = {name: value and value.format(proxy=proxy.address) for name, value in changes.items()}

    ran = doctor(proxy, authority, **env)

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert line.format(proxy=proxy.address) in ran.stderr
