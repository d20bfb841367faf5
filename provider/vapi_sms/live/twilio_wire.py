"""What the twilio SDK sends through: every request counted, repeated where that helps, judged in one place.

The SDK has no retries of its own worth the name, raises four families of exceptions, and logs phone numbers; so it
gets to see nothing but answers that are a success and a JSON object.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from json import JSONDecodeError, loads
from typing import Any
from urllib.parse import urlsplit

from requests import exceptions
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped] # has no py.typed
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from vapi_sms.live.retry import AttemptError, Outcome, Patience, retry_after
from vapi_sms.live.settings import Settings
from vapi_sms.live.told import told

_SILENT = logging.Logger("vapi_sms.twilio", level=logging.CRITICAL + 1)


class TwilioWire:
    """One thread's connections to Twilio."""

    def __init__(self, settings: Settings, patience: Patience, count: Callable[[], None]) -> None:
        self._http = TwilioHttpClient(timeout=settings.timeout, logger=_SILENT)
        self._settings = settings
        self._patience = patience
        self._count = count

    def request(self, method: str, url: str, **options: Any) -> Any:  # noqa: ANN401 - the SDK's own, untyped
        """Send a request until it is answered with success; else raise AttemptError."""
        # Everything we ever send to Twilio may be sent twice: readings, and writes of whole values.
        return self._patience.spend(lambda: self._attempt(method, url, options), idempotent=True)

    def close(self) -> None:
        """Close the connections."""
        self._http.session.close()

    def _attempt(self, method: str, url: str, options: dict[str, Any]) -> Any:  # noqa: ANN401 - the SDK's own, untyped
        self._count()
        try:
            response = self._http.request(method, url, **options)
        except exceptions.RequestException as error:
            raise _unreached(error, url, self._settings.timeout) from error
        return self._passed(response)

    def _passed(self, response: Any) -> Any:  # noqa: ANN401 - the SDK's own, untyped
        request_id = response.headers.get("Twilio-Request-Id", "")
        try:
            body = loads(response.text)
        except JSONDecodeError:
            body = None
        if HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            if isinstance(body, dict):
                return response
            raise AttemptError(
                Outcome.FINAL, "the answer is not a JSON object", response.status_code, request_id=request_id
            )
        error = body if isinstance(body, dict) else {}
        message = error.get("message")
        raise AttemptError(
            Outcome.of_status(response.status_code),
            told(message, self._settings.secrets)
            if isinstance(message, str) and message
            else "no reason is given",
            response.status_code,
            code=str(error.get("code") or f"HTTP {response.status_code}"),
            request_id=request_id,
            retry_after=retry_after(response.headers.get("Retry-After"), datetime.now(UTC)),
        )


def _unreached(error: exceptions.RequestException, url: str, timeout: float) -> AttemptError:
    host = urlsplit(url).netloc
    reason = error.args[0].reason if error.args and isinstance(error.args[0], MaxRetryError) else None
    if isinstance(error, exceptions.SSLError):
        return AttemptError(Outcome.FINAL, f"no trusted connection to {host}: its certificate does not pass")
    if isinstance(error, exceptions.ConnectTimeout):
        return AttemptError(Outcome.UNSENT, f"{host} did not take a connection within {timeout:g} s")
    if isinstance(reason, NameResolutionError):
        return AttemptError(Outcome.UNSENT, f"no address is known for {host}")
    if isinstance(error, exceptions.ProxyError):
        return AttemptError(Outcome.UNSENT, f"the proxy did not connect to {host}")
    if isinstance(reason, NewConnectionError):
        return AttemptError(Outcome.UNSENT, f"no connection to {host}")
    if isinstance(error, exceptions.Timeout):
        return AttemptError(Outcome.LOST, f"{host} did not answer within {timeout:g} s")
    if isinstance(error, exceptions.ConnectionError | exceptions.ChunkedEncodingError):
        return AttemptError(Outcome.LOST, f"{host} closed the connection without a whole answer")
    return AttemptError(Outcome.FINAL, f"the request to {host} could not be sent")
