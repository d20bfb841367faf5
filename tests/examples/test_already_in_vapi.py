"""The docs' table "Already in Vapi", each cell on the real engine and the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.examples import readme
from tests.examples.playing import ACCOUNT, ORG, Play, succeeded

pytestmark = pytest.mark.engine

OWN, VAPI = "https://old.example.com/sms", "https://api.vapi.ai/twilio/sms"
AT_TWILIO = {"own": OWN, "Vapi": VAPI, "empty": ""}
OPTIONS = ("", "adopt=True", "restore_to=BACK", "adopt=True, restore_to=BACK")
HEADER = """\
from vapi_sms import Handler, VapiSmsNumber
BACK = Handler.webhook("https://back.example.com/sms")
"""


Cell = tuple[str, str, str, str, str]  # the number, texts at Twilio, in Vapi, what is said, outcome


def cells() -> list[Cell]:
    """Give each cell of the table a number of its own."""
    found: list[Cell] = []
    for at_twilio, in_vapi, *outcomes in readme.table("Already in Vapi"):
        for said, outcome in zip(OPTIONS, outcomes, strict=True):
            found.append((f"+1415555{len(found) + 200:04}", at_twilio, in_vapi, said, outcome))
    return found


def declared(chosen: list[Cell]) -> str:
    """Write a program that declares the numbers of some cells."""
    lines = [
        f'VapiSmsNumber("n{number[1:]}", number="{number}", assistant="Support"{", " if said else ""}{said})\n'
        for number, _, _, said, _ in chosen
    ]
    return HEADER + "".join(lines)


@pytest.fixture
def crowded() -> Iterator[RunningSandbox]:
    """Run a sandbox with a number for each cell."""
    orgs: dict[str, list[dict[str, Any]]] = {"no": [], "this org": [], "another org": []}
    for index, (number, _, in_vapi, _, _) in enumerate(cells()):
        record = {"id": f"b0000000-0000-4000-8000-{index:012}", "number": number}
        orgs[in_vapi].append(record | {"twilio_account_sid": ACCOUNT["sid"], "sms_enabled": False})
    numbers = [{"phone_number": cell[0], "sms_url": AT_TWILIO[cell[1]]} for cell in cells()]
    other = {"id": "0a000000-0000-4000-8000-000000000009", "api_key": "other"}
    seed = {
        "twilio": {"accounts": [ACCOUNT | {"numbers": numbers}]},
        "vapi": {
            "orgs": [
                ORG | {"phone_numbers": orgs["this org"]},
                other | {"phone_numbers": orgs["another org"]},
            ]
        },
    }
    with RunningSandbox(seed) as running:
        yield running


def test_table_has_all_cells() -> None:
    """Three routings, three places in Vapi, four things to say: all combinations, each with an outcome."""
    assert len({cell[1:4] for cell in cells()}) == 3 * 3 * 4
    assert {cell[4] for cell in cells()} == {"up", "refused", "Vapi refuses"}


def _set(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, "")}


def unset_is_empty(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Take never set and empty for one: neither vendor offers a way back to never set."""
    return {
        kind: {key: _set(record) for key, record in records.items()} for kind, records in snapshot.items()
    }


@pytest.mark.slow
def test_cells_that_go_up_do_and_come_back(play: Play, crowded: RunningSandbox) -> None:
    """Where the table says up, the number is switched, and destroy puts back what was found or declared."""
    chosen = [cell for cell in cells() if cell[4] == "up"]
    before = crowded.routing_snapshot()
    project = play(declared(chosen), crowded)

    succeeded(project.up())
    answering = {crowded.text("+12025550143", cell[0])["answered_by"] for cell in chosen}
    succeeded(project.destroy())

    assert answering == {"Vapi assistant Support"}
    before, after = unset_is_empty(before), unset_is_empty(crowded.routing_snapshot())
    for number, _, _, said, _ in chosen:
        if "restore_to" in said:
            assert after["numbers"][number].pop("sms_url") == "https://back.example.com/sms"
            before["numbers"][number].pop("sms_url", None)
    assert after == before


@pytest.mark.slow
def test_cells_that_vapi_refuses_pass_preview_and_stay_as_they_were(
    play: Play, crowded: RunningSandbox
) -> None:
    """Another org's number is found by the import only, and each stays as it was."""
    chosen = [cell for cell in cells() if cell[4] == "Vapi refuses"]
    before = crowded.routing_snapshot()
    project = play(declared(chosen), crowded)

    succeeded(project.preview())
    failed = project.up("--continue-on-error")

    assert failed.code != 0
    assert all(f"{cell[0]}: " in failed.text for cell in chosen)
    assert "delete it in the org that has it" in failed.text
    assert crowded.routing_snapshot() == before
    succeeded(project.destroy())
    assert crowded.routing_snapshot()["vapi"] == before["vapi"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell", [cell for cell in cells() if cell[4] == "refused"], ids=lambda cell: ", ".join(cell[1:4])
)
def test_refused_cells_are_refused_by_preview(play: Play, crowded: RunningSandbox, cell: Cell) -> None:
    """Where the table says refused, preview refuses, and nothing is written."""
    before = crowded.routing_snapshot()

    failed = play(declared([cell]), crowded).preview()

    assert failed.code != 0
    assert re.search(rf"{re.escape(cell[0])} (is already in this Vapi org|already go to Vapi)", failed.text)
    assert crowded.routing_snapshot() == before
