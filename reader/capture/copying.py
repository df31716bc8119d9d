"""A selection by way of the clipboard, if the system exposes none: copy, read, restore everything. No I/O here.

The user's clipboard is worth more than a reading: what can't be restored completely is not touched, what another
program changes in the meantime is left alone, and a copy that comes too late is undone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reader.capture.transfer import HUNG, IS_SECRET
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# From pressing the copy keys until the program has copied. Most do within 3 to 14 ms (Wine); Excel, which renders every
# format at once, is known to need several hundred.
LIMIT_S = 0.3
# And looked for at least as often: when Harken gets no turn, the program in front gets none either.
_LOOKS = 25
# For saving what is on the clipboard, and for reading the copy and restoring it.
_SAVE_LIMIT_S = 0.15
_STEP_S = 0.002
# A copy that comes after the limit is undone within this time, unless the user may have made it.
LATE_S = 1.5
# Anything larger takes too long to restore: a picture of a large screen has 33 MB.
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
    """A clipboard format: its number and its name; each system uses what it has."""

    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """The clipboard's previous content, in order, with the system's sequence number at that time."""

    sequence: int
    data: Sequence[tuple[Format, bytes]] = ()
    marks: dict[str, bytes] = field(default_factory=dict)  # markers to add when it is restored


class Clipboard(Protocol):
    """What copying needs from the system. On one thread; any method may block on the program that owns the text."""

    def now_s(self) -> float:
        """A clock."""

    def wait(self, seconds: float) -> None:
        """Wait that long."""

    def sequence(self) -> int:
        """A counter that changes whenever the clipboard does."""

    def open(self) -> bool:
        """Lock it until `close`. Returns False while another program has it."""

    def close(self) -> None:
        """Unlock it."""

    def formats(self) -> list[Format]:
        """The available formats, in their owner's order. Only while open."""

    def data(self, wanted: Format) -> bytes | None:
        """The data of one format; None if its owner does not provide it. Only while open."""

    def put(self, data: Iterable[tuple[Format, bytes]], marks: dict[str, bytes]) -> None:
        """Replace the content with this. Only while open."""

    def press_copy(self) -> bool:
        """Press the copy keys in the window in front, whatever the user is holding. Returns False if not allowed."""

    def is_copying(self) -> bool:
        """Whether the user may be about to copy: is holding the modifier used to copy."""

    def is_hung(self) -> bool:
        """Whether the program in front does not respond."""

    def end(self) -> None:
        """Release it. Its content stays."""


class Copying(ABC):
    """Copies one selection after another. On the clipboard's thread. Subclasses know their system's formats."""

    def __init__(self, clipboard: Clipboard) -> None:
        """Does not touch the clipboard yet."""
        self._clipboard = clipboard
        self._undo: tuple[Saved, float] | None = None  # what a copy must give way to, and until when

    def selection(self) -> str:
        """The text selected in front; the clipboard is restored afterwards. Raises CaptureError."""
        self.undo_late_copy()
        saved = self._save()
        if not self._clipboard.press_copy():
            raise NothingToReadError(translate("reader", _NOTHING))
        has_copied = self._has_copied(saved.sequence)
        self._undo = saved, self._clipboard.now_s() + LATE_S
        if not has_copied:
            if self._clipboard.is_hung():
                raise CaptureTimeoutError(translate("reader", HUNG))
            raise NothingToReadError(translate("reader", _NOTHING))
        return self._take(saved)

    def clipboard(self) -> str:
        """The text the user has copied. Raises CaptureError."""
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
        """Restore what a program has overwritten after the limit. Returns whether that may still happen."""
        if not self._undo:
            return False
        saved, until_s = self._undo
        if self._clipboard.is_copying():
            self._undo = None
        elif self._clipboard.sequence() != saved.sequence:
            if self._clipboard.open():
                self._put_back(saved)
                self._clipboard.close()
        elif self._clipboard.now_s() >= until_s:
            self._undo = None
        return self._undo is not None

    def end(self) -> None:
        """Stop copying."""
        self._clipboard.end()

    @abstractmethod
    def _to_save(self, formats: Sequence[Format]) -> list[Format]:
        """The formats that must be saved to restore the clipboard. Raises CaptureError if that is impossible."""

    @abstractmethod
    def _marks_for(self, formats: Sequence[Format]) -> dict[str, bytes]:
        """Markers to add to the restored content, so that clipboard managers don't record it again."""

    @abstractmethod
    def _is_secret(self, formats: Sequence[Format]) -> bool:
        """Whether the content comes from a password manager, rather than being restored by Harken."""

    @abstractmethod
    def _text(self, formats: Sequence[Format]) -> str:
        """The text in the clipboard, "" if there is none, with normalised line ends. Only while open."""

    @abstractmethod
    def _is_line(self, formats: Sequence[Format]) -> bool:
        """Whether nothing was selected, and an editor has copied the cursor's line. Only while open."""

    def _open(self, end_s: float) -> None:
        while not self._clipboard.open():
            if self._clipboard.now_s() >= end_s:
                raise CaptureTimeoutError(translate("reader", _BUSY))
            self._clipboard.wait(_STEP_S)

    def _has_copied(self, sequence: int) -> bool:
        """Wait until the program has changed the clipboard since `sequence`, up to the limit."""
        end_s, looks = self._clipboard.now_s() + LIMIT_S, 0
        while self._clipboard.sequence() == sequence:
            if looks >= _LOOKS and self._clipboard.now_s() >= end_s:
                return False
            self._clipboard.wait(_STEP_S)
            looks += 1
        return True

    def _save(self) -> Saved:
        until_s = self._clipboard.now_s() + _SAVE_LIMIT_S
        self._open(until_s)
        try:
            formats = self._to_save(self._clipboard.formats())
            data, size = [], 0
            for wanted in formats:
                found = self._clipboard.data(wanted)
                size += len(found or b"")
                if size > LIMIT_BYTES or self._clipboard.now_s() > until_s:
                    raise CaptureError(translate("reader", IN_THE_WAY))
                if found is not None:  # otherwise no other program could get it either
                    data.append((wanted, found))
            return Saved(self._clipboard.sequence(), data, self._marks_for(formats) if data else {})
        finally:
            self._clipboard.close()

    def _take(self, saved: Saved) -> str:
        """What was copied. Where the system allows, the clipboard stays locked until it is restored."""
        end_s = self._clipboard.now_s() + _SAVE_LIMIT_S
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
            if text is None:  # on macOS, programs first clear it and then add their copy
                self._clipboard.wait(_STEP_S)
        if not text.strip():
            raise NothingToReadError(translate("reader", _NOTHING))
        return text

    def _put_back(self, saved: Saved) -> None:
        self._clipboard.put(saved.data, saved.marks)
        self._undo = None
