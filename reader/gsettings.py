"""Runs GNOME's own settings program, which every desktop that shares its settings has. Core thread only."""

from __future__ import annotations

import asyncio

from reader.errors import DesktopError
from reader.support import child_process, files, foreign

_LIMIT_S = 5.0
# How often it is restarted if something kills it.
_STARTS = 3


async def gsettings(*arguments: str, limit_s: float = _LIMIT_S) -> str:
    """What `gsettings` prints for these arguments. Raises DesktopError, which says why in a few words."""
    for _ in range(_STARTS):
        code, output, complaint = await _run(arguments, limit_s)
        if code >= 0:
            break
    if code:
        raise DesktopError(f"gsettings: {foreign.shown(complaint) or code}")
    return output


async def _run(arguments: tuple[str, ...], limit_s: float) -> tuple[int, str, str]:
    """Its exit code, negative if a signal ended it, and its output and error output."""
    pipe = asyncio.subprocess.PIPE
    try:
        process = await child_process.start("gsettings", *arguments, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise DesktopError(f"gsettings: {files.reason(error)}") from error
    try:
        async with asyncio.timeout(limit_s):
            output, complaint = await process.communicate()
    except TimeoutError as error:
        raise DesktopError("gsettings does not answer") from error
    finally:
        if process.returncode is None:
            child_process.kill(process)
            await process.wait()
    return process.returncode or 0, output.decode(errors="replace"), complaint.decode(errors="replace").strip()
