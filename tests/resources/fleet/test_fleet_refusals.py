"""What a fleet refuses: all at once, each line naming its number, few lines for many."""

from __future__ import annotations

import pytest
from vapi_sms import Routing
from vapi_sms.resources.inputs.words import ENTRY_OPTIONS, UNRECORDED
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import asked, written
from tests.resources.fleet_stack import (
    CHANGED,
    SAME,
    THREE,
    Entries,
    FleetStack,
    answering,
    fleet_life,
    line_of,
    refusals,
)
from tests.resources.provider import UNKNOWN, Provider, ProviderError
from tests.resources.stack import Refused
from tests.sandbox.world import (
    BIN,
    BRITISH,
    FUNCTION,
    HIDDEN,
    ORG,
    ORG2_KEY,
    STUDIO,
    SUPPORT,
    VOICE_ONLY,
    WEBHOOK,
)


def test_all_refusals_come_at_once_each_naming_its_number(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """What `up` would refuse is refused at preview, per number; nothing is written."""
    unknown = "+14155559999"
    numbers: Entries = {
        **THREE,
        HIDDEN: {"assistant": "Support"},
        VOICE_ONLY: {"assistant": "Support"},
        unknown: {"assistant": "Support"},
        "+14155550999": {"assistant": "Nobody"},
    }
    numbers[STUDIO] = {"assistant": "Support", "squad": "Everybody"}
    numbers[BIN] = {"assistant": "Support", "smsEnabled": "yes", "colour": "red"}

    with pytest.raises(Refused) as caught:
        stack.preview(numbers=numbers)

    lines = refusals(caught)
    assert caught.value.kind == "number"
    refused = [STUDIO, BIN, HIDDEN, VOICE_ONLY, unknown, "+14155550999"]
    assert [
        line.startswith(key) or f" {key}" in line for key, line in zip(sorted(refused), lines, strict=True)
    ]
    told = dict(zip(sorted(refused), lines, strict=True))
    assert told[BIN] == (
        f"{BIN}: sms_enabled must be True or False; there is no option colour: there are "
        f"{', '.join(ENTRY_OPTIONS)}"
    )
    assert "exactly one: both were given" in told[STUDIO]
    assert "Messaging Service" in told[HIDDEN]
    assert "no SMS capability" in told[VOICE_ONLY]
    assert "is not a number of this Twilio account" in told[unknown]
    assert written(sandbox) == []


def test_a_thousand_refusals_are_few_lines(unwritten: Provider) -> None:
    """What is the same for many is told once with a count, and what differs still stands beside it."""
    missing = {f"+1415556{n:04}": {"assistant": "Support"} for n in range(1000)}

    with pytest.raises(Refused) as caught:
        FleetStack(unwritten).preview(numbers={**missing, WEBHOOK: {"assistant": "Nobody"}})

    first, second = refusals(caught)
    assert first.startswith(f"{WEBHOOK}: no assistant of this Vapi org is named 'Nobody'")
    assert second.startswith("+14155560000 is not a number of this Twilio account")
    assert second.endswith("(the same for +14155560001, +14155560002, +14155560003 and 996 others)")


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        ({BRITISH: {"assistant": "Support"}}, BRITISH),
        ({WEBHOOK: {"assistant": "Support", "on_remove": "drop"}}, "on_remove must be 'restore' or 'leave'"),
        ({WEBHOOK: {"assistant": "Support", "protect": "no"}}, "protect must be True or False"),
        ({WEBHOOK: {}}, "exactly one: neither was given"),
        (
            {WEBHOOK: {"assistant": "Support", "smsenabled": False}},
            "there is no option smsenabled: did you mean sms_enabled?",
        ),
        (
            {WEBHOOK: {"assistant": "Support", "number": BIN}},
            "there is no option number: an entry's key says which number it is about",
        ),
    ],
    ids=["British", "on_remove", "protect", "nobody answers", "a misspelled option", "a number in it"],
)
def test_a_mistake_in_an_entry_is_refused(unwritten: Provider, numbers: Entries, line: str) -> None:
    """Whichever of the two resources is told of it, the number is named with what is allowed."""
    with pytest.raises(Refused) as caught:
        FleetStack(unwritten).preview(numbers=numbers)

    (text,) = refusals(caught)
    assert line in text
    assert next(iter(numbers)) in text


def test_refusals_without_credentials_come_at_once_too(spawn: Spawn) -> None:
    """Without vendors what was written is parsed all the same."""
    blind = dict.fromkeys(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "VAPI_API_KEY"))
    stack = FleetStack(spawn(**blind))

    with pytest.raises(Refused) as caught:
        stack.preview(numbers={WEBHOOK: {}, BIN: {"assistant": "Support", "name": "n" * 41}})

    assert [line[:12] for line in refusals(caught)] == [WEBHOOK[:12], BIN[:12]]
    assert stack.preview(numbers=THREE) == {"originals": "create", "number": "create"}


def test_a_fleet_shows_inputs_only_without_credentials(stack: FleetStack, spawn: Spawn) -> None:
    """What only live readings tell is carried over, so that nothing seems to change."""
    stack.up(numbers=THREE)
    stack.provider = spawn(TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None, VAPI_API_KEY=None)

    assert stack.preview(numbers=THREE) == SAME
    assert stack.preview(numbers={**THREE, BIN: {"assistant": "Sales"}}) == CHANGED


