"""`vapi-sms restore`: numbers back as they were, from a backup, a stack's state or a fleet file; without the engine."""

from vapi_sms.cli.restore.command import restore

__all__ = ["restore"]
