"""The backup file: JSON with a schema number, and each record sealed, or without the secrets in its URLs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.backup.sealing import MOST, Salted, Seal
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.describe import original_line
from vapi_sms.core.documents import NoDocument, read_json
from vapi_sms.core.errors import BadInput
from vapi_sms.core.redact import redacted_url
from vapi_sms.core.service_answers import original_line as service_line
from vapi_sms.core.services import ServiceOriginal
from vapi_sms.core.values import Original
from vapi_sms.resources.service_state import dump_service, load_service
from vapi_sms.resources.state import dump_original, load_original

SCHEMA = 1
MARK = "vapiSmsBackup"
"""The key that tells a backup from other files; its value is the schema number."""
_URLS = ("url", "fallbackUrl", "statusCallback")

Record = dict[str, Any]


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class _Key(_Strict):
    """How the passphrase becomes the key."""

    kdf: Literal["scrypt"]
    salt: str
    cost: Annotated[int, Field(ge=2, le=MOST)]
    block: Annotated[int, Field(ge=1, le=8)]
    parallel: Annotated[int, Field(ge=1, le=8)]

    def salted(self) -> Salted:
        return Salted(base64.b64decode(self.salt), self.cost, self.block, self.parallel)


class _Entry(_Strict):
    """One number or service: what people may read, and its record, `sealed` or without the fields `left_out`."""

    name: str
    account_sid: str
    summary: str
    sealed: str | None = None
    record: Record | None = None
    left_out: list[str] = Field(default_factory=list)


class _File(_Strict):
    schema_number: Annotated[int, Field(alias=MARK)] = SCHEMA
    made_at: str
    of: str
    secrets: Literal["encrypted", "left out"]
    key: _Key | None = None
    numbers: dict[str, _Entry]
    services: dict[str, _Entry]


def dumped(held: Held, passphrase: str | None) -> str:
    """Give a backup's text; without a passphrase secrets are left out."""
    salted = Salted.anew()
    seal = None if passphrase is None else Seal(passphrase, salted)
    numbers = sorted(held.numbers, key=lambda record: record.number)
    file = _File(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        of=held.of,
        secrets="left out" if seal is None else "encrypted",
        key=None if seal is None else _key(salted),
        numbers={record.sid: _number(record, seal) for record in numbers},
        services={record.sid: _service(record, seal) for record in held.services},
    )
    return file.model_dump_json(by_alias=True, exclude_none=True, indent=2) + "\n"


def loaded(document: Record, name: str, passphrase: Callable[[], str]) -> Held:
    """Read a backup's JSON; `passphrase` is asked for where records are sealed. Raises NothingToTell."""
    if isinstance(document.get(MARK), int) and document[MARK] > SCHEMA:
        raise NothingToTell(f"{name} was written by a newer vapi-sms: install that version")
    try:
        file = _File.model_validate(document)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise NothingToTell(f"{name} is no whole backup: {where}: {first['msg']}") from None
    seal = None
    if file.key is not None and any(
        each.sealed for each in (*file.numbers.values(), *file.services.values())
    ):
        seal = _seal(file.key, passphrase(), name)
    unusable: dict[str, str] = {}
    numbers = _usable(file.numbers, seal, name, unusable)
    services = _usable(file.services, seal, name, unusable)
    try:
        return Held(
            f"the backup of {file.of} of {file.made_at}",
            tuple(load_original(record) for record in numbers),
            tuple(found for record in services if (found := load_service(record)) is not None),
            unusable=unusable,
        )
    except (BadInput, KeyError, TypeError, ValueError, AttributeError) as damaged:
        why = f": {damaged}" if isinstance(damaged, BadInput) else ""
        raise NothingToTell(f"{name} holds a record that cannot be read{why}") from None


def _seal(key: _Key, passphrase: str, name: str) -> Seal:
    try:
        return Seal(passphrase, key.salted())
    except ValueError:
        raise NothingToTell(f"{name} is no whole backup: key: nothing can be made of it") from None


def _key(salted: Salted) -> _Key:
    return _Key(
        kdf="scrypt",
        salt=base64.b64encode(salted.salt).decode(),
        cost=salted.cost,
        block=salted.block,
        parallel=salted.parallel,
    )


def _number(original: Original, seal: Seal | None) -> _Entry:
    return _entry(
        original.number, original.account_sid, original_line(original), dump_original(original), seal
    )


def _service(original: ServiceOriginal, seal: Seal | None) -> _Entry:
    return _entry(str(original), original.account_sid, service_line(original), dump_service(original), seal)


def _entry(name: str, account_sid: str, summary: str, record: Record, seal: Seal | None) -> _Entry:
    if seal is not None:
        return _Entry(name=name, account_sid=account_sid, summary=summary, sealed=seal.close(record))
    left_out: list[str] = []
    shown = _without_secrets(record, (), left_out)
    return _Entry(name=name, account_sid=account_sid, summary=summary, record=shown, left_out=left_out)


def _without_secrets(value: Any, path: tuple[str, ...], left_out: list[str]) -> Any:  # noqa: ANN401 any JSON
    """Hide what a URL holds besides its address; note where."""
    if isinstance(value, Mapping):
        return {key: _without_secrets(inner, (*path, key), left_out) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_secrets(inner, (*path, str(n)), left_out) for n, inner in enumerate(value)]
    if not path or path[-1] not in _URLS or redacted_url(value) == value:
        return value
    left_out.append(".".join(path))
    return redacted_url(value)


def _usable(
    entries: Mapping[str, _Entry], seal: Seal | None, name: str, unusable: dict[str, str]
) -> list[Record]:
    """Give the whole records; of the others, say why they are not."""
    found = []
    for sid, entry in entries.items():
        if entry.left_out:
            unusable[entry.name] = (
                f"{', '.join(entry.left_out)} left out of the backup (--without-secrets), and a routing is put back "
                f"whole or not at all; it was {entry.summary}"
            )
        elif entry.sealed is not None and seal is not None:
            found.append(seal.open(entry.sealed, name))
        elif entry.record is not None:
            found.append(entry.record)
        else:
            raise NothingToTell(f"{name} is no whole backup: {sid} has no record")
    return found


def parsed(text: str) -> Record | None:
    """Give a text's JSON object, or nothing where it is none."""
    try:
        document = read_json(text)
    except NoDocument:
        return None
    return document if isinstance(document, dict) else None
