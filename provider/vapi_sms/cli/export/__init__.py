"""`vapi-sms export`: an account as it is today, written as a program or a fleet file; vendors are only read."""

from vapi_sms.cli.export.command import export

__all__ = ["export"]
