"""What is held of a step: rules written again here, apart from the product's.

What is somebody else's is known by its address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Original, Source

from tests.reliability.bench import Lost, Record
from tests.reliability.operations import DEMO_REPLY, Declared
from tests.sandbox.world import SALES, SUPPORT, VAPI_SMS, VAPI_VOICE

THEIRS = "a5000000-0000-4000-8000-000000000003"
"""An assistant that nobody here declares: a number that it answers in Vapi is somebody else's."""
FOREIGN = "https://foreign.example/"
ASSISTANTS = {"Support": SUPPORT, "Sales": SALES}
SIGNS = ("\n", "Traceback", "a bug in vapi-sms", "canary")
_ROUTING = ("url", "method", "fallback_url", "fallback_method", "application_sid")


def records_last(
    before: dict[str, Record],
    held: dict[str, Original],
    records: dict[str, Original],
    *,
    texts_only: bool = False,
    seen: Mapping[str, Sequence[Record]],
) -> None:
    """Hold that what was recorded stays recorded as it was, and that a new record is what was there.

    `seen` is what readings that lag have shown meanwhile: nobody can know of an edit that is younger than that.
    """
    for number, record in records.items():
        earlier = held.get(number)
        if earlier is not None and earlier.sid != record.sid == before[number]["sid"]:
            earlier = None  # bought again, it is another number of the same name
        base = (record.found or record.messaging, record.voice, record.vapi)
        if earlier is not None:
            if base != (earlier.found or earlier.messaging, earlier.voice, earlier.vapi):
                raise Lost(f"the record of {number} changed: {earlier} is now {record}")
            continue
        shown = [before[number], *(each for each in seen.get(number, ()) if each["sid"] == record.sid)]
        if record.source is Source.CAPTURED:
            shown = [each for each in shown if texts(record.messaging) == texts_of(each)]
            if not shown:
                raise Lost(f"{number} is recorded as {record.messaging}, and was {texts_of(before[number])}")
        if not texts_only and calls(record.voice) not in map(calls_of, shown):
            raise Lost(f"{number} is recorded as {record.voice}, and was {calls_of(before[number])}")


def nothing_else_is_touched(before: dict[str, Record], now: dict[str, Record], ours: set[str]) -> None:
    """Hold that only numbers of ours were written."""
    touched = [number for number in before if number not in ours and before[number] != now[number]]
    if touched:
        raise Lost(f"not ours, and changed: {touched}")


def is_declared(number: str, options: Declared, now: Record, record: Original) -> None:
    """Hold that both vendors hold what is declared of a number."""
    sms = options.get("sms_enabled", True)
    wanted = {"smsEnabled": sms, "assistantId": ASSISTANTS[options["assistant"]]}
    if options.get("name"):
        wanted["name"] = options["name"]
    found = {name: now["vapi"].get(name) for name in wanted}
    if found != wanted:
        raise Lost(f"{number} is {found} in Vapi, and declared as {wanted}")
    if sms and (now["sms_url"], now["sms_application_sid"]) != (VAPI_SMS, ""):
        raise Lost(f"texts to {number} are not at Vapi: {texts_of(now)}")
    if not (sms or _stays(texts_of(now), record) or texts_of(now) == texts(record.messaging)):
        raise Lost(f"texts to {number} are at {texts_of(now)}, and were at {record.messaging}")
    if options.get("voice") == "vapi":
        if answering(calls_of(now)) != VAPI_VOICE:
            raise Lost(f"calls to {number} are not at Vapi: {calls_of(now)}")
    elif not is_foreign(calls_of(now)) and calls_of(now) != calls(record.voice):
        raise Lost(f"calls to {number} are at {calls_of(now)}, and were at {record.voice}")


def is_back(record: Original, before: Record, now: Record, said: str) -> None:
    """Hold that a number is as recorded, but for channels that somebody else had taken, which is told."""
    texts_are_back(record, before, now, said)
    _channel_is_back("calls", record, (calls_of(before), calls_of(now), calls(record.voice)), said)
    is_back_at_vapi(record, before, now)


def is_back_at_vapi(record: Original, before: Record, now: Record) -> None:
    """Hold that Vapi knows of a number what it knew, and nothing of ours."""
    number = record.number
    # One that a list which lags did not show when the number was recorded was never ours.
    if record.vapi is None and now["vapi"] and now["vapi"].get("assistantId") != THEIRS:
        raise Lost(f"{number} is still in Vapi: {now['vapi']}")
    if record.vapi is not None and before["vapi"]:
        settings = {"assistantId": record.vapi.assistant_id, "smsEnabled": record.vapi.sms_enabled}
        found_settings = {name: now["vapi"].get(name) for name in settings}
        if found_settings != settings or now["vapi"].get("name", "") != record.vapi.name:
            raise Lost(f"{number} is {now['vapi']} in Vapi, and was {record.vapi}")


