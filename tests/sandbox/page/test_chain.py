"""Who is drawn as answering is who answers, whatever is set: the drawing asks the decision, and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox import world
from tests.sandbox.page.feeding import drawn
from tests.sandbox.world import AC, APP, CODE, DEFERRING, MG, ORG, SALES, SQUAD, SUPPORT, VAPI_SMS

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

SENDER = "+12025550143"
NUMBERS = [*(f"+1415555010{n}" for n in range(6)), *(f"+1415555011{n}" for n in range(6))]
ALL = [*NUMBERS, world.CANADIAN, world.BRITISH, world.HOSTED, world.IN_SUB, world.IN_OTHER, CODE]


def import_all(sandbox: RunningSandbox) -> None:
    """Have Vapi hold numbers of all kinds, in all ways."""
    held: list[tuple[str, dict[str, Any]]] = [
        (world.WEBHOOK, {"assistantId": SUPPORT}),
        (world.STUDIO, {"assistantId": SUPPORT}),
        (world.BIN, {"squadId": SQUAD}),
        (world.FUNCTION, {"assistantId": SALES, "smsEnabled": False}),
        (world.PROXY, {}),
        (world.BRITISH, {"assistantId": SUPPORT}),
        (world.DEFERRED, {"assistantId": SALES}),
    ]
    for number, fields in held:
        about = {"number": number, "twilioAccountSid": AC, **fields}
        sandbox.outside_vapi("create", org=ORG, set=about)
    for number in (*(number for number, _ in held), world.SILENT):
        sandbox.outside_number(number, sms_url=VAPI_SMS)


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"vapi_down": "error"},
        {"vapi_down": "timeout"},
        {"no_card": True},
        {"webhook_fails": True},
        {"texts_lost": True},
        {"assistant_silent": True},
        {"answers_non_us": True},
        {"reply_after_ms": 14_000},
        {"reply_after_ms": 15_000},
        {"no_card": True, "troubled_numbers": [world.STUDIO]},
    ],
    ids=str,
)
@pytest.mark.parametrize("is_edited", [False, True])
def test_who_is_drawn_is_who_answers(
    sandbox: RunningSandbox, switches: dict[str, Any], *, is_edited: bool
) -> None:
    """For every kind of number, at Vapi and elsewhere, and with apps, services and assistants that are gone."""
    import_all(sandbox)
    sandbox.behaviour(**switches)
    if is_edited:
        sandbox.outside("application", sid=APP, delete=True)
        sandbox.outside("service", sid=MG, set={"inbound_request_url": None})
        sandbox.outside("service", sid=DEFERRING, set={"use_inbound_webhook_on_number": False})
        sandbox.outside_vapi("delete", org=ORG, kind="assistant", id=SUPPORT)
        sandbox.outside_account(world.OTHER, status="suspended")

    shown = drawn(sandbox.url)
    answers = {number: sandbox.text(SENDER, number, "Hi") for number in ALL}

    assert {number: each["answeredBy"] for number, each in shown.items()} == {
        number: each["answered_by"] for number, each in answers.items()
    }
    for number, each in shown.items():
        deciding = [link["state"] for link in each["chain"]].count("decides")
        assert deciding == (each["kind"] != "nobody"), number
        assert (each["problem"] is None) or "error" in each["problem"] or each["kind"] == "nobody", number
        assert each["problem"] is not None or each["kind"] != "nobody", number


def links(number: dict[str, Any]) -> list[tuple[str, str, str, str | None]]:
    """Return a chain without its details."""
    return [(link["what"], link["label"], link["state"], link["why"]) for link in number["chain"]]


def test_what_is_skipped_is_drawn_with_the_reason(sandbox: RunningSandbox) -> None:
    """A service that answers hides the number's own routing, a TwiML App its URL; a fallback waits."""
    shown = drawn(sandbox.url)

    assert links(shown[world.HIDDEN])[1:3] == [
        ("Messaging Service", "Service", "passes", "answers for all of its numbers"),
        (
            "the number's own URL: Webhook",
            shown_url(shown, "/sms"),
            "skipped",
            "not looked at: the service decides",
        ),
    ]
    assert links(shown[world.APPLICATION])[1:] == [
        ("TwiML App", "App", "passes", "decides in place of the number's own URL"),
        (
            "the number's own URL: Webhook",
            shown_url(shown, "/sms"),
            "skipped",
            "not looked at: the TwiML App decides",
        ),
        ("Webhook", shown_url(shown, "/application"), "decides", None),
    ]
    assert links(shown[world.DEFERRED])[1:] == [
        ("Messaging Service", "Service", "passes", "defers to the sender's webhook"),
        ("Webhook", shown_url(shown, "/sms"), "decides", None),
    ]
    assert links(shown[world.WEBHOOK])[1:] == [
        ("Webhook", shown_url(shown, "/sms"), "decides", None),
        (
            "Fallback: Webhook",
            shown_url(shown, "/fallback"),
            "skipped",
            "only asked where the URL before it fails",
        ),
    ]
    assert links(shown[world.SILENT])[1:] == [("URL", "none", "broken", "there is no URL: nothing is called")]


def shown_url(shown: dict[str, dict[str, Any]], path: str) -> str:
    """Return an address of the old app as it is drawn."""
    label = next(link["label"] for link in shown[world.WEBHOOK]["chain"] if link["what"] == "Webhook")
    return str(label).removesuffix("/sms") + path


HARDER = (
    "https://url-canary@old.example.com/sms",
    "https://old.example.com/sms?url-canary",
    "https://old.example.com/sms#access=url-canary",
)


def test_no_query_and_no_password_is_drawn(sandbox: RunningSandbox) -> None:
    """Webhook URLs carry tokens; so may those of a fallback, and of what is skipped."""
    url = "https://user:url-canary@old.example.com/sms?token=url-canary"
    sandbox.outside_number(world.HIDDEN, sms_url=url)
    sandbox.outside_number(world.SILENT, sms_url=url, sms_fallback_url=url)
    for number, worse in zip((world.WEBHOOK, world.STUDIO, world.BIN), HARDER, strict=True):
        sandbox.outside_number(number, sms_url=worse, sms_application_sid="")

    shown = str(drawn(sandbox.url))

    assert "old.example.com/sms" in shown
    assert "canary" not in shown
