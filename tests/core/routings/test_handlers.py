"""Handlers: what a routing points at, in the Console's words and without a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.routings.handlers import Handler, Kind, classify, classify_url, is_vapis, on_account
from vapi_sms.core.routings.routing import GET, POST, Routing, VoiceRouting
from vapi_sms.core.routings.vapi_urls import host_of, is_at_vapi, may_be_written, path_of

from tests.core.samples import AC, AP, EH, FW, KS, TK

FUNCTION = "https://orders-1234-dev.twil.io/reply?key=canary"
EXECUTIONS = f"https://studio.twilio.com/v2/Flows/{FW}/Executions"
BY_WEBHOOK = f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/{FW}/Executions/"
PROXY = f"https://webhooks.twilio.com/v1/Accounts/{AC}/Proxy/{KS}/Webhooks/Message"


@pytest.mark.parametrize(
    ("url", "kind", "line"),
    [
        ("", Kind.NOTHING, "nobody"),
        ("https://app.example.com/sms?k=canary", Kind.WEBHOOK, "Webhook https://app.example.com/sms?k=***"),
        (f"https://handler.twilio.com/twiml/{EH}", Kind.TWIML_BIN, f"TwiML Bin {EH}"),
        (f"https://handler.twilio.com/twiml/{EH}?k=canary", Kind.TWIML_BIN, f"TwiML Bin {EH}"),
        (
            f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/{FW}",
            Kind.STUDIO_FLOW,
            f"Studio Flow {FW}",
        ),
        (PROXY, Kind.PROXY, f"Proxy service {KS}"),
        (FUNCTION, Kind.FUNCTION, "Function https://orders-1234-dev.twil.io/reply?key=***"),
        ("https://demo.twilio.com/welcome/sms/reply", Kind.DEMO, "Twilio's demo reply"),
        ("https://api.vapi.ai/twilio/sms", Kind.VAPI, "Vapi"),
        ("https://API.Vapi.AI:443/twilio/sms", Kind.VAPI, "Vapi"),
        ("https://api.eu.vapi.ai/twilio/sms?x=canary#rc=2", Kind.VAPI, "Vapi"),
        (
            "https://vapi.ai/sms?k=canary",
            Kind.NO_TEXTS,
            "an address at Vapi that is not known to answer texts (https://vapi.ai/sms?k=***)",
        ),
        (
            EXECUTIONS,
            Kind.EXECUTIONS,
            f"a Studio Executions URL, which does not work as a webhook ({EXECUTIONS})",
        ),
        (
            BY_WEBHOOK,
            Kind.EXECUTIONS,
            f"a Studio Executions URL, which does not work as a webhook ({BY_WEBHOOK})",
        ),
        (
            EXECUTIONS.replace("twilio.com", "example.com"),
            Kind.WEBHOOK,
            f"Webhook {EXECUTIONS.replace('twilio.com', 'example.com')}",
        ),
        ("https://handler.twilio.com/other", Kind.WEBHOOK, "Webhook https://handler.twilio.com/other"),
        ("https://webhooks.twilio.com/v1/x", Kind.WEBHOOK, "Webhook https://webhooks.twilio.com/v1/x"),
        ("https://notvapi.ai/sms", Kind.WEBHOOK, "Webhook https://notvapi.ai/sms"),
        ("https://vapi.ai.example.com", Kind.WEBHOOK, "Webhook https://vapi.ai.example.com"),
        (
            "https://example.com/?next=https://api.vapi.ai",
            Kind.WEBHOOK,
            "Webhook https://example.com/?next=***",
        ),
        ("https://u:canary@api.example.com", Kind.WEBHOOK, "Webhook https://***@api.example.com"),
        ("http://[broken", Kind.WEBHOOK, "Webhook http://[broken"),
    ],
)
def test_url_is_classified_by_its_host(url: str, kind: Kind, line: str) -> None:
    """The host decides, and the SID in the path names the handler; a look-alike is a webhook."""
    handler = classify_url(url)

    assert (handler.kind, str(handler)) == (kind, line)


@pytest.mark.parametrize(
    ("path", "texts", "calls"),
    [
        ("/twilio/sms", Kind.VAPI, Kind.NO_CALLS),
        ("/twilio/inbound_call", Kind.NO_TEXTS, Kind.VAPI),
        ("/twilio/status", Kind.NO_TEXTS, Kind.NO_CALLS),
        ("/twilio/inbound", Kind.NO_TEXTS, Kind.NO_CALLS),
        ("/twilio/incoming-sms", Kind.NO_TEXTS, Kind.NO_CALLS),
        ("/twilio/incoming-call", Kind.NO_TEXTS, Kind.NO_CALLS),
        ("/sms/twilio/a5000000", Kind.NO_TEXTS, Kind.NO_CALLS),
        ("/phone/twilio", Kind.NO_TEXTS, Kind.NO_CALLS),
        ("/twilio/sms/", Kind.NO_TEXTS, Kind.NO_CALLS),
        ("", Kind.NO_TEXTS, Kind.NO_CALLS),
    ],
)
def test_only_what_an_import_writes_is_known_to_answer_at_vapi(path: str, texts: Kind, calls: Kind) -> None:
    """Each channel has its own path: the two swapped answer nobody, and so do those that people typed by hand."""
    url = f"https://api.vapi.ai{path}"
    channels = (Routing(url), VoiceRouting(url))

    assert tuple(classify(routing).kind for routing in channels) == (texts, calls)
    assert all(is_vapis(routing) for routing in channels)
    assert not is_vapis(Routing("https://notvapi.ai/twilio/sms"))


@pytest.mark.parametrize(
    ("routing", "line"),
    [
        (Routing("https://a.example.com", application_sid=AP), f"TwiML App {AP}"),
        (Routing("https://a.example.com", POST, "https://b.example.com"), "Webhook https://a.example.com"),
        (Routing("", "", "https://b.example.com"), "Webhook https://b.example.com"),
        (VoiceRouting("https://a.example.com", application_sid=AP, trunk_sid=TK), f"SIP trunk {TK}"),
        (VoiceRouting("https://a.example.com", application_sid=AP), f"TwiML App {AP}"),
        (VoiceRouting("https://a.example.com"), "Webhook https://a.example.com"),
        (VoiceRouting(), "nobody"),
    ],
)
def test_precedence_is_twilios(routing: Routing, line: str) -> None:
    """A trunk wins over a TwiML App, that over the URL, that over the fallback."""
    assert str(classify(routing)) == line


def test_only_what_nobody_misses_is_replaceable() -> None:
    """Nothing, the demo and Vapi may be overwritten; all else is somebody's work."""
    replaceable = {kind for kind in Kind if Handler(kind).is_replaceable}

    assert replaceable == {Kind.NOTHING, Kind.DEMO, Kind.VAPI}


