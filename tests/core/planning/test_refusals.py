"""Refusals of the switch: each says what would go wrong, and what to write to go on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.errors import NotFit, Refusal
from vapi_sms.core.planning.capture import not_on_account
from vapi_sms.core.planning.refusals import (
    refuse_nowhere,
    refuse_overtaken,
    refuse_stale,
    refuse_strangers,
    refuse_unfit,
    unrecorded,
)
from vapi_sms.core.routings.describe import who_answers_at_twilio
from vapi_sms.core.routings.routing import GET, Routing, VoiceRouting
from vapi_sms.core.values import Desired, Observed, Original, Source, VapiRecord

from tests.core.samples import (
    AC,
    AT_VAPI,
    CALLS_AT_VAPI,
    DEMO,
    FW,
    NOTHING,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    OTHER_CALLS,
    SERVICE,
    STUDIO,
    desired,
    found,
    original,
    switched,
    twilio,
    vapi,
)

NO_SMS = "cannot receive texts (Twilio shows no SMS capability)"
CANNOT = f"{NUMBER} {NO_SMS}: declare a number that can, or sms_enabled=False"
HIDDEN = (
    f"{NUMBER} is in Messaging Service Campaigns ({SERVICE.sid}), which handles texts itself and hides the number's "
    "own webhook: Vapi would never see a text. Declare a MessagingServiceInbound for it and write "
    "messaging_service= here; or in Twilio's Console set the service's Integration to 'Defer to "
    "sender's webhook', or take the number out of it"
)
STALE = (
    f"texts to {NUMBER} are answered by Webhook https://other.example.com/?k=***, but the recorded original is Studio "
    f"Flow {FW}: somebody changed it since. Write restore_to= with the routing to put back later, or put the recorded "
    "one back first"
)
ON, OFF = desired(), desired(sms_enabled=False)
ELSEWHERE = Routing("https://other.example.com/?k=canary")


@pytest.mark.parametrize(
    ("observed", "wanted", "told"),
    [
        (Observed(None), ON, not_on_account(NUMBER)),
        (Observed(None), OFF, not_on_account(NUMBER)),
        (Observed(twilio(can_sms=False)), ON, CANNOT),
        (Observed(twilio(), None, SERVICE), ON, HIDDEN),
    ],
)
def test_number_that_vapi_could_not_answer_is_refused(observed: Observed, wanted: Desired, told: str) -> None:
    """Whatever we wrote, no text would reach Vapi."""
    with pytest.raises(Refusal) as refused:
        refuse_unfit(NUMBER, wanted, observed)

    assert (refused.value.subject, str(refused.value)) == (NUMBER, told)


@pytest.mark.parametrize(
    ("observed", "wanted"),
    [
        (found(), ON),
        (switched(), ON),
        (Observed(twilio(can_sms=False)), OFF),
        (Observed(twilio(), None, SERVICE), OFF),
    ],
)
def test_number_that_is_fit_passes(observed: Observed, wanted: Desired) -> None:
    """With texts off, neither the capability nor a service matters."""
    refuse_unfit(NUMBER, wanted, observed)


def test_record_that_grew_stale_is_refused() -> None:
    """A handler that somebody set since the capture would be lost: both are named, and what to write."""
    with pytest.raises(Refusal) as refused:
        refuse_stale(NUMBER, found(ELSEWHERE), original(STUDIO))

    assert (refused.value.subject, str(refused.value)) == (NUMBER, STALE)


@pytest.mark.parametrize(
    "live", [replace(OLD_APP, method=GET), replace(OLD_APP, fallback_url="https://f.example.com")]
)
def test_every_field_of_a_record_can_grow_stale(live: Routing) -> None:
    """The same handler with another method or fallback is not what was recorded."""
    with pytest.raises(Refusal, match="somebody changed it since"):
        refuse_stale(NUMBER, found(live), original(OLD_APP))


@pytest.mark.parametrize(
    ("observed", "record"),
    [
        (found(STUDIO), original(STUDIO)),
        (found(replace(STUDIO, method="", fallback_method="POST")), original(STUDIO)),
        (found(NOTHING), original(STUDIO)),
        (found(DEMO), original(STUDIO)),
        (found(AT_VAPI), original(STUDIO)),
        (found(ELSEWHERE), original(STUDIO, source=Source.DECLARED)),
        (found(ELSEWHERE), original(STUDIO, source=Source.LEAVE)),
        (Observed(None), original(STUDIO)),
    ],
)
def test_record_that_is_not_stale_passes(observed: Observed, record: Original) -> None:
    """Equal, empty, the demo and Vapi's go on; so does what restore_to declared."""
    refuse_stale(NUMBER, observed, record)


