"""Examining: from what was typed to a diagnosis of each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vapi_sms.cli.doctor.reaching import NothingToTell, parsed_keys, reached, settings_from
from vapi_sms.cli.doctor.stack import Stack
from vapi_sms.cli.doctor.watching import watched
from vapi_sms.core.diagnosis import Diagnosis, diagnose
from vapi_sms.core.readings import Declared
from vapi_sms.live.survey import survey, with_addresses


@dataclass(frozen=True, slots=True)
class Examined:
    """What is to be told: every number's diagnosis, and what it cost."""

    account_sid: str
    org_id: str
    names: Mapping[str, str]
    diagnoses: tuple[Diagnosis, ...]
    twilio_requests: int
    vapi_requests: int
    left_out: tuple[str, ...] = ()
    addresses_unread: str = ""

    @property
    def problems(self) -> int:
        """How many problems there are."""
        return sum(len(diagnosis.problems) for diagnosis in self.diagnoses)

    def with_problems(self) -> Examined:
        """Leave out the numbers that have none."""
        return replace(self, diagnoses=tuple(each for each in self.diagnoses if each.problems))


def examine(typed: Sequence[str], stack_name: str | None, folder: Path) -> Examined:
    """Read and judge the numbers that were typed, those of a stack, or all; raises CannotGoOn."""
    keys = parsed_keys(typed)
    stack = None if stack_name is None else Stack(stack_name, folder)
    declared: Mapping[str, Declared] = {}
    left_out: tuple[str, ...] = ()
    # The provider does as much: the environment first, then the stack's own configuration.
    settings = settings_from() or (None if stack is None else settings_from(stack.config()))
    if stack is not None and settings is not None:
        declared, left_out = stack.declared(settings.account_sid)
        if not declared and not keys:
            told = "; ".join(left_out) or "it declares no number"
            raise NothingToTell(f"stack {stack.name}: {told}")
    with reached(settings) as vendors:
        with watched(lambda: vendors.twilio.requests + vendors.vapi.requests) as watch:
            found = survey(vendors, keys or list(declared), watch, declared)
            found = with_addresses(found, vendors, watch)
        return Examined(
            found.account_sid,
            found.org_id,
            found.names,
            tuple(diagnose(reading, found.names) for reading in found.readings),
            vendors.twilio.requests,
            vendors.vapi.requests,
            left_out,
            found.addresses_unread,
        )
