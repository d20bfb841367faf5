"""Bounds: how much a file may ask of its reader. A small file can stand for a large one, so steps are counted.

An alias, or a merge key (<<), is a few letters and stands for all that it names, in every place again. What a stack
declares is every number above it, for every stack again.
"""

from __future__ import annotations

DEEPEST = 20
"""More levels than any fleet file needs; a parser that recurses may end the process at some thousand."""
MOST_BYTES = 1 << 23
"""A file of 50,000 numbers with options of their own has some five million."""
MOST_STEPS = 250_000
"""More than any fleet file takes: a step for each value, for each pair that is merged, and for each 100 letters."""
MOST_DECLARED = 100_000
"""The numbers of all stacks together."""
LONGEST_KEY = 500
"""Letters of a number, an option, a group or a stack: each stands in the path of every mistake below it."""

TOO_DEEP = f"is nested more than {DEEPEST} levels deep"
TOO_LONG = f"has a key of more than {LONGEST_KEY} letters: keys are names and numbers"
TOO_LARGE = f"is larger than {MOST_BYTES >> 20} MB: split it"
TOO_MUCH = (
    f"stands for more than {MOST_STEPS:,} entries, with aliases and merge keys (<<) written out: split it"
)
TOO_MANY = f"declares more than {MOST_DECLARED:,} numbers, those of all stacks together: split it"
_LETTERS = 100


class TooMuch(Exception):
    """A file asks for more steps than any fleet file needs."""


class Steps:
    """The steps that are left."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self._left = most

    def take(self, steps: int = 1, text: str = "") -> None:
        """Take steps, for a text those of its length too; raises TooMuch where none is left."""
        self._left -= steps + len(text) // _LETTERS
        if self._left < 0:
            raise TooMuch
