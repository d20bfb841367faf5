"""What is demanded of a switch: an answer to a question before it, answered texts after it; pure, and light.

Programs import this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from vapi_sms.core.inert import Line, line

LONG = 3600  # seconds: an `up` that waits longer holds its stack's lock longer than people expect
LONGEST = 24 * 3600
LONGEST_QUESTION = 1000
RESTORE, KEEP = "restore", "keep"


@dataclass(frozen=True, slots=True)
class Prove:
    """What proves a switch: `prove=` of a VapiSmsNumber or a VapiSmsFleet. Nothing is asked or waited for without it.

    :param before: A question that each assistant is asked once, through Vapi's chat, before the first write to its
        numbers. Without an answer none of them is switched. Vapi charges for it, and the assistant may call its tools.
    :param within: For how many seconds after the switch texts that come in are watched; it ends earlier where enough
        were answered, or one was not.
    :param at_least: How many answered texts make it sure, 1 by default.
    :param on_failure: What becomes of a number with an unanswered text. "restore", by default: it is put back. "keep":
        it stays with Vapi. The `up` of that number fails in both cases.
    :param on_silence: What becomes of a number that had fewer answered texts. "keep", by default: it stays, and that is
        told. "restore": it is put back, and its `up` fails.
    """

    before: str | None = None
    within: int | None = None
    at_least: int = 1
    on_failure: Literal["restore", "keep"] = "restore"
    on_silence: Literal["keep", "restore"] = "keep"

    def mistakes(self) -> Iterator[str]:
        """Tell all that is wrong with it, in the words of who wrote it."""
        if self.before is None and self.within is None:
            yield "proves nothing: say before=, the question to ask first, or within=, the seconds to watch"
        if self.before is not None and not _is_a_question(self.before):
            yield f"before must be a question of 1 to {LONGEST_QUESTION:,} characters"
        if self.within is not None and not (_is_whole(self.within) and 0 < self.within <= LONGEST):
            yield f"within must be whole seconds from 1 to {LONGEST:,}, such as 300"
        if not (_is_whole(self.at_least) and self.at_least > 0):
            yield "at_least must be a whole number of texts, 1 or more"
        yield from (
            f"{name} must be {RESTORE!r} or {KEEP!r}"
            for name, choice in (("on_failure", self.on_failure), ("on_silence", self.on_silence))
            if choice not in (RESTORE, KEEP)
        )

    @property
    def announced(self) -> tuple[Line, ...]:
        """Say what an `up` will wait for; whom it asks first depends on the number."""
        if self.within is None:
            return ()
        texts = "1 text" if self.at_least == 1 else f"{self.at_least:,} texts"
        failed = "is put back" if self.on_failure == RESTORE else "stays, and `up` fails"
        silent = "stays" if self.on_silence == KEEP else "is put back"
        fates = f"a number with an unanswered text {failed}, one without enough texts {silent}"
        if failed == silent:
            fates = f"a number with an unanswered text, or without enough texts, {silent}"
        long = (
            " That is more than an hour, for which `up` holds the stack: nobody else can run one."
            if self.within > LONG
            else ""
        )
        return (
            line(
                f"proof: after the switch texts are watched until {texts} to a number "
                f"{'is' if self.at_least == 1 else 'are'} answered, for {self.within:,} s at most; {fates}.{long}"
            ),
        )


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_a_question(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_QUESTION
