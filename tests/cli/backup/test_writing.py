"""Writing a backup: whole or not at all, and over nobody's file."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest
from vapi_sms.cli.backup.writing import write
from vapi_sms.cli.doctor.reaching import NothingToTell

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_came_meanwhile_stays(tmp_path: Path) -> None:
    """Somebody was quicker: theirs is kept, and told."""
    file = tmp_path / "x.json"
    file.write_text("theirs")

    with pytest.raises(NothingToTell, match="is there already: name another file"):
        write(file, "ours", force=False)

    assert file.read_text() == "theirs"


@pytest.mark.parametrize(("force", "left"), [(False, []), (True, ["x.json"])])
def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, force: bool, left: list[str]
) -> None:
    """The file is not there, or as it was; and nothing beside it."""
    file = tmp_path / "x.json"
    if force:
        file.write_text("before")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NothingToTell, match=r"cannot write .*: No space left on device"):
        write(file, "ours", force=force)

    assert [path.name for path in tmp_path.iterdir()] == left
    assert not force or file.read_text() == "before"


def test_a_file_is_its_owners(tmp_path: Path) -> None:
    """Whatever the umask, nobody else may read it; nor a file whose place it takes."""
    file = tmp_path / "x.json"
    before = os.umask(0)
    try:
        write(file, "ours", force=False)
        first = stat.S_IMODE(file.stat().st_mode)
        file.chmod(0o644)
        write(file, "ours again", force=True)
    finally:
        os.umask(before)

    assert (first, stat.S_IMODE(file.stat().st_mode)) == (0o600, 0o600)
    assert file.read_text() == "ours again"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    """One line, as for any trouble."""
    tmp_path.joinpath("x").write_text("")

    with pytest.raises(NothingToTell, match=r"cannot write .*: Not a directory"):
        write(tmp_path / "x" / "y", "", force=False)
