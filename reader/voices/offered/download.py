"""Downloads one file piece by piece into “….part”, which gets the file's own name once its checksums match.

An interrupted download is kept, and the next one resumes it. Core thread only; threads wait for the disk.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from io import FileIO
from pathlib import Path

from reader.errors import ConnectionBrokenError, DownloadError, UnreachableError
from reader.http.h1_client import Response
from reader.support import files, foreign
from reader.support.i18n import translate
from reader.voices.offered.index import OfferedFile
from reader.voices.offered.web import Web

PART = ".part"
# How much is written to the disk, and hashed, at a time.
_PIECE_BYTES = 1 << 20
# At anything slower than this, a voice takes a day: bytes, within so many seconds.
SLOW_BYTES, SLOW_S = 20_000, 30.0
# How many attempts are made without asking the user.
_TRIES = 2
_OK, _PARTIAL, _BAD_RANGE = 200, 206, 416
_GONE = (404, 410)

OnProgress = Callable[[int], None]


class ChangedError(DownloadError):
    """This is not the file that was expected. What had arrived is deleted."""


async def download(web: Web, file: OfferedFile, target: Path, hosts: Sequence[str], on_progress: OnProgress) -> None:
    """Download a file to `target`. `on_progress` gets the number of its bytes that have arrived.

    Raises DownloadError, and RemoteVoiceError if the server can't be reached. If the download is cancelled or
    interrupted, what has arrived is kept.
    """
    part = target.with_name(target.name + PART)
    was_begun = part.exists()
    for attempt in range(_TRIES):
        try:
            await _try(web, file, part, hosts, on_progress)
            break
        except ChangedError:
            await asyncio.to_thread(part.unlink, True)
            if not was_begun or attempt:
                raise
            was_begun = False  # what was here belonged to a different file: start again
        except UnreachableError:
            raise
        except ConnectionBrokenError as error:
            if attempt == _TRIES - 1:
                raise DownloadError(
                    translate("reader", "The download was interrupted. Try again to continue from there.")
                ) from error
            was_begun = True
    try:
        await asyncio.to_thread(os.replace, part, target)
    except OSError as error:
        raise _unwritten(error) from error


async def _try(web: Web, file: OfferedFile, part: Path, hosts: Sequence[str], on_progress: OnProgress) -> None:
    try:
        sums, have = await asyncio.to_thread(_what_is_here, part, file)
    except OSError as error:
        raise _unwritten(error) from error
    if not (file.is_exact and have == file.size_bytes):
        async with web.get(file.url, hosts, have) as response:
            start = _start(response, file, have)
            if start != have:
                sums = _Sums()
            try:
                out = await asyncio.to_thread(_open, part, start)
            except OSError as error:
                raise _unwritten(error) from error
            try:
                await _receive(response, file, out, sums, start, on_progress)
            finally:
                await asyncio.shield(asyncio.to_thread(out.close))
    if not sums.are(file):
        raise ChangedError(
            translate("reader", "What was downloaded has the wrong checksum and was deleted. Try again later.")
        )


class _Sums:
    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha256 = hashlib.sha256()

    def add(self, data: bytes) -> None:
        self._md5.update(data)
        self._sha256.update(data)

    def are(self, file: OfferedFile) -> bool:
        known = (file.md5, self._md5), (file.sha256, self._sha256)
        return all(made.hexdigest() == wanted for wanted, made in known if wanted)


def sha256(path: Path) -> str:
    """The checksum of a file. Any thread. Raises OSError."""
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _what_is_here(part: Path, file: OfferedFile) -> tuple[_Sums, int]:
    """(the checksums of what arrived earlier, its size in bytes). If the file's size is not known, it starts again."""
    sums, have = _Sums(), 0
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not part.exists() or not file.is_exact:
        return sums, 0
    if part.stat().st_size > file.size_bytes:
        part.unlink()
        return sums, 0
    with part.open("rb") as data:
        while piece := data.read(_PIECE_BYTES):
            sums.add(piece)
            have += len(piece)
    return sums, have


