"""Text for people's eyes: addresses without passwords and query values, whatever else a URL holds."""

from __future__ import annotations

import re

_HIDDEN = "***"
_PASSWORD = re.compile(r"(?<=://)[^/?#]*@")
_OVERRIDE = r"(?:(?:rc|ct|rt|tt)=\d+|rp=[0-9a-z,]+)"
_OVERRIDES = re.compile(rf"{_OVERRIDE}(?:&{_OVERRIDE})*")
_QUERY_VALUE = re.compile(r"=[^&#]*")


def redacted_url(url: str) -> str:
    """Give a URL with its user, password and every query value hidden; a SID stays as it is.

    A query without names (`?token`) is hidden whole: what it holds may be a secret too.
    """
    base, hash_, fragment = _PASSWORD.sub(f"{_HIDDEN}@", url).partition("#")
    path, mark, query = base.partition("?")
    parts = [
        _QUERY_VALUE.sub(f"={_HIDDEN}", part) if "=" in part else _HIDDEN for part in query.split("&") if part
    ]
    return path + mark + "&".join(parts) + hash_ + ("" if not fragment else _redacted_fragment(fragment))


def _redacted_fragment(fragment: str) -> str:
    """Show Twilio's connection overrides, which the vendor keeps in the fragment; anything else may be a secret."""
    return fragment if _OVERRIDES.fullmatch(fragment) else _HIDDEN
