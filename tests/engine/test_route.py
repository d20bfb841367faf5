"""TwilioSmsRoute on the real engine: every kind of handler, beside Vapi and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.world import (
    APP,
    FOREIGN,
    HIDDEN,
    KINDS,
    MG,
    OLD_APP,
    SHORT_CODE,
    SPARE,
    SPARES,
    STUDIO,
    STUDIO_FLOW,
    VAPI_SMS,
    WEBHOOK,
)

if TYPE_CHECKING:
    from tests.engine.stack import Stack

HANDLERS = {
    "TwiML Bin": 'Handler.twiml_bin("EH" + "a" * 32)',
    "Studio Flow": 'Handler.studio_flow("FW" + "b" * 32)',
    "Function": 'Handler.function("https://orders-1234-dev.twil.io/reply?key=canary-query")',
    "Webhook": 'Handler.webhook("https://app:canary-password@old.example.com/sms?token=canary-query")',
    "Proxy": 'Handler.proxy("KS" + "a" * 32)',
    "TwiML App": f'Handler.twiml_app("{APP}")',
    "the default reply of new numbers": "Handler.demo()",
    "nothing": "Handler.none()",
}
"""How a program writes each kind."""
PROD = 'TwilioSmsRoute("prod", number=WEBHOOK, handler=Handler.studio_flow(flow))'
DEV_AND_PROD = (
    # The flow may be another resource's, and its SID a secret.
    'flow = Output.secret("FW" + "b" * 32)',
    'dev = VapiSmsNumber("dev", number=SPARE, assistant="Support")',
    f"prod = {PROD}",
    'pulumi.export("prod", prod.answered_by)',
)


def test_texts_go_to_every_kind_of_handler_and_back(stack: Stack) -> None:
    """One route for each kind and one for a short code, without a key of Vapi's; destroy leaves no trace."""
    answers = dict(KINDS.values())
    assert answers.keys() == HANDLERS.keys()
    routes = dict(zip(SPARES, HANDLERS.items(), strict=False))
    stack.declare(
        *(
            f'TwilioSmsRoute("{kind}", number="{n}", handler={handler})'
            for n, (kind, handler) in routes.items()
        ),
        f'TwilioSmsRoute("short", short_code="{SHORT_CODE}", handler={HANDLERS["Studio Flow"]})',
    )
    with stack.with_env(VAPI_API_KEY=None):
        previewed = stack.preview()
        assert f"{STUDIO_FLOW}, instead of Webhook https://old.example.com/" in previewed
        assert (
            f"{STUDIO_FLOW}, instead of Webhook https://***@old.example.com/sms?token=***#rc=3" in previewed
        )
        assert "whether a Messaging Service answers a short code's texts" in previewed
        assert stack.answers(SHORT_CODE) == OLD_APP

        stack.up()

        for number, (kind, _) in routes.items():
            assert stack.answers(number) == answers[kind], kind
        assert stack.answers(SHORT_CODE) == STUDIO_FLOW
        writes = stack.writes()
        assert writes.count("POST /IncomingPhoneNumbers/PN") == len(routes)
        assert len(writes) == len(routes) + 1, "one write each, one of them to the short code"
        stack.settled()
        assert stack.refresh("--expect-no-changes").code == 0

        stack.destroy()

    assert stack.snapshot() == stack.before
    assert not [entry for entry in stack.sandbox.journal() if entry["vendor"] == "vapi"]


def test_dev_goes_to_the_assistant_and_prod_stays_on_studio(stack: Stack) -> None:
    """One program for both; drift of the route is told, taken into the state, and repaired; all comes back."""
    stack.declare(*DEV_AND_PROD)
    assert "Webhook https://***@old.example.com/sms?token=***#rc=3" in stack.preview()
    stack.up()
    assert (stack.answers(SPARE), stack.answers(WEBHOOK)) == ("Vapi assistant Support", STUDIO_FLOW)
    assert stack.project.outputs()["prod"].startswith(f"{STUDIO_FLOW}, instead of Webhook https://***@old")
    stack.settled()

    stack.sandbox.outside_number(WEBHOOK, sms_url=FOREIGN)
    drifted = f"texts are answered by Webhook https://new.example.com/sms?key=***, not by {STUDIO_FLOW}"
    assert drifted in stack.preview()
    assert "Webhook https://new.example.com/sms?key=***" in stack.refresh("--diff").text
    stack.up()
    assert stack.answers(WEBHOOK) == STUDIO_FLOW

    stack.declare(*DEV_AND_PROD[:2], 'prod = TwilioSmsRoute("prod", number=WEBHOOK, handler=Handler.demo())')
    assert "Twilio's demo reply, instead of Webhook https://***@old.example.com/sms" in stack.preview()
    stack.up()
    assert stack.answers(WEBHOOK) == "Twilio's demo"

    stack.destroy()

    assert stack.snapshot() == stack.before


