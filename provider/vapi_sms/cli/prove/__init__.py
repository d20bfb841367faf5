"""`vapi-sms prove`: whether texts to numbers are answered."""

from vapi_sms.cli.prove.command import prove

__all__ = ["prove"]
