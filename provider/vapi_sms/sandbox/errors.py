"""Refusals that know how they look on the wire; models raise them, the app turns them into answers.

SandboxRefusal is not a vendor's: it says that the *client* is wrong (unknown parameter or path, forbidden
request), so it gets codes that no vendor has, and a mark in the journal.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

UNKNOWN_PATH = 90001
UNKNOWN_PARAMETER = 90002
FORBIDDEN = 90003
CONTRADICTION = 90004


class TwilioError(Exception):
    """An error as Twilio words it: a code, an HTTP status, a message."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def body(self) -> dict[str, Any]:
        """Return Twilio's JSON for it."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more, "status": self.status}


class VapiError(Exception):
    """An error as Vapi words it: a status and a text, or a list of texts."""

    def __init__(self, status: int, message: str | list[str]) -> None:
        super().__init__(str(message))
        self.status, self.message = status, message

    def body(self) -> dict[str, Any]:
        """Return Vapi's JSON for it."""
        return {"message": self.message, "error": HTTPStatus(self.status).phrase, "statusCode": self.status}


class NoSuchThingError(ValueError):
    """A control request names something that is not there."""


class SandboxRefusal(Exception):
    """A request that our client must never send; answered 400 and marked in the journal."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why

    @property
    def forbidden(self) -> bool:
        """Tell whether the request would have given a number away."""
        return self.code == FORBIDDEN

    def body(self, vendor: str) -> dict[str, Any]:
        """Return it in the shape of that vendor's errors, plainly signed by the sandbox."""
        text = f"sandbox: {self.why}"
        if vendor == "vapi":
            return VapiError(HTTPStatus.BAD_REQUEST, text).body()
        return TwilioError(HTTPStatus.BAD_REQUEST, self.code, text).body()


def not_found(path: str) -> TwilioError:
    """Return Twilio's 20404: absent, or not visible to this account."""
    return TwilioError(HTTPStatus.NOT_FOUND, 20404, f"The requested resource {path} was not found")


def unknown_parameter(name: str, where: str) -> SandboxRefusal:
    """Refuse a parameter that the vendor's specification does not have."""
    return SandboxRefusal(UNKNOWN_PARAMETER, f"{where} has no parameter {name}")


def forbidden(why: str) -> SandboxRefusal:
    """Refuse what would release, buy or move a number."""
    return SandboxRefusal(FORBIDDEN, why)
