"""Begins threads, so that none ends unheard, as nothing else in Harken does (tests/architecture); and their turns.

Apart from `tasks.py` because child processes have threads and no asyncio, which is 5 MB.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

# How long a thread may keep the interpreter while another wants it. Python's own 5 ms would be felt: a key press passes
# through three threads, and the first block of sound is filled while the sound behind it still arrives.
_TURN_S = 0.0005


def start(run: Callable[..., object], name: str, *args: object) -> threading.Thread:
    """Begin a thread that does not keep the process from ending. What it raises goes into the log."""

    def attended() -> None:
        try:
            run(*args)
        except Exception:
            log.exception("the thread “%s” failed", name)

    begun = threading.Thread(target=attended, name=name, daemon=True)
    begun.start()
    return begun


def take_short_turns() -> None:
    """Have all threads of this process, now and later, let each other have the interpreter soon."""
    sys.setswitchinterval(_TURN_S)
