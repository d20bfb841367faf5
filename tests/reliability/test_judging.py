"""What the matrices hold a journal to: an import that may have happened is looked for before it is sent again."""

from __future__ import annotations

import pytest

from tests.reliability.bench import Lost, Record, imports_are_looked_for

LOOK: Record = {"vendor": "vapi", "method": "GET", "path": "/phone-number", "status": 200, "fault": None}


def sent(status: int | None, fault: int | None = None) -> Record:
    """Give the journal's entry of an import with this answer."""
    parameters = {"number": "+14155550100"}
    there = {"vendor": "vapi", "method": "POST", "path": "/phone-number", "parameters": parameters}
    return {**there, "status": status, "fault": fault}


@pytest.mark.parametrize(
    "first", [sent(None, 1), sent(500), sent(502, 1), sent(201, 1)], ids=["lost", "500", "502", "answer lost"]
)
def test_an_import_with_an_unknown_outcome_is_not_sent_again_blindly(first: Record) -> None:
    """Whether it happened is not known: Vapi is asked first."""
    with pytest.raises(Lost, match="imported twice without a look"):
        imports_are_looked_for([first, sent(201)])

    imports_are_looked_for([first, LOOK, sent(201)])


@pytest.mark.parametrize("first", [sent(429, 1), sent(400), sent(401, 1)], ids=str)
def test_an_import_that_was_refused_may_be_sent_again(first: Record) -> None:
    """It is told that nothing was done."""
    imports_are_looked_for([first, sent(201)])
