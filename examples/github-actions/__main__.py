"""Texts to all numbers of numbers.yaml are answered by Vapi assistants."""

import pulumi
from vapi_sms import VapiSmsFleet, load_numbers

fleet = VapiSmsFleet("fleet", numbers=load_numbers("numbers.yaml", stack=pulumi.get_stack()))

pulumi.export("answered_by", fleet.summary)
