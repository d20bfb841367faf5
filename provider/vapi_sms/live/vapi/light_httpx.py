"""httpx without its command line.

It imports that along, and with it, where they are installed, as for our own command line, rich and click: a fifth of
all that every provider process imports. Where that module is not to be found httpx does without.
"""

from __future__ import annotations

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # how Python marks what is not to be found

import httpx  # noqa: E402 after the line above, which is for it

__all__ = ["httpx"]
