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
        if not force:
            # Whoever was quicker is told from here on, whatever file system this is.
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        refuse_existing(file)
        raise
    except OSError as trouble:
        raise _cannot(file, trouble) from None
    try:
        _replace(file, text)
    except OSError as trouble:
        if not force:
            file.unlink(missing_ok=True)
        raise _cannot(file, trouble) from None


def _replace(file: Path, text: str) -> None:
    # mkstemp gives mode 0600.
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _cannot(file: Path, trouble: OSError) -> NothingToTell:
    return NothingToTell(f"cannot write {file}: {trouble.strerror}")
