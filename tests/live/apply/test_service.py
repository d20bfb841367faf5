"""Switching a service when things go wrong: all is as before, or the error says what is not; no answer changes."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from vapi_sms.core.errors import ApplyFailed, EngineGone, NotAsPlanned, ProviderError
from vapi_sms.core.services.plan import ServicePlan, plan_restore, plan_service
from vapi_sms.core.services.pool import PoolReading, ServiceOriginal, ServiceWish, captured
from vapi_sms.live.apply_service import NotGivenBack, apply_service
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.vendors import Vendors
from vapi_sms.sandbox import RunningSandbox

from tests.resources.evidence import asked, same_for_all, standing, written
from tests.sandbox.pool import HANDLER, SERVICE_URL, answers, pool_seed
from tests.sandbox.world import APP, APPLICATION, MG, STUDIO, VOICE_ONLY

PAIR = (STUDIO, APPLICATION)
SERVICE = {"vendor": "twilio", "method": "POST", "path": "/v1/Services/*"}
NUMBER = {"vendor": "twilio", "method": "POST", "containing": "SmsUrl"}
FAILURES: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "500 after": {"status": 500, "effect": True},
    "403": {"status": 403},
    "400": {"status": 400},
    "not JSON after": {"body": "<html>", "effect": True},
    "another shape after": {"body": {}, "effect": True},
    "hung up before": {"drop": "before"},
    "hung up after": {"drop": "after"},
}
KEEP = ServiceWish(keep_others=True)

Make = Callable[[], Vendors]


@pytest.fixture
def sandbox(sandbox: RunningSandbox) -> RunningSandbox:
    """Return the sandbox with a service of two numbers, and one that receives no texts."""
    sandbox.reset(pool_seed(numbers=[*PAIR, VOICE_ONLY]))
    return sandbox


@pytest.fixture
def make(sandbox: RunningSandbox, settings: Settings) -> Iterator[Make]:
    """Make both vendors as a new process does: with nothing read, and without patience."""
    assert settings.twilio_base_url == sandbox.url
    made: list[Vendors] = []

    def new() -> Vendors:
        hasty = replace(settings, patience=0.0, timeout=20.0, settle=0.01)
        made.append(Vendors(hasty, EngineGuard(None, None)))
        return made[-1]

    yield new

    for vendors in made:
        vendors.twilio.close()
        vendors.vapi.close()


def read(vendors: Vendors) -> PoolReading:
    """Read the service and its pool."""
    sids = vendors.services.pool(MG)
    found = vendors.observer.observe(sids)
    return PoolReading(vendors.services.all()[MG], tuple(found[sid] for sid in sids))


def record(vendors: Vendors) -> ServiceOriginal:
    """Record the service as it is."""
    return captured(read(vendors), KEEP, None)


def deferring(vendors: Vendors, original: ServiceOriginal) -> ServicePlan:
    """Plan that it defers."""
    return plan_service(read(vendors), KEEP, original)


def tried(planned: ServicePlan, vendors: Vendors) -> ApplyFailed | None:
    """Carry out a plan; give the trouble, if there was any, which tells no secret."""
    try:
        apply_service(planned, vendors)
    except ApplyFailed as trouble:
        text = str(trouble)
        if "canary" in text:
            raise AssertionError(text) from None
        return trouble
    return None


def failed(act: Callable[[], object], kind: type[ProviderError] = ApplyFailed) -> str:
    """Give the trouble that an act ends in: one line, without a secret, in its traceback too."""
    with pytest.raises(kind) as caught:
        act()
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    assert "\n" not in str(caught.value)
    return same_for_all(str(caught.value))


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("write", [SERVICE, NUMBER], ids=["service", "number"])
def test_a_switch_that_fails_once_is_done_or_undone(
    sandbox: RunningSandbox, make: Make, write: dict[str, Any], failure: str
) -> None:
    """Whoever answered answers; either the service defers, or every field is as it was."""
    before, answered = standing(sandbox), answers(sandbox, PAIR)
    vendors = make()
    original = record(vendors)
    sandbox.fault(**write, **FAILURES[failure])

    trouble = tried(deferring(vendors, original), vendors)

    if trouble is None:
        assert vendors.services.all()[MG].defers
    else:
        assert trouble.unrestored == ()
        assert ". The service is back as it was before" in str(trouble)
        assert str(trouble).count("run the same command again") == 1
        assert standing(sandbox) == before
    assert answers(sandbox, PAIR) == answered
    again = make()
    apply_service(deferring(again, original), again)
    assert answers(sandbox, PAIR) == answered
    last = make()
    apply_service(plan_restore(read(last), original), last)
    assert standing(sandbox) == before


@pytest.mark.parametrize("failure", FAILURES)
def test_a_service_that_cannot_be_written_for_good_changes_no_answer(
    sandbox: RunningSandbox, make: Make, failure: str
) -> None:
    """What is left is named with its before-value, and the numbers keep the service's handler where nobody can tell."""
    answered, vendors = answers(sandbox, PAIR), make()
    original = record(vendors)
    sandbox.fault(**SERVICE, **FAILURES[failure], count=None)

    trouble = tried(deferring(vendors, original), vendors)

    assert (trouble is None) == ("after" in failure)
    assert trouble is None or str(trouble).startswith(
        f"Messaging Service Campaigns ({MG}): Writing who answers texts to Messaging Service"
    )
    assert answers(sandbox, PAIR) == answered


