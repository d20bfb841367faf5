"""`vapi-sms restore` after a mess made by hand: everything back from the backup of an account, but what is not ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.backup.company import (
    PASSPHRASE,
    SEALED,
    at_a_terminal,
    import_by_hand,
    snapshot,
    vapi_sms,
    writes,
)
from tests.engine.world import (
    AC,
    APPLICATION,
    DEFERRED,
    FOREIGN,
    HIDDEN,
    MG,
    OTHER_AC,
    OTHER_ORG,
    OTHER_ORG_KEY,
    OTHER_TOKEN,
    SENDER,
    STUDIO,
    TRUNK,
    WEBHOOK,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox

WRONG = (
    "does not open with this passphrase: give the one that it was written with; "
    "if it is, the file was damaged since"
)
BROKEN = (WEBHOOK, STUDIO, APPLICATION, TRUNK)


@pytest.fixture
def kept(company: RunningSandbox, tmp_path: Path) -> Path:
    """Give a backup of the account before anything happened to it."""
    file = tmp_path / "before.json"
    assert vapi_sms(company, "backup", "--account", "--output", file, *SEALED).code == 0
    company.clear_journal()
    return file


def test_everything_comes_back_field_by_field(company: RunningSandbox, kept: Path) -> None:
    """Texts, calls and Vapi's records are as before; only what differed was written, and only once."""
    before = snapshot(company)
    import_by_hand(company, *BROKEN)
    company.outside_number(WEBHOOK, sms_fallback_url="")
    company.clear_journal()

    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED)
    written = writes(company)
    again = vapi_sms(company, "restore", kept, "--yes", *SEALED)

    assert (ran.code, ran.err) == (0, "")
    assert snapshot(company) == before
    assert sorted(entry.split()[0] for entry in written) == ["DELETE"] * 4 + ["POST"] * 4
    assert [line for line in ran.out.splitlines() if line.startswith("put back")] == [
        f"put back: {number}" for number in sorted(BROKEN)
    ]
    assert (again.code, writes(company)) == (0, [])
    assert " numbers with nothing to put back. Nothing is to be written." in again.words


def test_the_plan_is_shown_before_anything_is_written(company: RunningSandbox, kept: Path) -> None:
    """Who answers now, who will, what is left alone; a dry run stops there, and nobody to ask stops it too."""
    import_by_hand(company, STUDIO, WEBHOOK)
    company.outside_number(WEBHOOK, sms_url=FOREIGN)
    company.clear_journal()

    dry = vapi_sms(company, "restore", kept, "--dry-run", *SEALED)
    unasked = vapi_sms(company, "restore", kept, *SEALED)

    row = next(line for line in dry.out.splitlines() if line.startswith(STUDIO)).split("  ")
    columns = [part.strip() for part in row if part.strip()]
    assert dry.code == 0
    assert columns[:3] == [STUDIO, "Vapi assistant Support", f"Studio Flow FW{'b' * 32}"]
    assert "calls from Vapi to Webhook" in dry.words
    assert (
        f"Left alone - texts to {WEBHOOK} stay answered by Webhook https://new.example.com/sms?key=*** (fallback"
        in dry.words
    )
    assert (
        "which is not ours; the recorded original was Webhook https://***@old.example.com/sms?token"
        in dry.words
    )
    assert "A stack that still declares these numbers shows this as drift" in dry.words
    assert dry.out.endswith("This was a dry run: nothing was written.\n")
    assert (unasked.code, unasked.err) == (
        2,
        "vapi-sms: nothing was written: there is no terminal to ask, so say --yes\n",
    )
    assert writes(company) == []


def test_what_is_somebody_elses_by_now_stays(company: RunningSandbox, kept: Path) -> None:
    """Law 4, judged by channel: texts that somebody routed anew stay, calls that Vapi took come back."""
    before = snapshot(company)
    import_by_hand(company, WEBHOOK)
    company.outside_number(WEBHOOK, sms_url=FOREIGN)

    ran = vapi_sms(company, "restore", kept, WEBHOOK, "--yes", *SEALED)

    after = snapshot(company)
    assert ran.code == 0
    assert after["numbers"][WEBHOOK]["sms_url"] == FOREIGN
    assert after["numbers"][WEBHOOK]["voice_url"] == before["numbers"][WEBHOOK]["voice_url"]
    assert after["vapi"] == before["vapi"] == {}


