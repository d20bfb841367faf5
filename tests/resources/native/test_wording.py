"""Numbers that YAML, or a stack's config, has made numbers of are what the program wrote."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms.resources.native.bags import packed, plain
from vapi_sms.resources.native.wording import with_plus


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        pytest.param({"number": 14155550100}, {"number": "+14155550100"}, id="a number without quotes"),
        pytest.param({"number": 999999999999999}, {"number": "+999999999999999"}, id="the longest there is"),
        pytest.param({"shortCode": 55123}, {"shortCode": "55123"}, id="a short code"),
        pytest.param({"numbers": [14155550100, "PN1"]}, {"numbers": ["+14155550100", "PN1"]}, id="a list"),
        pytest.param(
            {"number": "4155550100"}, {"number": "4155550100"}, id="a text stays for check to refuse"
        ),
        pytest.param({"number": 1.5}, {"number": 1.5}, id="so does what is no whole number"),
        pytest.param({"within": 300}, {"within": 300.0}, id="other inputs are none"),
    ],
)
def test_a_number_has_its_plus_again(given: dict[str, Any], meant: dict[str, Any]) -> None:
    """As it arrives from the engine, where all numbers are of one kind."""
    assert with_plus(plain(packed(given))) == meant
