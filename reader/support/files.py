"""Small files with untrusted contents: read within limits, written whole or not at all.

What should be a file may be a folder, a pipe without a writer, a circular link, a gigabyte, or text that nests ten
thousand deep. Readers here return the value or raise OSError if it can't be read and DamagedFileError if it is
unusable, and nothing else. Blocking; any thread.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reader.support.draft import Draft
from reader.support.i18n import translate

# Far more than any of Harken's own files; their parsers are slow on malicious ones.
MAX_BYTES = 1 << 18
_LOCK_LIMIT_S = 3.0
_LOCK_RETRY_S = 0.005
_MAX_ASIDE = 1000


class DamagedFileError(ValueError):
    """The file's contents can't be used. The message is the reason, for the user."""


def reason(error: BaseException) -> str:
    """Why something failed, for the end of a sentence: the system's words, or the error's own."""
    return str(getattr(error, "strerror", None) or error or type(error).__name__).rstrip(".")


def read_bytes(path: Path, limit_bytes: int = MAX_BYTES) -> bytes:
    """The whole file. Raises OSError, also if it is not a file, and DamagedFileError if it is too large."""
    _check_is_file(os.stat(path))  # before opening it, which has side effects on some devices
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:
        _check_is_file(os.fstat(file.fileno()))
        data: bytes | None = file.read(limit_bytes + 1)
    if data is None:  # some of the system's files have no data just now
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    if len(data) > limit_bytes:
        raise DamagedFileError(translate("reader", "it is too large"))
    return data


def read_text(path: Path, limit_bytes: int = MAX_BYTES) -> str:
    """The whole file as text: UTF-8, or whatever its byte order mark says. Raises as read_bytes does."""
    data = read_bytes(path, limit_bytes)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DamagedFileError(translate("reader", "it is not UTF-8 text")) from error


def read_json(path: Path, limit_bytes: int = MAX_BYTES) -> Any:
    """The file's value; its numbers are finite. Raises as read_bytes does."""
    try:
        return json.loads(read_text(path, limit_bytes), parse_constant=_finite, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError) as error:  # also for numbers with thousands of digits
        raise DamagedFileError(translate("reader", "it is not JSON")) from error


def write_text(path: Path, text: str) -> None:
    """Write a file, or change nothing: readers see the old file or the new one.

    A link stays a link, and a file keeps its permissions. Raises OSError, also if something other than a file is there.
    """
    write_bytes(path, text.encode())  # encoded before anything is created: some text can't be


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes, with the guarantees of `write_text`."""
    place = _place(path)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Draft(place, mode=0o600) as draft:
        draft.file.write(data)
        draft.keep()


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, with the guarantees of `write_text`."""
    write_text(path, json.dumps(value))


def keep_aside(path: Path) -> Path:
    """Rename a damaged file, so that nothing in it is lost, and return its new path. Raises OSError."""
    place = _place(path)
    for number in range(1, _MAX_ASIDE):
        aside = place.with_suffix(f".broken{'' if number == 1 else f'-{number}'}{place.suffix}")
        if not os.path.lexists(aside):
            place.rename(aside)
            return aside
    raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps Harken's other processes and threads from changing files in `folder`, which is created. Raises OSError.

    The folder itself is locked, so no lock file is left behind. On file systems without locks this does nothing.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform == "win32":  # folders can't be locked there
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        until_s = time.monotonic() + _LOCK_LIMIT_S
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > until_s:
                    why = translate("reader", "another program is changing it")
                    raise TimeoutError(errno.ETIMEDOUT, why) from error
            except OSError:
                break
            time.sleep(_LOCK_RETRY_S)
        yield
    finally:
        os.close(handle)


def _place(path: Path) -> Path:
    """The path with links resolved. Raises OSError if no file can be there."""
    try:
        place = Path(os.path.realpath(path, strict=True))
    except FileNotFoundError:
        if not path.is_symlink():
            return path
        place = Path(os.path.realpath(path))
        if not place.parent.is_dir():  # perhaps on another disk: not Harken's to create
            raise
        return place
    _check_is_file(os.stat(place))
    return place


def _check_is_file(found: os.stat_result) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, translate("reader", "it is a folder"))
    raise OSError(errno.EINVAL, translate("reader", "it is not a file but a device, a pipe or a socket"))


def _whole(number: str) -> int:
    _finite(number)  # calculations need floats, which have limits; Python's integers don't
    return int(number)


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value
