"""What Vapi writes at Twilio after an `up` has proved its own: drift, or what looks like somebody's choice."""

from __future__ import annotations

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.engine.project import until
from tests.resources.conftest import Spawn
from tests.resources.stack import Refused, Stack
from tests.sandbox.world import APP, APPLICATION, seed


def test_an_app_that_an_import_clears_late_while_texts_are_off_is_told_and_left(
    sandbox: RunningSandbox, spawn: Spawn
) -> None:
    """What does not survive: the webhook beneath the App looks as if somebody had chosen it in the Console."""
    sandbox.reset({**seed(), "behaviour": {"import_clears_application": True, "late_writes_ms": 300}})
    stack = Stack(spawn())
    stack.up(number=APPLICATION, assistant="Support", sms_enabled=False)
    assert sandbox.number(APPLICATION)["sms_application_sid"] == APP
    until(lambda: not sandbox.number(APPLICATION)["sms_application_sid"])

    stack.provider = spawn()
    with pytest.raises(Refused, match=f"the recorded original is TwiML App {APP}: somebody changed it since"):
        stack.preview(number=APPLICATION, assistant="Support")
    stack.destroy()

    (told,) = [line for line in stack.provider.stderr() if APPLICATION in line]
    assert told.startswith(
        f"vapi-sms: texts to {APPLICATION} stay answered by Webhook http://127.0.0.1:9/sms"
    )
    assert told.endswith(f"the recorded original was TwiML App {APP}.")
