"""A web page that somebody has open can neither drive the sandbox nor read it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import httpx
import pytest
from vapi_sms.sandbox import Names, RunningSandbox

from tests.sandbox import world
from tests.sandbox.world import AC, ORG_KEY, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBERS = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json"
PATHS = [
    ("GET", "/_sandbox/state"),
    ("GET", "/_sandbox/journal"),
    ("GET", NUMBERS),
    ("GET", "/phone-number"),
    ("GET", "/v1/Services"),
    ("GET", "/no-such-path"),
    ("POST", "/_sandbox/texts"),
    ("POST", "/_sandbox/reset"),
    ("POST", "/_sandbox/settle"),
    ("DELETE", "/_sandbox/journal"),
    ("POST", "/phone-number"),
    ("DELETE", "/phone-number/x"),
]


@pytest.fixture
def raw(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    """Return a client with the credentials of both vendors, whatever a page could come by."""
    sandbox.outside_number(world.SILENT, sms_url="https://example.com/canary")
    with httpx.Client(base_url=sandbox.url, auth=(AC, TOKEN), trust_env=False) as client:
        yield client


def refused(sandbox: RunningSandbox, answer: httpx.Response) -> str:
    """Hold that a request ended at the door, without effect or trace; return why."""
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert sandbox.journal() == []
    assert sandbox.number(world.SILENT)["sms_url"] == "https://example.com/canary"
    return str(answer.json()["error"])


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_name_that_somebody_points_at_loopback_is_refused(
    sandbox: RunningSandbox, raw: httpx.Client, method: str, path: str
) -> None:
    """DNS rebinding: the page's own host resolves to 127.0.0.1 by now, and the browser calls that the same origin."""
    port = httpx.URL(sandbox.url).port
    headers = {"host": f"evil.example:{port}", "authorization": f"Bearer {ORG_KEY}"}

    answer = raw.request(method, path, headers=headers)

    assert refused(sandbox, answer) == (
        f"sandbox: requests are taken for 127.0.0.1, localhost, ::1, not for the host 'evil.example:{port}'"
    )


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_a_page_of_elsewhere_is_refused(
    sandbox: RunningSandbox, raw: httpx.Client, method: str, path: str, headers: dict[str, str]
) -> None:
    """CSRF: of another site, of a file, of another port of this machine; images and forms, too."""
    assert "no requests of other pages are taken" in refused(
        sandbox, raw.request(method, path, headers=headers)
    )


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None]
)
@pytest.mark.parametrize("path", ["texts", "outside/number", "behaviour", "faults", "release", "reset"])
def test_a_control_request_says_that_it_is_json(
    sandbox: RunningSandbox, raw: httpx.Client, path: str, kind: str | None
) -> None:
    """What a form can send without being asked is refused, also from a browser that says no origin."""
    before = sandbox.state()

    answer = raw.post(
        f"/_sandbox/{path}", content="{}", headers={} if kind is None else {"content-type": kind}
    )

    assert (answer.status_code, answer.json()) == (
        415,
        {"error": "say what the body is: -H 'Content-Type: application/json'"},
    )
    assert sandbox.state() == before


@pytest.mark.parametrize("kind", ["application/yaml", "application/x-yaml", "text/yaml; charset=utf-8"])
def test_a_reset_takes_yaml(raw: httpx.Client, kind: str) -> None:
    """Where it says so."""
    answer = raw.post(
        "/_sandbox/reset", content="behaviour: {delete: clears}", headers={"content-type": kind}
    )

    assert answer.status_code == 204
    assert raw.get("/_sandbox/behaviour").json()["delete"] == "clears"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST:8787", "[::1]", "[::1]:8787", "127.0.0.1:1"]
)
def test_loopback_has_these_names(raw: httpx.Client, host: str) -> None:
    """With any port, since a tunnel may have another one; and a page of this very address may come in."""
    headers = {"host": host, "origin": f"http://{host}", "sec-fetch-site": "same-origin"}

    assert raw.get(NUMBERS, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "host", ["", "[", "localhost.evil.example", "user@evil.example", "192.168.0.1", "127.1"]
)
def test_nothing_else_is_loopback(raw: httpx.Client, host: str) -> None:
    """Nor a name that only looks so."""
    assert raw.get(NUMBERS, headers={"host": host}).status_code == 403


def test_a_request_without_a_host_is_refused(sandbox: RunningSandbox) -> None:
    """As HTTP/1.0 allows it."""
    url = httpx.URL(sandbox.url)
    with socket.create_connection((url.host, url.port or 0)) as plain:
        plain.sendall(b"GET /_sandbox/state HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: plain.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 403")
    assert TOKEN.encode() not in answer


@pytest.mark.parametrize(
    ("host", "further", "taken", "refused"),
    [
        ("127.0.0.1", (), "localhost", "sandbox"),
        ("192.168.7.5", (), "192.168.7.5:8787", "192.168.7.6"),
        ("192.168.7.5", ("Sandbox",), "sandbox:8787", "sandbox.evil.example"),
        ("0.0.0.0", (), "10.0.0.7:8787", "evil.example"),  # noqa: S104 - bound to nothing
        ("0.0.0.0", (), socket.gethostname(), "evil.example"),  # noqa: S104 - the same
    ],
)
def test_bound_elsewhere_it_has_other_names(
    host: str, further: tuple[str, ...], taken: str, refused: str
) -> None:
    """Those that it was bound to, and those that were given; an address can be pointed nowhere else."""
    names = Names.of(host, further)

    assert names.have(taken)
    assert names.have("localhost")
    assert not names.have(refused)
