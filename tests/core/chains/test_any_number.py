"""Whatever a number looks like on both sides, its chain says what doctor says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.chains.links import Place, State
from vapi_sms.core.chains.read import chain_read
from vapi_sms.core.chains.told import chain_told, kind_told
from vapi_sms.core.doctor.diagnosis import diagnose
from vapi_sms.core.readings import App, Reading
from vapi_sms.core.routings.describe import who_answers_texts
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Observed

from tests.core.doctor.patients import APP, AT_VAPIS_SERVICE, DEFERRING, DROPPING, HIDING
from tests.core.samples import AT_VAPI, NAMES, NUMBER
from tests.core.vendors import observations

LEVELS = (Place.SERVICE, Place.APPLICATION, Place.URL)
SERVICES = [None, HIDING, DROPPING, DEFERRING, AT_VAPIS_SERVICE]
APPS = [None, APP, App(APP.sid, APP.name, AT_VAPI), App(APP.sid, APP.name, Routing())]


@given(observations(), st.sampled_from(SERVICES), st.sampled_from(APPS))
def test_a_chain_that_was_read(observed: Observed, service: MessagingService | None, app: App | None) -> None:
    """It ends with who answers; before what decides texts pass, behind it nobody is asked; no secret is told."""
    diagnosis = diagnose(Reading(NUMBER, observed, service, app), NAMES)

    chain = chain_read(diagnosis, NAMES)

    (answer,) = [link for link in chain if link.what is Place.ANSWER]
    levels = [link for link in chain if link.what in LEVELS]
    order = [State.PASSES, State.DECIDES, State.BROKEN, State.SKIPPED]
    assert answer.label == diagnosis.answering.line
    assert [link.what for link in levels] == [
        each for each in LEVELS if each in {link.what for link in levels}
    ]
    assert [order.index(link.state) for link in levels] == sorted(order.index(link.state) for link in levels)
    assert sum(link.state in (State.DECIDES, State.BROKEN) for link in levels) <= 1
    assert all(link.why for link in levels)
    assert "canary" not in str(chain)


@given(observations())
def test_a_chain_that_was_told(observed: Observed) -> None:
    """It ends with who answers, broken where the reading is, as far as a line can tell."""
    line = who_answers_texts(observed, NAMES)
    read = chain_read(diagnose(Reading(NUMBER, observed, app=APP), NAMES), NAMES)

    told = chain_told(NUMBER, line, kind_told(line))

    (dead,) = [link.state is State.BROKEN for link in read if link.what is Place.ANSWER]
    assert line in (told[-1].label, told[1].label)
    assert dead or told[-1].state is State.DECIDES
    assert "canary" not in str(told)
