"""The command `vapi-sms`: the only room that prints. A short file for each command."""

from vapi_sms.cli.app import main

__all__ = ["main"]
