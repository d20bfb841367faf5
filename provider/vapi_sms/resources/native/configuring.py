"""The provider's configuration: what a stack's `vapi-sms:...` keys, or an explicit provider, say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from vapi_sms.live.sources import CONFIG_KEYS
from vapi_sms.resources.engine import carrying
from vapi_sms.resources.inputs.unknowns import contains_unknowns
from vapi_sms.resources.inputs.words import EXPLICIT

_PACKAGE = "vapi-sms"
_PULUMIS = ("version", "pluginDownloadURL", "parameterization", "__internal")
_CREDENTIALS = ("twilioAccountSid", "twilioAuthToken", "twilioApiKey", "vapiApiKey")


def key_of(setting: str) -> str:
    """Give what this provider calls a setting of a stack: twilio:accountSid is twilioAccountSid here."""
    vendor, _, rest = setting.partition(":")
    return rest if vendor == _PACKAGE else f"{vendor}{rest[0].upper()}{rest[1:]}"


KEYS = {key_of(setting): setting for setting in CONFIG_KEYS}
"""What this provider may be configured with, and what each is called in a stack of dynamic resources."""


class Configuration:
    """What one provider process was told."""

    is_open = False
    """Whether part of it is not known yet, as in a preview: then nobody can say that credentials are missing."""

    def take(self, given: Mapping[str, Any], name: str) -> None:
        """Take note of it; an explicit provider that names credentials uses no others."""
        self.is_open = contains_unknowns(dict(given))
        known = {key: value for key, value in given.items() if not contains_unknowns(value)}
        values: dict[str, object] = {KEYS[key]: value for key, value in known.items() if key in KEYS}
        if name and not name.startswith("default") and any(known.get(key) for key in _CREDENTIALS):
            values[EXPLICIT] = "true"
        carrying.configure(values.get)

    @staticmethod
    def mistakes(given: Mapping[str, Any]) -> Iterator[str]:
        """Tell what the provider is not configured with, and what may be meant."""
        for key in given:
            if key not in KEYS and key not in _PULUMIS:
                meant = get_close_matches(key, KEYS, n=1)
                yield f"vapi-sms is not configured with {key}: " + (
                    f"did you mean {meant[0]}?" if meant else f"there are {', '.join(KEYS)}"
                )
