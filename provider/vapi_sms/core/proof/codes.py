"""What Twilio's error codes about texts mean, and what to do. Source: www.twilio.com/docs/api/errors.

Of a webhook they tell why nobody was asked, or what was wrong with the answer; of a reply why it did not arrive.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says and what to do; `is_customers`: it is the customer's doing, and no failure of the answer."""

    says: str
    do: str = ""
    is_customers: bool = False


_REACH = "see status.vapi.ai and the handler's own log; a fallback would have answered"
_REGISTER = "`vapi-sms doctor` tells the number's campaign and what is missing"
_WEBHOOK = {
    11200: Meaning("the handler could not be reached, or answered an error", _REACH),
    11205: Meaning("no connection to the handler", _REACH),
    11210: Meaning("the handler's host name is not known", "correct the URL"),
    11215: Meaning("the handler redirected too often", "correct the URL"),
    11220: Meaning("no TLS with the handler", "renew the certificate"),
    11235: Meaning("the handler's certificate is not valid", "renew the certificate"),
    11237: Meaning("the handler's certificate is not trusted", "renew the certificate"),
    11751: Meaning("the reply's picture is too large", "send a smaller one"),
    12100: Meaning("the handler answered no XML", "look at what it answers"),
    12200: Meaning("the handler answered no valid TwiML", "look at what it answers"),
    12300: Meaning("the handler answered with a content type that Twilio does not take", "answer text/xml"),
}
_REPLY = {
    21610: Meaning("the customer has opted out (STOP)", is_customers=True),
    30002: Meaning("the account is suspended", "see Twilio's Console"),
    30003: Meaning("the handset cannot be reached", is_customers=True),
    30004: Meaning("the customer, or the carrier for the customer, blocks texts", is_customers=True),
    30005: Meaning("the handset is not known", is_customers=True),
    30006: Meaning("it is a landline, or its carrier takes no texts", is_customers=True),
    30007: Meaning("filtered by a carrier or by Twilio", "change what the assistant writes; ask Twilio why"),
    30008: Meaning("Twilio gives no reason", "ask Twilio"),
    30024: Meaning("the number is not provisioned at the carrier yet", "wait a few days"),
    30032: Meaning("the toll-free number is not verified", _REGISTER),
    30034: Meaning("the number is in no registered 10DLC campaign", _REGISTER),
    30035: Meaning("the 10DLC campaign is still being registered", "wait until it is verified"),
}


def webhook(code: int) -> Meaning:
    """Give what an alert's code means."""
    return _WEBHOOK.get(code) or _unknown(code)


def reply(code: int) -> Meaning:
    """Give what a reply's code means; 0 is a reply that failed without one."""
    return _REPLY.get(code) or (_unknown(code) if code else Meaning("Twilio gives no code"))


def _unknown(code: int) -> Meaning:
    return Meaning(f"Twilio explains it at www.twilio.com/docs/errors/{code}")
