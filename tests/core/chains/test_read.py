"""The chain of a number that was read: what decides, what is never asked and why, and where a text comes to an end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from vapi_sms.core.chains.links import State
from vapi_sms.core.chains.read import chain_read
from vapi_sms.core.doctor.diagnosis import Diagnosis, diagnose
from vapi_sms.core.readings import Reading
from vapi_sms.core.routings.routing import POST, Routing
from vapi_sms.core.values import Observed

from tests.core.doctor.patients import (
    ADDRESS,
    APP,
    AT_HOOKS,
    AT_VAPIS_SERVICE,
    BY_HAND,
    CAPTURE,
    DEFERRING,
    DROPPING,
    EXECUTIONS,
    HIDING,
    HOOK,
    HOOKS,
    OFF,
    OVERRIDDEN,
    diagnosed,
)
from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AP,
    AT_VAPI,
    DEMO,
    FW,
    NAMES,
    NOTHING,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    PN,
    SERVICE,
    STUDIO,
    TWIML_APP,
    found,
    twilio,
)

if TYPE_CHECKING:
    from vapi_sms.core.chains.links import Chain

FALLBACK = replace(AT_VAPI, fallback_url="https://u:canary@app.example.com/fallback?token=canary")
NUMBER_PASSES = ("Number", NUMBER, "passes", "")
ANSWERS, DEFERS = "answers for all of its numbers", "defers to the sender's webhook"
BY_SERVICE = "not looked at: the service decides"
BY_APP = "not looked at: the TwiML App decides"
OWN_URL = "the number's own URL"
WEBHOOK = HOOK.removeprefix("Webhook ")
ASLEEP = "never asked: texts go elsewhere"
SAYS = f"{ASLEEP}, though Vapi says that it answers them"


def told(diagnosis: Diagnosis) -> list[tuple[str, str, str, str]]:
    """Return kind, label, state and reason of each link."""
    return [(link.what, link.label, str(link.state), link.why) for link in _chain(diagnosis)]


def _chain(diagnosis: Diagnosis) -> Chain:
    return chain_read(diagnosis, NAMES)


@pytest.mark.parametrize(
    ("diagnosis", "links"),
    [
        (diagnosed(), [("Webhook", WEBHOOK, "decides", "")]),
        (diagnosed(STUDIO), [("Studio Flow", FW, "decides", "")]),
        (diagnosed(DEMO), [("Demo", "Twilio's demo reply", "decides", "")]),
        (
            diagnosed(FALLBACK, settings=ANSWERED_BY_SUPPORT, service=DEFERRING),
            [
                ("Messaging Service", "Campaigns", "passes", DEFERS),
                ("Vapi assistant", "Support", "decides", ""),
                (
                    "Fallback: Webhook",
                    "https://***@app.example.com/fallback?token=***",
                    "skipped",
                    "only asked where the URL before it fails",
                ),
            ],
        ),
        (
            diagnosed(OVERRIDDEN, settings=ANSWERED_BY_SUPPORT, service=HIDING, app=APP),
            [
                ("Messaging Service", "Campaigns", "passes", ANSWERS),
                ("TwiML App", "Front desk", "skipped", BY_SERVICE),
                (f"{OWN_URL}: Vapi", "Vapi", "skipped", BY_SERVICE),
                ("Webhook", "https://app.example.com/service?token=***", "decides", ""),
                ("Vapi's record", "Vapi assistant Support", "skipped", SAYS),
            ],
        ),
        (
            diagnosed(settings=ANSWERED_BY_SUPPORT, service=AT_VAPIS_SERVICE),
            [
                ("Messaging Service", "Campaigns", "passes", ANSWERS),
                (f"{OWN_URL}: Webhook", WEBHOOK, "skipped", BY_SERVICE),
                ("Vapi assistant", "Support", "decides", ""),
            ],
        ),
        (
            diagnosed(service=DROPPING),
            [
                ("Messaging Service", "Campaigns", "broken", "has no inbound URL: the text is dropped"),
                (f"{OWN_URL}: Webhook", WEBHOOK, "skipped", "not looked at: the service drops texts"),
            ],
        ),
        (
            diagnosed(OVERRIDDEN, settings=OFF, app=APP),
            [
                ("TwiML App", "Front desk", "passes", "decides in place of the number's own URL"),
                (f"{OWN_URL}: Vapi", "Vapi", "skipped", BY_APP),
                ("Webhook", WEBHOOK, "decides", ""),
                ("Vapi's record", "Vapi assistant Support", "skipped", ASLEEP),
            ],
        ),
        (diagnosed(TWIML_APP), [("TwiML App", AP, "broken", "is gone: nothing is called")]),
        (
            diagnosed(TWIML_APP, app=replace(APP, messaging=Routing())),
            [
                ("TwiML App", "Front desk", "passes", "decides in place of the number's own URL"),
                ("URL", "none", "broken", "there is no URL: nothing is called"),
            ],
        ),
        (diagnosed(NOTHING), [("URL", "none", "broken", "there is no URL: nothing is called")]),
        (diagnosed(Routing("", POST, OLD_APP.url)), [("Webhook", WEBHOOK, "decides", "")]),
    ],
)
def test_every_step_has_its_chain(diagnosis: Diagnosis, links: list[tuple[str, str, str, str]]) -> None:
    """In Twilio's order; grey is what is never asked, with the reason, and no secret is told."""
    assert told(diagnosis) == [NUMBER_PASSES, *links]
    assert "canary" not in str(_chain(diagnosis))


