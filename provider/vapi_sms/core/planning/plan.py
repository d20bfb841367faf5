"""Planning: ordered steps from what is there to a goal. One planner for every purpose; pure.

The order keeps texts answered: Vapi learns a number before texts point there, and forgets it only after texts have
left. Twilio is written after Vapi, so that whatever Vapi did to the webhooks, ours is the last word.
"""

from __future__ import annotations

from dataclasses import dataclass

from vapi_sms.core.planning.goals import Goal, Presence
from vapi_sms.core.routings.describe import (
    handler_line,
    regulatory_changes,
    routing_changes,
    settings_changes,
)
from vapi_sms.core.routings.routing import Routing, VoiceRouting
from vapi_sms.core.values import UNREGULATED, Observed, Regulatory, TwilioNumber, VapiRecord, VapiSettings


@dataclass(frozen=True, slots=True)
class ImportNumber:
    """Make Vapi know a number."""

    number: str
    settings: VapiSettings

    def __str__(self) -> str:
        return f"import {self.number} into Vapi"


@dataclass(frozen=True, slots=True)
class UpdateVapi:
    """Change Vapi's settings of a number it knows, and give it our credentials for Twilio anew where asked."""

    record: VapiRecord
    after: VapiSettings
    hands_key: bool = False

    def __str__(self) -> str:
        changes = settings_changes(self.record.settings, self.after)
        changes += ["the credentials for Twilio are given anew"] if self.hands_key else []
        return f"change at Vapi: {'; '.join(changes)}"


@dataclass(frozen=True, slots=True)
class RouteNumber:
    """Write whole routings at Twilio; a channel that is None stays as it is."""

    before: TwilioNumber
    messaging: Routing | None
    voice: VoiceRouting | None
    regulatory: Regulatory = UNREGULATED

    def __str__(self) -> str:
        parts = []
        if self.messaging is not None:
            parts.append(
                f"texts from {handler_line(self.before.messaging)} to {handler_line(self.messaging)}"
            )
        if self.voice is not None:
            parts.append(f"calls from {handler_line(self.before.voice)} to {handler_line(self.voice)}")
        parts += [f"with {name} {sid}" for name, sid in self.regulatory.given().items()]
        return f"route {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class DeleteFromVapi:
    """Make Vapi forget a number; Twilio keeps it."""

    record: VapiRecord

    def __str__(self) -> str:
        return f"delete {self.record.number} from Vapi"


Step = ImportNumber | UpdateVapi | RouteNumber | DeleteFromVapi


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps for one number, in order, and the goal that the last reading must show."""

    observed: Observed
    goal: Goal
    steps: tuple[Step, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing has to be written."""
        return not self.steps


def plan(observed: Observed, goal: Goal, *, is_proof: bool = True, is_proof_at_vapi: bool = True) -> Plan:
    """Plan the steps that lead from a reading to a goal; empty where the reading already shows it.

    A reading that is no proof may be older than what is there: then both channels of the goal are written, and the
    settings at Vapi.
    """
    route = _routing_steps(observed, goal, is_proof=is_proof)
    steps: list[Step] = []
    if isinstance(goal.vapi, VapiSettings):
        if observed.vapi is None and observed.twilio is not None:
            steps = [ImportNumber(observed.twilio.number, goal.vapi), *route]
        elif observed.vapi is not None and (
            goal.hands_key or not is_proof_at_vapi or observed.vapi.settings != goal.vapi
        ):
            update = UpdateVapi(observed.vapi, goal.vapi, goal.hands_key)
            # Texts leave before Vapi stops answering them; else ours is the last word after whatever a PATCH does.
            leaves = goal.gives_back or not goal.vapi.sms_enabled
            steps = [*route, update] if leaves else [update, *route]
        else:
            steps = route
    else:
        steps = route
        if goal.vapi is Presence.ABSENT and observed.vapi is not None:
            steps = [*route, DeleteFromVapi(observed.vapi)]
    return Plan(observed, goal, tuple(steps))


def _routing_steps(observed: Observed, goal: Goal, *, is_proof: bool) -> list[Step]:
    live = observed.twilio
    if live is None:
        return []
    if not is_proof or (isinstance(goal.vapi, VapiSettings) and observed.vapi is None):
        # An import rewrites webhooks, so the reading says nothing about them any more: write both channels.
        messaging, voice = goal.messaging, goal.voice
    else:
        messaging, voice = missing(live, goal)
    if messaging is None and voice is None:
        return []
    return [RouteNumber(live, messaging, voice, goal.regulatory)]


def missing(live: TwilioNumber, goal: Goal) -> tuple[Routing | None, VoiceRouting | None]:
    """Give the routings of a goal that a reading does not show; a channel that is as meant is not written along.

    Regulatory SIDs that the number lacks travel with the messaging routing, which is then written even if it is there.
    """
    messaging, voice = goal.messaging, goal.voice
    complies = not regulatory_changes(live.regulatory, goal.regulatory)
    return (
        None if messaging is None or (live.messaging.same_as(messaging) and complies) else messaging,
        None if voice is None or live.voice.same_as(voice) else voice,
    )


def shows(live: TwilioNumber, goal: Goal) -> bool:
    """Tell whether a reading shows what a goal asks of Twilio."""
    return not unlike(live, goal)


def unlike(live: TwilioNumber, goal: Goal) -> tuple[str, ...]:
    """Name every field in which a reading differs from a goal, as `texts: url is X, not Y`, redacted."""
    lines: list[str] = []
    if goal.messaging is not None:
        lines.extend(f"texts: {line}" for line in routing_changes(live.messaging, goal.messaging))
    if goal.voice is not None:
        lines.extend(f"calls: {line}" for line in routing_changes(live.voice, goal.voice))
    lines.extend(regulatory_changes(live.regulatory, goal.regulatory))
    return tuple(lines)
