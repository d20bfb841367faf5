"""Configurations of Twilio's Conversation Orchestrator: one list, read for what people should know.

As with addresses of Conversations, nothing is planned on them, and what cannot be read is told as such. No account
stands in the path, nor in the answers: a parent account's key lists the parent's, and nothing shows that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field

from vapi_sms.core.errors import VendorRefused, VendorTrouble
from vapi_sms.core.readings import Capture, Captures
from vapi_sms.live.calling.entries import Listed, Needed, VendorReading, read_each
from vapi_sms.live.settings import CONVERSATIONS
from vapi_sms.live.twilio.readings import Text, Untyped
from vapi_sms.live.twilio.session import TwilioSession, asking
from vapi_sms.live.twilio.wire import CONFIGURATIONS

_PAGE_SIZE = 1000


class _Rule(VendorReading):
    sender: Text = Field(alias="from")
    to: Needed


class _Channel(VendorReading):
    rules: Annotated[list[_Rule], BeforeValidator(lambda value: value or [])] = Field(
        default_factory=list, alias="captureRules"
    )


class _Channels(VendorReading):
    texts: _Channel | None = Field(default=None, alias="SMS")


class _Configuration(VendorReading):
    id: Needed
    name: Text = Field(alias="displayName")
    channels: _Channels | None = Field(default=None, alias="channelSettings")

    @property
    def rules(self) -> list[_Rule]:
        """Those for texts."""
        return self.channels.texts.rules if self.channels and self.channels.texts else []


def read_captures(twilio: TwilioSession) -> Captures:
    """Give the rules by which texts are captured; none, with the reason, where they cannot be read."""
    try:
        found = _listed(twilio)
    except VendorRefused as refused:
        # An account that has none of it may not have its API either.
        return Captures() if refused.is_missing and refused.code.isdecimal() else _unread(refused)
    except VendorTrouble as trouble:
        return _unread(trouble)
    strange = ", ".join(each.id for each in found.unread)
    return Captures(
        tuple(
            (rule.sender, rule.to, Capture(each.id, each.name)) for each in found.read for rule in each.rules
        ),
        unread=f"Twilio's answer makes no sense of {strange}" if strange else "",
    )


def _listed(twilio: TwilioSession) -> Listed[_Configuration]:
    what = f"Listing the Conversation Orchestrator configurations of account {twilio.settings.account_sid}"
    with asking(what):
        entries = [each for page in _pages(twilio) for each in page["configurations"]]
    return read_each(_Configuration, entries, name_field="displayName")


def _pages(twilio: TwilioSession) -> Iterator[Untyped]:
    """Give every page; raises ValueError where one leads back."""
    fields: dict[str, object] = {"pageSize": _PAGE_SIZE}
    asked: set[object] = set()
    while True:
        page = twilio.sdk.request("GET", f"{CONVERSATIONS}{CONFIGURATIONS}", params=fields).body
        yield page
        following = page["meta"].get("nextToken")
        if not following:
            return
        if following in asked:
            raise ValueError("the pages of a list lead in a circle")
        asked.add(following)
        fields = {**fields, "pageToken": following}


def _unread(trouble: VendorTrouble) -> Captures:
    return Captures(unread=trouble.in_brief)
