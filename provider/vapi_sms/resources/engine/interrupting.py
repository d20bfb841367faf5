"""After a refusal Pulumi interrupts the program: then it ends without a word, since all has been said.

Pulumi's language host interrupts a program (SIGINT) once the engine wants no more of it, and Python shows each of them
as a traceback: 26 lines above the one that matters. The program cannot see why it is interrupted, but our provider, a
process of the same engine, knows what it refused. So the program lays a note that is found by the engine's address, and
the provider writes into it. Any other interrupt, a person's ^C above all, is as ever.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import FrameType

_EXECUTOR = "pulumi-language-python-exec"
# By it the executor tells the language host that people have been told all there is to say.
_SAID_ALREADY = 32
# What unwinding may take; after that threads that still wait for the engine are not waited for.
_PATIENCE = 0.2  # seconds
_LONG_AGO = 24 * 60 * 60.0
_OWN_EYES = 0o600
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


def end_quietly() -> None:
    """Let an interrupt after a refusal of ours end this program without a traceback.

    Only of a program that Pulumi's executor runs, and that handles no interrupts itself.
    """
    engine = _engine_of(sys.orig_argv)
    if engine is None or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    note = _note(engine)
    try:
        note.unlink(missing_ok=True)  # of a program that was killed, whose engine had the same port
        os.close(os.open(note, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _NO_LINKS, _OWN_EYES))
    except OSError:
        return  # as ever, then
    _sweep()
    atexit.register(_forget, note)
    signal.signal(signal.SIGINT, _Ending(note))


def note_refusal(engine: str | None) -> None:
    """Tell the program of this engine that its provider refused something, if there is one that asks."""
    if engine is not None:
        with contextlib.suppress(OSError):
            note = os.open(_note(engine), os.O_WRONLY | _NO_LINKS)
            with os.fdopen(note, "w", encoding="ascii") as file:
                file.write("refused\n")


class _Ending:
    """What an interrupt does."""

    def __init__(self, note: Path) -> None:
        self._note = note
        self._is_ending = False
        self._is_tidying = threading.Event()

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._is_ending:
            return  # the language host interrupts, and so does the engine
        if not _says_something(self._note):
            signal.default_int_handler(number, frame)
        self._is_ending = True  # and no other handler: Python complains of one that is taken away in between
        atexit.register(self._is_tidying.set)  # the last one in is the first one out
        threading.Thread(target=self._leave, daemon=True).start()
        raise SystemExit(_SAID_ALREADY)

    def _leave(self) -> None:
        """End this process, although the executor would wait for calls that the engine no longer answers."""
        if self._is_tidying.wait(_PATIENCE):
            return
        atexit._run_exitfuncs()  # noqa: SLF001 what the program left for its end; os._exit would skip it
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(_SAID_ALREADY)


def _engine_of(command: list[str]) -> str | None:
    """Give the address of the engine whose program this process runs, from the executor's own command line."""
    executor = next((at for at, word in enumerate(command) if Path(word).name == _EXECUTOR), None)
    if executor is None or "--engine" not in command[executor:-1]:
        return None
    return command[command.index("--engine", executor) + 1]


def _note(engine: str) -> Path:
    return Path(tempfile.gettempdir(), f"vapi-sms-refused-{engine.rpartition(':')[2]}")


def _sweep() -> None:
    """Remove what programs left that were killed long ago."""
    for note in _note("*").parent.glob(_note("*").name):
        with contextlib.suppress(OSError):
            if time.time() - note.lstat().st_mtime > _LONG_AGO:
                note.unlink()


def _says_something(note: Path) -> bool:
    try:
        return note.stat().st_size > 0
    except OSError:
        return False


def _forget(note: Path) -> None:
    with contextlib.suppress(OSError):
        note.unlink(missing_ok=True)
