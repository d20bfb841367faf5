"""`vapi-sms rehearse`: what it refuses, what it asks, and that a number goes back however it ends."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.cli.rehearse.keeping import Files

from tests.cli.backup.company import (
    SEALED,
    at_a_terminal,
    environment,
    import_by_hand,
    snapshot,
    vapi_sms,
    writes,
)
from tests.cli.command import COMMAND
from tests.cli.rehearse.spare import InterruptingPace, MeddlingPace, rehearsed, switches, wish
from tests.engine.world import (
    APP,
    CANADIAN,
    DEFERRED,
    DEMO,
    FOREIGN,
    IN_OTHER_ACCOUNT,
    ORG,
    OTHER_AC,
    SILENT,
    STUDIO,
    TRUNK,
    VAPI_SMS,
    VOICE_ONLY,
    WEBHOOK,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

QUICK = ("--assistant", "Support", "--patience", "0", "--yes")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"number": "555"}, "555 is no phone number"),
        ({"number": IN_OTHER_ACCOUNT}, "is not a number of this Twilio account"),
        ({"number": "SC" + "a" * 32}, "is a short code"),
        ({"number": CANADIAN}, "is a number of CA, and Vapi answers texts of US numbers only"),
        ({"number": VOICE_ONLY}, "cannot receive texts"),
        ({"number": DEFERRED, "it_is_spare": True}, "so it is in use: name a number that is in no Messaging"),
        ({"number": STUDIO}, "are answered by Studio Flow"),
        ({"number": TRUNK}, "or say --it-is-spare"),
        ({"assistant": None}, "has 4 assistants: name the one to attach with --assistant"),
        ({"assistant": "Nobody"}, "no assistant of this Vapi org is named 'Nobody'"),
        ({"assistant": "Twin"}, "2 assistants are named 'Twin'"),
        ({"application": "AP1"}, "--application is 'AP1': write AP and 32 hex digits"),
        ({"application": "AP" + "d" * 32}, "is no TwiML App of this account"),
        ({"trunk": APP}, "write TK and 32 hex digits"),
        ({"number": WEBHOOK, "it_is_spare": True}, "holds a password or query values"),
        ({"passphrase_env": "PHRASE"}, "write --without-secrets or --passphrase-env"),
        ({"passphrase_env": "NONE", "without_secrets": False}, "NONE holds no passphrase"),
        ({"yes": False}, "there is no terminal to ask, so say --yes"),
    ],
)
def test_what_is_refused_is_refused_before_anything(
    company: RunningSandbox, tmp_path: Path, typed: dict[str, Any], why: str
) -> None:
    """In one line that says what to do; nothing was written anywhere."""
    with pytest.raises(NothingToTell) as caught:
        rehearsed(company, wish(tmp_path, **typed))

    assert why in str(caught.value)
    assert len(caught.value.lines) == 1
    assert (writes(company), list(tmp_path.iterdir())) == ([], [])


def test_a_number_that_vapi_knows_is_refused(company: RunningSandbox, tmp_path: Path) -> None:
    """A rehearsal would delete it there; one that points at Vapi may be another org's."""
    import_by_hand(company, SILENT)
    company.outside_number(DEMO, sms_url=VAPI_SMS)
    company.clear_journal()

    for number, why in (
        (SILENT, "Vapi has +14155550108 already"),
        (DEMO, "go to Vapi, which may be another"),
    ):
        with pytest.raises(NothingToTell, match=why.replace("+", r"\+")):
            rehearsed(company, wish(tmp_path, number=number, it_is_spare=True))

    assert writes(company) == []


def test_an_address_of_conversations_is_a_use(company: RunningSandbox, tmp_path: Path) -> None:
    """Texts end there although no handler shows it."""
    company.fault(vendor="twilio", path="/v1/Configuration/Addresses", status=200, count=None, body=ADDRESSED)

    with pytest.raises(NothingToTell, match="has Conversations address IG"):
        rehearsed(company, wish(tmp_path))


ADDRESSED = (
    '{"meta": {"next_page_url": null}, "address_configurations": [{"sid": "IG'
    + "a" * 32
    + '", "account_sid": "AC'
    "" + "a" * 32 + '", "type": "sms", "address": "' + SILENT + '", "auto_creation": {"enabled": true}}]}'
)


