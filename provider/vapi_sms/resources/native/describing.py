"""The schema, made from the classes that Python programs use: their arguments, annotations and docstrings say it all.

`python -m vapi_sms.resources.native.describing` prints it; the package holds the result, so that a provider process
reads one file and imports no classes.
"""

from __future__ import annotations

import inspect
import json
import sys
import typing
from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import SimpleNamespace
from typing import Any, Literal

import pulumi

from vapi_sms.core.proof.demand import Prove
from vapi_sms.core.routings.routing import Routing
from vapi_sms.live.sources import CONFIG_KEYS
from vapi_sms.resources.inputs.words import ENTRY_OPTIONS, to_camel
from vapi_sms.resources.native.configuring import key_of
from vapi_sms.resources.native.docstrings import below_annotations, params_of
from vapi_sms.resources.native.functions import ANSWER, FUNCTIONS
from vapi_sms.resources.native.kinds import COMPONENTS, KINDS, PACKAGE, Kind
from vapi_sms.resources.program.account import account
from vapi_sms.resources.program.fleet import VapiSmsFleet
from vapi_sms.resources.program.number import VapiSmsNumber
from vapi_sms.resources.program.originals import OriginalRoutings
from vapi_sms.resources.program.route import TwilioSmsRoute
from vapi_sms.resources.program.service import MessagingServiceInbound, OriginalService

Spec = dict[str, Any]

_CLASSES: dict[str, type[pulumi.Resource]] = {
    class_.__name__: class_
    for class_ in (
        VapiSmsNumber,
        VapiSmsFleet,
        TwilioSmsRoute,
        MessagingServiceInbound,
        OriginalRoutings,
        OriginalService,
    )
}
_STRING: Spec = {"type": "string"}
_ANY: Spec = {"$ref": "pulumi.json#/Any"}
_PLAIN: dict[Any, Spec] = {bool: {"type": "boolean"}, int: {"type": "integer"}, str: _STRING}
_SECRET = ("original", "originals", "restoreTo", "restoreCallsTo", "routes", "handler")


def schema() -> Spec:
    """Give the package's schema, without its version."""
    return {
        "name": PACKAGE,
        "displayName": "vapi-sms",
        "description": "Hand the texts of Twilio numbers to a Vapi assistant, and put the original routing back.",
        "keywords": ["pulumi", "twilio", "vapi", "sms", "kind/native", "category/utility"],
        "license": "Apache-2.0",
        "attribution": "",
        "config": {"variables": _settings()},
        "provider": {
            "description": "One Twilio account and one Vapi org. What is not said comes from the environment.",
            "inputProperties": _settings(),
        },
        "types": _types(),
        "resources": {
            **{f"{PACKAGE}:index:{name}": _component(name, kind) for name, kind in COMPONENTS.items()},
            **{kind.token: _resource(kind) for kind in KINDS.values()},
        },
        "functions": {f"{PACKAGE}:index:{name}": function.described for name, function in FUNCTIONS.items()},
        "language": {
            "nodejs": {"packageName": "vapi-sms", "respectSchemaVersion": True},
            "python": {"packageName": "pulumi_vapi_sms", "respectSchemaVersion": True},
            "go": {"importBasePath": "vapi-sms/sdk/go/vapisms", "respectSchemaVersion": True},
            "csharp": {"respectSchemaVersion": True, "namespaces": {"vapi-sms": "VapiSms"}},
        },
    }


# --- resources -------------------------------------------------------------------------------------


def _component(name: str, kind: Kind) -> Spec:
    class_ = _CLASSES[kind.name]
    inputs = _arguments(class_)
    if name == "Inbound":
        inputs["numbers"] = {
            "type": "array",
            "items": _STRING,
            "description": "The numbers, in E.164 form or by their SIDs, that rely on this: those that are declared "
            "with it as their messagingService.",
        }
    return {
        "isComponent": True,
        "description": f"{inspect.getdoc(class_)}\n\nIt makes a {kind.name}, and before it the record of what was "
        "found, so that nothing is touched before the way back is in the state.",
        "inputProperties": inputs,
        "requiredInputs": _required(class_),
        **_outputs(class_),
    }


def _resource(kind: Kind) -> Spec:
    class_ = _CLASSES[kind.name]
    inputs = {key: spec for key, spec in _inputs_of(kind).items() if key not in kind.replaced_by}
    replacing = {
        key: {**spec, "willReplaceOnChanges": True}
        for key, spec in _inputs_of(kind).items()
        if key in kind.replaced_by
    }
    return {
        "description": f"{inspect.getdoc(class_)}\n\n{_BARE[kind.name]}",
        "inputProperties": {**replacing, **inputs},
        "requiredInputs": list(_NEEDED[kind.name]),
        **_outputs(class_),
    }


_WITH_A_RECORD = (
    "A part of {}, which makes its record too: write that one, unless you wire the record by hand."
)
_BARE = {
    "VapiSmsNumber": _WITH_A_RECORD.format("Number"),
    "VapiSmsFleet": _WITH_A_RECORD.format("Fleet"),
    "TwilioSmsRoute": _WITH_A_RECORD.format("Route"),
    "MessagingServiceInbound": _WITH_A_RECORD.format("Inbound"),
    "OriginalRoutings": "It has the name of the resource that it belongs to, with -original behind it.",
    "OriginalService": "It has the name of the resource that it belongs to, with -original behind it.",
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "VapiSmsNumber": (),
    "VapiSmsFleet": ("numbers",),
    "TwilioSmsRoute": ("handler",),
    "MessagingServiceInbound": ("service",),
    "OriginalRoutings": ("numbers",),
    "OriginalService": ("service",),
}
_RECORD: Spec = {
    "type": "string",
    "secret": True,
    "description": "The record of what was found: the originals of its OriginalRoutings, or the original of its "
    "OriginalService. Only what was imported does without: it holds its record itself.",
}
_DECLARED: Spec = {
    "type": "string",
    "description": "The numbers that rely on it, in E.164 form or by their SIDs, parted by commas.",
}


