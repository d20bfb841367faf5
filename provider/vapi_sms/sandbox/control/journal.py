"""What was asked of the vendors, in order, without secrets."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from vapi_sms.sandbox.control.redaction import masked


@dataclass(slots=True)
class Entry:
    """One request to a vendor; the status is null while it is held and when its answer was dropped."""

    n: int
    time: str
    vendor: str
    method: str
    path: str
    parameters: dict[str, Any]
    request_id: str
    status: int | None = None
    fault: str | None = None
    refused: str | None = None
    forbidden: bool = False
    done: bool = False


class Journal:
    """All requests since the last clearing; the numbering goes on through a clearing."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self.last = 0
        self.clearings = 0

    def open(self, vendor: str, method: str, path: str, parameters: dict[str, Any], request_id: str) -> Entry:
        """Note a request as it arrives; the gate fills in how it ended."""
        self.last += 1
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = Entry(self.last, now, vendor, method, path, masked(parameters), request_id)
        self._entries.append(entry)
        return entry

    def since(self, n: int) -> list[dict[str, Any]]:
        """Return the entries after number n."""
        return [asdict(entry) for entry in self.after(n)]

    def after(self, n: int) -> list[Entry]:
        """Return the entries after number n, as they are filled in."""
        # They are numbered without a gap.
        known = self._entries[0].n - 1 if self._entries else 0
        return self._entries[max(0, n - known) :]

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()
        self.clearings += 1


def parameters_of(query: bytes, body: bytes, content_type: str) -> dict[str, Any]:
    """Return what a request carries, from its query and its form or JSON body."""
    found: dict[str, Any] = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    if content_type.startswith("application/json"):
        try:
            sent = json.loads(body or b"{}")
        except ValueError:
            sent = {"(not JSON)": len(body)}
        return found | (sent if isinstance(sent, dict) else {"(body)": sent})
    return found | dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
