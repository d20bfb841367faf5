"""Whatever a number looks like on both sides, its chain says what doctor says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.chains.links import State
from vapi_sms.core.chains.read import chain_read
from vapi_sms.core.chains.told import chain_told, kind_told
from vapi_sms.core.doctor.answering import NOBODY
from vapi_sms.core.doctor.diagnosis import diagnose
from vapi_sms.core.readings import App, Reading
from vapi_sms.core.routings.describe import who_answers_texts
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.services.pool import MessagingService
from vapi_sms.core.values import Observed

from tests.core.doctor.patients import APP, AT_VAPIS_SERVICE, DEFERRING, DROPPING, HIDING
from tests.core.samples import AT_VAPI, NAMES, NUMBER
from tests.core.vendors import observations

SERVICES = [None, HIDING, DROPPING, DEFERRING, AT_VAPIS_SERVICE]
APPS = [None, APP, App(APP.sid, APP.name, AT_VAPI), App(APP.sid, APP.name, Routing())]


@given(observations(), st.sampled_from(SERVICES), st.sampled_from(APPS), st.booleans())
def test_a_chain_that_was_read(
    observed: Observed, service: MessagingService | None, app: App | None, can_sms: bool
) -> None:
    """One link at most decides, and it is who answers; where none does one is broken; no secret is told."""
    assert observed.twilio is not None
    observed = replace(observed, twilio=replace(observed.twilio, can_sms=can_sms))
    diagnosis = diagnose(Reading(NUMBER, observed, service, app), NAMES)

    chain = chain_read(diagnosis, NAMES)

    line = diagnosis.answering.line
    states = [link.state for link in chain]
    ends = [link for link in chain if line in {f"{link.what} {link.label}", link.label}]
    assert states.count(State.DECIDES) + states.count(State.BROKEN) == 1
    assert all(link in ends for link in chain if link.state is State.DECIDES)
    assert all(link.state is State.BROKEN for link in chain if link.label == "none") or line == NOBODY
    assert (State.BROKEN in states) or line != NOBODY
    assert can_sms or states == [State.BROKEN, *[State.SKIPPED] * (len(chain) - 1)]
    assert all(link.why for link in chain if link.state in (State.SKIPPED, State.BROKEN))
    assert "canary" not in str(chain)


@given(observations())
def test_a_chain_that_was_told(observed: Observed) -> None:
    """It is as dead an end as the one that was read, as far as a line can tell."""
    line = who_answers_texts(observed, NAMES)
    read = chain_read(diagnose(Reading(NUMBER, observed, app=APP), NAMES), NAMES)

    told = chain_told(NUMBER, line, kind_told(line))

    ends = [link.state for link in told if link.state in (State.DECIDES, State.BROKEN)]
    assert len(ends) == 1
    assert ends == [State.DECIDES] or State.BROKEN in [link.state for link in read]
    assert "canary" not in str(told)
