"""One clear line: how a refusal or a failure is read, and the phrases that many of them share."""

from __future__ import annotations

from typing import Any

import pytest

from tests.resources.evidence import same_for_all
from tests.resources.provider import ProviderError
from tests.resources.stack import Refused, Stack

NOBODYS = "PN" + "0" * 32


LATELY_DELETED = "a5000000-0000-4000-8000-00000000dead"


ONE_KIND = "number= or twilio_sid="


ONE_ANSWER = "assistant= or squad="


WAYS = (
    "write a Routing, such as Handler.webhook(url), or LEAVE_AT_VAPI, or another resource's `original` output"
)


E164 = "is not in E.164 form (+, country code, digits, nothing else)"


US_ONLY = "and Vapi answers texts of US numbers only"


SHARED = "(+1 is shared by the US, Canada and the Caribbean): declare a US number"


ELSEWHERE = (
    "is not a number of this Twilio account: check the number, and that the credentials are those of the account "
    "(or subaccount) that owns it"
)


DOES_NOT_EXIST = "is not a phone number that exists: check its digits in Twilio's Console"


def refused(stack: Stack, **declared: Any) -> str:
    """Preview; return the one line that refuses it, which shows no secret and names no property of ours."""
    with pytest.raises(Refused) as caught:
        stack.preview(**declared)
    (failure,) = caught.value.failures
    assert not failure.property, "the engine would print this property's value"
    return fit(failure.reason)


def failed(stack: Stack, **declared: Any) -> str:
    """Run `up`; return the one line that it fails with."""
    with pytest.raises(ProviderError) as caught:
        stack.up(**declared)
    return fit(str(caught.value)).removeprefix("VapiSms: ")


def fit(line: str) -> str:
    """Give a line as it is everywhere; hold that it is one, and shows no secret."""
    assert "\n" not in line
    assert "canary" not in line
    return same_for_all(line)
