"""`restore_to`, and handlers for other options, in a fleet file: by name and value, or a word, to a program's value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from vapi_sms.core.errors import BadInput
from vapi_sms.core.routings.handlers import is_vapis
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.routings.spelled import ALONE, CALLING, RAW, TWIML_APP, from_spelled
from vapi_sms.resources.inputs.routing import parse_fallback
from vapi_sms.resources.inputs.words import FALLBACKS, LEAVE_AT_VAPI
from vapi_sms.resources.program.restore_to import engine_value
from vapi_sms.resources.record.state import load_restore_to

STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)
LEAVE = "leave_at_vapi"
_WORDS = (*ALONE, LEAVE)
HANDLERS = (*CALLING, TWIML_APP)
TAGGED = "restore_to "
"""What the tags of the kinds start with: pydantic puts them into its paths."""

_Url = Annotated[str, Field(pattern=r"^[hH][tT][tT][pP][sS]?://[^\s/]")]
_Method = Literal["GET", "POST"]


def _sid(prefix: str) -> Any:  # noqa: ANN401 pydantic reads it as a Field
    return Field(pattern=rf"^{prefix}[0-9a-fA-F]{{32}}$")


class _Calling(BaseModel):
    """What may stand beside a handler that is called by URL."""

    model_config = STRICT

    method: _Method = "POST"
    """How the handler is called."""
    fallback: _Url | None = None
    """What is called where the handler fails."""
    fallback_method: _Method = "POST"
    """How the fallback is called."""


class Webhook(_Calling):
    """Your own server."""

    webhook: _Url
    """An absolute http or https URL."""


class TwimlBin(_Calling):
    """A TwiML Bin."""

    twiml_bin: Annotated[str, _sid("EH")]
    """Its SID."""


class StudioFlow(_Calling):
    """A Studio Flow of the number's own account."""

    studio_flow: Annotated[str, _sid("FW")]
    """Its SID."""


class Function(_Calling):
    """A Twilio Function."""

    function: _Url
    """Its URL, such as https://orders-1234.twil.io/reply."""


class Proxy(_Calling):
    """A Proxy service of the number's own account."""

    proxy: Annotated[str, _sid("KS")]
    """Its SID."""


class TwimlApp(BaseModel):
    """A TwiML App, which has its own URLs and fallback."""

    model_config = STRICT

    twiml_app: Annotated[str, _sid("AP")]
    """Its SID."""


class RawRouting(BaseModel):
    """The fields at Twilio one by one, for a routing that none of the others describes."""

    model_config = STRICT

    url: _Url | None = None
    """Who is called."""
    method: _Method = "POST"
    """How."""
    fallback_url: _Url | None = None
    """What is called where the URL fails."""
    fallback_method: _Method = "POST"
    """How."""
    application_sid: Annotated[str, _sid("AP")] | None = None
    """A TwiML App, which wins over the URLs."""


def _kind(written: object) -> str | None:
    if isinstance(written, str):
        return f"{TAGGED}word" if written in _WORDS else None
    if not isinstance(written, dict) or not written:
        return None
    named = [name for name in HANDLERS if name in written]
    if named:
        return TAGGED + named[0]
    return f"{TAGGED}raw" if written.keys() & set(RAW) else None


def _meant(written: BaseModel | str) -> Routing | str:
    """Give the value for a program; raise where Twilio would not take it, or where it is nobody's original."""
    if written == LEAVE:
        return LEAVE_AT_VAPI
    spelling = written if isinstance(written, str) else written.model_dump(exclude_none=True)
    routing = from_spelled(spelling)
    if is_vapis(routing):
        raise PydanticCustomError(
            "said", "is Vapi's own URL, which puts nothing back: write leave_at_vapi to leave texts there"
        )
    try:
        load_restore_to("", engine_value(routing))
    except BadInput as refused:
        text = refused.reason.removeprefix("restore_to is malformed: ")
        raise PydanticCustomError("said", "{said}", {"said": text}) from None
    return routing


RestoreTo = Annotated[
    Annotated[Literal["demo", "none", "leave_at_vapi"], Tag(f"{TAGGED}word")]
    | Annotated[Webhook, Tag(f"{TAGGED}webhook")]
    | Annotated[TwimlBin, Tag(f"{TAGGED}twiml_bin")]
    | Annotated[StudioFlow, Tag(f"{TAGGED}studio_flow")]
    | Annotated[Function, Tag(f"{TAGGED}function")]
    | Annotated[Proxy, Tag(f"{TAGGED}proxy")]
    | Annotated[TwimlApp, Tag(f"{TAGGED}twiml_app")]
    | Annotated[RawRouting, Tag(f"{TAGGED}raw")],
    Discriminator(
        _kind,
        custom_error_type="said",
        custom_error_message=f"must be {', '.join(_WORDS)}, or a map with one of {', '.join(HANDLERS)}",
    ),
    AfterValidator(_meant),
]
"""Validated, a Routing or LEAVE_AT_VAPI."""


def _of_calls(routing: Routing | str) -> Routing | str:
    if routing == LEAVE_AT_VAPI:
        raise PydanticCustomError("said", "must be a handler: write voice: vapi to leave calls at Vapi")
    return routing


RestoreCallsTo = Annotated[RestoreTo, AfterValidator(_of_calls)]
"""Validated, a Routing."""


def _fallback_kind(written: object) -> str | None:
    if isinstance(written, str):
        return f"{TAGGED}word" if written in FALLBACKS else None
    return _kind(written)


def _fallback_meant(written: BaseModel | str) -> Routing | str:
    """Give the value for a program; raise where it could not answer while Vapi fails."""
    if isinstance(written, str):
        return written
    routing = from_spelled(written.model_dump(exclude_none=True))
    try:
        parse_fallback("", engine_value(routing))
    except BadInput as refused:
        text = refused.reason.removeprefix("fallback is malformed: ").removeprefix("fallback ")
        raise PydanticCustomError("said", "{said}", {"said": text}) from None
    return routing


Fallback = Annotated[
    Annotated[Literal["keep", "original"], Tag(f"{TAGGED}word")]
    | Annotated[Webhook, Tag(f"{TAGGED}webhook")]
    | Annotated[TwimlBin, Tag(f"{TAGGED}twiml_bin")]
    | Annotated[StudioFlow, Tag(f"{TAGGED}studio_flow")]
    | Annotated[Function, Tag(f"{TAGGED}function")]
    | Annotated[Proxy, Tag(f"{TAGGED}proxy")]
    | Annotated[TwimlApp, Tag(f"{TAGGED}twiml_app")]
    | Annotated[RawRouting, Tag(f"{TAGGED}raw")],
    Discriminator(
        _fallback_kind,
        custom_error_type="said",
        custom_error_message=f"must be {', '.join(FALLBACKS)}, or a map with one of {', '.join(HANDLERS)}",
    ),
    AfterValidator(_fallback_meant),
]
"""Validated, "keep", "original" or a Routing."""

KINDS: Mapping[str, type[BaseModel]] = {
    f"{TAGGED}webhook": Webhook,
    f"{TAGGED}twiml_bin": TwimlBin,
    f"{TAGGED}studio_flow": StudioFlow,
    f"{TAGGED}function": Function,
    f"{TAGGED}proxy": Proxy,
    f"{TAGGED}twiml_app": TwimlApp,
    f"{TAGGED}raw": RawRouting,
}
"""The model of each kind, by its tag."""
