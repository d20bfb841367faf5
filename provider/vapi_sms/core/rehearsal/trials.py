"""Trials: what is done at Vapi to a spare number, and what both vendors held before and after. Pure.

The number bears marks meanwhile: routings that nobody else would write, so that whatever becomes of them was Vapi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from vapi_sms.core.inert import redacted_url
from vapi_sms.core.routings.endpoints import came_from_vapi
from vapi_sms.core.routings.handlers import Kind, classify_url
from vapi_sms.core.routings.routing import POST, Routing, VoiceRouting
from vapi_sms.core.values import TwilioNumber, VapiSettings

# Reserved for examples, so that it is nobody's; somebody's own webhook, as far as Vapi can tell. The fallbacks are the
# same: where a URL is emptied they are what is left, and ours to take away.
_MARK = "https://example.com/vapi-sms-rehearsal"
TEXTS_MARK = Routing(f"{_MARK}/texts", POST, f"{_MARK}/texts", POST)
CALLS_MARK = VoiceRouting(
    f"{_MARK}/calls",
    POST,
    f"{_MARK}/calls",
    POST,
    status_callback=f"{_MARK}/status",
    status_callback_method=POST,
)


class Trial(StrEnum):
    """What is done, in the words of the report."""

    IMPORT_OFF = "import with smsEnabled false"
    NAME_OFF = "PATCH of the name, texts off"
    TURN_ON = "PATCH of smsEnabled to true"
    NAME_ON = "PATCH of the name, texts on"
    ASSISTANT = "PATCH of the assistant"
    NULL_SQUAD = "PATCH of squadId to null"
    NULL_NAME = "PATCH of the name to null"
    NULL_ASSISTANT = "PATCH of assistantId to null"
    TURN_OFF = "PATCH of smsEnabled to false"
    DELETE_LEFT = "DELETE after texts and calls have left Vapi"
    IMPORT_ON = "import with smsEnabled true"
    DELETE_THERE = "DELETE while Vapi's URLs are there"
    IMPORT_LEFT_OUT = "import with smsEnabled left out"
    NULL_TOKEN = "PATCH of twilioAuthToken to null"  # noqa: S105 the name of a field
    DELETE_LAST = "DELETE after that"
    IMPORT_OVER_APP = "import of a number with TwiML Apps"
    IMPORT_OVER_TRUNK = "import of a number on a SIP trunk"

    @property
    def is_import(self) -> bool:
        """Vapi comes to know the number by it."""
        return self.value.startswith("import")

    @property
    def is_patch(self) -> bool:
        """It changes what Vapi knows of the number."""
        return self.value.startswith("PATCH of")


class Change(StrEnum):
    """What became of who answers a channel."""

    STAYS = "as before"
    VAPI = "at Vapi"
    EMPTIED = "emptied"
    DEMO = "at Twilio's demo"
    OTHER = "elsewhere"


@dataclass(frozen=True, slots=True)
class Seen:
    """One trial: what Twilio held before and after, and what Vapi's record says then.

    `landed` are the milliseconds between which the first change came to be seen; None where nothing changed. Where the
    trial was `refused`, with the vendor's words, `settings` are those of before; None: there is no record.
    """

    trial: Trial
    before: TwilioNumber
    after: TwilioNumber
    settings: VapiSettings | None = None
    landed: tuple[int, int] | None = None
    refused: str = ""

    @property
    def texts(self) -> Change:
        """What became of texts."""
        return change(self.before.messaging, self.after.messaging)

    @property
    def calls(self) -> Change:
        """What became of calls."""
        return change(self.before.voice, self.after.voice)

    @property
    def has_texts_on(self) -> bool:
        """Vapi's record says that it answers texts."""
        return self.settings is not None and self.settings.sms_enabled

    @property
    def routings(self) -> tuple[tuple[Routing, Routing], ...]:
        """Both channels, before and after."""
        return (self.before.messaging, self.after.messaging), (self.before.voice, self.after.voice)

    @property
    def fallbacks(self) -> list[bool]:
        """Tell of each fallback that was there whether it is gone."""
        return _gone((was.fallback_url, now.fallback_url) for was, now in self.routings)

    @property
    def applications(self) -> list[bool]:
        """Tell of each TwiML App that was there whether it is gone."""
        return _gone((was.application_sid, now.application_sid) for was, now in self.routings)

    @property
    def trunks(self) -> list[bool]:
        """Tell of the SIP trunk, where one was there, whether it is gone."""
        return _gone([(self.before.voice.trunk_sid, self.after.voice.trunk_sid)])

    def __str__(self) -> str:
        """Say what was seen, without what only the account's owner should read."""
        if self.refused:
            return f"refused: {masked(self.refused)}"
        told = [
            _told("texts", self.texts, self.after.messaging),
            _told("calls", self.calls, self.after.voice),
        ]
        told += [f"{what} {_share(gone)}" for what, gone in self._emptied if any(gone)]
        if self.landed is not None:
            told.append(landing(self.landed))
        return ", ".join(told)

    @property
    def _emptied(self) -> tuple[tuple[str, list[bool]], ...]:
        return (
            ("fallbacks", self.fallbacks),
            ("TwiML Apps", self.applications),
            ("SIP trunk", self.trunks),
        )


def change(before: Routing, after: Routing) -> Change:
    """Tell what became of who answers a channel, by its URL."""
    if after.url == before.url:
        return Change.STAYS
    if not after.url:
        return Change.EMPTIED
    if came_from_vapi(before, after):
        return Change.VAPI
    return Change.DEMO if classify_url(after.url).kind is Kind.DEMO else Change.OTHER


def landing(landed: tuple[int, int]) -> str:
    """Say how late something came to be seen."""
    earliest, latest = landed
    return f"seen after {earliest:,} to {latest:,} ms" if latest else "seen at once"


_IDS = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[A-Z]{2}[0-9a-fA-F]{32}|\+[0-9]{6,15}"
)


def masked(text: str) -> str:
    """Give a vendor's words without numbers, SIDs and ids: they go into an issue."""
    return _IDS.sub("...", text)


def _told(channel: str, became: Change, now: Routing) -> str:
    where = f": {redacted_url(now.url)}" if became in (Change.VAPI, Change.OTHER) else ""
    return f"{channel} {became}{where}"


def _share(gone: list[bool]) -> str:
    return "taken away" if all(gone) else "taken away in part"


def _gone(pairs: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> list[bool]:
    return [not now for was, now in pairs if was]
