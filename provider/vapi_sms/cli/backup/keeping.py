"""Keeping: from what was typed to a backup file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vapi_sms.cli.backup.account import held_by
from vapi_sms.cli.backup.file import dumped
from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.backup.sealing import passphrase, refuse_unable
from vapi_sms.cli.backup.state import held_in
from vapi_sms.cli.doctor.reaching import NothingToTell, parsed_keys, reached, settings_from
from vapi_sms.cli.doctor.stack import Stack
from vapi_sms.cli.files import refuse_existing, refuse_no_folder, write_new, write_private
from vapi_sms.core.inert import Line, line


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed."""

    numbers: Sequence[str]
    output: Path
    stack: str | None
    folder: Path
    account: bool
    without_secrets: bool
    passphrase_env: str | None
    force: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What a backup holds, and where it is."""

    held: Held
    file: Path
    is_sealed: bool

    def lines(self) -> tuple[Line, ...]:
        """Tell of it."""
        services = len(self.held.services)
        counts = [_count(len(self.held.numbers), "number"), _count(services, "Messaging Service")]
        them = "it" if len(self.held.numbers) + services == 1 else "them"
        how = "encrypted with the passphrase" if self.is_sealed else "without the secrets in their URLs"
        told = (
            f"{self.file} holds {' and '.join(counts if services else counts[:1])} of {self.held.of}, {how}."
        )
        return line(told), line(f"To put {them} back: vapi-sms restore {self.file}")


def keep(wish: Wish) -> Written:
    """Write a backup; raises NothingToTell where there is none to write."""
    _refuse_bad(wish)
    keys = parsed_keys(wish.numbers)
    held = _held(wish, keys)
    missing = [*held.lacks(keys), *(key for key in keys if key in held.unusable)]
    if missing:
        why = held.unusable.get(missing[0], f"{held.of} has no record of it")
        raise NothingToTell(f"{missing[0]} cannot be kept, so nothing is written: {why}")
    if held.is_empty:
        why = "; ".join(f"{name}: {reason}" for name, reason in held.unusable.items())
        raise NothingToTell(f"{held.of} holds nothing to keep" + (f": {why}" if why else ""))
    secret = None
    if not wish.without_secrets:
        secret = passphrase(wish.passphrase_env, wish.output.name, is_new=True)
    text = dumped(held, secret)
    if wish.force:
        write_private(wish.output, text, NothingToTell)
    else:
        write_new(wish.output, text, NothingToTell, is_private=True)
    return Written(held, wish.output, is_sealed=secret is not None)


def _held(wish: Wish, keys: Sequence[str]) -> Held:
    if wish.stack is not None:
        return held_in(Stack(wish.stack, wish.folder).export(), f"stack {wish.stack}").only(keys)
    with reached(settings_from()) as vendors:
        return held_by(vendors, keys)


def _refuse_bad(wish: Wish) -> None:
    if (wish.stack is None) == (not wish.account):
        raise NothingToTell("write --stack, whose originals to keep, or --account, to keep it as it is now")
    if wish.without_secrets and wish.passphrase_env is not None:
        raise NothingToTell(
            "write --without-secrets or --passphrase-env: what is left out needs no passphrase"
        )
    if not wish.without_secrets:
        refuse_unable()
    refuse_no_folder(wish.output, "the backup", NothingToTell)
    if not wish.force:
        refuse_existing(wish.output, NothingToTell, "write over it with --force")


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
