"""Somebody may write to a backup and does not know its passphrase: nothing that they change is ever put back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.backup.company import PASSPHRASE, SEALED, import_by_hand, snapshot, vapi_sms, writes
from tests.engine.world import AC, HIDDEN, MG, STUDIO, WEBHOOK

if TYPE_CHECKING:
    from collections.abc import Callable

    from vapi_sms.sandbox import RunningSandbox

    from tests.cli.backup.company import Ran

    Json = dict[str, Any]
    Change = Callable[[Json], Json | None]

FIRST_FORM = Path(__file__).parents[2] / "fixtures/backup-v1"
"""Backups as the first release wrote them: three numbers and two services of this company."""
STRANGER = "https://stranger.example.net/sms"
CHANGED = "was changed since it was written"
NOTHING_USED = "so nothing of it is used"
WRONG = "does not open with this passphrase: give the one that it was written with"


@pytest.fixture
def kept(company: RunningSandbox, tmp_path: Path) -> Path:
    """Give a backup of two numbers, which Vapi's import has taken since."""
    file = tmp_path / "before.json"
    assert vapi_sms(company, "backup", "--account", WEBHOOK, STUDIO, "--output", file, *SEALED).code == 0
    import_by_hand(company, WEBHOOK, STUDIO)
    company.clear_journal()
    return file


def record_of(number: str, sid: str) -> Json:
    """Give a record that would route a number's texts to a stranger."""
    return {
        "schema": 1,
        "sid": sid,
        "number": number,
        "accountSid": AC,
        "orgId": "",
        "messaging": {"url": STRANGER},
        "voice": {"url": STRANGER},
        "source": "captured",
    }


def entry(file: Json, number: str) -> tuple[str, Json]:
    """Give a number's SID and entry."""
    return next((sid, found) for sid, found in file["numbers"].items() if found["name"] == number)


def on(number: str, **changes: object) -> Change:
    """Change fields of a number's entry."""
    return lambda file: entry(file, number)[1].update(changes)


def swap(file: Json) -> None:
    """Let two entries change places."""
    (one, first), (two, second) = entry(file, WEBHOOK), entry(file, STUDIO)
    file["numbers"] |= {one: second, two: first}


def unseal(file: Json) -> None:
    """Put a record of one's own in the place of a number's."""
    sid, found = entry(file, STUDIO)
    found["record"] = record_of(STUDIO, sid)
    found.pop("sealed", None)


def as_left_out(file: Json) -> Json:
    """Make a file of it that says that it is not encrypted, with a record of one's own."""
    sid, found = entry(file, STUDIO)
    found = {**found, "record": record_of(STUDIO, sid)}
    found.pop("sealed", None)
    rest = {key: file[key] for key in file if key not in ("key", "sealed")}
    return {**rest, "secrets": "left out", "numbers": {sid: found}, "services": {}}


def as_state(_: Json) -> Json:
    """Put what looks like a stack's state in its place."""
    resource = {
        "urn": "urn:pulumi:prod::texts::pulumi-python:dynamic/vapi:OriginalRoutings::x",
        "type": "pulumi-python:dynamic/vapi:OriginalRoutings",
        "outputs": {"originals": {"PN1": record_of(STUDIO, "PN1")}},
    }
    return {"deployment": {"resources": [resource]}}


def renamed(file: Json) -> None:
    """Let the same entry stand for another number."""
    sid, _ = entry(file, STUDIO)
    file["numbers"]["PN" + "9" * 32] = file["numbers"].pop(sid)


def without(number: str) -> Change:
    """Drop an entry."""
    return lambda file: file["numbers"].pop(entry(file, number)[0])


def top(**changes: object) -> Change:
    """Change what stands at the top; None takes it away."""

    def change(file: Json) -> Json:
        return {key: value for key, value in {**file, **changes}.items() if value is not None}

    return change


