"""A selection by way of the clipboard, on systems that tell no selection: copy, read, put everything back. No I/O here.

The user's clipboard is worth more than a reading: what can't be put back in full is not touched, what is changed by
someone else meanwhile is left alone, and a copy that comes too late is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from reader.capture.base import LIMIT_CHARS
from reader.capture.transfer import HUNG, IS_SECRET
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# From the key to the clipboard's being as it was. A program that copies does so within 3 to 14 ms (Wine); Excel, which
# makes every format at once, has been known to take some hundred.
LIMIT_S = 0.3
_SAVE_LIMIT_S = 0.15
_STEP_S = 0.002
# A copy that comes behind the limit is undone until then, unless the user holds Ctrl: it may be one of theirs.
LATE_S = 1.5
# More than that takes too long to put back: a picture of a large screen has 33 MB.
LIMIT_BYTES = 100_000_000

# Windows' formats, by their numbers (winuser.h).
TEXT, BITMAP, METAFILE, DIB, PALETTE, UNICODE, ENHANCED, FILES, DIB5 = 1, 2, 3, 8, 9, 13, 14, 15, 17
# Windows makes these of others that are there as well, so they come back by themselves.
_MADE_OF_OTHERS = {BITMAP, METAFILE, PALETTE}
# Their handles are no memory: what a program draws itself, and its private objects.
_FIRST_OWN, _LAST_OWN, _FIRST_PRIVATE, _LAST_PRIVATE = 0x80, 0x8F, 0x200, 0x3FF
# They say where in the memory of the program that copied there is more. Without them Windows asks nobody for it.
_POINTERS = {"DataObject", "Ole Private Data"}

# What programs put there that keep no history and send nothing to other computers, and password managers.
EXCLUDED = "ExcludeClipboardContentFromMonitorProcessing"
_IGNORED = "Clipboard Viewer Ignore"
_OWN_MARK = "Harken has put this back"
_MARKS = {
    EXCLUDED: bytes(1),
    _IGNORED: bytes(1),
    "CanIncludeInClipboardHistory": bytes(4),
    "CanUploadToCloudClipboard": bytes(4),
    _OWN_MARK: bytes(1),
}
# Editors that copy the cursor's line when nothing is selected, and what they add then.
_LINE_MARKS = {"MSDEVLineSelect", "VisualStudioEditorOperationsLineCutCopyClipboardTag"}
_VSCODE, _VSCODE_LINE = "vscode-editor-data", b'"isFromEmptySelection":true'

# Windows in which Ctrl+C ends what runs there: by their class, or by their program.
_CONSOLES = {
    *("consolewindowclass", "cascadia_hosting_window_class", "virtualconsoleclass", "mintty", "putty", "kitty"),
    *("org.wezfurlong.wezterm", "pseudoconsolewindow", "tty"),
}
_CONSOLE_PROGRAMS = {
    *("windowsterminal.exe", "openconsole.exe", "conhost.exe", "cmd.exe", "powershell.exe", "pwsh.exe", "wsl.exe"),
    *("alacritty.exe", "wezterm-gui.exe", "putty.exe", "kitty.exe", "mintty.exe", "conemu64.exe", "conemu.exe"),
    *("hyper.exe", "tabby.exe", "mobaxterm.exe", "securecrt.exe", "wineconsole.exe"),
}

_IN_CONSOLE = QT_TRANSLATE_NOOP(
    "reader",
    "Harken does not press Ctrl+C in a terminal, because that could end what runs there. Copy the text, then choose"
    " “Read clipboard”.",
)
_AS_ADMINISTRATOR = QT_TRANSLATE_NOOP(
    "reader",
    "The program in front was started as administrator, so Windows does not let Harken see what is selected in it. Copy"
    " the text, then choose “Read clipboard”.",
)
_IN_THE_WAY = QT_TRANSLATE_NOOP(
    "reader",
    "What is in the clipboard could not be put back, so Harken did not copy the selection. Copy it yourself, then"
    " choose “Read clipboard”.",
)
_BUSY = QT_TRANSLATE_NOOP("reader", "Another program is using the clipboard. Press the key again.")
_NOTHING = QT_TRANSLATE_NOOP("reader", "Nothing is selected. Select some text and press the key again.")


@dataclass(frozen=True, slots=True)
class Window:
    """The one in front: its process, 0 for none, its class, its program's file name, and what has the focus in it.

    One that `is_above` Harken has more rights: Windows sends none of Harken's keys to it, without saying so.
    """

    pid: int = 0
    kind: str = ""
    program: str = ""
    is_password: bool = False
    is_above: bool = False

    @property
    def is_console(self) -> bool:
        """Whether Ctrl+C may end something in it."""
        return self.kind.lower() in _CONSOLES or self.program.lower() in _CONSOLE_PROGRAMS


@dataclass(frozen=True, slots=True)
class Format:
    """Of what is in the clipboard: its number, and the name of one that a program has registered."""

    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was in the clipboard, in its order, and the number that Windows counted then."""

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
        """A number that is another one whenever the clipboard is."""

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
        """Press Ctrl+C in the window in front, whatever else the user holds. False where Windows does not allow it."""

    def is_ctrl_held(self) -> bool:
        """Whether the user holds Ctrl."""

    def is_hung(self) -> bool:
        """Whether the program in front does not respond."""