@pytest.mark.parametrize("ending", ["", ".behaviour.yaml", ".report.md"])
def test_no_file_is_written_over(company: RunningSandbox, tmp_path: Path, ending: str) -> None:
    """Neither the backup, which may be all that knows of a number, nor what stands beside it."""
    wished = wish(tmp_path)
    file = wished.backup.with_suffix(ending) if ending else wished.backup
    file.write_text("kept")

    with pytest.raises(NothingToTell, match="is there already: name another file, or move it away"):
        rehearsed(company, wished)

    assert (file.read_text(), writes(company)) == ("kept", [])


def test_the_only_assistant_needs_no_name(company: RunningSandbox, tmp_path: Path) -> None:
    """With one there is nothing to choose; with none there is nothing to attach."""
    assistants = list(company.state()["vapi"]["orgs"][ORG]["assistants"])
    for each in assistants[1:]:
        company.outside_vapi("delete", kind="assistant", org=ORG, id=each)

    assert rehearsed(company, wish(tmp_path, assistant=None)) == 0

    company.outside_vapi("delete", kind="assistant", org=ORG, id=assistants[0])
    with pytest.raises(NothingToTell, match="has no assistant to attach: create any there"):
        rehearsed(company, wish(tmp_path, backup=tmp_path / "again.json", assistant=None))


def test_it_says_what_it_will_do_and_asks(company: RunningSandbox, tmp_path: Path) -> None:
    """Before anything is written; who answers no is left in peace."""
    ran = at_a_terminal(
        company,
        "rehearse",
        SILENT,
        "--assistant=Support",
        "--without-secrets",
        f"--backup={tmp_path / 'spare.json'}",
        answers={f"Rehearse on {SILENT}? [y/N]: ": "n"},
    )

    assert ran.code == 2
    assert "kept in" in ran.words
    assert "texts answered by nobody, calls by nobody, not in Vapi" in ran.words
    assert (
        "imported into this Vapi org with assistant Support, changed there and deleted again, 15 steps"
        in ran.words
    )
    assert ran.words.endswith("vapi-sms: nothing was done")
    assert (writes(company), list(tmp_path.iterdir())) == ([], [])


def test_the_command_as_people_run_it(company: RunningSandbox, tmp_path: Path) -> None:
    """A table, the switches, where they are; the backup is sealed, and a restore has nothing left to do."""
    before = snapshot(company)

    ran = vapi_sms(company, "rehearse", DEMO, "--backup", tmp_path / "a.json", *QUICK, *SEALED)

    again = vapi_sms(company, "restore", tmp_path / "a.json", *SEALED)
    assert (ran.code, ran.err, snapshot(company)) == (0, "", before)
    assert "What Vapi does here" in ran.out
    assert "15/15 DELETE after that: texts as before, calls as before" in ran.out
    assert f"{DEMO} is back as it was found." in ran.out
    assert (again.code, "Nothing is to be written" in again.words) == (0, True)
    assert ((tmp_path / "a.json").stat().st_mode & 0o777) == 0o600


@pytest.mark.parametrize(
    "fault",
    [
        {"vendor": "vapi", "method": "POST", "path": "/phone-number", "status": 402, "skip": 1},
        {"vendor": "vapi", "method": "POST", "path": "/phone-number", "drop": "after"},
        {"vendor": "vapi", "method": "DELETE", "status": 503},
        {"vendor": "twilio", "method": "POST", "status": 503, "skip": 1},
    ],
)
def test_a_failed_step_puts_everything_back(
    company: RunningSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: dict[str, Any]
) -> None:
    """Also an import whose answer was lost; it is told with its reason, and with exit code 3."""
    before = snapshot(company)
    company.fault(**fault, count=1)

    code = rehearsed(company, wish(tmp_path))

    told = capsys.readouterr()
    assert (code, snapshot(company)) == (3, before)
    assert "vapi-sms: the rehearsal was cut short: " in told.err
    assert f"{SILENT} is back as it was found." in told.out


