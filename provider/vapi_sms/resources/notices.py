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
