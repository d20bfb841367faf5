"""Capturing: the whole table of what is recorded, and what is refused with which way out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.errors import NothingToPutBack, Refusal
from vapi_sms.core.planning.capture import AtVapi, LeaveAtVapi, Wish, capture, not_on_account
from vapi_sms.core.planning.goals import kept_voice, restored_goal
from vapi_sms.core.routings.describe import original_line
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import Observed, Original, Source, VapiSettings

from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    CALLS_AT_VAPI,
    DEMO,
    NOTHING,
    NUMBER,
    OLD_APP,
    OLD_CALLS,
    ORG,
    PN,
    STUDIO,
    VAPI_ID,
    found,
    original,
)

OTHER_PN = "PN" + "9" * 32
LOST = "if the state that knew it was lost, `vapi-sms restore` puts the number back from a backup"
SOMEBODYS = (
    f"{NUMBER} is already in this Vapi org as {VAPI_ID}, imported by somebody else: write adopt=True to take it over "
    f"(its Vapi settings are put back on destroy), or delete it in Vapi first; {LOST}"
)
UNKNOWN = (
    f"texts to {NUMBER} already go to Vapi and no original routing is recorded, so nothing could be put back"
)
WAYS = "write restore_to= with the routing to put back, or restore_to=LEAVE_AT_VAPI"
ALIAS = (
    "if this resource was renamed, give it an alias, opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='its old "
    "name')])"
)
RENAMED = f"{ALIAS}; if another stack or resource owns the number, change it there; {LOST}; else"
AT_ORG = AtVapi(ORG)
IN_ORG = f"and adopt=True, since this Vapi org knows the number as {VAPI_ID}"


def declared(beside: Routing | None, settings: VapiSettings | None = None) -> Original:
    """Return a record that restore_to=STUDIO made, with what was found beside it."""
    return replace(original(STUDIO, settings=settings, source=Source.DECLARED), found=beside)


def left(messaging: Routing, beside: Routing | None) -> Original:
    """Return a record that LEAVE_AT_VAPI made, with what was found beside it."""
    return replace(original(messaging, source=Source.LEAVE), found=beside)


OTHER, AT, EMPTY = found(OLD_APP), found(AT_VAPI), found(NOTHING)
OTHER_IN, AT_IN, EMPTY_IN = (
    found(messaging, settings=ANSWERED_BY_SUPPORT) for messaging in (OLD_APP, AT_VAPI, NOTHING)
)
BARE, ADOPT = Wish(), Wish(adopt=True)
RESTORE, BOTH = Wish(restore_to=STUDIO), Wish(adopt=True, restore_to=STUDIO)
LEAVE, ADOPT_LEAVE = Wish(restore_to=LeaveAtVapi()), Wish(adopt=True, restore_to=LeaveAtVapi())


FOREIGN = Routing("https://other.example.com/sms")


@pytest.mark.parametrize(
    ("observed", "wish", "expected"),
    [
        (OTHER, BARE, original(OLD_APP)),
        (OTHER, ADOPT, original(OLD_APP)),
        (OTHER, RESTORE, declared(OLD_APP)),
        (OTHER, LEAVE, left(OLD_APP, OLD_APP)),
        (EMPTY, BARE, original(NOTHING)),
        (EMPTY, ADOPT, original(NOTHING)),
        (EMPTY, RESTORE, declared(NOTHING)),
        (EMPTY, LEAVE, left(NOTHING, NOTHING)),
        # Texts are at Vapi, and this org does not know the number: another org has it, or nobody.
        (AT, RESTORE, declared(AT_VAPI)),
        (AT, BOTH, declared(AT_VAPI)),
        (AT, LEAVE, left(AT_VAPI, AT_VAPI)),
        # This org knows the number.
        (OTHER_IN, ADOPT, original(OLD_APP, settings=ANSWERED_BY_SUPPORT)),
        (OTHER_IN, BOTH, declared(OLD_APP, ANSWERED_BY_SUPPORT)),
        (EMPTY_IN, ADOPT, original(NOTHING, settings=ANSWERED_BY_SUPPORT)),
        (AT_IN, BOTH, declared(AT_VAPI, ANSWERED_BY_SUPPORT)),
        (
            AT_IN,
            ADOPT_LEAVE,
            replace(left(AT_VAPI, AT_VAPI), vapi_id=VAPI_ID, vapi=ANSWERED_BY_SUPPORT),
        ),
    ],
)
def test_number_is_captured(observed: Observed, wish: Wish, expected: Original) -> None:
    """What is found on both sides is recorded, with what the program declares instead."""
    assert capture(NUMBER, observed, wish, None, AT_ORG) == expected


@pytest.mark.parametrize(
    ("observed", "wish", "told"),
    [
        (AT, BARE, f"{UNKNOWN}: {RENAMED} {WAYS}"),
        (AT, ADOPT, f"{UNKNOWN}: {RENAMED} {WAYS}"),
        (AT_IN, BARE, f"{UNKNOWN}: {RENAMED} {WAYS}, {IN_ORG}"),
        (AT_IN, ADOPT, f"{UNKNOWN} (adopt=True alone does not say what): {LOST}; else {WAYS}"),
        (OTHER_IN, BARE, SOMEBODYS),
        (EMPTY_IN, BARE, SOMEBODYS),
        (OTHER_IN, RESTORE, SOMEBODYS),
        (AT_IN, RESTORE, SOMEBODYS),
        (AT_IN, LEAVE, SOMEBODYS),
    ],
)
def test_what_could_not_be_put_back_is_refused(observed: Observed, wish: Wish, told: str) -> None:
    """Vapi's URL is never recorded by itself, and another's import never taken; the ways out are named in order."""
    with pytest.raises(NothingToPutBack) as refused:
        capture(NUMBER, observed, wish, None, AT_ORG)

    assert (refused.value.subject, str(refused.value)) == (NUMBER, told)


def test_number_that_is_not_there_is_refused() -> None:
    """There is nothing to record of a number that Twilio does not show."""
    with pytest.raises(Refusal) as refused:
        capture(NUMBER, Observed(None), BARE, None, AT_ORG)

    assert str(refused.value) == not_on_account(NUMBER)
    assert str(refused.value) == (
        f"{NUMBER} is not a number of this Twilio account: check the number, and that the credentials are those of "
        "the account (or subaccount) that owns it"
    )


@pytest.mark.parametrize("observed", [AT, AT_IN, OTHER, OTHER_IN, Observed(None)])
@pytest.mark.parametrize("wish", [BARE, ADOPT])
def test_record_stays_whatever_is_found_later(observed: Observed, wish: Wish) -> None:
    """A recorded original is never captured again: what is there now may be ours."""
    record = original(STUDIO)

    assert capture(NUMBER, observed, wish, record, AT_ORG) == record


@pytest.mark.parametrize(
    ("record", "wish", "expected"),
    [
        (original(), RESTORE, declared(OLD_APP)),
        (original(), LEAVE, left(OLD_APP, OLD_APP)),
        (original(NOTHING), Wish(restore_to=Routing()), replace(declared(NOTHING), messaging=NOTHING)),
        (declared(OLD_APP), RESTORE, declared(OLD_APP)),
        (
            declared(OLD_APP),
            Wish(restore_to=DEMO),
            replace(declared(OLD_APP), messaging=DEMO, applied=(STUDIO,)),
        ),
        (declared(OLD_APP), LEAVE, left(STUDIO, OLD_APP)),
        (declared(None), LEAVE, left(STUDIO, None)),
        (declared(AT_VAPI), LEAVE, left(STUDIO, AT_VAPI)),
        (left(OLD_APP, OLD_APP), RESTORE, declared(OLD_APP)),
        (left(AT_VAPI, None), RESTORE, declared(None)),
        (left(AT_VAPI, AT_VAPI), RESTORE, declared(AT_VAPI)),
        (left(OLD_APP, OLD_APP), LEAVE, left(OLD_APP, OLD_APP)),
    ],
)
def test_record_changes_by_restore_to(record: Original, wish: Wish, expected: Original) -> None:
    """What is declared replaces what comes back, and what was found stays beside it."""
    assert capture(NUMBER, AT_IN, wish, record, AT_ORG) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (declared(OLD_APP), replace(original(), applied=(STUDIO,))),
        (declared(NOTHING), replace(original(NOTHING), applied=(STUDIO,))),
        (declared(None), declared(None)),
        (declared(AT_VAPI), declared(AT_VAPI)),
        (left(OLD_APP, OLD_APP), original()),
        (left(STUDIO, OLD_APP), original()),
        (left(STUDIO, None), declared(None)),
        (left(STUDIO, AT_VAPI), declared(AT_VAPI)),
        (left(AT_VAPI, None), left(AT_VAPI, None)),
        (left(AT_VAPI, AT_VAPI), left(AT_VAPI, AT_VAPI)),
    ],
)
def test_taking_restore_to_back_loses_nothing(record: Original, expected: Original) -> None:
    """What was found comes back, but for Vapi's URL; where only a declaration is known, it stays."""
    assert capture(NUMBER, AT_IN, BARE, record, AT_ORG) == expected


