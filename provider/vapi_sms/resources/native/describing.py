"""The schema, made from the classes that Python programs use: their arguments, annotations and docstrings say it all.

`python -m vapi_sms.resources.native.describing` prints it; the package holds the result, so that a provider process
reads one file and imports no classes.
"""

from __future__ import annotations

import inspect
import json
import sys

import pulumi

from vapi_sms.live.sources import CONFIG_KEYS
from vapi_sms.resources.inputs.words import to_camel
from vapi_sms.resources.native.arguments import (
    ANY,
    STRING,
    Spec,
    arguments_of,
    outputs_of,
    params_of,
    required_of,
    types,
)
from vapi_sms.resources.native.configuring import key_of
from vapi_sms.resources.native.functions import FUNCTIONS
from vapi_sms.resources.native.kinds import COMPONENTS, KINDS, PACKAGE, Kind
from vapi_sms.resources.program.account import account
from vapi_sms.resources.program.fleet import VapiSmsFleet
from vapi_sms.resources.program.number import VapiSmsNumber
from vapi_sms.resources.program.originals import OriginalRoutings
from vapi_sms.resources.program.route import TwilioSmsRoute
from vapi_sms.resources.program.service import MessagingServiceInbound, OriginalService

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
        "types": types(VapiSmsNumber),
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
    inputs = arguments_of(class_)
    if name == "Inbound":
        inputs["numbers"] = {
            "type": "array",
            "items": STRING,
            "description": "The numbers, in E.164 form or by their SIDs, that rely on this: those that are declared "
            "with it as their messagingService.",
        }
    outputs = outputs_of(class_)
    key, in_csharp = _IN_CSHARP.get(name, ("", ""))
    for properties in (inputs, outputs["properties"]):
        if key in properties:
            properties[key]["language"] = {"csharp": {"name": in_csharp}}
    return {
        "isComponent": True,
        "description": f"{inspect.getdoc(class_)}\n\nIt makes a {kind.name}, and before it the record of what was "
        "found, so that nothing is touched before the way back is in the state.",
        "inputProperties": inputs,
        "requiredInputs": required_of(class_),
        **outputs,
    }


_IN_CSHARP = {"Number": ("number", "PhoneNumber"), "Inbound": ("inbound", "DecidedBy")}
"""In C# no member may have the name of its class: the property that has, and what it is there."""


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
        **outputs_of(class_),
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
    given = {key: spec for key, spec in arguments_of(class_).items() if key not in _BEFORE}
    if class_ is MessagingServiceInbound:
        given["declared"] = _DECLARED
    if kind.name != "OriginalService":
        given["original"] = _RECORD
    return given


_BEFORE = ("restoreTo", "restoreCallsTo", "defaults", "share")
"""What a component passes on to the record, or has worked out before."""


def _inputs_of_originals() -> dict[str, Spec]:
    of_each = {"type": "object", "additionalProperties": ANY}
    return {
        "numbers": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": ANY},
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


def _settings() -> dict[str, Spec]:
    said = params_of(account)
    found = {}
    for setting in CONFIG_KEYS:
        key = key_of(setting)
        words = {to_camel(name): text for name, text in said.items()}
        spec = {**STRING, "description": words.get(key, f"As a dynamic stack's {setting}.")}
        if key in ("twilioAuthToken", "twilioApiSecret", "vapiApiKey", "vapiTwilioApiSecret"):
            spec["secret"] = True
        found[key] = spec
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