def test_when_the_service_cannot_be_read_its_numbers_keep_its_handler(
    sandbox: RunningSandbox, make: Make
) -> None:
    """It may defer or not: its handler on the numbers answers either way. The error says what stays."""
    answered, vendors = answers(sandbox, PAIR), make()
    planned = deferring(vendors, record(vendors))
    sandbox.fault(**SERVICE, status=500, effect=True)
    sandbox.fault(vendor="twilio", method="GET", path="/v1/Services", status=500, count=None)

    line = failed(lambda: apply_service(planned, vendors))

    assert line == (
        f"Messaging Service Campaigns ({MG}): Writing who answers texts to Messaging Service Campaigns ({MG}): Twilio "
        "failed: Internal Server Error (Twilio 20500, request RQ...). See status.twilio.com, then run the same command "
        f"again. Not put back: texts to its numbers (before: texts answered by {HANDLER}); own routing of {STUDIO} "
        f"(before: Studio Flow FW{'a' * 32}); own routing of {APPLICATION} (before: TwiML App {APP}) (putting it back "
        "failed too: Listing the Messaging Services of account ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: Twilio failed: "
        "Internal Server Error (Twilio 20500, request RQ...). See status.twilio.com, then run the same command again). "
        "The original is still recorded: run `pulumi up` again to finish, or `pulumi destroy` to put it back."
    )
    assert answers(sandbox, PAIR) == answered


def test_a_key_that_may_only_read_services_is_told_so(sandbox: RunningSandbox, make: Make) -> None:
    """It sufficed for numbers; everything is as it was."""
    before, vendors = standing(sandbox), make()
    planned = deferring(vendors, record(vendors))
    sandbox.fault(**SERVICE, status=403)

    line = failed(lambda: apply_service(planned, vendors))

    assert (
        "(Twilio 20003, request RQ...). The key may not do this: it needs to update Messaging Services, too. "
        in line
    )
    assert standing(sandbox) == before
    sandbox.fault(**SERVICE, status=401)
    assert "Check TWILIO_ACCOUNT_SID" in failed(lambda: apply_service(planned, vendors))


def test_numbers_that_cannot_be_put_back_are_named(sandbox: RunningSandbox, make: Make) -> None:
    """The service is as it was; what it hides anyway is told with its before-value."""
    vendors = make()
    planned = deferring(vendors, record(vendors))
    sandbox.fault(**SERVICE, status=400)
    sandbox.fault(
        vendor="twilio", method="POST", containing=f"SmsApplicationSid={APP}", status=400, count=None
    )

    line = failed(lambda: apply_service(planned, vendors))

    assert (
        f"Not put back: own routing of {APPLICATION} (before: TwiML App {APP}) (putting it back failed too: "
        in line
    )
    assert sandbox.number(STUDIO)["sms_url"].endswith("Flows/FW" + "a" * 32)


def test_numbers_that_cannot_be_read_to_be_put_back_are_named(sandbox: RunningSandbox, make: Make) -> None:
    """Both of them, since nobody knows."""
    vendors = make()
    planned = deferring(vendors, record(vendors))
    sandbox.fault(**SERVICE, status=400)
    sandbox.fault(vendor="twilio", method="GET", path="*IncomingPhoneNumbers*", status=500, count=None)

    line = failed(lambda: apply_service(planned, vendors))

    assert f"Not put back: own routing of {STUDIO}" in line
    assert f"own routing of {APPLICATION}" in line


