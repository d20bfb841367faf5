"""Rules of what JSON may hold, as Vapi's validator words its complaints; a shape is made of them.

A rule yields what is wrong with a value, named by where it stands. null passes everywhere but where a key is required:
it is how clients leave something out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

Rule: TypeAlias = Callable[[object, str], Iterator[str]]


def text(*choices: str, least: int = 0, most: int | None = None) -> Rule:
    """Take a text: one of these, if any are given, and of this length."""

    def rule(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{where} must be a string"
        elif choices and value not in choices:
            yield f"{where} must be one of the following values: {', '.join(choices)}"
        elif len(value) < least:
            yield f"{where} must be longer than or equal to {least} characters"
        elif most is not None and len(value) > most:
            yield f"{where} must be shorter than or equal to {most} characters"

    return rule


def number(least: float, most: float = float("inf")) -> Rule:
    """Take a number in a range."""

    def rule(value: object, where: str) -> Iterator[str]:
        # JSON's booleans are no numbers.
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield f"{where} must be a number conforming to the specified constraints"
        elif value < least:
            yield f"{where} must not be less than {least:g}"
        elif value > most:
            yield f"{where} must not be greater than {most:g}"

    return rule


def flag(value: object, where: str) -> Iterator[str]:
    """Take true or false."""
    if not isinstance(value, bool):
        yield f"{where} must be a boolean value"


def anything(_value: object, _where: str) -> Iterator[str]:
    """Take whatever it is, where the specification says no more."""
    return iter(())


def table(value: object, where: str) -> Iterator[str]:
    """Take an object with whatever keys."""
    if not isinstance(value, dict):
        yield f"{where} must be an object"


def listing(of: Rule, most: int | None = None) -> Rule:
    """Take a list whose items follow a rule."""

    def rule(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} must be an array"
            return
        if most is not None and len(value) > most:
            yield f"{where} must contain no more than {most} elements"
        for index, item in enumerate(value):
            yield from of(item, f"{where}.{index}")

    return rule


def shape(*required: str, **keys: Rule) -> Rule:
    """Take an object with these keys, of which some have to be there."""

    def rule(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} must be an object"
            return
        for name, inner in value.items():
            if name not in keys:
                yield f"{where}.property {name} should not exist"
            elif inner is not None:
                yield from keys[name](inner, f"{where}.{name}")
        yield from (f"{where}.{name} should not be empty" for name in required if value.get(name) is None)

    return rule


def variant(by: str, **shapes: Rule) -> Rule:
    """Take an object whose one key says which shape it has; of the key's value a dot is written as two underscores."""
    known = {name.replace("__", "."): rule for name, rule in shapes.items()}

    def rule(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} must be an object"
            return
        found = known.get(str(value.get(by)))
        if found is None:
            yield f"{where}.{by} must be one of the following values: {', '.join(known)}"
        else:
            yield from found(value, where)

    return rule


def text_or(other: Rule) -> Rule:
    """Take a text, or what another rule takes."""

    def rule(value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield from other(value, where)

    return rule