@pytest.mark.parametrize("url", ["https://api.vapi.ai/twilio/incoming-sms", CALLS_AT_VAPI.url])
def test_an_address_at_vapi_that_answers_nobody_is_no_original_either(url: str) -> None:
    """Putting it back would leave texts to nobody: what it is is told, and restore_to says what answers later."""
    at = found(replace(AT_VAPI, url=url))

    with pytest.raises(NothingToPutBack) as caught:
        capture(NUMBER, at, Wish(), None, AT_ORG)

    assert str(caught.value).startswith(
        f"texts to {NUMBER} already go to an address at Vapi that is not known to answer texts ({url}) and no original"
    )
    declared_once = capture(NUMBER, at, RESTORE, None, AT_ORG)
    assert capture(NUMBER, at, Wish(), declared_once, AT_ORG).messaging == declared_once.messaging


def test_what_restore_to_declared_before_is_ours() -> None:
    """A resource whose `up` failed halfway still puts that back; the record that comes after it goes on from there."""
    record = capture(NUMBER, AT_IN, RESTORE, original(), AT_ORG)
    changed = capture(NUMBER, AT_IN, Wish(restore_to=FOREIGN), record, AT_ORG)
    taken_back = capture(NUMBER, AT_IN, BARE, changed, AT_ORG)

    assert taken_back.applied == (FOREIGN, STUDIO)
    assert restored_goal(taken_back, found(STUDIO)).messaging == OLD_APP
    assert restored_goal(taken_back, found(FOREIGN)).messaging == OLD_APP