CHANGES: dict[str, tuple[Change, str]] = {
    "a summary": (on(STUDIO, summary="texts: nobody; calls: nobody; not in Vapi"), f"{CHANGED}: numbers"),
    "a name": (on(STUDIO, name="+14155550199"), f"{CHANGED}: numbers"),
    "an account": (on(STUDIO, accountSid="AC" + "9" * 32), f"{CHANGED}: numbers"),
    "entries swapped": (swap, f"{CHANGED}: numbers"),
    "another SID": (renamed, f"{CHANGED}: numbers"),
    "an entry dropped": (without(STUDIO), f"{CHANGED}: numbers"),
    "all dropped": (top(numbers={}), f"{CHANGED}: numbers"),
    "a record that is not sealed": (unseal, "is no whole backup: numbers."),
    "fields left out": (on(STUDIO, leftOut=["messaging.url"]), "is no whole backup: numbers."),
    "when": (top(madeAt="2020-01-01T00:00:00+00:00"), f"{CHANGED}: madeAt"),
    "of what": (top(of="stack prod/prod"), f"{CHANGED}: of"),
    "a service": (
        top(services={MG: {"name": MG, "accountSid": AC, "summary": "x"}}),
        f"{CHANGED}: services",
    ),
    "without a key": (top(key=None), "is no whole backup: key: Field required"),
    "without a seal": (top(sealed=None), "is no whole backup: sealed: Field required"),
    "another kind": (top(secrets="none"), "is no whole backup: secrets: Input should be 'encrypted'"),
    "not encrypted": (as_left_out, "is no encrypted backup, and --passphrase-env says that it is one"),
    "no backup at all": (as_state, "is no encrypted backup, and --passphrase-env says that it is one"),
    "the first form": (top(vapiSmsBackup=1), "says that it is encrypted, and holds a record that is not sealed"),
    "another schema": (top(vapiSmsBackup=3), "was written by a newer vapi-sms: install that version"),
    "no schema": (top(vapiSmsBackup="2"), "is no whole backup: vapiSmsBackup: Input should be 2"),
}  # fmt: skip
COSTS = {
    "less work": {"cost": 2},
    "more work": {"cost": 2**17},
    "too much work": {"cost": 2**30},
    "blocks": {"block": 1},
    "salt": {"salt": "AAAAAAAAAAAAAAAAAAAAAA=="},
    "no salt": {"salt": "*"},
    "no number of work": {"cost": 3},
}


def refused(company: RunningSandbox, file: Path, *args: str) -> Ran:
    """Restore a file that is refused: one line, and nothing is asked of a vendor."""
    ran = vapi_sms(company, "restore", file, "--yes", *(args or SEALED))
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert company.journal() == []
    return ran


@pytest.mark.parametrize(("change", "why"), CHANGES.values(), ids=CHANGES)
def test_a_file_that_was_changed_is_not_used(
    company: RunningSandbox, kept: Path, change: Change, why: str
) -> None:
    """Whatever is changed, whole or in part, is told in one line before anything is read or shown."""
    file = json.loads(kept.read_text())
    kept.write_text(json.dumps(changed_by(change, file)))

    assert why in refused(company, kept).err


def changed_by(change: Change, file: Json) -> Json:
    """Give the file that a change makes, in place or anew."""
    found = change(file)
    return found if isinstance(found, dict) and ("deployment" in found or "vapiSmsBackup" in found) else file


@pytest.mark.parametrize("key", COSTS.values(), ids=COSTS)
def test_the_work_of_a_key_is_no_way_in(company: RunningSandbox, kept: Path, key: Json) -> None:
    """Another salt or other work makes another key; what is no key, or too much work, is refused as it stands."""
    file = json.loads(kept.read_text())
    kept.write_text(json.dumps({**file, "key": {**file["key"], **key}}))

    told = refused(company, kept).err

    assert WRONG in told or "is no whole backup: key" in told


def test_two_backups_are_not_mixed(company: RunningSandbox, kept: Path, tmp_path: Path) -> None:
    """The same passphrase opens both; the sealed part of one with the readable part of the other is neither."""
    other = tmp_path / "other.json"
    made = vapi_sms(company, "backup", "--account", HIDDEN, "--output", other, *SEALED)
    company.clear_journal()
    mine, theirs = json.loads(kept.read_text()), json.loads(other.read_text())

    kept.write_text(json.dumps({**mine, "sealed": theirs["sealed"]}))
    sealed_alone = refused(company, kept).err
    kept.write_text(json.dumps({**mine, "sealed": theirs["sealed"], "key": theirs["key"]}))
    with_its_key = refused(company, kept).err

    assert made.code == 0
    assert WRONG in sealed_alone
    assert CHANGED in with_its_key
    assert f"numbers in it is not what was sealed with it, {NOTHING_USED}" in with_its_key


def test_what_is_put_back_comes_from_what_is_sealed(company: RunningSandbox, kept: Path) -> None:
    """A file that nobody changed comes back whole, also where somebody's editor wrote its JSON anew."""
    kept.write_text(json.dumps(json.loads(kept.read_text()), indent=8, sort_keys=True))

    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED)

    assert (ran.code, ran.err) == (0, "")
    assert company.number(STUDIO)["sms_url"].startswith("https://webhooks.twilio.com")
    assert "not encrypted" not in ran.out


def test_who_restores_what_is_not_encrypted_is_told(company: RunningSandbox, tmp_path: Path) -> None:
    """Without a passphrase nobody can tell who wrote it: one line says so above the table."""
    file = tmp_path / "x.json"
    vapi_sms(company, "backup", "--account", STUDIO, "--without-secrets", "--output", file)

    ran = vapi_sms(company, "restore", file, "--dry-run")

    assert ran.code == 0
    assert "It is not encrypted: whoever could write to this file could change what is put back." in ran.words
    assert "is no encrypted backup" in refused_passphrase(company, file)


