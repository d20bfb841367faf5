"""script/bench: its parts are right, its tables are whole, and our request bounds hold on the real engine."""

from __future__ import annotations

import json
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from vapi_sms.resources.program import number
from vapi_sms.sandbox import RunningSandbox
from vapi_sms.sandbox.control.gate import Exchange

from benchmarks import cycle, native, noop, programs
from benchmarks.budget import FLEET_TIMES, SINGLE_TIMES, Requests, bounds, broken
from benchmarks.costs import ratios
from benchmarks.cycle import Stage
from benchmarks.programs import ACCOUNT, FLEET, SINGLE
from benchmarks.replay import Sent, Took, replayed
from benchmarks.tables import Table
from benchmarks.waiting import used_share
from tests.native.stack import YamlProject

REPOSITORY = Path(__file__).parents[1]
NUMBERS = "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers"
STAGES = (
    "preview of new numbers",
    "up",
    "preview without changes",
    "unchanged up",
    "up, one assistant changed",
    "refresh",
    "destroy",
)


def entry(vendor: str, method: str, path: str) -> dict[str, str]:
    """Return what the sandbox's journal says of a request."""
    return {"vendor": vendor, "method": method, "path": path}


def test_requests_are_counted_by_vendor_and_kind() -> None:
    """A collection is listed, one thing is read, everything else is a write; Twilio's newer APIs count apart."""
    journal = [
        entry("twilio", "GET", f"{NUMBERS}.json"),
        entry("twilio", "GET", f"{NUMBERS}/PN1.json"),
        entry("twilio", "POST", f"{NUMBERS}/PN1.json"),
        entry("twilio", "GET", "/v1/Services"),
        entry("twilio", "GET", "/v1/Services/MG1/PhoneNumbers"),
        entry("twilio", "GET", "/v1/Configuration/Addresses"),
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
        conversations=1,
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
        ("preview of new numbers", Requests(conversations=1), []),
        ("preview without changes", Requests(vapi_reads=1), ["vapi reads: 1, allowed 0"]),
        ("preview without changes", Requests(conversations=1), ["conversations: 1, allowed 0"]),
        ("up", Requests(twilio_writes=101, vapi_writes=100, conversations=1), []),
        ("up", Requests(twilio_reads=1), ["twilio reads: 1, allowed 0"]),
        (
            "up, assistant changed",
            Requests(twilio_writes=1, vapi_writes=100),
            ["twilio writes: 1, allowed 0"],
        ),
        ("up, one assistant changed", Requests(vapi_writes=2), ["vapi writes: 2, allowed 1"]),
        ("refresh", Requests(vapi_writes=1), ["vapi writes: 1, allowed 0"]),
        ("destroy", Requests(twilio_writes=999), []),
    ],
)
def test_broken_bound_is_named(stage: str, requests: Requests, said: list[str]) -> None:
    """For 100 numbers and 2 Messaging Services, more than the issues allow is told with both figures."""
    assert broken(requests, bounds(stage, numbers=100, services=2)) == said


def test_lists_grow_with_pages_and_not_with_numbers() -> None:
    """Two list requests an API and 1,000 numbers."""
    assert bounds("unchanged up", 5000, 2)["twilio_lists"] == 10
    assert bounds("unchanged up", 1001, 2)["vapi_lists"] == 4
    assert bounds("unchanged up", 1000, 2)["messaging"] == 3


def test_every_stage_has_its_bounds() -> None:
    """Only destroy is free of bounds on requests; every bound on time belongs to a stage."""
    stages = {*STAGES, SINGLE.change}
    assert {stage for stage in stages if not bounds(stage, 1, 0)} == {"destroy"}
    assert {*FLEET_TIMES, *SINGLE_TIMES} <= stages
    assert FLEET.change in stages


def test_the_noop_declares_what_ours_does() -> None:
    """It is what the engine costs with the same inputs and outputs only while it has the same."""
    assert noop._OUTPUTS == number._OUTPUTS


@pytest.mark.engine
def test_the_noop_is_as_much_to_the_engine_as_ours() -> None:
    """The engine pays for every value, for every byte, and, where it packs them, for what is unlike the rest."""
    # One number by itself, the others in a fleet.
    parts = ((SINGLE, "range(1)"), (FLEET, "range(1, {numbers})"))
    both = "\n".join(shape.program.replace("range({numbers})", some) for shape, some in parts)
    states = []
    for kind in (cycle._ours, cycle._noop):
        with kind(replace(FLEET, program=both), 60) as world:
            assert world.project.up().code == 0
            states.append(world.project.stack_export())

    mine, theirs = map(_weights, states)
    assert mine.keys() == theirs.keys()
    assert len(mine) == 8
    for what, (values, *characters) in mine.items():
        noop_values, *noop_characters = theirs[what]
        assert abs(values - noop_values) <= 3, what
        assert characters == pytest.approx(noop_characters, rel=0.05), what


def _weights(state: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Give the values, at any depth, and the bytes, packed too, of inputs and outputs, by their resource's name."""
    held = {
        (entry["urn"].rpartition("::")[2], part): {**entry[part], "__provider": ""}
        for entry in state["deployment"]["resources"]
        if entry["type"].startswith("pulumi-python:dynamic")
        for part in ("inputs", "outputs")
    }
    texts = {what: json.dumps(bag, sort_keys=True) for what, bag in held.items()}
    return {
        what: (_values(held[what]), len(text), len(zlib.compress(text.encode())))
        for what, text in texts.items()
    }


def _values(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_values, inner))


