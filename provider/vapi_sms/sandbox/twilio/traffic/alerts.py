"""An alert as Twilio's debugger keeps it: what went wrong with a webhook, and for which message. Knows no HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vapi_sms.sandbox.control.clock import iso_seconds, later

if TYPE_CHECKING:
    from datetime import datetime

    from vapi_sms.sandbox.twilio.account import Account
    from vapi_sms.sandbox.twilio.number import Record
    from vapi_sms.sandbox.twilio.traffic.seed import AlertSeed, LogLevel

DETAILS = ("request_variables", "request_headers", "response_headers", "response_body")
"""What only a single alert shows, not the list."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong: code and reason, about which message, and what was asked and answered."""

    code: int
    why: str
    resource_sid: str | None
    url: str
    method: str = "POST"
    variables: str = ""
    answer: str = ""
    level: LogLevel = "error"


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert, whole, when it was generated, and from when on it shows."""

    record: Record
    at: datetime
    shows: datetime


def keep(account: Account, trouble: Trouble, at: datetime, *, late_ms: float = 0, sid: str = "") -> None:
    """Keep an alert of what went wrong at an instant; it shows some time later."""
    made = Alert(
        _record(account.sid, trouble, at, later(at, late_ms), sid or f"NO{uuid.uuid4().hex}"),
        at,
        later(at, late_ms),
    )
    account.alerts[made.record["sid"]] = made


def seeded(account: Account, seed: AlertSeed, now: datetime) -> None:
    """Keep the alert that the seed describes."""
    trouble = Trouble(
        seed.error_code,
        "seeded",
        seed.resource_sid,
        seed.request_url,
        variables=seed.request_variables,
        answer=seed.response_body,
        level=seed.log_level,
    )
    keep(account, trouble, later(now, -1000 * seed.seconds_ago), sid=seed.sid or "")


def _record(account_sid: str, trouble: Trouble, at: datetime, shows: datetime, sid: str) -> Record:
    text = {
        "Msg": trouble.why,
        "ErrorCode": trouble.code,
        "LogLevel": trouble.level.upper(),
        "url": trouble.url,
    }
    return {
        "sid": sid,
        "account_sid": account_sid,
        "service_sid": None,
        "alert_text": urlencode(text),
        "api_version": "2010-04-01",
        "date_generated": iso_seconds(at),
        "date_created": iso_seconds(shows),
        "date_updated": iso_seconds(shows),
        "error_code": str(trouble.code),
        "log_level": trouble.level,
        "more_info": f"https://www.twilio.com/docs/errors/{trouble.code}",
        "request_method": trouble.method,
        "request_url": trouble.url,
        "resource_sid": trouble.resource_sid,
        "request_variables": trouble.variables,
        "request_headers": "",
        "response_headers": "",
        "response_body": trouble.answer,
    }