def test_unknown_area_codes_are_one_warning_without_credentials(spawn: Spawn) -> None:
    """Whether such numbers exist only Twilio can tell: nobody is stopped by our table of them."""
    nobody = spawn(TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None, VAPI_API_KEY=None)

    FleetStack(nobody).preview(
        numbers={f"+155555501{n:02}": {"assistant": "Support"} for n in range(30)} | THREE
    )

    told = [line for line in nobody.stderr() if "area code" in line]
    assert len(told) == 1
    assert told[0].startswith("vapi-sms: +15555550100: area code 555 is not among those known here")
    assert told[0].endswith("(the same for +15555550101, +15555550102, +15555550103 and 26 others).")


def test_what_is_not_known_yet_is_no_error(stack: FleetStack) -> None:
    """An assistant that another resource makes leaves its entry open, and the others told."""
    numbers: Entries = {WEBHOOK: {"assistant": UNKNOWN}, BIN: {"assistant": "Support"}}

    originals = stack.checked("originals", stack.sibling_props(numbers=numbers))["originals"]
    checked = stack.checked("number", stack.number_props(originals, numbers=numbers))

    assert checked["numbers"][WEBHOOK] == {"assistant": UNKNOWN}
    assert checked["numbers"][BIN]["assistantId"] == SUPPORT
    assert checked["numbers"][BIN]["answeredBy"].startswith("Vapi assistant Support, instead of TwiML Bin")


def test_numbers_that_are_all_unknown_are_no_error(shared: Provider) -> None:
    """Where the whole map is an output, check leaves it open."""
    checked = fleet_life(shared).check({}, {"owner": "o/p/s/f", "numbers": UNKNOWN, "original": UNKNOWN})

    assert checked.failures == ()
    assert checked.inputs == {"owner": "o/p/s/f", "numbers": UNKNOWN, "original": UNKNOWN}


def test_another_org_is_refused(stack: FleetStack, spawn: Spawn) -> None:
    """Read and delete with another org's key do nothing and say so; so does check, number by number."""
    stack.up(numbers=THREE)
    stack.provider = spawn(VAPI_API_KEY=ORG2_KEY)

    with pytest.raises(Refused):
        stack.check(THREE)
    for act in (stack.refresh, stack.destroy):
        with pytest.raises(ProviderError) as caught:
            act()
        assert ORG in line_of(caught)


def test_a_number_by_its_sid_and_its_e164_form_is_refused(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """No program can tell that they are one; the provider does, at preview."""
    sid = sandbox.number(WEBHOOK)["sid"]

    with pytest.raises(Refused) as caught:
        stack.preview(numbers={sid: {"assistant": "Support"}, WEBHOOK: {"assistant": "Sales"}})

    assert refusals(caught) == [f"{sid} is declared twice, once as {WEBHOOK}: leave one of them out"]


def test_a_restore_to_that_cannot_be_put_back_is_refused_per_entry(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """A TwiML App that is not there is named with each number, new or recorded, beside all other refusals."""
    stack.up(numbers=THREE)
    sandbox.clear_journal()
    gone = {"assistant": "Support", "restore_to": Routing(application_sid="AP" + "f" * 32)}
    stack.provider = spawn()

    with pytest.raises(Refused) as caught:
        stack.preview(numbers={**THREE, WEBHOOK: gone, FUNCTION: gone, BIN: {"assistant": "Nobody"}})

    first, second, third = sorted(refusals(caught))
    assert first.startswith(f"{WEBHOOK}: restore_to names TwiML App APff")
    assert second.startswith(f"{BIN}: no assistant of this Vapi org is named 'Nobody'")
    assert third.startswith(f"{FUNCTION}: restore_to names TwiML App APff")
    assert written(sandbox) == []


def test_vendor_trouble_that_meets_all_numbers_is_told_once(
    sandbox: RunningSandbox, stack: FleetStack
) -> None:
    """Where the Messaging Services cannot be read, the fleet says so in one line, after one patience."""
    sandbox.fault(path="*/Services*", status=403, count=None)

    with pytest.raises(Refused) as caught:
        stack.preview(numbers=THREE)

    (text,) = refusals(caught)
    assert text.startswith("Listing the Messaging Services")
    assert len([line for line in asked(sandbox) if "/Services" in line]) == 1


def test_nothing_is_written_without_a_record(sandbox: RunningSandbox, stack: FleetStack) -> None:
    """Law 1, per number: one whose record is missing is refused, the others go on."""
    stack.up(numbers={BIN: THREE[BIN]})
    numbers: Entries = {BIN: {"assistant": "Support", "assistantId": SUPPORT}}
    numbers[WEBHOOK] = numbers[BIN]
    props = {"numbers": numbers, "original": stack.fleet["original"]}
    sandbox.clear_journal()

    with pytest.raises(ProviderError) as caught:
        fleet_life(stack.provider).create(props)
    with pytest.raises(ProviderError):
        fleet_life(stack.provider).create({**props, "original": UNRECORDED})

    assert line_of(caught) == (
        f"1 of 2 numbers failed (1 is as declared): the original routing of {WEBHOOK} is not recorded: run without "
        "--target, with credentials. The next `pulumi up` continues."
    )
    assert answering(sandbox) == {BIN}
    assert not [line for line in written(sandbox) if sandbox.number(WEBHOOK)["sid"] in line]
