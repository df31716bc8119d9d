"""The Windows specifics of copying a selection: clipboard formats, and where Ctrl+C must not be pressed.

No I/O here; `windows_clipboard.py` carries out what is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reader.capture.base import LIMIT_CHARS
from reader.capture.copying import Copying, Format
from reader.errors import CaptureError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# Windows' numbers for formats (winuser.h).
TEXT, BITMAP, METAFILE, DIB, PALETTE, UNICODE, ENHANCED, FILES, DIB5 = 1, 2, 3, 8, 9, 13, 14, 15, 17
# Windows derives these from other formats, so they come back by themselves.
_MADE_OF_OTHERS = {BITMAP, METAFILE, PALETTE}
# Formats whose handles are not memory: owner-drawn ones, and private objects.
_FIRST_OWN, _LAST_OWN, _FIRST_PRIVATE, _LAST_PRIVATE = 0x80, 0x8F, 0x200, 0x3FF
# They point into the memory of the program that copied. Without them, Windows asks no program for the data.
_POINTERS = {"DataObject", "Ole Private Data"}

# Set by password managers, and by programs that want no history and no syncing to other computers.
EXCLUDED = "ExcludeClipboardContentFromMonitorProcessing"
_IGNORED = "Clipboard Viewer Ignore"
_OWN_MARK = "Harken has put this back"
MARKS = {
    EXCLUDED: bytes(1),
    _IGNORED: bytes(1),
    "CanIncludeInClipboardHistory": bytes(4),
    "CanUploadToCloudClipboard": bytes(4),
    _OWN_MARK: bytes(1),
}
# Formats that editors add when nothing is selected and they copy the cursor's line.
_LINE_MARKS = {"MSDEVLineSelect", "VisualStudioEditorOperationsLineCutCopyClipboardTag"}
_VSCODE, _VSCODE_LINE = "vscode-editor-data", b'"isFromEmptySelection":true'

# Windows in which Ctrl+C kills the running program: by window class, or by program.
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
    "Harken does not press Ctrl+C in a terminal, because that could end what is running there. Copy the text, then "
    "choose “Read clipboard”.",
)
_AS_ADMINISTRATOR = QT_TRANSLATE_NOOP(
    "reader",
    "The program in front is running as administrator, so Windows does not let Harken see what is selected in it. "
    "Copy the text, then choose “Read clipboard”.",
)


@dataclass(frozen=True, slots=True)
class Window:
    """The window in front: its process, 0 for none, its class and its program's file name.

    `is_password`: a password field in it has the focus. One that `is_above` Harken has more rights: Windows silently
    sends it none of Harken's keys.
    """

    pid: int = 0
    kind: str = ""
    program: str = ""
    is_password: bool = False
    is_above: bool = False

    @property
    def is_console(self) -> bool:
        """Whether Ctrl+C may kill something in it."""
        return self.kind.lower() in _CONSOLES or self.program.lower() in _CONSOLE_PROGRAMS


def may_copy(window: Window) -> None:
    """Raise CaptureError for a window in which Ctrl+C must not be pressed, or would reveal a secret."""
    if window.is_password:
        raise CaptureError(translate("reader", "This is a password field. Harken does not read passwords aloud."))
    if window.is_above:
        raise CaptureError(translate("reader", _AS_ADMINISTRATOR))
    if window.is_console:
        raise CaptureError(translate("reader", _IN_CONSOLE))


class WindowsCopying(Copying):
    """Implements Copying."""

    def _to_save(self, formats: Sequence[Format]) -> list[Format]:
        return [
            found
            for found in formats
            if found.number not in _MADE_OF_OTHERS
            and not _FIRST_OWN <= found.number <= _LAST_OWN
            and not _FIRST_PRIVATE <= found.number <= _LAST_PRIVATE
            and found.name not in _POINTERS
        ]

    def _marks_for(self, formats: Sequence[Format]) -> dict[str, bytes]:
        names = {found.name for found in formats}
        return {} if EXCLUDED in names else dict(MARKS)

    def _is_secret(self, formats: Sequence[Format]) -> bool:
        names = {found.name for found in formats}
        return bool(names & {EXCLUDED, _IGNORED}) and _OWN_MARK not in names

    def _text(self, formats: Sequence[Format]) -> str:
        if Format(UNICODE) not in formats:
            return ""
        text = (self._clipboard.data(Format(UNICODE)) or b"").decode("utf-16-le", "replace")
        return text.partition("\0")[0].replace("\r\n", "\n")[: LIMIT_CHARS + 1]

    def _is_line(self, formats: Sequence[Format]) -> bool:
        """Whether nothing was selected, and an editor has copied the cursor's line."""
        for found in formats:
            if found.name in _LINE_MARKS:
                return True
            if found.name == _VSCODE:
                data = (self._clipboard.data(found) or b"").replace(b"\0", b"")
                return _VSCODE_LINE in data.replace(b" ", b"")
        return False
