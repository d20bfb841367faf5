"""Every expected trouble, as a situation: what happened, why, what to do next; one line, never a secret.

::

    ProviderError
    ├── Refusal                 we will not do that; the text names the way out
    │   ├── NothingToPutBack    what is there now must not be recorded as an original
    │   ├── BadInput            what was written cannot be meant
    │   ├── NotNamed            no assistant or squad, or more than one, is called as written
    │   └── NotFit              what is so of one number keeps it from being as declared, and no other one
    ├── VendorTrouble           Twilio or Vapi answered something we did not ask for
    │   ├── BadCredentials      401 or 403
    │   ├── VendorRefused       any other 4xx: the request was understood and refused
    │   ├── VendorUnavailable   429, 5xx, refused or lost connections, after all retries
    │   │   └── AnswerLost      the request may have taken effect: look before doing it again
    │   └── UnexpectedResponse  not JSON, or JSON of another shape
    ├── NotAsPlanned            read back after the last write: something else is there
    ├── ProofFailed             a switched number's texts were not answered as is demanded
    ├── ApplyFailed             a change failed, and what became of the number since
    ├── HalfWay                 on the way back something is refused, and the rest is back
    ├── Interrupted             a person stopped the run before a number's turn
    └── EngineGone              the engine that asked for this no longer runs
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

AGAIN = "run the same command again"


def again_beside(text: str, before: str) -> str:
    """Give AGAIN, after what comes `before` it, unless the text beside it tells that already."""
    return "" if AGAIN in text.lower() else f"{before}{AGAIN}"


class ProviderError(Exception):
    """Expected trouble: `str(error)` is one line for a person."""


@dataclass(eq=False)
class Refusal(ProviderError):
    """Something we will not do; `subject` names the input (never a property that the engine would print)."""

    subject: str
    reason: str

    def __str__(self) -> str:
        return self.reason


class NothingToPutBack(Refusal):
    """What is there now is Vapi's or somebody's import: recording it would make the true original unknown for good."""

    def for_good(self) -> Refusal:
        """Give the same where no record can turn up elsewhere."""
        return Refusal(self.subject, self.reason)


class BadInput(Refusal):
    """What was declared cannot be meant."""


class NotNamed(Refusal):
    """No assistant or squad, or more than one, is called as written: a slip, or it is gone since."""


class NotFit(Refusal):
    """What the vendors hold of a number keeps it from being as declared; it says nothing of any other number."""


@dataclass(eq=False)
class VendorTrouble(ProviderError):
    """A vendor's answer kept us from going on.

    `what` says what we were doing, `why` what the vendor said, `advice` what to do. `code` is the vendor's own error
    code (Twilio: 5 digits; else the HTTP status as text), `request_id` finds the request in the vendor's logs.
    """

    vendor: str
    what: str
    why: str
    advice: str
    status: int | None = None
    code: str = ""
    request_id: str = ""

    @property
    def in_brief(self) -> str:
        """What the vendor said, for who tells it beside what could not be read."""
        # Of a success with a body that is none, the status says nothing.
        is_error = self.status is not None and self.status >= HTTPStatus.BAD_REQUEST
        code = self.code or (f"HTTP {self.status}" if is_error else "")
        return f"{self.why} ({self.vendor} {code})" if code else self.why

    def __str__(self) -> str:
        marks = [
            f"{self.vendor} {self.code}" if self.code else "",
            f"request {self.request_id}" if self.request_id else "",
        ]
        told = ", ".join(mark for mark in marks if mark)
        return f"{self.what}: {self.why}" + (f" ({told})" if told else "") + f". {self.advice}"


class BadCredentials(VendorTrouble):
    """The key is wrong, revoked, of another account or region, or may not do this."""


class VendorRefused(VendorTrouble):
    """The vendor understood and refused: sending the same again changes nothing."""

    @property
    def is_missing(self) -> bool:
        """The thing asked for does not exist, or not for these credentials."""
        return self.status == HTTPStatus.NOT_FOUND


class VendorUnavailable(VendorTrouble):
    """The vendor could not be reached or did not serve us, after all retries."""


class AnswerLost(VendorUnavailable):
    """The request left and no answer came: its effect is unknown."""


class UnexpectedResponse(VendorTrouble):
    """The vendor's answer is not JSON, or lacks what its specification promises."""


@dataclass(eq=False)
class NotAsPlanned(ProviderError):
    """Read back after the last write, the number is not as planned, and writing it once more did not help."""

    number: str
    planned: str
    found: str

    def __str__(self) -> str:
        return (
            f"{self.number} is not as planned after the last write: planned {self.planned}; found {self.found}. "
            f"Something else writes to this number: find out what, then {AGAIN}."
        )


@dataclass(eq=False)
class ProofFailed(ProviderError):
    """A switched number's texts were not answered as its program demands; `stays`: it is not put back, as declared."""

    number: str
    reason: str
    stays: bool = False

    def __str__(self) -> str:
        reason = self.reason.rstrip(".")
        if self.stays:
            return f"{self.number}: the proof failed: {reason}. It stays with Vapi, as declared"
        return f"the proof failed: {reason}"


@dataclass(eq=False)
class ApplyFailed(ProviderError):
    """A change of one number, or of what `thing` says, failed: the cause, what was put back, and what was not.

    `unrestored` names each thing that is not as it was, with its redacted before-value.
    """

    number: str
    cause: ProviderError
    unrestored: tuple[str, ...] = ()
    undo_trouble: ProviderError | None = None
    changed: bool = True
    thing: str = "number"

    def __str__(self) -> str:
        cause = str(self.cause).rstrip(".")
        if not self.changed:
            return f"{self.number}: {cause}. Nothing was changed."
        if not self.unrestored and self.undo_trouble is None:
            return f"{self.number}: {cause}. The {self.thing} is back as it was before{again_beside(cause, '; ')}."
        left = "; ".join(self.unrestored) or "unknown"
        trouble = (
            f" (putting it back failed too: {str(self.undo_trouble).rstrip('.')})"
            if self.undo_trouble
            else ""
        )
        return (
            f"{self.number}: {cause}. Not put back: {left}{trouble}. "
            "The original is still recorded: run `pulumi up` again to finish, or `pulumi destroy` to put it back."
        )


@dataclass(eq=False)
class HalfWay(ProviderError):
    """A number is put back in part: `back` are the channels that are, `cause` is what keeps the rest from it."""

    cause: VendorTrouble
    back: tuple[str, ...]

    def __str__(self) -> str:
        are = f"{' and '.join(self.back)} are back; " if self.back else ""
        return f"{are}{self.cause}"


@dataclass(eq=False)
class Interrupted(ProviderError):
    """A person stopped the run before this number's turn, or the time that the program gives was over (`late`)."""

    number: str
    late: bool = False

    def __str__(self) -> str:
        why = "the time-out of the program's customTimeouts was over" if self.late else "interrupted"
        return (
            f"{self.number}: {why} before its turn, nothing was changed; run the same command again to go on."
        )


class EngineGone(ProviderError):
    """The engine that asked for this change no longer listens: nothing more is written."""
