"""Two Twilio accounts and two Vapi orgs in one stack, by explicit providers, under the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.world import AC, IN_OTHER_ACCOUNT, OTHER_AC, OTHER_ORG, OTHER_ORG_KEY, OTHER_TOKEN, WEBHOOK

if TYPE_CHECKING:
    from tests.engine.stack import Stack

ROTATED = f"{OTHER_TOKEN}-rotated"
HERE = 'VapiSmsNumber("here", number=WEBHOOK, assistant="Sales"'
THERE = (
    f'VapiSmsFleet("there", numbers={{"{IN_OTHER_ACCOUNT}": {{}}}}, defaults={{"assistant": "Support"}}, '
    "opts=ResourceOptions(provider=b))"
)


def account(token: str = OTHER_TOKEN) -> str:
    """Declare the other company's account, its secrets passed as plain texts."""
    return (
        "from vapi_sms import VapiSmsFleet, account\n"
        f'b = account("b", twilio_account_sid="{OTHER_AC}", twilio_auth_token="{token}", '
        f'vapi_api_key="{OTHER_ORG_KEY}")'
    )


def test_two_accounts_in_one_stack(stack: Stack) -> None:
    """Each number stays with its own account, whatever moves or rotates; no token is told (the fixture looks)."""
    stack.declare(account(), THERE, f"{HERE})")
    assert "twilio:authToken : [secret]" in stack.preview()
    stack.up()
    assert stack.answers(IN_OTHER_ACCOUNT) == "Vapi assistant Support"
    assert stack.answers(WEBHOOK) == "Vapi assistant Sales"
    assert stack.resources()["there"]["outputs"]["orgId"] == OTHER_ORG
    providers = {name: record["provider"].split("::")[-2] for name, record in stack.resources().items()}
    assert providers == {"here": "default", "here-original": "default", "there": "b", "there-original": "b"}

    stack.declare(account(), THERE, f"{HERE}, opts=ResourceOptions(provider=b))")
    for command in ("preview", "up"):
        told = stack.refused(command)
        assert f"was set up in Twilio account {AC}, and these credentials are for {OTHER_AC}" in told
    stack.declare(account(), THERE.replace(", opts=ResourceOptions(provider=b)", ""), f"{HERE})")
    assert f"was set up in Twilio account {OTHER_AC}, and these credentials are for {AC}" in stack.refused()

    stack.sandbox.outside("credentials", account=OTHER_AC, auth_token=ROTATED)
    stack.writes()
    stack.declare(account(ROTATED), THERE, f"{HERE})")
    assert "~ 1 updated" in stack.up().text
    stack.refresh()
    assert stack.writes() == []

    stack.project.write("raise SystemExit('the program is gone')\n")
    stack.destroy()
    assert stack.snapshot() == stack.before
    assert not stack.resources()
