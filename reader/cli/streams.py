"""The standard streams and the signals of a process, made fit for use: each entry calls `prepare` first.

Output never fails because of its encoding: what the terminal or the pipe can't hold becomes what is nearest to it.
Closed streams are opened, so that no file or socket takes their number. Ending the process by a signal, or by closing
its terminal, interrupts it as Ctrl+C does: what it was making is cleared away.
"""

from __future__ import annotations

import codecs
import os
import signal
import sys
import unicodedata
from types import FrameType
from typing import TextIO

_NEAREST = "harken.nearest"
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛‹›′", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•·", "*"),
        "…": "...",
        "×": "x",
        "→": "->",
        "←": "<-",
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
    }
)


def prepare() -> None:
    """Prepare output, input and signals as described above. Main thread."""
    codecs.register_error(_NEAREST, _nearest)
    _fill_gaps()
    for stream in (sys.stdout, sys.stderr):
        # On Windows a pipe or a file would get the characters of one region only, whatever reads it.
        is_ours = sys.platform == "win32" and "PYTHONIOENCODING" not in os.environ and not stream.isatty()
        stream.reconfigure(encoding="utf-8" if is_ours else None, errors=_NEAREST)  # type: ignore[union-attr]
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # as the entries have it until now
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGXCPU", "SIGUSR1", "SIGUSR2", "SIGALRM"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_DFL:  # otherwise it is ignored on purpose, as by nohup
            signal.signal(number, _interrupt)


def is_utf8() -> bool:
    """Whether standard output takes every character."""
    return codecs.lookup(getattr(sys.stdout, "encoding", None) or "utf-8").name == "utf-8"


def write_no_more(stream: TextIO) -> None:
    """Discard what is left: nothing takes it, and it would be tried again at the end of the process."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """What to write for a character that an encoding lacks: one without accents, other quotes, a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    alike = unicodedata.normalize("NFKD", character.translate(_ALIKE)).translate(_ALIKE)
    return alike.encode("ascii", "ignore").decode() or "?"


def _fill_gaps() -> None:
    """Open what is closed: no input comes, complaints go nowhere, and an answer finds that it can't be written."""
    for fd, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest free number
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


def _interrupt(number: int, frame: FrameType | None) -> None:
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):  # it is ignored, as in a script's background
        raise KeyboardInterrupt
    handler(signal.SIGINT, frame)
