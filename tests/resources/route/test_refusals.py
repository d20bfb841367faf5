"""What a TwilioSmsRoute refuses, each in one line that says what to do, before anything is written."""

from __future__ import annotations

from functools import partial

import pytest
from vapi_sms import LEAVE_AT_VAPI, Handler, Routing
from vapi_sms.resources.inputs.words import UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, standing, written
from tests.resources.program.test_program import run
from tests.resources.provider import Props, Provider
from tests.resources.routes import (
    CREATED,
    FLOW,
    MINE,
    OTHER_FLOW,
    ROUTE,
    SAME,
    RouteStack,
    line_of,
    refused,
    vapis,
)
from tests.resources.stack import Stack
from tests.sandbox.world import (
    AC,
    ADDRESS,
    APP,
    CODE,
    DEMO,
    HIDDEN,
    MG,
    ORG_KEY,
    OTHER,
    OTHER_TOKEN,
    SHORT,
    STUDIO,
    SUPPORT,
    TOKEN,
    VAPI_SMS,
    VOICE_ONLY,
    WEBHOOK,
    to_import,
    vapi,
)

MISTAKES: dict[str, tuple[Props, str]] = {
    "two numbers": (
        {"number": WEBHOOK, "short_code": CODE, "handler": FLOW},
        "write number=, twilio_sid= or short_code=, exactly one",
    ),
    "no number": ({"handler": FLOW}, "write number=, twilio_sid= or short_code=, exactly one"),
    "not E.164": ({"number": "415-555-0100", "handler": FLOW}, "is not in E.164 form"),
    "short code as number": (
        {"number": CODE, "handler": FLOW},
        f"for a short code write short_code='{CODE}'",
    ),
    "SC as twilio_sid": (
        {"twilio_sid": SHORT, "handler": FLOW},
        f"is a short code: write short_code='{SHORT}'",
    ),
    "no short code": ({"short_code": "12", "handler": FLOW}, "'12' is not a short code: write its digits"),
    "number of nobody": (
        {"number": "+14155559999", "handler": FLOW},
        "is not a number of this Twilio account",
    ),
    "short code of nobody": (
        {"short_code": "12345", "handler": FLOW},
        "12345 is not a number of this Twilio",
    ),
    "no SMS": (
        {"number": VOICE_ONLY, "handler": FLOW},
        "(Twilio shows no SMS capability): declare a number that",
    ),
    "hidden": (
        {"number": HIDDEN, "handler": FLOW},
        "hides the number's own webhook: the handler would never see",
    ),
    "missing app": (
        {"number": WEBHOOK, "handler": Handler.twiml_app("AP" + "f" * 32)},
        f"handler names TwiML App AP{'f' * 32}, which account {AC} does not have, so Twilio would refuse it: correct",
    ),
    "app on a short code": (
        {"short_code": CODE, "handler": Handler.twiml_app(APP)},
        f"short code {CODE} cannot have a TwiML App: Twilio keeps only URLs on short codes. Write the handler",
    ),
    "Vapi's URL": (
        {"number": WEBHOOK, "handler": Handler.webhook(VAPI_SMS)},
        "handler is Vapi's own URL, which answers nobody without a number that Vapi knows: declare a VapiSmsNumber",
    ),
    "a path": ({"number": WEBHOOK, "handler": Routing("/sms")}, "its url is not an absolute http(s) URL"),
    "no flow": (
        {"number": WEBHOOK, "handler": Handler.studio_flow("1")},
        "names no Studio Flow or Proxy service",
    ),
    "no address": (
        {**ROUTE, "address_sid": "RI" + "a" * 32},
        "address_sid is no address's SID: write AD and 32 hex digits",
    ),
    "no text": ({**ROUTE, "bundle_sid": 5}, "bundle_sid must be a string"),
    "address of a short code": (
        {"short_code": CODE, "handler": FLOW, "address_sid": ADDRESS},
        "a short code takes no address_sid: leave it out",
    ),
    "service of a short code": (
        {"short_code": CODE, "handler": FLOW, "messaging_service": MG},
        "a short code takes no messaging_service: its services are not read. Leave it out",
    ),
    "no service": (
        {**ROUTE, "messaging_service": "Campaigns"},
        "messaging_service must be a MessagingServiceInbound",
    ),
    "left at Vapi": (
        {**ROUTE, "restore_to": LEAVE_AT_VAPI},
        "restore_to=LEAVE_AT_VAPI is for numbers that Vapi",
    ),
    "missing app back": (
        {**ROUTE, "restore_to": Handler.twiml_app("AP" + "f" * 32)},
        f"restore_to names TwiML App AP{'f' * 32}, which account {AC} does not have, so Twilio would refuse to put",
    ),
}


