"""Happenings beside the stack: what a run does to each number's answers, in a line, for those who read no diff."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from vapi_sms.core.happening import FEW, Happening, told
from vapi_sms.core.inert import line
from vapi_sms.core.routings.handlers import classify
from vapi_sms.core.values import Original, Source
from vapi_sms.resources.engine.notices import HAPPENS, tell_once

_lock = threading.Lock()
_alone: set[str] = set()

_BESIDES = re.compile(r", (instead of |not by Vapi|as before$|with another [\w ]+ than before$).*", re.DOTALL)
"""What `answeredBy` says beside who answers."""

_AND_MORE = line(f"{HAPPENS}and more numbers: `vapi-sms preview`, or --diff, tells each.")


def tell(happenings: Iterable[Happening]) -> None:
    """Tell what happens to numbers of one resource: of a few each, of many in counts."""
    for text in told(happenings):
        tell_once(line(f"{HAPPENS}{text}"))


def tell_one(happening: Happening) -> None:
    """Tell what happens to a number that is a resource of its own.

    Nobody can count those: each is checked by itself, and none is known to be the last.
    """
    if not happening:
        return
    with _lock:
        _alone.add(happening.number)
        is_one_of_few = len(_alone) <= FEW
    if is_one_of_few:
        tell([happening])
    else:
        tell_once(_AND_MORE)


def going_back(record: Original, props: Mapping[str, Any]) -> Happening:
    """Give what happens to a number that is given up; who answers it now is who did after the last `up`."""
    now = _BESIDES.sub("", str(props.get("answeredBy") or ""))
    stays = record.source is Source.LEAVE or not now
    return Happening(record.number, now, now if stays else str(classify(record.messaging)))
