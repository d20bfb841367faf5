"""What the environment says of the network: one reading for both vendors, in whatever way it is spelled."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import BadInput
from vapi_sms.live.calling.network import Network, is_loopback
from vapi_sms.live.settings import TWILIO, VAPI, resolve_settings

from tests.company_network import Authority
from tests.sandbox.world import AC, ORG_KEY, TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

API = "https://api.twilio.com"
PROXY = "http://proxy.acme.example:3128"
FORM = "write http://host:port, or http://user:password@host:port with %40 for @, %2F for / and so on in the password"


def way(env: Mapping[str, str], url: str = API) -> str:
    """Give the proxy to a URL, or nothing."""
    found = Network.of(env, (url,)).proxy(url)
    return "" if found is None else found.url


def complaint(env: Mapping[str, str], *addresses: str) -> str:
    """Give the one line by which an environment is refused; it shows no secret."""
    with pytest.raises(BadInput) as caught:
        Network.of(env, addresses or (API,))
    line = str(caught.value)
    assert "\n" not in line
    assert "canary" not in line
    return line


@pytest.mark.parametrize(
    ("env", "proxy"),
    [
        ({}, ""),
        ({"HTTPS_PROXY": PROXY}, PROXY),
        ({"https_proxy": PROXY}, PROXY),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other:1"}, PROXY),
        ({"https_proxy": "", "HTTPS_PROXY": PROXY}, ""),
        ({"ALL_PROXY": PROXY}, PROXY),
        ({"all_proxy": PROXY}, PROXY),
        ({"ALL_PROXY": "http://other:1", "HTTPS_PROXY": PROXY}, PROXY),
        ({"HTTP_PROXY": PROXY}, ""),
        ({"HTTPS_PROXY": " proxy.acme.example:3128 "}, PROXY),
        ({"HTTPS_PROXY": "https://u:canary%40@proxy.acme.example"}, "https://u:canary%40@proxy.acme.example"),
        ({"HTTPS_PROXY": f"{PROXY}/"}, f"{PROXY}/"),
        ({"HTTPS_PROXY": "socks5://x:1", "NO_PROXY": "api.twilio.com"}, ""),
        ({"ALL_PROXY": "socks5://x:1", "HTTPS_PROXY": PROXY}, PROXY),
    ],
)
def test_proxies_are_named_as_everywhere(env: dict[str, str], proxy: str) -> None:
    """By scheme, else for all; lower case wins; a scheme may be missing; what is not used is not judged."""
    assert way(env) == proxy


@pytest.mark.parametrize(
    ("entry", "url", "is_direct"),
    [
        ("*", API, True),
        ("api.twilio.com", API, True),
        ("API.Twilio.com", API, True),
        ("twilio.com", API, True),
        (".twilio.com", API, True),
        ("*.twilio.com", API, True),
        ("io.com", API, False),
        ("other, twilio.com ,x", API, True),
        ("twilio.com:443", API, True),
        ("twilio.com:8443", API, False),
        ("twilio.com:8443", "https://api.twilio.com:8443", True),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.0/8", "https://11.1.2.3", False),
        ("10.1.2.3", "https://10.1.2.3:8443", True),
        ("10.1.2.3:443", "https://10.1.2.3:8443", False),
        ("fd00::1", "https://[fd00::1]", True),
        ("[fd00::1]", "https://[fd00::1]:8443", True),
        ("[fd00::1]:8443", "https://[fd00::1]:8443", True),
        ("[fd00::1]:8443", "https://[fd00::1]", False),
        ("fd00::/8", "https://[fd12::1]", True),
        ("::1,fd00::2", API, False),
        ("[::", API, False),
        ("10.0.0.0/99", "https://10.1.2.3", False),
        ("192.168.*", "https://192.168.1.1", False),
        (",,", API, False),
    ],
)
def test_hosts_that_are_reached_directly(entry: str, url: str, *, is_direct: bool) -> None:
    """Names, domains, addresses and networks of both kinds, with or without ports; what makes no sense names nobody."""
    assert bool(way({"HTTPS_PROXY": PROXY, "no_proxy": entry}, url)) is not is_direct
    assert bool(way({"HTTPS_PROXY": PROXY, "NO_PROXY": entry}, url)) is not is_direct


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "LOCALHOST"])
def test_no_proxy_is_asked_for_this_machine(host: str) -> None:
    """It could not get here; a sandbox beside a company's proxy needs no NO_PROXY."""
    assert way({"ALL_PROXY": PROXY}, f"https://{host}:8787") == ""
    assert is_loopback(host)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "SOCKS4", "socks"])
