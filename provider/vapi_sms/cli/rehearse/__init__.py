"""`vapi-sms rehearse`: what Vapi does on a real account, found out with a number that its owner can spare."""

from vapi_sms.cli.rehearse.command import rehearse

__all__ = ["rehearse"]