def test_one_number_comes_back_and_the_others_stay(company: RunningSandbox, kept: Path) -> None:
    """Named numbers only; one that the backup does not hold is told before anything is written."""
    import_by_hand(company, STUDIO, TRUNK)
    company.clear_journal()

    unknown = vapi_sms(company, "restore", kept, STUDIO, "+14155559999", "--yes", *SEALED)
    untouched = writes(company)
    one = vapi_sms(company, "restore", kept, STUDIO, "--yes", *SEALED)

    assert (unknown.code, untouched) == (2, [])
    assert "+14155559999 is not in the backup of account" in unknown.err
    assert one.code == 0
    assert company.number(STUDIO)["sms_url"].startswith("https://webhooks.twilio.com")
    assert company.number(TRUNK)["sms_url"] == "https://api.vapi.ai/twilio/sms"


def test_a_service_answers_again_after_its_number_left_vapi(company: RunningSandbox, kept: Path) -> None:
    """A service was made to defer, and its number is at Vapi: texts meet Vapi, then what the service called."""
    before = snapshot(company)
    company.outside("service", sid=MG, set={"use_inbound_webhook_on_number": True})
    import_by_hand(company, HIDDEN, DEFERRED)
    vapi_answers = company.text(SENDER, HIDDEN, "hello")["answered_by"]
    company.clear_journal()

    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED)

    written = [entry for entry in company.journal() if entry["method"] != "GET"]
    texts = [entry["parameters"].get("SmsUrl") or entry["path"] for entry in written]
    assert "Vapi" in vapi_answers
    assert ran.code == 0, ran.words
    assert snapshot(company) == before
    hidden = [text for text in texts if "hidden" in text or "***@" in text or MG in text]
    assert len(hidden) == 3, texts
    assert MG in hidden[1]


def test_a_number_alone_does_not_wake_what_slept(company: RunningSandbox, kept: Path) -> None:
    """While the service that hid a number defers, the number gets the service's handler, not its own of long ago."""
    answered = company.text(SENDER, HIDDEN, "hello")["answered_by"]
    company.outside("service", sid=MG, set={"use_inbound_webhook_on_number": True})
    import_by_hand(company, HIDDEN)
    company.clear_journal()

    ran = vapi_sms(company, "restore", kept, HIDDEN, "--yes", *SEALED)

    assert ran.code == 0
    assert company.text(SENDER, HIDDEN, "hello")["answered_by"] == answered
    assert "hidden" not in company.number(HIDDEN)["sms_url"]
    assert not any(MG in write for write in writes(company))


def test_a_wrong_passphrase_is_one_line(company: RunningSandbox, kept: Path) -> None:
    """Nothing is read at the vendors, and nothing of the file is told."""
    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED, PHRASE="another")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"vapi-sms: {kept} {WRONG}\n"
    assert company.journal() == []


def test_what_was_left_out_is_refused_and_the_rest_comes_back(
    company: RunningSandbox, tmp_path: Path
) -> None:
    """Of a backup without secrets, routings that had some are refused whole, by field; exit code 1 says so."""
    file = tmp_path / "x.json"
    vapi_sms(company, "backup", "--account", WEBHOOK, STUDIO, "--without-secrets", "--output", file)
    before = snapshot(company)
    import_by_hand(company, WEBHOOK, STUDIO)
    switched = company.number(WEBHOOK)

    ran = vapi_sms(company, "restore", file, "--yes")

    assert ran.code == 1
    assert f"Refused - {WEBHOOK}: messaging.url, messaging.fallbackUrl, voice.url" in ran.words
    assert (
        "left out of the backup (--without-secrets), and a routing is put back whole or not at all"
        in ran.words
    )
    assert company.number(WEBHOOK) == switched
    assert snapshot(company)["numbers"][STUDIO] == before["numbers"][STUDIO]


def test_other_credentials_are_refused(company: RunningSandbox, kept: Path) -> None:
    """Law 14: another account's or org's key puts nothing back and says whose key is needed."""
    import_by_hand(company, STUDIO)
    company.clear_journal()

    account = vapi_sms(
        company,
        *("restore", kept, STUDIO, "--yes", *SEALED),
        TWILIO_ACCOUNT_SID=OTHER_AC,
        TWILIO_AUTH_TOKEN=OTHER_TOKEN,
    )
    org = vapi_sms(company, "restore", kept, STUDIO, "--yes", *SEALED, VAPI_API_KEY=OTHER_ORG_KEY)
    none = vapi_sms(
        company,
        *("restore", kept, STUDIO, "--yes", *SEALED),
        TWILIO_ACCOUNT_SID=None,
        TWILIO_AUTH_TOKEN=None,
        VAPI_API_KEY=None,
    )

    assert (account.code, org.code, none.code) == (1, 1, 2)
    assert f"{STUDIO} was set up in Twilio account {AC}" in account.words
    assert f"this VAPI_API_KEY is for org {OTHER_ORG}" in org.words
    assert "no credentials" in none.err
    assert writes(company) == []


