"""The shape of a fleet file, as pydantic models: they validate it, and the JSON Schema for editors comes from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from vapi_sms.core.errors import BadInput
from vapi_sms.core.numbers import parse_number_sid, parse_us_number
from vapi_sms.resources.fleet_file.proof import Proof
from vapi_sms.resources.fleet_file.restoring import STRICT, Fallback, RestoreCallsTo, RestoreTo
from vapi_sms.resources.inputs.entries import spelled
from vapi_sms.resources.inputs.number import NAME_LENGTH

# Editors take an unquoted +14155550100 for an integer without its plus; blanks, dots, dashes and brackets are fine, but
# not a spreadsheet's decimal point.
_WRITTEN = r"^(\+?1(?![^.]*\.[0-9]{1,3}$)[0-9 ().-]{10,}|PN[0-9a-fA-F]{32})$"


def _one_attached(schema: dict[str, Any]) -> None:
    both = {name: {"type": "string"} for name in ("assistant", "squad")}
    schema["not"] = {"required": [*both], "properties": both}


class Options(BaseModel):
    """Options of numbers. What is said closer to a number wins; null takes back what was said further away."""

    model_config = ConfigDict(**STRICT, json_schema_extra=_one_attached)

    assistant: Annotated[str, Field(min_length=1)] | None = None
    """The Vapi assistant that answers texts, by its exact, unique name or by its id."""
    squad: Annotated[str, Field(min_length=1)] | None = None
    """The Vapi squad that answers texts, by name or id: instead of an assistant."""
    sms_enabled: bool | None = None
    """true (as if not said): Vapi answers texts. false: the number stays in Vapi, texts go where they went before."""
    name: Annotated[str, Field(max_length=NAME_LENGTH)] | None = None
    """What Vapi's dashboard shows, at most 40 characters."""
    voice: Literal["keep", "vapi"] | None = None
    """keep (as if not said): calls are answered as before. vapi: Vapi answers calls, too."""
    restore_to: RestoreTo | None = None
    """What is put back when a number leaves, instead of the routing that was found."""
    restore_calls_to: RestoreCallsTo | None = None
    """Who answers calls, instead of the routing that was found, where Twilio would not take that back."""
    adopt: bool | None = None
    """true: take over a number that is in this Vapi org already."""
    messaging_service: Annotated[str, Field(pattern=r"^MG[0-9a-fA-F]{32}$")] | None = None
    """The SID of the number's Messaging Service, which a MessagingServiceInbound makes defer to it."""
    fallback: Fallback | None = None
    """Who answers texts while Vapi fails. keep (as if not said): whoever it was. original: who answered before."""
    prove: Proof | None = None
    """What proves a switch: a question to ask first, and texts to watch after it."""
    on_remove: Literal["restore", "leave"] | None = None
    """restore (as if not said): a number that leaves gets its routing back. leave: it stays at Vapi."""
    protect: bool | None = None
    """true: refuse to drop the number."""

    @model_validator(mode="after")
    def _not_both(self) -> Options:
        if self.assistant is not None and self.squad is not None:
            raise PydanticCustomError("said", "has an assistant and a squad: write one of them")
        return self

    def said(self) -> dict[str, object]:
        """Give the options that are written here, null for those taken back."""
        return {name: getattr(self, name) for name in OPTIONS if name in self.model_fields_set}


OPTIONS = tuple(sorted(Options.model_fields))


LEFT_OUT = Options()
"""What false stands for: the number is not declared in this stack."""


def _number(written: str) -> str:
    try:
        if written.startswith(("PN", "SC")):
            parse_number_sid(written)
        else:
            parse_us_number(spelled(written))
    except BadInput as refused:
        raise PydanticCustomError("said", "{said}", {"said": refused.reason}) from None
    return written


def _entry(written: object) -> object:
    """Let nothing stand for no options, and a text for an assistant."""
    if isinstance(written, str):
        return {"assistant": written}
    return _or_empty(written)


def _stack_entry(written: object) -> object:
    return LEFT_OUT if written is False else _entry(written)


def _by_number(written: object) -> object:
    """Let a list stand for numbers without options of their own."""
    if isinstance(written, list) and all(isinstance(number, str) for number in written):
        return dict.fromkeys(written)
    return _or_empty(written)


def _or_empty(written: object) -> object:
    return {} if written is None else written


_Number = Annotated[str, AfterValidator(_number), Field(json_schema_extra={"pattern": _WRITTEN})]
_Said = Options | str | None
_SaidInStack = _Said | Literal[False]
_List = Annotated[list[_Number | int], Field(json_schema_extra={"uniqueItems": True})]
_Entry = Annotated[Options, BeforeValidator(_entry, json_schema_input_type=_Said)]
_StackEntry = Annotated[Options, BeforeValidator(_stack_entry, json_schema_input_type=_SaidInStack)]
_Numbers = Annotated[
    dict[_Number, _Entry],
    BeforeValidator(_by_number, json_schema_input_type=dict[_Number, _Said] | _List | None),
]
_StackNumbers = Annotated[
    dict[_Number, _StackEntry],
    BeforeValidator(_by_number, json_schema_input_type=dict[_Number, _SaidInStack] | _List | None),
]
_Defaults = Annotated[Options, BeforeValidator(_or_empty, json_schema_input_type=Options | None)]


class Group(Options):
    """Numbers that have options in common. Its name is for people: renaming a group changes nothing."""

    numbers: _Numbers = Field(default_factory=dict)
    """The numbers of the group: a list, or a map from each number to options of its own."""


class StackGroup(Options):
    """What one stack says of a group."""

    numbers: _StackNumbers = Field(default_factory=dict)
    """Numbers that join the group in this stack, or options of its numbers there; false leaves a number out."""


class Stack(BaseModel):
    """What one stack says on top of the rest of the file."""

    model_config = STRICT

    defaults: _Defaults = Field(default_factory=Options)
    """Options of all numbers in this stack."""
    numbers: _StackNumbers = Field(default_factory=dict)
    """Numbers of this stack alone, or options of numbers there; false leaves a number out."""
    groups: Annotated[
        dict[
            str, Annotated[StackGroup, BeforeValidator(_or_empty, json_schema_input_type=StackGroup | None)]
        ],
        BeforeValidator(_or_empty, json_schema_input_type=dict[str, StackGroup | None] | None),
    ] = Field(default_factory=dict)
    """Options and numbers of groups in this stack; each group stands at the top of the file, too."""


class File(BaseModel):
    """The numbers of a fleet, and who answers their texts."""

    model_config = STRICT

    defaults: _Defaults = Field(default_factory=Options)
    """Options of all numbers."""
    numbers: _Numbers = Field(default_factory=dict)
    """A list of numbers, or a map from each to its options; a text alone is the assistant's name."""
    groups: Annotated[
        dict[str, Annotated[Group, BeforeValidator(_or_empty, json_schema_input_type=Group | None)]],
        BeforeValidator(_or_empty, json_schema_input_type=dict[str, Group | None] | None),
    ] = Field(default_factory=dict)
    """Numbers that have options in common."""
    stacks: Annotated[
        dict[str, Annotated[Stack, BeforeValidator(_or_empty, json_schema_input_type=Stack | None)]],
        BeforeValidator(_or_empty, json_schema_input_type=dict[str, Stack | None] | None),
    ] = Field(default_factory=dict)
    """Per stack, what differs there. Where this is written, a stack that is not in it is refused."""
