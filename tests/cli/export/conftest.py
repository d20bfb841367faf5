"""The half-way company's vendors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.export.company import seed

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox


@pytest.fixture
def company(sandbox: RunningSandbox) -> RunningSandbox:
    """Serve both vendors of the half-way company."""
    sandbox.reset(seed())
    sandbox.clear_journal()
    return sandbox
