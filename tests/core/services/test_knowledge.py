"""What a reading of a Messaging Service proves beside our own last write: a replica may lag, a cache may answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from vapi_sms.core.services.plan import plan_again, plan_restore
from vapi_sms.core.services.pool import (
    Inbound,
    PoolReading,
    ServiceOriginal,
    Wrote,
    is_proof,
    knowing,
    presumed,
    without_moments,
)
from vapi_sms.core.values import Observed

from tests.core.samples import AT_VAPI, STUDIO
from tests.core.services.test_pool import HANDLER, OTHER_HANDLER, number, pool, record, steps

AS_FOUND = Inbound(defers=False, handler=HANDLER)
DEFERRED = Wrote(defers=True, at=100)


def switched(*own: int) -> ServiceOriginal:
    """Return the record of a service that defers since 100, with when each of its numbers was written."""
    found = record(*(STUDIO for _ in own))
    kept = dict(zip(found.kept, own, strict=True))
    return replace(
        found,
        wrote=DEFERRED,
        kept={sid: replace(each, written=kept[sid]) for sid, each in found.kept.items()},
    )


def read_at(moment: int, reading: PoolReading) -> PoolReading:
    """Return a reading of a service, and of its numbers, that were last changed at a moment."""
    numbers = tuple(
        replace(each, twilio=replace(each.twilio, updated=moment)) for each in reading.numbers if each.twilio
    )
    return replace(reading, service=replace(reading.service, updated=moment), numbers=numbers)


@pytest.mark.parametrize(("updated", "older"), [(99, True), (100, False), (101, False), (0, False)])
def test_an_older_reading_of_a_service_is_taken_for_what_we_left(updated: int, *, older: bool) -> None:
    """Whoever set what it shows was overwritten by us since, as declared."""
    live = replace(pool(handler=OTHER_HANDLER).service, updated=updated)

    found = presumed(live, switched())

    assert found.inbound == (Inbound(defers=True, handler=HANDLER) if older else live.inbound)
    assert presumed(live, record()) is live


@pytest.mark.parametrize(("updated", "answer", "proof"), [(100, 0, 0), (99, 0, 0), (101, 0, 1), (99, 1, 1)])
def test_only_a_newer_reading_proves_how_a_service_is(updated: int, answer: int, proof: int) -> None:
    """Or the answer to our own write, which no cache gives."""
    live = replace(pool().service, updated=updated, is_answer=bool(answer))

    assert is_proof(live, switched()) == bool(proof)
    assert is_proof(live, record())


def test_a_way_back_writes_the_service_that_looks_as_recorded() -> None:
    """The reading may be from before our own write; a newer one shows that somebody was faster."""
    looks_so = pool(STUDIO)

    assert steps(plan_restore(read_at(100, looks_so), switched(0))) == [AS_FOUND]
    assert plan_restore(read_at(101, looks_so), switched(0)).is_empty
    assert plan_restore(looks_so, record(STUDIO)).is_empty


def test_a_way_back_writes_own_routings_that_look_as_recorded() -> None:
    """Each number by the moment of its own last write; what an older reading shows is nobody's choice either."""
    reading = read_at(100, pool(STUDIO, STUDIO, AT_VAPI, STUDIO))

    planned = plan_restore(reading, switched(100, 99, 101, 0))

    written = [step for step in steps(planned) if isinstance(step, tuple)]
    assert written == [(number(0, STUDIO).sid, STUDIO), (number(2, STUDIO).sid, STUDIO)]


def test_a_number_is_planned_again_by_what_is_known_of_it() -> None:
    """A newer reading that shows it as recorded needs no write; an older one does."""
    planned = plan_restore(read_at(100, pool(STUDIO)), switched(100))
    (sid,) = planned.numbers

    older, newer = (Observed(replace(number(0, STUDIO), updated=moment)) for moment in (99, 101))

    assert not plan_again(planned, sid, older).is_empty
    assert plan_again(planned, sid, newer).is_empty


def test_what_a_switch_knows_is_added_to_the_record_of_that_service() -> None:
    """Of another service, and of a number that came since, nothing is known."""
    before = switched(100)
    found = record(STUDIO, STUDIO)

    known = knowing(found, before)

    assert known.wrote == DEFERRED
    assert without_moments(before).wrote is None
    assert [each.written for each in without_moments(before).kept.values()] == [0]
    assert [each.written for each in known.kept.values()] == [100, 0]
    assert knowing(record(defers=True), before).inbound == AS_FOUND
    assert knowing(found, None) is found
    assert knowing(found, replace(before, sid="MG" + "b" * 32)) is found
