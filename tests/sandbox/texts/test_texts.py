"""Who answers a text, and how Twilio asks: precedence, signature, TwiML, fallback, Vapi's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from vapi_sms.sandbox.texts.webhook import signed

from tests.sandbox import world
from tests.sandbox.old_app import Reply
from tests.sandbox.world import DEFERRING, MG, SENDER, SUB, SUB_TOKEN, TOKEN, to_import

if TYPE_CHECKING:
    import httpx
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

FORM = (
    ("AccountSid", "AC" + "a" * 32),
    ("ApiVersion", "2010-04-01"),
    ("Body", "Hi & bye"),
    ("From", "+12125550123"),
    ("MessageSid", "SM00000000000000000000000000000001"),
    ("NumMedia", "0"),
    ("NumSegments", "1"),
    ("SmsMessageSid", "SM00000000000000000000000000000001"),
    ("SmsSid", "SM00000000000000000000000000000001"),
    ("SmsStatus", "received"),
    ("To", "+14155550100"),
)


def test_the_signature_is_twilios() -> None:
    """The reference's test vector."""
    signature = signed("test-auth-token", "https://example.com/sms?x=1#rc=2", dict(FORM))

    assert signature == "npCLPHBa7ulwCfVGpcMuaBElhnI="


def test_the_old_app_is_called_as_twilio_calls(sandbox: RunningSandbox, app: OldApp) -> None:
    """A signed POST with Twilio's parameters; the app's TwiML is the reply."""
    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi & bye")

    assert answer["answered_by"] == f"Webhook {app.url}/sms"
    assert (answer["handler"], answer["reply"]) == ("webhook", "The old app here")
    (visit,) = app.visits
    assert visit.method == "POST"
    assert visit.url == f"{app.url}/sms?tenant=url-canary"
    assert visit.is_signed_with(TOKEN)
    assert not visit.is_signed_with("another token")
    assert (
        visit.parameters.items()
        >= {"Body": "Hi & bye", "From": SENDER, "To": world.WEBHOOK, "NumMedia": "0"}.items()
    )
    places = {f"{whose}{part}" for whose in ("From", "To") for part in ("City", "State", "Zip", "Country")}
    assert visit.parameters.keys() == dict(FORM).keys() | places
    assert (visit.parameters["FromCountry"], visit.parameters["ToCountry"]) == ("US", "US")
    assert visit.headers["User-Agent"] == "TwilioProxy/1.1"


def test_a_get_carries_everything_in_the_url(sandbox: RunningSandbox, app: OldApp) -> None:
    """The parameters follow the URL's own query, and the signature covers them."""
    sandbox.outside_number(world.WEBHOOK, sms_method="GET")

    sandbox.text(SENDER, world.WEBHOOK, "Hi")

    (visit,) = app.visits
    assert (visit.method, visit.parameters["tenant"], visit.parameters["Body"]) == ("GET", "url-canary", "Hi")
    assert visit.is_signed_with(TOKEN)


def test_a_subaccounts_number_is_signed_with_its_own_token(sandbox: RunningSandbox, app: OldApp) -> None:
    """Not with the parent's."""
    sandbox.outside_number(world.IN_SUB, sms_url=f"{app.url}/sms")

    sandbox.text(SENDER, world.IN_SUB, "Hi")

    assert app.visits[0].parameters["AccountSid"] == SUB
    assert app.visits[0].is_signed_with(SUB_TOKEN)


@pytest.mark.parametrize(
    ("number", "answered_by", "handler"),
    [
        (world.STUDIO, f"Studio Flow FW{'a' * 32}", "studio_flow"),
        (world.BIN, f"TwiML Bin EH{'a' * 32}", "twiml_bin"),
        (world.FUNCTION, "Function orders-1234-dev.twil.io/reply", "function"),
        (world.PROXY, f"Proxy KS{'a' * 32}", "proxy"),
        (world.DEMO, "Twilio's demo", "demo"),
        (world.SILENT, "nobody", "none"),
        (world.VOICE_ONLY, "nobody", "none"),
        ("+19995550100", "nobody", "none"),
    ],
)
def test_every_kind_of_handler_answers(
    sandbox: RunningSandbox, number: str, answered_by: str, handler: str
) -> None:
    """What lives at Twilio has a stand-in that says its name."""
    answer = sandbox.text(SENDER, number, "Hi")

    assert (answer["answered_by"], answer["handler"]) == (answered_by, handler)
    assert (answer["reply"] is None) == (handler == "none")
    assert answer["trace"]


def test_a_webhook_on_the_internet_is_never_called(sandbox: RunningSandbox) -> None:
    """A stand-in says which URL would have been, without its query."""
    sandbox.outside_number(world.SILENT, sms_url="https://user:pw@example.com/sms?token=url-canary")

    answer = sandbox.text(SENDER, world.SILENT, "Hi")

    assert answer["answered_by"] == "Webhook https://example.com/sms"
    assert "would have been called" in answer["reply"]
    assert "url-canary" not in str(answer)
    assert "pw" not in str(answer)


