"""Two engines at once: on one stack, whose backend locks it, and on two stacks of one account."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.engine.shared_state import Bucket, bucket
from tests.engine.stack import Stack
from tests.engine.team import IMPORT, Team
from tests.engine.world import BIN, CANARIES, OLD_APP, SUPPORT_ON_WEBHOOK
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vapi_sms.sandbox import RunningSandbox


SALES_ON_WEBHOOK = SUPPORT_ON_WEBHOOK.replace('"Support"', '"Sales"')
SUPPORT_ON_BIN = f'VapiSmsNumber("bin", number="{BIN}", assistant="Support")'


@pytest.fixture(params=["file", "S3"])
def shared(request: pytest.FixtureRequest) -> Iterator[Bucket | None]:
    """Give a bucket, or None where a folder keeps the state."""
    with ExitStack() as opened:
        yield opened.enter_context(bucket()) if request.param == "S3" else None


@pytest.fixture
def team(tmp_path: Path, sandbox: RunningSandbox, shared: Bucket | None) -> Iterator[Team[Stack]]:
    """Give a team; whatever it does, no secret of the vendors is told, or kept in clear."""
    folder = tmp_path / "shared"
    folder.mkdir()
    env = shared.env if shared else {"PULUMI_BACKEND_URL": f"file://{folder}"}
    team = Team(Stack(tmp_path / "mine", sandbox, **env), Stack(tmp_path / "theirs", sandbox, **env))
    for each in (team.mine, team.theirs):
        each.declare(SUPPORT_ON_WEBHOOK)
    yield team

    kept = shared.objects() if shared else {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert kept
    assert [c for c in CANARIES if any(c.encode() in text for text in kept.values())] == []
    assert team.mine.leaked() == team.theirs.leaked() == []


def test_second_engine_on_a_stack_is_locked_out(team: Team[Stack]) -> None:
    """While one `up` is in the middle no other `up` or destroy begins; afterwards both go on, and all comes back."""
    mine, theirs = team.mine, team.theirs
    theirs.declare(SALES_ON_WEBHOOK)
    running = team.start_and_hold()

    team.hold_refused("up")
    team.hold_refused("destroy")

    mine.sandbox.release("go")
    ended = running.wait()
    assert ended.code == 0, ended.text
    assert mine.answers() == "Vapi assistant Support"
    mine.settled()

    theirs.up()
    assert theirs.answers() == "Vapi assistant Sales"
    theirs.settled()
    mine.destroy()
    assert mine.snapshot() == mine.before
    assert mine.answers() == OLD_APP


@pytest.mark.parametrize("shared", ["S3"], indirect=True)
def test_lock_of_a_dead_engine_keeps_others_out_until_it_is_cancelled(team: Team[Stack]) -> None:
    """A killed engine's lock stays; somebody else takes it away, and gives the number back from the shared state."""
    mine, theirs = team.mine, team.theirs
    running = team.start_and_hold()
    running.kill_engine()
    running.wait()
    mine.sandbox.release("go")
    until(lambda: all(entry["done"] for entry in mine.sandbox.journal()))

    team.hold_refused("up")
    theirs.run("cancel", "--yes")
    theirs.destroy()

    assert theirs.snapshot() == theirs.before
    assert theirs.answers() == OLD_APP


def test_two_stacks_with_numbers_of_one_account_at_once(stack: Stack) -> None:
    """Both finish, neither waits for the other; each destroy gives back its own number and leaves the other's."""
    others = Stack(stack.project.folder.with_name("others"), stack.sandbox)
    others.declare(SUPPORT_ON_BIN)
    stack.declare(SUPPORT_ON_WEBHOOK)
    stack.sandbox.fault(**IMPORT, hold="after", count=2)

    running = [stack.project.start("up"), others.project.start("up")]
    until(lambda: len(stack.sandbox.held()) == len(running))
    stack.sandbox.release("go")
    ended = [each.wait() for each in running]

    assert [each.code for each in ended] == [0, 0], [each.text for each in ended]
    assert stack.answers() == others.answers(BIN) == "Vapi assistant Support"
    stack.settled()
    others.settled()
    stack.destroy()
    assert stack.answers() == OLD_APP
    assert others.answers(BIN) == "Vapi assistant Support"
    others.settled()
    others.destroy()
    assert stack.snapshot() == stack.before
