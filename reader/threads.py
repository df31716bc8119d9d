"""Begins threads, so that none ends unheard: nothing else in Harken does (tests/architecture holds that).

Apart from `tasks.py` because child processes have threads and no asyncio, which is 5 MB.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


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
