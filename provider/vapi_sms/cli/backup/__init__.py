"""`vapi-sms backup`: what numbers and services were before us, kept in a file of one's own."""

from vapi_sms.cli.backup.command import backup

__all__ = ["backup"]
