"""Dynamic resources with the inputs and outputs of ours that ask nobody and change nothing.

They are what the engine itself costs. A program imports this file as `noop`, from PYTHONPATH.
"""

from __future__ import annotations

import functools
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pulumi
from pulumi.dynamic import (
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)

Props = dict[str, Any]

ACCOUNT = f"AC{'0' * 32}"
ORG = "00000000-0000-4000-8000-000000000000"
ASSISTANT = "a5000000-0000-4000-8000-000000000000"
ANSWERED_BY = "Vapi assistant Support, instead of Webhook https://app.example.com/sms?tenant=***"
SUMMARY = (
    "texts: Webhook https://app.example.com/sms?tenant=*** (fallback Webhook https://app.example.com/fallback); "
    "calls: Webhook https://app.example.com/voice; not in Vapi"
)


def sid_of(number: str) -> str:
    """Give a number's SID, as little like another as Twilio's are: the engine packs what it logs."""
    return f"PN{_drawn(number)[:32]}"


def import_of(number: str) -> str:
    """Give the id of a number's import at Vapi, as little alike."""
    return str(UUID(_drawn(number)[32:]))


@functools.cache
def _drawn(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()


def owner_of(name: str) -> str:
    """Give a resource's name among all stacks."""
    return f"organization/test/dev/{name}"


def record_of(number: str) -> Props:
    """Give a record as ours stands in the state: what is empty, and a method that is POST, goes without saying.

    `imports` are the settings that the number is to be imported with, `seen` its moment at Twilio.
    """
    return {
        "schema": 1,
        "sid": sid_of(number),
        "number": number,
        "accountSid": ACCOUNT,
        "orgId": ORG,
        "messaging": {
            "url": f"https://app.example.com/sms?tenant={number[1:]}",
            "fallbackUrl": "https://app.example.com/fallback",
        },
        "voice": {"url": "https://app.example.com/voice"},
        "source": "captured",
        "imports": json.dumps([ASSISTANT, "", True, ""]),
        "seen": 1704067200,
    }


def known_since(number: str) -> Props:
    """Give a record as ours stands in the outputs of who switched: with what is known since."""
    moment = f"2026-11-30T01:43:{number[-2:]}.{number[-3:]}Z"
    since = {"importId": import_of(number), "written": 1796003005, "writtenAtVapi": moment}
    return record_of(number) | since


def imports_of(assistants: Mapping[str, str]) -> str:
    """Give what a check of the records is told of who is to answer."""
    return json.dumps({number: {"assistant": name} for number, name in assistants.items()})


def as_one_text(records: Props) -> str:
    """Give a map as one text, as ours: the engine pays for every nested value."""
    return json.dumps(records, sort_keys=True, separators=(",", ":"))


class _Noop(ResourceProvider, ABC):
    serialize_as_secret_always = False
    compared: tuple[str, ...] = ()
    made: ClassVar[Props] = {}
    """What ours has in its outputs only, after an `up`."""

    def __reduce__(self) -> tuple[type[_Noop], tuple[()]]:
        return type(self), ()

    def check(self, _olds: Props, news: Props) -> CheckResult:
        given = {key: value for key, value in news.items() if key != "__provider"}
        return CheckResult(given | self.found(given), [])

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        same = all(_olds.get(key) == _news.get(key) for key in self.compared)
        return DiffResult(changes=False if same else None)

    def create(self, props: Props) -> CreateResult:
        return CreateResult("noop", self.outputs(props))

    def read(self, id_: str, props: Props) -> ReadResult:
        return ReadResult(id_, dict(props), dict(props))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        return UpdateResult(self.outputs(_news))

    def outputs(self, props: Props) -> Props:
        """Give what ours keeps and adds in an `up`."""
        return props | self.made

    @abstractmethod
    def found(self, given: Props) -> Props:
        """Give what ours finds out in a check."""


class NoopNumber(_Noop):
    """Stands for the number."""

    compared = ("assistant",)
    made: ClassVar[Props] = {
        "schema": 1,
        "squadId": "",
        "vapiId": ORG,
        "textsUrl": "https://api.vapi.ai/twilio/sms",
        "routing": {"texts": ANSWERED_BY, "calls": "Webhook https://app.example.com/voice", "hash": "0" * 32},
    }

    def found(self, given: Props) -> Props:
        """Give what people read of a number."""
        sid = sid_of(given["number"])
        return {
            "answeredBy": ANSWERED_BY,
            "originalSummary": SUMMARY,
            "assistantId": ASSISTANT,
            "twilioSid": sid,
            "accountSid": ACCOUNT,
            "orgId": ORG,
        }

    def outputs(self, props: Props) -> Props:
        """Add what is known of the number since."""
        number = props["number"]
        return super().outputs(props) | {"original": as_one_text({sid_of(number): known_since(number)})}


class NoopFleet(_Noop):
    """Stands for the fleet."""

    compared = ("numbers",)  # the record stands in the outputs with what is known since
    made: ClassVar[Props] = {"schema": 1, "textsUrls": {}, "summary": {"Vapi assistant Support": 1}}

    def found(self, given: Props) -> Props:
        """Give what people read of each number."""
        read = {"answeredBy": ANSWERED_BY, "assistantId": ASSISTANT}
        numbers = {number: {**entry, **read} for number, entry in given["numbers"].items()}
        return {"numbers": numbers, "accountSid": ACCOUNT, "orgId": ORG}

    def outputs(self, props: Props) -> Props:
        """Add what is known of the numbers since."""
        records = {sid_of(number): known_since(number) for number in props["numbers"]}
        return super().outputs(props) | {"original": as_one_text(records)}


class NoopOriginals(_Noop):
    """Stands for the sibling."""

    compared = ("numbers", "originals")

    def found(self, given: Props) -> Props:
        """Give records."""
        numbers = given["numbers"]
        return {
            "originals": as_one_text({sid_of(number): record_of(number) for number in numbers}),
            "summary": dict.fromkeys(numbers, SUMMARY),
        }

    def outputs(self, props: Props) -> Props:
        """Leave out what only a check needs."""
        return {name: value for name, value in props.items() if name != "imports"}


class Originals(Resource, module="noop", name="Originals"):
    """The sibling."""

    originals: pulumi.Output[Any]

    def __init__(self, name: str, numbers: Props, assistants: Mapping[str, str]) -> None:
        props = {
            "numbers": numbers,
            "imports": imports_of(assistants),
            "originals": pulumi.Output.secret("not recorded yet"),
            "owner": owner_of(name),
            "formerOwners": None,
            "summary": None,
        }
        super().__init__(NoopOriginals(), f"{name}-original", props)


class VapiSmsNumber(Resource, module="noop", name="Number"):
    """The number."""

    def __init__(self, name: str, *, number: str, assistant: str) -> None:
        sibling = Originals(name, {number: {"adopt": False}}, {number: assistant})
        given = {
            "number": number,
            "twilioSid": None,
            "assistant": assistant,
            "squad": None,
            "smsEnabled": True,
            "name": None,
            "voice": "keep",
            "adopt": False,
            "messagingService": None,
            "owner": owner_of(name),
            "formerOwners": None,
        }
        super().__init__(
            NoopNumber(), name, {**dict.fromkeys(_OUTPUTS), **given, "original": sibling.originals}
        )


_OUTPUTS = (
    "accountSid",
    "vapiId",
    "orgId",
    "assistantId",
    "squadId",
    "answeredBy",
    "textsUrl",
    "routing",
    "originalSummary",
)


class VapiSmsFleet(Resource, module="noop", name="Fleet"):
    """The fleet."""

    def __init__(self, name: str, *, numbers: dict[str, Props], defaults: Props) -> None:
        declared = {number: {**defaults, **entry} for number, entry in numbers.items()}
        assistants = {number: entry["assistant"] for number, entry in declared.items()}
        sibling = Originals(name, {number: {} for number in numbers}, assistants)
        given = {
            "numbers": declared,
            "owner": owner_of(name),
        }
        outputs = ("accountSid", "orgId", "textsUrls", "summary")
        super().__init__(
            NoopFleet(), name, {**dict.fromkeys(outputs), **given, "original": sibling.originals}
        )