def may_copy(window: Window) -> None:
    """Raises CaptureError for a window in which Ctrl+C must not be pressed, or would hand over a secret."""
    if window.is_password:
        raise CaptureError(translate("reader", "This is a password field. Harken does not read passwords aloud."))
    if window.is_above:
        raise CaptureError(translate("reader", _AS_ADMINISTRATOR))
    if window.is_console:
        raise CaptureError(translate("reader", _IN_CONSOLE))


def to_save(formats: Iterable[Format]) -> list[Format]:
    """Those that have to be kept for the clipboard to be as it was."""
    return [
        found
        for found in formats
        if found.number not in _MADE_OF_OTHERS
        and not _FIRST_OWN <= found.number <= _LAST_OWN
        and not _FIRST_PRIVATE <= found.number <= _LAST_PRIVATE
        and found.name not in _POINTERS
    ]


def marks_for(formats: Iterable[Format]) -> dict[str, bytes]:
    """What to put beside what is put back, so that it is not noted again as if it were new."""
    names = {found.name for found in formats}
    return {} if EXCLUDED in names else dict(_MARKS)


def is_secret(formats: Iterable[Format]) -> bool:
    """Whether a password manager has put it there, and not Harken put back what was there."""
    names = {found.name for found in formats}
    return bool(names & {EXCLUDED, _IGNORED}) and _OWN_MARK not in names


class Copying:
    """One selection after another. The thread of the clipboard."""

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
            if is_secret(formats):
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
        if self._clipboard.is_ctrl_held():
            self._undo = None
        elif self._clipboard.sequence() != saved.sequence:
            if self._clipboard.open():
                self._put_back(saved)
                self._clipboard.close()
                self._undo = None
        elif self._clipboard.now_s() >= until_s:
            self._undo = None
        return self._undo is not None

    def _open(self, end_s: float) -> None:
        while not self._clipboard.open():
            if self._clipboard.now_s() >= end_s:
                raise CaptureTimeoutError(translate("reader", _BUSY))
            self._clipboard.wait(_STEP_S)

    def _save(self, end_s: float) -> Saved:
        until_s = end_s - LIMIT_S + _SAVE_LIMIT_S
        self._open(until_s)
        try:
            formats = to_save(self._clipboard.formats())
            data, size = [], 0
            for wanted in formats:
                found = self._clipboard.data(wanted)
                size += len(found or b"")
                if size > LIMIT_BYTES or self._clipboard.now_s() > until_s:
                    raise CaptureError(translate("reader", _IN_THE_WAY))
                if found is not None:  # else nobody else could have it either
                    data.append((wanted, found))
            return Saved(self._clipboard.sequence(), data, marks_for(formats) if data else {})
        finally:
            self._clipboard.close()

    def _take(self, saved: Saved, end_s: float) -> str:
        """What was copied. Nobody else has the clipboard between that and its being as it was."""
        self._open(end_s)
        try:
            formats = self._clipboard.formats()
            text = "" if self._is_line(formats) else self._text(formats)
            self._put_back(saved)
        finally:
            self._clipboard.close()
        if not text.strip():
            raise NothingToReadError(translate("reader", _NOTHING))
        return text

    def _put_back(self, saved: Saved) -> None:
        self._clipboard.put(saved.data, saved.marks)

    def _text(self, formats: Sequence[Format]) -> str:
        if Format(UNICODE) not in formats:
            return ""
        text = (self._clipboard.data(Format(UNICODE)) or b"").decode("utf-16-le", "replace")
        return text.partition("\0")[0].replace("\r\n", "\n")[: LIMIT_CHARS + 1]

    def _is_line(self, formats: Sequence[Format]) -> bool:
        """Whether nothing was selected, and an editor has copied the line of its cursor."""
        for found in formats:
            if found.name in _LINE_MARKS:
                return True
            if found.name == _VSCODE:
                data = (self._clipboard.data(found) or b"").replace(b"\0", b"")
                return _VSCODE_LINE in data.replace(b" ", b"")
        return False
