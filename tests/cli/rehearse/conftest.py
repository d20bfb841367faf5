"""The company that has a number to spare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.restore.conftest import company

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vapi_sms.sandbox import RunningSandbox

    from tests.specs import Checker

__all__ = ["company"]


@pytest.fixture(autouse=True)
def _asks_what_the_specification_does_not_say(sandbox: RunningSandbox, checker: Checker) -> Iterator[None]:
    """Let one thing be sent that Vapi's specification has not, and nothing else of ours sends: null for a name."""
    yield

    assert sandbox.url
    checker.complaints[:] = [
        each for each in checker.complaints if not each.endswith("the body.name is null")
    ]
