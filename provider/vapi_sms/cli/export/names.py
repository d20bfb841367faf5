"""Names of resources: from what people call their numbers, valid everywhere, each once, and the same in every run."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from vapi_sms.core.values import TwilioNumber

_LONGEST = 40


def resource_names(numbers: Iterable[TwilioNumber]) -> dict[str, str]:
    """Give each number's name, by its SID; no name depends on the order, and none on a number without its name."""
    wanted = {number.sid: (number, _slug(number)) for number in numbers}
    shared = Counter(slug for _, slug in wanted.values())
    return {
        sid: slug if shared[slug] == 1 else f"{slug}-{_digits(number)}"
        for sid, (number, slug) in wanted.items()
    }


def _slug(number: TwilioNumber) -> str:
    plain = unicodedata.normalize("NFKD", number.friendly_name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-")
    # What has no letters is a number again; what ends like one could be taken for another's.
    if not re.search(r"[a-z]", slug) or re.search(r"[0-9]{7}$", slug):
        return f"number-{_digits(number)}"
    return slug


def _digits(number: TwilioNumber) -> str:
    return number.number.lstrip("+")
