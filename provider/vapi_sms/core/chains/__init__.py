"""Chains: what a text passes on its way to who answers it, for people to look at."""