def _open(part: Path, start: int) -> FileIO:
    out = part.open("r+b" if start else "wb", buffering=0)  # a full disk makes a write fail, not the closing
    out.seek(start)
    out.truncate()
    return out


def _start(response: Response, file: OfferedFile, have: int) -> int:
    """The offset at which the answer begins. Raises DownloadError if it can't be used."""
    status, told = response.status, response.headers
    if status == _PARTIAL and have:
        found = re.fullmatch(r"bytes ([0-9]{1,12})-[0-9]{1,12}/([0-9]{1,12}|\*)", told.get("content-range", ""))
        if found and int(found[1]) == have and found[2] in ("*", str(file.size_bytes)):
            return have
        raise _changed()
    if status == _BAD_RANGE:
        raise _changed()
    if status in _GONE:
        sentence = translate("reader", "The voice is no longer at its address. Look for a newer version of Harken.")
        raise DownloadError(sentence)
    if status != _OK:
        sentence = translate("reader", "The server refused the download (HTTP {status}). Try again later.")
        raise DownloadError(sentence.format(status=status))
    length = told.get("content-length", "")
    if length and (int(length) if length.isdecimal() else -1) != file.size_bytes and file.is_exact:
        raise DownloadError(_changed().sentence)  # not from this file; what is already here may be right
    return 0


async def _receive(
    response: Response, file: OfferedFile, out: FileIO, sums: _Sums, start: int, on_progress: OnProgress
) -> None:
    """Write what arrives; more than the file's size is refused."""
    have, waiting = start, bytearray()

    async def put() -> None:
        nonlocal waiting
        data, waiting = bytes(waiting), bytearray()
        await asyncio.to_thread(_put, out, data, sums)

    try:
        async for piece in _in_time(response.pieces):
            waiting += piece
            have += len(piece)
            if have > file.size_bytes:
                raise _changed()
            if len(waiting) >= _PIECE_BYTES:
                await put()
            on_progress(have)
        await put()
    except OSError as error:
        raise _unwritten(error) from error
    except (ConnectionBrokenError, SlowError, asyncio.CancelledError):
        await asyncio.shield(put())  # so that the next download resumes from here
        raise
    if file.is_exact and have < file.size_bytes:
        raise ConnectionBrokenError("", detail="the answer was cut off")


def _put(out: FileIO, data: bytes, sums: _Sums) -> None:
    sums.add(data)
    rest = memoryview(data)
    while rest:
        rest = rest[out.write(rest) :]


async def _in_time(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the pieces while enough of them arrive. Raises SlowError, ConnectionBrokenError."""
    loop = asyncio.get_running_loop()
    since, count = loop.time(), 0
    async for piece in pieces:
        yield piece
        count += len(piece)
        if loop.time() - since > SLOW_S:
            if count < SLOW_BYTES:
                raise SlowError(translate("reader", "The download is too slow to finish. Try again later."))
            since, count = loop.time(), 0


class SlowError(DownloadError):
    """Too little arrives. What did is kept."""


def _changed() -> ChangedError:
    return ChangedError(translate("reader", "The file on the server does not have the expected size. Try again later."))


def _unwritten(error: OSError) -> DownloadError:
    sentence = translate("reader", "The download can't be saved: {reason}.")
    return DownloadError(sentence.format(reason=foreign.shown(files.reason(error))))


class Lock:
    """Keeps a voice from being downloaded twice at once: a file that is locked while this is open. Any thread."""

    def __init__(self, path: Path) -> None:
        """Raises DownloadError if the voice is being downloaded already."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = path.open("ab")
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise DownloadError(translate("reader", "This voice is already being downloaded.")) from error

    def close(self) -> None:
        """Release the lock."""
        self._file.close()
