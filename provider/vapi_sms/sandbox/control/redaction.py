"""Keeps secrets out of what people read: query values, passwords, tokens, keys."""

from __future__ import annotations

import hashlib
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MASK = "***"
_SECRET_NAME = re.compile(r"token|secret|password|api_?key|authorization|credential|headers", re.IGNORECASE)
_PAGE_TOKEN = "PageToken"  # noqa: S105 - the one "token" that is none


def masked_url(text: str) -> str:
    """Return the URL with its password and query values hidden; what is no URL stays."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return MASK
    if not parts.scheme or not parts.netloc:
        return text
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    netloc = f"{name}{colon}{MASK if colon else ''}{at}{host}"
    query = "&".join(f"{key}={MASK}" for key, _ in parse_qsl(parts.query, keep_blank_values=True))
    if parts.query and not query:
        query = MASK
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{netloc}{parts.path}{'?' + query if query else ''}{fragment}"


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