def test_many_numbers_are_named_in_one_readable_line(sandbox: RunningSandbox, make: Make) -> None:
    """The first ten, and how many more."""
    sandbox.reset(pool_seed(numbers=[f"+1415556{n:04}" for n in range(13)], own=13))
    vendors = make()
    planned = deferring(vendors, record(vendors))
    sandbox.fault(**SERVICE, status=500, effect=True)
    sandbox.fault(vendor="twilio", method="GET", path="/v1/Services", status=500, count=None)

    line = failed(lambda: apply_service(planned, vendors))

    assert line.count("own routing of ") == 10
    assert "; own routings of 3 more numbers (putting" in line


def test_a_service_that_says_otherwise_is_written_once_more(sandbox: RunningSandbox, make: Make) -> None:
    """Law 3: what was read back counts; if it still differs, both are told, and the numbers are put back."""
    before, vendors = standing(sandbox), make()
    unchanged = {**service_answer(sandbox), "use_inbound_webhook_on_number": False}
    sandbox.fault(**SERVICE, body=unchanged, count=2)

    with pytest.raises(ApplyFailed) as caught:
        apply_service(deferring(vendors, record(vendors)), vendors)

    assert isinstance(caught.value.cause, NotAsPlanned)
    assert (
        "is not as planned after the last write: planned texts answered by each number's own webhook; found texts "
        f"answered by {HANDLER}"
    ) in str(caught.value)
    assert [line for line in written(sandbox) if "/v1/Services/" in line] == [
        f"POST twilio /v1/Services/{MG}"
    ] * 2
    assert standing(sandbox) == before


def service_answer(sandbox: RunningSandbox) -> dict[str, Any]:
    """Give what Twilio would answer."""
    accounts = sandbox.state()["twilio"]["accounts"].values()
    record = next(account["messaging_services"][MG] for account in accounts if account["messaging_services"])
    found = {name: value for name, value in record.items() if name != "numbers"}
    return {**found, "url": f"https://messaging.twilio.com/v1/Services/{MG}", "links": {}}


def test_a_way_back_that_fails_leaves_the_numbers_alone(sandbox: RunningSandbox, make: Make) -> None:
    """As long as the service defers, its numbers need its handler; the next run finishes."""
    before, vendors = standing(sandbox), make()
    original = record(vendors)
    apply_service(deferring(vendors, original), vendors)
    deferred = standing(sandbox)
    sandbox.fault(**SERVICE, status=403)

    failed(lambda: apply_service(plan_restore(read(vendors), original), vendors), ProviderError)

    assert standing(sandbox) == deferred
    apply_service(plan_restore(read(vendors), original), vendors)
    assert standing(sandbox) == before


def test_a_number_that_fails_on_the_way_back_is_named_and_the_others_come_back(
    sandbox: RunningSandbox, make: Make
) -> None:
    """It is still recorded."""
    vendors = make()
    original = record(vendors)
    apply_service(deferring(vendors, original), vendors)
    sandbox.fault(
        vendor="twilio", method="POST", containing=f"SmsApplicationSid={APP}", status=500, count=None
    )

    line = failed(lambda: apply_service(plan_restore(read(vendors), original), vendors), NotGivenBack)

    assert line.startswith(f"{APPLICATION} is not put back: Writing the messaging routing of {APPLICATION}: ")
    assert line.endswith("See status.twilio.com, then run the same command again. It is still recorded.")
    assert sandbox.number(STUDIO)["sms_url"].endswith("Flows/FW" + "a" * 32)


def test_nothing_is_written_for_an_engine_that_is_gone(
    sandbox: RunningSandbox, make: Make, settings: Settings
) -> None:
    """Law 13: nor undone."""
    vendors = make()
    planned = deferring(vendors, record(vendors))
    sandbox.clear_journal()

    with pytest.raises(EngineGone):
        apply_service(planned, Vendors(settings, EngineGuard("127.0.0.1:1", None)))

    assert asked(sandbox) == []


def test_every_write_names_the_whole_setting(sandbox: RunningSandbox, make: Make) -> None:
    """Law 2: flag, URL, fallback and both methods, byte for byte."""
    vendors = make()
    apply_service(deferring(vendors, record(vendors)), vendors)

    (write,) = [entry for entry in sandbox.journal() if entry["path"] == f"/v1/Services/{MG}"]
    assert sorted(write["parameters"]) == [
        "FallbackMethod",
        "FallbackUrl",
        "InboundMethod",
        "InboundRequestUrl",
        "UseInboundWebhookOnNumber",
    ]
    assert service_answer(sandbox)["inbound_request_url"] == SERVICE_URL
