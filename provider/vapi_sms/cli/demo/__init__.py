"""`vapi-sms demo`: the whole idea as a story, with the real engine, against the sandbox."""

from vapi_sms.cli.demo.command import demo

__all__ = ["demo"]
