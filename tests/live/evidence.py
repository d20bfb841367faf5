"""What the tests of both clients look at."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.errors import VendorTrouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from vapi_sms.core.values import TwilioNumber


def the(number: TwilioNumber | None) -> TwilioNumber:
    """Return a number that must be there."""
    assert number is not None
    return number


def trouble(act: Callable[[], object]) -> VendorTrouble:
    """Return the trouble that an act ends in, in which no secret shows, not even in a traceback."""
    with pytest.raises(VendorTrouble) as caught:
        act()
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "canary" not in told
    assert "\n" not in str(caught.value)
    return caught.value


def line(error: VendorTrouble) -> str:
    """Return an error's text with the request's id made the same for all."""
    return re.sub(r"RQ[0-9a-f]{32}", "RQ...", str(error))
