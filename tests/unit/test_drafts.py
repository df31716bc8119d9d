"""Files that replace their target when they are whole."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from reader.support.draft import Draft


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One in which nothing else is."""
    made = tmp_path / "folder"
    made.mkdir()
    return made


def write_whole(path: Path, data: str, mode: int = 0o666) -> None:
    with Draft(path, mode=mode) as draft:
        draft.file.write(data.encode())
        draft.keep()


def test_a_file_is_there_when_it_is_whole(folder: Path) -> None:
    path = folder / "a.txt"
    with Draft(path) as draft:
        draft.file.write(b"new")
        assert not path.exists()
        draft.keep()
    assert path.read_bytes() == b"new"
    assert os.listdir(folder) == ["a.txt"]


def test_what_is_not_kept_leaves_the_old_file_and_nothing_else(folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"old")

    def fail() -> None:
        with Draft(path) as draft:
            draft.file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"old"
    assert os.listdir(folder) == ["a.txt"]


def test_a_full_disk_leaves_the_old_file_and_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"old")

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "new")
    assert path.read_bytes() == b"old"
    assert os.listdir(folder) == ["a.txt"]


def test_the_mode_stays_and_a_new_file_is_as_open_makes_it(folder: Path) -> None:
    old, new = folder / "old", folder / "new"
    old.write_bytes(b"")
    old.chmod(0o640)
    mask = os.umask(0o027)
    try:
        write_whole(old, "a")
        write_whole(new, "a")
        write_whole(folder / "own", "a", mode=0o600)
    finally:
        os.umask(mask)
    assert [stat.S_IMODE((folder / name).stat().st_mode) for name in ("old", "new", "own")] == [0o640, 0o640, 0o600]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"")
    os.chown(path, 12345, 12345)
    write_whole(path, "a")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12345)


def test_a_link_is_followed(folder: Path) -> None:
    (folder / "there").mkdir()
    target, link = folder / "there" / "a.txt", folder / "link"
    link.symlink_to(target)
    for data in ("first", "second"):
        write_whole(link, data)
        assert link.is_symlink()
        assert target.read_text() == data
    assert os.listdir(target.parent) == ["a.txt"]


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_replaced(folder: Path, make: object) -> None:
    path = folder / "there"
    make(path)  # type: ignore[operator]
    before = path.stat().st_mode
    with pytest.raises(OSError, match=r"directory|no file"):
        write_whole(path, "a")
    assert path.stat().st_mode == before
    assert os.listdir(folder) == ["there"]


def test_a_file_that_must_not_be_written_is_not_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, how: False)  # as for anybody but root
    with pytest.raises(PermissionError):
        write_whole(path, "new")
    assert path.read_bytes() == b"old"


def test_no_such_folder(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(folder / "no" / "a.txt", "a")
