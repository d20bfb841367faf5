"""Stands for Python, and for our commands: has a process forked in place of one that imports for long (nursery.py).

It starts without the site's packages and imports what is built in only: that takes a hundredth of a second.
"""

import _signal  # type: ignore[import-not-found] # no stub has it
import _socket
import os
import sys

# The first Python writes itself, where no locale is set; the last a born process looks at, too.
HARMLESS = {"LC_CTYPE", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
# What the package installs, and the parent that has imported what each needs.
OURS = {"vapi-sms": "command", "pulumi-resource-vapi-sms": "native"}
# For who wants to kill a process that was started, not born.
STARTED = "VAPI_SMS_TESTS_START"


def kind(command: str, arguments: list[str]) -> str:
    """Name the parent that has imported what this needs; nothing for what only Python itself does."""
    read_at_start = any(name.startswith(("PYTHON", "LC_")) for name in os.environ.keys() - HARMLESS)
    if read_at_start or STARTED in os.environ:
        return ""
    if command in OURS:
        return OURS[command]
    match arguments:
        case ["-u", "-m", "pulumi.dynamic", _]:
            return "provider"
        case ["-m", "pip", "--version"]:
            return "pip"
        case [program, *_] if program.endswith("/pulumi-language-python-exec"):
            return "program"
    return ""


def started(command: str, arguments: list[str]) -> None:
    """Become the command itself, as it is installed."""
    folder, _, _ = sys.executable.rpartition("/")
    path = f"{folder}/{command}" if command in OURS else sys.executable
    os.execv(path, [path, *arguments])  # noqa: S606 that is the point


def ask(parent: str, arguments: list[str]) -> _socket.socket:
    """Order a process, with our own folder, environment and descriptors."""
    asked = _socket.socket(_socket.AF_UNIX)
    asked.connect(parent)
    umask = os.umask(0)
    order = repr((os.getcwdb(), umask, arguments, dict(os.environb))).encode()  # noqa: PTH109 pathlib is not built in
    order = b"%d\n%s" % (len(order), order)
    descriptors = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    sent = asked.sendmsg([order], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptors)])
    while order := order[sent:]:
        sent = asked.send(order)
    return asked


def pass_on(child: int, number: int) -> None:
    """Let a child have a signal that we are sent; one that has just ended needs none."""
    try:  # noqa: SIM105 contextlib is not built in
        os.kill(child, number)
    except ProcessLookupError:
        pass


def told(asked: _socket.socket) -> int:
    """Wait for the number that comes next: the child's, then how it ended."""
    line = b""
    while not line.endswith(b"\n"):
        read = asked.recv(1)
        if not read:
            sys.exit("the nursery is gone")
        line += read
    return int(line)


def main() -> None:
    """Be Python, for all that the engine sees."""
    arguments, passed_on = sys.argv[1:], (_signal.SIGINT, _signal.SIGTERM)
    _, _, command = sys.argv[0].rpartition("/")
    asked_for = kind(command, arguments)
    if not asked_for:
        started(command, arguments)
    _signal.pthread_sigmask(_signal.SIG_BLOCK, passed_on)
    asked = ask(f"{sys.argv[0]}-{asked_for}", arguments)
    child = told(asked)
    for number in passed_on:
        _signal.signal(number, lambda number, _: pass_on(child, number))
    _signal.pthread_sigmask(_signal.SIG_UNBLOCK, passed_on)
    code = told(asked)
    if code < 0:
        _signal.signal(-code, _signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if __name__ == "__main__":
    main()
