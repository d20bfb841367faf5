"""The life of a TwilioSmsRoute."""
