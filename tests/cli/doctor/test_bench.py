"""What doctor costs, as script/bench counts it, on a small account."""

from __future__ import annotations

from benchmarks.doctor import doctor


def test_bounds_hold_for_a_small_account() -> None:
    """A page of either vendor, two services with two lists each, brands, addresses, captures, assistants."""
    table = doctor(((250, 2),))

    (row,) = table.rows
    assert table.broken == ()
    assert row[:7] == ("250", "2", "1 / 1", "6 / 6", "2 / 2", "2 / 2", "11")
