"""Notices: facts beside the plan that people should read once a run. The engine shows a provider's stderr lines.

Beside the stack, too, for those who read no diff: what a run does to each number's answers, in a line.
"""

from __future__ import annotations

import contextlib
import re
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from vapi_sms.core.inert import Line, line
from vapi_sms.core.numbers import is_unlisted, unlisted_line
from vapi_sms.core.planning.waves import waves_of
from vapi_sms.core.routings.handlers import classify
from vapi_sms.core.telling import FEW, Happening, counted, gathered, told
from vapi_sms.core.values import Original, Source
from vapi_sms.resources.inputs.number import who_answers_alone

_told: set[Line] = set()
_lock = threading.Lock()

AFTER_THE_SWITCH = line(
    "vapi-sms: once Vapi answers, texts from non-US senders and pictures (MMS travels over the same webhook) may no "
    "longer be answered: Vapi documents US to US texts only, and the old handler does not see them any more."
)
FALLBACK = line(
    "vapi-sms: a fallback answers texts where Vapi cannot be reached, answers an error, or takes longer than 15 "
    "seconds, and an assistant that was only slow may answer as well; silence behind a 200 does not call it."
)
KEYWORDS = line(
    "vapi-sms: once Vapi answers, a webhook of your own sees no STOP, START or HELP any more, nor Twilio's OptOutType: "
    "Twilio goes on blocking who texted STOP, and whoever keeps such a list of their own has to ask Twilio for it."
)
SHORT_CODE = line(
    "vapi-sms: whether a Messaging Service answers a short code's texts before its own handler does is not read: look "
    "into the sender pools in Twilio's Console."
)
SQUAD = line(
    "vapi-sms: Vapi documents texts for assistants only; whether a squad answers them is for you to try: send one."
)
PROOF_OF_NOTHING = line(
    "vapi-sms: proof: with sms_enabled=False nothing is switched to Vapi, so `prove` asks and waits for nothing."
)
NOT_LOOKED = "vapi-sms: not looked: "
"""What begins so says that the vendors were not asked: whatever reads as unchanged may not be."""

NO_CREDENTIALS = line(
    f"{NOT_LOOKED}no Twilio and Vapi credentials here, so this shows inputs only: who answers texts now, drift and "
    "refusals are not known until a preview with credentials."
)


HAPPENS = "vapi-sms: change: "
"""What begins so tells what happens to a number, which a review shows by itself."""

REFUSED = "vapi-sms: refused, while the others go on: "
"""What begins so names a number that stays as it is, while `pulumi up` changes others and ends with an error."""

DRIFT = "vapi-sms: drift: "
"""What begins so names a number and its drift that no check could know; a review tells it as any other."""


def tell_unlisted(keys: Iterable[str]) -> None:
    """Tell which numbers nobody here can judge, where Twilio is not asked."""
    for text in gathered({key: unlisted_line(key) for key in keys if is_unlisted(key)}):
        tell_once(line(f"vapi-sms: {text}."))


def of_key(before: str, now: str) -> Line:
    """Say which key Vapi gets to reach Twilio; `before` and `now` are fingerprints, empty for no key of its own."""
    if not now:
        return line(
            "vapi-sms: the key that Vapi was given to reach Twilio is not configured any more: Vapi gets the Twilio "
            "credentials of whoever runs `pulumi up`. If that is not meant, set VAPI_TWILIO_API_KEY and _SECRET "
            "(config: vapi:twilioApiKey, vapi:twilioApiSecret)."
        )
    if not before:
        return line("vapi-sms: Vapi gets a key of its own to reach Twilio, in place of what it has.")
    return line(
        "vapi-sms: the key that Vapi was given changes: Vapi gets the new one. Delete the old one at Twilio after "
        "`pulumi up`, not before."
    )


def of_question(who: str, question: str) -> Line:
    """Say whom an `up` asks what before its first write."""
    return line(
        f"vapi-sms: proof: before the switch {who} is asked {question!r}: it may call its tools, Vapi charges for it, "
        "and without an answer none of its numbers is switched."
    )


_through: list[Callable[[Line], bool]] = []


def tell_through(teller: Callable[[Line], bool]) -> None:
    """Let this process tell facts another way than by its stderr, which the engine shows of dynamic resources only.

    What that way does not take, which it says, goes to stderr all the same.
    """
    _through[:] = [teller]


def tell(text: Line) -> None:
    """Tell a fact; a dead engine's closed pipe must not fail what we do."""
    if any(teller(text) for teller in _through):
        return
    with contextlib.suppress(OSError):
        # The engine reads UTF-8, whatever this machine writes.
        sys.stderr.flush()
        sys.stderr.buffer.write(f"{text}\n".encode())
        sys.stderr.buffer.flush()


def tell_once(text: Line) -> None:
    """Tell a fact once in this process."""
    with _lock:
        if text in _told:
            return
        _told.add(text)
    tell(text)


_alone_lock = threading.Lock()
_alone: set[str] = set()

_BESIDES = re.compile(r", (instead of |not by Vapi|as before$|with another [\w ]+ than before$).*", re.DOTALL)
"""What `answeredBy` says beside who answers."""

_AND_MORE = line(f"{HAPPENS}and more numbers: `vapi-sms preview`, or --diff, tells each.")


def tell_happenings(happenings: Iterable[Happening]) -> None:
    """Tell what happens to numbers of one resource: of a few each, of many in counts."""
    for text in told(happenings):
        tell_once(line(f"{HAPPENS}{text}"))


def tell_happening(happening: Happening) -> None:
    """Tell what happens to a number that is a resource of its own.

    Nobody can count those: each is checked by itself, and none is known to be the last.
    """
    if not happening:
        return
    with _alone_lock:
        _alone.add(happening.number)
        is_one_of_few = len(_alone) <= FEW
    if is_one_of_few:
        tell_happenings([happening])
    else:
        tell_once(_AND_MORE)


def tell_pace(who: str, props: Mapping[str, Any], *, switches: bool) -> None:
    """Say that a fleet is held at a share, and in which waves numbers are switched if any are."""
    if share := props.get("share"):
        tell_once(line(f"vapi-sms: {who} is held at {share}: the others keep their original routing."))
    waves = props.get("waves")
    if waves and switches:
        sizes = map(len, waves_of(props["numbers"], waves))
        # Of a few numbers two percentages may come to the same, and the later wave to nothing.
        told_of = [
            f"{cut} ({counted(size) if size else 'no number more'})"
            for cut, size in zip(waves, sizes, strict=True)
        ]
        tell_once(line(f"vapi-sms: {who}: in waves of {', '.join(told_of)}, each proven before the next."))


def going_back(record: Original, props: Mapping[str, Any]) -> Happening:
    """Give what happens to a number that is given up; who answers it now is who did after the last `up`."""
    now = _BESIDES.sub("", who_answers_alone(props))
    stays = record.source is Source.LEAVE or not now
    return Happening(record.number, now, now if stays else str(classify(record.messaging)))
