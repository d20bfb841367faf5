"""The first form of a backup (schema 1): each record sealed by itself. Still read, never written.

Nothing in it says which records there were, so one that is gone is not missed. What is there is bound to its key and
name by what was sealed: an entry that stands in another one's place is refused, as is one that is not sealed at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

from pydantic import Field

from vapi_sms.cli.backup.form import (
    NOT_SEALED,
    Entry,
    Key,
    Record,
    Shown,
    Strict,
    loaded_record,
    read_form,
    whole_records,
)
from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.backup.sealing import Seal
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.services.pool import ServiceOriginal
from vapi_sms.core.values import Original
from vapi_sms.resources.record.state import load_original
from vapi_sms.resources.service.state import load_service

Found = TypeVar("Found", bound=Original | ServiceOriginal)

_NOT_BOUND = (
    "It is of the first form, in which each record is sealed, and not which records there were: see that all of your "
    "numbers are in it, and write it anew with `vapi-sms backup`."
)


class _Sealed(Shown):
    sealed: str
    left_out: list[str] = Field(default_factory=list, max_length=0)


class _File(Strict):
    vapi_sms_backup: Literal[1]
    made_at: str
    of: str


class _EncryptedFile(_File):
    secrets: Literal["encrypted"]
    key: Key
    numbers: dict[str, _Sealed]
    services: dict[str, _Sealed]


class _ClearFile(_File):
    secrets: Literal["left out"]
    numbers: dict[str, Entry]
    services: dict[str, Entry]


def loaded(document: Record, name: str, passphrase: Callable[[], str]) -> Held:
    """Read a file of the first form; raises NothingToTell."""
    if document.get("secrets") == "left out":
        return _clear(read_form(_ClearFile, document, name), name)
    _refuse_unsealed(document, name)
    file = read_form(_EncryptedFile, document, name)
    seal = file.key.seal(passphrase(), name)
    return Held(
        f"the backup of {file.of} of {file.made_at}",
        tuple(_opened(seal, sid, entry, load_original, name) for sid, entry in file.numbers.items()),
        tuple(_opened(seal, sid, entry, load_service, name) for sid, entry in file.services.items()),
        caution=_NOT_BOUND,
    )


def _clear(file: _ClearFile, name: str) -> Held:
    unusable: dict[str, str] = {}
    numbers, services = whole_records(file.numbers, unusable), whole_records(file.services, unusable)
    return Held(
        f"the backup of {file.of} of {file.made_at}",
        tuple(loaded_record(load_original, record, name) for record in numbers),
        tuple(loaded_record(load_service, record, name) for record in services),
        unusable=unusable,
        caution=NOT_SEALED,
    )


def _refuse_unsealed(document: Record, name: str) -> None:
    """Say it of the whole file: whoever put a record of their own into it may have changed the rest, too."""
    for kind in ("numbers", "services"):
        entries = document.get(kind)
        for entry in entries.values() if isinstance(entries, Mapping) else ():
            if isinstance(entry, Mapping) and not isinstance(entry.get("sealed"), str):
                raise NothingToTell(
                    f"{name} says that it is encrypted, and holds a record that is not sealed: somebody changed it, so "
                    "nothing of it is used"
                )


def _opened(seal: Seal, sid: str, entry: _Sealed, load: Callable[[Record], Found | None], name: str) -> Found:
    """Open a record, and hold it against the place that it stands in."""
    found = loaded_record(load, seal.open(entry.sealed, name), name)
    called = found.number if isinstance(found, Original) else str(found)
    if (found.sid, called, found.account_sid) != (sid, entry.name, entry.account_sid):
        raise NothingToTell(
            f"{name} was changed since it was written: what is sealed under {sid} is another number or service, so "
            "nothing of it is used"
        )
    return found
