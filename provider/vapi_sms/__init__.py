"""Declare in Pulumi who answers the texts of a company's Twilio numbers, and hand them to a Vapi assistant.

Importing this costs a program no vendor library: those are loaded in the provider's process.
"""

from vapi_sms.core.handlers import Handler
from vapi_sms.core.routing import Routing
from vapi_sms.resources.account import account
from vapi_sms.resources.fleet import VapiSmsFleet
from vapi_sms.resources.gitops import assistant_from_gitops, squad_from_gitops
from vapi_sms.resources.load_numbers import load_numbers
from vapi_sms.resources.number import VapiSmsNumber
from vapi_sms.resources.originals import OriginalRoutings
from vapi_sms.resources.route import TwilioSmsRoute
from vapi_sms.resources.service import MessagingServiceInbound
from vapi_sms.resources.service_original import OriginalService
from vapi_sms.resources.words import LEAVE_AT_VAPI

__all__ = [
    "LEAVE_AT_VAPI",
    "Handler",
    "MessagingServiceInbound",
    "OriginalRoutings",
    "OriginalService",
    "Routing",
    "TwilioSmsRoute",
    "VapiSmsFleet",
    "VapiSmsNumber",
    "account",
    "assistant_from_gitops",
    "load_numbers",
    "squad_from_gitops",
]
