"""Restoring by hand: read, plan, show, ask, carry out, report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.doctor.reaching import NothingToTell, one_line, parsed_keys, reached
from vapi_sms.cli.files import STDIN
from vapi_sms.cli.printing import EMPTY, ask, can_ask, say
from vapi_sms.cli.restore import report
from vapi_sms.cli.restore.carrying_out import carry_out
from vapi_sms.cli.restore.planning import Proposal, propose
from vapi_sms.cli.restore.sources import held_in_file
from vapi_sms.core.inert import line
from vapi_sms.live.settings import Settings, resolve_settings


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed."""

    file: str
    numbers: Sequence[str]
    stack: str | None
    passphrase_env: str | None
    yes: bool
    dry_run: bool
    without_vapi: bool = False
    to_account: str | None = None


def put_back(wish: Wish) -> bool:
    """Put back what a file holds; tell whether all of it is as held by now, or would be.

    Raises NothingToTell where nothing could be done at all.
    """
    held = _held(wish)
    settings = _settings(wish, held)
    held = replace(held, to_this_account=wish.to_account is not None)
    with reached(settings) as vendors:
        proposal = propose(held, vendors)
        report.show(held, proposal)
        is_whole = not (proposal.refused or held.unusable)
        if proposal.writes_nothing:
            say(EMPTY, line("Nothing is to be written."))
            return is_whole
        if wish.dry_run:
            say(EMPTY, line("This was a dry run: nothing was written."))
            return is_whole
        _ask(wish, proposal)
        outcome = carry_out(proposal, held, vendors)
    report.report(outcome)
    return is_whole and not outcome.failed


def _settings(wish: Wish, held: Held) -> Settings | None:
    alone = wish.without_vapi or wish.to_account is not None
    with one_line():
        settings = resolve_settings(os.environ, {}, needs_vapi=held.needs_vapi and not alone)
    if settings is None:
        return None
    if wish.to_account not in (None, settings.account_sid):
        raise NothingToTell(
            f"--to-account names {wish.to_account}, and these credentials are for {settings.account_sid}: use those of "
            "the account that the numbers are on now"
        )
    return replace(settings, without_vapi=settings.without_vapi or alone)


def _held(wish: Wish) -> Held:
    keys = parsed_keys(wish.numbers)
    held = held_in_file(wish.file, wish.stack, wish.passphrase_env)
    missing = held.lacks(keys)
    if missing:
        raise NothingToTell(f"{missing[0]} is not in {held.of}, so nothing is put back")
    chosen = held.only(keys)
    if chosen.is_empty:
        why = "; ".join(f"{name}: {reason}" for name, reason in chosen.unusable.items())
        raise NothingToTell(f"{held.of} holds nothing to put back" + (f": {why}" if why else ""))
    return chosen


def _ask(wish: Wish, proposal: Proposal) -> None:
    """Ask whether to go on; raises NothingToTell where the answer is no, or nobody is there to give one."""
    if wish.yes:
        return
    if wish.file == STDIN or not can_ask():
        raise NothingToTell("nothing was written: there is no terminal to ask, so say --yes")
    say(EMPTY)
    if not ask(line(f"Put {_what(proposal)} back?")):
        raise NothingToTell("nothing was written")


def _what(proposal: Proposal) -> str:
    count = len(proposal.numbers.pending) + sum(
        each.planned is not None and not each.planned.is_empty for each in proposal.services
    )
    return "this" if count == 1 else f"these {count:,}"
