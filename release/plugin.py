"""The plugin: a folder with a launcher and every library, for a machine that has a Python and nothing else of ours.

What is pure Python is there once, compiled parts once a Python version. Nothing is resolved when it starts.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
NAME = "pulumi-resource-vapi-sms"
HERE = "{}.{}".format(*sys.version_info[:2])
PYTHONS = ("3.11", "3.12", "3.13")
_UNUSED = {"debugpy", "typer", "rich"}
"""What no provider process imports: a debugger, and what the command line is made of."""
_LAUNCHER = """#!/bin/sh
# Start the provider with the libraries beside this file. VAPI_SMS_PYTHON names another Python than python3.
here=$0
[ ! -L "$here" ] || here=$(readlink -f "$here")
exec "${VAPI_SMS_PYTHON:-python3}" -I -S "${here%/*}/start.py" "$@"
"""


def archive(wheel: Path, output: Path, pythons: Iterable[str]) -> Path:
    """Build the archive that `pulumi plugin install resource vapi-sms VERSION --file` takes."""
    version = wheel.name.split("-")[1]
    target = output / f"{NAME}-v{version}-{_system()}.tar.gz"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _fill(folder, wheel, pythons)
        with tarfile.open(target, "w:gz", compresslevel=6) as packed:
            for each in sorted(folder.iterdir()):
                packed.add(each, each.name, filter=_nobodys)
    return target


def _system() -> str:
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"{sys.platform}-{arch}"


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _fill(folder: Path, wheel: Path, pythons: Iterable[str]) -> None:
    launcher = folder / NAME
    launcher.write_text(_LAUNCHER)
    launcher.chmod(0o755)
    shutil.copy(REPOSITORY / "release/start.py", folder)
    pure = folder / "lib/any"
    pure.mkdir(parents=True)
    ZipFile(wheel).extractall(pure)  # noqa: S202 it was built a moment ago
    needed = _needed()
    compiled = {name for name in needed if _is_compiled(name)}
    _copy(needed - compiled, pure)
    for python in pythons:
        own = folder / f"lib/cp{python.replace('.', '')}"
        if python == HERE:
            _copy(compiled, own)
        else:
            _fetch(compiled, own, python)
        _compile(folder / "lib", own.name, python)


def _needed() -> set[str]:
    """Name what the package needs at any depth, of what is installed here as it was locked."""
    found: set[str] = set()
    waiting = ["vapi-sms"]
    while waiting:
        for need in map(Requirement, metadata.requires(waiting.pop()) or ()):
            name = canonicalize_name(need.name)
            if name in found or name in _UNUSED or (need.marker and not need.marker.evaluate({"extra": ""})):
                continue
            found.add(name)
            waiting.append(name)
    return found


def _is_compiled(name: str) -> bool:
    """Tell whether a distribution has parts for one Python version, by the tags of its wheel."""
    tags = metadata.distribution(name).read_text("WHEEL") or ""
    return bool(re.search(r"^Tag: cp\d+-cp", tags, re.MULTILINE))


def _copy(names: set[str], target: Path) -> None:
    for name in names:
        for file in metadata.distribution(name).files or ():
            # Commands stand outside, and what Python compiled here has this folder's dates.
            if ".." not in file.parts and "__pycache__" not in file.parts:
                place = target / file
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), place)


def _fetch(names: set[str], target: Path, python: str) -> None:
    """Let pip bring the same versions for another Python, each checked by the hashes of the lock."""
    lock = REPOSITORY.joinpath("requirements.lock").read_text()
    entries = re.findall(r"^\S+==.*(?:\n .*)*", lock, flags=re.MULTILINE)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write("\n".join(each for each in entries if each.partition("==")[0] in names))
        wanted.flush()
        of_it = ["--python-version", python, "--implementation", "cp", "--only-binary", ":all:"]
        subprocess.run(  # noqa: S603 pip, as it is installed here
            [
                *(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"),
                *("--no-deps", "--no-compile", "--require-hashes", *of_it),
                *("--target", str(target), "-r", wanted.name),
            ],
            check=True,
            stdout=sys.stderr,
        )


def _compile(libraries: Path, own: str, python: str) -> None:
    """Compile what is imported, where this Python is at hand; elsewhere the first start takes some seconds more."""
    found = sys.executable if python == HERE else shutil.which(f"python{python}")
    command = ["-I", "-S", str(REPOSITORY / "release/compiling.py"), str(libraries), own]
    if found is None or subprocess.run([found, *command], capture_output=True, check=False).returncode:  # noqa: S603 a Python
        sys.stderr.write(f"release: nothing is compiled for Python {python}, which is not here\n")
