"""What the twilio SDK sends through: every request counted, repeated where that helps, judged in one place.

The SDK has no retries of its own worth the name, raises four families of exceptions, and logs phone numbers:
it gets to see nothing but answers that are a success and a JSON object. An answer has a deadline as a whole.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests import Session, exceptions
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from vapi_sms.core.documents import read_json
from vapi_sms.live.calling.calls import (
    DEADLINES,
    TIMEOUTS,
    AttemptError,
    Outcome,
    Patience,
    mark,
    reason,
    retry_after,
    told,
)
from vapi_sms.live.calling.unreached import by_a_proxy, by_the_network
from vapi_sms.live.settings import TWILIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from urllib3 import HTTPResponse

    from vapi_sms.live.calling.calls import Wait
    from vapi_sms.live.calling.network import Network
    from vapi_sms.live.settings import Settings
    from vapi_sms.live.twilio.readings import Untyped


_asking = threading.local()


class TwilioConnections(Session):
    """One thread's session; of the environment it knows what `network` says, and of caches that they keep out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["Cache-Control"] = "no-cache"
        self._network = network
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(network))

    def waits(self, wait: Wait) -> None:
        """Name the socket of the next request, of this thread, to those who look after its deadline."""
        _asking.wait = wait

    def merge_environment_settings(self, url: str, *others: Any) -> dict[str, Any]:  # noqa: ANN401 handed on as they are
        """Give what is said of requests to a host; all of ours are made with the same other settings."""
        del others
        proxy = self._network.proxy(url)
        proxies = {} if proxy is None else {urlsplit(url).scheme: proxy.url}
        return {"proxies": proxies, "stream": False, "verify": True, "cert": None}


class _Named(HTTPConnection):
    """A connection that tells whose answer it waits for."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 has it
        # Through a proxy that is reached by TLS the socket is one in a wrapper.
        _asking.wait.line = getattr(self.sock, "socket", self.sock)
        return super().getresponse()


class _NamedTls(_Named, HTTPSConnection):
    """The same, encrypted."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Named


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _NamedTls


class _Adapter(HTTPAdapter):
    def __init__(self, network: Network) -> None:
        self._trusted = network.trusted()
        super().__init__()

    def cert_verify(self, *_: Any) -> None:  # noqa: ANN401 as requests calls it
        """Leave it to whom the pools trust: requests would trust its own file besides, and read it each time."""

    def init_poolmanager(self, *options: Any, **named: Any) -> None:  # noqa: ANN401 handed on as they are
        """Make what makes the pools."""
        super().init_poolmanager(*options, **named, ssl_context=self._trusted)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, *options: Any, **named: Any) -> Any:  # noqa: ANN401 handed on as they are
        """Give what makes the pools behind a proxy."""
        named |= {"ssl_context": self._trusted, "proxy_ssl_context": self._trusted}
        manager = super().proxy_manager_for(*options, **named)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager


