"""What control requests carry, and what is said of one that makes no sense."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vapi_sms.sandbox.behaviour import MOST_MS, Strict
from vapi_sms.sandbox.control.mistakes import mistakes
from vapi_sms.sandbox.requests import query_of

if TYPE_CHECKING:
    from starlette.requests import Request

# E.164, or a short code.
_NUMBER = r"^(\+[1-9][0-9]{6,14}|[0-9]{5,6})$"
_LONGEST_TEXT = 1600
_JSON = ("application/json",)
YAML_OR_JSON = (*_JSON, "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")

Body = TypeVar("Body", bound=BaseModel)


class ControlError(ValueError):
    """A control request that makes no sense; says why."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


class MediaRequest(Strict):
    """A file that comes with a text, with its type."""

    url: str
    content_type: str


class TextRequest(Strict):
    """A text that somebody sends to one of the numbers."""

    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from", pattern=_NUMBER)
    to: str = Field(pattern=_NUMBER)
    body: str = Field(default="", max_length=_LONGEST_TEXT)
    media: tuple[str | MediaRequest, ...] = ()


class ClockRequest(Strict):
    """How far the sandbox's clock moves on."""

    advance_ms: int = Field(default=0, ge=0, le=MOST_MS)


class ReleaseRequest(Strict):
    """Which held request goes on (all when n is null), and how."""

    n: int | None = None
    then: Literal["go", "drop"] = "go"


async def text_of(request: Request, kinds: tuple[str, ...] = _JSON) -> str:
    """Return the body, if it says what it is: that is what no web page's form can."""
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind not in kinds:
        raise ControlError(f"say what the body is: -H 'Content-Type: {kinds[0]}'", status=415)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise ControlError("the body is not UTF-8") from error


async def object_of(request: Request) -> dict[str, Any]:
    """Return the body's JSON object; no body is an empty one."""
    text = await text_of(request)
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise ControlError("the body is not JSON") from error
    if not isinstance(found, dict):
        raise ControlError("the body must be a JSON object")
    return found


async def body_of(request: Request, model: type[Body]) -> Body:
    """Return what the body says."""
    return checked(model, await object_of(request))


def checked(model: type[Body], data: dict[str, Any]) -> Body:
    """Return what the data says, or tell everything that is wrong with it."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ControlError("; ".join(map(str, mistakes(error, model)))) from error


def number_of(request: Request, name: str) -> int | None:
    """Return a number of the query."""
    text = query_of(request).get(name)
    if text is not None and not text.isdecimal():
        raise ControlError(f"{name} must be a number")
    return None if text is None else int(text)
