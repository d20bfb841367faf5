"""Files: how commands read and write them. What is wrong with one is a line; what is written is whole, or not there.

A new file takes its place at once, when all of it is on the disk. What is no file of its own, such as a pipe or a
device, is written to as it is.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Callable
from pathlib import Path

from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.documents import decoded

STDIN = "-"
MOST = 1 << 28
"""Bytes: more than any preview, state or backup has; a device never ends."""
_READABLE, _OWNERS = 0o666, 0o600

Trouble = Callable[[str], CannotGoOn]


def read(file: str | None, trouble: Trouble = CannotGoOn) -> str:
    """Give a file's text, or that of standard input for None; a byte order mark is no part of it. Raises `trouble`."""
    name = "stdin" if file is None else file
    try:
        if file is None:
            found = b"" if sys.stdin is None else sys.stdin.buffer.read(MOST + 1)
        else:
            with Path(file).open("rb") as stream:
                found = stream.read(MOST + 1)
    except OSError as unreadable:
        raise trouble(f"cannot read {name}: {unreadable.strerror}") from None
    if len(found) > MOST:
        raise trouble(f"cannot read {name}: it is larger than {MOST >> 20} MB")
    try:
        return decoded(found)
    except UnicodeDecodeError:
        raise trouble(f"{name} is not UTF-8 text: save it as UTF-8") from None


def refuse_existing(file: Path, trouble: Trouble = CannotGoOn, or_else: str = "move it away") -> None:
    """Raise `trouble` where anything of this name is there, a link to nothing as well."""
    if os.path.lexists(file):
        raise trouble(f"{file} is there already: name another file, or {or_else}")


def refuse_no_folder(file: Path, what: str, trouble: Trouble = CannotGoOn) -> None:
    """Raise `trouble` where the folder of a file to be is not there."""
    if not os.path.isdir(file.absolute().parent):  # noqa: PTH112 pathlib raises where it may not look
        raise trouble(f"there is no folder {file.parent} for {what}")


def write_new(file: Path, text: str, trouble: Trouble = CannotGoOn, *, is_private: bool = False) -> None:
    """Write a file that is not there yet; raises `trouble` where it came meanwhile, or cannot be written."""
    mode = _OWNERS if is_private else _READABLE
    try:
        # Whoever was quicker is told from here on, whatever file system this is.
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
    except FileExistsError:
        refuse_existing(file, trouble)
        raise AssertionError("unreachable: it is there") from None
    except OSError as unwritable:
        raise _cannot(file, unwritable, trouble) from None
    try:
        _replace(file, text, mode)
    except OSError as unwritable:
        with contextlib.suppress(OSError):
            file.unlink()
        raise _cannot(file, unwritable, trouble) from None


def write_private(file: Path, text: str, trouble: Trouble = CannotGoOn) -> None:
    """Write a file for its owner's eyes, in the place of any other, or of a link; raises `trouble` for all else."""
    try:
        kind = _mode(file)
        if kind is not None and not (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
            raise trouble(f"cannot write {file}: it is a folder, a pipe or a device")
        _replace(file, text, _OWNERS)
    except OSError as unwritable:
        raise _cannot(file, unwritable, trouble) from None


def write_over(file: Path, text: str, trouble: Trouble = CannotGoOn) -> None:
    """Write a file, in the place of one that may be there, where links lead; raises `trouble`, and it is as it was."""
    try:
        target = Path(os.path.realpath(file))
        kind = _mode(target)
        if kind is None:
            _replace(target, text, _READABLE)
        elif stat.S_ISREG(kind):
            _replace_or_fill(target, text, stat.S_IMODE(kind))
        else:
            _fill(target, text)
    except OSError as unwritable:
        raise _cannot(file, unwritable, trouble) from None


def _mode(file: Path) -> int | None:
    try:
        return file.lstat().st_mode
    except FileNotFoundError:
        return None


def _replace_or_fill(file: Path, text: str, mode: int) -> None:
    try:
        _replace(file, text, mode, exactly=True)
    except PermissionError:
        # The file is ours to write, and its folder is not.
        _fill(file, text)


def _replace(file: Path, text: str, mode: int, *, exactly: bool = False) -> None:
    unfinished = file.with_name(f".vapi-sms-{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        if exactly:
            unfinished.chmod(mode)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _fill(file: Path, text: str) -> None:
    with file.open("wb") as stream:
        stream.write(text.encode())


def _cannot(file: Path, unwritable: OSError, trouble: Trouble) -> CannotGoOn:
    return trouble(f"cannot write {file}: {unwritable.strerror}")
