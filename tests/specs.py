"""Holds requests and answers against the vendors' OpenAPI excerpts, as far as those use OpenAPI.

A checker is a hook: `RunningSandbox(seed, on_exchange=checker)`; afterwards `checker.complaints` is empty.
It knows nothing of the sandbox: what the sandbox invents would show here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tests.sandbox import recorded_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox import Exchange

FOLDER = Path(__file__).parents[2] / "shared" / "specs"
_FILES = {
    "twilio": (
        "twilio_api_v2010.json",
        "twilio_messaging_v1.json",
        "twilio_conversations_v1.json",
        "twilio_monitor_v1.json",
    ),
    "vapi": ("vapi.json", "vapi_chat.json"),
}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
# These have no excerpt: a single address of Conversations, accounts, and Conversation Orchestrator. Their shapes come
# from Twilio's documentation and from its SDK, with which the sandbox's tests read them.
_UNSPECIFIED = re.compile(
    r"/v1/Configuration/Addresses/[^/]+|/2010-04-01/Accounts\.json|/2010-04-01/Accounts/AC[0-9a-fA-F]{32}\.json"
    r"|/v2/ControlPlane/Configurations(/[^/]+)?"
)
# What names the variant of an object that may have several shapes.
_NAMING = ("provider", "type", "role", "on")
# Vapi's schema has no null here, its documentation's samples clear with it.
_CLEARABLE = ("assistantId", "squadId", "workflowId", "twilioAuthToken")
# What the real Vapi answers against its own schema: records of 2024 lack the first two, what is not set is null, and a
# page may lack its count.
_BORNE = re.compile(r"(lacks (provider|twilioAccountSid|totalItems)|is null)$")
_REFUSED = 400
_ANY_OBJECT = {"type": "object"}


def are_there() -> bool:
    """Tell whether this machine has the vendors' specifications."""
    return FOLDER.is_dir()


class Checker:
    """Collects what breaks the specifications, or is otherwise than the vendors' answers were recorded.

    Of Twilio's paths all have to be there, but those that are named above; those that Vapi's lacks (assistants) are
    not looked at.
    """

    def __init__(self) -> None:
        names = {vendor: names for vendor, names in _FILES.items() if are_there()}
        self._specs = {vendor: [_Spec(FOLDER / name) for name in files] for vendor, files in names.items()}
        self.complaints: list[str] = []
        self.checked = 0

    def __call__(self, exchange: Exchange) -> None:
        """Check one exchange; a refused request is the vendor's business, not the specification's."""
        where, operations = f"{exchange.method} {exchange.path}", 0
        self.complaints += [f"{where}: {found}" for found in recorded_answers.complaints(exchange)]
        if exchange.status >= _REFUSED or not self._specs:
            return
        for spec in self._specs[exchange.vendor]:
            found = spec.operation(exchange.method, exchange.path)
            if found is None:
                continue
            operations += 1
            wrong = [*spec.request(found, exchange), *spec.answer(found, exchange)]
            self.complaints += [f"{where}: {complaint}" for complaint in wrong]
        self.checked += operations
        if not operations and exchange.vendor == "twilio" and not _UNSPECIFIED.fullmatch(exchange.path):
            self.complaints.append(f"{where}: no specification has it")


