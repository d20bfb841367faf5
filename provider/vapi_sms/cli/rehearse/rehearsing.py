"""A rehearsal from what was typed to what is told: refuse, say what will be done, ask, keep, rehearse, give back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.backup.sealing import passphrase, refuse_unable
from vapi_sms.cli.doctor.reaching import NothingToTell, parsed_keys, reached, settings_from
from vapi_sms.cli.files import write_new
from vapi_sms.cli.interrupting import interruptible
from vapi_sms.cli.printing import EMPTY, ask, can_ask, complain, say
from vapi_sms.cli.rehearse import report
from vapi_sms.cli.rehearse.choosing import (
    Spare,
    choose,
    refuse_missing_application,
    refuse_secrets,
    refuse_unknown_sid,
)
from vapi_sms.cli.rehearse.giving_back import give_back
from vapi_sms.cli.rehearse.keeping import Files, Keeper
from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.errors import ProviderError
from vapi_sms.core.inert import line
from vapi_sms.live.rehearsing import Pace, RealPace, Rehearsal, Wanted
from vapi_sms.live.vendors import Vendors

_NOT_BACK, _CUT_SHORT = 1, 3
INTERRUPTED = "it was interrupted"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed."""

    number: str
    backup: Path
    assistant: str | None
    patience: int
    application: str
    trunk: str
    passphrase_env: str | None
    it_is_spare: bool = False
    without_secrets: bool = False
    yes: bool = False


def begin(wish: Wish, pace: Pace | None = None) -> int:
    """Rehearse as wished, and give the exit code; raises NothingToTell where nothing was done."""
    files = Files(wish.backup)
    key = _refuse_bad(wish, files)
    with reached(settings_from()) as vendors:
        spare = choose(vendors, key, wish.assistant, it_is_spare=wish.it_is_spare)
        refuse_missing_application(vendors, wish.application)
        if wish.without_secrets:
            refuse_secrets(spare.original)
        wanted = Wanted(spare.assistant.id, wish.patience, wish.application, wish.trunk)
        report.announce(spare, wanted, files)
        _ask(wish, spare)
        secret = (
            None if wish.without_secrets else passphrase(wish.passphrase_env, files.backup.name, is_new=True)
        )
        keeper = Keeper(files, f"account {vendors.settings.account_sid}", secret)
        return _rehearse(vendors, spare, wanted, keeper, pace or RealPace())


def _rehearse(vendors: Vendors, spare: Spare, wanted: Wanted, keeper: Keeper, pace: Pace) -> int:
    said = report.Progress(wanted.trials)
    rehearsal = Rehearsal.of(
        vendors, spare.observed, spare.original, wanted, pace=pace, remember=keeper.keep, tell=said.tell
    )
    cause = "it ended by a mistake of its own"
    left: tuple[str, ...] = ()
    with interruptible():
        try:
            cause = _cause(rehearsal)
        finally:
            # Also where a mistake of ours ends it: the number goes back first.
            if keeper.latest is not None:
                left = _given_back(rehearsal, keeper, cause)
    if keeper.latest is None:
        raise NothingToTell(f"nothing was done: {cause}")
    _write(rehearsal, keeper.files, cause)
    if left:
        return _NOT_BACK
    say(line(f"{spare.original.number} is back as it was found."))
    return _CUT_SHORT if cause else 0


def _cause(rehearsal: Rehearsal) -> str:
    """Rehearse, and give what cut it short; nothing where all was tried."""
    try:
        rehearsal.rehearse()
    except KeyboardInterrupt:
        return INTERRUPTED
    except (ProviderError, CannotGoOn) as trouble:
        return str(trouble)
    return ""


def _given_back(rehearsal: Rehearsal, keeper: Keeper, cause: str) -> tuple[str, ...]:
    """Put the number back, and complain of what could not be, with the command that does it."""
    if cause:
        complain(line(f"vapi-sms: the rehearsal was cut short: {cause}"))
    try:
        left = give_back(
            rehearsal.vendors.settings,
            Held(keeper.of, (rehearsal.original,)),
            lambda: rehearsal.pace.wait(rehearsal.wanted.patience),
            was_cut_short=bool(cause),
        )
    except KeyboardInterrupt:
        left = ("putting it back was interrupted",)
    if left:
        complain(
            line(f"vapi-sms: {rehearsal.original.number} is not all back: {'; '.join(left)}"),
            line(f"To put it back: vapi-sms restore {keeper.files.backup}"),
        )
    return left


def _write(rehearsal: Rehearsal, files: Files, cause: str) -> None:
    """Tell what was found out, and write it beside the backup."""
    if not rehearsal.seen:
        return
    found = report.Found.of(rehearsal, cause)
    report.show(found)
    write_new(files.behaviour, report.behaviour(found))
    write_new(files.report, report.as_markdown(found))
    say(
        EMPTY,
        line(f"{files.behaviour} has the sandbox's switches that play this."),
        line(f"{files.report} holds no secret, number, SID or id: please paste it into an issue."),
    )


def _refuse_bad(wish: Wish, files: Files) -> str:
    key = parsed_keys([wish.number])[0]
    if key.startswith("SC"):
        raise NothingToTell(f"{key} is a short code, which Vapi cannot import: name a phone number")
    refuse_unknown_sid(wish.application, "AP", "--application")
    refuse_unknown_sid(wish.trunk, "TK", "--trunk")
    if wish.without_secrets and wish.passphrase_env is not None:
        raise NothingToTell("write --without-secrets or --passphrase-env: what is not encrypted needs none")
    if not wish.without_secrets:
        refuse_unable()
    files.refuse()
    if not (wish.yes or can_ask()):
        raise NothingToTell("nothing was done: there is no terminal to ask, so say --yes")
    if wish.passphrase_env is not None:
        passphrase(wish.passphrase_env, files.backup.name, is_new=True)
    return key


def _ask(wish: Wish, spare: Spare) -> None:
    if not wish.yes and not ask(line(f"Rehearse on {spare.original.number}?")):
        raise NothingToTell("nothing was done")
