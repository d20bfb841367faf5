"""Texts under way, as Twilio keeps them: messages, alerts of what failed, and who captures a copy."""
