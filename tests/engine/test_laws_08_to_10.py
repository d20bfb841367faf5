"""Laws 8 to 10 of the design: no secret, a preview that tells the truth, no guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.stack import WITHOUT_CREDENTIALS
from tests.engine.world import (
    AC,
    BIN,
    CANADIAN,
    CANARIES,
    FOREIGN,
    HIDDEN,
    IN_OTHER_ACCOUNT,
    KEY,
    KEY_SECRET,
    MG,
    OTHER_TWIN,
    STUDIO,
    SUPPORT_ON_WEBHOOK,
    TOKEN,
    TWIN,
    VAPI_SMS,
    VOICE_ONLY,
    WEBHOOK,
)

if TYPE_CHECKING:
    from tests.engine.stack import Stack


def test_law_08_no_secret_is_ever_told(stack: Stack) -> None:
    """No key, token, password or query value stands in outputs, errors, drift, JSON, state or journal."""
    restore_to = f'restore_to=Handler.webhook("{FOREIGN}", fallback="{FOREIGN}")'
    stack.declare(
        f'support = VapiSmsNumber("support", number=WEBHOOK, assistant="Support", {restore_to})',
        'VapiSmsNumber("studio", number=STUDIO, assistant="Support")',
        'for output in ("original", "original_summary", "routing", "answered_by"):',
        "    pulumi.export(output, getattr(support, output))",
    )
    stack.preview()
    echo = {"message": f"bad credentials {TOKEN} for {FOREIGN}", "code": 20001, "status": 400}
    stack.sandbox.fault(vendor="twilio", method="POST", skip=1, status=400, body=echo)
    stack.sandbox.fault(vendor="vapi", method="POST", status=400, body={"message": f"no {TOKEN}, {FOREIGN}"})
    assert "https://new.example.com/sms?key=***" in stack.fail("up", "--yes", "--skip-preview").text
    stack.sandbox.clear_faults()
    stack.up()
    stack.sandbox.outside_number(WEBHOOK, sms_url=f"{FOREIGN}&more=canary-query", sms_fallback_url=FOREIGN)
    stack.sandbox.outside_number(STUDIO, sms_fallback_url="https://x:canary-password@a.example/?canary-query")
    stack.preview()
    stack.preview("--json", "--show-sames")
    stack.refresh("--diff")
    stack.run("stack", "--show-ids")
    stack.run("stack", "output")
    stack.run("stack", "export")
    assert "[secret]" in stack.run("stack", "output").text
    assert FOREIGN in str(stack.project.outputs()["original"])
    stack.destroy()

    told = "".join(run.text for run in stack.runs)

    assert [canary for canary in CANARIES if canary in told] == []
    assert stack.leaked() == []


def test_law_08_credentials_from_stack_config_stay_secret(stack: Stack) -> None:
    """Credentials in the stack's encrypted config work for every command, and are nowhere in clear."""
    given = {
        "twilio:apiSecret": KEY_SECRET,
        "vapi:apiKey": stack.env["VAPI_API_KEY"],
    }
    for key, value in given.items():
        assert stack.project.set_secret(key, value).code == 0
    stack.run("config", "set", "twilio:accountSid", AC)
    stack.run("config", "set", "twilio:apiKey", KEY)
    stack.declare(SUPPORT_ON_WEBHOOK)
    with stack.with_env(**WITHOUT_CREDENTIALS):
        stack.preview()
        stack.up()
        assert stack.answers() == "Vapi assistant Support"
        stack.refresh("--expect-no-changes")
        stack.destroy()

    assert stack.snapshot() == stack.before
    wrong = (
        'VapiSmsNumber("support", number=WEBHOOK, assistant="Support", restore_to={"url": "'
        + FOREIGN
        + '", "x": ""})'
    )
    stack.declare(wrong)
    assert "restore_to has no field 'x'" in stack.refused()