def _inputs_of(kind: Kind) -> dict[str, Spec]:
    """Give what a resource takes without the component around it."""
    if kind.name == "OriginalRoutings":
        return _inputs_of_originals()
    class_ = MessagingServiceInbound if kind.name == "OriginalService" else _CLASSES[kind.name]
    given = {key: spec for key, spec in _arguments(class_).items() if key not in _BEFORE}
    if class_ is MessagingServiceInbound:
        given["declared"] = _DECLARED
    if kind.name != "OriginalService":
        given["original"] = _RECORD
    return given


_BEFORE = ("restoreTo", "restoreCallsTo", "defaults", "share")
"""What a component passes on to the record, or has worked out before."""


def _inputs_of_originals() -> dict[str, Spec]:
    of_each = {"type": "object", "additionalProperties": _ANY}
    return {
        "numbers": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _ANY},
            "description": "Per number, in E.164 form or by SID, what is said of its original: adopt, "
            "messagingService, onRemove, protect; {} where nothing is.",
        },
        "restoreTo": {
            **of_each,
            "secret": True,
            "description": "Per number, what destroy puts back instead.",
        },
        "restoreCallsTo": {
            **of_each,
            "secret": True,
            "description": "Per number, who answers calls after destroy.",
        },
        "routes": {**of_each, "secret": True, "description": "Of a TwilioSmsRoute: per number, its handler."},
        "imports": {
            "type": "string",
            "description": "JSON: per number, the assistant or squad, name and smsEnabled with which it is imported, "
            "by which an unfinished import is known.",
        },
    }


# --- what arguments and outputs say ------------------------------------------------------------------


def _arguments(class_: type[pulumi.Resource]) -> dict[str, Spec]:
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


def _required(class_: type[pulumi.Resource]) -> list[str]:
    parameters = inspect.signature(class_.__init__).parameters.values()
    return [
        to_camel(each.name)
        for each in parameters
        if each.kind is each.KEYWORD_ONLY and each.default is each.empty
    ]


def _outputs(class_: type[pulumi.Resource]) -> Spec:
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
        found = _ref(_ENUMS[name][0])
    elif hint in _PLAIN:
        found = _PLAIN[hint]
    elif origin is Mapping:
        found = {"type": "object", "additionalProperties": _type_of(inner[1], "")}
    elif origin is Sequence:
        found = {"type": "array", "items": _type_of(inner[0], "")}
    elif hint in (Routing, Prove):
        found = _ref(hint.__name__)
    else:
        found = _type_of(inner[0], name) if inner else _ANY
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


def _ref(name: str) -> Spec:
    return {"$ref": f"#/types/{PACKAGE}:index:{name}"}


_ENTRIES: Spec = {"type": "object", "additionalProperties": _ref("Entry")}
_ONE_OR_THE_OTHER: Spec = {"oneOf": [_STRING, _ref("Routing")]}
_BY_NAME: dict[str, Spec] = {
    "original": _STRING,
    "originals": _STRING,
    "restore_to": _ONE_OR_THE_OTHER,
    "fallback": _ONE_OR_THE_OTHER,
    "handler": _ref("Routing"),
    "messaging_service": _STRING,
    "numbers": _ENTRIES,
    "defaults": _ref("Entry"),
    "waves": {"type": "array", "items": _STRING},
    "share": _STRING,
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


def _types() -> dict[str, Spec]:
    types = {
        "Routing": _record(Routing, "Who is called for texts, or for calls: a URL, or a TwiML App."),
        "Prove": _record(Prove, "What proves a switch."),
        "Entry": _entry(),
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


def _entry() -> Spec:
    """Give what may be said of each number of a fleet: as of a number alone, and what becomes of it when it goes."""
    told = _arguments(VapiSmsNumber)
    own = {
        "onRemove": {
            **_ref("OnRemove"),
            "description": "restore, by default: its routing is put back when its entry goes or the fleet is "
            "destroyed; leave: it stays at Vapi.",
        },
        "protect": {"type": "boolean", "description": "Refuses to drop the number, and protects the fleet."},
    }
    options = {to_camel(option): {**told, **own}[to_camel(option)] for option in ENTRY_OPTIONS}
    plain = {key: {k: v for k, v in spec.items() if k != "default"} for key, spec in options.items()}
    return {"type": "object", "description": "What is said of one number.", "properties": plain}


def _settings() -> dict[str, Spec]:
    said = params_of(account)
    found = {}
    for setting in CONFIG_KEYS:
        key = key_of(setting)
        words = {to_camel(name): text for name, text in said.items()}
        spec = {**_STRING, "description": words.get(key, f"As a dynamic stack's {setting}.")}
        if key in ("twilioAuthToken", "twilioApiSecret", "vapiApiKey", "vapiTwilioApiSecret"):
            spec["secret"] = True
        found[key] = spec
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
