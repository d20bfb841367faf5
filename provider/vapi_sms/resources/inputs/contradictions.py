"""What a program alone shows to be wrong, told where a resource is made: so tests under Pulumi's mocks show it, too.

What is only known later, in an Output, is for check to judge, as is all else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vapi_sms.core.e164 import E164, not_e164
from vapi_sms.core.errors import ProviderError
from vapi_sms.core.inert import line
from vapi_sms.core.planning.waves import cut_mistake, waves_mistakes
from vapi_sms.core.proof.demand import Prove
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.telling import gathered, named
from vapi_sms.resources.inputs.unknowns import is_later
from vapi_sms.resources.inputs.words import (
    CHOICES,
    ENTRY_OPTIONS,
    FALLBACKS,
    ONE_ANSWER,
    ONE_NUMBER,
    ONE_ROUTED,
    both_or_neither,
    is_a_sid,
    no_option,
    to_snake,
)


class Contradiction(ProviderError):
    """What contradicts itself, a line for each; a program tells it as a Mistake."""

    def __init__(self, *texts: str) -> None:
        self.texts = tuple(map(line, texts))
        super().__init__("\n".join(self.texts))


_ANSWERERS = ("assistant", "squad")
_A_MAP = "write a map from each number to its options, such as {'+14155550100': {'assistant': 'Support'}}"


def refuse_number(name: str, given: Mapping[str, object]) -> None:
    """Raise Contradiction where a VapiSmsNumber's inputs contradict each other."""
    _refuse_other_than_one(name, ONE_NUMBER, given["number"], given["twilioSid"])
    _refuse_other_than_one(name, ONE_ANSWER, given["assistant"], given["squad"])
    _raise(name, [*_of_the_form(given["number"]), *_of_choices(given)])


def refuse_route(name: str, given: Mapping[str, object]) -> None:
    """Raise Contradiction where a TwilioSmsRoute's inputs contradict each other."""
    keys = [given[key] for key in ("number", "twilioSid", "shortCode") if given[key] is not None]
    if len(keys) != 1:
        raise Contradiction(f"{name}: {ONE_ROUTED}")
    number = given["number"]
    if not (isinstance(number, str) and number.isdigit()):  # of a short code check knows more to say
        _raise(name, _of_the_form(number))


def refuse_entries(name: str, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise Contradiction, of all entries of a fleet at once, where what is said of a number contradicts itself."""
    found: dict[str, str] = {}
    last: Mapping[str, Any] | None = None
    of_the_last: tuple[str, ...] = ()
    for key, entry in entries.items():
        if entry != last:  # most say the same
            last, of_the_last = entry, tuple(_of_an_entry(entry))
        texts = (*(() if is_a_sid(key) else _of_the_form(key)), *of_the_last)
        if texts:
            found[key] = f"{key}: {'; '.join(texts)}"
    _raise(name, gathered(found))


def refuse_pace(name: str, entries: Mapping[str, Mapping[str, Any]], waves: object, share: object) -> None:
    """Raise Contradiction where waves or a share say not how many, or a wave would be proven by nothing."""
    later = [argument for argument, value in (("waves", waves), ("share", share)) if is_later(value)]
    if later:
        _raise(name, [f"{argument}= is an Output: a fleet has to know it" for argument in later])
    texts = [f"share: {text}" for text in (cut_mistake(share),) if share is not None and text]
    if waves is not None:
        texts += waves_mistakes(waves, len(entries))
        unproven = [
            key
            for key, entry in entries.items()
            if entry.get("smsEnabled") is not False and not _watches(entry.get("prove"))
        ]
        if unproven:
            texts.append(
                f"each wave is proven before the next: say prove=Prove(within=300), of {named(unproven)} too"
            )
    _raise(name, texts)


def _watches(prove: object) -> bool:
    """Tell whether texts are watched after the switch, as a program says it, or as the engine keeps it."""
    if is_later(prove):
        return True
    return bool(
        prove.within if isinstance(prove, Prove) else isinstance(prove, Mapping) and prove.get("within")
    )


def as_map(name: str, argument: str, given: object) -> Mapping[str, Any]:
    """Give what is a map; raises Contradiction that says what to write instead of anything else."""
    if isinstance(given, Mapping):
        if any(map(is_later, given)):
            raise Contradiction(
                f"{name}: a number among {argument}= is an Output: a VapiSmsNumber takes one, a fleet has to know its "
                "numbers"
            )
        return given
    what = "an Output" if is_later(given) else f"of type {type(given).__name__}"
    ways = _A_MAP if argument == "numbers" else "write a map of options, such as {'assistant': 'Support'}"
    if argument == "numbers" and isinstance(given, str):
        ways += ", or load_numbers() with the name of a file"
    beside = " that the program knows; Outputs may stand in its options" if is_later(given) else ""
    raise Contradiction(f"{name}: {argument}= is {what}: {ways}{beside}")


def _refuse_other_than_one(name: str, ways: str, *given: object) -> None:
    there = [value for value in given if value is not None]
    if len(there) != 1:
        raise Contradiction(f"{name}: {ways}: {both_or_neither(bool(there))}")


def _of_an_entry(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from (no_option(to_snake(option)) for option in entry if to_snake(option) not in ENTRY_OPTIONS)
    answerers = [option for option in _ANSWERERS if option in entry]
    if len(answerers) != 1:
        yield f"{ONE_ANSWER}: {both_or_neither(bool(answerers))}"
    yield from _of_choices(entry)


def _of_the_form(number: object) -> Iterator[str]:
    if isinstance(number, str) and not E164.fullmatch(number):
        yield not_e164(number)


def _of_choices(given: Mapping[str, object]) -> Iterator[str]:
    fallback = given.get("fallback")
    if not (fallback is None or isinstance(fallback, Routing) or is_later(fallback) or fallback in FALLBACKS):
        yield f"fallback must be {' or '.join(map(repr, FALLBACKS))}, or a Routing, such as Handler.webhook(url)"
    yield from _of_prove(given.get("prove"))
    for option, allowed in CHOICES.items():
        value = given.get(option)
        if value is not None and value not in allowed and not is_later(value):
            yield f"{to_snake(option)} must be {' or '.join(map(repr, allowed))}"


def _of_prove(prove: object) -> Iterator[str]:
    if isinstance(prove, Prove):
        yield from (f"prove: {text}" for text in prove.mistakes())
    elif prove is not None:
        yield "prove must be a Prove, such as Prove(within=300)"


def _raise(name: str, texts: Iterable[str]) -> None:
    told = [f"{name}: {text}" for text in texts]
    if told:
        raise Contradiction(*told)
