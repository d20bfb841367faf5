"""Files that commands read: whatever is wrong with one is one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from vapi_sms.cli.files import read, refuse_no_folder

from tests.cli.command import complaint


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("no", "No such file or directory"),
        ("", "Is a directory"),
        ("file/x", "Not a directory"),
        ("n" * 300, "File name too long"),
        ("dangling", "No such file or directory"),
        ("loop", "Too many levels of symbolic links"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, place: str, why: str) -> None:
    """With what the system says."""
    tmp_path.joinpath("file").write_text("")
    tmp_path.joinpath("loop").symlink_to("loop")
    tmp_path.joinpath("dangling").symlink_to("nowhere")
    file = str(tmp_path / place)

    assert complaint(lambda: read(file)) == f"cannot read {file}: {why}"


@pytest.mark.parametrize(
    "written",
    [
        b"B\xc3\xbccher",
        b"\xef\xbb\xbfB\xc3\xbccher",
        "Bücher".encode("utf-16"),
        b"\xfe\xff" + "Bücher".encode("utf-16-be"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path: Path, written: bytes) -> None:
    """Editors and shells of Windows write one."""
    file = tmp_path / "x"
    file.write_bytes(written)

    assert read(str(file)) == "Bücher"


def test_what_is_no_text_is_one_line(tmp_path: Path) -> None:
    """In another encoding, or of none."""
    file = tmp_path / "x"
    file.write_bytes("Bücher".encode("latin-1"))

    assert complaint(lambda: read(str(file))) == f"{file} is not UTF-8 text: save it as UTF-8"


def test_a_device_without_an_end_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read until the memory is full."""
    monkeypatch.setattr("vapi_sms.cli.files.MOST", 1 << 20)

    assert complaint(lambda: read("/dev/zero")) == "cannot read /dev/zero: it is larger than 1 MB"
    assert complaint(lambda: refuse_no_folder(tmp_path / "no/x", "the picture")) == (
        f"there is no folder {tmp_path}/no for the picture"
    )
