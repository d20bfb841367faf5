"""How hypothesis works in these tests: the same examples on every machine, as slow as that may be."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("gate", deadline=None, derandomize=True, database=None)
settings.load_profile("gate")
