"""What is refused, is refused before anything happens, in the words of the program's own language."""

from __future__ import annotations

import pytest

from tests.engine.world import STUDIO, WEBHOOK
from tests.native.stack import YamlStack, block


def refused(stack: YamlStack, *command: str) -> str:
    """Give the errors of a command that fails, and hold that nothing was written."""
    return stack.refused(*(command or ("preview",)))


def test_an_unknown_assistant_is_named_with_those_there_are(stack: YamlStack) -> None:
    """The child's error says it; its component's says where to look, unless the engine has closed before it heard."""
    stack.program({"support": block(number=WEBHOOK, assistant="Salles")})

    told = refused(stack)

    assert "no assistant of this Vapi org is named 'Salles' (there are: Sales, Support, Twin)" in told
    assert (
        "support: what is told of its VapiSmsNumber says why" in told
        or "resource 'support' has a problem: grpc: the client connection is closing" in told
    )
    assert told.count("connection") <= 1


def test_two_blocks_with_one_number_are_refused_before_a_write(stack: YamlStack) -> None:
    """Nobody's program knows it beforehand: the provider does."""
    stack.program({name: block(number=WEBHOOK, assistant="Support") for name in ("desk", "office")})

    for command in ("preview", "up"):
        told = refused(stack, command)
        assert f"{WEBHOOK} is declared twice" in told
        assert "restoreTo: " in told
        assert "restore_to" not in told


def test_two_answerers_at_once_are_refused(stack: YamlStack) -> None:
    """A contradiction in one block."""
    stack.program({"support": block(number=WEBHOOK, assistant="Support", squad="Front")})

    assert "write assistant: or squad:, exactly one: both were given" in refused(stack)


def test_a_number_of_no_account_and_a_misspelled_one_are_told_apart(stack: YamlStack) -> None:
    """Both before anything is written."""
    stack.program({"support": block(number="+14155559999", assistant="Support")})
    assert "+14155559999" in refused(stack)

    stack.program({"support": block(number="(415) 555-0100", assistant="Support")})
    assert "E.164" in refused(stack)


def test_a_resource_without_its_record_names_the_block_that_makes_it(stack: YamlStack) -> None:
    """Nothing is touched before the way back is in the state."""
    stack.program({"support": block("VapiSmsNumber", number=WEBHOOK, assistant="Support")})

    told = refused(stack)

    assert "write vapi-sms:Number instead, which makes it, too" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(
            {"ignoreChanges": ["number"]}, "ignoreChanges: [number] would keep", id="the number ignored"
        ),
        pytest.param(
            {"deletedWith": "${other}"}, "deletedWith lets Pulumi forget it", id="deleted with another one"
        ),
    ],
)
def test_options_that_would_lose_the_way_back_are_refused(
    stack: YamlStack, options: dict[str, object], told: str
) -> None:
    """Pulumi would keep our delete, or the number, from us."""
    stack.program(
        {
            "other": block("Route", number=STUDIO, handler={"url": "https://new.example.com/sms"}),
            "support": block(number=WEBHOOK, assistant="Support", options=options),
        }
    )

    assert told in refused(stack)


def test_a_misspelled_setting_of_the_provider_is_named_with_the_one_that_is_meant(stack: YamlStack) -> None:
    """CheckConfig, or the language host by our schema, whichever is first."""
    stack.program(
        {
            "mine": {"type": "pulumi:providers:vapi-sms", "properties": {"twilioAcountSid": "AC1"}},
            "support": block(number=WEBHOOK, assistant="Support", options={"provider": "${mine}"}),
        }
    )

    assert "twilioAcountSid" in stack.fail("preview").text


def test_without_credentials_up_refuses_and_a_preview_says_that_nobody_looked(stack: YamlStack) -> None:
    """As of dynamic resources: pull requests of strangers have none."""
    stack.program({"support": block(number=WEBHOOK, assistant="Support")})
    missing = dict.fromkeys(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "VAPI_API_KEY"))

    with stack.with_env(**missing):
        shown = stack.run("preview").text
        told = refused(stack, "up")

    assert "not looked: no Twilio and Vapi credentials here" in shown
    assert "vapi-sms:twilioAccountSid" in told
