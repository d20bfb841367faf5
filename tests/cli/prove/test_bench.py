"""What proving costs, as script/bench measures it."""

from __future__ import annotations

from benchmarks.proving import proving
from benchmarks.size import QUICK


def test_requests_grow_with_the_traffic_and_not_with_the_numbers() -> None:
    """A hundred numbers with three texts each cost what one costs."""
    table = proving(QUICK)

    assert table.broken == ()
    assert [row[0] for row in table.rows] == ["1", "100"]
