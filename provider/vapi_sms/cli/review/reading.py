"""Reading: what `pulumi preview --json` prints, parsed once, with nothing secret left in it.

Fields that we have no use for are the engine's own business: what it adds, changes or drops there does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.core.documents import NoDocument, read_document
from vapi_sms.core.inert import redacted_url
from vapi_sms.resources.inputs.words import kind_in

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""In place of a value that only `up` will know."""
SECRET = "[secret]"  # noqa: S105 the engine's word in place of one
_MARK = "4dabf18193072939515e22adb298388d"  # the key that a secret's envelope carries, with ciphertext or in clear
_OF_ONE_RUN = re.compile(r", request [\w-]+(?=\))| \(request [\w-]+\)")
_VALUE, _PROBLEM = " value {", "} has a problem: "
# No scheme is as long as that; looked for at every letter, one without an end would take as many steps squared.
_URL = re.compile(r"[a-z][a-z0-9+.-]{0,30}://\S+", re.IGNORECASE)
_AFTER_A_URL = ")].,;:'\""

Props = Mapping[str, Any]


def shown(text: str) -> str:
    """Give a text with its URLs redacted, and without a vendor's request ids, which differ in every run."""
    return _URL.sub(_redacted, _OF_ONE_RUN.sub("", text))


def _redacted(found: re.Match[str]) -> str:
    url = found[0].rstrip(_AFTER_A_URL)
    return redacted_url(url) + found[0][len(url) :]


def _without_value(message: str) -> str:
    """Hide the value of a property that a provider refuses, which the engine prints although it may be secret."""
    start, end = message.find(_VALUE), message.rfind(_PROBLEM)
    if start < 0 or end < start + len(_VALUE):
        return message
    return f"{message[:start]}{_VALUE}{SECRET}{message[end:]}"


def _masked(value: object) -> Any:  # noqa: ANN401 any JSON
    """Give a value as people may read it; Pulumi's entry with the provider itself goes."""
    match value:
        case str():
            return shown(value)
        case {**entries} if _MARK in entries:
            return SECRET
        case dict():
            return {shown(key): _masked(inner) for key, inner in value.items() if key != "__provider"}
        case list():
            return [_masked(inner) for inner in value]
        case _:
            return value


Masked = Annotated[dict[str, Any], BeforeValidator(lambda value: _masked(value or {}))]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class State(_Part):
    """A resource before or after the change."""

    inputs: Masked = {}
    outputs: Masked = {}
    retained: bool = Field(default=False, alias="retainOnDelete")

    @cached_property
    def known(self) -> Props:
        """All that is known of it: outputs, and inputs where it has no outputs yet."""
        return {**self.inputs, **self.outputs}


class Resource(_Part):
    """What a URN names."""

    urn: str

    @property
    def type(self) -> str:
        """The resource's own type, without those of its parents."""
        return self._part(2).rpartition("$")[2]

    @property
    def kind(self) -> str:
        """Which kind of ours it is, of either transport; nothing where it is another one's."""
        return kind_in(self.type)

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self._part(3)

    @property
    def stack(self) -> str:
        """The stack, with its project: `project/stack`."""
        return f"{self._part(1)}/{self._part(0).rpartition(':')[2]}"

    def _part(self, number: int) -> str:
        parts = self.urn.split("::", 3)
        return parts[number] if number < len(parts) else ""


class Step(Resource):
    """What happens to one resource; `op` is the engine's word for it: create, update, same, ..."""

    op: str
    old: State | None = Field(default=None, alias="oldState")
    new: State | None = Field(default=None, alias="newState")
    reasons: list[str] | None = Field(default=None, alias="diffReasons")
    paths: dict[str, Any] | None = Field(default=None, alias="detailedDiff")

    @property
    def changes(self) -> bool:
        """`up` would do something."""
        return self.op not in ("same", "read", "refresh")


class Diagnostic(Resource):
    """A line that the engine, a provider or the program said."""

    urn: str = ""
    message: Annotated[str, BeforeValidator(lambda text: _without_value(shown(str(text))))] = ""
    severity: str = ""


class Preview(_Part):
    """A whole preview."""

    steps: tuple[Step, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    counts: dict[str, int] = Field(default={}, alias="changeSummary")

    @property
    def stack(self) -> str:
        """The stack, as `project/stack`."""
        named: tuple[Resource, ...] = (*self.steps, *self.diagnostics)
        return next((one.stack for one in named if one.urn), "unknown")

    @property
    def is_complete(self) -> bool:
        """Unchanged resources are in it too."""
        return self.counts.get("same", 0) <= sum(step.op == "same" for step in self.steps)


class NoPreview(CannotGoOn):
    """What should be a preview is none; what Pulumi said in its place stands below, as `said`."""

    def __init__(self, text: str, said: Sequence[str] = ()) -> None:
        self.said = said
        super().__init__(text, *said)


def parse(text: str, source: str) -> Preview:
    """Parse a preview; raises NoPreview naming `source` where it is none. Values do not get into its text."""
    try:
        found = read_document(text)
    except NoDocument as wrong:
        raise NoPreview(f"{source} {wrong}: {_FEED}") from None
    if not isinstance(found, dict) or not {"steps", "changeSummary"} & found.keys():
        raise NoPreview(f"{source} is JSON, but no Pulumi preview: {_FEED}", _said_instead(found))
    try:
        return Preview.model_validate({name: part for name, part in found.items() if part is not None})
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise NoPreview(f"{source} is no Pulumi preview ({place}: {first['msg']}): {_FEED}") from None


def _said_instead(found: object) -> list[str]:
    """Give what Pulumi says where it did not come to a preview: that its language host fails, or the like."""
    if not isinstance(found, dict):
        return []
    try:
        said = Preview.model_validate({"diagnostics": found.get("diagnostics") or ()}).diagnostics
    except ValidationError:
        return []
    return [line for each in said for line in spoken(each.message)]


def spoken(text: str) -> list[str]:
    """Give the lines of what Pulumi said as people may read them, without its marks."""
    lines = (line.strip().removeprefix("error: ") for line in shown(text).splitlines())
    return [line for line in lines if line]


_FEED = "feed it what `pulumi preview --json --show-sames` prints"
