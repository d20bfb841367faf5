"""`vapi-sms sandbox` serves a seed until it is interrupted."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.command import COMMAND, QUICKSTART, vapi_sms


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve the quickstart's seed on a free port; give the process and its address."""
    command: list[str | Path] = [COMMAND, "sandbox", "--seed", QUICKSTART / "sandbox.yaml", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, said
        yield process, found[0]
        process.kill()


def test_sandbox_serves_both_vendors_until_interrupted(served: tuple[subprocess.Popen[str], str]) -> None:
    """It says its address, answers as Vapi does, and Ctrl-C ends it without a word of complaint."""
    process, url = served

    listed = httpx.get(
        f"{url}/assistant", headers={"Authorization": "Bearer sandbox-vapi-key"}, trust_env=False
    )
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)

    assert {assistant["name"] for assistant in listed.json()} == {"Support", "Sales"}
    assert (process.returncode, rest) == (0, "")


def test_another_name_is_taken_and_told() -> None:
    """In a network of containers it is called by a name that is not loopback's."""
    command: list[str | Path] = [COMMAND, "sandbox", "--seed", QUICKSTART / "sandbox.yaml"]
    command += ["--port", "0", "--host-name", "sandbox.test"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url, names = process.stdout.readline().split()[-4], process.stdout.readline()
        called = [
            httpx.get(f"{url}/_sandbox/state", headers={"host": host}, trust_env=False).status_code
            for host in ("sandbox.test:8787", "elsewhere.test")
        ]
        process.kill()

    expected = "sandbox: requests are taken for these hosts: 127.0.0.1, localhost, ::1, sandbox.test\n"
    assert (names, called) == (expected, [200, 403])


def test_taken_port_is_told() -> None:
    """A port that somebody else holds is one line, not a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        failed = vapi_sms("sandbox", "--seed", QUICKSTART / "sandbox.yaml", "--port", str(port))

    assert failed.returncode == 1
    assert failed.stderr == f"vapi-sms: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_wrong_seed_is_told(tmp_path: Path) -> None:
    """A seed with a key that nobody knows is refused, with the key's name."""
    seed = tmp_path / "seed.yaml"
    seed.write_text("twilio: {acounts: []}\n")

    failed = vapi_sms("sandbox", "--seed", seed)

    assert failed.returncode == 1
    assert "twilio.acounts" in failed.stderr
