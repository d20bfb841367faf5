"""The plugin of script/release: on a machine with a Python and nothing else of ours, by each way that Pulumi has."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.engine.project import REPOSITORY
from tests.engine.world import WEBHOOK
from tests.native.stack import YamlStack, block

# One worker: it is built once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("plugin")]

HERE = "{}.{}".format(*sys.version_info[:2])
NAME = "pulumi-resource-vapi-sms"
SHOWN = "Vapi assistant Support, instead of Webhook"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it for the Python that runs this, so that nothing is fetched."""
    folder = tmp_path_factory.mktemp("release")
    subprocess.run([REPOSITORY / "script/release", "--output", folder, "--python", HERE], check=True)
    (built,) = folder.glob(f"{NAME}-v*.tar.gz")
    return built


@pytest.fixture(scope="module")
def unpacked(archive: Path) -> Path:
    """Unpack it beside itself."""
    folder = archive.parent / "unpacked"
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.fixture
def bare(stack: YamlStack, tmp_path: Path) -> YamlStack:
    """Give a stack on a machine that has a Python without packages, and no plugin."""
    commands = tmp_path / "commands"
    commands.mkdir()
    commands.joinpath("python3").symlink_to(Path(sys.executable).resolve())
    stack.env["PATH"] = f"{commands}:{stack.env['PATH']}"
    stack.env["PULUMI_HOME"] = str(tmp_path / "home")
    return stack


def declared(stack: YamlStack, **beside: object) -> None:
    """Write one block, in a program that names no plugin, or as said."""
    stack.program({"support": block(number=WEBHOOK, assistant="Support")}, **{"plugins": {}, **beside})


def test_it_is_installed_from_its_archive_and_found_by_its_name(bare: YamlStack, archive: Path) -> None:
    """`pulumi plugin install` once; then programs need to name nothing, and all goes back."""
    version = archive.name.removeprefix(f"{NAME}-v").split("-")[0]
    bare.run("plugin", "install", "resource", "vapi-sms", version, "--file", str(archive))

    declared(bare)
    assert SHOWN in bare.preview()
    bare.up()
    assert bare.answers(WEBHOOK) == "Vapi assistant Support"
    bare.destroy()
    assert bare.snapshot() == bare.before


def test_it_is_found_where_the_program_says(bare: YamlStack, unpacked: Path) -> None:
    """An unpacked archive is as good as an installed one."""
    declared(bare, plugins={"providers": [{"name": "vapi-sms", "path": str(unpacked)}]})

    assert SHOWN in bare.preview()


def test_a_checkout_has_it_in_a_folder_which_a_git_address_names(bare: YamlStack, tmp_path: Path) -> None:
    """As Pulumi starts it there once it has made the environment, `venv`; the folder need hold nothing else."""
    folder = tmp_path / "provider"
    folder.mkdir()
    for brought in (REPOSITORY / "provider").iterdir():
        if brought.name != "venv":  # where Pulumi was let make one
            folder.joinpath(brought.name).symlink_to(brought)
    folder.joinpath("venv").symlink_to(sys.prefix)
    declared(bare, plugins={"providers": [{"name": "vapi-sms", "path": str(folder)}]})

    assert SHOWN in bare.preview()
    bare.up()
    assert bare.answers(WEBHOOK) == "Vapi assistant Support"
    bare.destroy()
    assert bare.snapshot() == bare.before


def test_it_is_found_on_path_which_pulumi_warns_of(bare: YamlStack, unpacked: Path, tmp_path: Path) -> None:
    """Through a link, too."""
    tmp_path.joinpath("commands", NAME).symlink_to(unpacked / NAME)
    declared(bare)

    shown = bare.preview()

    assert SHOWN in shown
    assert f"warning: using {NAME} from $PATH" in shown


def test_a_python_that_it_is_not_for_is_told_in_one_line(unpacked: Path, tmp_path: Path) -> None:
    """With what to install, or to set."""
    for name in (NAME, "start.py"):
        shutil.copy(unpacked / name, tmp_path)
    tmp_path.joinpath("lib/cp399").mkdir(parents=True)

    ran = subprocess.run(
        [tmp_path / NAME, "127.0.0.1:1"],
        env={"PATH": "/usr/bin:/bin", "VAPI_SMS_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert ran.stderr == (
        f"{NAME}: no Python 3.99 on PATH, and python3 is {HERE}: install one, or let VAPI_SMS_PYTHON name it\n"
    )


def test_it_brings_what_a_provider_process_imports_and_nothing_for_the_command(unpacked: Path) -> None:
    """Compiled for its Python before anybody starts it."""
    pure = unpacked / "lib/any"

    assert list(pure.glob("vapi_sms/resources/native/__pycache__/serving.*.pyc"))
    assert list(pure.glob("vapi_sms-*.dist-info/METADATA"))
    assert not [name for name in ("typer", "rich", "pytest", "starlette") if (pure / name).exists()]
