"""Twilio's signature of a webhook request, from its documentation; no vendor library is asked."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def signed(token: str, url: str, form: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature: of the URL without its fragment, then every parameter, sorted by name."""
    text = url.partition("#")[0] + "".join(name + form[name] for name in sorted(form))
    # Twilio's choice, not ours.
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
