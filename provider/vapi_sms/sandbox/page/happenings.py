"""What happens in life, as buttons: each is one request to the control surface, which anybody could type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vapi_sms.sandbox.behaviour import Behaviour

_SERVICE = "MG5e{account_hex}"  # one an account
_ELSEWHERE = "https://chatbot.example.com/inbound"
_CAMPAIGNS = "https://campaigns.example.com/inbound"
_LATE_MS = 5000


@dataclass(frozen=True, slots=True)
class Happening:
    """One button: what it is called, what it means, and what it asks.

    {number} and {account} are of the picked number, {account_hex} is the end of the account's SID. Where switches are
    set it goes back by setting them as they were seeded.
    """

    title: str
    means: str
    path: str
    body: dict[str, Any] | None

    @property
    def is_switch(self) -> bool:
        """Tell whether it goes on until it is set back."""
        return self.path == "/_sandbox/behaviour"

    def is_on(self, behaviour: Behaviour) -> bool:
        """Tell whether its switches are set."""
        return self.is_switch and all(
            getattr(behaviour, name) == value for name, value in (self.body or {}).items()
        )

    def shown(self, behaviour: Behaviour, seeded: Behaviour) -> dict[str, Any]:
        """Return it as JSON, with what it asks next."""
        is_on = self.is_on(behaviour)
        return {
            "title": self.title,
            "means": self.means,
            "path": self.path,
            "body": self._off(seeded) if is_on else self.body,
            "isSwitch": self.is_switch,
            "isOn": is_on,
        }

    def _off(self, seeded: Behaviour) -> dict[str, Any]:
        """Return its switches as they were seeded, or as they usually are where that is the same."""
        body, fields = self.body or {}, type(seeded).model_fields
        before = {name: getattr(seeded, name) for name in body}
        return {name: fields[name].default if before[name] == body[name] else before[name] for name in body}


HAPPENINGS = (
    Happening(
        "Somebody changes the webhook",
        "In Twilio's Console, the number is pointed at another server. A plain pulumi preview finds it.",
        "/_sandbox/outside/number",
        {"number": "{number}", "set": {"sms_url": _ELSEWHERE, "sms_application_sid": ""}},
    ),
    Happening(
        "Vapi is down",
        "Its API and its webhook answer HTTP 503. Texts go to the fallback, where there is one.",
        "/_sandbox/behaviour",
        {"vapi_down": "error"},
    ),
    Happening(
        "The card is missing",
        "Vapi's org has no card: the webhook of a text answers HTTP 402.",
        "/_sandbox/behaviour",
        {"no_card": True},
    ),
    Happening(
        "A service hides the number",
        "Somebody puts the number into a Messaging Service that answers for all of its numbers.",
        "/_sandbox/outside/service",
        {
            "sid": _SERVICE,
            "account": "{account}",
            "set": {"friendly_name": "Campaigns", "inbound_request_url": _CAMPAIGNS},
            "numbers": ["{number}"],
        },
    ),
    Happening(
        "The number leaves its service",
        "Its own routing decides again.",
        "/_sandbox/outside/number",
        {"number": "{number}", "messaging_service": None},
    ),
    Happening(
        "Vapi writes late",
        f"What Vapi writes at Twilio on an import lands {_LATE_MS // 1000} seconds later.",
        "/_sandbox/behaviour",
        {"late_writes_ms": _LATE_MS},
    ),
    Happening(
        "As seeded",
        "Numbers, assistants, switches, texts and journal are as at the start. Pulumi's state is not touched.",
        "/_sandbox/reset",
        None,
    ),
)


def shown(behaviour: Behaviour, seeded: Behaviour) -> list[dict[str, Any]]:
    """Return all buttons as JSON."""
    return [each.shown(behaviour, seeded) for each in HAPPENINGS]


def switched(behaviour: Behaviour, seeded: Behaviour) -> dict[str, Any]:
    """Return the switches that are not as seeded, whoever set them."""
    now, before = behaviour.model_dump(), seeded.model_dump()
    return {name: value for name, value in now.items() if value != before[name]}
