"""A stand-in for Twilio and Vapi on loopback: stateful, strict, and as surprising as the vendors are."""

from __future__ import annotations

from vapi_sms.sandbox.control.gate import Exchange
from vapi_sms.sandbox.control.running import RunningSandbox
from vapi_sms.sandbox.control.seed import SeedError, json_schema
from vapi_sms.sandbox.door import Names
from vapi_sms.sandbox.server import serve

__all__ = ["Exchange", "Names", "RunningSandbox", "SeedError", "json_schema", "serve"]
