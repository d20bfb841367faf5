"""What a class's arguments, annotations and docstrings say, as a schema has it, in the words of other languages."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from types import SimpleNamespace
from typing import Any, Literal

import pulumi

from vapi_sms.core.proof.demand import Prove
from vapi_sms.core.routings.routing import Routing
from vapi_sms.resources.inputs.words import ENTRY_OPTIONS, to_camel
from vapi_sms.resources.native.functions import ANSWER
from vapi_sms.resources.native.kinds import PACKAGE

Spec = dict[str, Any]

STRING: Spec = {"type": "string"}
ANY: Spec = {"$ref": "pulumi.json#/Any"}
_PLAIN: dict[Any, Spec] = {bool: {"type": "boolean"}, int: {"type": "integer"}, str: STRING}
_SECRET = ("original", "originals", "restoreTo", "restoreCallsTo", "routes", "handler")


def arguments_of(class_: type[pulumi.Resource]) -> dict[str, Spec]:
    """Give what a class takes, with the description that its docstring has of each."""
    said = params_of(class_.__init__)
    hints = typing.get_type_hints(class_.__init__, localns=_AS_WRITTEN)
    parameters = inspect.signature(class_.__init__).parameters
    found = {}
    for name, parameter in parameters.items():
        if name not in said or name in ("resource_name", "opts"):
            continue
        spec = {**_type_of(hints[name], name), "description": said[name]}
        if isinstance(parameter.default, bool | str) and "oneOf" not in spec:
            spec["default"] = parameter.default
        if to_camel(name) in _SECRET:
            spec["secret"] = True
        found[to_camel(name)] = spec
    return found


def required_of(class_: type[pulumi.Resource]) -> list[str]:
    """Give the inputs that a class cannot do without."""
    parameters = inspect.signature(class_.__init__).parameters.values()
    return [
        to_camel(each.name)
        for each in parameters
        if each.kind is each.KEYWORD_ONLY and each.default is each.empty
    ]


def outputs_of(class_: type[pulumi.Resource]) -> Spec:
    """Give a class's outputs, with the text below each annotation; all of them are there after `up`."""
    said = below_annotations(inspect.getsource(class_))
    properties = {}
    for name, hint in class_.__annotations__.items():
        spec = {**_type_of(typing.get_args(hint)[0], name), "description": said[name]}
        if to_camel(name) in _SECRET:
            spec["secret"] = True
        properties[to_camel(name)] = spec
    return {"properties": properties, "required": list(properties)}


def _type_of(hint: Any, name: str) -> Spec:  # noqa: ANN401 an annotation
    """Give the type that an annotation says; of what may be several, or None, the first that it names."""
    inner, origin = typing.get_args(hint), typing.get_origin(hint)
    if name in _BY_NAME:
        found = _BY_NAME[name]
    elif origin is Literal:
        found = ref(_ENUMS[name][0])
    elif hint in _PLAIN:
        found = _PLAIN[hint]
    elif origin is Mapping:
        found = {"type": "object", "additionalProperties": _type_of(inner[1], "")}
    elif origin is Sequence:
        found = {"type": "array", "items": _type_of(inner[0], "")}
    elif hint in (Routing, Prove):
        found = ref(hint.__name__)
    else:
        found = _type_of(inner[0], name) if inner else ANY
    return found


class _Itself:
    """In place of pulumi.Input and Output, which say nothing to a schema but what they hold."""

    def __class_getitem__(cls, held: Any) -> Any:  # noqa: ANN401 an annotation
        return held


_AS_WRITTEN: dict[str, Any] = {
    "pulumi": SimpleNamespace(Input=_Itself, Output=_Itself, ResourceOptions=object),
    "Fallback": str,
    "RestoreTo": str,
}


def ref(name: str) -> Spec:
    """Name a type of the package."""
    return {"$ref": f"#/types/{PACKAGE}:index:{name}"}


