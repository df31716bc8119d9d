"""A selection by way of the clipboard, on systems that tell no selection: copy, read, put everything back. No I/O here.

The user's clipboard is worth more than a reading: what can't be put back in full is not touched, what is changed by
someone else meanwhile is left alone, and a copy that comes too late is undone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reader.capture.transfer import HUNG, IS_SECRET
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# From the key to the clipboard's being as it was. A program that copies does so within 3 to 14 ms (Wine); Excel, which
# makes every format at once, has been known to take some hundred.
LIMIT_S = 0.3
_SAVE_LIMIT_S = 0.15
_STEP_S = 0.002
# A copy that comes behind the limit is undone until then, unless the user may have made it.
LATE_S = 1.5
# More than that takes too long to put back: a picture of a large screen has 33 MB.
LIMIT_BYTES = 100_000_000

IN_THE_WAY = QT_TRANSLATE_NOOP(
    "reader",
    "Copying the selection would have overwritten what is on the clipboard, so Harken did not copy it. Copy it "
    "yourself, then choose “Read clipboard”.",
)
_BUSY = QT_TRANSLATE_NOOP("reader", "Another program is using the clipboard. Press the key again.")
_NOTHING = QT_TRANSLATE_NOOP("reader", "Nothing is selected. Select some text and press the key again.")


@dataclass(frozen=True, slots=True)
class Format:
    """Of what is in the clipboard: its number and its name, of which a system uses what it has."""

    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was in the clipboard, in its order, and the number that the system counted then."""

    sequence: int
    data: Sequence[tuple[Format, bytes]] = ()
    marks: dict[str, bytes] = field(default_factory=dict)  # what is put there beside it


class Clipboard(Protocol):
    """What copying asks of the system. On one thread; every method may take as long as the owner of a text takes."""

    def now_s(self) -> float:
        """A clock."""

    def wait(self, seconds: float) -> None:
        """Let that time pass."""

    def sequence(self) -> int:
        """A counter that changes whenever the clipboard does."""

    def open(self) -> bool:
        """Have it for oneself, until `close`. False while another program has it."""

    def close(self) -> None:
        """Leave it to others."""

    def formats(self) -> list[Format]:
        """What there is, in the order of its owner. Opened."""

    def data(self, wanted: Format) -> bytes | None:
        """Of one format; None where its owner does not hand it over. Opened."""

    def put(self, data: Iterable[tuple[Format, bytes]], marks: dict[str, bytes]) -> None:
        """Have this and nothing else there. Opened."""

    def press_copy(self) -> bool:
        """Press the keys that copy in the window in front, whatever the user holds. False where it is not allowed."""

    def is_copying(self) -> bool:
        """Whether the user may be about to copy: holds the key that others are pressed with to copy."""

    def is_hung(self) -> bool:
        """Whether the program in front does not respond."""

    def end(self) -> None:
        """Release it. What was put there stays."""


class Copying(ABC):
    """One selection after another. The thread of the clipboard. A system says what it has in its clipboard."""

    def __init__(self, clipboard: Clipboard) -> None:
        """Touches nothing."""
        self._clipboard = clipboard
        self._undo: tuple[Saved, float] | None = None  # what a late copy has to give way to, and until when

    def selection(self) -> str:
        """The text that is selected in front; the clipboard is as it was behind it. Raises CaptureError."""
        self.undo_late_copy()
        end_s = self._clipboard.now_s() + LIMIT_S
        saved = self._save(end_s)
        if not self._clipboard.press_copy():
            raise NothingToReadError(translate("reader", _NOTHING))
        while self._clipboard.sequence() == saved.sequence:
            if self._clipboard.now_s() >= end_s:
                self._undo = saved, self._clipboard.now_s() + LATE_S
                if self._clipboard.is_hung():
                    raise CaptureTimeoutError(translate("reader", HUNG))
                raise NothingToReadError(translate("reader", _NOTHING))
            self._clipboard.wait(_STEP_S)
        return self._take(saved, end_s)

    def clipboard(self) -> str:
        """The text that the user has copied. Raises CaptureError."""
        self._open(self._clipboard.now_s() + LIMIT_S)
        try:
            formats = self._clipboard.formats()
            if self._is_secret(formats):
                raise CaptureError(translate("reader", IS_SECRET))
            text = self._text(formats)
        finally:
            self._clipboard.close()
        if not text.strip():
            raise NothingToReadError(translate("reader", "The clipboard is empty."))
        return text

    def undo_late_copy(self) -> bool:
        """Put back what a program has copied over behind the limit. Whether it is too early to say that none has."""
        if not self._undo:
            return False
        saved, until_s = self._undo
        if self._clipboard.is_copying():
            self._undo = None
        elif self._clipboard.sequence() != saved.sequence:
            if self._clipboard.open():
                self._put_back(saved)
                self._clipboard.close()
                self._undo = None
        elif self._clipboard.now_s() >= until_s:
            self._undo = None
        return self._undo is not None

    def end(self) -> None:
        """Copy no more."""
        self._clipboard.end()

    @abstractmethod
    def _to_save(self, formats: Sequence[Format]) -> list[Format]:
        """Those that have to be kept for the clipboard to be as it was. Raises CaptureError where it can't be."""

    @abstractmethod
    def _marks_for(self, formats: Sequence[Format]) -> dict[str, bytes]:
        """What to put beside what is put back, so that it is not noted again as if it were new."""

    @abstractmethod
    def _is_secret(self, formats: Sequence[Format]) -> bool:
        """Whether a password manager has put it there, and not Harken put back what was there."""

    @abstractmethod
    def _text(self, formats: Sequence[Format]) -> str:
        """The text that is there, "" where there is none, with plain ends of lines. Opened."""

    @abstractmethod
    def _is_line(self, formats: Sequence[Format]) -> bool:
        """Whether nothing was selected, and an editor has copied the line of its cursor. Opened."""

    def _open(self, end_s: float) -> None:
        while not self._clipboard.open():
            if self._clipboard.now_s() >= end_s:
                raise CaptureTimeoutError(translate("reader", _BUSY))
            self._clipboard.wait(_STEP_S)

    def _save(self, end_s: float) -> Saved:
        until_s = end_s - LIMIT_S + _SAVE_LIMIT_S
        self._open(until_s)
        try:
            formats = self._to_save(self._clipboard.formats())
            data, size = [], 0
            for wanted in formats:
                found = self._clipboard.data(wanted)
                size += len(found or b"")
                if size > LIMIT_BYTES or self._clipboard.now_s() > until_s:
                    raise CaptureError(translate("reader", IN_THE_WAY))
                if found is not None:  # else nobody else could have it either
                    data.append((wanted, found))
            return Saved(self._clipboard.sequence(), data, self._marks_for(formats) if data else {})
        finally:
            self._clipboard.close()

    def _take(self, saved: Saved, end_s: float) -> str:
        """What was copied. Where the system allows, the clipboard stays locked until it is restored."""
        text: str | None = None
        while text is None:
            self._open(end_s)
            try:
                formats = self._clipboard.formats()
                if formats or self._clipboard.now_s() >= end_s:
                    text = "" if self._is_line(formats) else self._text(formats)
                    self._put_back(saved)
            finally:
                self._clipboard.close()
            if text is None:  # a Mac's programs empty it, and then put there what they copy
                self._clipboard.wait(_STEP_S)
        if not text.strip():
            raise NothingToReadError(translate("reader", _NOTHING))
        return text

    def _put_back(self, saved: Saved) -> None:
        self._clipboard.put(saved.data, saved.marks)
