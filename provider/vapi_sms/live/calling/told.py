"""What a vendor said, made fit for people's eyes: one line, no secret, nothing hidden in a URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vapi_sms.core.inert import line
from vapi_sms.core.redact import redacted_url

if TYPE_CHECKING:
    from collections.abc import Iterable

_URL = re.compile(r"https?://[^\s\"'`<>]+", re.IGNORECASE)
_LONGEST = 300
_LONGEST_MARK = 64
_HIDDEN = "***"

NO_REASON = "no reason is given"
"""In place of what a vendor did not say."""


def told(text: str, secrets: Iterable[str]) -> str:
    """Give `text` as one short line in which no secret and no URL's query value occurs."""
    # Secrets first: a URL that is cut or escaped otherwise might still hold one.
    for secret in secrets:
        if secret:
            text = text.replace(secret, _HIDDEN)
    found = line(" ".join(_URL.sub(lambda found: redacted_url(found[0]), text).split()).rstrip("."))
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]} [...]"


def reason(message: object, secrets: Iterable[str]) -> str:
    """Give a refusal's message in the same way, or say that there is none."""
    return (told(message, secrets) if isinstance(message, str) else "") or NO_REASON


def mark(found: object, secrets: Iterable[str]) -> str:
    """Give a vendor's code or a request's id as a few characters; nothing where it is neither text nor number."""
    return told(str(found), secrets)[:_LONGEST_MARK] if isinstance(found, str | int) else ""
