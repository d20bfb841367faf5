"""The control surface under /_sandbox/: for tests, demos and curious people; no vendor has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vapi_sms.sandbox import outside, state
from vapi_sms.sandbox.behaviour import Behaviour, Strict
from vapi_sms.sandbox.delivery import Text, deliver
from vapi_sms.sandbox.faults import Fault
from vapi_sms.sandbox.plain_yaml import plain
from vapi_sms.sandbox.requests import query_of, world_of
from vapi_sms.sandbox.seed import SeedError, complaints, parse

if TYPE_CHECKING:
    from starlette.requests import Request


# E.164, or a short code.
_NUMBER = r"^(\+[1-9][0-9]{6,14}|[0-9]{5,6})$"

Body = TypeVar("Body", bound=BaseModel)


class ControlError(ValueError):
    """A control request that makes no sense; says why."""


class TextRequest(Strict):
    """A text that somebody sends to one of the numbers."""

    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from", pattern=_NUMBER)
    to: str = Field(pattern=_NUMBER)
    body: str = ""
    media: tuple[str, ...] = ()


class ReleaseRequest(Strict):
    """Which held request goes on (all when n is null), and how."""

    n: int | None = None
    then: Literal["go", "drop"] = "go"


async def _read(request: Request, model: type[Body]) -> Body:
    try:
        return model.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        raise ControlError("; ".join(complaints(error))) from error


async def send_text(request: Request) -> JSONResponse:
    """Deliver a text and answer who answered it, with what, and how it came to that."""
    asked = await _read(request, TextRequest)
    text = Text(asked.from_, asked.to, asked.body, asked.media)
    return JSONResponse(await deliver(world_of(request), text))


async def show_state(request: Request) -> JSONResponse:
    """Answer both vendors' records."""
    return JSONResponse(state.shown(world_of(request)))


async def show_journal(request: Request) -> JSONResponse:
    """Answer the requests after `?since=`."""
    return JSONResponse(world_of(request).journal.since(_number(request, "since") or 0))


async def clear_journal(request: Request) -> Response:
    """Forget the requests so far."""
    world_of(request).journal.clear()
    return Response(status_code=204)


async def arm_fault(request: Request) -> JSONResponse:
    """Put a fault in force."""
    return JSONResponse({"n": world_of(request).faults.arm(await _read(request, Fault))}, status_code=201)


async def list_faults(request: Request) -> JSONResponse:
    """Answer the faults in force."""
    return JSONResponse(world_of(request).faults.listed())


async def clear_faults(request: Request) -> Response:
    """Take back all faults, or the one of `?n=`."""
    world_of(request).faults.clear(_number(request, "n"))
    return Response(status_code=204)


async def list_held(request: Request) -> JSONResponse:
    """Answer the requests that are held."""
    return JSONResponse(world_of(request).holds.listed())


async def release(request: Request) -> JSONResponse:
    """Let held requests go on."""
    asked = await _read(request, ReleaseRequest)
    return JSONResponse({"released": world_of(request).holds.release(asked.then, asked.n)})


async def show_behaviour(request: Request) -> JSONResponse:
    """Answer all switches."""
    return JSONResponse(world_of(request).behaviour.model_dump())


async def change_behaviour(request: Request) -> JSONResponse:
    """Set the switches that are named; the others stay."""
    world = world_of(request)
    try:
        changed = Behaviour.model_validate(_merged(world.behaviour.model_dump(), await _json(request)))
    except ValidationError as error:
        raise ControlError("; ".join(complaints(error))) from error
    except yaml.YAMLError as error:
        raise ControlError("the body is not JSON") from error
    world.behaviour = changed
    return JSONResponse(changed.model_dump())


async def reset(request: Request) -> Response:
    """Start anew, from the seed or from the one in the body (JSON or YAML)."""
    body = (await request.body()).decode()
    try:
        world_of(request).reset(parse(plain(body), "body") if body.strip() else None)
    except (SeedError, yaml.YAMLError) as error:
        raise ControlError(str(error)) from error
    return Response(status_code=204)


async def outside_edit(request: Request) -> JSONResponse:
    """Let somebody else change something at a vendor."""
    edit = outside.EDITS.get(request.path_params["thing"])
    if edit is None:
        raise ControlError(f"nothing to edit there; there are {', '.join(outside.EDITS)}")
    model, do = edit
    try:
        return JSONResponse(do(world_of(request), await _read(request, model)))
    except outside.NoSuchThingError as error:
        raise ControlError(str(error)) from error


def _number(request: Request, name: str) -> int | None:
    text = query_of(request).get(name)
    if text is not None and not text.isdecimal():
        raise ControlError(f"{name} must be a number")
    return None if text is None else int(text)


async def _json(request: Request) -> dict[str, Any]:
    data = plain(await request.body())
    if not isinstance(data, dict):
        raise ControlError("the body must be a JSON object")
    return data


def _merged(before: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    def one(name: str, value: object) -> object:
        return (
            {**before[name], **value}
            if isinstance(value, dict) and isinstance(before.get(name), dict)
            else value
        )

    return {**before, **{name: one(name, value) for name, value in changes.items()}}


ROUTES = [
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
    Route("/_sandbox/reset", reset, methods=["POST"]),
    Route("/_sandbox/outside/{thing}", outside_edit, methods=["POST"]),
]
