"""Selecting: for each number, what declares it as it is now, or why nothing can, and a name for the resource.

A declaration counts only if the provider's own judgement, asked here with the same reading, refuses nothing and plans
no write: so a preview of what is exported creates resources, and changes nothing. Names come from what people call
their numbers, are valid everywhere, each once, and the same in every run.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vapi_sms.cli.doctor.reaching import parsed_keys, reached, settings_from
from vapi_sms.cli.doctor.watching import watched
from vapi_sms.core.doctor.answering import answering
from vapi_sms.core.errors import Refusal
from vapi_sms.core.numbers import parse_us_number
from vapi_sms.core.planning.capture import AtVapi, LeaveAtVapi, Wish, capture, not_on_account
from vapi_sms.core.planning.goals import Goal, declared_goal, routed_goal
from vapi_sms.core.planning.plan import plan
from vapi_sms.core.planning.refusals import refuse_unfit, refuse_unroutable
from vapi_sms.core.readings import Reading
from vapi_sms.core.routings.handlers import Kind, classify
from vapi_sms.core.routings.routing import Routing
from vapi_sms.core.values import Desired, Observed, Routed, Service, TwilioNumber, VapiEndpoints, VapiSettings
from vapi_sms.live.survey import Survey, survey
from vapi_sms.resources.inputs.routing import HANDLER, parse_routing
from vapi_sms.resources.program.restore_to import engine_value

_LONGEST = 40


def resource_names(numbers: Iterable[TwilioNumber]) -> dict[str, str]:
    """Give each number's name, by its SID; no name depends on the order, and none on a number without its name."""
    wanted = {number.sid: (number, _slug(number)) for number in numbers}
    shared = Counter(slug for _, slug in wanted.values())
    return {
        sid: slug if shared[slug] == 1 else f"{slug}-{_digits(number)}"
        for sid, (number, slug) in wanted.items()
    }


