"""Assistants and squads by the names that VapiAI/gitops gives them: that tool keeps assistants, we keep numbers.

Its state file, `.vapi-state.<org>.json`, is committed and maps names to ids, a section for each kind:
`{"assistants": {"support": {"uuid": "..."}}, "squads": {...}, ...}`. Older files hold the id in place of the map.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from vapi_sms.core.documents import NoDocument, read_json
from vapi_sms.resources.program.registering import Mistake

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SHOWN = 5

StateFile = str | os.PathLike[str]


def assistant_from_gitops(
    name: str, *, org: str | None = None, state_file: StateFile | None = None, folder: StateFile = "."
) -> str:
    """Give the id of an assistant that VapiAI/gitops knows by a name.

    Raises Mistake (one line) where there is no such file or name, or the file is not what that tool writes.

    :param name: Its path below `assistants/`, without ending.
    :param org: The org's name there, such as pulumi.get_stack(): its state file is `.vapi-state.<org>.json`.
    :param state_file: The state file's name instead: exactly one of the two.
    :param folder: Where it is, by default the folder that the program runs in.
    """
    return _id("assistant", name, _path(org, state_file, folder))


def squad_from_gitops(
    name: str, *, org: str | None = None, state_file: StateFile | None = None, folder: StateFile = "."
) -> str:
    """Give the id of a squad that VapiAI/gitops knows by a name; raises Mistake like assistant_from_gitops.

    :param name: Its path below `squads/`, without ending.
    :param org: The org's name there, such as pulumi.get_stack(): its state file is `.vapi-state.<org>.json`.
    :param state_file: The state file's name instead: exactly one of the two.
    :param folder: Where it is, by default the folder that the program runs in.
    """
    return _id("squad", name, _path(org, state_file, folder))


def _path(org: str | None, state_file: StateFile | None, folder: StateFile) -> Path:
    if (org is None) == (state_file is None):
        both = "both were given" if org is not None else "neither was given"
        raise Mistake(f"write org= or state_file=, exactly one, for what VapiAI/gitops keeps: {both}")
    return Path(folder) / (f".vapi-state.{org}.json" if state_file is None else state_file)


def _id(kind: str, name: str, path: Path) -> str:
    section = _section(_content(path), kind, path)
    if name not in section:
        raise Mistake(f"{path} has no {kind} {name!r}: {_hint(name, section, kind)}")
    entry = section[name]
    found = entry.get("uuid") if isinstance(entry, Mapping) else entry
    if not isinstance(found, str) or not _UUID.fullmatch(found):
        raise Mistake(f"{path}: {kind} {name!r} has no id (a UUID): pull it again with VapiAI/gitops")
    return found.lower()


def _content(path: Path) -> Mapping[str, object]:
    try:
        content = read_json(path.read_bytes())
    except OSError as unreadable:
        raise Mistake(
            f"{path} cannot be read ({unreadable.strerror}): name the state file of VapiAI/gitops{_others(path)}"
        ) from None
    except NoDocument as wrong:
        raise Mistake(f"{path} {wrong}: restore it from git") from None
    if not isinstance(content, dict):
        raise Mistake(f"{path} is no state file of VapiAI/gitops: it holds no map of assistants and squads")
    return content


def _section(content: Mapping[str, object], kind: str, path: Path) -> Mapping[str, object]:
    section = content.get(f"{kind}s", {})
    if not isinstance(section, dict):
        raise Mistake(f"{path}: {kind}s is no map from names to ids: restore it from git")
    return section


def _others(path: Path) -> str:
    """Name the state files that are there instead."""
    found = sorted(file.name for file in path.parent.glob(".vapi-state.*.json"))
    return f"; in that folder there are {', '.join(found[:_SHOWN])}" if found else ""


def _hint(name: str, section: Mapping[str, object], kind: str) -> str:
    """Tell which name was meant: that tool writes a name in lower case, and part of the id after one that was taken."""
    if not section:
        return f"it has no {kind}s at all; is it the right org?"
    slug = re.sub(r"[^a-z0-9/]+", "-", name.lower()).strip("-")
    alike = [known for known in sorted(section) if slug and slug in known]
    alike += [known for known in get_close_matches(slug, section, n=_SHOWN) if known not in alike]
    if alike:
        return f"did you mean {' or '.join(map(repr, alike[:_SHOWN]))}?"
    more = f" and {len(section) - _SHOWN} more" if len(section) > _SHOWN else ""
    return f"it has {', '.join(sorted(section)[:_SHOWN])}{more}"
