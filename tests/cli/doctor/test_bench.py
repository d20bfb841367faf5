"""What doctor costs, as script/bench counts it, on a small account."""

from __future__ import annotations

from benchmarks.doctor import doctor


def test_bounds_hold_for_a_small_account() -> None:
    """250 numbers in two services: a page of each vendor's, the services, two lists of each, brands, assistants."""
    table = doctor(((250, 2),))

    (row,) = table.rows
    assert table.broken == ()
    assert row[:6] == ("250", "2", "1 / 1", "6 / 6", "2 / 2", "9")