def test_law_09_without_credentials_preview_shows_inputs_only_and_up_writes_nothing(stack: Stack) -> None:
    """Who holds the stack but no keys sees the inputs, is told so once, and up records no placeholder."""
    stack.declare(SUPPORT_ON_WEBHOOK, 'VapiSmsNumber("studio", number=STUDIO, assistant="Sales")')
    with stack.with_env(**WITHOUT_CREDENTIALS):
        previewed = stack.preview()
        assert previewed.count("no Twilio and Vapi credentials here, so this shows inputs only") == 1
        assert "+ 5 to create" in previewed
        assert '"Support"' in previewed
        assert "no credentials for +1415555010" in stack.refused("up")
    assert stack.requests() == []
    assert stack.snapshot() == stack.before

    stack.up()

    assert stack.answers(WEBHOOK) == "Vapi assistant Support"
    assert stack.answers(STUDIO) == "Vapi assistant Sales"
    with stack.with_env(**WITHOUT_CREDENTIALS):
        stack.settled()
        stack.refused("destroy")
    stack.settled()
    stack.destroy()
    assert stack.snapshot() == stack.before


def test_law_09_a_first_up_without_credentials_that_wrote_a_placeholder_records_later(stack: Stack) -> None:
    """If one up without credentials failed half-way, the next one with them records the true original."""
    stack.declare(SUPPORT_ON_WEBHOOK)
    with stack.with_env(**WITHOUT_CREDENTIALS):
        stack.fail("up", "--yes", "--skip-preview", "--continue-on-error")

    stack.up()

    assert stack.answers() == "Vapi assistant Support"
    stack.destroy()
    assert stack.snapshot() == stack.before


REFUSED = {
    "a Messaging Service hides the webhook": (
        f'number="{HIDDEN}", assistant="Support"',
        f"{HIDDEN} is in Messaging Service Campaigns ({MG})",
        "Defer to sender's webhook",
    ),
    "somebody imported it": (
        f'number="{BIN}", assistant="Support"',
        f"{BIN} is already in this Vapi org as ",
        "adopt=True",
    ),
    "at Vapi with no known original": (
        'number=STUDIO, assistant="Support"',
        f"texts to {STUDIO} already go to Vapi and no original routing is recorded",
        (
            "name')]); if another stack or resource owns the number, change it there; if the state "
            "that knew it was lost, `vapi-sms restore` puts the number back from a backup; else write restore_to="
        ),
    ),
    "two assistants": (
        'number=WEBHOOK, assistant="Twin"',
        "2 assistants are named 'Twin'",
        f"write one of their ids ({TWIN}, {OTHER_TWIN})",
    ),
    "no such assistant": (
        'number=WEBHOOK, assistant="Nobody"',
        "'Nobody'",
        "(there are: Sales, Support, Twin)",
    ),
    "not US": (f'number="{CANADIAN}", assistant="Support"', "CA)", "declare a US number"),
    "no texts": (f'number="{VOICE_ONLY}", assistant="Support"', "cannot receive texts", "sms_enabled=False"),
    "not on this account": (
        f'number="{IN_OTHER_ACCOUNT}", assistant="Support"',
        "is not a number of this Twilio account",
        "check the number",
    ),
}


@pytest.mark.parametrize(("inputs", "said", "way_out"), REFUSED.values(), ids=REFUSED)
def test_law_10_what_is_ambiguous_is_refused_at_preview(
    stack: Stack, inputs: str, said: str, way_out: str
) -> None:
    """Each refusal is one line that names the way out."""
    stack.edit_vapi("create", set={"number": BIN, "twilioAccountSid": AC, "assistantId": TWIN})
    stack.sandbox.outside_number(STUDIO, sms_url=VAPI_SMS)
    stack.declare(f'VapiSmsNumber("support", {inputs})')

    told = stack.refused()

    (line,) = told.splitlines()
    assert said in line
    assert way_out in line


def test_law_09_what_preview_refuses_up_refuses_in_the_same_words(stack: Stack) -> None:
    """`up --skip-preview` is held by the same checks, and one refused number stops the others' writes too."""
    stack.declare(f'VapiSmsNumber("support", number="{HIDDEN}", assistant="Support")')
    assert stack.refused("preview") == stack.refused("up")

    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.up()
    stack.declare('VapiSmsNumber("support", number=WEBHOOK, assistant="Twin")')
    assert stack.refused("preview") == stack.refused("up")
    assert stack.answers() == "Vapi assistant Support"