def test_a_key_that_may_not_write_does_nothing(
    company: RunningSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first write gives the number what it has: where that is refused, there is nothing to put back."""
    before = snapshot(company)
    company.fault(vendor="twilio", method="POST", status=403, count=None)

    code = rehearsed(company, wish(tmp_path))

    assert (code, snapshot(company)) == (3, before)
    assert "cut short" in capsys.readouterr().err
    assert not Files(tmp_path / "spare.json").report.exists()


@pytest.mark.parametrize("nth", [2, 5, 20, 60])
def test_ctrl_c_puts_everything_back(company: RunningSandbox, tmp_path: Path, nth: int) -> None:
    """Wherever it comes; what Vapi writes late meanwhile is waited for. What was seen is told."""
    company.behaviour(late_writes_ms=4000, patch_rewrites_voice=True, delete="resets")
    before = snapshot(company)

    code = rehearsed(company, wish(tmp_path), pace=InterruptingPace(company, at={nth}))
    company.advance(60)

    assert (code, snapshot(company)) == (3, before)


def test_what_could_not_be_put_back_is_named_with_the_command(
    company: RunningSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twilio takes nothing any more: exit code 1, and `vapi-sms restore` does it later."""
    before = snapshot(company)
    company.fault(vendor="twilio", method="POST", status=503, skip=3, count=None)

    code = rehearsed(company, wish(tmp_path))
    told = capsys.readouterr()
    company.clear_faults()
    ran = vapi_sms(company, "restore", tmp_path / "spare.json", "--yes")

    assert code == 1
    assert f"vapi-sms: {SILENT} is not all back: " in told.err
    assert f"To put it back: vapi-sms restore {tmp_path / 'spare.json'}" in told.err
    assert "is back as it was found" not in told.out
    assert (ran.code, snapshot(company)) == (0, before)


def test_a_second_ctrl_c_says_how_to_go_on(
    company: RunningSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """While it is put back: the backup is what is left, and it is enough."""
    before = snapshot(company)
    company.behaviour(late_writes_ms=4000, delete="resets")

    code = rehearsed(company, wish(tmp_path), pace=InterruptingPace(company, at={20, 21}))
    company.advance(60)
    ran = vapi_sms(company, "restore", tmp_path / "spare.json", "--yes")

    assert code == 1
    assert "putting it back was interrupted" in capsys.readouterr().err
    assert (ran.code, snapshot(company)) == (0, before)


def test_what_somebody_else_writes_meanwhile_is_theirs(
    company: RunningSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends the rehearsal, and stays: texts are told as not back; calls are, and Vapi does not know the number."""
    before = snapshot(company)

    code = rehearsed(company, wish(tmp_path), pace=MeddlingPace(company, at={30}, sms_url=FOREIGN))

    after, told = snapshot(company), capsys.readouterr().err
    changed = {
        name for name, value in after["numbers"][SILENT].items() if value != before["numbers"][SILENT][name]
    }
    assert code == 1
    assert "somebody else writes to this number" in told
    assert f"texts to {SILENT} stay answered by Webhook https://new.example.com/sms?key=***" in told
    assert "sms_url" in changed
    assert changed <= {"sms_url", "sms_fallback_url"}
    assert after["vapi"] == {}


def test_a_number_that_is_moved_away_meanwhile_is_named(
    company: RunningSandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody released it, or moved it to another account: nothing of it can be put back from here."""
    code = rehearsed(company, wish(tmp_path), pace=MeddlingPace(company, at={30}, account=OTHER_AC))

    assert code == 1
    assert f"{SILENT} is not on this Twilio account any more" in capsys.readouterr().err


def test_lagging_readings_are_told_and_mislead_nobody(company: RunningSandbox, tmp_path: Path) -> None:
    """What we wrote ourselves tells how far Twilio's readings are behind; marks are waited for."""
    company.behaviour(reads_lag_ms={"twilio": 40})
    wished = wish(tmp_path, patience=1)

    code = rehearsed(company, wished, pace=InterruptingPace(company, real=True))

    assert code == 0
    assert switches(wished)["patch_rewrites_voice"] is False
    assert "ms behind our own writes" in Files(wished.backup).report.read_text()


@pytest.mark.parametrize(("kind", "code"), [(signal.SIGTERM, 3), (signal.SIGINT, 3), (signal.SIGKILL, -9)])
def test_a_process_that_is_ended(
    company: RunningSandbox, tmp_path: Path, kind: signal.Signals, code: int
) -> None:
    """By a build's end or Ctrl-C it puts the number back itself; killed, it leaves that to its backup."""
    before, file = snapshot(company), tmp_path / "spare.json"
    company.fault(vendor="vapi", method="PATCH", hold="after", count=1)
    env = {name: value for name, value in environment(company).items() if value} | {"PATH": "/nowhere"}
    command: list[str | Path] = [COMMAND, "rehearse", SILENT, "--backup", file, "--without-secrets", *QUICK]

    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while not company.held():
            time.sleep(0.05)
        process.send_signal(kind)
        if kind is not signal.SIGKILL:
            time.sleep(0.2)
        company.release("drop")
        process.communicate(timeout=60)

    assert process.returncode == code
    if kind is signal.SIGKILL:
        assert snapshot(company) != before
        assert vapi_sms(company, "restore", file, "--yes").code == 0
    assert snapshot(company) == before
