"""Opens a page in somebody's browser, where there is one with windows."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser

_WITH_WINDOWS = ("darwin", "win32")
_IN_TERMINALS = ("www-browser", "links", "links2", "elinks", "lynx", "w3m", "browsh")


def open_page(url: str) -> bool:
    """Open an address, and tell whether there is a browser for it; one that runs in this very terminal is none."""
    has_windows = (
        sys.platform in _WITH_WINDOWS or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if not (has_windows or os.environ.get("BROWSER")):
        return False
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return False
    if getattr(found, "basename", "") in _IN_TERMINALS:
        return False
    # It may ask the page, and wait for it: the server must not wait for that in turn.
    threading.Thread(target=found.open, args=(url,), daemon=True).start()
    return True
