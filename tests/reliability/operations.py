"""What is interrupted: every operation of every resource, as what stands before it and what is declared then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vapi_sms import Handler, Prove
from vapi_sms.sandbox import RunningSandbox

from tests.resources.fleet_stack import FleetStack
from tests.resources.provider import Provider
from tests.resources.routes import RouteStack
from tests.resources.service_stack import ServiceStack
from tests.resources.stack import Stack
from tests.sandbox.pool import pool_seed
from tests.sandbox.world import (
    AC,
    APPLICATION,
    BIN,
    FUNCTION,
    MG,
    ORG,
    PROXY,
    SALES,
    SILENT,
    STUDIO,
    WEBHOOK,
    seed,
)

Declared = dict[str, Any]
AnyStack = Stack | ServiceStack
FIVE = (WEBHOOK, STUDIO, BIN, FUNCTION, APPLICATION)
FLOW = Handler.studio_flow("FW" + "e" * 32, account_sid=AC)
MINE = Handler.webhook("https://mine.example/sms?key=url-canary")
KEYS_OF_VAPI = tuple(
    {"VAPI_TWILIO_API_KEY": f"SK{digit * 32}", "VAPI_TWILIO_API_SECRET": f"own-canary-{digit}"}
    for digit in "12"
)
_ROTATED = {"env_before": KEYS_OF_VAPI[0], "env": KEYS_OF_VAPI[1]}
DEMO_REPLY = "https://demo.twilio.com/welcome/sms/reply"


def nothing(_: RunningSandbox) -> None:
    """Let all be as it is."""


@dataclass(frozen=True)
class Operation:
    """One run of the engine: from a stack where `before` is up to `after`; None is an empty stack.

    `prepare` is done before anything of ours is, `disturb` between the two; `failing` is a fault in force meanwhile.
    `going_on` is what the next run declares, where `after` is meant to fail by itself.
    `env_before` and `env` are what the environment has beside the usual, before and from the operation on.
    """

    resource: str
    name: str
    before: Declared | None
    after: Declared | None
    prepare: Callable[[RunningSandbox], None] = nothing
    disturb: Callable[[RunningSandbox], None] = nothing
    failing: Declared | None = None
    going_on: Declared | None = None
    env_before: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    seed: Callable[[], dict[str, Any]] = field(default=seed)

    @property
    def key(self) -> str:
        """Name it, as `script/reliability --only` takes it."""
        return f"{self.resource} {self.name}"

    @property
    def declared(self) -> Declared:
        """What a run declares that goes on after the operation was interrupted: of a delete, what was there."""
        found = self.going_on or (self.before if self.after is None else self.after)
        assert found is not None
        return found

    def stack(self, provider: Provider) -> AnyStack:
        """Make an empty stack of the resource's kind."""
        return _STACKS[self.resource](provider)


def adopted(*numbers: str) -> Callable[[RunningSandbox], None]:
    """Let somebody else have imported numbers, without texts."""

    def prepare(sandbox: RunningSandbox) -> None:
        for number in numbers:
            theirs = {"number": number, "twilioAccountSid": AC, "assistantId": SALES, "name": "Theirs"}
            sandbox.outside_vapi("create", org=ORG, set={**theirs, "smsEnabled": False})

    return prepare


def drifted(*numbers: str) -> Callable[[RunningSandbox], None]:
    """Let somebody give numbers to another assistant at Vapi, and the demo reply to their texts at Twilio."""

    def disturb(sandbox: RunningSandbox) -> None:
        for record in sandbox.vapi_numbers():
            if record["number"] in numbers:
                edit = {"id": record["id"], "set": {"assistantId": SALES}}
                sandbox.outside_vapi("edit", org=ORG, **edit)
        for number in numbers:
            sandbox.outside_number(number, sms_url=DEMO_REPLY)

    return disturb


def keys_made(sandbox: RunningSandbox) -> None:
    """Let somebody make two keys for Vapi in Twilio's Console."""
    keys = {own["VAPI_TWILIO_API_KEY"]: own["VAPI_TWILIO_API_SECRET"] for own in KEYS_OF_VAPI}
    sandbox.outside("credentials", account=AC, api_keys=keys)


def deferring_no_more(sandbox: RunningSandbox) -> None:
    """Let somebody switch the service's deferring off in the Console."""
    sandbox.outside("service", sid=MG, set={"use_inbound_webhook_on_number": False})


def _fleet(*numbers: str, **changed: Declared) -> Declared:
    options = {"assistant": "Support", **changed.get("defaults", {})}
    return {"numbers": {number: {} for number in numbers}, "defaults": options}


def _refused(number: str) -> Declared:
    return {"vendor": "vapi", "method": "POST", "containing": number, "status": 400, "count": None}