UNDER_AN_APP = Routing("https://asleep.example.com", GET, "https://f.example.com", GET, "AP" + "a" * 32)


@pytest.mark.parametrize("app", [UNDER_AN_APP.application_sid, ""])
@pytest.mark.parametrize("fallback", ["", "https://f.example.com"])
@pytest.mark.parametrize("url", ["https://api.vapi.ai/twilio/sms", DEMO.url, ""])
def test_what_vapi_writes_beneath_a_twiml_app_or_beside_a_fallback_passes(
    url: str, fallback: str, app: str
) -> None:
    """An import writes Vapi's URL, a DELETE the demo or none: app or fallback answer on, and nobody but us did that."""
    record = replace(UNDER_AN_APP, application_sid=app)
    live = replace(record, url=url, method="POST", fallback_url=fallback)

    refuse_stale(NUMBER, found(live), original(record))


@pytest.mark.parametrize(
    "live",
    [
        replace(UNDER_AN_APP, url="https://api.vapi.ai/twilio/sms", application_sid="AP" + "b" * 32),
        replace(UNDER_AN_APP, url="https://api.vapi.ai/twilio/sms", fallback_url="https://g.example.com"),
        replace(UNDER_AN_APP, url="", fallback_url="https://g.example.com"),
        replace(UNDER_AN_APP, url="", application_sid="", fallback_url="https://g.example.com"),
        replace(UNDER_AN_APP, url="https://other.example.com"),
    ],
)
def test_change_by_somebody_beneath_a_twiml_app_is_refused(live: Routing) -> None:
    """Another app, another fallback, another URL: no import does that."""
    with pytest.raises(Refusal, match="somebody changed it since"):
        refuse_stale(NUMBER, found(live), original(UNDER_AN_APP))


def test_number_without_a_record_is_refused() -> None:
    """Law 1 in one line."""
    refusal = unrecorded(NUMBER)

    assert (refusal.subject, str(refusal)) == (
        NUMBER,
        f"the original routing of {NUMBER} is not recorded: run without --target, with credentials",
    )


def test_texts_are_not_switched_off_to_nobody() -> None:
    """A number that was at Vapi when it was declared has no other routing that could answer."""
    off = replace(desired(), settings=replace(desired().settings, sms_enabled=False))

    with pytest.raises(Refusal) as caught:
        refuse_nowhere(NUMBER, off, replace(original(), messaging=AT_VAPI))

    assert str(caught.value) == (
        f"sms_enabled=False would leave texts to {NUMBER} to nobody: they went to Vapi when the number was first "
        "declared, so no other routing is known. Write restore_to= with the routing that answers them"
    )
    refuse_nowhere(NUMBER, off, original())
    refuse_nowhere(NUMBER, desired(), replace(original(), messaging=AT_VAPI))


def test_what_we_applied_ourselves_is_not_stale() -> None:
    """An earlier restore_to put it there, so handing over loses nothing."""
    declared = replace(OLD_APP, url="https://declared.example.com/sms")

    refuse_stale(NUMBER, Observed(twilio(declared)), original(), ours=(declared,))