def refused_passphrase(company: RunningSandbox, file: Path) -> str:
    """Restore with a passphrase that the file has no use for."""
    company.clear_journal()
    return refused(company, file).err


@pytest.fixture
def first_form(company: RunningSandbox, tmp_path: Path) -> Path:
    """Give an encrypted backup of the first form, of numbers that Vapi's import has taken since."""
    file = tmp_path / "first.json"
    file.write_bytes(FIRST_FORM.joinpath("encrypted.json").read_bytes())
    import_by_hand(company, WEBHOOK, STUDIO)
    company.clear_journal()
    return file


def test_a_backup_of_the_first_form_comes_back(
    company: RunningSandbox, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    """Every record of it, field by field; and a line says what its form does not know."""
    before = snapshot(sandbox)
    file = tmp_path / "first.json"
    file.write_bytes(FIRST_FORM.joinpath("encrypted.json").read_bytes())
    import_by_hand(company, WEBHOOK, STUDIO)

    ran = vapi_sms(company, "restore", file, "--yes", *SEALED)

    assert (ran.code, ran.err) == (0, "")
    assert snapshot(company) == before
    assert (
        "It is of the first form, in which each record is sealed, and not which records there were"
        in ran.words
    )
    assert "write it anew with `vapi-sms backup`" in ran.words


def test_a_backup_of_the_first_form_without_secrets_is_read(company: RunningSandbox) -> None:
    """As it was: what had secrets is refused by field, the rest would come back."""
    ran = vapi_sms(company, "restore", FIRST_FORM / "without-secrets.json", "--dry-run")

    assert ran.code == 1
    assert f"Refused - {WEBHOOK}: messaging.url, messaging.fallbackUrl" in ran.words
    assert "It is not encrypted" in ran.words
    assert writes(company) == []


FIRST_FORM_CHANGES: dict[str, tuple[Change, str]] = {
    "a record that is not sealed": (unseal, "says that it is encrypted, and holds a record that is not sealed"),
    "a record beside the seal": (
        lambda file: entry(file, STUDIO)[1].update(record=record_of(STUDIO, entry(file, STUDIO)[0])),
        "is no whole backup: numbers.",
    ),
    "fields left out": (on(STUDIO, leftOut=["messaging.url"]), "is no whole backup: numbers."),
    "entries swapped": (swap, f"{CHANGED}: what is sealed under PN"),
    "another SID": (renamed, f"{CHANGED}: what is sealed under PN{'9' * 32} is another number or service"),
    "a name": (on(STUDIO, name="+14155550199"), f"{CHANGED}: what is sealed under PN"),
    "an account": (on(STUDIO, accountSid="AC" + "9" * 32), f"{CHANGED}: what is sealed under PN"),
    "without a key": (top(key=None), "is no whole backup: key: Field required"),
    "another kind": (top(secrets="none"), "is no whole backup: secrets: Input should be 'encrypted'"),
    "not encrypted": (as_left_out, "is no encrypted backup, and --passphrase-env says that it is one"),
    "the second form": (top(vapiSmsBackup=2), "is no whole backup: numbers."),
}  # fmt: skip


@pytest.mark.parametrize(("change", "why"), FIRST_FORM_CHANGES.values(), ids=FIRST_FORM_CHANGES)
def test_a_backup_of_the_first_form_that_was_changed_is_not_used(
    company: RunningSandbox, first_form: Path, change: Change, why: str
) -> None:
    """An unsealed record in it counts for the whole file, and each record is bound to its place."""
    file = json.loads(first_form.read_text())
    first_form.write_text(json.dumps(changed_by(change, file)))

    assert why in refused(company, first_form).err


def test_a_sealed_record_of_the_first_form_is_no_backup_of_the_second(
    company: RunningSandbox, first_form: Path
) -> None:
    """The same passphrase and salt: what opens is a record, and no contents of a file."""
    file = json.loads(first_form.read_text())
    sealed = entry(file, STUDIO)[1]["sealed"]
    shown = {
        sid: {key: found[key] for key in ("name", "accountSid", "summary")}
        for sid, found in file["numbers"].items()
    }
    first_form.write_text(
        json.dumps({**file, "vapiSmsBackup": 2, "numbers": shown, "services": {}, "sealed": sealed})
    )

    assert "is no whole backup: file: Field required" in refused(company, first_form).err


def test_the_passphrase_is_not_in_the_file(kept: Path) -> None:
    """Nor is any record."""
    text = kept.read_text()

    assert PASSPHRASE not in text
    assert '"record"' not in text
