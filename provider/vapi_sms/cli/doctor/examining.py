"""Examining: from what was typed to a diagnosis of each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vapi_sms.cli.doctor.reaching import NothingToTell, parsed_keys, reached, settings_from
from vapi_sms.cli.doctor.stack import SHORT_CODES, Stack
from vapi_sms.cli.doctor.watching import watched
from vapi_sms.core.doctor.diagnosis import Diagnosis, diagnose
from vapi_sms.core.readings import Declared
from vapi_sms.live.settings import Settings
from vapi_sms.live.survey import Survey, survey, with_addresses, with_captures


@dataclass(frozen=True, slots=True)
class Examined:
    """What is to be told: every number's diagnosis, and what it cost.

    `unseen` are lines of `left_out` that tell of numbers at which nobody could look.
    """

    account_sid: str
    org_id: str
    names: Mapping[str, str]
    diagnoses: tuple[Diagnosis, ...]
    twilio_requests: int
    vapi_requests: int
    left_out: tuple[str, ...] = ()
    addresses_unread: str = ""
    captures_unread: str = ""
    unseen: int = 0
    problems_only: bool = False

    @property
    def asked_vapi(self) -> bool:
        """Vapi's side was read, too."""
        return all(each.reading.asked_vapi for each in self.diagnoses)

    @property
    def problems(self) -> int:
        """How many problems there are."""
        return sum(len(diagnosis.problems) for diagnosis in self.diagnoses)

    @property
    def sick(self) -> tuple[Diagnosis, ...]:
        """The numbers that have problems."""
        return tuple(each for each in self.diagnoses if each.problems)

    @property
    def told(self) -> tuple[Diagnosis, ...]:
        """The numbers that are told one by one."""
        return self.sick if self.problems_only else self.diagnoses


def examine(typed: Sequence[str], stack_name: str | None, folder: Path) -> Examined:
    """Read and judge the numbers that were typed, those of a stack, or all; raises CannotGoOn."""
    keys = parsed_keys(typed)
    stack = None if stack_name is None else Stack(stack_name, folder)
    declared: Mapping[str, Declared] = {}
    left_out: tuple[str, ...] = ()
    settings = _settings(stack)
    if stack is not None and settings is not None:
        declared, left_out = stack.declared(settings.account_sid)
        if not declared and not keys:
            told = "; ".join(left_out) or "it declares no number"
            raise NothingToTell(f"stack {stack.name}: {told}")
        if not settings.vapi_api_key and (keys or not all(said.is_route for said in declared.values())):
            settings = _settings(stack, needs_vapi=True)
    with reached(settings) as vendors:
        with watched(lambda: vendors.twilio.requests + vendors.vapi.requests) as watch:
            found = survey(vendors, keys or list(declared), watch, declared)
            found = with_captures(with_addresses(found, vendors, watch), vendors, watch)
        lines = _not_looked_at(found)
        return Examined(
            found.account_sid,
            found.org_id,
            found.names,
            tuple(diagnose(reading, found.names) for reading in found.readings),
            vendors.twilio.requests,
            vendors.vapi.requests,
            (*left_out, *lines),
            found.addresses_unread,
            found.captures_unread,
            unseen=len(lines) + (0 if keys else sum(SHORT_CODES not in each for each in left_out)),
        )


def _not_looked_at(found: Survey) -> list[str]:
    """Tell what could not be read: each number by its own name, and of a whole account whatever else."""
    told = [f"{key} left out: {why}" for key, why in found.left_out.items()]
    if found.unread:
        told.append(f"left out, since the answer about it cannot be read: {', '.join(found.unread)}")
    return told


def _settings(stack: Stack | None, *, needs_vapi: bool = False) -> Settings | None:
    """Give the settings as the provider has them: of the environment, then of the stack's own configuration.

    That is read only where it has to be, since it asks for the passphrase. A stack of routes needs no key of Vapi's.
    """
    needs_vapi = needs_vapi or stack is None
    return settings_from(needs_vapi=needs_vapi) or (
        None if stack is None else settings_from(stack.config(), needs_vapi=needs_vapi)
    )
