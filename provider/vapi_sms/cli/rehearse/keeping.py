"""Keeping: the backup of a number that is rehearsed on, and the two files beside it.

The backup is written before anything else is, and anew whenever what `vapi-sms restore` has to know grows: as long as a
number bears marks of ours, those are ours to take away again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vapi_sms.cli.backup.file import dumped
from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.cli.files import refuse_existing, refuse_no_folder, write_new, write_private
from vapi_sms.core.values import Original

_ENDS = (".behaviour.yaml", ".report.md")


@dataclass(frozen=True, slots=True)
class Files:
    """Where everything is written."""

    backup: Path

    @property
    def behaviour(self) -> Path:
        """Where the sandbox's switches go."""
        return self.backup.with_suffix(_ENDS[0])

    @property
    def report(self) -> Path:
        """Where the report for an issue goes."""
        return self.backup.with_suffix(_ENDS[1])

    def refuse(self) -> None:
        """Raise NothingToTell where any of them is there, or cannot be."""
        refuse_no_folder(self.backup, "the backup", NothingToTell)
        for file in (self.backup, self.behaviour, self.report):
            refuse_existing(file, NothingToTell)


@dataclass
class Keeper:
    """Writes the backup, first anew and then over its own."""

    files: Files
    of: str
    passphrase: str | None
    latest: Original | None = None

    def keep(self, original: Original) -> None:
        """Write the number's record; what was written before stands until this is on the disk whole."""
        text = dumped(Held(self.of, (original,)), self.passphrase)
        if self.latest is None:
            write_new(self.files.backup, text, NothingToTell, is_private=True)
        else:
            write_private(self.files.backup, text, NothingToTell)
        self.latest = original
