"""script/bench: it runs, its counts are right, and our request bounds hold on the real engine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.budget import STAGES, Requests, bounds, broken
from benchmarks.tables import Table

REPOSITORY = Path(__file__).parents[1]
NUMBERS = "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers"


def entry(vendor: str, method: str, path: str) -> dict[str, str]:
    """Return what the sandbox's journal says of a request."""
    return {"vendor": vendor, "method": method, "path": path}


def test_requests_are_counted_by_vendor_and_kind() -> None:
    """A collection is listed, one thing is read, everything else is a write; messaging.twilio.com counts apart."""
    journal = [
        entry("twilio", "GET", f"{NUMBERS}.json"),
        entry("twilio", "GET", f"{NUMBERS}/PN1.json"),
        entry("twilio", "POST", f"{NUMBERS}/PN1.json"),
        entry("twilio", "GET", "/v1/Services"),
        entry("twilio", "GET", "/v1/Services/MG1/PhoneNumbers"),
        entry("vapi", "GET", "/v2/phone-number"),
        entry("vapi", "GET", "/assistant"),
        entry("vapi", "GET", "/assistant/a5"),
        entry("vapi", "POST", "/phone-number"),
        entry("vapi", "PATCH", "/phone-number/1"),
        entry("vapi", "DELETE", "/phone-number/1"),
    ]

    counted = Requests.counted(journal)

    assert counted == Requests(
        twilio_lists=1,
        twilio_reads=1,
        twilio_writes=1,
        messaging=2,
        vapi_lists=2,
        vapi_reads=1,
        vapi_writes=3,
    )
    assert counted.total == len(journal)


@pytest.mark.parametrize(
    ("stage", "requests", "said"),
    [
        ("unchanged up", Requests(twilio_lists=3), ["twilio lists: 3, allowed 2"]),
        ("preview of new numbers", Requests(messaging=4), ["messaging: 4, allowed 3"]),
        ("preview without changes", Requests(vapi_reads=1), ["vapi reads: 1, allowed 0"]),
        ("up", Requests(twilio_writes=101, vapi_writes=100), []),
        ("up", Requests(twilio_reads=1), ["twilio reads: 1, allowed 0"]),
        (
            "up, assistant changed",
            Requests(twilio_writes=1, vapi_writes=100),
            ["twilio writes: 1, allowed 0"],
        ),
        ("refresh", Requests(vapi_writes=1), ["vapi writes: 1, allowed 0"]),
        ("destroy", Requests(twilio_writes=999), []),
    ],
)
def test_broken_bound_is_named(stage: str, requests: Requests, said: list[str]) -> None:
    """For 100 numbers and 2 Messaging Services, more than the issue allows is told with both figures."""
    assert broken(requests, bounds(stage, numbers=100, services=2)) == said


def test_every_stage_has_its_bounds() -> None:
    """Only destroy is free of them."""
    assert [stage for stage in STAGES if not bounds(stage, 1, 0)] == ["destroy"]


def test_table_is_plain_text_and_markdown() -> None:
    """Numbers stand to the right, a broken bound below the rows."""
    table = Table("Sizes", ("what", "bytes"), (("a", "9"), ("bc", "10")), ("A note.",), ("bc: 10",))

    assert table.plain() == (
        "Sizes\n  what  bytes\n  ----  -----\n  a         9\n  bc       10\n  A note.\n  BROKEN: bc: 10"
    )
    assert table.markdown() == (
        "**Sizes**\n"
        "\n"
        "| what | bytes |\n"
        "| --- | ---: |\n"
        "| a | 9 |\n"
        "| bc | 10 |\n"
        "\n"
        "A note.  \n"
        "**Broken:** bc: 10\n"
    )


@pytest.mark.engine
def test_bounds_hold_for_five_numbers(tmp_path: Path) -> None:
    """script/bench runs a whole life of five numbers and finds every request bound kept."""
    markdown = tmp_path / "bench.md"

    ran = subprocess.run(
        [
            REPOSITORY / "script/bench",
            "--only=requests",
            "--only=pickles",
            "--numbers=5",
            f"--markdown={markdown}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    rows = [line.split(" | ") for line in markdown.read_text().splitlines() if line.startswith("| 5 |")]
    assert [row[1] for row in rows] == list(STAGES)
    assert [row[-1].rstrip(" |") for row in rows] == ["yes"] * 6 + ["none set"]
