"""A fleet's number that is ours already and is refused now: it is told, stays as it is, and the others go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.resources.conftest import Spawn
from tests.resources.evidence import standing, written
from tests.resources.fleet_stack import CHANGED, SAME, THREE, Entries, FleetStack, line_of, refusals
from tests.resources.provider import ProviderError
from tests.resources.stack import Refused
from tests.sandbox.world import AC, BIN, MG, ORG, ORG2_KEY, SALES, STUDIO, SUB, WEBHOOK

NEXT: Entries = {
    **THREE,
    STUDIO: {"assistant": "Sales", "name": "Front desk"},
    BIN: {"assistant": "Support"},
}
"""What is declared next: STUDIO, which is in trouble, and BIN change."""
TOLD = "vapi-sms: refused, while the others go on: "


def last(sandbox: RunningSandbox) -> int:
    """Give the number of the last request so far."""
    return max(int(entry["n"]) for entry in sandbox.journal())


def hide(sandbox: RunningSandbox) -> None:
    """Put STUDIO into a service that answers texts itself."""
    sandbox.outside("number", number=STUDIO, messaging_service=MG)


def take_sms(sandbox: RunningSandbox) -> None:
    """Let STUDIO receive no texts any more."""
    sandbox.outside_number(STUDIO, capabilities={"sms": False, "mms": False, "voice": True, "fax": False})


def move(sandbox: RunningSandbox) -> None:
    """Move STUDIO to an account whose numbers these credentials do not list."""
    sandbox.outside_move(STUDIO, SUB)


def import_instead(sandbox: RunningSandbox) -> None:
    """Delete our record of STUDIO at Vapi, and import the number as somebody else."""
    (record,) = [each for each in sandbox.vapi_numbers() if each["number"] == STUDIO]
    sandbox.outside_vapi("delete", org=ORG, id=record["id"])
    sandbox.outside_vapi("create", org=ORG, set={"number": STUDIO, "twilioAccountSid": AC})


TROUBLES: list[tuple[Callable[[RunningSandbox], None], str]] = [
    (hide, f"{STUDIO} is in Messaging Service "),
    (take_sms, f"{STUDIO} cannot receive texts "),
    (move, f"{STUDIO} is not a number of this Twilio account"),
    (import_instead, f"{STUDIO} is in this Vapi org as "),
]


@pytest.mark.parametrize(("trouble", "line"), TROUBLES, ids=[each[0].__name__ for each in TROUBLES])
def test_a_number_of_ours_that_is_refused_now_is_told_and_the_others_change(
    sandbox: RunningSandbox,
    stack: FleetStack,
    spawn: Spawn,
    trouble: Callable[[RunningSandbox], None],
    line: str,
) -> None:
    """Nothing of it is written, its record stands, and `up` ends with an error that names it."""
    stack.up(numbers=THREE)
    trouble(sandbox)
    before = standing(sandbox)
    record = stack.state["originals"].outs
    stack.provider = spawn()

    assert stack.preview(numbers=NEXT) == CHANGED
    (told,) = [text for text in stack.provider.stderr() if text.startswith(TOLD)]
    assert told.removeprefix(TOLD).startswith(line)
    since = last(sandbox)
    with pytest.raises(ProviderError) as caught:
        stack.up(numbers=NEXT)

    text = line_of(caught)
    assert text.startswith(f"1 of 3 numbers failed (2 are as declared): {line}")
    assert text.endswith(" The next `pulumi up` continues.")
    assert {entry for entry in written(sandbox, since) if "vapi" in entry} == {
        f"PATCH vapi /phone-number/{each['id']}" for each in sandbox.vapi_numbers() if each["number"] == BIN
    }
    after = standing(sandbox)
    assert after["numbers"][STUDIO] == before["numbers"][STUDIO]
    assert stack.state["originals"].outs["originals"] == record["originals"]


def test_it_is_told_at_every_run_until_it_is_well_again_and_then_it_changes(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """An `up` with nothing else to do is no success either; the one after the cure is, and nothing is lost."""
    found = standing(sandbox)
    stack.up(numbers=THREE)
    hide(sandbox)

    for _ in range(2):
        stack.provider = spawn()
        with pytest.raises(ProviderError, match="1 of 3 numbers failed"):
            stack.up(numbers=THREE)
    sandbox.outside("number", number=STUDIO, messaging_service=None)
    stack.provider = spawn()
    assert stack.up(numbers=THREE) == SAME
    assert stack.up(numbers=NEXT) == CHANGED

    (record,) = [each for each in sandbox.vapi_numbers() if each["number"] == STUDIO]
    assert record["assistantId"] == SALES
    assert not any("refused" in held.outs or "refused" in held.inputs for held in stack.state.values())
    stack.destroy()
    assert standing(sandbox) == found


def test_numbers_whose_assistant_is_gone_are_told_while_another_joins(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """As it is written an earlier `up` took it: what became wrong since is the numbers' trouble, not the file's."""
    stack.up(numbers={WEBHOOK: {"assistant": "Support"}, STUDIO: {"assistant": "Sales"}})
    sandbox.outside_vapi("delete", kind="assistant", org=ORG, id=SALES)
    stack.provider = spawn()

    with pytest.raises(ProviderError) as caught:
        stack.up(
            numbers={
                WEBHOOK: {"assistant": "Support"},
                STUDIO: {"assistant": "Sales"},
                BIN: {"assistant": "Support"},
            }
        )

    assert (
        f"1 of 3 numbers failed (2 are as declared): {STUDIO}: no assistant of this Vapi org is named"
        in str(caught.value)
    )
    assert BIN in {each["number"] for each in sandbox.vapi_numbers()}


def test_what_is_wrong_in_the_file_stays_refused_as_a_whole(
    sandbox: RunningSandbox, stack: FleetStack, spawn: Spawn
) -> None:
    """A misspelled assistant, a number that is new and unfit, another org's key: nobody can say what was meant."""
    stack.up(numbers=THREE)
    hide(sandbox)
    stack.provider = spawn()
    since = last(sandbox)

    with pytest.raises(Refused) as misspelled:
        stack.preview(numbers={**THREE, BIN: {"assistant": "Suport"}})
    with pytest.raises(Refused) as unfit:
        stack.preview(numbers={**THREE, "+14155559999": {"assistant": "Support"}})
    stack.provider = spawn(VAPI_API_KEY=ORG2_KEY)
    with pytest.raises(Refused) as foreign:
        stack.preview(numbers=THREE)

    assert [line.partition(" is named")[0] for line in refusals(misspelled)] == [
        f"{BIN}: no assistant of this Vapi org"
    ]
    assert [line.partition(":")[0] for line in refusals(unfit)] == [
        "+14155559999 is not a number of this Twilio account"
    ]
    assert all("was set up in Vapi org" in line for line in refusals(foreign))
    assert written(sandbox, since) == []
