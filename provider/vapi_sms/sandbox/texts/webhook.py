"""Calls a webhook on loopback as Twilio does: signed, redirects followed, its answer run as TwiML."""

from __future__ import annotations

import asyncio
import base64
import functools
import hashlib
import hmac
import ssl
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urljoin

import httpx

from vapi_sms.sandbox.control.redaction import masked_url
from vapi_sms.sandbox.texts import twiml
from vapi_sms.sandbox.texts.handlers import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping


def signed(token: str, url: str, form: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature: of the URL without its fragment, then every parameter, sorted by name."""
    text = url.partition("#")[0] + "".join(name + form[name] for name in sorted(form))
    # Twilio's choice, not ours.
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


MISCONFIGURED = 11321
TIMED_OUT = 11205
_MOST_HOPS = 10
_MOST_BYTES = 64 * 1024
_ERROR_STATUS = 400


class WebhookError(Exception):
    """A webhook that failed, with Twilio's code for it."""

    def __init__(self, code: int, why: str, answer: str = "") -> None:
        super().__init__(why)
        self.code, self.answer = code, answer


@dataclass(slots=True)
class Caller:
    """Twilio as it calls the webhooks of one text: whose token it signs with, the conversation's cookies."""

    token: str
    parameters: Mapping[str, str]
    trace: list[str]
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    async def call(self, url: str, method: str) -> str | None:
        """Call the webhook and return its replies as one text; None when it sends none."""
        replies: list[str] = []
        for _ in range(_MOST_HOPS):
            answer = _run(response := await self._fetched(url, method))
            replies += answer.replies
            if answer.redirect is None:
                return "\n".join(replies) if replies else None
            url, method = _joined(str(response.url), answer.redirect), answer.redirect_method
            self.trace.append(f"TwiML redirects to {method} {masked_url(url)}")
        raise WebhookError(11215, "too many redirects")

    async def _fetched(self, url: str, method: str) -> httpx.Response:
        with httpx.Client(
            timeout=_timeout(url), trust_env=False, verify=_ssl_context(), cookies=self.cookies
        ) as client:
            try:
                response = await self._followed(client, self._request(client, url, method))
            finally:
                self.cookies = client.cookies
        if response.status_code >= _ERROR_STATUS:
            raise WebhookError(
                11200, f"the webhook answered HTTP {response.status_code}", response.text[:_MOST_BYTES]
            )
        return response

    async def _followed(self, client: httpx.Client, request: httpx.Request) -> httpx.Response:
        for _ in range(_MOST_HOPS):
            if not is_loopback(str(request.url)):
                raise WebhookError(
                    11200, f"sandbox: {masked_url(str(request.url))} is not on loopback: not called"
                )
            response = await _sent(client, request)
            if response.next_request is None:
                return response
            request = response.next_request
            self.trace.append(f"HTTP {response.status_code} to {masked_url(str(request.url))}")
        raise WebhookError(11215, "too many redirects")

    def _request(self, client: httpx.Client, url: str, method: str) -> httpx.Request:
        plain, parameters = url.partition("#")[0], dict(self.parameters)
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "Accept": "*/*",
        }
        try:
            if method == "GET":
                plain += ("&" if "?" in plain else "?") + urlencode(parameters)
                headers["X-Twilio-Signature"] = signed(self.token, plain, {})
                return client.build_request("GET", plain, headers=headers)
            headers["X-Twilio-Signature"] = signed(self.token, plain, parameters)
            return client.build_request("POST", plain, headers=headers, data=parameters)
        except httpx.InvalidURL as error:
            raise WebhookError(MISCONFIGURED, f"no such URL is possible: {masked_url(url)}") from error


async def _sent(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    try:
        # In a thread: httpx's async connections hang on cancel scopes, which coverage breaks on Python 3.11.
        return await asyncio.to_thread(client.send, request)
    except httpx.TransportError as error:
        raise WebhookError(TIMED_OUT, f"no answer: {type(error).__name__}") from error


def _run(response: httpx.Response) -> twiml.Answer:
    if len(response.content) > _MOST_BYTES:
        raise WebhookError(11750, f"the answer is larger than 64 kB: {len(response.content)} bytes")
    try:
        return twiml.read(response.headers.get("content-type", ""), response.text)
    except twiml.TwimlError as error:
        raise WebhookError(error.code, str(error), response.text) from error


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError as error:
        raise WebhookError(12100, "the TwiML redirects to what is no URL") from error


@functools.cache
def _ssl_context() -> ssl.SSLContext:
    """Return the usual context; making it takes longer than a text."""
    return httpx.create_ssl_context()


def _timeout(url: str) -> httpx.Timeout:
    """Return Twilio's limits, or those that the URL's fragment sets in milliseconds."""
    overrides = parse_qs(url.partition("#")[2])

    def seconds(name: str, usual: int, least: int) -> float:
        text = overrides.get(name, [str(usual)])[0]
        return min(15_000, max(least, int(text) if text.isdecimal() else usual)) / 1000

    return httpx.Timeout(seconds("rt", 15_000, 100), connect=seconds("ct", 5_000, 100))
