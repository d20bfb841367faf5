"""The seed file: read from YAML or plain data, and every mistake in it told by its place, in its own words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from vapi_sms.sandbox.control.mistakes import mistakes
from vapi_sms.sandbox.control.plain_yaml import NotPlain, plain
from vapi_sms.sandbox.control.seed_models import Seed

if TYPE_CHECKING:
    from collections.abc import Sequence

QUICKSTART = Path(__file__).with_name("quickstart.yaml")
"""The world that is served when nobody names another one: the example's."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # the mark that editors of Windows write


class SeedError(ValueError):
    """A seed that cannot be used: names the file and, a line each, everything that is wrong in it."""


def load(source: Path | dict[str, Any]) -> Seed:
    """Read a seed from a YAML file or from plain data."""
    if isinstance(source, dict):
        return parse(source, "seed")
    try:
        data = source.read_bytes()
        text = data.decode("utf-16" if data[:2] in _UTF16 else "utf-8-sig")
    except OSError as error:
        raise SeedError(f"{source}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise SeedError(f"{source}: not UTF-8: save the file as UTF-8") from None
    return parse_yaml(text, str(source))


def parse_yaml(text: str, name: str) -> Seed:
    """Read a seed from YAML (or JSON, which is YAML)."""
    try:
        data = plain(text)
    except yaml.YAMLError as error:
        # Never YAML's own text: it quotes the file, and a seed holds tokens.
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        why = f": {error}" if isinstance(error, NotPlain) else ""
        raise SeedError(f"{name}: not YAML, line {mark.line + 1 if mark else '?'}{why}") from None
    return parse({} if data is None else data, name, text)


def parse(data: object, name: str, text: str | None = None) -> Seed:
    """Read a seed from plain data; list every mistake at once, with its line where the YAML is known."""
    try:
        return Seed.model_validate(data)
    except ValidationError as error:
        # Once it is read as plain values it is known to be small enough for this, too.
        root = None if text is None else yaml.compose(text, Loader=yaml.SafeLoader)
        told = [
            f"{name}{'' if root is None else f', line {_line(root, each.place)}'}: {each}"
            for each in mistakes(error, Seed)
        ]
        raise SeedError("\n".join(told)) from None


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a seed, for editors."""
    schema = Seed.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "A seed of the sandbox",
    }


def _line(node: yaml.Node, place: Sequence[str | int]) -> int:
    """Return the line of a place, or of the nearest thing around it that is there."""
    line = node.start_mark.line + 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
