"""Notices: facts beside the plan that people should read once a run. The engine shows a provider's stderr lines."""

from __future__ import annotations

import contextlib
import sys
import threading

_told: set[str] = set()
_lock = threading.Lock()

AFTER_THE_SWITCH = (
    "vapi-sms: once Vapi answers, texts from non-US senders and pictures (MMS travels over the same webhook) may no "
    "longer be answered: Vapi documents US to US texts only, and the old handler does not see them any more."
)
SHORT_CODE = (
    "vapi-sms: whether a Messaging Service answers a short code's texts before its own handler does is not read: look "
    "into the sender pools in Twilio's Console."
)
SQUAD = "vapi-sms: Vapi documents texts for assistants only; whether a squad answers them is for you to try: send one."
NO_CREDENTIALS = (
    "vapi-sms: no Twilio and Vapi credentials here, so this shows inputs only: who answers texts now, drift and "
    "refusals are not known until a preview with credentials."
)


def of_key(before: str, now: str) -> str:
    """Say which key Vapi gets to reach Twilio; `before` and `now` are fingerprints, empty for no key of its own."""
    if not now:
        return (
            "vapi-sms: the key that Vapi was given to reach Twilio is not configured any more: Vapi gets the Twilio "
            "credentials of whoever runs `pulumi up`. If that is not meant, set VAPI_TWILIO_API_KEY and _SECRET "
            "(config: vapi:twilioApiKey, vapi:twilioApiSecret)."
        )
    if not before:
        return "vapi-sms: Vapi gets a key of its own to reach Twilio, in place of what it has."
    return (
        "vapi-sms: the key that Vapi was given changes: Vapi gets the new one. Delete the old one at Twilio after "
        "`pulumi up`, not before."
    )


def tell(text: str) -> None:
    """Tell a fact; a dead engine's closed pipe must not fail what we do."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def tell_once(text: str) -> None:
    """Tell a fact once in this process."""
    with _lock:
        if text in _told:
            return
        _told.add(text)
    tell(text)
