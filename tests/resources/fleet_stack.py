"""The small engine with a fleet, and what its tests declare and look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from vapi_sms.resources.dynamic import Fleet
from vapi_sms.resources.inputs.entries import merged, pace
from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.resources.program.fleet import _of_the_original, _of_the_switch
from vapi_sms.resources.program.restore_to import engine_value, imports_of
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import same_for_all
from tests.resources.provider import Life, Props, Provider, ProviderError
from tests.resources.stack import Kind, Refused, Stack
from tests.sandbox.world import (
    BIN,
    STUDIO,
    VAPI_SMS,
    WEBHOOK,
)

Entries = dict[str, dict[str, Any]]


SAME = {"originals": "same", "number": "same"}


CHANGED = {"originals": "same", "number": "update"}


THREE: Entries = {
    WEBHOOK: {"assistant": "Support"},
    STUDIO: {"assistant": "Support", "name": "Front desk"},
    BIN: {"squad": "Everybody"},
}


IMPORT = {"vendor": "vapi", "method": "POST", "path": "/phone-number"}


HUNDRED = [f"+1415556{n:04}" for n in range(100)]


def fleet_life(provider: Provider) -> Life:
    """Give the calls of a fleet."""
    return provider.life(Fleet())


class FleetStack(Stack):
    """The small engine with a fleet in place of its number: declare `numbers` and `defaults`."""

    def life(self, kind: Kind) -> Life:
        """Give the calls of a resource's class."""
        return fleet_life(self.provider) if kind == "number" else super().life(kind)

    def sibling_props(self, *, adopt: object = False, restore_to: object = None, **given: object) -> Props:
        """Give what the program registers for the sibling."""
        assert (adopt, restore_to) == (False, None), "a fleet has them per entry"
        entries = whole(given)
        back = {key: entry["restoreTo"] for key, entry in entries.items() if "restoreTo" in entry}
        return {
            **self._owner,
            "numbers": {key: _of_the_original(entry) for key, entry in entries.items()},
            "restoreTo": {key: engine_value(value) for key, value in back.items()} or None,
            "imports": imports_of(entries.items()),
            "originals": UNRECORDED,
        }

    def number_props(self, originals: object, **given: Any) -> Props:
        """Give what the program registers for the fleet."""
        numbers = {key: _of_the_switch(entry) for key, entry in whole(given).items()}
        said = pace(len(numbers), len(numbers), given.get("waves"), None)
        return {**self._owner, "numbers": numbers, "original": originals, **said}

    @property
    def fleet(self) -> Props:
        """The fleet's outputs."""
        return self.state["number"].outs

    def check(self, numbers: Entries) -> Props:
        """Check the fleet with the records that there are; raises Refused."""
        originals = self.state["originals"].outs["originals"]
        return self.checked("number", self.number_props(originals, numbers=numbers))


def whole(given: Mapping[str, Any]) -> Entries:
    """Give the entries as the class merges them."""
    entries = merged("fleet", given["numbers"], given.get("defaults") or {})
    # The class makes a secret of it, which is no matter of a provider's.
    return {
        key: {name: engine_value(value) if name == "fallback" else value for name, value in entry.items()}
        for key, entry in entries.items()
    }


def refusals(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    """Give what the engine prints, a line a number; no line names a property, whose value would be printed."""
    assert {failure.property for failure in caught.value.failures} == {""}
    return [failure.reason for failure in caught.value.failures]


def line_of(caught: pytest.ExceptionInfo[ProviderError]) -> str:
    """Give a failed call's text as one line without a secret."""
    text = str(caught.value)
    assert "\n" not in text
    assert "canary" not in text
    return same_for_all(text).removeprefix("VapiSms: ")


def answering(sandbox: RunningSandbox) -> set[str]:
    """Give the numbers whose texts go to Vapi."""
    held = sandbox.routing_snapshot()["numbers"]
    return {number for number, record in held.items() if record["sms_url"] == VAPI_SMS}
