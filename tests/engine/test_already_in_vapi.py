"""A number that is already in Vapi: every combination of what is there and what is declared, and its outcome."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from tests.engine.stack import errors
from tests.engine.world import AC, ORG, OTHER_ORG, SPARES, STUDIO_URL, TOKEN, TWIN, VAPI_SMS

if TYPE_CHECKING:
    from tests.engine.stack import Stack

AT_TWILIO = {"other": None, "Vapi": VAPI_SMS, "empty": ""}
IN_VAPI = {"none": None, "this org": ORG, "other org": OTHER_ORG}
DECLARED = {
    "nothing": "",
    "adopt": ", adopt=True",
    "restore_to": ", restore_to=FLOW",
    "leave": ", restore_to=LEAVE_AT_VAPI",
    "adopt, restore_to": ", adopt=True, restore_to=FLOW",
    "adopt, leave": ", adopt=True, restore_to=LEAVE_AT_VAPI",
}
CELLS = list(product(AT_TWILIO, IN_VAPI, DECLARED))
NUMBERS = dict(zip(CELLS, SPARES, strict=False))

Cell = tuple[str, str, str]


def outcome(cell: Cell) -> str:
    """Give what the docs' table says: accepted, refused by preview, or refused by Vapi at up."""
    twilio, vapi, declared = cell
    if twilio == "Vapi" and declared in ("nothing", "adopt"):
        return "refused: restore_to"
    if vapi == "this org" and "adopt" not in declared:
        return "refused: adopt"
    return "refused by Vapi" if vapi == "other org" else "accepted"


def arrange(stack: Stack, cells: list[Cell]) -> None:
    """Bring numbers into the state of their cells, and declare them."""
    for cell in cells:
        twilio, vapi, _ = cell
        number = NUMBERS[cell]
        url = AT_TWILIO[twilio]
        if url is not None:
            stack.sandbox.outside_number(number, sms_url=url)
        if IN_VAPI[vapi] is not None:
            given = {"number": number, "twilioAccountSid": AC, "twilioAuthToken": TOKEN, "name": "Before"}
            ours = {"assistantId": TWIN} if vapi == "this org" else {}
            stack.edit_vapi("create", org=IN_VAPI[vapi], set={**given, **ours})
    stack.before = stack.snapshot()
    stack.declare(*(declaration(cell) for cell in cells))


def declaration(cell: Cell) -> str:
    """Give the line of a program that declares a cell's number."""
    number = NUMBERS[cell]
    return f'VapiSmsNumber("n{number[1:]}", number="{number}", assistant="Support"{DECLARED[cell[2]]})'


def test_accepted_combinations_are_handed_over_and_given_back(stack: Stack) -> None:
    """What was found comes back, what was declared takes its place, and what shall stay at Vapi stays there."""
    cells = [cell for cell in CELLS if outcome(cell) == "accepted"]
    arrange(stack, cells)
    stack.preview()

    stack.up()

    assert {stack.answers(NUMBERS[cell]) for cell in cells} == {"Vapi assistant Support"}
    ids = {record["id"] for record in stack.before["vapi"].values()}
    assert ids <= {record["id"] for record in stack.sandbox.vapi_numbers()}
    stack.settled()
    stack.writes()

    stack.destroy()

    assert ids <= {record["id"] for record in stack.sandbox.vapi_numbers()}, "an adopted record was deleted"
    after = stack.snapshot()
    wrong = {cell: after["numbers"][NUMBERS[cell]] for cell in cells if not given_back(stack, cell, after)}
    assert wrong == {}


def given_back(stack: Stack, cell: Cell, after: dict[str, dict[str, dict[str, object]]]) -> bool:
    """Tell whether both sides hold of a cell's number what they should after destroy."""
    _, vapi, declared = cell
    number = NUMBERS[cell]
    expected = dict(stack.before["numbers"][number])
    if "restore_to" in declared:
        expected["sms_url"] = STUDIO_URL
    if "leave" in declared:
        expected["sms_url"] = VAPI_SMS
    records = [record for record in after["vapi"].values() if record["number"] == number]
    before = [record for record in stack.before["vapi"].values() if record["number"] == number]
    stays = vapi == "none" and "leave" in declared
    return after["numbers"][number] == expected and (len(records) == 1 if stays else records == before)


def test_refused_combinations_are_refused_with_their_way_out(stack: Stack) -> None:
    """Each refusal names what to write: adopt where somebody imported it, restore_to where Vapi answers."""
    cells = [cell for cell in CELLS if outcome(cell).startswith("refused: ")]
    arrange(stack, cells)
    stack.writes()

    told = errors(stack.fail("up", "--yes", "--skip-preview", "--continue-on-error"))

    for cell in cells:
        assert NUMBERS[cell] in told, (cell, told)
        line = next(line for line in told.splitlines() if NUMBERS[cell] in line)
        if outcome(cell) == "refused: adopt":
            assert "is already in this Vapi org as " in line, cell
            assert "write adopt=True to take it over" in line, cell
        else:
            assert "already go to Vapi and no original routing is recorded" in line, cell
            assert "write restore_to= with the routing to put back, or restore_to=LEAVE_AT_VAPI" in line, cell
            assert ("an alias" in line) == (cell[1:] != ("this org", "adopt")), cell
            assert ("adopt=True" in line) == (cell[1] == "this org"), cell
    assert stack.writes() == []
    assert stack.snapshot() == stack.before


def test_numbers_of_another_org_are_refused_by_vapi_and_left_as_they_were(stack: Stack) -> None:
    """Only Vapi knows that another org holds a number: up fails in one line, and nothing is changed."""
    cells = [cell for cell in CELLS if outcome(cell) == "refused by Vapi"]
    arrange(stack, cells)
    old = {cell: stack.answers(NUMBERS[cell]) for cell in cells}

    told = errors(stack.fail("up", "--yes", "--skip-preview", "--continue-on-error"))

    for cell in cells:
        (line,) = [line for line in told.splitlines() if NUMBERS[cell] in line]
        assert "org" in line, line
    assert stack.snapshot() == stack.before
    assert {cell: stack.answers(NUMBERS[cell]) for cell in cells} == old

    stack.destroy()

    found = [cell for cell in cells if "restore_to" not in cell[2]]
    assert {cell: stack.answers(NUMBERS[cell]) for cell in found} == {cell: old[cell] for cell in found}
    assert stack.snapshot()["vapi"] == stack.before["vapi"]
