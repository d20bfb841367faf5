"""Comparing for the engine: which inputs differ, path by path, and which of them replace a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from vapi_sms.core.documents import unfold
from vapi_sms.resources.engine.lives import Compared
from vapi_sms.resources.inputs.unknowns import is_unknown
from vapi_sms.resources.native.kinds import SINCE_IMPORT, Kind

Props = Mapping[str, Any]

_OF_THE_TRANSPORT = ("__provider", "isUp", SINCE_IMPORT)
"""Inputs of no meaning to a resource: those of dynamic ones hold the class that serves them."""


def answer(kind: Kind, found: Compared, olds: Props, news: Props) -> DiffResponse:
    """Give what the engine is told of a life's comparison; where that left it open, inputs decide."""
    changes = sorted(_changes(olds, news))
    differs = bool(changes) if found.changes is None and not found.replaces else found.changes is not False
    shown = [each for each in changes if _top(each[0]) not in kind.silent]
    return DiffResponse(
        changes=DiffResponse.DIFF_SOME if differs else DiffResponse.DIFF_NONE,
        replaces=found.replaces,
        deleteBeforeReplace=bool(found.replaces),
        hasDetailedDiff=differs,
        detailedDiff={path: _diff(how, replaces=path in found.replaces) for path, how in shown}
        if differs
        else {},
        diffs=sorted({_top(path) for path, _ in shown}) if differs else [],
        stables=[] if found.replaces else kind.stable,
    )


_Kind = tuple[PropertyDiff.Kind.ValueType, PropertyDiff.Kind.ValueType]
# How a value differs, and the same of one that replaces its resource.
_ADDED: _Kind = (PropertyDiff.ADD, PropertyDiff.ADD_REPLACE)
_DELETED: _Kind = (PropertyDiff.DELETE, PropertyDiff.DELETE_REPLACE)
_UPDATED: _Kind = (PropertyDiff.UPDATE, PropertyDiff.UPDATE_REPLACE)


def _changes(olds: Props, news: Props) -> Iterator[tuple[str, _Kind]]:
    for key in olds.keys() | news.keys():
        if key not in _OF_THE_TRANSPORT:
            yield from _at(key, olds.get(key), news.get(key))


def _at(path: str, old: Any, new: Any) -> Iterator[tuple[str, _Kind]]:  # noqa: ANN401 whatever was written
    """Give the paths below this one at which two values differ, and how."""
    if _same(old, new):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in old.keys() | new.keys():
            yield from _at(f"{path}{_step(str(key))}", old.get(key), new.get(key))
    else:
        yield path, _ADDED if old is None else _DELETED if new is None else _UPDATED


def _same(old: object, new: object) -> bool:
    if is_unknown(new):
        return False
    return old == new or unfold(old) == unfold(new)


def _top(path: str) -> str:
    return path.partition("[")[0].partition(".")[0]


def _step(key: str) -> str:
    return f".{key}" if key.isidentifier() else f'["{key}"]'


def _diff(how: _Kind, *, replaces: bool) -> PropertyDiff:
    return PropertyDiff(kind=how[replaces], inputDiff=True)
