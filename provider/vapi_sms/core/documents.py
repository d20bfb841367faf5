r"""Documents that others wrote, as JSON: read once, within bounds, and as what we can go on with.

JSON can nest without end, hold numbers that take hours to read, and name half of a surrogate pair (`\ud800`), which
nobody could send on, to a vendor, to the engine or to a terminal.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from json import JSONDecodeError, dumps, loads

DEEPEST = 200
"""More levels than any document has that we walk through, and fewer than Python's own stack takes."""


def decoded(text: bytes) -> str:
    """Give a file's bytes as text: UTF-8, or what a byte order mark says, as Windows likes to write it.

    Raises UnicodeDecodeError.
    """
    return text.decode("utf-16" if text.startswith(_UTF16) else "utf-8-sig")


_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class NoDocument(ValueError):
    """A text that is no JSON that we can go on with; `str(error)` says why, without a word of it."""


def read_json(text: str | bytes) -> object:
    """Read JSON; raises NoDocument."""
    try:
        written = decoded(text) if isinstance(text, bytes) else text.removeprefix("\ufeff")
        found: object = loads(written)
        if "\\u" in written and "\\ud" in written.lower():
            dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise NoDocument(_TOO_DEEP) from None
    except JSONDecodeError as malformed:
        raise NoDocument(f"is not JSON (line {malformed.lineno}: {malformed.msg})") from None
    except UnicodeDecodeError:
        raise NoDocument("is not UTF-8 text") from None
    except UnicodeEncodeError:
        raise NoDocument("holds half a character (an unpaired surrogate)") from None
    except ValueError:
        raise NoDocument("holds a number of thousands of digits") from None
    return found


def read_document(text: str | bytes) -> object:
    """Read JSON that is to be walked through, level by level; raises NoDocument where there are too many."""
    found = read_json(text)
    level: list[object] = [found]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return found
    raise NoDocument(_TOO_DEEP)


_TOO_DEEP = f"is nested more than {DEEPEST} levels deep"


def _inside(value: object) -> list[object]:
    """Give what a list or an object holds that holds something itself."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for each in inner if isinstance(each, dict | list)]


def fold(value: object) -> object:
    """Give a map as one text, always the same for the same one; what is no map, or no JSON, stays as it is.

    From then on the map is not to be changed.
    """
    if not isinstance(value, Mapping):
        return value
    for known, text in tuple(_folded):
        if known is value:
            return text
    try:
        text = dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    except TypeError:
        return value
    _meant_by(text)[:] = [value]
    _folded.append((value, text))
    return text


_AT_HAND = 8
# What was folded last, and its text: a map of thousands goes from a resource to the next as the same one.
_folded: deque[tuple[object, str]] = deque(maxlen=_AT_HAND)


def unfold(value: object) -> object:
    """Give the map that a text stands for, not to be changed; what is no such text stays as it is."""
    if not (isinstance(value, str) and value.startswith("{")):
        return value
    known = _meant_by(value)
    if not known:
        try:
            known.append(loads(value))
        except ValueError:
            return value
    return known[0]


@lru_cache(maxsize=_AT_HAND)
def _meant_by(_text: str) -> list[object]:
    """Give the place of what a text stands for: each step of a run is handed the same ones, and what we wrote."""
    return []
