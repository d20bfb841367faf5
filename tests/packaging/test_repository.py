"""The repository can be installed anywhere: it names no registry's host and no folder of one machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
HOSTS = re.compile(
    r"(files\.)?python" r"hosted\.org|\bpypi\.(org|python\.org)|(proxy|sum)\.go" r"lang\.org"
    r"|registry\.npm" r"js\.org|repo1?\.maven\.(org|apache\.org)|static\.crates\.io|deb\.deb" r"ian\.org"
)  # fmt: skip  # split, so that this file does not name them
FOLDERS = re.compile(r"(?<![\w.}])/(work|root|opt/wheels|tmp)/\w")
ENTRY = re.compile(r"^\S+==.*(?:\n .*)*", flags=re.MULTILINE)


def committed() -> list[Path]:
    """List what git keeps."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, check=True, capture_output=True, text=True
    ).stdout
    return [path for name in listed.split("\0") if name and (path := REPOSITORY / name).is_file()]


def test_lock_names_no_host_and_no_folder() -> None:
    """The lock holds names, versions, markers and hashes, so pip decides where to look."""
    lock = REPOSITORY.joinpath("requirements.lock").read_text()

    assert "://" not in lock
    assert not re.search(r"^-", lock, flags=re.MULTILINE)  # no option: no --find-links, no --index-url
    assert "file:" not in lock
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in ENTRY.findall(lock))


def test_committed_files_name_no_registry_and_no_machine() -> None:
    """Nothing that git keeps points at a package registry's host or into somebody's home."""
    found = [
        f"{path.relative_to(REPOSITORY)}: {match.group()}"
        for path in committed()
        for pattern in (HOSTS, FOLDERS)
        if (match := pattern.search(path.read_text(errors="replace")))
    ]

    assert found == []
