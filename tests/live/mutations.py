"""A vendor's answer gone wrong: its JSON bent, its bytes broken, its headers lying."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

CANARY = "vapi-canary-1"
"""A secret of ours, which a vendor may show anywhere in an answer, and no line for people may."""
_LONG = "x" * 50_000
_DEEP = 5_000
STRANGE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    7.5,
    10**30,
    float("nan"),
    float("inf"),
    "",
    " ",
    "two\nlines\x1b[31m\u2028 in red\x00",
    "\ud800",
    CANARY,
    _LONG,
    [],
    {},
    [[[]]],
    [None],
    {"": None},
)
"""Values in the place of another one."""
TYPES = (
    "application/json",
    "text/html",
    "text/plain; charset=utf-16",
    "application/json; charset=nonsense",
    "application/json; charset=idna",
    "application/json; charset=punycode",
    "",
)
STATUSES = (200, 201, 204, 301, 304, 400, 401, 403, 404, 409, 429, 500, 502, 599, 999)
HEADERS = (
    ("Retry-After", "Mon, 01 Jan 0001 00:00:00 +2359"),
    ("Retry-After", "9" * 400),
    ("Retry-After", "soon"),
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "br, nonsense"),
    ("Location", "http://127.0.0.1:9/elsewhere"),
    ("Twilio-Request-Id", f"RQ {CANARY} \x1b[31m" + "y" * 2_000),
    ("X-Request-Id", f"RQ {CANARY} \x1b[31m" + "y" * 2_000),
)


@dataclass(frozen=True)
class Answer:
    """What is sent."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    header: tuple[str, str] | None = None


def wrong_answer(sound: bytes, chance: Random) -> Answer:
    """Give an answer that is somehow wrong, made of a sound one."""
    kind = chance.randrange(4)
    if kind == 0:
        return Answer(refusal(chance), chance.choice([status for status in STATUSES if status >= 400]))
    body = broken(sound, chance) if chance.randrange(3) == 0 else bent(json.loads(sound), chance)
    if kind == 1:
        return Answer(body, chance.choice(STATUSES), chance.choice(TYPES), chance.choice((None, *HEADERS)))
    return Answer(body)


def bent(sound: Any, chance: Random) -> bytes:
    """Give JSON in which one to three places are not as they were."""
    held = [sound]
    for _ in range(chance.randint(1, 3)):
        holder, key = chance.choice(places(held))
        if key is not None:
            chance.choice(BENDS)(holder, key, chance)
    return json.dumps(held[0] if held else None).encode()


def places(held: Any) -> list[tuple[Any, Any]]:
    """Give every place as the dict or list that holds it, and its key there."""
    keys = list(held) if isinstance(held, dict) else list(range(len(held)))
    found = [(held, key) for key in keys]
    for key in keys:
        if isinstance(held[key], dict | list):
            found += places(held[key])
    return found or [(held, None)]


def _replace(holder: Any, key: Any, chance: Random) -> None:
    holder[key] = copy.deepcopy(chance.choice(STRANGE))


def _drop(holder: Any, key: Any, _: Random) -> None:
    del holder[key]


def _rename(holder: Any, key: Any, chance: Random) -> None:
    if isinstance(holder, dict):
        holder[chance.choice([f"{key}_", key.upper(), f"\n{key}", CANARY])] = holder.pop(key)


def _wrap(holder: Any, key: Any, chance: Random) -> None:
    holder[key] = chance.choice([[holder[key]], {"value": holder[key]}, [holder[key]] * 3])


def _as_text(holder: Any, key: Any, _: Random) -> None:
    holder[key] = json.dumps(holder[key])


BENDS: tuple[Callable[[Any, Any, Random], None], ...] = (_replace, _replace, _drop, _rename, _wrap, _as_text)


def broken(sound: bytes, chance: Random) -> bytes:
    """Give bytes that are no JSON, or none that anybody would write."""
    at = chance.randint(0, len(sound))
    ways = (
        sound[:at],
        sound[:at] + b"\xc3\x28" + sound[at:],
        sound.replace(b'{"', b'{"sid": 1, "id": [], "', 1),
        b"",
        b"null",
        b"NaN",
        b'"text"',
        b"<html><body>Bad Gateway</body></html>",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf" + sound,
        sound.decode().encode("utf-16"),
        sound + sound,
        b"[" * _DEEP + b"]" * _DEEP,
        b'{"a":' * _DEEP + b"1" + b"}" * _DEEP,
        b"9" * 10_000,
        b'{"meta": {"key": "meta"}}',
        b'{"totalItems": ' + b"9" * 5_000 + b"}",
    )
    return chance.choice(ways)


SAID: tuple[Any, ...] = (
    "Existing Phone Number",
    "Existing Phone Number ffffffff-ffff-ffff-ffff-ffffffffffff",
    "already in use by another org",
    f"https://user:{CANARY}@example.com/?token={CANARY}",
    [CANARY, 1, "a\nb"],
)


def refusal(chance: Random) -> bytes:
    """Give the shape of the vendors' refusals with anything in it."""
    names = ("message", "code", "error", "status", "more_info")
    return json.dumps({name: chance.choice(STRANGE + SAID) for name in names}).encode()
