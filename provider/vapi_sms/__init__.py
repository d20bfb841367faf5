"""Declare in Pulumi who answers the texts of a company's Twilio numbers, and hand them to a Vapi assistant.

Importing this costs a program no vendor library: those are loaded in the provider's process. That one, in turn, needs
none of these names, so each is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vapi_sms.core.proof.demand import Prove
    from vapi_sms.core.routings.handlers import Handler
    from vapi_sms.core.routings.routing import Routing
    from vapi_sms.resources.fleet_file.load_numbers import load_numbers
    from vapi_sms.resources.inputs.words import LEAVE_AT_VAPI
    from vapi_sms.resources.program.account import account
    from vapi_sms.resources.program.fleet import VapiSmsFleet
    from vapi_sms.resources.program.gitops import assistant_from_gitops, squad_from_gitops
    from vapi_sms.resources.program.number import VapiSmsNumber
    from vapi_sms.resources.program.originals import OriginalRoutings
    from vapi_sms.resources.program.route import TwilioSmsRoute
    from vapi_sms.resources.program.service import MessagingServiceInbound, OriginalService

__all__ = [
    "LEAVE_AT_VAPI",
    "Handler",
    "MessagingServiceInbound",
    "OriginalRoutings",
    "OriginalService",
    "Prove",
    "Routing",
    "TwilioSmsRoute",
    "VapiSmsFleet",
    "VapiSmsNumber",
    "account",
    "assistant_from_gitops",
    "load_numbers",
    "squad_from_gitops",
]

_AT = {
    "LEAVE_AT_VAPI": "resources.inputs.words",
    "Handler": "core.routings.handlers",
    "MessagingServiceInbound": "resources.program.service",
    "OriginalRoutings": "resources.program.originals",
    "OriginalService": "resources.program.service",
    "Prove": "core.proof.demand",
    "Routing": "core.routings.routing",
    "TwilioSmsRoute": "resources.program.route",
    "VapiSmsFleet": "resources.program.fleet",
    "VapiSmsNumber": "resources.program.number",
    "account": "resources.program.account",
    "assistant_from_gitops": "resources.program.gitops",
    "load_numbers": "resources.fleet_file.load_numbers",
    "squad_from_gitops": "resources.program.gitops",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 one of the names above, whose types are told there
    if name not in _AT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_AT[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
