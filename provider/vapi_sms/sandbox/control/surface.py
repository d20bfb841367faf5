"""The control surface under /_sandbox: for tests, demos and curious people; no vendor has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from vapi_sms.sandbox import state
from vapi_sms.sandbox.behaviour import Behaviour
from vapi_sms.sandbox.control import outside, telling
from vapi_sms.sandbox.control.answers import answer, keys, listing
from vapi_sms.sandbox.control.bodies import (
    YAML_OR_JSON,
    ClockRequest,
    ControlError,
    ReleaseRequest,
    TextRequest,
    body_of,
    checked,
    number_of,
    object_of,
    text_of,
)
from vapi_sms.sandbox.control.clock import iso_millis
from vapi_sms.sandbox.control.faults import Fault
from vapi_sms.sandbox.control.seed import SeedError, parse_yaml
from vapi_sms.sandbox.errors import NoSuchThingError
from vapi_sms.sandbox.requests import world_of
from vapi_sms.sandbox.texts.delivery import deliver
from vapi_sms.sandbox.texts.message import Media, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from starlette.requests import Request

_ABOUT = (
    "This plays Twilio and Vapi; all of it is made up, nothing here reaches either of them. Their own paths are "
    "as they have them (/2010-04-01/..., /v1/..., /phone-number, ...). What no vendor has is below; a body is JSON "
    "and has the keys with a star at least."
)
_TEXT = '{"from": "+12025550143", "to": "+14155550100", "body": "Open?"}'


async def show_listing(request: Request) -> Response:
    """Answer what there is."""
    bodies: dict[Callable[..., Any], type[BaseModel]] = {
        send_text: TextRequest,
        arm_fault: Fault,
        release: ReleaseRequest,
        change_behaviour: Behaviour,
        move_clock: ClockRequest,
    }
    edits = {f"POST /_sandbox/outside/{name}": keys(model) for name, (model, _) in outside.EDITS.items()}
    asked = listing((route for route in ROUTES if "{" not in route.path), bodies)
    example = f"curl -s {request.base_url}_sandbox/texts -H 'Content-Type: application/json' -d '{_TEXT}'"
    found = {"about": _ABOUT, "try": example}
    return answer(request, {**found, "control": asked, "what_others_do": edits})


async def send_text(request: Request) -> Response:
    """Deliver a text and answer who answered it, with what, and how it came to that."""
    world, asked = world_of(request), await body_of(request, TextRequest)
    media = tuple(Media.at(m) if isinstance(m, str) else Media(m.url, m.content_type) for m in asked.media)
    text = Text(asked.from_, asked.to, asked.body, media)
    answered = await deliver(world, text)
    world.tell(telling.text_line(text, answered))
    return answer(request, answered)


async def show_state(request: Request) -> Response:
    """Answer both vendors' records."""
    return answer(request, state.shown(world_of(request)))


async def show_journal(request: Request) -> Response:
    """Answer the requests after `?since=`."""
    return answer(request, world_of(request).journal.since(number_of(request, "since") or 0))


async def clear_journal(request: Request) -> Response:
    """Forget the requests so far."""
    world_of(request).journal.clear()
    return Response(status_code=204)


async def arm_fault(request: Request) -> Response:
    """Put a fault in force."""
    world, fault = world_of(request), await body_of(request, Fault)
    if fault.answers_for is not None and world.record(fault.answers_for) is None:
        raise ControlError(f"answers_for: no number and no phone number {fault.answers_for}")
    return answer(request, {"n": world.faults.arm(fault)}, 201)


async def list_faults(request: Request) -> Response:
    """Answer the faults in force."""
    return answer(request, world_of(request).faults.listed())


async def clear_faults(request: Request) -> Response:
    """Take back all faults, or the one of `?n=`."""
    world_of(request).faults.clear(number_of(request, "n"))
    return Response(status_code=204)


async def list_held(request: Request) -> Response:
    """Answer the requests that are held."""
    return answer(request, world_of(request).holds.listed())


async def release(request: Request) -> Response:
    """Let held requests go on."""
    asked = await body_of(request, ReleaseRequest)
    return answer(request, {"released": world_of(request).holds.release(asked.then, asked.n)})


async def show_behaviour(request: Request) -> Response:
    """Answer all switches."""
    return answer(request, world_of(request).behaviour.model_dump())


async def change_behaviour(request: Request) -> Response:
    """Set the switches that are named; the others stay."""
    world = world_of(request)
    world.behaviour = checked(Behaviour, _merged(world.behaviour.model_dump(), await object_of(request)))
    return answer(request, world.behaviour.model_dump())


async def move_clock(request: Request) -> Response:
    """Move the sandbox's clock on, as if so much time had passed, and answer what it shows."""
    world = world_of(request)
    world.advance((await body_of(request, ClockRequest)).advance_ms)
    return answer(request, {"now": iso_millis(world.clock.shown())})


async def settle(request: Request) -> Response:
    """Let what the vendors hold now count as what they always held, for readings that lag."""
    world_of(request).settle()
    return Response(status_code=204)


async def reset(request: Request) -> Response:
    """Start anew, from the seed or from the one in the body (JSON or YAML)."""
    text = await text_of(request, YAML_OR_JSON)
    try:
        world_of(request).reset(parse_yaml(text, "body") if text.strip() else None)
    except SeedError as error:
        raise ControlError(str(error)) from error
    return Response(status_code=204)


async def outside_edit(request: Request) -> Response:
    """Let somebody else change something at a vendor."""
    world, thing = world_of(request), request.path_params["thing"]
    if thing not in outside.EDITS:
        raise ControlError(f"nothing to edit there; there are {', '.join(outside.EDITS)}")
    model, do = outside.EDITS[thing]
    edit = await body_of(request, model)
    try:
        record = do(world, edit)
    except NoSuchThingError as error:
        raise ControlError(str(error)) from error
    world.tell(telling.edit_line(thing, edit.model_dump(exclude_unset=True)))
    return answer(request, record)


def _merged(before: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    def one(name: str, value: object) -> object:
        return (
            {**before[name], **value}
            if isinstance(value, dict) and isinstance(before.get(name), dict)
            else value
        )

    return {**before, **{name: one(name, value) for name, value in changes.items()}}


ROUTES = [
    Route("/_sandbox", show_listing, methods=["GET"]),
    Route("/_sandbox/texts", send_text, methods=["POST"]),
    Route("/_sandbox/state", show_state, methods=["GET"]),
    Route("/_sandbox/journal", show_journal, methods=["GET"]),
    Route("/_sandbox/journal", clear_journal, methods=["DELETE"]),
    Route("/_sandbox/faults", list_faults, methods=["GET"]),
    Route("/_sandbox/faults", arm_fault, methods=["POST"]),
    Route("/_sandbox/faults", clear_faults, methods=["DELETE"]),
    Route("/_sandbox/held", list_held, methods=["GET"]),
    Route("/_sandbox/release", release, methods=["POST"]),
    Route("/_sandbox/behaviour", show_behaviour, methods=["GET"]),
    Route("/_sandbox/behaviour", change_behaviour, methods=["POST"]),
    Route("/_sandbox/clock", move_clock, methods=["POST"]),
    Route("/_sandbox/settle", settle, methods=["POST"]),
    Route("/_sandbox/reset", reset, methods=["POST"]),
    Route("/_sandbox/outside/{thing}", outside_edit, methods=["POST"]),
]
