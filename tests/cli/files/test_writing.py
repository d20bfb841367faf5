"""Files that commands write: whatever stands in the way is one line, and nothing is lost."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from vapi_sms.cli.files import refuse_existing, write_new, write_over, write_private

from tests.cli.command import complaint

Write = Callable[[Path, str], None]
WRITERS: dict[str, Write] = {"new": write_new, "over": write_over, "private": write_private}
ALL = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
OVERWRITES = pytest.mark.parametrize("write", [write_over, write_private], ids=["over", "private"])


@ALL
def test_a_file_is_written_whole(tmp_path: Path, write: Write) -> None:
    """As UTF-8, with line feeds as they are."""
    file = tmp_path / "x"

    write(file, "Bücher \u202e\r\n")

    assert file.read_bytes() == "Bücher \u202e\r\n".encode()


def test_who_may_read_a_file(tmp_path: Path) -> None:
    """A private one its owner; a public one whom the umask lets; one that was there whom it let."""
    new, over, kept, private = (tmp_path / name for name in ("new", "over", "kept", "private"))
    kept.write_text("before")
    kept.chmod(0o640)
    private.write_text("before")
    private.chmod(0o644)
    before = os.umask(0o027)
    try:
        write_new(new, "x")
        write_over(over, "x")
        write_over(kept, "x")
        write_private(private, "x")
        write_new(tmp_path / "own", "x", is_private=True)
    finally:
        os.umask(before)

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {"new": 0o640, "over": 0o640, "kept": 0o640, "private": 0o600, "own": 0o600}


@ALL
def test_a_folder_is_no_file(tmp_path: Path, write: Write) -> None:
    """Named as what it is; nothing in it is touched."""
    told = complaint(lambda: write(tmp_path, "x"))

    assert told in (
        f"{tmp_path} is there already: name another file, or move it away",
        f"cannot write {tmp_path}: Is a directory",
        f"cannot write {tmp_path}: it is a folder, a pipe or a device",
    )


@ALL
@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("no/x", "No such file or directory"),
        ("file/x", "Not a directory"),
        ("n" * 300, "File name too long"),
        ("loop/x", "Too many levels of symbolic links"),
    ],
)
def test_a_place_where_nothing_can_be_is_one_line(tmp_path: Path, write: Write, place: str, why: str) -> None:
    """With what the system says."""
    tmp_path.joinpath("file").write_text("")
    tmp_path.joinpath("loop").symlink_to("loop")
    file = tmp_path / place

    assert complaint(lambda: write(file, "x")) == f"cannot write {file}: {why}"


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="only there may nobody write, root included")
@ALL
def test_a_folder_that_nobody_may_write_to_is_one_line(write: Write) -> None:
    """Root may nearly everywhere else."""
    told = complaint(lambda: write(Path("/sys/vapi-sms-test"), "x"))

    assert told.startswith("cannot write /sys/vapi-sms-test: ")


@pytest.mark.parametrize("target", ["nowhere", "link"], ids=["dangling", "circular"])
def test_a_link_to_nothing_is_something(tmp_path: Path, target: str) -> None:
    """A new file does not take its place, nor is it followed; a private one takes the link's own place."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / target)

    assert complaint(lambda: write_new(link, "x")) == (
        f"{link} is there already: name another file, or move it away"
    )
    assert complaint(lambda: refuse_existing(link)).startswith(f"{link} is there already")
    write_private(link, "x")
    assert not link.is_symlink()
    assert not tmp_path.joinpath("nowhere").exists()


def test_a_link_is_followed_where_what_is_written_is_public(tmp_path: Path) -> None:
    """To a file that stays where it is, and to one that is not there yet; a circle is told."""
    (tmp_path / "folder").mkdir()
    for name, target in (("one", "folder/there"), ("two", "folder/new"), ("circle", "circle")):
        (tmp_path / name).symlink_to(target)
    (tmp_path / "folder/there").write_text("before")

    write_over(tmp_path / "one", "x")
    write_over(tmp_path / "two", "y")

    assert (tmp_path / "one").is_symlink()
    assert ((tmp_path / "folder/there").read_text(), (tmp_path / "folder/new").read_text()) == ("x", "y")
    assert complaint(lambda: write_over(tmp_path / "circle", "x")) == (
        f"cannot write {tmp_path}/circle: Too many levels of symbolic links"
    )


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    """As `--output >(...)` of a shell; a secret is not handed to whoever reads there."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        write_over(pipe, "x")
        out, _ = reader.communicate(timeout=10)

    assert out == b"x"
    assert complaint(lambda: write_private(pipe, "x")) == (
        f"cannot write {pipe}: it is a folder, a pipe or a device"
    )
    assert complaint(lambda: write_new(pipe, "x")).startswith(f"{pipe} is there already")
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_device_without_room_is_one_line() -> None:
    """A full disk, as Linux plays it."""
    assert complaint(lambda: write_over(Path("/dev/full"), "x")) == (
        "cannot write /dev/full: No space left on device"
    )


@ALL
def test_a_disk_that_gets_full_leaves_things_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    """What was there is whole, what was not is not; and nothing stays beside it."""
    file = tmp_path / "x"
    if write is not write_new:
        file.write_text("before")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    assert complaint(lambda: write(file, "x" * 100)) == f"cannot write {file}: No space left on device"
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == (
        [] if write is write_new else [("x", "before")]
    )


@OVERWRITES
def test_a_limit_that_is_met_halfway_leaves_things_as_they_were(tmp_path: Path, write: Write) -> None:
    """The real thing: a process that may write so many bytes and no more."""
    file = tmp_path / "x"
    file.write_text("before")
    code = (
        "import sys; from pathlib import Path; from vapi_sms.cli import files, trouble\n"
        f"try: files.{write.__name__}(Path(sys.argv[1]), 'x' * 100_000)\n"
        "except trouble.CannotGoOn as told: print(told)"
    )

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    ran = subprocess.run(
        [sys.executable, "-c", code, file], capture_output=True, text=True, check=True, preexec_fn=limited
    )

    assert ran.stdout == f"cannot write {file}: File too large\n"
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("x", "before")]


def test_a_file_that_came_meanwhile_stays(tmp_path: Path) -> None:
    """Somebody was quicker: theirs is kept, and told."""
    file = tmp_path / "x.json"
    file.write_text("theirs")

    assert complaint(lambda: write_new(file, "ours")).startswith(
        f"{file} is there already: name another file"
    )
    assert file.read_text() == "theirs"