@pytest.mark.parametrize(
    ("routing", "kind", "fields"),
    [
        (
            Handler.webhook("https://a.example.com"),
            Kind.WEBHOOK,
            ("https://a.example.com", POST, "", POST, ""),
        ),
        (
            Handler.webhook(
                "https://a.example.com", method=GET, fallback="https://b.example.com", fallback_method=GET
            ),
            Kind.WEBHOOK,
            ("https://a.example.com", GET, "https://b.example.com", GET, ""),
        ),
        (
            Handler.twiml_bin(EH),
            Kind.TWIML_BIN,
            (f"https://handler.twilio.com/twiml/{EH}", POST, "", POST, ""),
        ),
        (
            Handler.studio_flow(FW, account_sid=AC),
            Kind.STUDIO_FLOW,
            (f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/{FW}", POST, "", POST, ""),
        ),
        (
            Handler.proxy(KS, account_sid=AC),
            Kind.PROXY,
            (PROXY, POST, "", POST, ""),
        ),
        (
            Handler.function(FUNCTION, GET, Handler.webhook("https://b.example.com", GET)),
            Kind.FUNCTION,
            (FUNCTION, GET, "https://b.example.com", GET, ""),
        ),
        (Handler.twiml_app(AP), Kind.TWIML_APP, ("", POST, "", POST, AP)),
        (
            Handler.demo(),
            Kind.DEMO,
            ("https://demo.twilio.com/welcome/sms/reply", POST, "", POST, ""),
        ),
        (Handler.none(), Kind.NOTHING, ("", POST, "", POST, "")),
    ],
)
def test_declared_handler_is_a_whole_routing(routing: Routing, kind: Kind, fields: tuple[str, ...]) -> None:
    """What a program writes as restore_to names every field, and is of the kind that it says."""
    assert tuple(routing.to_dict().values()) == fields
    assert classify(routing).kind is kind


def test_flow_without_an_account_is_one_of_the_numbers_own() -> None:
    """A program need not repeat the account; it is filled in once the number is known, in the fallback too."""
    declared = Handler.studio_flow(FW, fallback=Handler.proxy(KS))

    assert str(classify(declared)) == f"Studio Flow {FW}"
    assert on_account(declared, AC) == Handler.studio_flow(
        FW, fallback=Handler.proxy(KS, account_sid=AC), account_sid=AC
    )
    assert on_account(Handler.twiml_bin(EH), AC) == Handler.twiml_bin(EH)


@dataclass(frozen=True)
class Promise:
    """A text that is known later, as a Pulumi Output is."""

    text: str

    def apply(self, func: Callable[[str], str], /) -> Promise:
        """Give a promise of what is made of it."""
        return Promise(func(self.text))


@pytest.mark.parametrize(
    ("constructor", "text"),
    [
        (Handler.webhook, "https://a.example.com"),
        (Handler.function, FUNCTION),
        (Handler.twiml_bin, EH),
        (Handler.studio_flow, FW),
        (Handler.proxy, KS),
        (Handler.twiml_app, AP),
    ],
)
def test_handlers_of_what_is_known_later(constructor: Callable[..., Routing], text: str) -> None:
    """A SID or URL that another resource gives ends in the same routing, field by field."""
    later, now = constructor(Promise(text)), constructor(text)

    found = [getattr(later, field.name) for field in fields(later)]
    assert [getattr(value, "text", value) for value in found] == list(now.to_dict().values())


def test_fallback_that_is_known_later() -> None:
    """The fallback's URL too, alone or as another handler's."""
    alone = Handler.webhook("https://a.example.com", fallback=Promise("https://b.example.com"))
    handlers = Handler.webhook("https://a.example.com", fallback=Handler.twiml_bin(Promise(EH)))

    found: list[object] = [alone.fallback_url, handlers.fallback_url]
    assert found == [Promise("https://b.example.com"), Promise(f"https://handler.twilio.com/twiml/{EH}")]


@given(st.text())
def test_any_text_has_a_handler(text: str) -> None:
    """No URL that Twilio may hold makes us fail."""
    assert str(classify_url(text))
    assert host_of(text) == host_of(text).lower()
    tells_by_its_end = not is_at_vapi(text) or path_of(text) in ("/twilio/inbound_call", "/twilio/status")
    if tells_by_its_end:
        assert may_be_written(text, "/twilio/sms") == path_of(text).endswith("/twilio/sms")
