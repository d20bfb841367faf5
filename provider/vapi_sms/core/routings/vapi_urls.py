"""Vapi's addresses at Twilio: whose a URL is, and what is known to answer there.

An import writes one URL for texts, one for calls and one for the status of calls, the same for every number. At any
other path of Vapi's hosts nothing is known to answer: people have typed several that do not, and swapped the two.
"""

from __future__ import annotations

import functools
import re
from urllib.parse import urlsplit

TEXTS_PATH, CALLS_PATH, STATUS_PATH = "/twilio/sms", "/twilio/inbound_call", "/twilio/status"
_DOMAIN = "vapi.ai"
# What nearly everybody writes: nothing but ASCII, no user, and a host that is a name. Thousands are taken apart by it.
_PLAIN = re.compile(
    r"https?://([a-z0-9._-]+)(?::[0-9]{1,5})?(/[!-\"$->@-~]*|)(?:[?#][!-~]*)?", re.IGNORECASE | re.ASCII
)
USUAL_TEXTS = f"https://api.{_DOMAIN}{TEXTS_PATH}"
"""What an import writes for texts, as far as anybody has seen."""


def host_of(url: str) -> str:
    """Give a URL's host in lower case, or nothing where it has none that can be read."""
    return _parts(url)[0]


def path_of(url: str) -> str:
    """Give a URL's path, without query and fragment, or nothing where it cannot be read."""
    return _parts(url)[1]


def is_below(host: str, domain: str) -> bool:
    """Tell whether a host is a domain, or below it."""
    return host == domain or host.endswith(f".{domain}")


def is_at_vapi(url: str) -> bool:
    """Tell whether a URL is at one of Vapi's hosts, whatever answers there."""
    return is_below(host_of(url), _DOMAIN)


def answers_texts(url: str) -> bool:
    """Tell whether a URL is the one that an import writes for texts."""
    return is_at_vapi(url) and path_of(url) == TEXTS_PATH


def answers_calls(url: str) -> bool:
    """Tell whether a URL is the one that an import writes for calls."""
    return is_at_vapi(url) and path_of(url) == CALLS_PATH


def may_be_written(url: str, path: str) -> bool:
    """Tell whether Vapi may have written a URL that came to be there while it was told of a number.

    At its own hosts that is any but one of another channel, such as the call URL where texts belong; elsewhere one that
    ends as it always does.
    """
    found = path_of(url)
    if is_at_vapi(url):
        return found == path or found not in (TEXTS_PATH, CALLS_PATH, STATUS_PATH)
    return looks_written(url, path)


def looks_written(url: str, path: str) -> bool:
    """Tell whether a URL ends as what Vapi writes does, at whatever host: that it did write it is not said."""
    return path_of(url).endswith(path)


@functools.lru_cache(maxsize=1 << 15)  # as handlers'
def _parts(url: str) -> tuple[str, str]:
    """Give host and path."""
    if plain := _PLAIN.fullmatch(url):
        return plain[1].lower(), plain[2]
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.path
    except ValueError:  # the host cannot be read
        return "", ""
