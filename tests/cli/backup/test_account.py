"""`vapi-sms backup --account`: an account as it is, before any change, in a file that tells nobody its secrets."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from tests.cli.backup.company import SEALED, import_by_hand, leaked, vapi_sms, writes
from tests.engine.world import AC, APPLICATION, HIDDEN, MG, ORG, STUDIO, STUDIO_FLOW, WEBHOOK

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox


def test_an_account_is_kept_encrypted(company: RunningSandbox, tmp_path: Path) -> None:
    """Every number and service is in the file, readable in words, sealed in its values; nothing is written outside."""
    file = tmp_path / "before.json"

    ran = vapi_sms(company, "backup", "--account", "--output", file, *SEALED)

    kept = json.loads(file.read_text())
    assert ran.code == 0
    numbers = len(kept["numbers"])
    assert numbers > 60
    assert ran.words.startswith(
        f"{file} holds {numbers} numbers and 2 Messaging Services of account {AC}, encrypted"
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (kept["vapiSmsBackup"], kept["secrets"], kept["key"]["kdf"]) == (2, "encrypted", "scrypt")
    told = {entry["name"]: entry["summary"] for entry in kept["numbers"].values()}
    assert told[STUDIO].startswith(
        f"texts: {STUDIO_FLOW}; calls: Webhook https://old.example.com/voice; not in"
    )
    assert MG in kept["services"]
    assert not any("record" in entry for entry in kept["numbers"].values())
    assert leaked(file.read_text()) == []
    assert list(tmp_path.iterdir()) == [file]
    assert writes(company) == []


def test_secrets_are_left_out_on_request(company: RunningSandbox, tmp_path: Path) -> None:
    """What is left out is named, field by field; what holds no secret is whole, and needs no passphrase."""
    file = tmp_path / "before.json"

    ran = vapi_sms(
        company, "backup", "--account", WEBHOOK, STUDIO, "--without-secrets", "--output", file, PHRASE=None
    )

    numbers = {entry["name"]: entry for entry in json.loads(file.read_text())["numbers"].values()}
    assert ran.code == 0
    assert "2 numbers of account" in ran.words
    assert numbers[WEBHOOK]["leftOut"] == [
        "messaging.url",
        "messaging.fallbackUrl",
        "voice.url",
        "voice.statusCallback",
    ]
    assert numbers[WEBHOOK]["record"]["messaging"]["url"].startswith(
        "https://***@old.example.com/sms?token=***"
    )
    assert numbers[STUDIO]["leftOut"] == []
    assert leaked(file.read_text()) == []


def test_a_number_at_vapi_is_no_original(company: RunningSandbox, tmp_path: Path) -> None:
    """Vapi's URL says nothing of who answered before: such a number is left out and named, or refused if asked for."""
    import_by_hand(company, APPLICATION)
    company.outside_number(APPLICATION, sms_application_sid="", sms_url="https://api.vapi.ai/twilio/sms")
    file, other = tmp_path / "before.json", tmp_path / "other.json"

    all_of_it = vapi_sms(company, "backup", "--account", "--output", file, *SEALED)
    this_one = vapi_sms(company, "backup", "--account", APPLICATION, "--output", other, *SEALED)

    assert all_of_it.code == 0
    assert f"left out: {APPLICATION}: texts are at Vapi already" in all_of_it.err
    assert APPLICATION not in file.read_text()
    assert (this_one.code, this_one.err.count("\n")) == (2, 1)
    assert "so nothing is written: texts are at Vapi already" in this_one.err
    assert not other.exists()


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(company: RunningSandbox, tmp_path: Path) -> None:
    """A number, a service, and one whose pool nobody can tell: no record of them would be true."""
    file, sid = tmp_path / "before.json", company.number(WEBHOOK)["sid"]
    hidden = company.number(HIDDEN)["sid"]
    company.fault(path="*/PhoneNumbers", shows={hidden: {"sid": 7}}, count=None)
    company.fault(method="GET", vendor="twilio", shows={sid: {"sms_url": 7}}, count=None)

    ran = vapi_sms(company, "backup", "--account", "--output", file, *SEALED)

    kept = json.loads(file.read_text())
    assert ran.code == 0
    assert sid not in kept["numbers"]
    assert MG not in kept["services"]
    assert f"left out: number {sid}: Twilio's answer about it cannot be read" in ran.words
    assert f"({MG}): Listing the numbers of Messaging Service {MG}: the answer lacks" in ran.words


def test_a_number_whose_record_at_vapi_cannot_be_read_is_not_kept_as_one_without(
    company: RunningSandbox, tmp_path: Path
) -> None:
    """Restored, it would lose what somebody has there."""
    file = tmp_path / "before.json"
    record = company.outside_vapi(
        "create", org=ORG, set={"provider": "twilio", "number": WEBHOOK, "twilioAccountSid": AC}
    )
    company.fault(method="GET", vendor="vapi", shows={record["id"]: {"name": 7}}, count=None)

    ran = vapi_sms(company, "backup", "--account", "--output", file, *SEALED)

    assert f"left out: {WEBHOOK}: Vapi's answer about it" in ran.words
    assert ran.code == 0
    assert WEBHOOK not in file.read_text()


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ((), "write --stack, whose originals to keep, or --account, to keep it as it is now"),
        (("--account", "--stack", "dev"), "write --stack, whose originals to keep, or --account"),
        (("--account", "--without-secrets", *SEALED), "what is left out needs no passphrase"),
        (("--account",), "needs a passphrase, and there is no terminal to ask for it: name the environment"),
        (
            ("--account", "--passphrase-env", "EMPTY"),
            "the environment variable EMPTY holds no passphrase: set it",
        ),
        (("--account", "+14155559999", *SEALED), "+14155559999 cannot be kept, so nothing is written"),
        (("--account", "hello", *SEALED), "'hello' is not in E.164 form"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    company: RunningSandbox, tmp_path: Path, args: tuple[str, ...], complaint: str
) -> None:
    """Nothing is written, and the line says what to write instead."""
    ran = vapi_sms(company, "backup", *args, "--output", tmp_path / "x.json")

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert complaint in ran.err
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_written_over_unless_told_to(company: RunningSandbox, tmp_path: Path) -> None:
    """A backup that is there stays; --force takes its place, with its own mode; a missing folder is told."""
    file = tmp_path / "x.json"
    file.write_text("precious")
    args = ("backup", "--account", STUDIO, "--without-secrets", "--output")

    refused = vapi_sms(company, *args, file)
    precious = file.read_text()
    forced = vapi_sms(company, *args, file, "--force")
    nowhere = vapi_sms(company, *args, tmp_path / "nowhere/x.json")

    assert (refused.code, precious) == (2, "precious")
    assert "is there already: name another file, or write over it with --force" in refused.err
    assert forced.code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (nowhere.code, "there is no folder" in nowhere.err) == (2, True)
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_to_nothing_is_not_written_over_unless_told_to(
    company: RunningSandbox, tmp_path: Path
) -> None:
    """It is something of somebody's; --force puts the file in the link's own place, and nothing where it led."""
    link, target = tmp_path / "x.json", tmp_path / "elsewhere.json"
    link.symlink_to(target)
    args = ("backup", "--account", STUDIO, "--without-secrets", "--output", link)

    refused = vapi_sms(company, *args)
    forced = vapi_sms(company, *args, "--force")

    assert (refused.code, refused.out, refused.err) == (
        2,
        "",
        f"vapi-sms: {link} is there already: name another file, or write over it with --force\n",
    )
    assert forced.code == 0
    assert link.is_file()
    assert not link.is_symlink()
    assert not target.exists()
