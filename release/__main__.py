"""Build what a release consists of: the wheel, and the plugin for people without Python in their repository."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from release.plugin import HERE, PYTHONS, archive

REPOSITORY = Path(__file__).parents[1]


def main(arguments: list[str]) -> None:
    """Build both, and print where they are."""
    asked = _parser().parse_args(arguments)
    asked.output.mkdir(parents=True, exist_ok=True)
    wheel = _wheel(asked.output)
    print(wheel)  # noqa: T201 what was asked for
    if not asked.wheel_only:
        print(archive(wheel, asked.output, asked.python or PYTHONS))  # noqa: T201 likewise


def _wheel(folder: Path) -> Path:
    # With the locked build backend, and none of what pip says on the way.
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "wheel"]
    built = ["--no-build-isolation", "--no-deps", "--wheel-dir", str(folder), str(REPOSITORY)]
    subprocess.run([*command, *built], check=True, stdout=sys.stderr)  # noqa: S603 pip, as it is installed here
    return max(folder.glob("vapi_sms-*.whl"), key=lambda each: each.stat().st_mtime)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("script/release", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("dist"), help="the folder; by default dist")
    parser.add_argument("--wheel-only", action="store_true", help="no plugin")
    parser.add_argument(
        "--python",
        action="append",
        metavar="X.Y",
        help=f"a Python that the plugin runs on (repeatable); by default {', '.join(PYTHONS)}. What {HERE} needs is "
        "copied from .venv; pip fetches the compiled parts for others",
    )
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
