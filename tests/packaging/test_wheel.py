"""People can install the package: the wheel holds what it must, and works in a venv that has nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.cli import pages
from tests.cli.review.record import PREVIEWS

REPOSITORY = Path(__file__).parents[2]
DISTRIBUTION = "vapi-sms"


def pip(*args: str | Path) -> None:
    """Run this environment's pip."""
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *args], cwd=REPOSITORY, check=True)


def locked(extra: str) -> set[str]:
    """Name what the package needs with this extra, at any depth."""
    needed: set[str] = set()
    waiting = [(DISTRIBUTION, extra)]
    while waiting:
        name, wanted = waiting.pop()
        for need in map(Requirement, metadata.requires(name) or ()):
            if need.marker and not need.marker.evaluate({"extra": wanted}):
                continue
            if (found := canonicalize_name(need.name)) not in needed:
                needed.add(found)
                waiting += [(found, more) for more in {"", *need.extras}]
    return needed


def excerpt(lock: str, names: set[str]) -> str:
    """Keep the lock's entries of these names, with their hashes."""
    entries = re.findall(r"^\S+==.*(?:\n .*)*", lock, flags=re.MULTILINE)
    return "\n".join(entry for entry in entries if entry.partition("==")[0] in names)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the locked build backend."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", folder, ".")
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, as `pip install vapi-sms` does, into an empty venv, all else hash-checked from the lock."""
    folder = tmp_path_factory.mktemp("user")
    requirements = folder / "requirements.txt"
    requirements.write_text(excerpt(REPOSITORY.joinpath("requirements.lock").read_text(), locked("")))
    venv.create(folder / "venv")
    into = ("--python", folder / "venv/bin/python", "install", "--no-compile", "--no-deps")
    pip(*into, "--require-hashes", "-r", requirements)
    pip(*into, wheel)
    return folder / "venv/bin"


def test_wheel_holds_types_and_license(wheel: Path) -> None:
    """The wheel is typed, licensed, and brings nothing but the package."""
    names = ZipFile(wheel).namelist()

    assert "vapi_sms/py.typed" in names
    assert any(re.fullmatch(r"vapi_sms-[^/]+\.dist-info/licenses/LICENSE", name) for name in names)
    assert {re.split(r"[/-]", name)[0] for name in names} == {"vapi_sms"}
    package = REPOSITORY / "provider/vapi_sms"
    files = {path.relative_to(package.parent).as_posix() for path in package.rglob("*") if path.is_file()}
    assert {name for name in files if not name.endswith((".py", ".pyc"))} <= set(names)


@pytest.mark.slow
def test_wheel_works_in_an_empty_venv(installed: Path) -> None:
    """The package imports, the dependencies agree with each other, and the command answers."""
    subprocess.run([installed / "python", "-I", "-c", "import vapi_sms"], check=True)
    pip("--python", installed / "python", "check")

    helped = subprocess.run([installed / "vapi-sms", "--help"], check=True, capture_output=True, text=True)

    assert "Usage: vapi-sms" in helped.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("args", "code", "line"),
    [
        (("schema",), 0, ""),
        (("comment",), 1, "vapi-sms: stdin is not JSON (line 1: Expecting value): "),
        (("doctor",), 2, "vapi-sms: "),
        (("sandbox",), 1, "vapi-sms: the sandbox is not installed: pip install 'vapi-sms[sandbox]'\n"),
        (
            ("backup", "--account", "--output", "kept.json"),
            2,
            "vapi-sms: a passphrase needs a library that is not installed: pip install 'vapi-sms[backup]'\n",
        ),
    ],
)
def test_the_command_works_or_says_what_to_install(
    installed: Path, args: tuple[str, ...], code: int, line: str
) -> None:
    """After `pip install vapi-sms`, without an extra: never a traceback about a module that is missing."""
    ran = subprocess.run(
        [installed / "vapi-sms", *args], env={}, input="", capture_output=True, text=True, check=False
    )

    assert ran.returncode == code, ran.stderr
    assert ran.stderr.startswith(line)
    assert "Traceback" not in ran.stderr


@pytest.mark.slow
def test_a_page_is_drawn_without_an_extra(installed: Path, tmp_path: Path) -> None:
    """Its style and its script come with the wheel."""
    file = tmp_path / "page.html"

    subprocess.run(
        [installed / "vapi-sms", "comment", PREVIEWS / "mixed.json", "--html", file], env={}, check=True
    )

    page = pages.read(file)
    page.assert_alone()
    assert page.numbers


def test_extras_keep_a_programs_venv_small() -> None:
    """Who only writes a program pays for the command in megabytes, and for sealing and the sandbox nothing."""
    plain = locked("")

    assert not plain & {"cryptography", "starlette", "uvicorn", "pytest"}
    assert locked("backup") - plain >= {"cryptography"}
    assert locked("sandbox") - plain >= {"starlette", "uvicorn"}
    of_the_command = {"typer", "rich", "pygments", "markdown-it-py", "mdurl", "shellingham", "annotated-doc"}
    assert megabytes(plain & of_the_command) < 8
    assert megabytes(plain) < 130


def megabytes(names: set[str]) -> float:
    """Measure what distributions take on disk, without what Python compiles of them."""
    files = [file for name in names for file in metadata.files(name) or () if file.suffix != ".pyc"]
    there = [path for file in files if (path := Path(str(file.locate()))).exists()]
    return sum(path.stat().st_size for path in there) / 1e6


def test_import_is_light() -> None:
    """A program that imports the package does not load the vendors' libraries."""
    heavy = {"twilio", "httpx", "phonenumbers", "starlette", "typer", "rich"}
    code = "import sys, vapi_sms; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)

    assert not heavy & set(loaded.stdout.split())
