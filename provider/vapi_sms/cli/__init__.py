"""The command `vapi-sms`: the only room that prints. A short file for each command."""

import signal

__all__ = ["main"]


def main() -> None:
    """Run the command that was typed."""
    # Whoever presses Ctrl-C while all is still being imported wants the end, and no traceback.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from vapi_sms.cli import app

    signal.signal(signal.SIGINT, before)
    app.main()
