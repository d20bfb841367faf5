"""Watching: the verdicts of `prove`, again and again; what changes is told once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from vapi_sms.cli.doctor.reaching import NothingToTell
from vapi_sms.cli.paper import Paper
from vapi_sms.cli.printing import complain, say
from vapi_sms.cli.prove.proving import Whom, known
from vapi_sms.cli.prove.report import number
from vapi_sms.cli.watch.board import COLUMNS, row
from vapi_sms.core.errors import VendorUnavailable
from vapi_sms.core.inert import json_line, line
from vapi_sms.core.proof.evidence import MESSAGES, Evidence, Subject
from vapi_sms.core.proof.verdict import Fate, Followed, Outcome, Verdict, judge, moment
from vapi_sms.live.calling.many import Nobody
from vapi_sms.live.proving import read_evidence, subjects_of
from vapi_sms.live.vendors import Vendors

_WHOM_AGAIN = 12  # looks after which it is asked anew which numbers there are


Teller = Callable[[Sequence[Verdict], Evidence], None]
"""Is shown every look, and tells what there is to tell."""


def watch(whom: Whom, span: int, pause: int | None, *, as_json: bool, until_failed: bool) -> bool:
    """Look once, or every `pause` seconds, back over `span` seconds; tell whether any text was not answered."""
    failed = False
    with _teller(as_json=as_json, again=pause is not None) as tell:
        for verdicts, evidence in _looks(whom, span, pause):
            tell(verdicts, evidence)
            failed = failed or any(each.outcome is Outcome.FAILED for each in verdicts)
            if failed and until_failed:
                break
    return failed


def _looks(whom: Whom, span: int, pause: int | None) -> Iterator[tuple[list[Verdict], Evidence]]:
    with known(whom) as (vendors, keys, declared, left_out):
        subjects: list[Subject] = []
        looks = 0
        while True:
            try:
                if looks % _WHOM_AGAIN == 0:
                    subjects, _ = subjects_of(vendors, keys, declared, Nobody())
                evidence = _evidence(vendors, subjects, span)
            except VendorUnavailable as trouble:
                if pause is None:
                    raise
                complain(line(f"vapi-sms: {trouble}"))
            else:
                if not subjects:
                    raise NothingToTell("; ".join(left_out) or "Vapi answers none of these numbers")
                looks += 1
                yield sorted(judge(subjects, evidence), key=lambda verdict: verdict.number), evidence
            if pause is None:
                return
            time.sleep(pause)


def _evidence(vendors: Vendors, subjects: Sequence[Subject], span: int) -> Evidence:
    until = int(time.time())
    found = read_evidence(vendors, subjects, until - span, until, Nobody())
    if why := found.unread.get(MESSAGES):
        raise NothingToTell(f"messages could not be read: {why}")
    return found


@contextmanager
def _teller(*, as_json: bool, again: bool) -> Iterator[Teller]:
    paper = Paper()
    if as_json or not again or not paper.is_terminal:
        yield _Changes(as_json=as_json).show
        return
    with paper.board() as board:

        def show(verdicts: Sequence[Verdict], evidence: Evidence) -> None:
            board(
                COLUMNS, [row(each, evidence) for each in verdicts], line(f"as of {moment(evidence.until)}")
            )

        yield show


class _Changes:
    """Tells of each number what is new: its verdict, each text that was not answered, what its sessions cost."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._outcomes: dict[str, Outcome] = {}
        self._told: set[str] = set()

    def show(self, verdicts: Sequence[Verdict], evidence: Evidence) -> None:
        """Tell what changed since the last look."""
        for verdict in verdicts:
            new = [each for each in verdict.unanswered if each.text.sid not in self._told]
            self._told.update(each.text.sid for each in new)
            if not new and self._outcomes.get(verdict.number) is verdict.outcome:
                continue
            self._outcomes[verdict.number] = verdict.outcome
            if self._as_json:
                say(json_line({"at": moment(evidence.until), **number(verdict)}))
            else:
                self._tell(verdict, new, evidence)

    def _tell(self, verdict: Verdict, new: Sequence[Followed], evidence: Evidence) -> None:
        answered, texts = verdict.count(Fate.ANSWERED), len(verdict.followed)
        cost = f", ${verdict.cost:.2f} at Vapi" if verdict.cost else ""
        why = f": {'; '.join(verdict.reasons)}" if verdict.reasons and not new else ""
        say(
            line(
                f"{moment(evidence.until)} {verdict.number} {verdict.outcome} ({answered} of {texts} texts{cost}){why}"
            )
        )
        for each in new:
            do = f". {each.do[0].upper()}{each.do[1:]}" if each.do else ""
            say(line(f"  {each.named}: {each.fate} ({each.why}){do}"))
