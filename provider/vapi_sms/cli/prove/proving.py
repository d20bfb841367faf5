"""Proving: from what was typed to a verdict on each number."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vapi_sms.cli.doctor.reaching import NothingToTell, parsed_keys, reached, settings_from
from vapi_sms.cli.doctor.stack import Stack
from vapi_sms.cli.doctor.watching import watched
from vapi_sms.cli.printing import say
from vapi_sms.cli.prove.following import Steps, follow, send
from vapi_sms.core.inert import line
from vapi_sms.core.proof.evidence import MESSAGES, Evidence, Subject
from vapi_sms.core.proof.verdict import Outcome, Verdict, judge
from vapi_sms.core.readings import Declared
from vapi_sms.live.asking import Asked
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.proving import read_evidence, subjects_of
from vapi_sms.live.vendors import Vendors


@dataclass(frozen=True, slots=True)
class Proven:
    """What is to be told: a verdict on each number, in the order of numbers, and what it cost."""

    account_sid: str
    evidence: Evidence
    verdicts: tuple[Verdict, ...]
    requests: int
    left_out: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """How many numbers have texts that were not answered as they should have been."""
        return sum(each.outcome is Outcome.FAILED for each in self.verdicts)

    @property
    def answered(self) -> int:
        """How many numbers have texts, and all were answered."""
        return sum(each.outcome is Outcome.ANSWERED for each in self.verdicts)

    @property
    def outcome(self) -> Outcome:
        """What follows for all: one failure is one, and one that is answered is enough where none is."""
        if self.failed:
            return Outcome.FAILED
        return Outcome.ANSWERED if self.answered else Outcome.INCONCLUSIVE


@dataclass(frozen=True, slots=True)
class Whom:
    """The numbers that were typed, those that a stack declares, or all that Vapi answers."""

    typed: tuple[str, ...]
    stack: str | None
    folder: Path


@contextmanager
def known(whom: Whom) -> Iterator[tuple[Vendors, list[str], Mapping[str, Declared], tuple[str, ...]]]:
    """Give both vendors, the numbers' keys, what a stack says of them, and what it leaves out."""
    keys = parsed_keys(whom.typed)
    stack = None if whom.stack is None else Stack(whom.stack, whom.folder)
    # Routes are Twilio's matter alone: without a key of Vapi's only who answered is not known.
    settings = settings_from(needs_vapi=False) or (
        None if stack is None else settings_from(stack.config(), needs_vapi=False)
    )
    declared: Mapping[str, Declared] = {}
    left_out: tuple[str, ...] = ()
    if stack is not None and settings is not None:
        declared, left_out = stack.declared(settings.account_sid)
        if not declared and not keys:
            raise NothingToTell(f"stack {stack.name}: {'; '.join(left_out) or 'it declares no number'}")
    if settings is not None and not (settings.vapi_api_key or keys or declared):
        raise NothingToTell(
            "which numbers Vapi answers only its key shows: set VAPI_API_KEY, or name numbers"
        )
    with reached(settings) as vendors:
        yield vendors, keys or list(declared), declared, left_out


def prove_numbers(whom: Whom, span: int) -> Proven:
    """Judge numbers by the last `span` seconds; raises CannotGoOn where nothing can be told."""
    until = int(time.time())
    with known(whom) as (vendors, keys, declared, left_out):
        with watched(lambda: vendors.twilio.requests + vendors.vapi.requests) as watch:
            subjects, missing = subjects_of(vendors, keys, declared, watch)
            evidence = read_evidence(vendors, subjects, until - span, until, watch)
        unseen = (*left_out, *_missing(missing))
        if not subjects:
            raise NothingToTell("; ".join(unseen) or _NOBODY)
        if why := evidence.unread.get(MESSAGES):
            raise NothingToTell(f"messages could not be read: {why}")
        verdicts = sorted(judge(subjects, evidence), key=lambda verdict: verdict.number)
        return Proven(
            vendors.settings.account_sid,
            evidence,
            tuple(verdicts),
            vendors.twilio.requests + vendors.vapi.requests,
            unseen,
        )


_NOBODY = "Vapi answers no number of this account: name one"
_WORDS = "an assistant may call its tools: write with --ask what it is to be asked"


_NO_ASSISTANT = "no assistant is known for these numbers: name one with --assistant"


def _missing(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{key} is not a number of this Twilio account" for key in keys)


def _asked(vendors: Vendors, question: str, subjects: Sequence[Subject]) -> list[Asked]:
    """Ask each assistant or squad of these numbers once."""
    whom = dict.fromkeys((subject.assistant_id, subject.squad_id) for subject in subjects)
    return [
        vendors.questions.ask(question, assistant, squad) for assistant, squad in whom if assistant or squad
    ]


def ask_assistants(whom: Whom, question: str | None, assistant: str | None) -> Outcome:
    """Ask the assistants of numbers, or one by its name or id; tell what each says."""
    if question is None:
        raise NothingToTell(_WORDS)
    unseen: tuple[str, ...] = ()
    with known(whom) as (vendors, keys, declared, left_out):
        if not vendors.settings.vapi_api_key:
            raise NothingToTell("an assistant is asked with the key of its org: set VAPI_API_KEY")
        if assistant is not None:
            named = vendors.names.assistants.resolve("--assistant", assistant)
            asked = [vendors.questions.ask(question, named.id, "")]
        else:
            subjects, missing = subjects_of(vendors, keys, declared, Nobody())
            vendors.names.assistants.load()
            asked = _asked(vendors, question, subjects)
            unseen = (*left_out, *_missing(missing))
        if not asked:
            raise NothingToTell("; ".join(unseen) or _NO_ASSISTANT)
        say(*(line(str(each)) for each in asked))
    return Outcome.ANSWERED if all(each.answered for each in asked) else Outcome.FAILED


def follow_text(whom: Whom, wait: int | None, sender: str | None, words: str | None) -> Outcome:
    """Follow one text to one number: one that is waited for, or one that is sent from another number."""
    if sender is not None and words is None:
        raise NothingToTell(_WORDS)
    with known(whom) as (vendors, keys, declared, _):
        subjects, missing = subjects_of(vendors, keys, declared, Nobody()) if keys else ([], [])
        if len(subjects) != 1:
            found = f"{missing[0]} is not a number of this Twilio account" if missing else "name one number"
            raise NothingToTell(f"one text goes to one number: {found}")
        steps, only = Steps(say), ""
        if sender is not None:
            only = parsed_keys([sender])[0]
            sid = send(vendors, only, subjects[0], words or "")
            steps.step(sid, f"sent {sid} from {only}; a text and its answer cost some cents")
        else:
            steps.step("now", f"text {subjects[0].number} from your phone now")
        verdict = follow(vendors, subjects[0], wait or _DELIVERED, steps, only=only)
    if verdict is None:
        say(line(f"no text came in within {wait or _DELIVERED} s"))
        return Outcome.INCONCLUSIVE if sender is None else Outcome.FAILED
    say(line(f"{verdict.number}: {verdict.outcome}"), *verdict.reasons)
    return verdict.outcome


_DELIVERED = 90  # seconds in which a text from a number to another arrives, or never does
