"""The backup file: JSON that everybody may read, and what `restore` goes by, sealed as a whole.

What is sealed holds all records, and all that stands in clear beside it. Whoever cannot seal cannot change, add, drop,
rename or move anything: what stands in clear is compared with what was sealed before anything of it is used. A file
without secrets is not sealed, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from vapi_sms.cli.backup import first_form
from vapi_sms.cli.backup.form import (
    MARK,
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
from vapi_sms.cli.backup.sealing import Salted, Seal
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.inert import json_lines, redacted_url
from vapi_sms.core.routings.describe import original_line
from vapi_sms.core.services.answers import original_line as service_line
from vapi_sms.core.services.pool import ServiceOriginal
from vapi_sms.core.values import Original
from vapi_sms.resources.record.state import dump_original, load_original
from vapi_sms.resources.service.state import dump_service, load_service

SCHEMA: Literal[2] = 2
_SEALED = "sealed"
_URLS = ("url", "fallbackUrl", "statusCallback")


class _File(Strict):
    schema_number: Annotated[Literal[2], Field(alias=MARK)] = SCHEMA
    made_at: str
    of: str
    secrets: Literal["encrypted", "left out"]


class _ClearFile(_File):
    secrets: Literal["left out"]
    numbers: dict[str, Entry]
    services: dict[str, Entry]


class _EncryptedFile(_File):
    """`sealed` is missing in the copy that is sealed."""

    secrets: Literal["encrypted"]
    key: Key
    numbers: dict[str, Shown]
    services: dict[str, Shown]
    sealed: str | None = None


class _Contents(Strict):
    """What is sealed: the file as it stands in clear, and a record of each number and service that it names."""

    file: _EncryptedFile
    numbers: dict[str, Record]
    services: dict[str, Record]

    @model_validator(mode="after")
    def _has_each(self) -> _Contents:
        for shown, records in ((self.file.numbers, self.numbers), (self.file.services, self.services)):
            if shown.keys() != records.keys():
                raise ValueError("a number or service without its record")
        return self


def dumped(held: Held, passphrase: str | None) -> str:
    """Give a backup's text; without a passphrase secrets are left out, and nothing is sealed."""
    numbers = sorted(held.numbers, key=lambda record: record.number)
    shown = {record.sid: _shown(record) for record in numbers}
    services = {record.sid: _shown(record) for record in held.services}
    records = {record.sid: dump_original(record) for record in numbers}
    of_services = {record.sid: dump_service(record) for record in held.services}
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    if passphrase is None:
        file: _ClearFile | _EncryptedFile = _ClearFile(
            made_at=made_at,
            of=held.of,
            secrets="left out",
            numbers={sid: _without_secrets(shown[sid], record) for sid, record in records.items()},
            services={sid: _without_secrets(services[sid], record) for sid, record in of_services.items()},
        )
    else:
        salted = Salted.anew()
        clear = _EncryptedFile(
            made_at=made_at,
            of=held.of,
            secrets="encrypted",
            key=Key.of(salted),
            numbers=shown,
            services=services,
        )
        contents = _Contents(file=clear, numbers=records, services=of_services)
        file = clear.model_copy(update={_SEALED: Seal(passphrase, salted).close(_plain(contents))})
    return "".join(f"{each}\n" for each in json_lines(_plain(file)))


def loaded(document: Record, name: str, passphrase: Callable[[], str]) -> Held:
    """Read a backup's JSON; `passphrase` is asked for where it is encrypted. Raises NothingToTell."""
    schema = document.get(MARK)
    if isinstance(schema, int) and schema > SCHEMA:
        raise NothingToTell(f"{name} was written by a newer vapi-sms: install that version")
    if schema == 1:
        return first_form.loaded(document, name, passphrase)
    if document.get("secrets") == "left out":
        return _clear(read_form(_ClearFile, document, name), name)
    return _opened(document, name, passphrase)


def is_encrypted(document: Record | None) -> bool:
    """Tell whether a document is a backup that opens with a passphrase only."""
    return document is not None and MARK in document and document.get("secrets") != "left out"


def _opened(document: Record, name: str, passphrase: Callable[[], str]) -> Held:
    file = read_form(_EncryptedFile, document, name)
    if file.sealed is None:
        raise NothingToTell(f"{name} is no whole backup: {_SEALED}: Field required")
    opened = file.key.seal(passphrase(), name).open(file.sealed, name)
    contents = read_form(_Contents, opened, name)
    _refuse_changed({key: document[key] for key in document if key != _SEALED}, _plain(contents.file), name)
    return Held(
        f"the backup of {contents.file.of} of {contents.file.made_at}",
        tuple(loaded_record(load_original, record, name) for record in contents.numbers.values()),
        tuple(loaded_record(load_service, record, name) for record in contents.services.values()),
    )


def _refuse_changed(clear: Record, sealed: Record, name: str) -> None:
    changed = [key for key in sealed if clear.get(key) != sealed[key]]
    if changed or clear.keys() != sealed.keys():
        raise NothingToTell(
            f"{name} was changed since it was written: {', '.join(changed) or 'something'} in it is not what was "
            "sealed with it, so nothing of it is used: restore from another copy"
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


def _shown(original: Original | ServiceOriginal) -> Shown:
    if isinstance(original, Original):
        name, summary = original.number, original_line(original)
    else:
        name, summary = str(original), service_line(original)
    return Shown(name=name, account_sid=original.account_sid, summary=summary)


def _plain(part: Strict) -> Record:
    found: Record = part.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found


def _without_secrets(shown: Shown, record: Record) -> Entry:
    left_out: list[str] = []
    hidden = _hidden(record, (), left_out)
    return Entry(**shown.model_dump(), record=hidden, left_out=left_out)


def _hidden(value: Any, path: tuple[str, ...], left_out: list[str]) -> Any:  # noqa: ANN401 any JSON
    """Hide what a URL holds besides its address; note where."""
    if isinstance(value, Mapping):
        return {key: _hidden(inner, (*path, key), left_out) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner, (*path, str(n)), left_out) for n, inner in enumerate(value)]
    if not path or path[-1] not in _URLS or redacted_url(value) == value:
        return value
    left_out.append(".".join(path))
    return redacted_url(value)
