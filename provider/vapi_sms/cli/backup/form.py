"""The form of a backup file: what both of its schemas have in common."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from vapi_sms.cli.backup.sealing import MOST, Salted, Seal
from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.core.documents import NoDocument, read_json
from vapi_sms.core.errors import BadInput

MARK = "vapiSmsBackup"
"""The key that tells a backup from other files; its value is the schema number."""
NOT_SEALED = "It is not encrypted: whoever could write to this file could change what is put back."

Record = dict[str, Any]
Form = TypeVar("Form", bound=BaseModel)
Loaded = TypeVar("Loaded")


class Strict(BaseModel):
    """A part of the file that holds nothing else than is said of it."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


class Key(Strict):
    """How the passphrase becomes the key."""

    kdf: Literal["scrypt"] = "scrypt"
    salt: str
    cost: Annotated[int, Field(ge=2, le=MOST)]
    block: Annotated[int, Field(ge=1, le=8)]
    parallel: Annotated[int, Field(ge=1, le=8)]

    @classmethod
    def of(cls, salted: Salted) -> Key:
        """Write down what is no secret of it."""
        salt = base64.b64encode(salted.salt).decode()
        return cls(salt=salt, cost=salted.cost, block=salted.block, parallel=salted.parallel)

    def seal(self, passphrase: str, name: str) -> Seal:
        """Give the seal of a file; raises NothingToTell where this makes no key."""
        try:
            salt = base64.b64decode(self.salt)
            return Seal(passphrase, Salted(salt, self.cost, self.block, self.parallel))
        except (MemoryError, ValueError):
            raise NothingToTell(f"{name} is no whole backup: key: nothing can be made of it") from None


class Shown(Strict):
    """What everybody may read of one number or service."""

    name: str
    account_sid: str
    summary: str


class Entry(Shown):
    """One number or service of a file that is not encrypted: its record, without the fields `left_out`."""

    record: Record
    left_out: list[str] = Field(default_factory=list)


def read_form(form: type[Form], document: Mapping[str, Any], name: str) -> Form:
    """Give a file as it is meant; raises NothingToTell that names the first wrong place, and no value."""
    try:
        return form.model_validate(document)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise NothingToTell(f"{name} is no whole backup: {where}: {first['msg']}") from None


def whole_records(entries: Mapping[str, Entry], unusable: dict[str, str]) -> list[Record]:
    """Give the records of which nothing was left out; of the others, say so."""
    for entry in entries.values():
        if entry.left_out:
            unusable[entry.name] = (
                f"{', '.join(entry.left_out)} left out of the backup (--without-secrets), and a routing is put back "
                f"whole or not at all; it was {entry.summary}"
            )
    return [entry.record for entry in entries.values() if not entry.left_out]


def loaded_record(load: Callable[[Record], Loaded | None], record: Record, name: str) -> Loaded:
    """Give what a record says; raises NothingToTell where nothing can be made of it."""
    try:
        found = load(record)
    except (BadInput, KeyError, TypeError, ValueError, AttributeError) as damaged:
        why = f": {damaged}" if isinstance(damaged, BadInput) else ""
        raise NothingToTell(f"{name} holds a record that cannot be read{why}") from None
    if found is None:
        raise NothingToTell(f"{name} holds a record that cannot be read")
    return found


def parsed(text: str) -> Record | None:
    """Give a text's JSON object, or nothing where it is none."""
    try:
        document = read_json(text)
    except NoDocument:
        return None
    return document if isinstance(document, dict) else None