def test_number_moves_here_with_its_original() -> None:
    """Another resource's record of the same number is taken as it is, whatever is found."""
    moved = original(STUDIO, settings=ANSWERED_BY_SUPPORT, source=Source.DECLARED)

    assert capture(NUMBER, AT_IN, Wish(restore_to=moved), None, AT_ORG) == moved
    assert capture(NUMBER, Observed(None), Wish(restore_to=moved), original(), AT_ORG) == moved


def test_moved_declaration_is_what_the_new_owner_keeps() -> None:
    """Once the number has moved and restore_to is taken out again, the old owner's declaration still comes back."""
    moved = capture(NUMBER, AT_IN, Wish(restore_to=declared(OLD_APP)), None, AT_ORG)

    assert moved == declared(None)
    assert capture(NUMBER, AT_IN, BARE, moved, AT_ORG) == moved


def test_record_of_another_number_is_refused() -> None:
    """A record that was passed to the wrong resource would put one number's routing on another."""
    moved = replace(original(), sid=OTHER_PN, number="+14155550199")

    with pytest.raises(Refusal) as refused:
        capture(NUMBER, AT_IN, Wish(restore_to=moved), None, AT_ORG)

    assert str(refused.value) == (
        f"restore_to holds the original of +14155550199 ({OTHER_PN}), not of {NUMBER}: pass the `original` output of "
        "the resource that owned this number"
    )
    assert PN not in str(refused.value)


def test_who_is_to_answer_calls_can_be_declared_and_taken_back() -> None:
    """What was found stays known beside it, with whom Twilio tells of a call's end."""
    wish = Wish(restore_calls_to=Routing("https://calls.example.com/", "GET"))

    record = capture(NUMBER, OTHER, wish, None, AT_ORG)

    assert record.voice == VoiceRouting(
        "https://calls.example.com/", "GET", "", "", "", OLD_CALLS.status_callback, "POST"
    )
    assert record.found_voice == OLD_CALLS
    assert "calls: Webhook https://calls.example.com/ (declared by restore_calls_to);" in original_line(
        record
    )
    assert kept_voice(OLD_CALLS, record) == record.voice, "it takes the place of what was found at once"
    assert restored_goal(record, OTHER).voice == record.voice
    assert capture(NUMBER, AT_IN, wish, record, AT_ORG) == record
    assert capture(NUMBER, AT_IN, BARE, record, AT_ORG) == capture(NUMBER, OTHER, BARE, None, AT_ORG)
