"""The stage: the sandbox, the old app and the engine, each on a free port or in a folder that goes away."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vapi_sms.cli.demo.engine import STACK, Engine
from vapi_sms.cli.trouble import CannotGoOn
from vapi_sms.sandbox import RunningSandbox, SeedError
from vapi_sms.sandbox.control.seed import load

OLD_APP = "http://127.0.0.1:8788"  # where the seed expects the old app


@dataclass(frozen=True, slots=True)
class Stage:
    """All that plays."""

    sandbox: RunningSandbox
    engine: Engine
    old_app: str
    program: str
    in_waves: str
    credentials: dict[str, str]


@contextlib.contextmanager
def staged(project: Path) -> Iterator[Stage]:
    """Start everything, and leave nothing behind."""
    credentials = _credentials(project)
    with contextlib.ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="vapi-sms-demo-")))
        old_app = running.enter_context(_old_app(project, credentials["TWILIO_AUTH_TOKEN"]))
        sandbox = running.enter_context(RunningSandbox(_placed(project, old_app, folder)))
        addresses = {"TWILIO_BASE_URL": sandbox.url, "VAPI_BASE_URL": sandbox.url}
        shutil.copy(project / "__main__.py", folder)
        engine = Engine(folder, credentials | addresses)
        made = engine.run("stack", "init", STACK)
        if made.code:
            raise CannotGoOn(f"pulumi could not make a stack: {' '.join(made.said.split())}")
        yield Stage(
            sandbox,
            engine,
            old_app,
            program=project.joinpath("__main__.py").read_text(encoding="utf-8"),
            in_waves=project.joinpath("in_waves.py").read_text(encoding="utf-8"),
            credentials=credentials,
        )


def _credentials(project: Path) -> dict[str, str]:
    """Give those of the seed's first account and org."""
    try:
        seed = load(project / "sandbox.yaml")
    except SeedError as wrong:
        raise CannotGoOn(str(wrong)) from None
    account, org = seed.twilio.accounts[0], seed.vapi.orgs[0]
    return {
        "TWILIO_ACCOUNT_SID": account.sid,
        "TWILIO_AUTH_TOKEN": account.auth_token,
        "VAPI_API_KEY": org.api_key,
    }


def _placed(project: Path, old_app: str, folder: Path) -> Path:
    """Give the seed with the old app where it runs now."""
    text = project.joinpath("sandbox.yaml").read_text(encoding="utf-8")
    placed = folder / "sandbox.yaml"
    placed.write_text(text.replace(OLD_APP, old_app), encoding="utf-8")
    return placed


@contextlib.contextmanager
def _old_app(project: Path, token: str) -> Iterator[str]:
    """Run the old app as a process of its own; give its address."""
    with subprocess.Popen(  # noqa: S603 the example's own file
        [sys.executable, str(project / "old_app.py"), "0"],
        env={**os.environ, "TWILIO_AUTH_TOKEN": token},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        # Ctrl-C is for the story; what it started is ended below.
        start_new_session=True,
    ) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            if "http://" not in said:
                raise CannotGoOn(f"the old app did not start: {_last_line(process)}")
            yield said[said.index("http://") :].strip()
        finally:
            process.terminate()


def _last_line(process: subprocess.Popen[str]) -> str:
    lines = process.stderr.read().splitlines() if process.stderr else []
    return lines[-1] if lines else "it said nothing"