@pytest.fixture(scope="module")
def quiet(calm: RunningSandbox, shared: Provider) -> RouteStack:
    """Return a stack for what changes nothing."""
    del calm
    return RouteStack(shared, "mistakes")


@pytest.mark.parametrize(("declared", "told"), MISTAKES.values(), ids=MISTAKES)
def test_what_up_would_refuse_is_refused_by_preview(quiet: RouteStack, declared: Props, told: str) -> None:
    """Each in one line that says what to write."""
    assert told in refused(lambda: quiet.preview(**declared))


def test_a_handler_is_needed(quiet: RouteStack) -> None:
    """Without one the line says how it is written."""
    props = {key: value for key, value in quiet.number_props({}, **ROUTE).items() if key != "handler"}
    props["owner"] = "organization/test/dev/without"  # whose records no other test's check has noted

    assert refused(lambda: quiet.checked("number", props)) == (
        "write handler=, who is to answer: write a Routing, such as Handler.studio_flow(sid) or Handler.webhook(url)"
    )


def test_a_number_at_vapi_needs_restore_to(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """Vapi's URL is nobody's original; with restore_to texts leave Vapi, whose record is never touched."""
    with vapi(sandbox) as http:
        http.post("/phone-number", json=to_import(DEMO)).raise_for_status()
    before = standing(sandbox)
    sandbox.clear_journal()

    told = refused(lambda: prod.preview(number=DEMO, handler=FLOW))
    assert told.startswith(f"texts to {DEMO} already go to Vapi and no original routing is recorded")
    assert told.endswith("else write restore_to= with the routing to put back")
    prod.provider = twilio_only()
    prod.up(number=DEMO, handler=FLOW, restore_to=Handler.demo())
    prod.destroy()

    assert standing(sandbox)["vapi"] == before["vapi"]
    assert sandbox.number(DEMO)["sms_url"] == Handler.demo().url
    assert sandbox.number(DEMO)["voice_url"] == before["numbers"][DEMO]["voice_url"]
    assert vapis(sandbox) == []


def test_a_stale_record_is_refused(sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn) -> None:
    """Between the record and the first write somebody changed the routing: it is not overwritten."""
    prod._run(ROUTE, (), dry=True)
    props = prod.sibling_props(**ROUTE)
    prod._step("originals", props, (), dry=False)
    sandbox.outside_number(WEBHOOK, sms_url="https://new.example/sms")
    prod.provider = twilio_only()

    told = refused(lambda: prod.up(**ROUTE))

    assert told.startswith(f"texts to {WEBHOOK} are answered by Webhook https://new.example/sms (fallback")
    assert "Write restore_to= with the routing to put back later" in told


def test_nothing_is_written_without_a_record(sandbox: RunningSandbox, prod: RouteStack) -> None:
    """Law 1: a placeholder, an empty map and another number's record are none."""
    prod.up(number=STUDIO, handler=FLOW)
    others = prod.state["originals"].outs["originals"]
    sandbox.clear_journal()
    line = f"the original routing of {WEBHOOK} is not recorded: run without --target, with credentials"

    nothing: list[object] = [UNRECORDED, {}, others]
    for original in nothing:
        props = prod.number_props(original, **ROUTE)
        assert line_of(partial(prod.life("number").create, props)) == line
    assert written(sandbox) == []


def test_without_credentials_the_state_stays_as_it_is(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """A preview finds nothing to do; destroy fails in one line, names Twilio's credentials only, forgets nothing."""
    prod.up(**ROUTE)
    sandbox.clear_journal()
    prod.provider = twilio_only(TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None)

    assert prod.up(**ROUTE) == SAME
    assert prod.preview(number=WEBHOOK, handler=MINE)["number"] == "update"
    assert line_of(prod.destroy) == (
        f"no credentials for {WEBHOOK}: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN (or TWILIO_API_KEY and "
        "TWILIO_API_SECRET), or the stack's twilio:accountSid and twilio:authToken"
    )
    assert asked(sandbox) == []
    fresh = RouteStack(prod.provider, "other")
    assert fresh.preview(**ROUTE) == CREATED
    assert line_of(lambda: fresh.up(**ROUTE)).startswith(
        f"no credentials for {WEBHOOK}: set TWILIO_ACCOUNT_SID"
    )


def test_another_account_touches_nothing(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """Law 14: preview, refresh, update and delete refuse, and a 404 of theirs is never "gone"."""
    prod.up(**ROUTE)
    sandbox.clear_journal()
    prod.provider = twilio_only(TWILIO_ACCOUNT_SID=OTHER, TWILIO_AUTH_TOKEN=OTHER_TOKEN)
    line = (
        f"{WEBHOOK} was set up in Twilio account {AC}, and these credentials are for {OTHER}: use the credentials of "
        "the recorded account"
    )

    assert refused(lambda: prod.up(number=WEBHOOK, handler=OTHER_FLOW)) == line
    assert line_of(prod.refresh) == line
    assert line_of(prod.destroy) == line
    held = prod.state["number"]
    assert line_of(lambda: prod.life("number").update(held.id, held.outs, held.inputs)) == line
    assert written(sandbox) == []


def test_vapi_and_a_route_share_a_process(sandbox: RunningSandbox, twilio_only: Spawn) -> None:
    """A route needs no key of Vapi's; a number beside it still does, and says so."""
    provider = twilio_only()
    RouteStack(provider, "prod").up(**ROUTE)

    told = refused(lambda: Stack(provider, "support").preview(number=STUDIO, assistant=SUPPORT))

    assert told.startswith("Twilio's credentials are given, but no key of Vapi's: set VAPI_API_KEY")
    assert vapis(sandbox) == []


def test_a_route_of_an_account_of_its_own(sandbox: RunningSandbox, twilio_only: Spawn) -> None:
    """A provider instance needs Twilio's credentials only; a number on it is told what is missing."""
    own = {"vapi-sms:explicit": "true", "twilio:accountSid": AC, "twilio:authToken": TOKEN}
    provider = twilio_only(own, TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None)
    before = standing(sandbox)
    prod = RouteStack(provider, "prod")

    assert prod.up(**ROUTE) == CREATED
    told = refused(lambda: Stack(provider, "support").preview(number=STUDIO, assistant=SUPPORT))
    prod.destroy()

    assert "has no credentials of its own: give vapi_sms.account() twilio_auth_token" in told
    assert standing(sandbox) == before


def test_two_owners_of_a_number_are_told(
    sandbox: RunningSandbox, prod: RouteStack, twilio_only: Spawn
) -> None:
    """A route by number and a VapiSmsNumber by SID: the program cannot know, the provider does."""
    prod.provider = twilio_only(VAPI_API_KEY=ORG_KEY)
    prod.preview(**ROUTE)
    other = Stack(prod.provider, "support")

    told = refused(lambda: other.preview(twilio_sid=sandbox.number(WEBHOOK)["sid"], assistant="Support"))

    assert "is declared twice, by organization/test/dev/prod and by organization/test/dev/support" in told


def test_a_copied_stack_is_refused(sandbox: RunningSandbox, prod: RouteStack) -> None:
    """Its state says whose it is."""
    prod.up(**ROUTE)
    copy = RouteStack(prod.provider, "prod", owner="organization/test/copy")
    copy.state = dict(prod.state)
    sandbox.clear_journal()

    assert "this state belongs to stack organization/test/dev" in refused(lambda: copy.up(**ROUTE))
    assert written(sandbox) == []


DEMO_ROUTE = "    TwilioSmsRoute('{}', number='+14155550100', handler=Handler.demo())\n"
TWICE = (
    "+14155550100 is declared twice, by 'a' and by 'b': one resource answers for a number. To move it, declare it "
    "in 'b' with restore_to=a.original, and give 'a' retain_on_delete=True (a fleet's entry: on_remove='leave')"
)
IGNORED = """    TwilioSmsRoute('a', short_code='894546', handler=Handler.demo(),
                   opts=pulumi.ResourceOptions(ignore_changes=['short_code']))
"""
PROGRAMS: dict[str, tuple[str, str]] = {
    "no Routing": (
        "    TwilioSmsRoute('a', number='+14155550100', handler='demo')\n",
        "a: handler= is str: write a Routing, such as Handler.studio_flow('FW...')",
    ),
    "a number too": (
        f"{DEMO_ROUTE.format('a')}    VapiSmsNumber('b', number='+14155550100', assistant='S')\n",
        TWICE,
    ),
    "a fleet too": (
        f"    VapiSmsFleet('a', numbers={{'+14155550100': {{'assistant': 'S'}}}})\n{DEMO_ROUTE.format('b')}",
        TWICE,
    ),
    "ignored": (
        IGNORED,
        "a: ignore_changes=['short_code'] would keep one number, or service, with another one's original: remove it",
    ),
}


@pytest.mark.parametrize(("body", "line"), PROGRAMS.values(), ids=PROGRAMS)
def test_a_mistake_of_the_program_is_one_line(body: str, line: str) -> None:
    """What the program alone can tell is told before anything is registered."""
    with pytest.raises(AssertionError) as caught:
        run(body)

    assert f"vapi_sms.resources.program.Mistake: {line}" in str(caught.value)