@pytest.mark.parametrize(
    ("diagnosis", "what", "label", "why"),
    [
        (
            diagnosed(AT_VAPI),
            "Vapi",
            "Vapi, where this org does not know the number",
            "texts go to Vapi, and this Vapi org does not know the number: nobody answers, unless another org has it",
        ),
        (
            diagnosed(AT_VAPI, settings=OFF),
            "Vapi assistant",
            "Support, with texts switched off there",
            "texts go to Vapi, where SMS is switched off for the number",
        ),
        (
            diagnosed(AT_VAPI, settings=replace(OFF, sms_enabled=True, assistant_id="")),
            "Vapi",
            "Vapi, with no assistant",
            "Vapi's record has no assistant: nobody answers texts",
        ),
        (
            diagnosed(AT_VAPI, settings=replace(OFF, sms_enabled=True, assistant_id="gone")),
            "Vapi assistant",
            "gone",
            "Vapi assistant gone does not exist in this Vapi org: nobody answers texts",
        ),
        (
            diagnosed(BY_HAND),
            "Handler",
            "an address at Vapi that is not known to answer texts (https://api.vapi.ai/twilio/incoming-sms)",
            "texts go to an address at Vapi that is not known to answer texts: no import writes it",
        ),
    ],
)
def test_a_text_that_comes_to_a_dead_end(diagnosis: Diagnosis, what: str, label: str, why: str) -> None:
    """The last link is broken, in the words of what doctor finds."""
    assert told(diagnosis)[1] == (what, label, "broken", why)


def test_a_url_that_only_looks_like_a_flow_is_broken() -> None:
    """It is found for texts, and not where only calls go there."""
    texts, calls = diagnosed(EXECUTIONS), diagnosed(voice=replace(OLD_CALLS, url=EXECUTIONS.url))

    assert told(texts)[1][2:] == ("broken", texts.problems[0].says)
    assert [problem.code for problem in calls.problems] == [texts.problems[0].code]
    assert told(calls)[1] == ("Webhook", WEBHOOK, "decides", "")


def test_texts_at_another_of_vapis_addresses_are_vapis_where_the_state_says_so() -> None:
    """The chain shows the address that is there."""
    moved = diagnosed(replace(AT_VAPI, url=HOOKS), settings=ANSWERED_BY_SUPPORT, declared=AT_HOOKS)

    end = _chain(moved)[-1]

    assert (end.label, end.state, end.detail) == ("Support", State.DECIDES, HOOKS)


def test_a_number_that_takes_no_texts_is_broken_itself() -> None:
    """Whoever is set to answer them."""
    first = _chain(diagnose(Reading(NUMBER, Observed(twilio(can_sms=False))), NAMES))[0]

    assert (first.state, first.why) == (State.BROKEN, "it takes no texts: Twilio shows no SMS capability")


def test_names_that_others_chose_are_lines() -> None:
    """No terminal, log or page obeys anything in them."""
    named = replace(APP, name="Front\n\x1b[1m\u202edesk")

    assert _chain(diagnosed(TWIML_APP, app=named))[1].label == "Front ?[1m?desk"


def test_a_number_that_is_gone_ends_there() -> None:
    """What Vapi still says of it is never asked."""
    gone = diagnose(Reading(NUMBER, replace(found(settings=OFF), twilio=None)), NAMES)
    nowhere = diagnose(Reading(NUMBER, Observed(None)), NAMES)

    absent = ("Number", NUMBER, "broken", "not a number of this Twilio account")
    asleep = "never asked: Twilio does not have the number here"
    assert told(nowhere) == [absent]
    assert told(gone) == [absent, ("Vapi's record", "Vapi assistant Support", "skipped", asleep)]


def test_who_takes_texts_beside_the_chain_is_shown() -> None:
    """A conversation that is started and a copy that is captured, whoever answers."""
    beside = _chain(diagnosed(address=ADDRESS, capture=CAPTURE))[2:]

    assert [(link.what, link.label) for link in beside] == [
        ("Beside", str(ADDRESS)),
        ("Beside", str(CAPTURE)),
    ]
    assert all(link.why.endswith("whoever answers") for link in beside)


def test_details_are_addresses() -> None:
    """SIDs, and the URL in force where the label does not show it."""
    hidden = _chain(diagnosed(OVERRIDDEN, service=HIDING, app=APP))
    flow = _chain(diagnosed(TWIML_APP, app=replace(APP, messaging=STUDIO)))

    assert [link.detail for link in hidden] == [PN, SERVICE.sid, AP, AT_VAPI.url, ""]
    assert [link.detail for link in flow] == [PN, AP, STUDIO.url]
