"""Starts threads, so that none dies unnoticed: nothing else in Harken does (tests/architecture); and sets their turns.

Separate from `tasks.py` because child processes have threads but no asyncio, which is 5 MB.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

# How long a thread may keep the interpreter while another wants it, in seconds. Python's default of 5 ms would be
# noticeable: a key press passes through three threads, and the first block of sound is filled while more sound arrives.
_TURN_S = 0.0005


def start(run: Callable[..., object], name: str, *args: object) -> threading.Thread:
    """Start a daemon thread. Its exceptions are logged."""

    def attended() -> None:
        try:
            run(*args)
        except Exception:
            log.exception("the thread “%s” failed", name)

    begun = threading.Thread(target=attended, name=name, daemon=True)
    begun.start()
    return begun


def take_short_turns() -> None:
    """Make all threads of this process, now and later, release the interpreter sooner."""
    sys.setswitchinterval(_TURN_S)
