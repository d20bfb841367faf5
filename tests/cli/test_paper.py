"""What is laid out for people: no filling where nobody watches, and no id in two parts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from vapi_sms.cli.paper import Cell, Column, Paper, styled
from vapi_sms.core.inert import line

FLOW, ID = f"FW{'a' * 32}", "208ffb58-c44f-476f-9dd7-53f364e039f2"
TITLES = ("number", "texts are answered by", "texts will be answered by", "besides")


def printed(capsys: pytest.CaptureFixture[str], width: int, rows: Sequence[Sequence[str]]) -> str:
    """Give a table on paper of a width, as a pipe gets it."""
    paper = Paper()
    paper.width = width
    cells: list[list[Cell]] = [[(styled(line(text)),) if text else () for text in row] for row in rows]
    paper.table([Column(line(title)) for title in TITLES], cells, loose=True)
    return capsys.readouterr().out


ROWS = [
    ("+14155550100", f"Studio Flow {FLOW}", f"Vapi assistant Support (id {ID})", ""),
    ("+14155550101", "nothing", f"Proxy KS{'b' * 32}", "deleted from Vapi"),
]


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_an_id_is_never_in_two_parts(capsys: pytest.CaptureFixture[str], width: int) -> None:
    """Whoever looks for it, in a log or with an editor, finds it, however narrow the terminal was."""
    told = printed(capsys, width, ROWS)

    assert all(each in told for each in (FLOW, f"KS{'b' * 32}"))
    assert f"{ID})" in told


def test_no_id_is_cut_off_beside_long_cells(capsys: pytest.CaptureFixture[str]) -> None:
    """A table that could just have room for its ids is none where the other columns take it."""
    webhook = "Webhook http://127.0.0.1:8788/sms (fallback Webhook http://127.0.0.1:8788/sms-fallback)"
    told = printed(
        capsys, 80, [("+14155550100", "Vapi assistant Support", webhook, f"deleted from Vapi ({ID})")]
    )

    assert f"  besides: deleted from Vapi ({ID})\n" in told


def test_a_table_that_fits_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Titles above columns, as ever."""
    told = printed(capsys, 200, ROWS)

    assert told.splitlines()[0].split("  ")[0] == "number"
    assert told.count("texts will be answered by") == 1


def test_cells_that_do_not_fit_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its title; what is empty is left out."""
    told = printed(capsys, 80, ROWS)

    assert told == (
        "+14155550100\n"
        f"  texts are answered by: Studio Flow {FLOW}\n"
        "  texts will be answered by: Vapi assistant Support (id\n"
        f"  {ID})\n"
        "\n"
        "+14155550101\n"
        "  texts are answered by: nothing\n"
        f"  texts will be answered by: Proxy KS{'b' * 32}\n"
        "  besides: deleted from Vapi\n"
        "\n"
    )


@pytest.mark.parametrize("width", [80, 200])
def test_no_line_is_filled_up_in_a_pipe(capsys: pytest.CaptureFixture[str], width: int) -> None:
    """Blanks up to the margin are for terminals."""
    told = printed(capsys, width, ROWS)

    assert [each for each in told.splitlines() if each != each.rstrip()] == []
