"""Two dynamic resources with the inputs and outputs of ours that ask nobody and change nothing.

They are what the engine itself costs. A program imports this file as `noop`, from PYTHONPATH.
"""

from __future__ import annotations

from typing import Any

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


# As a record of ours in state: what is empty, and a method that is POST, goes without saying.
RECORD = {
    "schema": 1,
    "sid": f"PN{'0' * 32}",
    "number": "+14155550100",
    "accountSid": f"AC{'0' * 32}",
    "orgId": "00000000-0000-4000-8000-000000000000",
    "messaging": {
        "url": "https://app.example.com/sms?tenant=14157000000",
        "fallbackUrl": "https://app.example.com/fallback",
    },
    "voice": {"url": "https://app.example.com/voice"},
    "source": "captured",
}


class _Noop(ResourceProvider):
    serialize_as_secret_always = False

    def __reduce__(self) -> tuple[type[_Noop], tuple[()]]:
        return type(self), ()

    def check(self, _olds: Props, news: Props) -> CheckResult:
        return CheckResult(
            {key: value for key, value in news.items() if key != "__provider"} | self.found(), []
        )

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        return DiffResult(changes=None if _olds.get("assistant") != _news.get("assistant") else False)

    def create(self, props: Props) -> CreateResult:
        return CreateResult("noop", dict(props))

    def read(self, id_: str, props: Props) -> ReadResult:
        return ReadResult(id_, dict(props), dict(props))

    def update(self, _id: str, _olds: Props, _news: Props) -> UpdateResult:
        return UpdateResult(dict(_news))

    def found(self) -> Props:
        """Give what ours finds out in a check."""
        raise NotImplementedError


class NoopNumber(_Noop):
    """Stands for the number."""

    def found(self) -> Props:
        """Give what people read of a number."""
        line = "Vapi assistant Support, instead of Webhook https://app.example.com/sms?tenant=***"
        return {"answeredBy": line, "originalSummary": line, "twilioSid": RECORD["sid"]}


class NoopOriginals(_Noop):
    """Stands for the sibling."""

    def found(self) -> Props:
        """Give a record."""
        return {"originals": {str(RECORD["sid"]): RECORD}, "summary": {"number": "one readable line"}}


class Originals(Resource, module="noop", name="Originals"):
    """The sibling."""

    originals: pulumi.Output[Any]

    def __init__(self, name: str, number: str) -> None:
        placeholder = pulumi.Output.secret("not recorded yet")
        props = {
            "numbers": {number: {"adopt": False}},
            "originals": placeholder,
            "owner": name,
            "summary": None,
        }
        super().__init__(NoopOriginals(), name, props)


class Number(Resource, module="noop", name="Number"):
    """The number."""

    def __init__(self, name: str, *, number: str, assistant: str) -> None:
        sibling = Originals(f"{name}-original", number)
        outputs = ("accountSid", "vapiId", "orgId", "assistantId", "answeredBy", "routing", "originalSummary")
        given = {"number": number, "assistant": assistant, "smsEnabled": True, "voice": "keep", "owner": name}
        super().__init__(
            NoopNumber(), name, {**dict.fromkeys(outputs), **given, "original": sibling.originals}
        )
