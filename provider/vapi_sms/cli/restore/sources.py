"""Sources: what a file holds that can be put back, whichever of the three kinds it is."""

from __future__ import annotations

from functools import partial

from vapi_sms.cli.backup.file import is_encrypted, loaded
from vapi_sms.cli.backup.form import MARK, parsed
from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.backup.sealing import passphrase
from vapi_sms.cli.backup.state import held_in
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.cli.files import STDIN, read
from vapi_sms.core.routings.routing import Routing
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes
from vapi_sms.resources.fleet_file.reading import listed, parse_fleet_file


def held_in_file(file: str, stack: str | None, passphrase_env: str | None) -> Held:
    """Read a backup, a stack's state or a fleet file, from stdin where it is `-`; raises NothingToTell."""
    name = "stdin" if file == STDIN else file
    text = read(None if file == STDIN else file, NothingToTell)
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
    return _declared_in(text, name, stack)


def _declared_in(text: str, name: str, stack: str | None) -> Held:
    """Read what a fleet file declares as `restore_to`."""
    try:
        fleet = parse_fleet_file(text, name)
        if stack is None and fleet.stacks:
            raise NothingToTell(f"{name} tells stacks apart: write --stack, one of {listed(fleet.stacks)}")
        numbers = fleet.numbers(stack)
    except FleetFileMistakes as mistakes:
        first, *others = str(mistakes).splitlines()
        raise NothingToTell(
            f"{name} is neither a backup nor a stack's state, and no fleet file either: {first}", *others
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
