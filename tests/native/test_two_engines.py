"""Two engines at once over the native provider: on one stack, and on two of one account, one of them in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.stack import Stack
from tests.engine.team import IMPORT, Team
from tests.engine.world import BIN, OLD_APP, WEBHOOK
from tests.native.stack import YamlStack, block
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox


def test_a_second_engine_is_locked_out_and_finishes_what_a_dead_one_began(
    tmp_path: Path, sandbox: RunningSandbox
) -> None:
    """The lock of a killed engine stays; whoever takes it away gives the number back from the shared state."""
    folder = tmp_path / "shared"
    folder.mkdir()
    backend = {"PULUMI_BACKEND_URL": f"file://{folder}"}
    mine, theirs = (YamlStack(tmp_path / name, sandbox, **backend) for name in ("mine", "theirs"))
    for each, assistant in ((mine, "Support"), (theirs, "Sales")):
        each.program({"support": block(number=WEBHOOK, assistant=assistant)})
    team = Team(mine, theirs)
    running = team.start_and_hold()
    team.hold_refused("up")
    running.kill_engine()
    running.wait()
    sandbox.release("go")
    until(lambda: all(entry["done"] for entry in sandbox.journal()))

    team.hold_refused("destroy")
    theirs.run("cancel", "--yes")
    theirs.up()
    assert theirs.answers() == "Vapi assistant Sales"
    theirs.settled()
    theirs.destroy()

    assert mine.snapshot() == mine.before
    assert theirs.answers() == OLD_APP
    assert mine.leaked() == theirs.leaked() == []


def test_a_yaml_stack_and_a_python_stack_of_one_account_at_once(stack: YamlStack) -> None:
    """Both finish, neither waits for the other; each destroy gives back its own number and leaves the other's."""
    python = Stack(stack.project.folder.with_name("python"), stack.sandbox)
    python.declare(f'VapiSmsNumber("bin", number="{BIN}", assistant="Support")')
    stack.program({"support": block(number=WEBHOOK, assistant="Support")})
    stack.sandbox.fault(**IMPORT, hold="after", count=2)

    running = [stack.project.start("up"), python.project.start("up")]
    until(lambda: len(stack.sandbox.held()) == len(running))
    stack.sandbox.release("go")
    ended = [each.wait() for each in running]

    assert [each.code for each in ended] == [0, 0], [each.text for each in ended]
    assert stack.answers() == python.answers(BIN) == "Vapi assistant Support"
    stack.settled()
    stack.destroy()
    assert (stack.answers(), python.answers(BIN)) == (OLD_APP, "Vapi assistant Support")
    python.destroy()
    assert stack.snapshot() == stack.before
