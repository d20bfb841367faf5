"""The provider process imports what it needs to ask, and no terminal's libraries."""

from __future__ import annotations

import subprocess
import sys


def test_the_clients_bring_no_command_line_along() -> None:
    """Of the three that are installed only httpx is there."""
    program = (
        "import sys; import rich, click; before = set(sys.modules); "
        "[sys.modules.pop(name) for name in before if name.partition('.')[0] in ('rich', 'click')]; "
        "import vapi_sms.live.vendors, httpx; httpx.Client().close(); "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'rich', 'click', 'httpx'}))"
    )

    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert told.stdout.strip() == "['httpx']"
