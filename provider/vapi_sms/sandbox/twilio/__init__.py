"""Twilio, as its specification has it: what it keeps and what it answers."""
