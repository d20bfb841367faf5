"""Knowledge: what a reading proves beside what we know ourselves, and whose a record of Vapi's is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.planning.goals import Presence, restored_goal
from vapi_sms.core.planning.knowledge import (
    bears,
    identified,
    is_older,
    is_ours,
    presumed,
    proves,
    shows_settings,
)
from vapi_sms.core.planning.plan import DeleteFromVapi, RouteNumber, UpdateVapi, plan
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import NEVER, Observed, Original, VapiSettings

from tests.core.samples import (
    ANSWERED_BY_SUPPORT,
    AT_VAPI,
    OLD_APP,
    OLD_CALLS,
    SALES,
    SUPPORT,
    VAPI_ID,
    original,
    twilio,
    vapi,
)

OTHER_ID = "0b000000-0000-4000-8000-00000000000b"
IMPORTED = VapiSettings(SUPPORT)
THEIRS = VapiSettings(SALES)
EARLIER, LATER = "2026-11-29T10:00:00.000Z", "2026-11-29T10:00:00.001Z"
FOREIGN = Routing("https://new.example.com/sms?key=canary")


def known(**fields: object) -> Original:
    """Give a record with what is known beside it."""
    return replace(original(), **fields)  # type: ignore[arg-type] # fields of a record


@pytest.mark.parametrize(
    ("updated", "record", "older", "proof"),
    [
        (100, {"written": 100, "seen": 50}, False, False),
        (99, {"written": 100, "seen": 50}, True, False),
        (101, {"written": 100, "seen": 50}, False, True),
        (50, {"seen": 50}, False, False),
        (51, {"seen": 50}, False, True),
        (50, {}, False, True),
        (0, {"written": 100}, False, False),
        (50, {"written": NEVER, "seen": 50}, False, True),
    ],
)
def test_a_reading_proves_what_is_newer_than_what_we_know(
    updated: int, record: dict[str, int], *, older: bool, proof: bool
) -> None:
    """Moments are whole seconds: one of the same second may be from before or after."""
    live = replace(twilio(), updated=updated)

    assert (is_older(live, known(**record)), proves(live, known(**record))) == (older, proof)


def test_an_answer_to_our_own_write_is_proof() -> None:
    """No cache and no replica stands between."""
    assert proves(replace(twilio(), updated=100, is_answer=True), known(written=100))


def test_a_way_back_from_an_old_reading_is_written_whole() -> None:
    """It shows the number as recorded, and may be from before our write: both channels are written all the same."""
    observed = Observed(replace(twilio(OLD_APP, OLD_CALLS), updated=99), vapi())
    record = known(written=100)

    there = plan(observed, restored_goal(record, observed), is_proof=False)

    route, delete = there.steps
    assert isinstance(route, RouteNumber)
    assert (route.messaging, route.voice) == (OLD_APP, OLD_CALLS)
    assert isinstance(delete, DeleteFromVapi)


def test_who_answered_before_our_write_is_not_somebody_elses_choice() -> None:
    """What an old reading shows was overwritten by us since, as declared."""
    old = Observed(replace(twilio(FOREIGN), updated=99))
    now = Observed(replace(twilio(FOREIGN), updated=101))

    assert restored_goal(known(written=100), old).messaging == OLD_APP
    assert restored_goal(known(written=100), now).messaging is None


@pytest.mark.parametrize(
    ("updated", "written", "shown"),
    [
        ("", "", True),
        (LATER, "", True),
        (LATER, EARLIER, True),
        (EARLIER, EARLIER, True),
        (EARLIER, LATER, False),
    ],
)
def test_settings_from_before_our_last_write_at_vapi_are_written_again(
    updated: str, written: str, *, shown: bool
) -> None:
    """A list that lags shows an adopted record with its former settings, as if they were back."""
    former = vapi(settings=THEIRS)
    observed = Observed(twilio(OLD_APP, OLD_CALLS), replace(former, updated=updated))
    record = known(vapi_id=former.id, vapi=THEIRS, written_at_vapi=written)

    assert shows_settings(observed, record) is shown

    planned = plan(
        observed, restored_goal(record, observed), is_proof_at_vapi=shows_settings(observed, record)
    )
    assert [type(step) for step in planned.steps] == ([] if shown else [UpdateVapi])
    assert shows_settings(Observed(twilio()), record)


def test_an_adopted_record_that_we_wrote_to_is_there_though_a_list_does_not_show_it() -> None:
    """Vapi answered our PATCH with its id; before that nobody was told anything."""
    record = known(vapi_id=VAPI_ID, vapi=THEIRS, imports=IMPORTED, written_at_vapi=LATER)

    found = presumed(Observed(twilio()), record).vapi

    assert found is not None
    assert (found.id, found.settings) == (VAPI_ID, IMPORTED)
    assert presumed(Observed(twilio()), replace(record, written_at_vapi="")).vapi is None


@pytest.mark.parametrize(
    ("record", "declared", "ours"),
    [
        ({"vapi_id": VAPI_ID, "vapi": IMPORTED}, None, True),
        ({"vapi_id": OTHER_ID, "vapi": IMPORTED}, None, False),
        ({"vapi_id": OTHER_ID, "vapi": IMPORTED, "import_id": VAPI_ID}, None, True),
        ({"import_id": VAPI_ID, "imports": THEIRS}, None, True),
        ({"import_id": OTHER_ID, "imports": ANSWERED_BY_SUPPORT}, None, False),
        ({"imports": ANSWERED_BY_SUPPORT}, None, True),
        ({"imports": THEIRS}, None, False),
        ({"imports": THEIRS}, ANSWERED_BY_SUPPORT, True),
        ({}, None, True),
    ],
    ids=[
        "adopted",
        "another than adopted",
        "imported in place of the adopted",
        "by id",
        "another id",
        "as declared first",
        "other settings",
        "now",
        "0.1",
    ],
)
def test_whose_a_record_is(record: dict[str, object], declared: VapiSettings | None, *, ours: bool) -> None:
    """By its id; before anybody was told one, by the settings that it was to be imported with."""
    found = identified(Observed(twilio(), vapi()), known(**record), declared)

    assert is_ours(vapi(), known(**record), declared) is ours
    assert (found.vapi, found.strangers) == ((vapi(), ()) if ours else (None, (vapi(),)))


def test_nothing_is_nobodys() -> None:
    """Where Vapi shows no record there is none to judge."""
    assert identified(Observed(twilio()), known(imports=THEIRS)) == Observed(twilio())


def test_a_name_is_a_part_of_the_settings() -> None:
    """One that was not given is none: two imports that differ in it alone are of two people."""
    named = vapi(replace(IMPORTED, name="Front desk"))

    assert not bears(named, IMPORTED)
    assert not bears(named, replace(IMPORTED, name="Other desk"))


def test_our_import_is_there_until_its_delete_was_answered() -> None:
    """A list that does not show it proves nothing; once it is gone, it is gone."""
    record, at_vapi = known(import_id=VAPI_ID, imports=IMPORTED), Observed(twilio(AT_VAPI))

    there = presumed(at_vapi, record).vapi

    assert there is not None
    assert (there.id, there.settings) == (VAPI_ID, IMPORTED)
    assert presumed(at_vapi, record, gone={VAPI_ID}) == at_vapi
    assert presumed(at_vapi, known()) == at_vapi
    assert presumed(Observed(twilio(), vapi()), known(import_id=OTHER_ID)).vapi == vapi()
    assert restored_goal(record, at_vapi).vapi is Presence.ABSENT
    assert presumed(at_vapi, known(import_id=VAPI_ID)).vapi is not None
