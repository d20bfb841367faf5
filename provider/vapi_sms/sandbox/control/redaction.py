"""Keeps secrets out of what people read: query values, passwords, tokens, keys."""

from __future__ import annotations

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

MASK = "***"
_SECRET_NAME = re.compile(r"token|secret|password|api_?key|authorization|credential|headers", re.IGNORECASE)
_OVERRIDE = r"(?:(?:rc|ct|rt|tt)=\d+|rp=[0-9a-z,]+)"
_OVERRIDES = re.compile(rf"{_OVERRIDE}(?:&{_OVERRIDE})*")  # Twilio's, kept in the fragment of a webhook
_PAGE_TOKEN = "PageToken"  # noqa: S105 - the one "token" that is none


def masked_url(text: str) -> str:
    """Return the URL with who logs in, query values and any fragment but Twilio's hidden; what is no URL stays."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return MASK
    if not parts.netloc and parts.scheme not in ("http", "https"):
        return text
    _, at, host = parts.netloc.rpartition("@")
    netloc = f"{MASK}{at}{host}" if at else host
    # A value without a name may be the secret itself.
    named = (part.partition("=") for part in parts.query.split("&") if part)
    query = "&".join(f"{name}={MASK}" if equals else MASK for name, equals, _ in named)
    fragment = parts.fragment if _OVERRIDES.fullmatch(parts.fragment) else MASK
    return urlunsplit((parts.scheme, netloc, parts.path, query, fragment if parts.fragment else ""))


def masked(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Return JSON with secrets hidden: by the name of a key, and inside of URLs."""
    if name != _PAGE_TOKEN and _SECRET_NAME.search(name) and value not in (None, ""):
        return MASK
    match value:
        case dict():
            return {key: masked(inner, str(key)) for key, inner in value.items()}
        case list():
            return [masked(inner) for inner in value]
        case str():
            return masked_url(value)
        case _:
            return value


def fingerprint(secret: str) -> str:
    """Return what tells two secrets apart without showing either."""
    return f"sha256:{hashlib.sha256(secret.encode()).hexdigest()[:12]}"
