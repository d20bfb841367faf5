"""Of thousands of numbers each is looked up among the others, and never looked for: else they cost their square."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from vapi_sms.core.values import Observed, Original
from vapi_sms.resources.record.capturing import Known, _standing
from vapi_sms.resources.record.state import dump_original, with_own

from tests.core.samples import NUMBER, OLD_APP, PN, original, twilio

OTHER = "PN" + "e" * 32


class LookedUp(dict[str, object]):
    """What may be asked for one number, and not for all."""

    def __iter__(self) -> NoReturn:
        """Fail."""
        raise AssertionError("all were walked for one")


class Counted(dict[str, Original]):
    """Records that count how often all of them are walked."""

    walks = 0

    def values(self) -> Iterator[Original]:  # type: ignore[override] # what is walked is enough
        """Give all."""
        self.walks += 1
        return iter(list(super().values()))


def test_a_number_that_is_declared_stands_by_one_look() -> None:
    """By its number or by its SID; one that is declared no more, and answered by others, does not."""
    record, observed = original(), Observed(twilio(messaging=OLD_APP))
    kept = {PN: record}

    for declared in (LookedUp({NUMBER: {}}), LookedUp({PN: {}})):
        assert _standing(record, observed, Known(kept, declared)) == record
    elsewhere = Observed(twilio(messaging=replace(OLD_APP, url="https://elsewhere.example.com/sms")))
    assert _standing(record, elsewhere, Known(kept, LookedUp({"+14155559999": {}}))) is None


def test_what_a_state_holds_of_declared_numbers_is_found_by_one_look_each() -> None:
    """By its number or by its SID; what is declared no more is left out."""
    before = {
        PN: dump_original(original()),
        OTHER: dump_original(replace(original(), sid=OTHER, number="+14155550199")),
    }

    for declared in (LookedUp({NUMBER: {}}), LookedUp({PN: {}})):
        assert with_own({}, before, declared) == {PN: before[PN]}
        assert with_own({"x": before[OTHER]}, before, declared) == {"x": before[OTHER], PN: before[PN]}


def test_numbers_that_were_bought_again_are_found_in_one_walk_for_all() -> None:
    """However many are asked for: those under another SID whose record Vapi did not know."""
    recorded = Counted({PN: original()})
    known = Known(recorded)
    walks = recorded.walks

    again = Observed(replace(twilio(), sid=OTHER))
    assert [known.is_bought_again(each) for each in (again, Observed(twilio()), Observed(None))] == [
        True,
        False,
        False,
    ]
    assert not Known({PN: replace(original(), texts_only=True)}).is_bought_again(again)
    assert recorded.walks == walks
