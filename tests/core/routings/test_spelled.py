"""Handlers as people write them: each spelling is read back as the very same routing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vapi_sms.core.routings import spelled
from vapi_sms.core.routings.handlers import Handler, on_account
from vapi_sms.core.routings.routing import GET, POST, Routing

from tests.core.samples import AC, AP, EH, FW, KS

FLOW = f"https://webhooks.twilio.com/v1/Accounts/{AC}/Flows/{FW}"
OTHERS_FLOW = FLOW.replace(AC, "AC" + "9" * 32)
FUNCTION = "https://orders-1234.twil.io/reply"
URL = "https://app.example.com/sms?k=v#rc=2"


@pytest.mark.parametrize(
    ("routing", "spelling", "python"),
    [
        (Routing(URL, POST), {"webhook": URL}, f"Handler.webhook({URL!r})"),
        (
            Routing(URL, GET, FLOW, GET),
            {"webhook": URL, "method": GET, "fallback": FLOW, "fallback_method": GET},
            f"Handler.webhook({URL!r}, method='GET', fallback={FLOW!r}, fallback_method='GET')",
        ),
        (Handler.twiml_bin(EH), {"twiml_bin": EH}, f"Handler.twiml_bin({EH!r})"),
        (Routing(FLOW), {"studio_flow": FW}, f"Handler.studio_flow({FW!r})"),
        (Routing(OTHERS_FLOW), {"webhook": OTHERS_FLOW}, f"Handler.webhook({OTHERS_FLOW!r})"),
        (Handler.proxy(KS, account_sid=AC), {"proxy": KS}, f"Handler.proxy({KS!r})"),
        (Routing(FUNCTION), {"function": FUNCTION}, f"Handler.function({FUNCTION!r})"),
        (Routing(application_sid=AP), {"twiml_app": AP}, f"Handler.twiml_app({AP!r})"),
        (Handler.demo(), "demo", "Handler.demo()"),
        (Routing(), "none", "Handler.none()"),
        (
            Routing(URL, POST, application_sid=AP),
            {"url": URL, "method": POST, "application_sid": AP},
            f"Routing(url={URL!r}, method='POST', application_sid={AP!r})",
        ),
    ],
)
def test_routing_is_spelled_as_a_person_would(
    routing: Routing, spelling: spelled.Spelling | str, python: str
) -> None:
    """The Console's word and its SID, with nothing that goes without saying; odd ones by their fields."""
    assert spelled.to_spelled(routing, AC) == spelling
    assert spelled.in_python(routing, AC) == python
    assert on_account(eval(python, {"Handler": Handler, "Routing": Routing}), AC).same_as(routing)  # noqa: S307 our own text


urls = st.sampled_from(["", URL, FLOW, OTHERS_FLOW, FUNCTION, Handler.twiml_bin(EH).url, Handler.demo().url])


@given(
    st.builds(
        Routing,
        urls | st.text(),
        st.sampled_from(["", GET, POST]),
        urls,
        st.sampled_from(["", GET, POST]),
        st.sampled_from(["", AP]),
    )
)
def test_every_routing_is_read_back_whole(routing: Routing) -> None:
    """Whatever Twilio holds, spelled and read back it is the same for every purpose."""
    again = spelled.from_spelled(spelled.to_spelled(routing, AC))

    assert on_account(again, AC).same_as(on_account(routing, AC))


@pytest.mark.parametrize(
    ("spelling", "told"),
    [
        ("studio", "is no handler: write demo, none, or a map such as {studio_flow: FW...}"),
        ({}, "must name exactly one handler of webhook, twiml_bin, studio_flow, function, proxy, twiml_app"),
        ({"webhook": URL, "proxy": KS}, "must name exactly one handler of"),
        (
            {"webhook": URL, "url": URL},
            "has 'url', and only method, fallback, fallback_method may stand beside",
        ),
        ({"twiml_app": AP, "method": GET}, "has 'method', and nothing may stand beside twiml_app"),
    ],
)
def test_what_is_no_handler_is_told_with_what_is(spelling: spelled.Spelling | str, told: str) -> None:
    """The mistake names what may be written, and shows no value."""
    with pytest.raises(ValueError, match=r"^(is|must|has) ") as mistake:
        spelled.from_spelled(spelling)

    assert told in str(mistake.value)
    assert URL not in str(mistake.value)