def test_a_ratio_is_the_one_in_the_middle_of_all_turns() -> None:
    """What slows the machine down in one of them slows down both; and our waiting is not counted."""
    ours = Stage("destroy", (Took(3.0, 1.0), Took(21.0, 10.0)))
    noop = Stage("destroy", (Took(1.5, 0.5), Took(10.0, 5.0)))
    bare = Stage("destroy", (Took(0.5, 0.5), Took(10.0, 5.0)))
    lucky = Took(1.0, 0.1)

    assert ratios(ours, noop, bare, waited=1.0) == (1.0, 1.0)
    assert (ours.seconds, ours.cpu_seconds) == (12.0, 5.5)
    more = ours.and_again(Stage("destroy", (Took(9.0, 0.3),)))
    again = [each.and_again(Stage("destroy", (lucky,))) for each in (noop, bare)]
    assert ratios(more, *again, waited=1.0) == (1.0, 1.0)
    assert (more.seconds, again[0].seconds) == (9.0, 1.5)


def test_the_share_of_a_limit_counts_what_was_saved_up() -> None:
    """A bucket of one second's worth that is full at first gives 11 times its rate in 10 seconds."""
    assert used_share(taken=550, seconds=10, rate=50) == 1.0


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


def test_the_bare_client_does_what_was_recorded() -> None:
    """It sends the same requests, with Vapi's new ids, and stops where one is refused."""
    number, sid = "+14157000000", ""
    recorded = [
        Exchange("vapi", "GET", "/assistant", "limit=1", b"", 200, b"[]"),
        Exchange(
            "vapi",
            "POST",
            "/phone-number",
            "",
            f'{{"provider": "twilio", "number": "{number}", "twilioAccountSid": "{ACCOUNT}", "twilioAuthToken": '
            f'"{programs.TOKEN}", "smsEnabled": true}}'.encode(),
            201,
            b'{"id": "theirs"}',
        ),
    ]
    later = [Exchange("vapi", "DELETE", "/phone-number/theirs", "", b"", 200, b"{}")]
    with RunningSandbox(programs.seed(2)) as sandbox:
        sid = sandbox.number(number)["sid"]
        path = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{sid}.json"
        recorded.append(Exchange("twilio", "POST", path, "", b"SmsUrl=&SmsFallbackUrl=", 200, b"{}"))
        stages = [[Sent.recorded(exchange) for exchange in stage] for stage in (recorded, later)]

        costs = replayed(sandbox.url, stages, threads=2)

        sent = [(entry["method"], entry["status"]) for entry in sandbox.journal()]
        assert sorted(sent) == [("DELETE", 200), ("GET", 200), ("POST", 200), ("POST", 201)]
        assert (sandbox.number(number)["sms_fallback_url"], sandbox.vapi_numbers()) == ("", [])
        assert all(cost.seconds > 0 and cost.cpu_seconds > 0 for cost in costs)

        with pytest.raises(SystemExit, match="404"):
            replayed(sandbox.url, [stages[1]], threads=2)


def bench(*arguments: str) -> list[list[str]]:
    """Run script/bench on five numbers; return the cells of the rows that tell of them."""
    ran = subprocess.run(
        [REPOSITORY / "script/bench", "--quick", "--markdown", "--numbers=5", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in ran.stdout.splitlines()
        if line.startswith("| 5 |")
    ]


@pytest.mark.engine
@pytest.mark.slow
def test_a_fleet_keeps_its_bounds_and_is_compared_command_by_command() -> None:
    """A whole life of five numbers: every request bound kept, a bare client beside each command."""
    rows = bench("--only=fleet-requests", "--only=fleet")

    requests, times = rows[: len(STAGES)], rows[len(STAGES) :]
    assert [row[1] for row in requests] == [row[1] for row in times] == list(STAGES)
    assert [row[-1] for row in requests] == ["yes"] * 6 + ["none set"]
    assert [row[6] for row in times] == ["none set"] * len(STAGES)
    assert all(float(row[4]) > 0 for row in times if row[1] in ("up", "destroy"))


@pytest.mark.engine
@pytest.mark.slow
def test_numbers_one_by_one_keep_their_bounds() -> None:
    """A whole life of five numbers: every request bound kept."""
    rows = bench("--only=requests", "--only=pickles")

    assert [row[1] for row in rows] == [stage.replace("one assistant", "assistant") for stage in STAGES]
    assert [row[-1] for row in rows] == ["yes"] * 6 + ["none set"]


@pytest.mark.engine
def test_a_native_noop_holds_what_ours_does_and_asks_nobody(tmp_path: Path) -> None:
    """Its YAML program goes up, has nothing to do then, changes by one assistant, and goes."""
    now, changed = (native.noop_program(FLEET, 2, sales=sales) for sales in (False, True))
    project = YamlProject(tmp_path / "project", now)
    native.install(project, "noop")

    assert project.run("up", "--yes", "--skip-preview").code == 0
    held = {each["type"]: each["outputs"] for each in project.stack_export()["deployment"]["resources"][2:]}
    assert "ciphertext" in held["noop:index:Originals"]["originals"]
    assert held["noop:index:Fleet"]["numbers"]["+14157000001"]["answeredBy"] == noop.ANSWERED_BY
    assert project.run("preview", "--expect-no-changes").code == 0

    project.write(changed)
    told = project.run("up", "--yes", "--skip-preview", "--diff").text
    assert '"Support" => "Sales"' in told
    assert project.run("destroy", "--yes", "--skip-preview").code == 0