def test_a_messaging_service_hides_the_number(sandbox: RunningSandbox, app: OldApp) -> None:
    """A service that does not defer answers by its own URL."""
    answer = sandbox.text(SENDER, world.HIDDEN, "Hi")

    assert answer["answered_by"] == f"Webhook {app.url}/service"
    assert app.visits[0].parameters["MessagingServiceSid"] == MG


def test_a_service_without_url_drops_texts(sandbox: RunningSandbox, app: OldApp) -> None:
    """Nobody answers, and the trace says why."""
    sandbox.outside("service", sid=MG, set={"inbound_request_url": None})

    answer = sandbox.text(SENDER, world.HIDDEN, "Hi")

    assert (answer["answered_by"], app.visits) == ("nobody", [])
    assert "the text is dropped" in answer["trace"][-2]


def test_a_deferring_service_lets_the_number_answer(sandbox: RunningSandbox, app: OldApp) -> None:
    """The number's own URL is asked, and told of the service."""
    answer = sandbox.text(SENDER, world.DEFERRED, "Hi")

    assert answer["answered_by"] == f"Webhook {app.url}/sms"
    assert app.visits[0].parameters["MessagingServiceSid"] == DEFERRING


def test_a_twiml_app_overrides_the_url(sandbox: RunningSandbox, app: OldApp) -> None:
    """A deleted app answers nothing, and the number's URL is still not looked at."""
    answer = sandbox.text(SENDER, world.APPLICATION, "Hi")
    sandbox.outside("application", sid=world.APP, delete=True)
    without = sandbox.text(SENDER, world.APPLICATION, "Hi")

    assert answer["answered_by"] == f"TwiML App {world.APP} (Webhook {app.url}/application)"
    assert answer["handler"] == "twiml_app"
    assert without["answered_by"] == "nobody"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(status=500), "11200"),
        (Reply(status=404), "11200"),
        (Reply(text="{}", kind="application/json"), "12300"),
        (Reply(text="<html></html>", kind="text/html"), "12100"),
        (Reply(kind=None), "11200"),
        (Reply(text=f"<Response><!--{'x' * 65_536}--></Response>"), "11750"),
        (Reply(text="<Response><Redirect>https://[bad</Redirect></Response>"), "12100"),
        (Reply(text="<Response><Redirect>http://127.0.0.1:port/</Redirect></Response>"), "11321"),
        (Reply(status=302, headers={"location": "https://[bad"}), "11200"),
        (Reply(text="<Response>"), "12100"),
        (Reply(text="<Other/>"), "12100"),
        (Reply(status=302, headers={"location": "/sms"}), "11215"),
        (Reply(text="<Response><Redirect>/sms</Redirect></Response>"), "11215"),
    ],
)
def test_a_failing_webhook_falls_back(sandbox: RunningSandbox, app: OldApp, reply: Reply, code: str) -> None:
    """The fallback is asked with the same parameters, the error's code and the URL that failed."""
    app.replies["/sms"] = reply

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert answer["answered_by"] == f"Webhook {app.url}/fallback"
    asked = app.visits[-1]
    assert asked.parameters["ErrorCode"] == code
    assert asked.parameters["ErrorUrl"].startswith(f"{app.url}/sms")
    assert asked.parameters["Body"] == "Hi"
    assert asked.is_signed_with(TOKEN)


def test_a_failing_fallback_leaves_nobody(sandbox: RunningSandbox, app: OldApp) -> None:
    """Both errors are told."""
    app.replies = {"/sms": Reply(status=500), "/fallback": Reply(status=503)}

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert answer["answered_by"] == "nobody"
    assert "error 11200 at the fallback" in answer["trace"][-1]


def test_a_redirect_never_leaves_loopback(sandbox: RunningSandbox, app: OldApp) -> None:
    """Not even when a webhook asks for it."""
    app.replies["/sms"] = Reply(status=307, headers={"location": "https://example.com/sms"})

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert answer["answered_by"] == f"Webhook {app.url}/fallback"
    assert any("example.com/sms is not on loopback" in step for step in answer["trace"])


def test_a_number_without_mms_takes_no_pictures(sandbox: RunningSandbox) -> None:
    """Texts only."""
    sandbox.outside_number(
        world.WEBHOOK, capabilities={"voice": True, "sms": True, "mms": False, "fax": False}
    )

    assert sandbox.text(SENDER, world.WEBHOOK, "Hi", ["https://example.com/a.jpg"])["answered_by"] == "nobody"


