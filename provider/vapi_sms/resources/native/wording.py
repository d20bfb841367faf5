"""Words: what lives tell in Python's spelling, as programs in other languages write it; and what these wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vapi_sms.core.inert import Line, line
from vapi_sms.live.sources import CONFIG_KEYS
from vapi_sms.resources.inputs.words import ENTRY_OPTIONS, LEAVE_AT_VAPI, to_camel
from vapi_sms.resources.native.configuring import key_of
from vapi_sms.resources.native.kinds import PACKAGE

_OPTIONS = (
    *ENTRY_OPTIONS,
    "numbers",
    "defaults",
    "number",
    "twilio_sid",
    "short_code",
    "handler",
    "service",
    "defer_to_sender",
    "keep_others",
    "waves",
    "share",
    "identity_sid",
    "address_sid",
    "bundle_sid",
    "retain_on_delete",
    "ignore_changes",
    "deleted_with",
)
_EXAMPLES = {
    "prove=Prove(within=300)": "prove: { within: 300 }",
    "such as Prove(within=300)": "such as { within: 300 }",
    "{'+14155550100': {'assistant': 'Support'}}": '{ "+14155550100": { assistant: Support } }',
    "{'assistant': 'Support'}": "{ assistant: Support }",
    ", or load_numbers() with the name of a file": "",
}
"""What Python programs are told to write, and what the others."""
_VALUES = {"True": "true", "False": "false", "LEAVE_AT_VAPI": LEAVE_AT_VAPI}
_GIVEN = re.compile(rf"(?<![\w./?&])({'|'.join(_OPTIONS)})=({'|'.join(_VALUES)})?(?=([\w'\"\[({{])?)")
_NAMED = re.compile(rf"(?<![\w./?&])({'|'.join(option for option in _OPTIONS if '_' in option)})(?![\w/=])")
_ALIAS = re.compile(r"opts=pulumi\.ResourceOptions\(aliases=\[pulumi\.Alias\([^)]*\)\]\)")
_SETTINGS = {setting: f"{PACKAGE}:{key_of(setting)}" for setting in CONFIG_KEYS}
_SETTING = re.compile("|".join(map(re.escape, _SETTINGS)))


def spelled(text: str) -> Line:
    """Give a text with the names of inputs and of settings as these programs have them."""
    for pythons, theirs in _EXAMPLES.items():
        text = text.replace(pythons, theirs)
    text = _ALIAS.sub("the option `aliases` with the URN that it had", text)
    text = _GIVEN.sub(_as_given, text)
    text = _NAMED.sub(lambda found: to_camel(found[1]), text)
    return line(_SETTING.sub(lambda found: _SETTINGS[found[0]], text))


def _as_given(found: re.Match[str]) -> str:
    name, value = to_camel(found[1]), _VALUES.get(found[2] or "", "")
    return f"{name}: {value}" if value or found[3] else f"{name}:"


def with_plus(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give inputs in which numbers and short codes are the texts that a program wrote.

    YAML, and the engine with values of a stack's config, make a number of `+14155550100`, without its plus; of at most
    15 digits, so none is lost.
    """
    said = dict(given)
    if "number" in said:
        said["number"] = _text(said["number"], "+")
    if "shortCode" in said:
        said["shortCode"] = _text(said["shortCode"], "")
    if isinstance(said.get("numbers"), list):
        said["numbers"] = [_text(each, "+") for each in said["numbers"]]
    return said


def _text(value: object, plus: str) -> object:
    return f"{plus}{int(value)}" if isinstance(value, float) and value.is_integer() else value
