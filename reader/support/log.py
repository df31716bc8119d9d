"""The log: what happened, never what was read.

A file of at most 1 MB (plus one older), where the system keeps logs. Of an exception it has the type and the code
locations but not the message, which may contain what was being read. Our own warnings also go to standard error when
Harken runs in a terminal with HARKEN_DEBUG set; users get sentences instead.
"""

from __future__ import annotations

import contextlib
import copy
import faulthandler
import logging
import logging.handlers
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from reader.support import foreign

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
_MAX_BYTES = 1_000_000


def start(path: Path) -> None:
    """Start writing the log. If it can't be stored, Harken runs without it."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if os.environ.get("HARKEN_DEBUG") else logging.INFO)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # opening a pipe would block
            raise OSError(path)
        file = _File(path, maxBytes=_MAX_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace")
        file.setFormatter(_Formatter(_FORMAT))
        root.addHandler(file)
    if os.environ.get("HARKEN_DEBUG"):
        screen = logging.StreamHandler(sys.stderr)
        screen.setFormatter(_Shown(_FORMAT))
        root.addHandler(screen)
        faulthandler.enable()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    logging.captureWarnings(True)


def stop() -> None:
    """Close the file: Windows can't remove open ones."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _File)]:
        root.removeHandler(handler)
        handler.close()


class _File(logging.handlers.RotatingFileHandler):
    """A full disk is no reason to stop, or to write tracebacks to the user's terminal."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        pass


class _Shown(logging.Formatter):
    """Cleans up text from outside, such as a child process's own words."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.msg, record.args = foreign.shown(record.getMessage(), foreign.SENTENCE_CHARS), None
        return super().format(record)


class _Formatter(_Shown):
    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.exc_text = None  # another handler may have formatted it already, with the message
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return "\n".join(["Traceback, without messages:", *trace(*ei)])


def trace(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> Iterator[str]:
    """An exception's type and code locations, line by line, then those of its causes. No messages and no values."""
    seen: set[int] = set()
    while True:
        yield f"\n{kind.__module__}.{kind.__qualname__}"
        while where:
            code = where.tb_frame.f_code
            yield f"    {Path(code.co_filename).name}:{where.tb_lineno} in {code.co_qualname}"
            where = where.tb_next
        seen.add(id(error))
        error = (error.__cause__ or error.__context__) if error else None
        if error is None or id(error) in seen:
            return
        kind, where = type(error), error.__traceback__
