"""A file that is being written. It is written next to its target and replaces it when complete.

So a reader always finds the old file or the new one, never part of it: not even if the disk is full, the program is
interrupted or the power fails. (Unnamed files, O_TMPFILE, would disappear even if the process is killed; but they are
given a name through /proc, which does not work for processes that can't be inspected: see core_dumps.py.)

The target keeps its mode and, where that is allowed, its owner. A link is followed: what it points to is replaced.

Any thread.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

# As open() creates files; the user's umask is applied to it.
_MODE = 0o666
_TRIES = 100


class Draft:
    """A file that is being written. `keep` moves it to its target; `discard` leaves no trace of it."""

    def __init__(self, path: Path, *, mode: int = _MODE) -> None:
        """`mode` applies if the target does not exist yet. Raises OSError."""
        self._target = os.path.realpath(path)
        self._folder = os.path.dirname(self._target)
        self._beside = ""  # its name until it is complete
        before = _existing(self._target)
        self._fd = self._begin(mode)
        try:
            if before:
                _inherit(self._fd, before)
            self.file: BinaryIO = os.fdopen(self._fd, "w+b")
        except OSError:
            os.close(self._fd)
            self._remove()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Discards the file unless it was kept."""
        self.discard()

    def keep(self) -> None:
        """Move it to its target. Raises OSError, and then the target is unchanged.

        The data is flushed to disk first, so that a power cut can't leave an empty file.
        """
        self.file.flush()
        os.fsync(self._fd)
        self.file.close()
        os.replace(self._beside, self._target)
        self._beside = ""
        _sync_folder(self._folder)

    def discard(self) -> None:
        """Delete it, unless it was kept."""
        with contextlib.suppress(OSError):  # an incomplete file isn't wanted anyway
            self.file.close()
        self._remove()

    def _begin(self, mode: int) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        for _ in range(_TRIES):
            beside = os.path.join(self._folder, f".harken-{secrets.token_hex(6)}.part")
            with contextlib.suppress(FileExistsError):
                fd = os.open(beside, flags, mode)
                self._beside = beside
                return fd
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), self._folder)

    def _remove(self) -> None:
        if self._beside:
            with contextlib.suppress(OSError):
                os.unlink(self._beside)
            self._beside = ""


def _existing(target: str) -> os.stat_result | None:
    """The stat result of an existing target. Raises OSError if it is not a file or can't be written."""
    try:
        found = os.stat(target)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), target)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no file", target)
    if not os.access(target, os.W_OK):  # a rename would replace it regardless
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), target)
    return found


def _inherit(fd: int, before: os.stat_result) -> None:
    if sys.platform != "win32":
        now = os.fstat(fd)
        if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
            with contextlib.suppress(OSError):  # only privileged users may give files away
                os.fchown(fd, before.st_uid, before.st_gid)
        os.fchmod(fd, stat.S_IMODE(before.st_mode))


def _sync_folder(folder: str) -> None:
    """Flush the folder too, so that the new name is on disk. Windows does so by itself."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            fd = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
