"""What a seed may say of texts that were there before: messages, alerts, and Orchestrator's capture rules."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vapi_sms.sandbox.behaviour import MOST_AGO, Strict

Direction = Literal["inbound", "outbound-api", "outbound-call", "outbound-reply"]
Status = Literal[
    "queued",
    "sending",
    "sent",
    "failed",
    "delivered",
    "undelivered",
    "receiving",
    "received",
    "accepted",
    "scheduled",
    "read",
    "partially_delivered",
    "canceled",
]
LogLevel = Literal["error", "warning", "notice", "debug"]


class MessageSeed(Strict):
    """A message that the account has from the start."""

    sid: str | None = Field(default=None, pattern=r"^(SM|MM)[0-9a-fA-F]{32}$")
    """Its SM or MM SID; left out: any."""
    sender: str = Field(alias="from")
    """Who sent it, in quotes."""
    to: str
    """Who gets it, in quotes."""
    direction: Direction = "inbound"
    """Whether it came or went, and why."""
    status: Status = "received"
    """What has become of it."""
    error_code: int | None = None
    """Why it was not delivered."""
    body: str = ""
    """What it says."""
    messaging_service_sid: str | None = Field(default=None, pattern=r"^MG[0-9a-fA-F]{32}$")
    """The Messaging Service that it went through."""
    seconds_ago: float = Field(default=60, ge=0, le=MOST_AGO)
    """How long before the sandbox's start it was sent."""


class AlertSeed(Strict):
    """An alert that the account has from the start."""

    sid: str | None = Field(default=None, pattern=r"^NO[0-9a-fA-F]{32}$")
    """Its NO SID; left out: any."""
    error_code: int = 11200
    """What went wrong."""
    log_level: LogLevel = "error"
    """How bad it is."""
    resource_sid: str | None = Field(default=None, pattern=r"^[a-zA-Z]{2}[0-9a-fA-F]{32}$")
    """The message that it is about."""
    request_url: str = "https://api.vapi.ai/twilio/sms"
    """Who was asked."""
    request_variables: str = ""
    """What that was told, as a form."""
    response_body: str = ""
    """What that answered."""
    seconds_ago: float = Field(default=60, ge=0, le=MOST_AGO)
    """How long before the sandbox's start it went wrong."""


class CaptureRuleSeed(Strict):
    """Which texts a configuration captures; a star stands for anybody."""

    sender: str = Field(default="*", alias="from")
    """From whom."""
    to: str = "*"
    """To whom."""


class CallbackSeed(Strict):
    """Who hears of what was captured."""

    url: str
    """Where."""
    method: Literal["GET", "POST"] = "POST"
    """How."""


class ConfigurationSeed(Strict):
    """A configuration of Conversation Orchestrator."""

    id: str = Field(min_length=1)
    """Its id."""
    display_name: str = Field(default="Configuration", max_length=32)
    """Its name."""
    sms: tuple[CaptureRuleSeed, ...] | None = ()
    """The texts that it captures; null: it says nothing of texts."""
    voice: tuple[CaptureRuleSeed, ...] | None = None
    """The calls that it captures; null: it says nothing of calls."""
    status_callbacks: tuple[CallbackSeed, ...] = ()
    """Who is told."""
    memory_store_id: str | None = None
    """The memory store that it looks profiles up in."""
