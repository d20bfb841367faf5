"""What a provider process does before its first answer."""

from __future__ import annotations

import subprocess
import sys

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
"""


def test_garbage_is_collected_again_once_all_is_imported() -> None:
    """Importing goes without, once; what was imported is never looked at again."""
    ran = subprocess.run([sys.executable, "-c", IMPORTS_ALL], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
