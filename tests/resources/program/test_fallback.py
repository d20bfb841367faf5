"""`fallback` as programs write it: a secret where it is a handler, nothing where it is kept, a line where wrong."""

from __future__ import annotations

import pytest
from vapi_sms.resources.inputs import contradictions
from vapi_sms.resources.inputs.contradictions import Contradiction

from tests.resources.program.test_program import SIGNATURE, clear, run


def test_a_handler_as_the_fallback_is_a_secret() -> None:
    """Its URL may carry a token, and may be an Output."""
    given = (
        "assistant='Support', fallback=Handler.webhook(pulumi.Output.from_input('https://b.example/?t=1'))"
    )
    found = run(
        f"    VapiSmsNumber('support', number='+14155550100', {given})\n"
        f"    VapiSmsFleet('desks', numbers={{'+14155550101': {{}}}}, defaults=dict({given}))"
    )

    assert SIGNATURE in found["support"]["fallback"]
    assert SIGNATURE in found["desks"]["numbers"]  # the mocks wrap the whole map, the engine that value alone
    entry = clear(found["desks"]["numbers"])["+14155550101"]
    for fallback in (clear(found["support"]["fallback"]), entry["fallback"]):
        assert fallback["url"] == "https://b.example/?t=1"


@pytest.mark.parametrize("given", ["", ", fallback='keep'", ", fallback=None"])
def test_a_fallback_that_is_kept_is_not_said(given: str) -> None:
    """What the state of an older version lacks must not be a change."""
    assert (
        "fallback"
        not in run(f"    VapiSmsNumber('support', number='+14155550100', assistant='Support'{given})")[
            "support"
        ]
    )


@pytest.mark.parametrize("wrong", ["orignal", "https://b.example", True, {"url": "https://b.example"}])
def test_another_fallback_is_a_mistake(wrong: object) -> None:
    """Told where the resource is made, without the value."""
    given = {"number": "+14155550100", "assistant": "Support", "fallback": wrong}

    with pytest.raises(Contradiction) as caught:
        contradictions.refuse_number("support", {**dict.fromkeys(("twilioSid", "squad")), **given})

    assert str(caught.value) == (
        "support: fallback must be 'keep' or 'original', or a Routing, such as Handler.webhook(url)"
    )
