"""What copying a selection has to know of Windows: the formats of its clipboard, and where Ctrl+C must not be pressed.

No I/O here; `windows_clipboard.py` does what is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reader.capture.base import LIMIT_CHARS
from reader.capture.copying import Copying, Format
from reader.errors import CaptureError
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

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
MARKS = {
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


def may_copy(window: Window) -> None:
    """Raises CaptureError for a window in which Ctrl+C must not be pressed, or would hand over a secret."""
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
        """Whether nothing was selected, and an editor has copied the line of its cursor."""
        for found in formats:
            if found.name in _LINE_MARKS:
                return True
            if found.name == _VSCODE:
                data = (self._clipboard.data(found) or b"").replace(b"\0", b"")
                return _VSCODE_LINE in data.replace(b" ", b"")
        return False
