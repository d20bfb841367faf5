"""The company that backups are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.world import seed

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox


@pytest.fixture
def company(sandbox: RunningSandbox) -> RunningSandbox:
    """Serve both vendors with a number of every kind."""
    sandbox.reset(seed())
    sandbox.clear_journal()
    return sandbox