def test_no_connection_and_a_time_out_are_11205(sandbox: RunningSandbox, app: OldApp) -> None:
    """Without a fallback nobody answers; the fragment may shorten the wait."""
    app.replies["/slow"] = Reply(after=0.5)
    sandbox.outside_number(world.SILENT, sms_url="http://127.0.0.1:1/sms")
    unreachable = sandbox.text(SENDER, world.SILENT, "Hi")
    sandbox.outside_number(world.SILENT, sms_url=f"{app.url}/slow#rt=100")
    slow = sandbox.text(SENDER, world.SILENT, "Hi")

    for answer in (unreachable, slow):
        assert answer["answered_by"] == "nobody"
        assert "error 11205" in " ".join(answer["trace"])


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("<Response/>", None),
        ("", None),
        ("<Response><Message><Body>one</Body></Message><Message>two</Message></Response>", "one\ntwo"),
        (
            "<Response><Message>pic<Media>https://example.com/a.jpg</Media></Message></Response>",
            "pic [media https://example.com/a.jpg]",
        ),
        ("<Response><Redirect method='GET'>/elsewhere</Redirect></Response>", "The old app here"),
    ],
)
def test_twiml_is_run(sandbox: RunningSandbox, app: OldApp, text: str, reply: str | None) -> None:
    """Messages, media, redirects, and no reply at all."""
    app.replies["/sms"] = Reply(text)

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert (answer["answered_by"], answer["reply"]) == (f"Webhook {app.url}/sms", reply)


def test_plain_text_is_sent_as_it_is(sandbox: RunningSandbox, app: OldApp) -> None:
    """An old page of Twilio's says so."""
    app.replies["/sms"] = Reply("plain words", kind="text/plain")

    assert sandbox.text(SENDER, world.WEBHOOK, "Hi")["reply"] == "plain words"


def test_the_assistant_answers_after_an_import(
    sandbox: RunningSandbox, http: httpx.Client, app: OldApp
) -> None:
    """The old app hears nothing any more."""
    http.post("/phone-number", json=to_import())

    answer = sandbox.text(SENDER, world.WEBHOOK, "Is it open?")

    assert (answer["answered_by"], answer["handler"]) == ("Vapi assistant Support", "vapi")
    assert answer["reply"] == "This is Support (an AI assistant). You wrote: Is it open?"
    assert app.visits == []


def test_a_squad_answers_too(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """If no assistant is set."""
    http.post("/phone-number", json=to_import(assistantId=None, squadId=world.SQUAD))

    assert sandbox.text(SENDER, world.WEBHOOK)["answered_by"] == "Vapi squad Everybody"


@pytest.mark.parametrize(
    ("sender", "number", "media", "switch", "why"),
    [
        (
            "+447700900123",
            world.WEBHOOK,
            (),
            "answers_non_us",
            "+447700900123 is not US (GB)",
        ),
        ("+14165550123", world.WEBHOOK, (), "answers_non_us", "+14165550123 is not US (CA)"),
        ("+18765550123", world.WEBHOOK, (), "answers_non_us", "+18765550123 is not US (JM)"),
        (SENDER, world.CANADIAN, (), "answers_non_us", f"{world.CANADIAN} is not US (CA)"),
        (SENDER, world.WEBHOOK, ("https://example.com/cat.jpg",), "answers_mms", "has pictures"),
    ],
)
def test_vapi_takes_texts_from_us_to_us_only(
    sandbox: RunningSandbox,
    http: httpx.Client,
    sender: str,
    number: str,
    media: tuple[str, ...],
    switch: str,
    why: str,
) -> None:
    """A +1 number is not always a US number, a picture is no text; each has a switch, since nobody knows."""
    http.post("/phone-number", json=to_import(number))

    careful = sandbox.text(sender, number, "Hi", media)
    sandbox.behaviour(**{switch: True})
    generous = sandbox.text(sender, number, "Hi", media)

    assert careful["answered_by"] == "nobody"
    assert why in careful["trace"][-1]
    assert generous["answered_by"] == "Vapi assistant Support"


def test_the_old_app_answers_pictures_and_foreigners(sandbox: RunningSandbox, app: OldApp) -> None:
    """What Vapi does not take, a webhook took."""
    answer = sandbox.text("+447700900123", world.WEBHOOK, "Hi", ["https://example.com/cat.jpg"])

    assert answer["reply"] == "The old app here"
    parameters = app.visits[0].parameters
    assert (parameters["NumMedia"], parameters["MediaUrl0"]) == ("1", "https://example.com/cat.jpg")
    assert parameters["MessageSid"].startswith("MM")


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        ({"do": "delete"}, "Vapi does not know"),
        ({"do": "edit", "set": {"smsEnabled": False}}, "texts are not enabled"),
        ({"do": "edit", "set": {"assistantId": None}}, "no assistant and no squad"),
    ],
)
def test_a_text_into_the_void(
    sandbox: RunningSandbox, http: httpx.Client, edit: dict[str, object], why: str
) -> None:
    """A number that points at Vapi is not yet answered by it."""
    record = http.post("/phone-number", json=to_import()).json()
    sandbox.outside("vapi", org=world.ORG, id=record["id"], **edit)

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert (answer["answered_by"], answer["reply"]) == ("nobody", None)
    assert why in answer["trace"][-1]
