"""What Twilio tells a webhook about a text, what it takes for an answer, and what it remembers between two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from vapi_sms.sandbox.cookies import SILENCE_SECONDS, Cookies
from vapi_sms.sandbox.texts.message import segments

from tests.sandbox import world
from tests.sandbox.old_app import Reply
from tests.sandbox.world import AC, MG, SENDER, seed, to_import

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox

    from tests.sandbox.old_app import OldApp

PICTURE = "https://example.com/cat"


def heard(app: OldApp) -> dict[str, str]:
    """Return the parameters of the last request that the app got."""
    return app.visits[-1].parameters


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("é" * 160, 1),  # GSM has it
        ("€" * 80, 1),  # and this one, in the place of two
        ("€" * 81, 2),
        ("ê" * 70, 1),  # not this one: UCS-2 for all of it
        ("x" * 70 + "ê", 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("😀" * 35, 1),  # two units each
        ("😀" * 36, 2),
        ("x" * 152 + "€" + "x" * 152, 3),  # what takes two places is not torn apart
        ("ê" * 66 + "😀" + "ê" * 66, 3),
        ("x" * 1600, 11),
    ],
)
def test_segments_are_counted_by_alphabet(
    sandbox: RunningSandbox, app: OldApp, body: str, parts: int
) -> None:
    """GSM: 160, or 153 a part; UCS-2: 70, or 67 a part."""
    sandbox.text(SENDER, world.WEBHOOK, body)

    assert segments(body) == parts
    assert heard(app)["NumSegments"] == str(parts)


def test_a_text_longer_than_twilios_longest_is_refused(sandbox: RunningSandbox) -> None:
    """1,600 characters."""
    with pytest.raises(ValueError, match="body is longer than 1600 characters"):
        sandbox.text(SENDER, world.WEBHOOK, "x" * 1601)


@pytest.mark.parametrize(
    ("sender", "number", "countries"),
    [
        (SENDER, world.WEBHOOK, ("US", "US")),
        ("+447700900123", world.CANADIAN, ("GB", "CA")),
        ("+998901234567", world.WEBHOOK, ("", "US")),
        (SENDER, world.CODE, ("US", "")),
    ],
)
def test_places_are_always_there(
    sandbox: RunningSandbox, app: OldApp, sender: str, number: str, countries: tuple[str, str]
) -> None:
    """Often empty, as at Twilio; the sandbox knows countries only."""
    sandbox.text(sender, number, "Hi")

    told = heard(app)
    assert (told["FromCountry"], told["ToCountry"]) == countries
    assert {told[f"{whose}{part}"] for whose in ("From", "To") for part in ("City", "State", "Zip")} == {""}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("STOP", "STOP"),
        (" sToP ", "STOP"),
        ("optout", "STOP"),
        ("Stop please", None),
        ("unstop", "START"),
        ("info", "HELP"),
        ("Hi", None),
    ],
)
@pytest.mark.parametrize("has_it", [True, False])
def test_advanced_opt_out_tells_its_type(
    sandbox: RunningSandbox, app: OldApp, body: str, kind: str | None, *, has_it: bool
) -> None:
    """For the whole text only, in whatever case, and only where the number's service has it."""
    company: dict[str, Any] = seed(app.url)
    company["twilio"]["accounts"][0]["messaging_services"][0]["advanced_opt_out"] = has_it
    sandbox.reset(company)

    sandbox.text(SENDER, world.HIDDEN, body)

    assert heard(app)["MessagingServiceSid"] == MG
    assert heard(app).get("OptOutType") == (kind if has_it else None)
    sandbox.text(SENDER, world.WEBHOOK, body)
    assert "OptOutType" not in heard(app)


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        (f"{PICTURE}.png", "image/png"),
        (f"{PICTURE}.gif?size=2", "image/gif"),
        (PICTURE, "image/jpeg"),
        ("https://[bad", "image/jpeg"),
        ("https://example.com/note.vcf", "text/x-vcard"),
        ({"url": PICTURE, "content_type": "video/mp4"}, "video/mp4"),
    ],
)
def test_media_have_types(
    sandbox: RunningSandbox, app: OldApp, media: str | dict[str, str], kind: str
) -> None:
    """By the ending of their URL, or as the sender says."""
    sandbox.text(SENDER, world.WEBHOOK, "Look", [media, f"{PICTURE}.png"])

    told = heard(app)
    assert told["MediaUrl0"] == (media if isinstance(media, str) else media["url"])
    assert (told["NumMedia"], told["MediaContentType0"]) == ("2", kind)
    assert told["MediaContentType1"] == "image/png"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/xml", "TEXT/XML"])