class _Spec:
    def __init__(self, file: Path) -> None:
        self._document = json.loads(file.read_text(encoding="utf-8"))
        # Twilio's answers have all fields, always; Vapi leaves out what is not set.
        self._is_complete = file.name.startswith("twilio")
        self._paths = [(_pattern(path), operations) for path, operations in self._document["paths"].items()]

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, operations in self._paths:
            if pattern.fullmatch(path):
                found: dict[str, Any] | None = operations.get(method.lower())
                return found
        return None

    def request(self, operation: dict[str, Any], exchange: Exchange) -> Iterator[str]:
        given = operation.get("parameters", ())
        # Vapi's parameters have an allOf beside what they are.
        parameters = [each if "in" in each else self._resolved(each) for each in given]
        declared = {p["name"]: p for p in parameters if p["in"] == "query"}
        for name, value in parse_qsl(exchange.query, keep_blank_values=True):
            if name not in declared:
                yield f"the query has {name}"
            else:
                yield from self._text(declared[name]["schema"], value, name)
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            if kind == "application/json":
                sent = json.loads(exchange.request_body)
                sent = {n: v for n, v in sent.items() if v is not None or n not in _CLEARABLE}
                yield from self._value(content["schema"], sent, "the body", complete=False)
            else:
                yield from self._form(content["schema"]["properties"], exchange.request_body)

    def answer(self, operation: dict[str, Any], exchange: Exchange) -> Iterator[str]:
        declared = operation["responses"].get(str(exchange.status))
        if declared is None:
            yield f"the answer's status {exchange.status} is not declared"
            return
        if "content" not in declared:
            yield from [f"the answer has {len(exchange.answer_body)} bytes"] if exchange.answer_body else []
            return
        schema = declared["content"]["application/json"]["schema"]
        if schema == _ANY_OBJECT:
            # Vapi's 201 of a chat says no more; its 200, for the same request, does.
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        body = json.loads(exchange.answer_body)
        for complaint in self._value(schema, body, "the answer", complete=self._is_complete):
            if self._is_complete or not _BORNE.search(complaint):
                yield complaint

    def _form(self, declared: dict[str, Any], body: bytes) -> Iterator[str]:
        for name, value in parse_qsl(body.decode(), keep_blank_values=True):
            if name not in declared:
                yield f"the form has {name}"
            elif value or "enum" in declared[name]:  # Empty clears, but never a method.
                yield from self._text(declared[name], value, name)

    def _text(self, schema: dict[str, Any], value: str, name: str) -> Iterator[str]:
        schema = self._resolved(schema)
        converted: object = value
        if schema.get("type") == "array":
            converted = [value]  # each of them is a parameter of its own
        if schema.get("type") in ("integer", "number"):
            converted = int(value) if value.isdecimal() else value
        elif schema.get("type") == "boolean":
            converted = {"true": True, "false": False}.get(value.lower(), value)
        yield from self._value(schema, converted, name, complete=False)

    def _value(self, schema: dict[str, Any], value: object, where: str, *, complete: bool) -> Iterator[str]:
        schema = self._chosen(self._resolved(schema), value)
        if value is None or value == "":
            # Twilio's samples have "" for nullable fields, and null for enumerations behind a reference.
            if value is None and not schema.get("nullable") and "enum" not in schema:
                yield f"{where} is null"
            return
        if value in schema.get("enum", ()):
            return  # whatever type is declared beside it: Vapi has texts that are called objects
        expected = _TYPES.get(schema.get("type", ""), object)
        if not isinstance(value, expected) or (isinstance(value, bool) and expected not in (bool, object)):
            yield f"{where} is not of type {schema.get('type')}"
        elif isinstance(value, dict):
            yield from self._object(schema, value, where, complete=complete)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._value(schema.get("items", {}), item, f"{where}[{index}]", complete=complete)
        elif isinstance(value, str):
            yield from _string(schema, value, where)

    def _object(
        self, schema: dict[str, Any], value: dict[str, Any], where: str, *, complete: bool
    ) -> Iterator[str]:
        properties = schema.get("properties")
        if properties is None:
            return
        yield from (f"{where} has {name}, which is not declared" for name in value if name not in properties)
        needed = properties if complete else schema.get("required", ())
        yield from (f"{where} lacks {name}" for name in needed if name not in value)
        for name in value.keys() & properties.keys():
            yield from self._value(properties[name], value[name], f"{where}.{name}", complete=complete)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while True:
            if "$ref" in schema:
                found: Any = self._document
                for step in schema["$ref"].removeprefix("#/").split("/"):
                    found = found[step]
                schema = found
            elif len(schema.get("allOf", ())) == 1:
                schema = schema["allOf"][0]
            else:
                return schema

    def _chosen(self, schema: dict[str, Any], value: object) -> dict[str, Any]:
        """Return the variant that a provider, a type, a role or an event names, or else the one that fits."""
        variants: list[dict[str, Any]] = [self._resolved(variant) for variant in schema.get("oneOf", ())]
        if not variants:
            return schema
        if not isinstance(value, dict):
            return next((v for v in variants if _is_of(v, value)), variants[0])
        named = {"provider": "twilio", **value}
        for variant in variants:
            keys = variant.get("properties", {})
            if any(named.get(n) in keys.get(n, {}).get("enum", ()) for n in _NAMING):
                return variant
        return next((variant for variant in variants if _fits(variant, value)), variants[0])


def _is_of(schema: dict[str, Any], value: object) -> bool:
    return isinstance(value, _TYPES.get(schema.get("type", ""), ()))


def _fits(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    properties, needed = schema.get("properties", {}), schema.get("required", ())
    return value.keys() <= properties.keys() and all(name in value for name in needed)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+?", re.escape(path)))


def _string(schema: dict[str, Any], value: str, where: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is not one of {', '.join(schema['enum'])}"
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        yield f"{where} does not match {schema['pattern']}"
    if len(value) > schema.get("maxLength", len(value)):
        yield f"{where} is longer than {schema['maxLength']}"
