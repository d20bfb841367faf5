"""Parts of Twilio's paths that are SIDs, so that no path that is not played passes for a record that is not there.

`/IncomingPhoneNumbers/Local.json` is a list of Twilio's, not a number that somebody released.
"""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

_PREFIXES = ("AC", "AP", "BN", "MG", "MM", "NO", "PN", "SC", "SM")


def sid(prefix: str, name: str = "sid") -> str:
    """Return the part of a route's path that takes a SID of this prefix."""
    return f"{{{name}:{prefix}}}"


class _Sid(Convertor[str]):
    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


for _prefix in _PREFIXES:
    # What has the prefix and is no SID is Twilio's to refuse, with 20404.
    register_url_convertor(_prefix, type(f"_{_prefix}", (_Sid,), {"regex": rf"{_prefix}[^/.]*"})())