def test_these_types_are_twiml(sandbox: RunningSandbox, app: OldApp, kind: str) -> None:
    """HTML's, too: it is what many frameworks say when nobody says anything."""
    app.replies["/sms"] = Reply(kind=kind)

    assert sandbox.text(SENDER, world.WEBHOOK, "Hi")["reply"] == "The old app here"


def test_an_answer_without_a_content_type_is_a_502(sandbox: RunningSandbox, app: OldApp) -> None:
    """As Twilio's debugger calls it; an empty answer needs none."""
    app.replies["/sms"] = Reply(kind=None)
    app.replies["/fallback"] = Reply(text="", kind=None)

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert any("error 11200: 502 Bad Gateway" in step for step in answer["trace"])
    assert (answer["answered_by"], answer["reply"]) == (f"Webhook {app.url}/fallback", None)


def test_64_kilobytes_are_taken(sandbox: RunningSandbox, app: OldApp) -> None:
    """And not a byte more: 11750."""
    frame = "<Response><Message>Hi</Message><!----></Response>"
    app.replies["/sms"] = Reply(text=frame.replace("----", f"--{'x' * (65_536 - len(frame))}--"))

    assert sandbox.text(SENDER, world.WEBHOOK, "Hi")["reply"] == "Hi"


def test_cookies_are_kept_in_a_conversation(sandbox: RunningSandbox, app: OldApp) -> None:
    """Of these two numbers, through redirects and fallbacks; nobody else's text brings them."""
    app.replies["/sms"] = Reply(headers={"set-cookie": "step=1; Path=/"})
    sandbox.text(SENDER, world.WEBHOOK, "one")
    app.replies["/sms"] = Reply(status=500, headers={"set-cookie": "step=2; Path=/"})

    sandbox.text(SENDER, world.WEBHOOK, "two")
    sandbox.text("+12125550199", world.WEBHOOK, "another")
    sandbox.reset(seed(app.url))
    sandbox.text(SENDER, world.WEBHOOK, "three")

    brought = [(visit.parameters["Body"], visit.path, visit.headers.get("Cookie")) for visit in app.visits]
    assert brought == [
        ("one", "/sms", None),
        ("two", "/sms", "step=1"),
        ("two", "/fallback", "step=2"),
        ("another", "/sms", None),
        ("another", "/fallback", "step=2"),
        ("three", "/sms", None),
        ("three", "/fallback", "step=2"),
    ]


def test_cookies_are_forgotten_after_four_silent_hours() -> None:
    """Each text starts the time anew."""
    hours = [0.0]
    cookies = Cookies(lambda: hours[0] * 3600)
    cookies.keep(SENDER, world.WEBHOOK, httpx.Cookies({"step": "1"}))

    hours[0] = 3.9
    assert cookies.of(SENDER, world.WEBHOOK)["step"] == "1"
    cookies.keep(SENDER, world.WEBHOOK, cookies.of(SENDER, world.WEBHOOK))
    hours[0] = 7.8
    assert cookies.of(SENDER, world.WEBHOOK)["step"] == "1"
    hours[0] = 7.9
    assert not cookies.of(SENDER, world.WEBHOOK)
    assert SILENCE_SECONDS == 14_400


