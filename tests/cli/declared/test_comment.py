"""A comment fits into a pull request, however much changes and whatever somebody named an assistant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from vapi_sms.cli.declared.comment import MARKER, comment, mistakes_comment
from vapi_sms.cli.declared.comparison import StackChanges, compared
from vapi_sms.resources.fleet_file.reading import EMPTY, FleetFile, read_fleet_file

MOST = 65_000


def fleet_file(folder: Path, content: object) -> FleetFile:
    """Write a file and read it."""
    path = folder / "numbers.yaml"
    path.write_text(yaml.safe_dump(content))
    return read_fleet_file(path)


def changed(folder: Path, content: object) -> tuple[StackChanges, ...]:
    """Compare a file with nothing."""
    return compared(fleet_file(folder, content), EMPTY, None)


def numbers(count: int) -> list[str]:
    """Give so many numbers."""
    return [f"+1415{2_000_000 + n}" for n in range(count)]


def test_five_thousand_numbers_alike_are_one_row(tmp_path: Path) -> None:
    """As many are named as there is room for, the others counted."""
    found = comment(
        "numbers.yaml", changed(tmp_path, {"defaults": {"assistant": "A"}, "numbers": numbers(5000)}), []
    )

    assert len(found) <= MOST
    assert found.count("\n| ") == 3
    assert int(re.findall(r"and ([\d,]+) more \|", found)[0].replace(",", "")) + found.count("`+1") == 5000


def test_five_thousand_numbers_each_in_its_own_way_are_cut_with_a_count(tmp_path: Path) -> None:
    """What is not shown is counted, and the same file gives the same comment."""
    content = {"numbers": {number: {"assistant": f"A{number}"} for number in numbers(5000)}}

    found = comment("numbers.yaml", changed(tmp_path, content), [])

    assert 20_000 < len(found) <= MOST
    (more,) = re.findall(r"… and ([\d,]+) numbers more", found)
    assert int(more.replace(",", "")) + found.count("`+1") == 5000
    reversed_content = {"numbers": dict(reversed(content["numbers"].items()))}
    assert comment("numbers.yaml", changed(tmp_path, reversed_content), []) == found


@pytest.mark.parametrize("char", ["&", "`", "|", "@a", "<"])
def test_the_worst_names_fit(tmp_path: Path, char: str) -> None:
    """Long names of what must be escaped, in many stacks."""
    entries = {
        number: {
            "assistant": 400 * char,
            "name": 20 * char,
            "restore_to": {
                "webhook": f"https://a.example/{400 * char}{number}",
                "fallback": "https://b.example",
            },
        }
        for number in numbers(4)
    }
    stacks = {f"{100 * char}{n}": {"numbers": entries} for n in range(40)}

    found = comment("numbers.yaml", changed(tmp_path, {"stacks": stacks}), [1000 * char])

    assert len(found) <= MOST
    assert "… and 20 more stacks" in found


def test_thousands_of_mistakes_fit() -> None:
    """The first ones are told, the others counted."""
    lines = [f"numbers.yaml:{n}: {'x' * 990}" for n in range(200)]

    found = mistakes_comment("numbers.yaml", "\n".join(lines))

    assert found.startswith(f"{MARKER}\n")
    assert len(found) <= MOST
    shown = found.count("numbers.yaml:")
    assert f"and {200 - shown} more lines like these" in found
