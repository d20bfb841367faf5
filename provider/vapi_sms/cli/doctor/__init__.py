"""`vapi-sms doctor`: who answers each number's texts, why, and what is wrong; it reads, and never writes."""

from vapi_sms.cli.doctor.command import doctor

__all__ = ["doctor"]
