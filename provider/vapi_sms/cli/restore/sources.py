"""Sources: what a file holds that can be put back, whichever of the three kinds it is."""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from vapi_sms.cli.backup.file import is_encrypted, loaded
from vapi_sms.cli.backup.form import MARK, parsed
from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.backup.passphrase import passphrase
from vapi_sms.cli.backup.state import held_in
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.routing import Routing
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes
from vapi_sms.resources.fleet_file.reading import listed, read_fleet_file

STDIN = "-"


def held_in_file(file: str, stack: str | None, passphrase_env: str | None) -> Held:
    """Read a backup, a stack's state or a fleet file, from stdin where it is `-`; raises NothingToTell."""
    name = "stdin" if file == STDIN else file
    text = _text(file)
    document = parsed(text)
    if passphrase_env is not None and not is_encrypted(document):
        # Whoever may write to the file may have put another one in its place.
        raise NothingToTell(
            f"{name} is no encrypted backup, and --passphrase-env says that it is one: leave that out if this file is "
            "what you mean"
        )
    if document is not None and MARK in document:
        return loaded(document, name, partial(passphrase, passphrase_env, name, is_new=False))
    if document is not None and "deployment" in document:
        return held_in(document, name)
    if not text.strip():
        raise NothingToTell(f"{name} is empty: give a backup, a stack's state or a fleet file")
    return _declared(file, text, stack)


def _text(file: str) -> str:
    try:
        return (sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()).decode("utf-8-sig")
    except OSError as trouble:
        raise NothingToTell(f"{file} cannot be read: {trouble.strerror}") from None
    except UnicodeDecodeError:
        raise NothingToTell(f"{file} is no backup, state or fleet file: it is not UTF-8") from None


def _declared(file: str, text: str, stack: str | None) -> Held:
    """Read what a fleet file declares as `restore_to`."""
    if file != STDIN:
        return _declared_in(Path(file), file, stack)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "stdin")
        copy.write_text(text, encoding="utf-8")
        return _declared_in(copy, "stdin", stack)


def _declared_in(path: Path, name: str, stack: str | None) -> Held:
    try:
        fleet = read_fleet_file(path)
        if stack is None and fleet.stacks:
            raise NothingToTell(f"{name} tells stacks apart: write --stack, one of {listed(fleet.stacks)}")
        numbers = fleet.numbers(stack)
    except FleetFileMistakes as mistakes:
        raise NothingToTell(
            f"{name} is neither a backup nor a stack's state, and no fleet file either: {mistakes}"
        ) from None
    declared: dict[str, Routing] = {}
    unusable: dict[str, str] = {}
    for number, options in numbers.items():
        restore_to = options.get("restore_to")
        if isinstance(restore_to, Routing):
            declared[number] = restore_to
        elif restore_to is None:
            unusable[number] = f"{name} declares no restore_to for it"
        else:
            unusable[number] = f"{name} declares that its texts stay at Vapi"
    return Held(f"restore_to in {name}", declared=declared, unusable=unusable)
