"""What the Vapi client sends through: every request counted, repeated where that helps, judged here."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

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
from vapi_sms.live.vapi.light_httpx import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from vapi_sms.live.calling.calls import Wait
    from vapi_sms.live.calling.network import Proxy
    from vapi_sms.live.settings import Settings


class VapiWire:
    """The connections to Vapi; each thread has its own, since httpx looks through all that are shared at every use."""

    def __init__(self, settings: Settings, patience: Patience, transport: httpx.BaseTransport | None) -> None:
        self.requests = 0
        self._settings = settings
        self._patience = patience
        self._transport = transport
        self._local = threading.local()
        self._clients: list[httpx.Client] = []
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections of all threads."""
        for client in self._clients:
            client.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str | int] | None = None,
        body: dict[str, object] | None = None,
    ) -> object:
        """Send a request until it is answered with success, and give its JSON; else raise AttemptError."""
        # An import (POST) may be done although its answer is lost: whoever asked looks, nobody sends blindly.
        return self._patience.spend(
            lambda: self._attempt(method, path, params, body), idempotent=method != "POST", method=method
        )

    def _attempt(
        self, method: str, path: str, params: dict[str, str | int] | None, body: dict[str, object] | None
    ) -> object:
        with self._lock:
            self.requests += 1
        limit = TIMEOUTS * self._settings.timeout
        with DEADLINES.within(limit) as wait:
            wait.line = getattr(self._local, "line", None)
            try:
                response = self._http.request(
                    method, path, params=params, json=body, extensions={"trace": self._tracing(wait)}
                )
            except httpx.HTTPError as error:
                if not wait.is_late:
                    raise self._unreached(error) from error
        if wait.is_late:
            host = self._http.base_url.netloc.decode()
            raise AttemptError(Outcome.LOST, f"{host} did not end its answer within {limit:g} s")
        return self._passed(response)

    def _unreached(self, error: httpx.HTTPError) -> AttemptError:
        settings = self._settings
        by_others = by_the_network(error, settings.vapi_base_url, settings.network)
        return by_others or _unanswered(error, self._http.base_url, settings.timeout)

    def _tracing(self, wait: Wait) -> Callable[[str, dict[str, Any]], None]:
        """Give what httpx tells its steps to: it shows the socket of a connection only when it has just made it."""

        def trace(step: str, found: dict[str, Any]) -> None:
            if step.endswith(("connect_tcp.complete", "start_tls.complete")):
                # This thread's only one: it has a client of its own, and sends one request after the other.
                wait.line = self._local.line = found["return_value"].get_extra_info("socket")

        return trace

    @property
    def _http(self) -> httpx.Client:
        if not hasattr(self._local, "client"):
            self._local.client = self._new_client()
        client: httpx.Client = self._local.client
        return client

    def _new_client(self) -> httpx.Client:
        settings, trusted = self._settings, self._settings.network.trusted()
        proxy = settings.network.proxy(settings.vapi_base_url)
        client = httpx.Client(
            base_url=settings.vapi_base_url,
            headers={
                "Authorization": f"Bearer {settings.vapi_api_key}",
                "Accept": "application/json",
                "Cache-Control": "no-cache",
            },
            timeout=settings.timeout,
            transport=self._transport,
            proxy=None if proxy is None else _as_httpx(proxy, trusted),
            verify=trusted,
            # What the environment says is in `network`, the same for both vendors.
            trust_env=False,
        )
        with self._lock:
            self._clients.append(client)
        return client

    def _passed(self, response: httpx.Response) -> object:
        if response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            proxy = self._settings.network.proxy(self._settings.vapi_base_url)
            if proxy is not None:
                raise by_a_proxy(proxy, self._http.base_url.netloc.decode(), response.status_code)
        try:
            # Vapi answers a DELETE with the record; nothing at all would do as well.
            body = read_json(response.content) if response.content else None
            readable = True
        except ValueError:
            body, readable = None, False
        if response.is_success and readable:
            return body
        outcome = Outcome.FINAL if response.is_success else Outcome.of_status(response.status_code)
        why = "the answer is not JSON" if response.is_success else _message(body, self._settings.secrets)
        raise AttemptError(
            outcome,
            why,
            response.status_code,
            code=f"HTTP {response.status_code}",
            request_id=mark(response.headers.get("x-request-id", ""), self._settings.secrets),
            retry_after=retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
        )


def _as_httpx(proxy: Proxy, trusted: ssl.SSLContext) -> httpx.Proxy:
    return httpx.Proxy(proxy.url, ssl_context=trusted if proxy.is_reached_by_tls else None)


def _message(body: object, secrets: tuple[str, ...]) -> str:
    message = body.get("message") if isinstance(body, dict) else None
    if isinstance(message, list):
        message = "; ".join(part for part in message if isinstance(part, str))
    return reason(message, secrets)


def _unanswered(error: httpx.HTTPError, base_url: httpx.URL, timeout: float) -> AttemptError:
    host = base_url.netloc.decode()
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return AttemptError(Outcome.UNSENT, f"{host} did not take a connection within {timeout:g} s")
    if isinstance(error, httpx.ConnectError):
        # The resolver's words tell more than ours could; they hold no secret.
        return AttemptError(Outcome.UNSENT, f"no connection to {host} ({told(str(error), ())})")
    if isinstance(error, httpx.TimeoutException):
        return AttemptError(Outcome.LOST, f"{host} did not answer within {timeout:g} s")
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return AttemptError(Outcome.FINAL, f"the request to {host} could not be made")
    return AttemptError(Outcome.LOST, f"{host} closed the connection without a whole answer")