@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
def test_socks_is_one_line(variable: str, scheme: str) -> None:
    """Both libraries would need another one for it; the line names the variable and two ways out."""
    assert complaint({variable: f"{scheme}://user:canary@proxy.acme.example:1080"}) == (
        f"{variable} names a SOCKS proxy, which the clients of Twilio and Vapi cannot use: name an HTTP proxy "
        "(http://host:port), or put api.twilio.com into NO_PROXY"
    )


@pytest.mark.parametrize(
    "value",
    [
        "http://",
        "http://user:canary@",
        "http://user:can#ary@proxy:1",
        "http://user:canary/x@proxy:1",
        "http://proxy:canary",
        "http://proxy:0",
        "http://[::1",
        "ftp://proxy:1",
        "http://proxy:1/path",
        "http://proxy:1?canary",
        "://",
        "http://proxy:99999",
    ],
)
def test_what_is_no_proxys_address_is_one_line(value: str) -> None:
    """Its value is not shown: what cannot be read may be a password."""
    assert complaint({"HTTPS_PROXY": value}) == f"HTTPS_PROXY is not a proxy's address: {FORM}"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_missing_ca_file_is_one_line(tmp_path: Path, variable: str) -> None:
    """Told before anything is asked, with the variable; so is one without a certificate, or that nobody may read."""
    missing, empty, nonsense = (tmp_path / name for name in ("missing.pem", "empty.pem", "nonsense.pem"))
    empty.write_text("")
    nonsense.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    no_pem = "which holds no certificate in PEM form: correct it, or unset it"

    assert complaint({variable: str(missing)}) == (
        f"{variable} names {missing}, which is not there: correct it, or unset it"
    )
    assert complaint({variable: str(empty)}) == f"{variable} names {empty}, {no_pem}"
    assert complaint({variable: str(nonsense)}) == f"{variable} names {nonsense}, {no_pem}"
    assert complaint({variable: "/dev/null/x"}).startswith(
        f"{variable} names /dev/null/x, which is not there"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_ca_file_that_nobody_may_read_is_one_line(tmp_path: Path) -> None:
    """With what the system says."""
    file = tmp_path / "x.pem"
    file.write_text("")
    file.chmod(0)

    assert complaint({"SSL_CERT_FILE": str(file)}) == (
        f"SSL_CERT_FILE names {file}, which cannot be read: Permission denied"
    )


def test_all_files_count_and_the_usual_cas_do_not(tmp_path: Path) -> None:
    """Each library read its own variable: whoever set two of them means both."""
    ours, others = Authority(tmp_path, "Ours"), Authority(tmp_path, "Others")
    env = {
        "SSL_CERT_FILE": str(ours.file),
        "REQUESTS_CA_BUNDLE": str(others.file),
        "SSL_CERT_DIR": "/nowhere",
    }

    trusted = Network.of(env, (API,)).trusted()

    assert sorted(str(each["subject"]) for each in trusted.get_ca_certs()) == [
        f"((('commonName', '{name}'),),)" for name in ("Others", "Ours")
    ]


def test_a_file_that_several_variables_name_is_read_once(tmp_path: Path) -> None:
    """As companies' machines have it; a hundred certificates take as long as ten requests."""
    ours = str(Authority(tmp_path, "Ours").file)

    network = Network.of({"SSL_CERT_FILE": ours, "REQUESTS_CA_BUNDLE": ours, "CURL_CA_BUNDLE": ours}, (API,))

    assert network.ca_files == (("SSL_CERT_FILE", ours),)
    assert len(network.trusted().get_ca_certs()) == 1


def test_a_folder_of_cas_is_taken_and_a_missing_one_told(tmp_path: Path) -> None:
    """As OpenSSL names it; one that is missing beside a file is no trouble."""
    assert Network.of({"SSL_CERT_DIR": f"/nowhere:{tmp_path}"}, (API,)).ca_files == (
        ("SSL_CERT_DIR", str(tmp_path)),
    )
    assert complaint({"SSL_CERT_DIR": "/nowhere"}) == (
        "SSL_CERT_DIR names /nowhere, which is no folder: correct it, or unset it"
    )


def test_the_usual_cas_are_trusted_where_nothing_is_said() -> None:
    """A hundred of them and more."""
    assert len(Network.of({}, (API,)).trusted().get_ca_certs()) > 100


CREDENTIALS = {"TWILIO_ACCOUNT_SID": AC, "TWILIO_AUTH_TOKEN": TOKEN, "VAPI_API_KEY": ORG_KEY}


def test_settings_judge_the_addresses_that_will_be_asked() -> None:
    """All of Twilio's hosts and Vapi's, or what stands in their place."""
    everywhere = {
        "HTTPS_PROXY": "socks5://x:1",
        "NO_PROXY": ",".join((*TWILIO, VAPI)).replace("https://", ""),
    }
    elsewhere = {"TWILIO_BASE_URL": "https://127.0.0.1:1", "VAPI_BASE_URL": "https://[::1]:1"}

    assert resolve_settings({**CREDENTIALS, **everywhere}, {}) is not None
    assert resolve_settings({**CREDENTIALS, **elsewhere, "ALL_PROXY": "socks5://x:1"}, {}) is not None
    with pytest.raises(
        BadInput, match=r"^ALL_PROXY names a SOCKS proxy, .*put conversations\.twilio\.com into"
    ):
        resolve_settings(
            {**CREDENTIALS, "ALL_PROXY": "socks5://x:1", "NO_PROXY": "api.twilio.com,messaging.twilio.com"},
            {},
        )


@pytest.mark.parametrize("variable", ["TWILIO_BASE_URL", "VAPI_BASE_URL"])
@pytest.mark.parametrize("url", ["http://sandbox.acme.example:8787", "http://10.1.2.3", "HTTP://0.0.0.0:1"])
def test_an_address_without_tls_is_refused(variable: str, url: str) -> None:
    """Keys would travel for everybody to read; who means it says so, and this machine is no way at all."""
    env = {**CREDENTIALS, variable: url}

    with pytest.raises(BadInput) as caught:
        resolve_settings(env, {})

    assert str(caught.value) == (
        f"{variable} is {url!r}, where credentials would travel unencrypted: write https://, or set "
        "VAPI_SMS_ALLOW_HTTP=1 if that is a sandbox on another machine"
    )
    with pytest.raises(BadInput):
        resolve_settings({**env, "VAPI_SMS_ALLOW_HTTP": "0"}, {})
    assert resolve_settings({**env, "VAPI_SMS_ALLOW_HTTP": "1"}, {}) is not None
    assert resolve_settings({**env, variable: "http://127.0.0.1:1"}, {}) is not None
    assert resolve_settings({**env, variable: "http://[::1]:1"}, {}) is not None
    assert resolve_settings({**env, variable: "http://localhost:1"}, {}) is not None


def test_an_address_without_tls_in_the_configuration_is_refused_too() -> None:
    """By the name that it has there; the way out is a person's at this machine, and no line of a stack's file."""
    config = {"vapi:baseUrl": "http://sandbox.acme.example", "vapi-sms:allowHttp": "1"}

    with pytest.raises(
        BadInput, match=r"^vapi:baseUrl is 'http://sandbox\.acme\.example', where credentials"
    ):
        resolve_settings(CREDENTIALS, config)