def test_each_number_fails_by_itself(company: RunningSandbox, kept: Path) -> None:
    """What Twilio refuses is named, and the others are put back; the exit code says that it is not all."""
    import_by_hand(company, APPLICATION, STUDIO)
    company.outside(
        "application",
        sid=company.number(APPLICATION)["voice_application_sid"] or "AP" + "a" * 32,
        delete=True,
    )

    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED)

    assert ran.code == 1
    assert f"put back: {STUDIO}" in ran.out
    assert f"Not put back - {APPLICATION} is not put back: Twilio refuses the recorded routing" in ran.words
    assert company.number(STUDIO)["sms_url"].startswith("https://webhooks.twilio.com")


def test_a_terminal_is_asked(company: RunningSandbox, kept: Path) -> None:
    """Without --yes a person decides: no writes nothing, yes puts back; no engine is on PATH."""
    import_by_hand(company, STUDIO)
    company.clear_journal()

    no = at_a_terminal(company, "restore", kept, STUDIO, *SEALED, answers={"[y/N]: ": "n"})
    untouched = writes(company)
    yes = at_a_terminal(company, "restore", kept, STUDIO, *SEALED, answers={"[y/N]: ": "y"})

    assert (no.code, untouched) == (2, [])
    assert no.out.endswith("Put this back? [y/N]: vapi-sms: nothing was written\n")
    assert yes.code == 0, yes.words
    assert len(writes(company)) == 2


def test_what_changed_since_the_plan_is_not_touched(
    company: RunningSandbox, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what was shown is done: a number that somebody changed while the question stood is left for another run."""
    import_by_hand(company, STUDIO, TRUNK)
    company.clear_journal()

    def slowly(*_: object) -> None:
        """Take longer to answer than a reading stays fresh, while somebody edits."""
        monkeypatch.setattr("vapi_sms.live.vendors.READING_STAYS_FRESH", -1.0)
        company.outside_number(STUDIO, sms_url="")

    monkeypatch.setattr("vapi_sms.cli.restore.restoring._ask", slowly)

    ran = vapi_sms(company, "restore", kept, "--yes", *SEALED)

    assert ran.code == 1
    assert f"{STUDIO}: changed since the plan was shown, so it is not touched" in ran.words
    assert company.number(STUDIO)["voice_url"] == "https://api.vapi.ai/twilio/inbound_call"
    assert company.number(TRUNK)["trunk_sid"]


def test_a_damaged_or_newer_backup_is_one_line(company: RunningSandbox, kept: Path, tmp_path: Path) -> None:
    """What is missing is named by its place in the file; a newer version's file asks for that version."""
    whole = json.loads(kept.read_text())
    files = [tmp_path / f"{name}.json" for name in ("damaged", "newer", "unsalted", "twisted")]
    damaged, newer, unsalted, twisted = files
    damaged.write_text(json.dumps({**whole, "numbers": 1}))
    newer.write_text(json.dumps({**whole, "vapiSmsBackup": 3}))
    unsalted.write_text(json.dumps({**whole, "key": {**whole["key"], "salt": "AAA", "cost": 65537}}))
    whole["sealed"] = whole["sealed"][:-8] + "AAAAAAA="
    twisted.write_text(json.dumps(whole))

    said = [vapi_sms(company, "restore", file, *SEALED).err for file in files]

    assert said == [
        f"vapi-sms: {damaged} is no whole backup: numbers: Input should be a valid dictionary\n",
        f"vapi-sms: {newer} was written by a newer vapi-sms: install that version\n",
        f"vapi-sms: {unsalted} is no whole backup: key: nothing can be made of it\n",
        f"vapi-sms: {twisted} {WRONG}\n",
    ]


def test_a_passphrase_is_asked_for_at_a_terminal(company: RunningSandbox, tmp_path: Path) -> None:
    """Typed twice for a new file, and never shown."""
    file = tmp_path / "x.json"
    answers = {"Passphrase for x.json: ": PASSPHRASE, "Repeat for confirmation: ": PASSPHRASE}

    ran = at_a_terminal(company, "backup", "--account", STUDIO, "--output", file, answers=answers)

    assert ran.code == 0, ran.words
    assert vapi_sms(company, "restore", file, "--dry-run", *SEALED).code == 0
