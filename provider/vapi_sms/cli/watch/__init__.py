"""`vapi-sms watch`: whether texts are answered, over and over; it reads, and never writes."""

from vapi_sms.cli.watch.command import watch

__all__ = ["watch"]