_STACKS: dict[str, Callable[[Provider], AnyStack]] = {
    "VapiSmsNumber": Stack,
    "VapiSmsFleet": lambda provider: FleetStack(provider, name="fleet"),
    "TwilioSmsRoute": lambda provider: RouteStack(provider, name="prod"),
    "MessagingServiceInbound": ServiceStack,
}
_NUMBER: Declared = {"number": WEBHOOK, "assistant": "Support", "name": "Front desk"}
_OFF: Declared = {**_NUMBER, "sms_enabled": False}
_BACKED: Declared = {**_NUMBER, "fallback": "original"}
_ASKED = Prove(before="Are you open on Sunday?", within=1)
_DEMANDED = Prove(within=1, on_silence="restore")
_WAVES: Declared = {"waves": [2, "100%"]}
_ROUTE: Declared = {"number": WEBHOOK, "handler": FLOW}
_SERVICE: Declared = {"service": MG, "keep_others": True}


def _number(name: str, before: Declared | None, after: Declared | None, **more: Any) -> Operation:
    return Operation("VapiSmsNumber", name, before, after, **more)


def _of_fleet(name: str, before: Declared | None, after: Declared | None, **more: Any) -> Operation:
    return Operation("VapiSmsFleet", name, before, after, **more)


def _route(name: str, before: Declared | None, after: Declared | None, **more: Any) -> Operation:
    return Operation("TwilioSmsRoute", name, before, after, **more)


def _service(name: str, before: Declared | None, after: Declared | None, **more: Any) -> Operation:
    return Operation("MessagingServiceInbound", name, before, after, seed=pool_seed, **more)


OPERATIONS: tuple[Operation, ...] = (
    _number("create", None, _NUMBER),
    _number("update assistant", _NUMBER, {**_NUMBER, "assistant": "Sales"}),
    _number("texts off", _NUMBER, _OFF),
    _number("texts on", _OFF, _NUMBER),
    _number("replace number", _NUMBER, {**_NUMBER, "number": APPLICATION}),
    _number("delete", _NUMBER, None),
    _number("adopt", None, {**_NUMBER, "adopt": True}, prepare=adopted(WEBHOOK)),
    _number("repair drift", _NUMBER, _NUMBER, disturb=drifted(WEBHOOK)),
    _number("create with a fallback", None, _BACKED),
    _number("declare a fallback", _NUMBER, _BACKED),
    _number("change the fallback", _BACKED, {**_NUMBER, "fallback": MINE}),
    _number("rotate key", _NUMBER, _NUMBER, prepare=keys_made, **_ROTATED),
    _number("create, proven", None, {**_NUMBER, "prove": _ASKED}),
    _number("create, proof fails", None, {**_NUMBER, "prove": _DEMANDED}, going_on=_NUMBER),
    _of_fleet("create", None, _fleet(*FIVE)),
    _of_fleet("create, one fails", None, _fleet(*FIVE), failing=_refused(BIN)),
    _of_fleet("update assistant", _fleet(*FIVE), _fleet(*FIVE, defaults={"assistant": "Sales"})),
    _of_fleet("texts off", _fleet(*FIVE), _fleet(*FIVE, defaults={"sms_enabled": False})),
    _of_fleet("texts on", _fleet(*FIVE, defaults={"sms_enabled": False}), _fleet(*FIVE)),
    _of_fleet("numbers join", _fleet(*FIVE[:2]), _fleet(*FIVE)),
    _of_fleet("numbers join, one fails", _fleet(*FIVE[:2]), _fleet(*FIVE), failing=_refused(BIN)),
    _of_fleet("numbers leave", _fleet(*FIVE), _fleet(*FIVE[:2])),
    _of_fleet("join and leave", _fleet(*FIVE), _fleet(*FIVE[:3], PROXY, SILENT)),
    _of_fleet("delete", _fleet(*FIVE), None),
    _of_fleet("adopt", None, _fleet(*FIVE, defaults={"adopt": True}), prepare=adopted(*FIVE[:3])),
    _of_fleet("repair drift", _fleet(*FIVE), _fleet(*FIVE), disturb=drifted(*FIVE[:2])),
    _of_fleet("declare a fallback", _fleet(*FIVE), _fleet(*FIVE, defaults={"fallback": FLOW})),
    _of_fleet("rotate key", _fleet(*FIVE), _fleet(*FIVE), prepare=keys_made, **_ROTATED),
    _of_fleet("create in waves", None, _fleet(*FIVE, defaults={"prove": _ASKED}) | _WAVES),
    _of_fleet(
        "create, a wave fails",
        None,
        _fleet(*FIVE, defaults={"prove": _DEMANDED}) | _WAVES,
        going_on=_fleet(*FIVE),
    ),
    _route("create", None, _ROUTE),
    _route("update handler", _ROUTE, {**_ROUTE, "handler": MINE}),
    _route("replace number", _ROUTE, {**_ROUTE, "number": APPLICATION}),
    _route("delete", _ROUTE, None),
    _route(
        "repair drift",
        _ROUTE,
        _ROUTE,
        disturb=lambda sandbox: sandbox.outside_number(WEBHOOK, sms_url=DEMO_REPLY) and None,
    ),
    _service("create", None, _SERVICE),
    _service("defer no more", _SERVICE, {**_SERVICE, "defer_to_sender": False}),
    _service("defer again", {**_SERVICE, "defer_to_sender": False}, _SERVICE),
    _service("delete", _SERVICE, None),
    _service("repair drift", _SERVICE, _SERVICE, disturb=deferring_no_more),
)
BY_KEY = {operation.key: operation for operation in OPERATIONS}
