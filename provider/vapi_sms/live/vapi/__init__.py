"""Vapi: its client, what its answers are read as, and what its troubles mean."""
