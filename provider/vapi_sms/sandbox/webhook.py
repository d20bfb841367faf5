"""Calls a webhook on loopback as Twilio does: signed, redirects followed, its answer run as TwiML."""

from __future__ import annotations

import asyncio
import functools
import ssl
import uuid
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urljoin

import httpx

from vapi_sms.sandbox import twiml
from vapi_sms.sandbox.handlers import is_loopback
from vapi_sms.sandbox.redaction import masked_url
from vapi_sms.sandbox.signature import signed

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_HOPS = 10
_ERROR_STATUS = 400


class WebhookError(Exception):
    """A webhook that failed, with Twilio's code for it."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


async def call(
    url: str, method: str, parameters: Mapping[str, str], token: str, trace: list[str]
) -> str | None:
    """Call the webhook and return its replies as one text; None when it sends none."""
    replies: list[str] = []
    for _ in range(_MOST_HOPS):
        response = await _fetched(url, method, parameters, token, trace)
        try:
            answer = twiml.read(response.headers.get("content-type", ""), response.text)
        except twiml.TwimlError as error:
            raise WebhookError(error.code, str(error)) from error
        replies += answer.replies
        if answer.redirect is None:
            return "\n".join(replies) if replies else None
        url, method = urljoin(str(response.url), answer.redirect), answer.redirect_method
        trace.append(f"TwiML redirects to {method} {masked_url(url)}")
    raise WebhookError(11215, "too many redirects")


async def _fetched(
    url: str, method: str, parameters: Mapping[str, str], token: str, trace: list[str]
) -> httpx.Response:
    request = _request(url, method, parameters, token)
    with httpx.Client(timeout=_timeout(url), trust_env=False, verify=_ssl_context()) as client:
        for _ in range(_MOST_HOPS):
            if not is_loopback(str(request.url)):
                raise WebhookError(
                    11200, f"sandbox: {masked_url(str(request.url))} is not on loopback: not called"
                )
            response = await _sent(client, request)
            if response.next_request is None:
                break
            request = response.next_request
            trace.append(f"HTTP {response.status_code} to {masked_url(str(request.url))}")
        else:
            raise WebhookError(11215, "too many redirects")
    if response.status_code >= _ERROR_STATUS:
        raise WebhookError(11200, f"the webhook answered HTTP {response.status_code}")
    return response


async def _sent(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    try:
        # In a thread: httpx's async connections hang on cancel scopes, which coverage breaks on Python 3.11.
        return await asyncio.to_thread(client.send, request)
    except httpx.TransportError as error:
        raise WebhookError(11205, f"no answer: {type(error).__name__}") from error


@functools.cache
def _ssl_context() -> ssl.SSLContext:
    """Return the usual context; making it takes longer than a text."""
    return httpx.create_ssl_context()


def _request(url: str, method: str, parameters: Mapping[str, str], token: str) -> httpx.Request:
    plain = url.partition("#")[0]
    headers = {
        "User-Agent": "TwilioProxy/1.1",
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        "Accept": "*/*",
    }
    if method == "GET":
        plain += ("&" if "?" in plain else "?") + urlencode(parameters)
        return httpx.Request(
            "GET", plain, headers={**headers, "X-Twilio-Signature": signed(token, plain, {})}
        )
    headers["X-Twilio-Signature"] = signed(token, plain, parameters)
    return httpx.Request("POST", plain, headers=headers, data=dict(parameters))


def _timeout(url: str) -> httpx.Timeout:
    """Return Twilio's limits, or those that the URL's fragment sets in milliseconds."""
    overrides = parse_qs(url.partition("#")[2])

    def seconds(name: str, usual: int, least: int) -> float:
        text = overrides.get(name, [str(usual)])[0]
        return min(15_000, max(least, int(text) if text.isdecimal() else usual)) / 1000

    return httpx.Timeout(seconds("rt", 15_000, 100), connect=seconds("ct", 5_000, 100))
