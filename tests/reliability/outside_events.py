"""What others do meanwhile: each event is one thing that happens outside, to one number or service of the operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vapi_sms.sandbox import RunningSandbox

from tests.reliability.bench import Record
from tests.reliability.judging import FOREIGN
from tests.reliability.operations import Operation
from tests.sandbox.pool import POOL
from tests.sandbox.world import AC, APPLICATION, FUNCTION, MG, ORG, SALES, SUB, SUPPORT, VAPI_SMS, WEBHOOK

FOREIGN_URL = f"{FOREIGN}sms"
THEIRS = "Theirs, made meanwhile"
LAG_MS = 12_000
MEANWHILE = "2026-01-01T00:00:00Z"


@dataclass(frozen=True)
class Target:
    """Whom it happens to: a number, or the service; `assistant` is the one that answers, or comes back when adopted."""

    number: str
    is_service: bool
    assistant: str

    @staticmethod
    def of(operation: Operation) -> Target:
        """Give the number of an operation that is touched last."""
        is_fleet = operation.resource == "VapiSmsFleet"
        assistant = SALES if operation.name == "adopt" else SUPPORT
        number = FUNCTION if is_fleet else WEBHOOK
        if is_fleet and operation.name == "adopt":
            number = WEBHOOK
        return Target(number, operation.resource == "MessagingServiceInbound", assistant)


def record_of(sandbox: RunningSandbox, number: str) -> Record | None:
    """Give what Vapi holds of a number."""
    return next((record for record in sandbox.vapi_numbers() if record["number"] == number), None)


def _routed(sandbox: RunningSandbox, target: Target) -> bool:
    if target.is_service:
        sandbox.outside("service", sid=MG, set={"inbound_request_url": FOREIGN_URL})
    else:
        sandbox.outside_number(target.number, sms_url=FOREIGN_URL, sms_application_sid="")
    return True


def _deleted(sandbox: RunningSandbox, target: Target) -> bool:
    found = record_of(sandbox, target.number)
    if found is not None:
        sandbox.outside_vapi("delete", org=ORG, id=found["id"])
    return found is not None


def _made(sandbox: RunningSandbox, target: Target) -> None:
    theirs = {"number": target.number, "twilioAccountSid": AC, "assistantId": SALES, "name": THEIRS}
    sandbox.outside_vapi("create", org=ORG, set=theirs)


def _replaced(sandbox: RunningSandbox, target: Target) -> bool:
    if not _deleted(sandbox, target):
        return False
    _made(sandbox, target)
    return True


def _imported(sandbox: RunningSandbox, target: Target) -> bool:
    if record_of(sandbox, target.number) is not None:
        return False
    _made(sandbox, target)
    sandbox.outside_number(target.number, sms_url=VAPI_SMS, sms_application_sid="")
    return True


def _moved(sandbox: RunningSandbox, target: Target) -> bool:
    sandbox.outside_move(target.number, SUB)
    return True


def _bought_again(sandbox: RunningSandbox, target: Target) -> bool:
    sandbox.outside_release(target.number)
    sandbox.outside_buy(target.number, AC)
    return True


def _pool(sandbox: RunningSandbox, number: str, *, joins: bool) -> None:
    account = sandbox._world.twilio.accounts[AC]
    sid, service = sandbox.number(number)["sid"], account.services[MG]
    account.services[MG] = service.joined_by(sid, MEANWHILE) if joins else service.left_by(sid)


def _joined(sandbox: RunningSandbox, target: Target) -> bool:
    _pool(sandbox, APPLICATION if target.is_service else target.number, joins=True)
    return True


def _left(sandbox: RunningSandbox, target: Target) -> bool:
    _pool(sandbox, POOL[0], joins=False)
    return target.is_service


def _revoked(sandbox: RunningSandbox, _: Target) -> bool:
    sandbox.outside("credentials", org=ORG, api_key="canary-of-another-key")
    return True


def _assistant_gone(sandbox: RunningSandbox, target: Target) -> bool:
    sandbox.outside_vapi("delete", org=ORG, kind="assistant", id=target.assistant)
    return True


def _lagging(sandbox: RunningSandbox, _: Target) -> bool:
    sandbox.behaviour(reads_lag_ms={"twilio": LAG_MS, "vapi": LAG_MS})
    return True


Event = Callable[[RunningSandbox, Target], bool]
EVENTS: dict[str, Event] = {
    "routed elsewhere": _routed,
    "record deleted": _deleted,
    "record replaced": _replaced,
    "another one imports it": _imported,
    "moved to a subaccount": _moved,
    "released and bought again": _bought_again,
    "joined a service": _joined,
    "left a service": _left,
    "key revoked": _revoked,
    "assistant deleted": _assistant_gone,
    "readings lag by 12 s": _lagging,
}
"""What happens; each tells whether it could."""
_AT_VAPI = {
    "record deleted",
    "record replaced",
    "another one imports it",
    "key revoked",
    "assistant deleted",
}
_OF_SERVICES = {"routed elsewhere", "joined a service", "left a service", "readings lag by 12 s"}


def events_of(operation: Operation) -> list[str]:
    """Give those that have a meaning for what an operation touches."""
    if operation.resource == "MessagingServiceInbound":
        return [name for name in EVENTS if name in _OF_SERVICES]
    if operation.resource == "TwilioSmsRoute":
        return [name for name in EVENTS if name not in _AT_VAPI | {"left a service"}]
    return [name for name in EVENTS if name != "left a service"]


def undone(sandbox: RunningSandbox) -> None:
    """Let readings be of the present again."""
    sandbox.behaviour(reads_lag_ms={"twilio": 0, "vapi": 0})
    sandbox.settle()
