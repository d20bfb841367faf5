"""Draws who answers numbers, in a browser: one style sheet and one script, for the sandbox's page and for reports."""

from vapi_sms.drawing.document import document, script, style

__all__ = ["document", "script", "style"]