@pytest.mark.parametrize("url", ["https://[bad", "http://127.0.0.1:port/sms", "no URL at all", "//"])
def test_a_url_that_is_none_does_not_break_it(sandbox: RunningSandbox, app: OldApp, url: str) -> None:
    """Somebody wrote it long ago: Twilio's 11321, and the fallback."""
    sandbox.outside_number(world.WEBHOOK, sms_url=url)

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert answer["answered_by"] == f"Webhook {app.url}/fallback"
    assert heard(app)["ErrorCode"] == "11321"


@pytest.mark.parametrize(
    ("url", "is_answered"),
    [
        ("https://api.vapi.ai/twilio/sms", True),
        ("https://api.eu.vapi.ai/twilio/sms?x=1#rc=2", True),
        ("https://vapi.ai/twilio/sms", True),
        ("https://api.vapi.ai/twilio/inbound_call", False),
        ("https://api.vapi.ai/twilio/incoming-sms", False),
        ("https://api.vapi.ai/sms/twilio/a5000000", False),
        ("https://api.vapi.ai", False),
    ],
)
def test_vapis_hosts_are_vapi_whatever_the_path(
    sandbox: RunningSandbox, http: httpx.Client, app: OldApp, url: str, *, is_answered: bool
) -> None:
    """But only at one path it takes texts: elsewhere it is a webhook that fails, and the fallback is asked."""
    http.post("/phone-number", json=to_import())
    sandbox.outside_number(world.WEBHOOK, sms_url=url)

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    by = "Vapi assistant Support" if is_answered else f"Webhook {app.url}/fallback"
    assert answer["answered_by"] == by
    assert is_answered or any("error 11200: Vapi takes no texts at" in step for step in answer["trace"])


def test_another_host_that_only_ends_so_is_not_vapis(sandbox: RunningSandbox) -> None:
    """A webhook like any other."""
    sandbox.outside_number(world.WEBHOOK, sms_url="https://notvapi.ai/twilio/sms")

    assert sandbox.text(SENDER, world.WEBHOOK)["handler"] == "webhook"


def test_the_webhooks_may_be_anywhere(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """At a host that is not Vapi's by name, below a path."""
    sandbox.behaviour(webhook_host="https://hooks.example.com/v2")

    http.post("/phone-number", json=to_import())

    assert sandbox.number(world.WEBHOOK)["sms_url"] == "https://hooks.example.com/v2/twilio/sms"
    assert sandbox.text(SENDER, world.WEBHOOK)["answered_by"] == "Vapi assistant Support"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_studios_executions_take_no_texts(sandbox: RunningSandbox, app: OldApp, version: str) -> None:
    """That URL starts a Flow by REST, with credentials that a text does not bring."""
    url = f"https://studio.twilio.com/{version}/Flows/FW{'a' * 32}/Executions"
    sandbox.outside_number(world.WEBHOOK, sms_url=url)

    answer = sandbox.text(SENDER, world.WEBHOOK, "Hi")

    assert answer["answered_by"] == f"Webhook {app.url}/fallback"
    assert any("HTTP 401" in step for step in answer["trace"])


def test_nulls_where_texts_are_delivered_break_nothing(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """Names, switches and capabilities that are null."""
    record = http.post("/phone-number", json=to_import()).json()
    sandbox.outside_vapi("edit", org=world.ORG, id=record["id"], set={"name": None, "smsEnabled": None})
    sandbox.outside_vapi("edit", org=world.ORG, kind="assistant", id=world.SUPPORT, set={"name": None})
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": None})
    sandbox.outside_number(world.SILENT, capabilities=None, friendly_name=None)

    assert sandbox.text(SENDER, world.WEBHOOK)["answered_by"] == f"Vapi assistant {world.SUPPORT}"
    assert sandbox.text(SENDER, world.HIDDEN)["answered_by"].endswith("/service")
    assert sandbox.text(SENDER, world.SILENT)["answered_by"] == "nobody"
    assert http.get("/v2/phone-number", params={"search": "x"}).json()["results"] == []
    path = f"/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json?FriendlyName=x"
    assert httpx.get(f"{sandbox.url}{path}", auth=(AC, world.TOKEN)).status_code == 200
