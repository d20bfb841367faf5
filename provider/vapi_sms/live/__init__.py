"""The outside: credentials, both vendors' clients, what is observed, and the only writes."""