def _slug(number: TwilioNumber) -> str:
    plain = unicodedata.normalize("NFKD", number.friendly_name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-")
    # What has no letters is a number again; what ends like one could be taken for another's.
    if not re.search(r"[a-z]", slug) or re.search(r"[0-9]{7}$", slug):
        return f"number-{_digits(number)}"
    return slug


def _digits(number: TwilioNumber) -> str:
    return number.number.lstrip("+")


_MANY = 200


@dataclass(frozen=True, slots=True)
class Adopted:
    """A number that a Vapi assistant or squad (`attached`, by input name) answers, declared with adopt=True."""

    name: str
    twilio: TwilioNumber
    answered_by: str
    attached: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """A number that something else answers, declared as it is."""

    name: str
    twilio: TwilioNumber
    answered_by: str

    @property
    def handler(self) -> Routing:
        """What answers."""
        return self.twilio.messaging


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A number that nothing can declare as it is, and why."""

    number: str
    why: str


@dataclass(frozen=True, slots=True)
class Selected:
    """All numbers of an export, each in the order of numbers."""

    account_sid: str
    adopted: tuple[Adopted, ...]
    routes: tuple[Route, ...]
    left_out: tuple[LeftOut, ...]

    def said(self) -> list[str]:
        """Say how many there are."""
        left = f"; {len(self.left_out)} left out, each with its reason, at the end" if self.left_out else ""
        said = [f"{len(self.adopted)} answered by Vapi, {len(self.routes)} by others{left}."]
        if len(self.adopted) + len(self.routes) > _MANY:
            said.append(
                "so many resources slow Pulumi down: export those at Vapi with --format yaml, others some at a time"
            )
        return said


def select(typed: Sequence[str]) -> Selected:
    """Read these numbers, or all, and decide; raises CannotGoOn."""
    keys = parsed_keys(typed)
    with reached(settings_from()) as vendors:
        with watched(lambda: vendors.twilio.requests + vendors.vapi.requests) as watch:
            found = survey(vendors, keys, watch)
        return selected(found, vendors.settings.endpoints)


def selected(found: Survey, endpoints: VapiEndpoints) -> Selected:
    """Decide for every number of a survey."""
    numbers = [reading.observed.twilio for reading in found.readings if reading.observed.twilio is not None]
    names = resource_names(numbers)
    adopted, routes = [], []
    left_out = [LeftOut(key, why) for key, why in found.left_out.items()]
    left_out += [LeftOut(each, "the answer about it cannot be read") for each in found.unread]
    for reading in found.readings:
        try:
            chosen = _declared(reading, names, found, endpoints)
        except Refusal as refused:
            left_out.append(LeftOut(reading.number, str(refused)))
            continue
        if isinstance(chosen, Adopted):
            adopted.append(chosen)
        else:
            routes.append(chosen)
    return Selected(found.account_sid, tuple(adopted), tuple(routes), tuple(left_out))


def _declared(
    reading: Reading, names: Mapping[str, str], found: Survey, endpoints: VapiEndpoints
) -> Adopted | Route:
    """Give a number's declaration; raises Refusal where a preview would refuse it, or plan a write."""
    twilio = reading.observed.twilio
    if twilio is None:
        raise Refusal(reading.number, not_on_account(reading.number))
    line = answering(reading, found.names).line
    observed = _as_the_provider_sees_it(reading)
    if classify(twilio.messaging).kind is Kind.VAPI and observed.vapi is not None:
        attached = _attached(twilio.number, observed.vapi.settings, found.names)
        _refuse_unless_adopted(observed, twilio, found.org_id, endpoints)
        return Adopted(names[twilio.sid], twilio, line, attached)
    if twilio.messaging.application_sid and reading.app is None:
        raise Refusal(
            twilio.number,
            f"its TwiML App {twilio.messaging.application_sid} does not exist: choose another handler",
        )
    if classify(twilio.messaging).kind is Kind.VAPI:
        raise Refusal(
            twilio.number,
            "texts go to Vapi, where this org does not know it: nobody answers, unless another org does",
        )
    _refuse_unless_routed(observed, twilio)
    return Route(names[twilio.sid], twilio, line)


def _as_the_provider_sees_it(reading: Reading) -> Observed:
    observed, service = reading.observed, reading.service
    hidden = service is not None and not service.defers
    hidden_by = Service(service.sid, service.name, service.inbound_url) if service and hidden else None
    return Observed(observed.twilio, observed.vapi, hidden_by)


def _refuse_unless_adopted(
    observed: Observed, twilio: TwilioNumber, org_id: str, endpoints: VapiEndpoints
) -> None:
    settings = observed.vapi.settings if observed.vapi else VapiSettings()
    parse_us_number(twilio.number)
    if not settings.sms_enabled:
        raise Refusal(
            twilio.number, "texts go to Vapi, where SMS is switched off for it: switch it on there first"
        )
    desired = Desired(VapiSettings(assistant_id=settings.assistant_id, squad_id=settings.squad_id))
    refuse_unfit(twilio.number, desired, observed)
    original = capture(
        twilio.number, observed, Wish(adopt=True, restore_to=LeaveAtVapi()), None, AtVapi(org_id)
    )
    _refuse_writes(observed, declared_goal(desired, original, observed, endpoints))


def _refuse_unless_routed(observed: Observed, twilio: TwilioNumber) -> None:
    handler = twilio.messaging
    parse_routing(twilio.number, HANDLER, engine_value(handler))
    routed = Routed(handler)
    refuse_unroutable(twilio.number, routed, observed)
    capture(twilio.number, observed, Wish(route=handler), None, AtVapi(""))
    _refuse_writes(observed, routed_goal(routed))


def _refuse_writes(observed: Observed, goal: Goal) -> None:
    steps = plan(observed, goal).steps
    if steps:
        number = observed.twilio.number if observed.twilio else ""
        raise Refusal(
            number, f"declared, its first `up` would {'; '.join(map(str, steps))}: declare it yourself"
        )


def _attached(number: str, settings: VapiSettings, names: Mapping[str, str]) -> tuple[str, str]:
    """Give what answers, as an input and its value: a name that is not everybody's, else the id."""
    kind = "assistant" if settings.assistant_id else "squad"
    attached = settings.assistant_id or settings.squad_id
    if not attached:
        raise Refusal(number, "Vapi's record has no assistant: choose one there first")
    if attached not in names:
        raise Refusal(
            number, f"{kind} {attached} of Vapi's record does not exist: choose another one there first"
        )
    unique = list(names.values()).count(names[attached]) == 1
    return kind, names[attached] if unique else attached
