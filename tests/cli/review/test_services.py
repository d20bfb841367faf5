"""Messaging Services in a review: who decides about texts to their numbers, and what comes back."""

from __future__ import annotations

from typing import Any

from vapi_sms.cli.review.comment import comment
from vapi_sms.cli.review.reading import Preview
from vapi_sms.cli.review.review import review
from vapi_sms.cli.review.services import SERVICE, ServiceChange, service_changes
from vapi_sms.resources.inputs.words import kind_in
from vapi_sms.resources.program import service

from tests.cli.review.steps import preview, step

DEFERS: dict[str, Any] = {
    "inbound": "each number's own webhook, instead of Studio Flow FW1",
    "answers": ["1 number answered by Studio Flow FW1, then as declared for each:", "  +14155550100"],
    "originalSummary": "texts: Studio Flow FW1",
}


def of(old: dict[str, Any] | None, new: dict[str, Any] | None, **more: Any) -> Preview:
    """Give a preview of a service and its sibling."""
    record = {"summary": "texts: Studio Flow FW1"}
    return preview(
        step("MessagingServiceInbound", "campaigns", old, new, **more),
        step("OriginalService", "campaigns-original", old and record, new and record),
    )


def test_type_is_that_of_the_resource() -> None:
    """Named once more, as those of the numbers are."""
    assert kind_in(service.TYPE) == SERVICE


def test_service_that_will_defer() -> None:
    """All that its own check says."""
    (change,) = service_changes(of(None, DEFERS))

    assert change == ServiceChange(
        "campaigns", DEFERS["inbound"], tuple(DEFERS["answers"]), "texts: Studio Flow FW1"
    )


def test_service_that_goes() -> None:
    """It is put back, or left by retain_on_delete; its answers of the last `up` are no news."""
    (gone,) = service_changes(of(DEFERS, None))
    (left,) = service_changes(of(DEFERS, None, oldState={"inputs": DEFERS, "retainOnDelete": True}))

    assert gone == ServiceChange("campaigns", "texts: Studio Flow FW1", (), "")
    assert left.decides == "left as it is"


def test_service_without_credentials() -> None:
    """What nobody could read is not made up."""
    (change,) = service_changes(of(None, {"service": "Campaigns"}))

    assert change == ServiceChange("campaigns", "not known here", (), "not known here")


def test_unchanged_service_is_not_told() -> None:
    """It is no other resource, either."""
    told = review(of(DEFERS, DEFERS))

    assert (told.services, told.others, told.has_changes) == ((), {}, False)


def test_drift_of_a_service() -> None:
    """It is drift like that of a number."""
    told = review(of(DEFERS, {**DEFERS, "drift": ["the service answers by itself"]}))

    assert told.drift_of_services == (("campaigns", "the service answers by itself"),)
    assert "`shop/dev`: 1 Messaging Service drifted: somebody changed" in comment(told)
    assert "- `campaigns`: the service answers by itself\n" in comment(told)
