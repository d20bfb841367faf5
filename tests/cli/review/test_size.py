"""Whatever a preview holds, the comment on it fits."""

from __future__ import annotations

import json

import pytest
from vapi_sms.cli.review.comment import MOST, comment
from vapi_sms.cli.review.review import review

from tests.cli.review.record import rendered
from tests.cli.review.steps import ONE, answered, fleet, number, preview, said, step

NASTY = "|`&<@a*_" * 300


def test_long_hostile_texts() -> None:
    """Each text at its longest, each character escaped."""
    names = [f"{NASTY}{index}" for index in range(80)]
    old = {name: answered(name, name, name=name) for name in names}
    new = {name: answered(f"{name}x", name, name=f"{name}y", drift=[name]) for name in names}
    summary = {
        name: f"texts: {name}; found: {name}; calls: {name}; in Vapi as {name} before" for name in names
    }
    diagnostics = [said(f"error: {name}", "error", name) for name in names]
    diagnostics += [said(f"vapi-sms: {name}") for name in names]

    told = comment(review(preview(fleet(old, new, summary), diagnostics=diagnostics)))

    assert len(told) <= MOST
    assert "80 problems" in told
    assert "more" in told


@pytest.mark.parametrize("count", [1, 40, 400, 4_500])
def test_nothing_is_lost_while_there_is_room(count: int) -> None:
    """Every number is named, or counted among those that are not."""
    new = {
        f"+1415{5_550_000 + index}": answered(instead=f"Webhook https://a.example.com/{index}")
        for index in range(count)
    }

    told = comment(review(preview(fleet(None, new, {}))))

    assert len(told) <= MOST
    assert (all(number in told for number in new)) is (count < 4_500)
    assert f"{count:,} number" in told


def test_refusals_of_a_big_fleet_are_grouped() -> None:
    """One mistake in the defaults refuses every number: that is one line."""
    diagnostics = [
        said(f"error: VapiSms: +1415555{index:04}: no assistant is named 'X'", "error", "fleet")
        for index in range(3_000)
    ]

    told = comment(review(preview(diagnostics=diagnostics)))

    told = told.partition("<details>")[0]
    assert told.count("no assistant is named 'X'\n") == 1
    assert "`fleet`: 3,000 numbers: `+14155550000`" in told


def test_many_services() -> None:
    """Counted like everything else."""
    answers = {"inbound": NASTY, "answers": [NASTY] * 20, "originalSummary": NASTY}
    services = [step("MessagingServiceInbound", f"s{index}", None, answers) for index in range(60)]

    told = comment(review(preview(*services)))

    assert len(told) <= MOST
    assert "60 Messaging Services will change" in told
    assert " more Messaging Services" in told


def test_the_engines_text_takes_what_room_is_left() -> None:
    """It is cut by lines, and says how many are missing."""
    diagnostics = [said(f"chatter {index}") for index in range(10_000)]

    told = comment(review(preview(number("n", None, answered()), diagnostics=diagnostics)))

    assert len(told) <= MOST
    assert "more lines\n```\n\n</details>\n" in told
    assert ONE in told


def test_ciphertext_is_never_shown() -> None:
    """Envelopes of secrets, encrypted or in clear, become [secret] wherever they stand."""
    mark = "4dabf18193072939515e22adb298388d"
    encrypted = {mark: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "canary-cipher"}
    clear = {mark: "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"canary-clear"'}
    changed, sibling = number("n", answered(name=encrypted), answered(name=clear))
    changed["detailedDiff"] = {"name": {"kind": "update"}}

    told = rendered(json.dumps({"steps": [changed, sibling], "changeSummary": {}}))

    assert '~ name: "[secret]" => "[secret]"' in told
    assert "canary" not in told
