"""Declare in Pulumi who answers the texts of a company's Twilio numbers, and hand them to a Vapi assistant.

Importing this costs a program no vendor library: those are loaded in the provider's process.
"""

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