def is_bought_again(record: Original, now: Record) -> bool:
    """Tell whether a recorded number is another one by now, of the same name."""
    return bool(record.sid != now["sid"])


def is_left_alone(record: Original, before: Record, now: Record, said: str) -> None:
    """Hold that a number that was bought again is as its new owner has it, and that this is told."""
    number, its = record.number, ("sid", *(name for name in now if name.startswith(("sms_", "voice_"))))
    changed = [name for name in its if before[name] != now[name]]
    if changed:
        raise Lost(f"{number} was bought again, and its {changed} are ours: {before}, now {now}")
    is_told_of(number, said)


def is_told_of(number: str, said: str) -> None:
    """Hold that people are told that a number is another one by now."""
    if f"{number} was released and bought again" not in said:
        raise Lost(f"nobody was told that {number} was bought again: {said!r}")


def texts_are_back(record: Original, before: Record, now: Record, said: str) -> None:
    """Hold the same of texts alone."""
    _channel_is_back("texts", record, (texts_of(before), texts_of(now), texts(record.messaging)), said)


def _channel_is_back(
    channel: str, record: Original, routings: tuple[tuple[str, ...], ...], said: str
) -> None:
    number, (was, found, wanted) = record.number, routings
    if not (_stays(was, record) and answering(was) != answering(wanted)):
        # An `up` that declared restore_to failed between the record and the switch: what was found is back, and told.
        as_found = channel == "texts" and record.found is not None and found == texts(record.found)
        if found != wanted and not (as_found and f"texts to {number} stay" in said):
            raise Lost(f"{channel} to {number} are at {found}, and were at {wanted}; said was {said!r}")
        return
    told = 2 * (channel == "calls")  # of a call's end: Vapi's is taken away in any case
    if found[: len(found) - told] != was[: len(was) - told]:
        raise Lost(f"somebody else's {channel} to {number} were taken: {was}, now {found}")
    if f"{channel} to {number} stay" not in said and not re.search(f"{channel} to .*{channel} to", said):
        raise Lost(f"nobody was told that {channel} to {number} stay: {said!r}")
    if "api.vapi.ai" in str(found) and "api.vapi.ai" not in str(wanted):
        raise Lost(f"{channel} to {number} still tell Vapi: {found}")


def is_fit(told: str) -> None:
    """Hold that people can read it."""
    for sign in SIGNS:
        if sign in told:
            raise Lost(f"told with {sign!r}: {told}")


def _stays(routing: tuple[str, ...], record: Original) -> bool:
    """Tell whether it stays: what the outside put there, and what was found, where texts never left it.

    The latter is there with `restore_to` and texts off from the beginning: a routing that we never took is nobody's to
    write.
    """
    if is_foreign(routing):
        return True
    found = None if record.found is None else texts(record.found)
    return found == routing and answering(routing) not in ("", DEMO_REPLY)


def texts(routing: Routing) -> tuple[str, ...]:
    """Give a texts' routing as values that compare."""
    return (
        routing.url,
        routing.method or "POST",
        routing.fallback_url,
        routing.fallback_method or "POST",
        routing.application_sid,
    )


def texts_of(number: Record) -> tuple[str, ...]:
    """Give the same of what Twilio holds."""
    return tuple(number[f"sms_{name}"] for name in _ROUTING)


def calls(routing: VoiceRouting) -> tuple[str, ...]:
    """Give the calls' routing as values that compare, what is told of a call's end last."""
    callback = (routing.status_callback, routing.status_callback_method or "POST")
    return (*texts(routing), routing.trunk_sid, *callback)


def calls_of(number: Record) -> tuple[str, ...]:
    """Give the same of what Twilio holds."""
    others = ("trunk_sid", "status_callback", "status_callback_method")
    return (*(number[f"voice_{name}"] for name in _ROUTING), *(number[name] for name in others))


def answering(routing: tuple[str, ...]) -> str:
    """Give what answers: trunk and application come before the URL."""
    return "".join(routing[5:6]) or routing[4] or routing[0]


def is_foreign(routing: tuple[str, ...]) -> bool:
    """Tell what the outside put there, which everybody can tell from anything else."""
    return answering(routing).startswith(FOREIGN)