_ENTRIES: Spec = {"type": "object", "additionalProperties": ref("Entry")}
_ONE_OR_THE_OTHER: Spec = {"oneOf": [STRING, ref("Routing")]}
_BY_NAME: dict[str, Spec] = {
    "original": STRING,
    "originals": STRING,
    "restore_to": _ONE_OR_THE_OTHER,
    "fallback": _ONE_OR_THE_OTHER,
    "handler": ref("Routing"),
    "messaging_service": STRING,
    "numbers": _ENTRIES,
    "defaults": ref("Entry"),
    "waves": {"type": "array", "items": STRING},
    "share": STRING,
}
_ENUMS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "voice": ("Voice", ("keep", "vapi"), "Who answers calls."),
    "on_remove": ("OnRemove", ("restore", "leave"), "What becomes of a number that is dropped."),
    "on_failure": ("OnFailure", ("restore", "keep"), "What becomes of a number with an unanswered text."),
    "on_silence": (
        "OnSilence",
        ("keep", "restore"),
        "What becomes of a number without enough answered texts.",
    ),
}


def types(entry_of: type[pulumi.Resource]) -> dict[str, Spec]:
    """Give the package's types; an entry of a fleet takes what this class takes."""
    types = {
        "Routing": _record(Routing, "Who is called for texts, or for calls: a URL, or a TwiML App."),
        "Prove": _record(Prove, "What proves a switch."),
        "Entry": _entry(entry_of),
        "Answer": ANSWER,
    }
    for name, words, said in _ENUMS.values():
        types[name] = {
            "type": "string",
            "description": said,
            "enum": [{"name": _name(w), "value": w} for w in words],
        }
    return {f"{PACKAGE}:index:{name}": spec for name, spec in types.items()}


def _name(word: str) -> str:
    return word.capitalize()


def _record(class_: Any, said: str) -> Spec:  # noqa: ANN401 a dataclass
    told = params_of(class_)
    hints = typing.get_type_hints(class_)
    return {
        "type": "object",
        "description": said,
        "properties": {
            to_camel(field.name): {**_type_of(hints[field.name], field.name), "description": told[field.name]}
            for field in fields(class_)
        },
    }


def _entry(class_: type[pulumi.Resource]) -> Spec:
    """Give what may be said of each number of a fleet: as of a number alone, and what becomes of it when it goes."""
    told = arguments_of(class_)
    own = {
        "onRemove": {
            **ref("OnRemove"),
            "description": "restore, by default: its routing is put back when its entry goes or the fleet is "
            "destroyed; leave: it stays at Vapi.",
        },
        "protect": {"type": "boolean", "description": "Refuses to drop the number, and protects the fleet."},
    }
    options = {to_camel(option): {**told, **own}[to_camel(option)] for option in ENTRY_OPTIONS}
    plain = {key: {k: v for k, v in spec.items() if k != "default"} for key, spec in options.items()}
    return {"type": "object", "description": "What is said of one number.", "properties": plain}


def params_of(documented: Any) -> dict[str, str]:  # noqa: ANN401 a function or a class
    """Give what a docstring says of each parameter, in the words of the engine."""
    text = inspect.getdoc(documented) or ""
    found = re.findall(r"^:param (\w+): (.+?)(?=^:|\Z)", text, re.DOTALL | re.MULTILINE)
    return {name: _said(body) for name, body in found}


def below_annotations(source: str) -> dict[str, str]:
    """Give what stands below each annotation of a class, in the words of the engine."""
    found = re.findall(r'^    (\w+): .+\n    """(.+?)"""', source, re.MULTILINE)
    return {name: _said(body) for name, body in found}


_SPELLED: Iterable[tuple[str, str]] = (
    (r"such as Handler\.studio_flow\(sid\)", "such as { url: a Studio Flow's }"),
    (r"Prove\(before=(\"[^\"]*\"), within=(\d+)\)", r"{ before: \1, within: \2 }"),
    (r"LEAVE_AT_VAPI", '"leave-at-vapi"'),
    (r"\bTrue\b", "true"),
    (r"\bFalse\b", "false"),
    (r"; load_numbers\(\)\s+reads one from a file", ""),
    (r" Options are `assistant`.*?protects the fleet\.", ""),
    (r"Its SIDs and URLs may be Outputs, and\s+so may all of it; it", "It"),
)


def _said(text: str) -> str:
    text = " ".join(text.split())
    for written, meant in _SPELLED:
        text = re.sub(written, meant, text, flags=re.DOTALL)
    return re.sub(r"`([a-z]+(?:_[a-z]+)+)`", lambda found: f"`{to_camel(found[1])}`", text)
