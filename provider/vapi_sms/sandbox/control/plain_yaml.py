"""YAML (and JSON, which is YAML) as plain values, in a bounded number of steps, whoever wrote it.

A seed may come from anywhere, and a small file can stand for a large one: aliases within aliases, merge keys (<<),
numbers written in base 60. PyYAML's own constructor follows all of that for as long as it takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 50
MOST_STEPS = 500_000
"""A step for each value, and for each pair that is merged: a seed of ten thousand numbers takes half of that."""
_LONGEST_NUMBER = 30

# The one that is written in C, where it was built: ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_BOOLS = yaml.SafeLoader.bool_values
_TOO_DEEP = f"nested more than {DEEPEST} levels deep"
_TOO_MUCH = f"more than {MOST_STEPS:,} values, with aliases and merge keys (<<) written out"


class NotPlain(yaml.MarkedYAMLError):
    """YAML that has no meaning here; `str(error)` says why, without a word of it."""

    def __init__(self, problem: str, mark: Any) -> None:  # noqa: ANN401 each of YAML's two parsers has its own
        super().__init__(problem=problem, problem_mark=mark)

    def __str__(self) -> str:
        return str(self.problem)


def plain(text: str | bytes) -> object:
    """Give the values of one document; raises yaml.YAMLError."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        # A parser that recurses may end the process at some thousand levels.
        if depth > DEEPEST or nodes > MOST_STEPS:
            raise NotPlain(_TOO_MUCH if nodes > MOST_STEPS else _TOO_DEEP, event.start_mark)
    node = _Loader(text).get_single_node()
    return None if node is None else _Reading().value(node, 0)


class _Reading:
    """One walk over the nodes."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def value(self, node: yaml.Node, depth: int) -> object:
        self._step(node)
        if depth > DEEPEST:
            raise NotPlain(f"{_TOO_DEEP}, or in itself, through an alias", node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return {self._key(key): self.value(value, depth + 1) for key, value in self._pairs(node, depth)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return _scalar(node)

    def _key(self, node: yaml.Node) -> object:
        if not isinstance(node, yaml.ScalarNode):
            raise NotPlain("a list or a map for a key", node.start_mark)
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, depth: int) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """Give what is merged, then what the map says itself, which wins; of sources the first one wins."""
        merged = [value for key, value in node.value if key.tag == f"{_TAG}merge"]
        for value in merged:
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for source in reversed(sources):
                self._step(source)
                if not isinstance(source, yaml.MappingNode) or depth > DEEPEST:
                    raise NotPlain("a merge (<<) of what is no map, or of itself", source.start_mark)
                for pair in self._pairs(source, depth + 1):
                    self._step(source)
                    yield pair
        yield from ((key, value) for key, value in node.value if key.tag != f"{_TAG}merge")

    def _step(self, node: yaml.Node) -> None:
        self._left -= 1
        if self._left < 0:
            raise NotPlain(_TOO_MUCH, node.start_mark)


def _scalar(node: yaml.Node) -> object:
    kind, text = node.tag.removeprefix(_TAG), str(node.value)
    if kind in ("str", "timestamp"):
        return text
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in _BOOLS:
        return _BOOLS[text.lower()]
    number = {"int": int, "float": float}.get(kind)
    if number is None or len(text) > _LONGEST_NUMBER:
        what = f"a value of a kind that has no meaning here ({kind[:_LONGEST_NUMBER]!r})"
        raise NotPlain(what, node.start_mark)
    try:
        return number(text.replace("_", ""))
    except ValueError:
        raise NotPlain("a number that is not written in digits", node.start_mark) from None
