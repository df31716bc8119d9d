"""The part of the page Keys that installs and removes Harken's extension on GNOME."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QPushButton, QWidget

from reader.errors import HarkenError
from reader.gnome_shell import install
from reader.gnome_shell.sentences import sentence
from reader.gnome_shell.state import ShellState, Status
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.section import Section


class GnomeExtension(Section):
    """GUI thread."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Extension for GNOME"), parent)
        self._bridge = bridge
        told = translate(
            "ui",
            "With its extension, Harken gets its keys without a dialog, Esc stops reading, and"
            " Harken knows in which window you selected text.",
        )
        self.add_text(told)
        self._state = self.add_text("")
        self._install = QPushButton(translate("ui", "&Install the extension"), self)
        self._remove = QPushButton(translate("ui", "Re&move the extension"), self)
        for button in (self._install, self._remove):
            button.setAutoDefault(True)
            button.setEnabled(False)
        self._install.clicked.connect(lambda: self._do(install.install))
        self._remove.clicked.connect(lambda: self._do(_removed))
        self.add_buttons(self._install, self._remove)
        self.follow()

    def follow(self) -> None:
        """Show its current state."""
        self._bridge.ask(lambda _: install.state(), self._show)

    def _do(self, work: Callable[[], Awaitable[ShellState]]) -> None:
        for button in (self._install, self._remove):
            button.setEnabled(False)
        self._bridge.ask(lambda _: work(), self._done)

    def _done(self, answer: ShellState | HarkenError) -> None:
        self._show(answer)
        self.say(self._state.text())

    def _show(self, answer: ShellState | HarkenError) -> None:
        if isinstance(answer, HarkenError):  # so that it can be tried again
            self._state.setText(answer.sentence)
            self._install.setEnabled(True)
        else:
            self._state.setText(sentence(answer))
            self._install.setEnabled(answer.status in (Status.NOT_INSTALLED, Status.OFF))
        self._remove.setEnabled(install.installed_version() > 0)


async def _removed() -> ShellState:
    """Remove it, and return its state. Raises DesktopError."""
    await install.remove()
    return await install.state()
