"""Mistakes in a fleet file: each one line, with file, line, key and what is allowed; no value that may be a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vapi_sms.core.errors import ProviderError

Path = tuple[str, ...]
"""The keys from the top of a file down to a value; an item of a list counts by its text."""

MOST = 200
"""How many mistakes are told one by one: more would push the first ones out of a terminal."""
_LONGEST_KEY = 60


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """Something in a file that cannot be meant; line 0 is the file itself."""

    line: int
    path: Path
    text: str

    def __str__(self) -> str:
        return f"{dotted(self.path)}: {self.text}" if self.path else self.text


class FleetFileMistakes(ProviderError):
    """A fleet file that cannot be used: one line for each mistake, from the top of the file down."""

    def __init__(self, file: str, mistakes: Sequence[Mistake]) -> None:
        self.file = file
        self.mistakes = sorted(set(mistakes))
        super().__init__(file, self.mistakes)

    @property
    def first(self) -> str:
        """The first line."""
        return self._line(self.mistakes[0])

    def __str__(self) -> str:
        lines = [self._line(mistake) for mistake in self.mistakes[:MOST]]
        if len(self.mistakes) > MOST:
            lines.append(f"{self.file}: and {len(self.mistakes) - MOST:,} more mistakes like these")
        return "\n".join(lines)

    def _line(self, mistake: Mistake) -> str:
        return f"{self.file}:{mistake.line}: {mistake}" if mistake.line else f"{self.file}: {mistake}"


def dotted(path: Path) -> str:
    """Write a path as people do, each key on one line and not too long."""
    return ".".join(shown(key) for key in path)


def shown(written: str) -> str:
    """Give what somebody wrote as a piece of one line: no line breaks, no control characters, not too long."""
    # Cut first: a key of a million letters may stand in the paths of a hundred thousand mistakes.
    first = written[: _LONGEST_KEY + 1]
    plain = first if first.isprintable() else ascii(first)[1:-1]
    return plain if len(plain) <= _LONGEST_KEY else f"{plain[: _LONGEST_KEY - 3]}..."
