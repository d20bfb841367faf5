"""The sick company's vendors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.doctor.clinic import seed

if TYPE_CHECKING:
    from vapi_sms.sandbox import RunningSandbox


@pytest.fixture
def clinic(sandbox: RunningSandbox) -> RunningSandbox:
    """Serve both vendors with every trouble there is."""
    sandbox.reset(seed())
    sandbox.clear_journal()
    return sandbox
