"""What keeps `up` from working, what people should know, and what is only noise."""

from __future__ import annotations

from typing import Any

import pytest
from vapi_sms.cli.review.diagnostics import Problem, errors, output, problems, warnings

from tests.cli.review.steps import preview, said

REFUSED = "error: pulumi-python:dynamic/vapi:VapiSmsNumber resource 'desk' has a problem: no such assistant\n"
CRASH = (
    "Traceback (most recent call last):",
    '  File "__main__.py", line 6',
    "    raise E",
    "ValueError: boom",
)
EXECUTOR = "pulumi-language-python-exec"
# As the official language host's executor ends when the engine interrupts it.
INTERRUPTED = (
    "Traceback (most recent call last):",
    '  File "pulumi-language-python-exec", line 191, in <module>',
    "asyncio.exceptions.CancelledError",
    "During handling of the above exception, another exception occurred:",
    "Traceback (most recent call last):",
    '  File "asyncio/runners.py", line 123, in run',
    "KeyboardInterrupt",
)


def printed(*lines: str) -> list[dict[str, Any]]:
    """Give lines as the engine hands them over: each by itself, with empty ones behind."""
    return [said(f"{line}\n\n") for line in lines]


def found(*diagnostics: dict[str, Any]) -> tuple[Problem, ...]:
    """Give the problems of a preview that said these."""
    return problems(preview(diagnostics=list(diagnostics)))


def test_refusal() -> None:
    """The resource's name, and the reason without the engine's frame around it."""
    assert found(said(REFUSED, "error", "desk")) == (Problem("desk", "no such assistant"),)


def test_refusals_have_one_order_and_stand_once() -> None:
    """Whatever the engine's order is."""
    one, two = said(REFUSED, "error", "desk"), said(REFUSED.replace("such", "known"), "error", "desk")

    assert found(two, one, two) == found(one, two) != ()


def test_another_providers_refusal_hides_the_value() -> None:
    """The engine prints the value of a property that a provider names: it may be a secret."""
    text = (
        "error: aws:sns/topic:Topic resource 'topic': property name value {canary\n{}} has a problem: bad\n"
    )
    told = preview(diagnostics=[said(text, "error", "topic")])

    assert problems(told) == (Problem("topic", "name: bad"),)
    assert errors(told) == [
        "error: aws:sns/topic:Topic resource 'topic': property name value {[secret]} has a problem: bad"
    ]


def test_trouble_that_a_diff_raised() -> None:
    """Our own exception's name is no information."""
    (problem,) = found(said("error: VapiSms: a key\nis missing", "error", "desk"))

    assert problem.text == "a key is missing"


def test_general_failure_says_nothing_of_its_own() -> None:
    """What only says that something failed is left out beside the reason."""
    failed = said("error: preview failed\n", "error")

    assert found(said("error: Preview failed: it is protected", "error", "desk"), failed) == (
        Problem("desk", "it is protected"),
    )


def test_mistake_in_the_program() -> None:
    """All its lines, as they were printed; a notice in between is none of them."""
    lines = (
        "error: numbers.yaml: 2 mistakes",
        "line 3: no number",
        "vapi-sms: a notice",
        "line 7: no assistant",
    )

    assert [problem.text for problem in found(*printed(*lines))] == [
        "numbers.yaml: 2 mistakes",
        "line 3: no number",
        "line 7: no assistant",
    ]


@pytest.mark.parametrize("official", [True, False])
def test_program_that_crashed(official: bool) -> None:
    """Its exception; the official language host reports it as one error, another one line by line."""
    first = "error: Program failed with an unhandled exception:"
    told = [said("\n".join([first, *CRASH]), "error")] if official else printed(first, *CRASH)

    assert found(*told, said("error: preview failed", "error")) == (
        Problem("", "the program failed: ValueError: boom"),
    )


def test_program_that_was_interrupted() -> None:
    """After a refusal the engine interrupts the language host, whose last words are noise."""
    told = preview(
        diagnostics=[
            said(REFUSED, "error", "desk"),
            *printed("hello", *INTERRUPTED[:4], "vapi-sms: a notice", *INTERRUPTED[4:], "bye"),
        ]
    )

    assert problems(told) == (Problem("desk", "no such assistant"),)
    assert output(told) == ["hello", "vapi-sms: a notice", "bye"]
    assert warnings(told) == ("a notice",)


@pytest.mark.parametrize(
    "orphans",
    [
        ("KeyboardInterrupt",),
        (*INTERRUPTED, *INTERRUPTED[3:]),
        (
            *INTERRUPTED,
            "Exception ignored in: <module 'threading'>",
            *INTERRUPTED[4:-1],
            "KeyboardInterrupt: ",
        ),
        INTERRUPTED[:2],
    ],
    ids=["its last line alone", "two that belong together", "one that is only mentioned", "cut off"],
)
def test_what_is_left_of_an_interrupted_program(orphans: tuple[str, ...]) -> None:
    """Two interrupts come, and whatever part of their tracebacks arrives is noise."""
    told = preview(diagnostics=[said(REFUSED, "error", "desk"), *printed("hello", "vapi-sms: a", *orphans)])

    assert output(told) == ["hello", "vapi-sms: a"]


@pytest.mark.parametrize(
    "told",
    [
        CRASH,
        (
            "Traceback (most recent call last):",
            f'  File "{EXECUTOR}"',
            "ModuleNotFoundError: No module named 'pulumi'",
        ),
    ],
)
def test_traceback_of_something_else_stays(told: tuple[str, ...]) -> None:
    """What is no interrupt is told whole."""
    assert output(preview(diagnostics=printed(*told))) == list(told)


@pytest.mark.parametrize("ended", ["Program exited with 3", "program exited with non-zero exit code: 1"])
def test_how_a_program_ended_is_no_reason(ended: str) -> None:
    """Either host says so beside the reason."""
    reason = said("error: the number is missing", "error")

    assert found(reason, said(f"error: an unhandled error occurred: {ended}", "error")) == (
        Problem("", "the number is missing"),
    )


def test_warnings() -> None:
    """Notices of ours and the engine's warnings, each once, in one order."""
    told = preview(
        diagnostics=[
            *printed("vapi-sms: b", "vapi-sms: a", "vapi-sms: b", "chatter"),
            said("warning: c\nd", "warning"),
        ]
    )

    assert warnings(told) == ("a", "b", "c d")


def test_request_ids_differ_in_every_run() -> None:
    """They belong in logs: a comment that is edited would differ for nothing."""
    told = "error: cannot look: Authenticate (Twilio 20003, request RQ0123). Check; no answer (request 77-a). Again."

    (problem,) = found(said(told, "error", "desk"))

    assert problem.text == "cannot look: Authenticate (Twilio 20003). Check; no answer. Again."
