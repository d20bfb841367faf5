"""script/pulumi runs where nothing is installed or activated, and keeps all that it makes in its checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

pytestmark = pytest.mark.engine


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with a project in its root, whose bootstrap has done its work."""
    engine = subprocess.run(
        [REPOSITORY / "script/bootstrap", "--engine-dir"], check=True, capture_output=True, text=True
    ).stdout
    scripts = tmp_path / "script"
    scripts.mkdir()
    shutil.copy(REPOSITORY / "script/pulumi", scripts)
    scripts.joinpath("bootstrap").write_text(f"#!/bin/sh\necho '{engine.strip()}'\n")
    scripts.joinpath("bootstrap").chmod(0o755)
    shutil.copy(REPOSITORY / "Pulumi.yaml", tmp_path)
    tmp_path.joinpath(".venv").symlink_to(sys.prefix)
    tmp_path.joinpath("__main__.py").write_text("import pulumi\npulumi.export('said', 'hello')\n")
    return tmp_path


def pulumi(checkout: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run script/pulumi in a shell that knows nothing."""
    return subprocess.run(
        [checkout / "script/pulumi", *args],
        cwd=checkout,
        env={"PATH": "/usr/bin:/bin", "HOME": os.environ["HOME"], **more},
        check=False,
        capture_output=True,
        text=True,
    )


def test_first_command_makes_the_stack(checkout: Path) -> None:
    """`script/pulumi up` is enough: a stack is there, its state and settings stay in the checkout."""
    went_up = pulumi(checkout, "up", "--yes", "--skip-preview")
    said = pulumi(checkout, "stack", "output", "said")

    assert went_up.returncode == 0, went_up.stderr
    assert said.stdout == "hello\n"
    assert checkout.joinpath(".pulumi-state/.pulumi/stacks/vapi-sms-demo/dev.json").is_file()
    assert checkout.joinpath(".pulumi-home").is_dir()


def test_own_state_is_left_to_its_owner(checkout: Path) -> None:
    """Who names a backend gets no stack made there, and no passphrase of ours."""
    state = checkout / "mine"
    state.mkdir()

    refused = pulumi(checkout, "preview", "--non-interactive", PULUMI_BACKEND_URL=f"file://{state}")

    assert refused.returncode != 0
    assert "no stack selected" in refused.stderr
    assert not checkout.joinpath(".pulumi-state").exists()
