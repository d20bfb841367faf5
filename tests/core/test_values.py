"""Values: what is there and what is wanted, as frozen facts."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, is_dataclass
from importlib import import_module
from pkgutil import walk_packages

import pytest
from vapi_sms import core
from vapi_sms.core.errors import ProviderError
from vapi_sms.core.values import VapiEndpoints

from tests.core.samples import desired, found


def test_vapis_endpoints_lie_below_its_address() -> None:
    """They are the same for every number, and say nothing about who answers."""
    assert VapiEndpoints.at("https://api.vapi.ai") == VapiEndpoints(
        sms="https://api.vapi.ai/twilio/sms",
        voice="https://api.vapi.ai/twilio/inbound_call",
        status="https://api.vapi.ai/twilio/status",
    )


@pytest.mark.parametrize("enabled", [True, False])
def test_a_declared_number_says_whether_vapi_answers_texts(enabled: bool) -> None:
    """It is Vapi's own flag."""
    assert desired(sms_enabled=enabled).sms_enabled is enabled


def test_readings_cannot_be_changed() -> None:
    """Many threads and both planner and applier hold the same one."""
    with pytest.raises(FrozenInstanceError):
        found().twilio = None  # type: ignore[misc] # that is what is tried


def test_every_value_of_the_core_is_frozen() -> None:
    """No value changes under anybody's hands, and none has fields that it does not name."""
    modules = [import_module(found.name) for found in walk_packages(core.__path__, "vapi_sms.core.")]
    values = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and is_dataclass(value) and not issubclass(value, ProviderError)
    }

    loose = [
        value.__name__
        for value in values
        if not value.__dataclass_params__.frozen or "__slots__" not in vars(value)  # type: ignore[attr-defined] # private
    ]
    assert len(values) > 10
    assert loose == []
