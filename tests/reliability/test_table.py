"""The tables that people and the docs quote."""

from __future__ import annotations

from tests.reliability.table import Result, losses, rendered

RESULTS = [
    Result("delete", "after", "again 1"),
    Result("create", "before", "again 2"),
    Result("create", "before", "again 3", "a number was released"),
    Result("create", "after", "again 4"),
]
ORDER = ("create", "delete", "before", "after")


def test_a_table_counts_survived_of_tried() -> None:
    """Rows and columns come in the order given, with sums, and a dash where nothing was tried."""
    assert rendered(RESULTS, "operation", ORDER) == (
        "operation  before  after  all\n"
        "create        1/2    1/1  2/3\n"
        "delete          -    1/1  1/1\n"
        "all           1/2    2/2  3/4"
    )


def test_markdown_has_the_same_table() -> None:
    """As the docs quote it."""
    assert rendered(RESULTS[:1], "operation", ORDER, markdown=True) == (
        "| operation | after | all |\n| --- | ---: | ---: |\n| delete | 1/1 | 1/1 |\n| all | 1/1 | 1/1 |"
    )


def test_a_loss_is_told_with_how_to_try_it_again() -> None:
    """One line each, and none for what survived."""
    assert losses(RESULTS) == ["LOST create: again 3: a number was released"]
