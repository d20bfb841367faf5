"""Both vendors of one process: the right account and org or nothing, and what is proved before it counts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from vapi_sms.core.errors import BadCredentials, EngineGone, Refusal
from vapi_sms.core.values import VapiSettings
from vapi_sms.live.calling.calls import ReadingTooOld
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.live.evidence import the
from tests.resources.evidence import asked, standing, written
from tests.sandbox.world import AC, ORG, ORG2, ORG2_KEY, ORG_KEY, OTHER, STUDIO, WEBHOOK

Make = Callable[..., Vendors]


@pytest.fixture
def make(settings: Settings) -> Iterator[Make]:
    """Make both vendors, with other settings where asked, and without patience."""
    made: list[Vendors] = []

    def new(guard: EngineGuard | None = None, **changes: Any) -> Vendors:
        hasty = replace(settings, **{"patience": 0.0, "settle": 0.05, **changes})
        made.append(Vendors(hasty, guard or EngineGuard(None, None)))
        return made[-1]

    yield new

    for vendors in made:
        vendors.twilio.close()
        vendors.vapi.close()


def test_the_org_is_known_from_whatever_was_read(sandbox: RunningSandbox, make: Make) -> None:
    """A list of assistants tells it, and is needed anyway; after that it costs nothing."""
    vendors = make()

    assert vendors.org_id() == ORG
    assert vendors.org_id() == ORG
    assert asked(sandbox) == ["GET vapi /assistant"]


def test_an_org_without_anything_is_not_known(make: Make) -> None:
    """No route of Vapi's tells the org of a key: only its records do."""
    assert make(vapi_api_key=ORG2_KEY).org_id() == ""


def test_the_recorded_owner_passes(make: Make) -> None:
    """The same account and org, or none recorded."""
    vendors = make()

    vendors.refuse_other_owner(WEBHOOK, AC, ORG)
    vendors.refuse_other_owner(WEBHOOK, "", "")


def test_another_account_is_refused_without_a_request(sandbox: RunningSandbox, make: Make) -> None:
    """Both accounts are named."""
    with pytest.raises(Refusal) as caught:
        make().refuse_other_owner(WEBHOOK, OTHER, ORG)

    assert str(caught.value) == (
        f"{WEBHOOK} was set up in Twilio account {OTHER}, and these credentials are for {AC}: use the credentials "
        "of the recorded account"
    )
    assert asked(sandbox) == []


def test_another_org_is_refused(make: Make) -> None:
    """Both orgs are named."""
    with pytest.raises(Refusal) as caught:
        make().refuse_other_owner(WEBHOOK, AC, ORG2)

    assert str(caught.value) == (
        f"{WEBHOOK} was set up in Vapi org {ORG2}, and this VAPI_API_KEY is for org {ORG}: use the key of the "
        "recorded org"
    )


def test_an_org_that_cannot_be_told_is_not_the_recorded_one(make: Make) -> None:
    """A key of an empty org must not pass for the recorded org's: what is not there would be taken for gone."""
    with pytest.raises(BadCredentials) as caught:
        make(vapi_api_key=ORG2_KEY).refuse_other_owner(WEBHOOK, AC, ORG)

    assert str(caught.value) == (
        f"{WEBHOOK} was set up in Vapi org {ORG}: nothing in the org of this key tells which one it is. Use the "
        "recorded org's key; if this is it, create any assistant there and run the command again."
    )


def test_the_proof_changes_nothing_and_is_made_once(sandbox: RunningSandbox, make: Make) -> None:
    """One POST of the name that the number has."""
    vendors, before = make(), standing(sandbox)
    number = the(vendors.observer.observe([STUDIO])[STUDIO].twilio)

    vendors.prove_write(number)
    vendors.prove_write(number)

    assert written(sandbox) == [
        f"POST twilio /2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{number.sid}.json"
    ]
    assert standing(sandbox) == before


@pytest.mark.parametrize("unproven", [(), ("texts",), ("texts", "calls")], ids=["our key", "texts", "both"])
def test_a_proof_that_shows_newer_routings_than_were_read_says_so(
    sandbox: RunningSandbox, make: Make, unproven: tuple[str, ...]
) -> None:
    """A reading may lag, the answer of a write does not: it is what is known from then on, and proves once.

    The routing itself is written last: it would take with it what readings do not show yet.
    """
    vendors = make()
    number = the(vendors.observer.observe([STUDIO])[STUDIO].twilio)
    sandbox.behaviour(reads_lag_ms={"twilio": 60_000})
    sandbox.outside_number(STUDIO, voice_url="https://foreign.example/voice")

    with pytest.raises(ReadingTooOld):
        vendors.prove_write(number, unproven)

    now = the(vendors.observer.observe([STUDIO])[STUDIO].twilio)
    assert now.voice.url == "https://foreign.example/voice"
    vendors.prove_write(now, unproven)


def test_a_proof_that_failed_is_made_again(sandbox: RunningSandbox, make: Make) -> None:
    """It proved nothing."""
    vendors = make()
    number = the(vendors.observer.observe([STUDIO])[STUDIO].twilio)
    sandbox.fault(vendor="twilio", method="POST", status=403)

    with pytest.raises(BadCredentials):
        vendors.prove_write(number)
    vendors.prove_write(number)

    assert len(written(sandbox)) == 2


def test_readings_count_from_a_while_after_the_last_delete(make: Make) -> None:
    """Nobody knows when Vapi's DELETE shows at Twilio; without one nothing is waited for."""
    assert make(settle=3600.0).settled() < time.monotonic()

    vendors = make(settle=0.2)
    vendors.let_go_at = time.monotonic()
    counts_from = vendors.settled()

    assert counts_from == vendors.let_go_at + 0.2
    assert time.monotonic() >= counts_from


def test_without_an_engine_nothing_is_even_asked(sandbox: RunningSandbox, make: Make) -> None:
    """Law 13: each attempt of each request asks first whether the engine listens."""
    number = the(make().observer.observe([STUDIO])[STUDIO].twilio)
    sandbox.clear_journal()
    orphan = make(EngineGuard("127.0.0.1:9", None))

    with pytest.raises(EngineGone):
        orphan.prove_write(number)
    with pytest.raises(EngineGone):
        orphan.vapi.import_number(STUDIO, VapiSettings())

    assert asked(sandbox) == []


def test_a_vendor_shows_no_secret(make: Make) -> None:
    """Neither do its settings, whoever prints them."""
    vendors = make()

    assert "canary" not in repr(vars(vendors)) + repr(vendors.settings)
    assert ORG_KEY in vendors.settings.secrets