def test_a_number_has_one_resource(stack: Stack) -> None:
    """Declared by a route and by a VapiSmsNumber it is refused, by the program or by the provider's process."""
    route = 'TwilioSmsRoute("prod", number=WEBHOOK, handler=FLOW)'
    stack.declare(route, 'VapiSmsNumber("dev", number=WEBHOOK, assistant="Support")')
    assert f"{WEBHOOK} is declared twice, by 'prod' and by 'dev'" in stack.fail("preview").text

    sid = stack.number(WEBHOOK)["sid"]
    stack.declare(route, f'VapiSmsNumber("dev", twilio_sid="{sid}", assistant="Support")')
    assert "is declared twice, by organization/test/dev/" in stack.refused()


def test_a_number_moves_from_a_route_to_the_assistant(stack: Stack) -> None:
    """Both declared for one `up`, with the route's original, texts are handed over; without, nothing is lost."""
    route = 'prod = TwilioSmsRoute("prod", number=STUDIO, handler=Handler.demo(){})'
    number = 'VapiSmsNumber("support", number=STUDIO, assistant="Support"{})'
    stack.declare(route.format(""))
    stack.up()

    # Swapped in one go the route's handler would look like an original: its delete refuses, and says how.
    stack.declare(number.format(""))
    told = stack.fail("up", "--yes", "--skip-preview").text
    assert f"prod gives up {STUDIO}, and support declares it in the same run" in told
    assert (
        "declare both once, support with restore_to=prod.original and prod with retain_on_delete=True" in told
    )
    stack.declare(
        route.format(", opts=ResourceOptions(retain_on_delete=True)"),
        number.format(", restore_to=prod.original"),
    )
    stack.up()
    assert stack.answers(STUDIO) == "Vapi assistant Support"
    stack.declare(number.format(""))
    stack.up()
    assert stack.answers(STUDIO) == "Vapi assistant Support"
    assert stack.number(STUDIO)["sms_url"] == VAPI_SMS
    stack.settled()

    # Another class under the same name cannot go on with the record.
    stack.declare('TwilioSmsRoute("support", number=STUDIO, handler=Handler.demo())')
    other_kind = f"{STUDIO} was declared by a VapiSmsNumber of this name, and a TwilioSmsRoute cannot go on"
    assert other_kind in stack.refused()

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert stack.answers(STUDIO) == STUDIO_FLOW


def test_a_hidden_number_is_routed_once_its_service_defers(stack: Stack) -> None:
    """Texts that a Messaging Service answers cannot be routed; with the service in the same program they are."""
    hidden = f'TwilioSmsRoute("prod", number="{HIDDEN}", handler=FLOW{{}})'
    stack.declare(hidden.format(""))
    told = stack.refused()
    assert f"{HIDDEN} is in Messaging Service Campaigns ({MG}), which handles texts itself and hides" in told
    assert "the handler would never see a text. Declare a MessagingServiceInbound for it" in told
    assert stack.answers(HIDDEN) == OLD_APP

    stack.declare(
        "from vapi_sms import MessagingServiceInbound",
        f'pool = MessagingServiceInbound("pool", service="{MG}", keep_others=True)',
        hidden.format(", messaging_service=pool"),
    )
    assert "texts will be deferred by Messaging Service Campaigns" in stack.preview()
    stack.up()
    assert stack.answers(HIDDEN) == STUDIO_FLOW
    stack.settled()

    stack.destroy()

    assert stack.snapshot() == stack.before
    assert stack.answers(HIDDEN) == OLD_APP
