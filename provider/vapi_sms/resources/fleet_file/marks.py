"""YAML text to plain values, with the line of each: what was written twice, or cannot be read, is a mistake.

Keys and items of lists are taken as written, since a number such as +14155550100 is an integer to YAML. Of other
values only texts, true, false and nothing have a meaning here; the rest is kept as what YAML takes it for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import yaml
from yaml.constructor import SafeConstructor

from vapi_sms.resources.fleet_file.bounds import (
    DEEPEST,
    LONGEST_KEY,
    MOST_STEPS,
    TOO_DEEP,
    TOO_LONG,
    TOO_MUCH,
    Steps,
    TooMuch,
)
from vapi_sms.resources.fleet_file.mistakes import FleetFileMistakes, Mistake, Path, shown

# The one that is written in C, where it was built: ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_Pairs = dict[str, tuple[yaml.Node, yaml.Node]]
_NO_TEXT = {"int": "a number", "float": "a number", "timestamp": "a date", "bool": "true or false"}


@dataclass(frozen=True, slots=True)
class NoText:
    """What is written without quotes and means something to YAML: a number, a date; `text` as it is written."""

    kind: str
    text: str = ""


@dataclass(slots=True)
class Marked:
    """A document: its value, the line of each path, and the text of each value written without quotes."""

    value: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    unquoted: dict[Path, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Give the line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def mistake(self, path: Path, text: str) -> Mistake:
        """Give a mistake at a path."""
        return Mistake(self.line(path), path, text)


def marked(text: str, file: str) -> Marked:
    """Read one YAML document; raises FleetFileMistakes where nothing of it can be read."""
    try:
        _refuse_endless(text, file)
        node = _Loader(text).get_single_node()
    except yaml.reader.ReaderError as unreadable:
        line = text.count("\n", 0, unreadable.position) + 1
        why = f"YAML allows no such character as U+{int(unreadable.character):04X}: take it out"
        raise FleetFileMistakes(file, [Mistake(line, (), why)]) from None
    except yaml.MarkedYAMLError as malformed:
        raise FleetFileMistakes(file, [_malformed(text, malformed)]) from None
    if node is None:
        raise FleetFileMistakes(
            file, [Mistake(1, (), "is empty: write numbers: and the numbers, or numbers: {} to declare none")]
        )
    reading = _Reading(file)
    reading.found.value = reading.value(node, ())
    return reading.found


class _Reading:
    """One walk over the nodes; what `found` holds grows on the way."""

    def __init__(self, file: str) -> None:
        self.found = Marked()
        self._file = file
        self._steps = Steps()
        self._within: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> object:
        self._count(node, path)
        if isinstance(node, yaml.MappingNode):
            with self._inside(node, path):
                return {
                    key.value: self._entry(key, value, path)
                    for key, value in self._pairs(node, path).values()
                }
        if isinstance(node, yaml.SequenceNode):
            with self._inside(node, path):
                return list(self._items(node, path))
        return self._scalar(node, path)

    def _entry(self, key: yaml.Node, value: yaml.Node, path: Path) -> object:
        inner = (*path, key.value)
        if len(key.value) > LONGEST_KEY:
            raise self._hopeless(key, path, TOO_LONG)
        self.found.lines[inner] = _line(key)
        return self.value(value, inner)

    def _items(self, node: yaml.SequenceNode, path: Path) -> Iterator[object]:
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode):
                yield self.value(item, path)
                continue
            inner = (*path, item.value)
            self._count(item, path)
            if inner in self.found.lines:
                self._wrong(item, inner, f"is listed twice: also in line {self.found.lines[inner]}")
            self.found.lines[inner] = _line(item)
            yield item.value

    def _pairs(self, node: yaml.MappingNode, path: Path) -> _Pairs:
        """Give the entries of a map; those of a merge key (<<) count where the map does not say otherwise."""
        own: _Pairs = {}
        merged: _Pairs = {}
        for key, value in node.value:
            if key.tag == f"{_TAG}merge":
                self._merge(value, path, merged)
            elif not isinstance(key, yaml.ScalarNode):
                self._wrong(key, path, "has a list or a map for a key: write a text")
            elif key.value in own:
                first = _line(own[key.value][0])
                self._wrong(key, (*path, key.value), f"is written twice: also in line {first}")
            else:
                own[key.value] = (key, value)
        return {name: pair for name, pair in merged.items() if name not in own} | own

    def _merge(self, node: yaml.Node, path: Path, found: _Pairs) -> None:
        """Add the pairs of a merge key's maps to those found before, which win; every pair counts, each time again."""
        for source in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            self._count(source, path)
            if not isinstance(source, yaml.MappingNode):
                self._wrong(source, path, "merges (<<) what is no map: write an alias of a map")
                continue
            self._count(source, path, len(source.value))
            with self._inside(source, path):
                pairs = self._pairs(source, path)
            self._count(source, path, len(pairs))
            for name, pair in pairs.items():
                found.setdefault(name, pair)

    def _scalar(self, node: yaml.Node, path: Path) -> object:
        kind = node.tag.removeprefix(_TAG)
        if kind == "str":
            return node.value
        if kind == "null":
            return None
        self.found.unquoted[path] = node.value
        if kind == "bool" and node.value.lower() in SafeConstructor.bool_values:
            return SafeConstructor.bool_values[node.value.lower()]
        self._refuse_tag(node, path, *_NO_TEXT)
        return NoText(_NO_TEXT.get(kind, "something else"), node.value)

    @contextmanager
    def _inside(self, node: yaml.Node, path: Path) -> Iterator[None]:
        self._refuse_tag(node, path, "map", "seq")
        if id(node) in self._within:
            raise self._hopeless(node, path, "contains itself, through an alias: write it out")
        if len(self._within) == DEEPEST:
            raise self._hopeless(node, path, TOO_DEEP)
        self._within.add(id(node))
        yield
        self._within.remove(id(node))

    def _refuse_tag(self, node: yaml.Node, path: Path, *plain: str) -> None:
        if node.tag.removeprefix(_TAG) not in plain:
            tag = shown(node.tag.replace(_TAG, "!!"))
            self._wrong(node, path, f"has the tag {tag}: a fleet file holds plain texts, lists and maps")

    def _hopeless(self, node: yaml.Node, path: Path, text: str) -> FleetFileMistakes:
        return FleetFileMistakes(self._file, [Mistake(_line(node), path, text)])

    def _count(self, node: yaml.Node, path: Path, steps: int = 1) -> None:
        try:
            self._steps.take(steps, node.value if isinstance(node, yaml.ScalarNode) else "")
        except TooMuch:
            raise self._hopeless(node, path, TOO_MUCH) from None

    def _wrong(self, node: yaml.Node, path: Path, text: str) -> None:
        self._count(node, path)
        self.found.mistakes.append(Mistake(_line(node), path, text))


