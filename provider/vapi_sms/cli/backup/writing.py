"""Writing a backup: whole or not at all, for its owner's eyes only, and over no other file unless told to."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from vapi_sms.cli.doctor.reaching import NothingToTell


def refuse_existing(file: Path) -> None:
    """Raise NothingToTell where a file of this name is there."""
    if file.exists():
        raise NothingToTell(f"{file} is there already: name another file, or write over it with --force")


def write(file: Path, text: str, *, force: bool) -> None:
    """Write a file that only its owner may read; raises NothingToTell where that cannot be."""
    try:
        _write(file, text, force=force)
    except FileExistsError:
        refuse_existing(file)
        raise
    except OSError as trouble:
        raise NothingToTell(f"cannot write {file}: {trouble.strerror}") from None


def _write(file: Path, text: str, *, force: bool) -> None:
    # mkstemp gives mode 0600.
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if force:
            unfinished.replace(file)
        else:
            # Unlike a rename, a link takes no other file's place.
            file.hardlink_to(unfinished)
    finally:
        unfinished.unlink(missing_ok=True)
