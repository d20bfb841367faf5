"""Texts: who is asked first, which webhook is called, and what its answer means."""
