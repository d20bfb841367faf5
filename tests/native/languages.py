"""SDKs of other languages, and the type checkers of these: the languages' own hosts are not to be had here."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import tempfile
import zlib
from pathlib import Path

import pytest

from tests.engine.project import REPOSITORY

CACHE = Path(os.environ.get("VAPI_SMS_CACHE") or Path.home() / ".cache/vapi-sms")
AS_THE_ENGINE = ("-trimpath", "-tags", "osusergo,grpcnotrace", "-gcflags", "all=-dwarf=false")
"""How script/bootstrap builds: what it compiled is not compiled again."""


@functools.cache
def sdks() -> Path:
    """Write both SDKs, once."""
    _needs("go")
    folder = Path(tempfile.mkdtemp(prefix="vapi-sms-sdks-"))
    subprocess.run([REPOSITORY / "script/sdks", folder], check=True)
    return folder


def _needs(*tools: str) -> None:
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not found: nothing checks this program here")


def _libraries(example: Path) -> Path:
    """Give the folder of the npm packages of an example, which pins their versions."""
    _needs("node", "npm")
    wanted = example.joinpath("package.json").read_bytes()
    place = CACHE / "node" / str(zlib.crc32(wanted))
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=place.parent, prefix=".making."))
        making.joinpath("package.json").write_bytes(wanted)
        quietly = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        installed = subprocess.run(
            ["npm", "install", *quietly], cwd=making, capture_output=True, text=True, check=False
        )
        if installed.returncode:
            shutil.rmtree(making)
            pytest.skip(f"npm could not install TypeScript: {installed.stderr.strip().splitlines()[0]}")
        try:
            making.rename(place)
        except OSError:  # somebody was quicker
            shutil.rmtree(making)
    return place / "node_modules"


class TypeScript:
    """A copy of a TypeScript example, with its SDK in node_modules, as `pulumi package add` leaves it."""

    file = "index.ts"

    def __init__(self, example: Path, scratch: Path) -> None:
        self.folder = scratch / example.name
        libraries = _libraries(example)
        shutil.copytree(example, self.folder)
        shutil.copytree(sdks() / "nodejs", self.folder / "node_modules/vapi-sms")
        scratch.joinpath("node_modules").symlink_to(libraries)

    def check(self) -> str:
        """Check the types; give what is wrong."""
        return _told(["../node_modules/.bin/tsc", "--noEmit", "-p", "."], self.folder, {})


class Go:
    """A copy of a Go example, whose go.mod finds the SDK in a folder, and Pulumi's as the engine's module does."""

    file = "main.go"

    def __init__(self, example: Path, scratch: Path) -> None:
        self.folder = scratch / example.name
        sdk = sdks() / "go"
        shutil.copytree(example, self.folder)
        own = self.folder.joinpath("go.mod").read_text()
        theirs = (REPOSITORY / "script/engine/go.mod").read_text()
        (pulumi,) = [line for line in own.splitlines() if line.startswith("require ")]
        assert pulumi.removeprefix("require ") in theirs
        module, _, rest = theirs.partition("\n")
        self.folder.joinpath("go.mod").write_text(
            f"{module}/example\n{rest}\nrequire vapi-sms/sdk/go v0.0.0\nreplace vapi-sms/sdk/go => {sdk}\n"
        )
        shutil.copy(REPOSITORY / "script/engine/go.sum", self.folder)
        # It asks for an earlier SDK of Pulumi's, of which go would fetch the go.mod.
        made = sdk / "go.mod"
        made.write_text(re.sub(r"^require .*\n", "", made.read_text(), flags=re.MULTILINE))

    def check(self) -> str:
        """Check the types, and what vet looks for; give what is wrong."""
        env = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod", "GOGC": "off", "GOMEMLIMIT": "1GiB"}
        return _told(["go", "vet", *AS_THE_ENGINE, "."], self.folder, env)


def _told(command: list[str], folder: Path, env: dict[str, str]) -> str:
    ran = subprocess.run(
        command, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False
    )
    told = ran.stdout + ran.stderr
    assert bool(told) == bool(ran.returncode), told
    return told
