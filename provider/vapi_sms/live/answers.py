"""An answer's text as JSON that we can go on with."""

from __future__ import annotations

from json import dumps, loads


def read_json(body: str | bytes) -> object:
    r"""Read JSON; ValueError for what is none, is nested beyond all reason, or holds half a character.

    JSON can name half of a surrogate pair (`\ud800`); nobody could send that on, to the other vendor or to the engine.
    """
    text = body.decode() if isinstance(body, bytes) else body
    try:
        found: object = loads(text)
        if "\\ud" in text.lower():
            dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deep") from None
    return found
