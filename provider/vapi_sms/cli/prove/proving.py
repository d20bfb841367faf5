"""Proving: from what was typed to a verdict on each number."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vapi_sms.cli.doctor.reaching import NothingToTell, parsed_keys, reached, settings_from
from vapi_sms.cli.doctor.stack import Stack
from vapi_sms.cli.doctor.watching import watched
from vapi_sms.core.proof.evidence import MESSAGES, Evidence
from vapi_sms.core.proof.verdict import Outcome, Verdict, judge
from vapi_sms.core.readings import Declared
from vapi_sms.live.proving import read_evidence, subjects_of


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


def prove_numbers(typed: Sequence[str], stack_name: str | None, folder: Path, span: int) -> Proven:
    """Judge the numbers that were typed, those of a stack, or all that Vapi answers, by the last `span` seconds.

    Raises CannotGoOn where nothing can be told.
    """
    keys = parsed_keys(typed)
    stack = None if stack_name is None else Stack(stack_name, folder)
    settings = settings_from() or (None if stack is None else settings_from(stack.config()))
    declared: Mapping[str, Declared] = {}
    left_out: tuple[str, ...] = ()
    if stack is not None and settings is not None:
        declared, left_out = stack.declared(settings.account_sid)
        if not declared and not keys:
            raise NothingToTell(f"stack {stack.name}: {'; '.join(left_out) or 'it declares no number'}")
    until = int(time.time())
    with reached(settings) as vendors:
        with watched(lambda: vendors.twilio.requests + vendors.vapi.requests) as watch:
            subjects, missing = subjects_of(vendors, keys or list(declared), declared, watch)
            evidence = read_evidence(vendors, subjects, until - span, until, watch)
        left_out += tuple(f"{key} is not a number of this Twilio account" for key in missing)
        if not subjects:
            raise NothingToTell("; ".join(left_out) or "Vapi answers no number of this account: name one")
        if why := evidence.unread.get(MESSAGES):
            raise NothingToTell(f"messages could not be read: {why}")
        verdicts = sorted(judge(subjects, evidence), key=lambda verdict: verdict.number)
        return Proven(
            vendors.settings.account_sid,
            evidence,
            tuple(verdicts),
            vendors.twilio.requests + vendors.vapi.requests,
            left_out,
        )
