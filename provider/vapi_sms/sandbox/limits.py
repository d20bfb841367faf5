"""The vendors' rate limits: token buckets, one a credential, as the vendors count by account and org."""

from __future__ import annotations

import time


class Limits:
    """Counts requests; each bucket holds one second's worth."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, bytes], tuple[float, float]] = {}

    def take(self, vendor: str, credential: bytes, rate: float) -> bool:
        """Tell whether one more request fits into the rate."""
        now, most = time.monotonic(), max(1.0, rate)
        left, at = self._buckets.get((vendor, credential), (most, now))
        left = min(most, left + (now - at) * rate)
        fits = left >= 1
        self._buckets[vendor, credential] = (left - 1 if fits else left, now)
        return fits

    def age(self, seconds: float) -> None:
        """Let all requests so far have come so many seconds earlier."""
        self._buckets = {whose: (left, at - seconds) for whose, (left, at) in self._buckets.items()}

    def clear(self) -> None:
        """Fill all buckets."""
        self._buckets.clear()
