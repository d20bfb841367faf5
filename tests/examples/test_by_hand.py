"""The first number on the sandbox: its commands, in a shell where nothing is set, leave both vendors as they were."""

from __future__ import annotations

import os
import re
import secrets
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from vapi_sms.sandbox import RunningSandbox

from tests.examples import readme

# The demo's tests look at the folder that these commands are typed in.
pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.xdist_group("quickstart")]

QUICKSTART = readme.REPOSITORY / "examples/quickstart"


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Run what the first terminal runs, where this test can look inside."""
    with RunningSandbox(QUICKSTART / "sandbox.yaml") as running:
        yield running


@pytest.fixture
def shell(tmp_path: Path, sandbox: RunningSandbox) -> Iterator[dict[str, str]]:
    """Give the environment of a shell in which nobody has activated or set anything.

    Home, state and stack are this test's own, since people may have a stack in this checkout.
    """
    stack = f"test-{secrets.token_hex(4)}"
    yield {
        **{name: os.environ[name] for name in ("HOME", "VAPI_SMS_CACHE") if name in os.environ},
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "SANDBOX_PORT": sandbox.url.rpartition(":")[2],
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "only for tests",
        "STACK": stack,
    }
    for folder in (readme.REPOSITORY, QUICKSTART):
        folder.joinpath(f"Pulumi.{stack}.yaml").unlink(missing_ok=True)


def typed(commands: str, folder: Path, shell: dict[str, str]) -> str:
    """Type commands into a shell; answer yes where pulumi would ask."""
    script = re.sub(r"(pulumi (?:up|destroy))\b", r"\1 --yes --non-interactive", commands)
    ran = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=shell,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def third_terminal() -> str:
    """Give the commands of the third terminal."""
    (commands,) = [block for block in readme.blocks("sh") if "script/pulumi up" in block]
    return commands


def test_commands_in_the_root(shell: dict[str, str], sandbox: RunningSandbox) -> None:
    """Source, up, a text, destroy, as the page has them: the assistant answers, then all is as before."""
    before = sandbox.routing_snapshot()

    look = 'script/vapi-sms preview --html "$PULUMI_HOME/who.html"\nscript/pulumi destroy'
    commands = third_terminal().replace("script/pulumi destroy", look)
    said = typed(f'script/pulumi stack init "$STACK"\n{commands}', readme.REPOSITORY, shell)

    assert '"answered_by": "Vapi assistant Support"' in said
    assert "1 number stays as it is" in said
    assert "Vapi assistant Support" in Path(shell["PULUMI_HOME"], "who.html").read_text()
    assert "instead of Webhook http://127.0.0.1:8788/sms?tenant=***" in said
    assert sandbox.routing_snapshot() == before


def test_commands_in_the_quickstart(shell: dict[str, str], sandbox: RunningSandbox) -> None:
    """In the example's own folder the same works, with the wrapper and with a plain pulumi on PATH."""
    before = sandbox.routing_snapshot()
    plain = 'PATH="$(../../script/bootstrap --engine-dir):$PATH" pulumi destroy'

    said = typed(
        f'source sandbox.env\n../../script/pulumi stack init "$STACK"\n../../script/pulumi up\n{plain}',
        QUICKSTART,
        shell,
    )

    assert "Vapi assistant Support" in said
    assert sandbox.routing_snapshot() == before


def test_commands_of_the_first_two_terminals(shell: dict[str, str]) -> None:
    """Sandbox and old app start as the page says, and tell where they listen."""
    first, second = (block for block in readme.blocks("sh") if ".venv/bin/" in block)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    for commands, option in ((first, f" --port {port}"), (second, " 0")):
        started = subprocess.Popen(
            ["/bin/bash", "-euc", re.sub(r"\n(\.venv.*)\n", rf"\nexec \1{option}\n", commands)],
            cwd=readme.REPOSITORY,
            env=shell,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert started.stdout
        assert "http://127.0.0.1:" in started.stdout.readline()
        started.terminate()
        started.communicate()