def _line(found: yaml.Node | yaml.Event) -> int:
    if found.start_mark is None:
        raise AssertionError("unreachable: what a parser yields has a place")
    return int(found.start_mark.line) + 1


def _refuse_endless(text: str, file: str) -> None:
    """Refuse what no parser should build: too deep, or too much of it."""
    depth, steps = 0, Steps(2 * MOST_STEPS)  # an entry has a key and a value
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise FleetFileMistakes(file, [Mistake(_line(event), (), TOO_DEEP)])
        try:
            steps.take(isinstance(event, yaml.NodeEvent))
        except TooMuch:
            raise FleetFileMistakes(file, [Mistake(_line(event), (), TOO_MUCH)]) from None


def _malformed(text: str, error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    number = mark.line if mark else 0
    written = text.split("\n")[number : number + 1]
    if written and "\t" in written[0][: len(written[0]) - len(written[0].lstrip())]:
        return Mistake(number + 1, (), "a tab indents this line, and YAML takes only blanks: write blanks")
    if "single document" in (error.context or ""):
        return Mistake(number + 1, (), "a second document starts here (---): a fleet file is one")
    problem = shown(f"{error.problem or error.context}")
    return Mistake(number + 1, (), f"is not YAML: {problem} (column {mark.column + 1 if mark else 1})")
