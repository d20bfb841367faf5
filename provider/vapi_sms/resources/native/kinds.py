"""The kinds of resources: what a native provider calls them, whose life each is, and what only its outputs hold."""

from __future__ import annotations

from dataclasses import dataclass

PACKAGE = "vapi-sms"
DYNAMIC = "pulumi-python:dynamic/vapi"
"""Before the same kinds' names where they are dynamic resources of a Python program."""


SINCE_IMPORT = "imported"
"""The input in which a resource that was imported holds its own record: no program writes it, and none is shown it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of resource.

    `life` is a module of this room and a class. `outputs` are told by no input, and known after `up`; those that never
    change for a number are `stable`. `secret` are secret wherever they are; `silent` changes are not shown, since each
    goes with another one that is.
    """

    name: str
    life: str
    outputs: tuple[str, ...] = ()
    stable: tuple[str, ...] = ()
    secret: tuple[str, ...] = ("original", "restoreTo", "restoreCallsTo", "routes")
    silent: tuple[str, ...] = ("original", "owner", "formerOwners")
    replaced_by: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    """What check puts a record in place of."""
    defaults: tuple[tuple[str, object], ...] = ()
    """Inputs that a Python program always writes."""
    component: str = ""
    """The block that makes it, and its record."""

    @property
    def token(self) -> str:
        """What programs call it."""
        return f"{PACKAGE}:index:{self.name}"


NUMBER = Kind(
    "VapiSmsNumber",
    "number.life.NumberLife",
    outputs=(
        "number",
        "twilioSid",
        "accountSid",
        "vapiId",
        "orgId",
        "answeredBy",
        "textsUrl",
        "routing",
        "originalSummary",
    ),
    stable=("number", "twilioSid", "accountSid", "orgId", "vapiId"),
    replaced_by=("number", "twilioSid"),
    defaults=(("smsEnabled", True), ("voice", "keep"), ("adopt", False)),
    component="Number",
)
FLEET = Kind(
    "VapiSmsFleet",
    "fleet.life.FleetLife",
    outputs=("accountSid", "orgId", "textsUrls", "summary"),
    stable=("accountSid", "orgId"),
    component="Fleet",
)
ROUTE = Kind(
    "TwilioSmsRoute",
    "route.life.RouteLife",
    outputs=("number", "twilioSid", "accountSid", "answeredBy", "routing", "originalSummary"),
    stable=("number", "twilioSid", "accountSid"),
    secret=("original", "handler"),
    replaced_by=("number", "twilioSid", "shortCode"),
    component="Route",
)
INBOUND = Kind(
    "MessagingServiceInbound",
    "service.life.ServiceLife",
    outputs=("serviceSid", "accountSid", "inbound", "answers", "originalSummary"),
    stable=("serviceSid", "accountSid"),
    silent=("original", "owner", "formerOwners", "declared"),
    replaced_by=("service",),
    defaults=(("deferToSender", True), ("keepOthers", False)),
    component="Inbound",
)
ORIGINALS = Kind(
    "OriginalRoutings",
    "record.life.OriginalsLife",
    recorded=("originals",),
    outputs=("summary",),
    secret=("originals", "restoreTo", "restoreCallsTo", "routes"),
    silent=("originals", "restoreTo", "restoreCallsTo", "routes", "imports", "owner", "formerOwners"),
)
SERVICE_ORIGINAL = Kind(
    "OriginalService",
    "service.original_life.ServiceOriginalLife",
    recorded=("original",),
    outputs=("serviceSid", "accountSid", "summary"),
    stable=("serviceSid", "accountSid"),
    silent=("original", "owner", "formerOwners", "declared"),
    replaced_by=("service",),
    defaults=(("deferToSender", True), ("keepOthers", False)),
)

KINDS = {kind.name: kind for kind in (NUMBER, FLEET, ROUTE, INBOUND, ORIGINALS, SERVICE_ORIGINAL)}


COMPONENTS = {kind.component: kind for kind in KINDS.values() if kind.component}
"""The blocks that people write: each makes a resource, and before it the record of what was found."""


def kind_of(type_: str) -> Kind | None:
    """Give the kind that a type names; a child's has its parents' types before the last `$`."""
    package, _, name = type_.rpartition("$")[2].partition(":index:")
    return KINDS.get(name) if package == PACKAGE else None