@pytest.mark.parametrize(
    ("texts", "calls", "told"),
    [
        (
            ELSEWHERE,
            OLD_CALLS,
            f"texts to {NUMBER} to Webhook https://other.example.com/?k=*** while",
        ),
        (
            AT_VAPI,
            OTHER_CALLS,
            f"calls to {NUMBER} to Webhook https://calls.example.com/answer while",
        ),
    ],
)
def test_who_routes_a_number_elsewhere_meanwhile_is_left_alone(
    texts: Routing, calls: VoiceRouting, told: str
) -> None:
    """A run overwrites what it was shown, and nothing that came after."""
    with pytest.raises(Refusal) as refused:
        refuse_overtaken(switched(), found(texts, calls), original())

    assert str(refused.value).startswith(f"somebody routed {told}")


@pytest.mark.parametrize(
    ("before", "now", "record"),
    [
        (switched(), switched(), original()),
        (found(ELSEWHERE), found(ELSEWHERE), original()),
        (found(), found(AT_VAPI, CALLS_AT_VAPI), original()),
        (switched(), found(OLD_APP), original()),
        (switched(), found(AT_VAPI, OTHER_CALLS), replace(original(), found_voice=OTHER_CALLS)),
        (switched(), Observed(None), original()),
        (Observed(None), switched(), original()),
    ],
    ids=["same", "drift", "at Vapi", "as recorded", "found calls", "gone", "was gone"],
)
def test_what_nobody_loses_may_be_overwritten(before: Observed, now: Observed, record: Original) -> None:
    """The original, what we wrote, Vapi's, and what was there when the run began."""
    refuse_overtaken(before, now, record)


BYO = replace(vapi(), provider="byo-phone-number", account_sid="")
OTHERS = replace(vapi(), account_sid="AC" + "9" * 32)


@pytest.mark.parametrize(
    ("stranger", "record", "told"),
    [
        (
            BYO,
            None,
            "is already in this Vapi org as {id}, of provider byo-phone-number, and not of Twilio account",
        ),
        (
            OTHERS,
            original(),
            f"is already in this Vapi org as {{id}}, of Twilio account {OTHERS.account_sid}, and not",
        ),
        (
            replace(vapi(), account_sid=""),
            None,
            "as {id}, bought at Vapi, of no Twilio account, and not of Twilio",
        ),
        (
            replace(vapi(), provider=""),
            None,
            "as {id}, an old import that names no provider, and not of Twilio",
        ),
        (
            vapi(),
            None,
            "as {id}, imported by somebody else since it was recorded: delete that one in Vapi first",
        ),
        (
            vapi(),
            replace(original(), import_id="x"),
            "since it was recorded (ours was x): delete that one in Vapi",
        ),
    ],
)
def test_a_record_of_somebody_elses_is_refused(
    stranger: VapiRecord, record: Original | None, told: str
) -> None:
    """Vapi takes no second one, and this one is not ours to change."""
    with pytest.raises(Refusal) as refused:
        refuse_strangers(NUMBER, Observed(twilio(), strangers=(stranger,)), record)

    assert told.format(id=stranger.id) in str(refused.value)
    assert AC in str(refused.value) or record is not None or stranger == vapi()


def test_strangers_beside_ours_do_not_matter() -> None:
    """What is ours is there: nothing has to be imported."""
    refuse_strangers(NUMBER, Observed(twilio(), vapi(), strangers=(BYO,)))
    refuse_strangers(NUMBER, Observed(twilio()))
    refuse_strangers(NUMBER, Observed(None, strangers=(BYO,)))


def test_a_number_that_may_be_hidden_is_refused_as_not_known() -> None:
    """Whether its service defers cannot be read: that is not taken for a yes, nor for a no."""
    unread = replace(SERVICE, unread=f"Twilio's answer cannot be read of Messaging Service {SERVICE.sid}")

    with pytest.raises(NotFit) as caught:
        refuse_unfit(NUMBER, desired(), replace(found(STUDIO), hidden_by=unread))

    assert str(caught.value) == (
        f"whether Vapi would see a text to {NUMBER} is not known: {unread.unread}. See the service in Twilio's "
        "Console, and take the number out of it, or sms_enabled=False; or run the same command again"
    )
    refuse_unfit(NUMBER, desired(sms_enabled=False), replace(found(STUDIO), hidden_by=unread))
    assert who_answers_at_twilio(replace(found(STUDIO), hidden_by=unread)) == f"unknown: {unread.unread}"
