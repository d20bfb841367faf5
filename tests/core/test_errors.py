"""Errors: one line for a person, which says what happened, why, and what to do next."""

from __future__ import annotations

import inspect

import pytest
from vapi_sms.core import errors
from vapi_sms.core.errors import (
    AnswerLost,
    ApplyFailed,
    BadInput,
    HalfWay,
    Interrupted,
    NotAsPlanned,
    NothingToPutBack,
    ProofFailed,
    ProviderError,
    Refusal,
    VendorRefused,
    VendorTrouble,
    VendorUnavailable,
)

from tests.core.samples import NUMBER

REFUSED = VendorRefused(
    "Twilio", f"Writing {NUMBER}", "the TwiML App is gone", "Bring it back", 400, "21420", "RQ1"
)
RECORDED = (
    "The original is still recorded: run `pulumi up` again to finish, or `pulumi destroy` to put it back."
)
OTHERS = "Something else writes to this number: find out what, then run the same command again."
AGAIN = "putting it back failed too: No again"
LOST = AnswerLost("Vapi", f"Importing {NUMBER}", "the connection was lost", "Run the same command again")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (Refusal("number", "we will not do that"), "we will not do that"),
        (BadInput("number", "that cannot be meant"), "that cannot be meant"),
        (NothingToPutBack("number", "nothing to put back"), "nothing to put back"),
        (
            REFUSED,
            f"Writing {NUMBER}: the TwiML App is gone (Twilio 21420, request RQ1). Bring it back",
        ),
        (LOST, f"Importing {NUMBER}: the connection was lost. Run the same command again"),
        (
            VendorTrouble("Vapi", "Reading", "no", "Wait", request_id="RQ2"),
            "Reading: no (request RQ2). Wait",
        ),
        (VendorTrouble("Vapi", "Reading", "no", "Wait", code="503"), "Reading: no (Vapi 503). Wait"),
        (
            NotAsPlanned(NUMBER, "Vapi", "url is empty"),
            f"{NUMBER} is not as planned after the last write: planned Vapi; found url is empty. {OTHERS}",
        ),
        (
            ApplyFailed(NUMBER, ProofFailed(NUMBER, "no text came in.")),
            (
                f"{NUMBER}: the proof failed: no text came in. The number is back as it was before; run the same "
                "command again."
            ),
        ),
        (
            ProofFailed(NUMBER, "1 of 1 texts: no reply", stays=True),
            f"{NUMBER}: the proof failed: 1 of 1 texts: no reply. It stays with Vapi, as declared",
        ),
        (
            ApplyFailed(NUMBER, REFUSED, changed=False),
            f"{NUMBER}: {REFUSED}. Nothing was changed.",
        ),
        (
            ApplyFailed(NUMBER, REFUSED),
            f"{NUMBER}: {REFUSED}. The number is back as it was before; run the same command again.",
        ),
        (
            ApplyFailed(NUMBER, LOST),
            f"{NUMBER}: {LOST}. The number is back as it was before.",
        ),
        (
            ApplyFailed(
                NUMBER, Refusal("n", "A sentence."), ("texts: url is a, not b", "calls: url is c, not d")
            ),
            f"{NUMBER}: A sentence. Not put back: texts: url is a, not b; calls: url is c, not d. {RECORDED}",
        ),
        (
            ApplyFailed(NUMBER, Refusal("n", "No."), (), Refusal("n", "No again.")),
            f"{NUMBER}: No. Not put back: unknown ({AGAIN}). {RECORDED}",
        ),
        (
            ApplyFailed(NUMBER, Refusal("n", "No"), ("all of it",), Refusal("n", "No again")),
            f"{NUMBER}: No. Not put back: all of it ({AGAIN}). {RECORDED}",
        ),
    ],
)
def test_error_is_one_line(error: ProviderError, line: str) -> None:
    """The text that people see."""
    assert str(error) == line


@pytest.mark.parametrize(("status", "missing"), [(404, True), (400, False), (None, False)])
def test_missing_is_a_404(status: int | None, missing: bool) -> None:
    """Only a 404 says that a thing is not there."""
    assert VendorRefused("Vapi", "Reading", "no", "Look", status).is_missing is missing


def test_a_lost_answer_is_an_unavailable_vendor() -> None:
    """Who handles the second handles the first."""
    assert isinstance(LOST, VendorUnavailable)


def test_what_is_back_although_something_is_refused_is_told_first() -> None:
    """On the way back each part is told by itself."""
    cause = VendorRefused("Vapi", "Changing", "no", "Do that.")

    assert str(HalfWay(cause, ("texts", "calls"))) == "texts and calls are back; Changing: no. Do that."
    assert str(HalfWay(cause, ())) == "Changing: no. Do that."


@pytest.mark.parametrize(
    ("late", "why"), [(False, "interrupted"), (True, "the time-out of the program's customTimeouts was over")]
)
def test_what_had_no_turn_any_more_says_that_nothing_was_changed(late: bool, why: str) -> None:
    """A person's ^C, or a time-out of the program."""
    told = str(Interrupted("+14155550100", late=late))

    assert told.startswith(f"+14155550100: {why} before its turn, nothing was changed")


def test_the_modules_docstring_draws_the_whole_tree() -> None:
    """Every error is in the picture, below the one that it is a kind of."""
    drawn = _drawn(errors.__doc__ or "")
    tree = {
        name: kind.__base__.__name__
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, ProviderError) and kind is not ProviderError and kind.__base__
    }

    assert drawn == tree


def test_every_error_can_be_told_from_every_other() -> None:
    """Two errors with the same words are still two: they may be kept in a set, or be causes of each other."""
    one, other = Refusal("n", "no"), Refusal("n", "no")

    assert one != other
    assert len({one, other}) == 2


def _drawn(docstring: str) -> dict[str, str]:
    """Read a tree that is drawn with lines: each name, and the name above it."""
    above: list[str] = []
    parents = {}
    for line in docstring.splitlines():
        words = line.lstrip(" │├└─").split()
        if not words or not (words[0] == "ProviderError" or "── " in line):
            continue
        depth = (len(line) - len(line.lstrip(" │├└─"))) // 4
        above[depth - 1 :] = [words[0]]
        if depth > 1:
            parents[words[0]] = above[depth - 2]
    return parents


def test_what_no_record_can_turn_up_for_is_a_refusal_of_its_own() -> None:
    """It says the same, and nobody waits for a record of it any more."""
    open_ = NothingToPutBack("number", "nothing to put back")

    final = open_.for_good()

    assert (str(final), final.subject) == (str(open_), "number")
    assert not isinstance(final, NothingToPutBack)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (REFUSED, "the TwiML App is gone (Twilio 21420)"),
        (VendorRefused("Vapi", "Reading", "Forbidden", "Ask", 403), "Forbidden (Vapi HTTP 403)"),
        (VendorTrouble("Twilio", "Reading", "it is no JSON", "Ask", 200), "it is no JSON"),
        (LOST, "the connection was lost"),
    ],
    ids=["a code", "a status", "a success that is none", "neither"],
)
def test_what_a_vendor_said_is_told_in_brief(trouble: VendorTrouble, told: str) -> None:
    """Beside what could not be read: why, and the vendor's own mark where there is one."""
    assert trouble.in_brief == told
