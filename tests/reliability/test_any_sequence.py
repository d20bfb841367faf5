"""A few lives of any sequence, always the same; script/reliability --sequences lives many more."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.reliability import sequences
from tests.reliability.table import losses

LIVES = 5


@pytest.mark.parametrize("row", sequences.ROWS)
def test_any_sequence_ends_as_declared_or_in_one_line(sandbox: RunningSandbox, row: str) -> None:
    """Whatever is declared, edited elsewhere, failed, killed and run again: destroy gives back what is not others'."""
    results = sequences.live(sandbox, row, LIVES, None)

    assert losses(results) == []
    assert len(results) == LIVES
