"""The log: what happened, never what was read.

A file that does not grow past 1 MB (and one older), in the place the system has for logs. Warnings of ours
also go to standard error when Harken runs in a terminal with HARKEN_DEBUG set; users get sentences instead.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import logging.handlers
import os
import sys
from pathlib import Path

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
_MAX_BYTES = 1_000_000


def start(path: Path) -> None:
    """Begin to write the log. Without a place for it, Harken works without."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if os.environ.get("HARKEN_DEBUG") else logging.INFO)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(path, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8")
        file.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(file)
    if os.environ.get("HARKEN_DEBUG"):
        screen = logging.StreamHandler(sys.stderr)
        screen.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(screen)
        faulthandler.enable()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    logging.captureWarnings(True)
