"""The page tells who answers, lets things happen, and shows what others write as what it is: text."""

from __future__ import annotations

import http.server
import json
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.engine.world import (
    AC,
    CANARIES,
    DEMO,
    ORG,
    SENDER,
    STUDIO,
    STUDIO_FLOW,
    SUPPORT,
    VAPI_SMS,
    WEBHOOK,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vapi_sms.sandbox import RunningSandbox

    from tests.page.looking import Looking

    Look = Callable[..., Looking]

pytestmark = pytest.mark.xdist_group("page")

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def hand_over(sandbox: RunningSandbox, number: str, **fields: Any) -> None:
    """Have Vapi answer a number, as after an import."""
    about = {"number": number, "assistantId": SUPPORT, "twilioAccountSid": AC, **fields}
    sandbox.outside_vapi("create", org=ORG, set=about)
    sandbox.outside_number(number, sms_url=VAPI_SMS)


def test_a_text_and_who_answered_it_stand_in_the_thread(look: Look, sandbox: RunningSandbox) -> None:
    """A US sender is answered; a British one, a picture, and somebody who types a number are told why they are not."""
    hand_over(sandbox, STUDIO)
    page = look(sandbox.url)

    answered = page.text("Open?", STUDIO)
    british = page.text("Open?", sender="UK")
    picture = page.text("Look!", picture=True)
    typed = page.text("Open?", DEMO, sender="+13105550111")
    refused = page.page.locator("#text-trouble")
    page.page.get_by_label("Another sender's number").fill("12")
    page.page.get_by_role("button", name="Send").click()

    assert answered.locator(".by").inner_text() == "Vapi assistant Support"
    assert answered.locator(".theirs").inner_text() == "This is Support (an AI assistant). You wrote: Open?"
    assert british.locator(".by").inner_text() == picture.locator(".by").inner_text() == "nobody answers"
    assert "is not US (GB)" in british.locator(".failure").inner_text()
    assert "has pictures" in picture.locator(".failure").inner_text()
    assert typed.locator(".meta").inner_text() == f"+13105550111 texts {DEMO}"
    assert typed.locator(".by").inner_text() == "Twilio's demo"
    expect(refused).to_contain_text("from")
    page.expect_trouble("400 (Bad Request)")


def test_two_browsers_show_the_same(look: Look, sandbox: RunningSandbox) -> None:
    """What one does, and what is done without either, both show; also who comes later."""
    one, other = look(sandbox.url), look(sandbox.url)

    said = one.text("Open?", STUDIO)
    one.press("Somebody changes the webhook")
    sandbox.text(SENDER, WEBHOOK, "From a terminal")
    expect(one.answered_by(STUDIO)).to_have_text("Webhook https://chatbot.example.com/inbound")
    expect(one.page.locator(".text")).to_have_count(2)
    for page in (other, look(sandbox.url)):
        expect(page.answered_by(STUDIO)).to_have_text("Webhook https://chatbot.example.com/inbound")
        expect(page.page.locator(".text")).to_have_count(2)
        assert page.page.locator(".text").first.inner_text() == said.inner_text()
        assert page.number(STUDIO).inner_text() == one.number(STUDIO).inner_text()
        expect(page.number(STUDIO)).to_contain_text(f"until now: {STUDIO_FLOW}")


def test_what_happens_in_life(look: Look, sandbox: RunningSandbox) -> None:
    """An outage and its fallback, a missing card, a service that hides the number; and back, each by its button."""
    hand_over(sandbox, WEBHOOK, smsEnabled=True)
    page = look(sandbox.url)
    by = page.answered_by(WEBHOOK)
    expect(by).to_have_text("Vapi assistant Support")

    page.press("Vapi is down")
    expect(by).to_have_text("Webhook https://old.example.com/fallback")
    expect(page.number(WEBHOOK).locator(".problem")).to_have_text("error 11200: Vapi answers HTTP 503")
    assert [state for _, _, state in page.chain(WEBHOOK)] == ["passes it on", "broken", "decides"]
    expect(page.page.locator("#switches")).to_have_text('Set now, unlike the seed: vapi_down="error"')
    outage = page.text("Open?", WEBHOOK)
    assert outage.locator(".by").inner_text() == "Webhook https://old.example.com/fallback"
    assert "error 11200: Vapi answers HTTP 503" in outage.locator(".failure").first.inner_text()
    page.press("Vapi is down")
    page.press("The card is missing")
    expect(page.number(WEBHOOK).locator(".problem")).to_have_text("error 11200: Vapi answers HTTP 402")
    page.press("A service hides the number")
    expect(by).to_have_text("Webhook https://campaigns.example.com/inbound")
    hidden = page.number(WEBHOOK).locator(".link.skipped")
    expect(hidden).to_contain_text("not looked at: the service decides")
    page.press("The number leaves its service")
    page.press("As seeded")
    expect(by).to_have_text("Webhook https://old.example.com/sms")
    expect(page.page.locator(".text")).to_have_count(0)
    page.press("Vapi writes late")

    assert sandbox.behaviour()["late_writes_ms"] == 5000


def test_the_page_goes_on_by_itself_after_a_restart(look: Look, sandbox: RunningSandbox) -> None:
    """It says that nobody answers, and shows what is there once somebody does again."""
    page = look(sandbox.url)
    said = page.page.locator("#connection")
    expect(said).to_have_text("")

    sandbox.stop()
    expect(said).to_contain_text("The sandbox does not answer")
    sandbox.start()
    sandbox.outside_number(STUDIO, sms_url="https://new.example.com/sms")

    expect(page.answered_by(STUDIO)).to_have_text("Webhook https://new.example.com/sms")
    expect(said).to_have_text("")
    page.troubles = [trouble for trouble in page.troubles if "ERR_CONNECTION_REFUSED" not in trouble]


def test_each_button_shows_what_it_asks(look: Look, sandbox: RunningSandbox) -> None:
    """Typed by hand, what stands below a button does the same."""
    page = look(sandbox.url)
    page.page.get_by_role("button", name=STUDIO).click()
    expect(page.page.locator("#picked")).to_have_text(STUDIO)
    shown = {
        item.locator("button").inner_text(): item.locator("pre").inner_text()
        for item in page.page.locator("#happenings li").all()
    }

    for asked in shown.values():
        ask, _, body = asked.partition("\n")
        method, path = ask.split()
        answer = httpx.request(
            method, f"{sandbox.url}{path}", json=json.loads(body) if body else None, trust_env=False
        )
        assert answer.is_success, (asked, answer.text)

    assert len(shown) == 7
    expect(page.page.locator("#banner")).to_contain_text("nothing here reaches either of them")


def test_the_journal_is_live_and_tells_no_secret(look: Look, sandbox: RunningSandbox) -> None:
    """Writes at once, readings where they are wanted; neither they nor anything else on the page shows a credential."""
    page = look(sandbox.url)
    vapi, key = f"{sandbox.url}/phone-number", {"authorization": "Bearer canary-vapi-key"}
    token = {"twilioAccountSid": AC, "twilioAuthToken": "canary-twilio-token"}
    imported = {"provider": "twilio", "number": STUDIO, "assistantId": SUPPORT, **token}

    httpx.get(vapi, headers=key, trust_env=False)
    httpx.post(vapi, headers=key, json=imported, trust_env=False)

    entries = page.page.locator("#journal li")
    expect(entries).to_have_count(1)
    expect(entries.first).to_contain_text("Vapi POST /phone-number")
    expect(entries.first).to_contain_text("twilioAuthToken=***")
    page.page.get_by_label("readings, too").check()
    expect(entries).to_have_count(2)
    assert [secret for secret in CANARIES if secret in page.page.content()] == []


def test_markup_of_others_stays_text(look: Look, sandbox: RunningSandbox) -> None:
    """In a message, its answer, a friendly name, an assistant's name, and in a request: shown letter by letter."""
    sandbox.outside_vapi("edit", org=ORG, kind="assistant", id=SUPPORT, set={"name": MARKUP})
    sandbox.outside_number(STUDIO, friendly_name=MARKUP)
    hand_over(sandbox, STUDIO, name=MARKUP)
    page = look(sandbox.url)

    said = page.text(MARKUP, STUDIO)
    httpx.post(f"{sandbox.url}/phone-number", json={"name": MARKUP}, trust_env=False)

    expect(said.locator(".mine")).to_have_text(MARKUP)
    expect(said.locator(".theirs")).to_contain_text(f"You wrote: {MARKUP}")
    expect(said.locator(".by")).to_have_text(f"Vapi assistant {MARKUP}")
    expect(page.number(STUDIO).locator(".name")).to_have_text(MARKUP)
    expect(page.answered_by(STUDIO)).to_have_text(f"Vapi assistant {MARKUP}")
    expect(page.page.locator("#journal li").first).to_contain_text(MARKUP)
    assert page.page.locator("main img, main script").count() == 0
    # Not even a script of the page itself could make elements of text.
    with pytest.raises(Exception, match="TrustedHTML"):
        page.page.evaluate("document.getElementById('thread').innerHTML = '<b>x</b>'")
    page.expect_trouble("TrustedHTML")


@pytest.fixture
def evil(sandbox: RunningSandbox) -> Iterator[str]:
    """Serve a page of another origin that tries everything a page can."""
    attack = f"""<!doctype html><title>evil</title><body><form id=f method=post action="{sandbox.url}/_sandbox/reset"
      target=hidden></form><iframe name=hidden></iframe><iframe src="{sandbox.url}/"></iframe>
      <script>
      const tried = [fetch("{sandbox.url}/_sandbox/state"), fetch("{sandbox.url}/_sandbox/reset", {{method: "POST"}}),
        fetch("{sandbox.url}/_sandbox/reset", {{method: "POST", mode: "no-cors"}}),
        fetch("{sandbox.url}/phone-number", {{method: "POST", mode: "no-cors", body: "{{}}"}}),
        fetch("{sandbox.url}/", {{mode: "no-cors"}}).then(a => a.text()).then(t => {{ if (!t) throw "opaque" }})];
      const events = new EventSource("{sandbox.url}/_sandbox/events");
      tried.push(new Promise((yes, no) => {{ events.onmessage = events.onopen = yes; events.onerror = no; }}));
      document.getElementById("f").submit();
      Promise.allSettled(tried).then(all => {{ document.title = all.map(one => one.status).join(); }});
      </script>""".encode()

    class Evil(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(attack)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_a_page_of_elsewhere_neither_reads_nor_drives_the_sandbox(
    browser: Any, sandbox: RunningSandbox, evil: str
) -> None:
    """In a real browser: requests, forms, frames and a listener of another port of this very machine."""
    sandbox.outside_number(STUDIO, sms_url="https://kept.example.com/sms")
    context = browser.new_context()
    page = context.new_page()

    page.goto(evil)
    page.wait_for_function("document.title.includes('ed')")

    # A request whose answer it may not see counts as sent; that it did nothing is seen below.
    assert page.title() == "rejected,rejected,fulfilled,fulfilled,rejected,rejected"
    assert all("Who answers?" not in frame.content() for frame in page.frames)
    context.close()
    assert sandbox.number(STUDIO)["sms_url"] == "https://kept.example.com/sms"
    assert sandbox.journal() == []
