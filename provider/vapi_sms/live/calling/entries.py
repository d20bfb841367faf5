"""What a vendor answered, read strictly; of a list each entry by itself, so that a strange one keeps no other from us.

An entry that cannot be read is neither there nor gone. It is a named unknown: whoever tells of all leaves it out
by its name, and whoever decides on just that one asks for it by itself, or refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vapi_sms.core.errors import UnexpectedResponse
from vapi_sms.live.calling.calls import mark

Needed = Annotated[str, Field(min_length=1)]
NO_ID = "one without an id"


class VendorReading(BaseModel):
    """A vendor's record: what we need of it is picked by name, and the rest, secrets among it, is dropped."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


Parsed = TypeVar("Parsed", bound=VendorReading)
Entry = TypeVar("Entry")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Unread:
    """What of a list cannot be read: its id where it shows one, and its name, None where that cannot be read either.

    `why` are the fields that are no good.
    """

    id: str
    name: str | None
    why: str = field(default="", compare=False)

    @classmethod
    def of(cls, found: object, id_field: str = "id", name_field: str = "name", why: str = "") -> Unread:
        """Give what can be told of it all the same."""
        shown = found if isinstance(found, dict) else {name_field: ()}
        name = "" if shown.get(name_field) is None else shown[name_field]
        id_ = shown.get(id_field)
        known = mark(id_, ()) if isinstance(id_, str) else ""
        return cls(known or NO_ID, name if isinstance(name, str) else None, why)

    def may_have(self, id_: str) -> bool:
        """Tell whether it is the one of this id, or may be."""
        return self.id in (id_, NO_ID)

    def may_be_called(self, name: str) -> bool:
        """Tell whether it is called so, or may be."""
        return self.name in (name, None)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Entry]):
    """A list as far as it can be read, and what of it cannot."""

    read: list[Entry]
    unread: tuple[Unread, ...] = ()

    @property
    def stranger(self) -> Unread | None:
        """An entry of a list in which nothing is anything that the vendor has: then it is another server's."""
        is_theirs = self.read or any(each.id != NO_ID or each.name for each in self.unread)
        return self.unread[0] if self.unread and not is_theirs else None

    def each(self, as_value: Callable[[Entry], Value]) -> Listed[Value]:
        """Give the same list of other values."""
        return Listed([as_value(entry) for entry in self.read], self.unread)


def read_each(
    model: type[Parsed], entries: list[object], *, id_field: str = "id", name_field: str = "name"
) -> Listed[Parsed]:
    """Read every entry of a list by itself."""
    read, unread = [], []
    for each in entries:
        try:
            read.append(model.model_validate(each))
        except ValidationError as error:
            unread.append(Unread.of(each, id_field, name_field, lacking(error)))
    return Listed(read, tuple(unread))


def read_strictly(
    model: type[Parsed], body: object, unexpected: Callable[[str], UnexpectedResponse], vendor: str
) -> Parsed:
    """Read what a decision rests on; another shape is UnexpectedResponse, which names the fields and shows no value."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        # Not chained: what did not fit may be a secret.
        raise unexpected(f"the answer lacks what {vendor} promises: {lacking(error)}") from None


def lacking(error: ValidationError) -> str:
    """Name the fields that are no good."""
    return ", ".join(
        dict.fromkeys(".".join(map(str, problem["loc"])) or "(all)" for problem in error.errors())
    )
