"""Which country a number is in, as far as the sandbox needs it: +1 is not always the United States.

By area code, from the North American Numbering Plan. US territories (Puerto Rico, Guam, ...) do not count
as US here: whether Vapi takes them is not known, and a client has to be careful.
"""

from __future__ import annotations

_CANADIAN_AREAS = """
    204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468
    474 506 514 519 548 579 581 584 587 600 604 613 622 633 639 644 647 655 672 677 683 688 705 709 742 753
    778 780 782 807 819 825 867 873 879 902 905 942
"""
_CANADA = frozenset(_CANADIAN_AREAS.split())
_ELSEWHERE = {
    "242": "BS",
    "246": "BB",
    "264": "AI",
    "268": "AG",
    "284": "VG",
    "340": "VI",
    "345": "KY",
    "441": "BM",
    "473": "GD",
    "649": "TC",
    "658": "JM",
    "664": "MS",
    "670": "MP",
    "671": "GU",
    "684": "AS",
    "721": "SX",
    "758": "LC",
    "767": "DM",
    "784": "VC",
    "787": "PR",
    "809": "DO",
    "829": "DO",
    "849": "DO",
    "868": "TT",
    "869": "KN",
    "876": "JM",
    "939": "PR",
}
_OTHER_CODES = {"44": "GB", "49": "DE", "33": "FR", "52": "MX", "61": "AU"}


def country_of(number: str) -> str:
    """Return the two letters of a number's country; ZZ when the sandbox does not know it."""
    if not number.startswith("+1"):
        return next((country for code, country in _OTHER_CODES.items() if number[1:].startswith(code)), "ZZ")
    area = number[2:5]
    if area in _CANADA:
        return "CA"
    return _ELSEWHERE.get(area, "US")


def is_us(number: str) -> bool:
    """Tell whether a number is one of the fifty states' (or toll-free, which has no state)."""
    return country_of(number) == "US"
