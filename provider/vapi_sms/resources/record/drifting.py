"""Drift as Pulumi hears of it: a list that check puts beside the inputs, as long as there is drift.

An `up` that repairs drift leaves its list in the inputs that the engine keeps, until the next `up`. A refresh asks how
its reading differs from those inputs, right after it: what was repaired since must not be told once more.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from vapi_sms.core.inert import line
from vapi_sms.core.planning.drift import AGAIN
from vapi_sms.resources.engine.lives import Checked
from vapi_sms.resources.record import readable
from vapi_sms.resources.record.remembered import Judged, corrected

_lock = threading.Lock()
_just_read: set[tuple[str, object]] = set()


def was_read(kind: str, props: Mapping[str, Any]) -> None:
    """Note that a resource was just read: if a diff is asked for next, it is the refresh's."""
    with _lock:
        _just_read.add((kind, props.get("owner")))


def was_checked(kind: str, props: Mapping[str, Any]) -> None:
    """Note that a resource was just checked: its drift is news from here on."""
    with _lock:
        _just_read.discard((kind, props.get("owner")))


def as_news(olds: Mapping[str, Any], found: Checked) -> Checked:
    """Tell drift in other words than the inputs hold from the `up` that repaired the last one.

    The engine compares inputs: the same drift once more would be no change, and stay.
    """
    drift = found.inputs.get("drift")
    if not drift or drift != olds.get("drift"):
        return found
    again = readable.of_drift([line(f"{text}{AGAIN}") for text in drift])
    return Checked({**found.inputs, **again}, found.failures)


def told(kind: str, olds: Mapping[str, Any], news: Mapping[str, Any], judged: Judged) -> list[str]:
    """Give the drift that a diff has to show: what the check found, corrected by what the outputs know."""
    key = (kind, olds.get("owner"))
    with _lock:
        of_refresh = key in _just_read
        _just_read.discard(key)
    return [] if of_refresh else corrected(news.get("drift") or (), judged)
