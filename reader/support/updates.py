"""The optional check for a new version: asks at most once a week, tells the user, and installs nothing.

Nothing is sent while system.check_updates is off. The answer is a small JSON: {"version": "1.2", "page": "https://…"}.
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

# Where the publisher announces the newest version.
RELEASES_URL = os.environ.get("HARKEN_RELEASES_URL", "https://harken.example/releases/latest.json")
WEEK_S = 7 * 24 * 3600.0
_LIMIT_S = 10.0
_MAX_BYTES = 1 << 14
_NOTE = "updates.json"
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,5}")
# An address, and nothing that could pass for a sentence or a command.
_PAGE = re.compile(r"https://[A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?(/[A-Za-z0-9._~%/?=&#+-]{0,200})?")


def due_in_s(folder: Path, now_s: float) -> float:
    """Seconds until the next check is due; 0 if it is. `now_s` is time.time(), `folder` holds the last one's time."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # a damaged file is as good as none
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
    """Store the time and return (version, page). Any thread. Raises whatever a bad answer may cause: see `look`."""
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
    """The publisher's answer. Raises OSError."""
    import urllib.request  # large, and only needed once a week
    from http.client import HTTPException

    request = urllib.request.Request(RELEASES_URL, headers={"User-Agent": "Harken"})  # noqa: S310 - checked by _ask
    try:
        with urllib.request.urlopen(request, timeout=_LIMIT_S, context=client_context()) as answer:  # noqa: S310
            return bytes(answer.read(_MAX_BYTES))
    except HTTPException as error:
        raise OSError(type(error).__name__) from error


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))
