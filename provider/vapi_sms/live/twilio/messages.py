"""Messages and alerts of one account, read in lists: who texted whom, what became of it, what Twilio warned of.

Twilio cuts lists of messages by the day, so moments are cut here. What a message says is never parsed.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field, ValidationError

from vapi_sms.core.proof.evidence import Alert, Customer, Reply, Text
from vapi_sms.live.calling.entries import Listed, Needed, VendorReading
from vapi_sms.live.settings import MONITOR
from vapi_sms.live.twilio.readings import Moment, unexpected
from vapi_sms.live.twilio.readings import Text as Words
from vapi_sms.live.twilio.session import PAGE_SIZE, TwilioSession, asking
from vapi_sms.live.twilio.wire import TEXTING

_INBOUND = "inbound"


class _Message(VendorReading):
    sid: Needed
    direction: Needed
    sender: Words = Field(default="", alias="from")
    to: Words
    status: Words
    error_code: int | None = None
    date_sent: Moment
    date_created: Moment

    @property
    def at(self) -> int:
        """When it was sent, or made where it never was."""
        return self.date_sent or self.date_created


class _Alert(VendorReading):
    error_code: Words
    resource_sid: Words
    date_generated: Moment


class Messages:
    """What was read of an account's messages: texts that came in, and what was sent, each once."""

    def __init__(self) -> None:
        self.texts: dict[str, Text] = {}
        self.replies: dict[str, Reply] = {}
        self.unread = 0

    def add(self, found: Listed[_Message], since: int, until: int) -> None:
        """Take what lies between two moments; what cannot be read is counted."""
        self.unread += len(found.unread)
        for message in found.read:
            if not since <= message.at <= until:
                continue
            if message.direction == _INBOUND:
                text = Text(message.sid, message.to, Customer(message.sender), message.at)
                self.texts[message.sid] = text
            else:
                customer, code = Customer(message.to), message.error_code or 0
                reply = Reply(message.sid, message.sender, customer, message.at, message.status, code)
                self.replies[message.sid] = reply


def list_messages(
    twilio: TwilioSession, since: int, until: int, *, to: str = "", sender: str = ""
) -> Messages:
    """Read the account's messages from `since` to `until`, or those to or from one number."""
    account = twilio.settings.account_sid
    fields: dict[str, object] = {"DateSent>": day(since), "PageSize": PAGE_SIZE}
    fields |= {key: value for key, value in (("To", to), ("From", sender)) if value}
    what = f"Listing the messages of {to or sender or f'account {account}'}"
    found = Messages()
    path = f"/2010-04-01/Accounts/{account}{TEXTING}"
    listed = twilio.ask_list(what, path, "messages", fields)
    found.add(twilio.read_entries("message", _Message, listed, "sid"), since, until)
    return found


def send_text(twilio: TwilioSession, sender: str, to: str, body: str) -> str:
    """Send one text from a number of the account, which costs, and give its SID; it is never sent twice."""
    what = f"Sending a text from {sender} to {to}"
    form = {"From": sender, "To": to, "Body": body}
    with asking(what, writing=True):
        answer = twilio.ask("POST", f"/2010-04-01/Accounts/{twilio.settings.account_sid}{TEXTING}", form)
    try:
        return _Message.model_validate(answer).sid
    except ValidationError:
        raise unexpected(what, "the answer is no message of Twilio's") from None


def list_alerts(twilio: TwilioSession, since: int, until: int) -> list[Alert]:
    """Read the errors that Twilio logged about messages; it keeps 30 days, and shows 10,000 at most."""
    fields = {"LogLevel": "error", "StartDate": _iso(since), "EndDate": _iso(until), "PageSize": PAGE_SIZE}
    what = f"Listing the alerts of account {twilio.settings.account_sid}"
    listed = twilio.ask_pages(what, f"{MONITOR}/v1/Alerts", "alerts", fields)
    # One that cannot be read is of no message that we could name.
    found = twilio.read_entries("alert", _Alert, listed, "sid").read
    return [
        Alert(alert.resource_sid, int(alert.error_code), alert.date_generated)
        for alert in found
        if alert.error_code.isdecimal() and alert.resource_sid
    ]


def day(moment: int) -> str:
    """Give the day of a moment, in UTC, as Twilio cuts by."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
