"""The optional check for a new version: asks once a week at most, tells, and installs nothing.

Nothing is asked while system.check_updates is off. The answer is a small JSON: {"version": "1.2", "page": "https://…"}.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import re
import time
from pathlib import Path

from reader import __version__
from reader.support import files
from reader.support.certificates import client_context
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# Where Harken's publisher says what the newest version is.
RELEASES_URL = os.environ.get("HARKEN_RELEASES_URL", "https://harken.example/releases/latest.json")
WEEK_S = 7 * 24 * 3600.0
_LIMIT_S = 10.0
_MAX_BYTES = 1 << 14
_NOTE = "updates.json"
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,5}")
# An address, and nothing that could be taken for a sentence or a command.
_PAGE = re.compile(r"https://[A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?(/[A-Za-z0-9._~%/?=&#+-]{0,200})?")


def due_in_s(folder: Path, now_s: float) -> float:
    """How long until it is time to ask; 0 when it is. `now_s` is time.time(), `folder` where the last time is noted."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # a damaged note is as good as none
        asked_s = float(files.read_json(folder / _NOTE)["asked_s"])
        if asked_s <= now_s:
            return max(0.0, asked_s + WEEK_S - now_s)
    return 0.0


async def look(folder: Path) -> str:
    """Check now, and return the sentence for the user: "" if there is nothing new, or no answer."""
    try:
        newest, page = await asyncio.to_thread(_ask, folder)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        log.info("the newest version is unknown: %s", type(error).__name__)
        return ""
    if _order(newest) <= _order(__version__):
        return ""
    sentence = translate("reader", "Harken {newest} is available; you have {version}. {page}")
    return sentence.format(newest=newest, version=__version__, page=page).rstrip()


def _ask(folder: Path) -> tuple[str, str]:
    """Note the time and return (version, page). Any thread. Raises whatever an answer can make it: see `look`."""
    folder.mkdir(parents=True, exist_ok=True)
    files.write_json(folder / _NOTE, {"asked_s": time.time()})
    if not RELEASES_URL.startswith(("https://", "http://127.0.0.1:")):
        raise ValueError("not a safe address")
    found = json.loads(_fetch())
    version, page = found["version"], found.get("page", "")
    if not _VERSION.fullmatch(version):
        raise ValueError("not a version")
    return version, page if isinstance(page, str) and _PAGE.fullmatch(page) else ""


def _fetch() -> bytes:
    """What the publisher says. Raises OSError."""
    import urllib.request  # large, and of no use but once a week
    from http.client import HTTPException

    request = urllib.request.Request(RELEASES_URL, headers={"User-Agent": "Harken"})  # noqa: S310 - checked by _ask
    try:
        with urllib.request.urlopen(request, timeout=_LIMIT_S, context=client_context()) as answer:  # noqa: S310
            return bytes(answer.read(_MAX_BYTES))
    except HTTPException as error:
        raise OSError(type(error).__name__) from error


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