_TWILIO = tuple(f"{address}/" for address in TWILIO)
ADDRESSES = "/v1/Configuration/Addresses"
CONFIGURATIONS = "/v2/ControlPlane/Configurations"
TEXTING = "/Messages.json"
"""How paths end at which a POST sends a text."""
# Nothing rests on these: who is to be told of them shall not wait for a minute where they cannot be read.
_PATIENCE_FOR_BESIDES = 5.0
# The SDK logs requests with the phone numbers in them; this logger, known to nobody else, drops them all.
_SILENT = logging.getLogger("vapi_sms.live.twilio.wire.silent")
_SILENT.disabled = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A success, as the SDK expects one, and the JSON object in it."""

    status_code: int
    text: str
    headers: Untyped
    body: dict[str, Untyped]


class TwilioWire:
    """One thread's connections to Twilio, or to whatever stands at the configured address in its place."""

    def __init__(self, settings: Settings, patience: Patience, count: Callable[[], None]) -> None:
        self._http = TwilioHttpClient(timeout=settings.timeout, logger=_SILENT)
        self._http.session = self._connections = TwilioConnections(settings.network)
        self._settings = settings
        self._patience = patience
        self._count = count

    def request(self, method: str, url: str, **options: object) -> Answer:
        """Send a request until it is answered with success; else raise AttemptError."""
        address, patience = self._address(url), self._patience
        if urlsplit(url).path in (ADDRESSES, CONFIGURATIONS):
            patience = replace(patience, seconds=min(patience.seconds, _PATIENCE_FOR_BESIDES))
        # What we send to Twilio may be sent twice, readings and writes of whole values, but for a text to a person.
        is_text = method == "POST" and urlsplit(url).path.endswith(TEXTING)
        return patience.spend(
            lambda: self._attempt(method, address, options), idempotent=not is_text, method=method
        )

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    def _address(self, url: str) -> str:
        base = self._settings.twilio_base_url
        for ours in _TWILIO if base else ():
            if url.startswith(ours):
                return f"{base}/{url.removeprefix(ours)}"
        return url

    def _attempt(self, method: str, url: str, options: dict[str, object]) -> Answer:
        self._refuse_elsewhere(url)
        self._count()
        limit = TIMEOUTS * self._settings.timeout
        with DEADLINES.within(limit) as wait:
            self._connections.waits(wait)
            try:
                response = self._http.request(method, url, **options)
            except exceptions.RequestException as error:
                if not wait.is_late:
                    raise self._unreached(error, url) from error
            except ValueError:
                # A character set that is none: not chained, since what could not be read may hold a secret.
                raise AttemptError(Outcome.FINAL, "the answer is not a JSON object") from None
        if wait.is_late:
            raise AttemptError(
                Outcome.LOST, f"{urlsplit(url).netloc} did not end its answer within {limit:g} s"
            )
        return self._passed(response, method, url)

    def _unreached(self, error: exceptions.RequestException, url: str) -> AttemptError:
        network = self._settings.network
        return by_the_network(error, url, network) or _unanswered(error, url, self._settings.timeout)

    def _refuse_elsewhere(self, url: str) -> None:
        # The newer APIs' pages link to the next one by a whole URL, and the credentials would go there.
        base = self._settings.twilio_base_url
        if not (base and url.startswith(f"{base}/")) and not url.startswith(_TWILIO):
            host = told(urlsplit(url).netloc, self._settings.secrets)
            raise AttemptError(Outcome.FINAL, f"the next page is said to be at {host}")

    def _passed(self, response: Untyped, method: str, url: str) -> Answer:
        if response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            proxy = self._settings.network.proxy(url)
            if proxy is not None:
                raise by_a_proxy(proxy, urlsplit(url).netloc, response.status_code)
        body: Untyped
        try:
            body = read_json(response.text)
        except ValueError:
            body = None
        if HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            wrong = _not_as_asked(body, url, method)
            if wrong is None:
                return Answer(response.status_code, response.text, response.headers, body)
            raise AttemptError(
                Outcome.FINAL, wrong, response.status_code, request_id=self._request_id(response)
            )
        error = body if isinstance(body, dict) else {}
        raise AttemptError(
            Outcome.of_status(response.status_code),
            reason(error.get("message"), self._settings.secrets),
            response.status_code,
            code=mark(error.get("code"), self._settings.secrets) or f"HTTP {response.status_code}",
            request_id=self._request_id(response),
            retry_after=retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
        )

    def _request_id(self, response: Untyped) -> str:
        return mark(response.headers.get("Twilio-Request-Id", ""), self._settings.secrets)


def _not_as_asked(body: object, url: str, method: str) -> str | None:
    """Say what is wrong with an answer to a success, if anything is.

    The SDK takes any lone list in an answer for the one it asked for: another shape would look like an empty account.
    """
    if not isinstance(body, dict):
        return "the answer is not a JSON object"
    collection = _COLLECTIONS.get(urlsplit(url).path.rpartition("/")[2]) if method == "GET" else None
    if collection is not None and not isinstance(body.get(collection), list):
        return "the answer does not have Twilio's shape"
    if collection is not None and _path(_next_page(body)) == _path(url):
        return "the page after this one is said to be this one again"
    return None


def _next_page(body: dict[str, Untyped]) -> str:
    meta = body.get("meta")
    found = body.get("next_page_uri") or (meta.get("next_page_url") if isinstance(meta, dict) else None)
    return found if isinstance(found, str) else ""


def _path(url: str) -> tuple[str, str]:
    """Give what makes a page another one: its path and query, whichever host it is asked of."""
    parts = urlsplit(url)
    return parts.path, parts.query


_COLLECTIONS = {
    "Accounts.json": "accounts",
    "IncomingPhoneNumbers.json": "incoming_phone_numbers",
    "ShortCodes.json": "short_codes",
    "Services": "services",
    "PhoneNumbers": "phone_numbers",
    "Applications.json": "applications",
    "BrandRegistrations": "data",
    "Usa2p": "compliance",
    "Verifications": "verifications",
    "Addresses": "address_configurations",
}


def _unanswered(error: exceptions.RequestException, url: str, timeout: float) -> AttemptError:
    host = urlsplit(url).netloc
    reason = error.args[0].reason if error.args and isinstance(error.args[0], MaxRetryError) else None
    for kinds, outcome, why in _WAYS_TO_FAIL:
        if isinstance(error, kinds) or isinstance(reason, kinds):
            return AttemptError(outcome, why.format(host=host, timeout=timeout))
    return AttemptError(Outcome.FINAL, f"the request to {host} could not be sent")


# From special to general: most of these are ConnectionErrors too.
_WAYS_TO_FAIL: tuple[tuple[tuple[type[Exception], ...], Outcome, str], ...] = (
    ((exceptions.ConnectTimeout,), Outcome.UNSENT, "{host} did not take a connection within {timeout:g} s"),
    ((NameResolutionError,), Outcome.UNSENT, "no address is known for {host}"),
    ((NewConnectionError,), Outcome.UNSENT, "no connection to {host}"),
    ((exceptions.Timeout,), Outcome.LOST, "{host} did not answer within {timeout:g} s"),
    (
        # A TLS connection that broke is a ConnectionError, too.
        (exceptions.ConnectionError, exceptions.ChunkedEncodingError, exceptions.ContentDecodingError),
        Outcome.LOST,
        "{host} closed the connection without a whole answer",
    ),
)
