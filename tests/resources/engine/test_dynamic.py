"""What a provider process does before its first answer."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from vapi_sms.resources.dynamic import Fleet, Number, Originals, Route, Service, ServiceOriginal

IMPORTS_ALL = """
import gc
import sys
from pulumi.dynamic import Config, ConfigureRequest
from vapi_sms.resources.dynamic import Fleet, Number

assert "twilio" not in sys.modules and gc.get_freeze_count() == 0
Number().configure(ConfigureRequest(Config({}, "test")))
assert "twilio" in sys.modules
frozen = gc.get_freeze_count()
Fleet().configure(ConfigureRequest(Config({}, "test")))
assert gc.isenabled() and gc.get_freeze_count() == frozen > 10_000
assert gc.get_threshold()[0] == 100_000
Number()._life_cycle()
assert "vapi_sms.resources.fleet.life" not in sys.modules
Fleet()._life_cycle()
assert gc.isenabled() and "vapi_sms.resources.fleet.life" in sys.modules
"""


@pytest.mark.parametrize("provider", [Fleet, Number, Originals, Route, Service, ServiceOriginal])
def test_each_provider_has_its_life_cycle(provider: type[Any]) -> None:
    """It is named by text, so that programs need not import it."""
    assert type(provider()._life_cycle()._life).__name__ == f"{provider.__name__}Life"


def test_garbage_is_collected_again_once_all_is_imported() -> None:
    """Importing goes without; what was imported is never looked at again, and thousands of numbers are no reason to."""
    ran = subprocess.run([sys.executable, "-c", IMPORTS_ALL], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
