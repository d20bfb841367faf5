"""Giving back: what `vapi-sms restore` would do with the backup, at the end of every rehearsal, however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vapi_sms.cli.backup.held import Held
from vapi_sms.cli.restore.carrying_out import carry_out
from vapi_sms.cli.restore.planning import Proposal, propose
from vapi_sms.core.errors import ProviderError
from vapi_sms.core.planning.plan import DeleteFromVapi
from vapi_sms.live.engine import EngineGuard
from vapi_sms.live.settings import Settings
from vapi_sms.live.vendors import Vendors

_LOOKS = 3


def give_back(
    settings: Settings, held: Held, wait: Callable[[], None], *, was_cut_short: bool
) -> tuple[str, ...]:
    """Put a number back, and look again until there is nothing left to put back; give what could not be, in lines.

    Where Vapi was told something just now, that may still land: it is waited for (`wait`), and put back as well.
    """
    left: tuple[str, ...] = ()
    for nth in range(_LOOKS):
        try:
            left, wrote, deleted = _once(settings, held)
        except ProviderError as trouble:
            left, wrote, deleted = (str(trouble),), False, False
        if not wrote and (nth or not was_cut_short):
            break
        if deleted or (was_cut_short and not nth):
            wait()
    return left


def _once(settings: Settings, held: Held) -> tuple[tuple[str, ...], bool, bool]:
    """Put back what one reading shows; give what is left, whether anything was written, and whether Vapi let it go."""
    with _unread(settings) as vendors:  # nothing that was read during the rehearsal counts any more
        proposal = propose(held, vendors)
        if proposal.writes_nothing:
            return _left(proposal), False, False
        deletes = any(
            isinstance(step, DeleteFromVapi)
            for planned in proposal.numbers.plans.values()
            for step in planned.steps
        )
        outcome = carry_out(proposal, held, vendors)
    return (*_left(proposal), *outcome.failed.values()), True, deletes


def _left(proposal: Proposal) -> tuple[str, ...]:
    numbers = proposal.numbers
    alone = (told for record in numbers.records for told in numbers.left_alone(record))
    at_vapi = () if numbers.at_vapi is None else (str(numbers.at_vapi),)
    return (*proposal.refused.values(), *numbers.elsewhere.values(), *alone, *at_vapi)


@contextmanager
def _unread(settings: Settings) -> Iterator[Vendors]:
    """Give both vendors as another process would know them; trouble stays what it is, to be told with what is left."""
    vendors = Vendors(settings, EngineGuard(None, None))
    try:
        yield vendors
    finally:
        vendors.twilio.close()
        vendors.vapi.close()
