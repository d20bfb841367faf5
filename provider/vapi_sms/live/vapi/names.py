"""Names: from what a program calls an assistant or squad to its id at Vapi, and from ids to what people read."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping

from vapi_sms.core.errors import NotNamed
from vapi_sms.live.calling.entries import Unread
from vapi_sms.live.calling.limiter import Outages
from vapi_sms.live.vapi.client import Named, VapiClient

_NAMES_SHOWN = 10
_NOBODY: dict[str, str] = {}
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_id(text: str) -> bool:
    """Tell an id from a name: Vapi's ids are UUIDs."""
    return bool(_UUID.fullmatch(text))


class _Known:
    """What an org has of one kind, in the ways that thousands of numbers ask for it."""

    def __init__(self, found: Iterable[Named]) -> None:
        self.by_id = {named.id: named for named in found}
        self.by_name: dict[str, list[Named]] = {}
        for named in self.by_id.values():
            self.by_name.setdefault(named.name, []).append(named)
        self.names = {named.id: named.name for named in self.by_id.values() if named.name}


class Shelf:
    """The org's assistants, or its squads, listed once and then fetched one by one as they come into being."""

    def __init__(
        self,
        what: str,
        list_all: Callable[[], list[Named]],
        fetch: Callable[[str], Named | None],
        unread: Callable[[str], list[Unread]],
    ) -> None:
        self._what, self._list_all, self._fetch, self._unread = what, list_all, fetch, unread
        self._known: _Known | None = None
        self._outages = Outages()
        self._lock = threading.Lock()

    def resolve(self, subject: str, text: str) -> Named:
        """Find the one that a program means by an id, or by an exact and unique name; else raise NotNamed."""
        with self._lock:
            known = self._listed()
            if is_id(text):
                return self._by_id(subject, text.lower(), known)
            matches = known.by_name.get(text, [])
            self._refuse_unread(subject, text)
        if len(matches) == 1:
            return matches[0]
        if matches:
            ids = ", ".join(sorted(named.id for named in matches))
            raise NotNamed(
                subject, f"{len(matches)} {self._what}s are named {text!r}: write one of their ids ({ids})"
            )
        names = sorted(set(known.names.values()))
        shown = ", ".join(names[:_NAMES_SHOWN]) or "none"
        more = f", and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        raise NotNamed(
            subject, f"no {self._what} of this Vapi org is named {text!r} (there are: {shown}{more})"
        )

    def begin(self) -> None:
        """Begin to read the list, unless that was done before."""
        with self._lock:
            if self._known is None:
                self._outages.begin(self._what, self._list_all)

    def load(self) -> None:
        """Read the list, unless that was done before."""
        with self._lock:
            self._listed()

    def names(self) -> dict[str, str]:
        """Give the name of each id that has one, as far as anything was listed; not to be changed."""
        with self._lock:
            return self._known.names if self._known else _NOBODY

    def _listed(self) -> _Known:
        if self._known is None:
            self._known = _Known(self._outages.ask(self._what, self._list_all))
        return self._known

    def _refuse_unread(self, subject: str, text: str) -> None:
        """Raise NotNamed where one that cannot be read is called so, or may be: another one would be a guess."""
        unread = sorted(each.id for each in self._unread(self._what) if each.may_be_called(text))
        if unread:
            raise NotNamed(
                subject,
                f"whether {text!r} is the name of one {self._what} of this Vapi org alone is not known, since Vapi's "
                f"answer cannot be read of {', '.join(unread[:_NAMES_SHOWN])}: write an id in place of the name",
            )

    def _by_id(self, subject: str, identifier: str, known: _Known) -> Named:
        if identifier not in known.by_id:
            # It may have come into being after the list, in the same `up`.
            fetched = self._fetch(identifier)
            if fetched is None:
                raise NotNamed(
                    subject,
                    f"no {self._what} of this Vapi org has the id {identifier}: was it deleted, or is it in another "
                    "org?",
                )
            # Made anew: whoever was given the names reads on in the old ones.
            self._known = known = _Known([*known.by_id.values(), fetched])
        return known.by_id[identifier]


class Names:
    """Assistants and squads of one Vapi org; safe to use from many threads."""

    def __init__(self, vapi: VapiClient) -> None:
        self.assistants = Shelf("assistant", vapi.list_assistants, vapi.fetch_assistant, vapi.unread_named)
        self.squads = Shelf("squad", vapi.list_squads, vapi.fetch_squad, vapi.unread_named)
        self._merged: tuple[Mapping[str, str], Mapping[str, str], Mapping[str, str]] = ({}, {}, {})

    def by_id(self) -> Mapping[str, str]:
        """Give the names that people know ids by: merged anew only where either has others, not for each number."""
        squads, assistants, both = self._merged
        if squads is not self.squads.names() or assistants is not self.assistants.names():
            squads, assistants = self.squads.names(), self.assistants.names()
            both = {**assistants, **squads}
            self._merged = squads, assistants, both
        return both
