"""The settings page for a speech server: its settings, its key, and a voice to hear and choose.

Nothing here contacts the server until the user wants that.
"""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from reader.core.app import App
from reader.credentials.account import Kept, Keyring
from reader.errors import HarkenError
from reader.flow import Event, SettingChanged
from reader.settings.setting import Page
from reader.support.i18n import translate
from reader.voices import registry
from ui.bridge import Bridge
from ui.settings.page import SettingsPage
from ui.settings.section import ReportField, Section

_ANY_VOICE = "server/"


class ServerPage(SettingsPage):
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(Page.SERVER, bridge)
        bridge.started.connect(self._refresh_if_shown)

    def build(self) -> None:
        self._privacy = self.add_paragraph("")
        self.add_settings()
        self.key = KeySection(self.bridge, self.inside)
        self.voice = VoiceSection(self.bridge, self.inside)
        for section in (self.key, self.voice):
            self.rows.addWidget(section)
        self._follow()

    def on_event(self, event: Event) -> None:
        super().on_event(event)
        if isinstance(event, SettingChanged) and event.key in ("voice.id", "server.url"):
            self._follow()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Check what may have changed meanwhile."""
        super().showEvent(event)
        self.key.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Drop a key that was typed but not stored."""
        super().hideEvent(event)
        self.key.line.clear()

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self.key.refresh()

    def _follow(self) -> None:
        settings = self.bridge.settings
        text = translate("ui", "The speech server is not chosen, so none of your text is sent to it.")
        if registry.service_of(settings.text("voice.id")) is registry.SERVER:
            text = translate("ui", "The speech server is chosen: the text it reads aloud is sent to {address}.")
            text = text.format(address=settings.text("server.url"))
        more = translate(
            "ui", "A speech server is a program with OpenAI's interface for speech, on this computer or another one."
        )
        self._privacy.setText(f"{more} {text}")


class KeySection(Section):
    """The server's key, in the system's keyring. GUI thread."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "The server's key"), parent)
        self._bridge = bridge
        self.add_text(translate("ui", "Only if the server requires one. A server on your own computer rarely does."))
        self.report = ReportField(translate("ui", "Keyring"), self)
        self.rows.addWidget(self.report)
        self.line = QLineEdit(self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.returnPressed.connect(self._keep)
        self.add_fields((translate("ui", "&Key:"), translate("ui", "The server's key"), self.line))
        self.keep = QPushButton(translate("ui", "St&ore in the keyring"), self)
        self.keep.clicked.connect(self._keep)
        self.remove = QPushButton(translate("ui", "&Remove from the keyring"), self)
        self.remove.clicked.connect(self._remove)
        self.remove.hide()
        self.add_buttons(self.keep, self.remove)
        self.report.show_lines([translate("ui", "Checking the keyring…")])

    def refresh(self) -> None:
        """Check what the keyring holds, without asking for its password."""
        self._bridge.ask(lambda app: app.credentials.kept(registry.SERVER.title), self._show)

    def _keep(self) -> None:
        key = self.line.text().strip()

        async def keep(app: App) -> Kept:
            await app.credentials.save_key(registry.SERVER.title, key)
            app.renew_account()
            return await app.credentials.kept(registry.SERVER.title)

        self._bridge.ask(keep, self._kept)

    def _kept(self, kept: Kept | HarkenError) -> None:
        if isinstance(kept, HarkenError):
            self._tell([kept.sentence])
            self.bring(self.line)
            return
        self.line.clear()
        self._show(kept)
        self.say(self.report.toPlainText())

    def _remove(self) -> None:
        async def forget(app: App) -> Kept:
            await app.credentials.forget(registry.SERVER.title)
            app.renew_account()
            return await app.credentials.kept(registry.SERVER.title)

        self.bring(self.line)  # the button is about to be hidden, and would lose the focus
        self._bridge.ask(forget, self._kept)

    def _show(self, kept: Kept | HarkenError) -> None:
        self.report.show_lines([kept.sentence if isinstance(kept, HarkenError) else _told(kept)])
        has_key = isinstance(kept, Kept) and kept.keyring is Keyring.HAS_KEYS
        has_keyring = isinstance(kept, Kept) and kept.keyring is not Keyring.NONE
        self.remove.setVisible(has_key)
        for widget in (self.line, self.keep):
            widget.setEnabled(has_keyring)

    def _tell(self, lines: list[str]) -> None:
        self.report.show_lines(lines)
        self.say(" ".join(lines))


def _told(kept: Kept) -> str:
    if kept.keyring is Keyring.NONE:
        return translate("ui", "There is no keyring here to keep keys in: {why}.").format(why=kept.why)
    if kept.keyring is Keyring.EMPTY:
        return translate("ui", "The keyring has no key for the server.")
    if kept.key_ending:
        return translate("ui", "The keyring has the server's key: {ending}.").format(ending=kept.key_ending)
    return translate("ui", "The keyring has the server's key.")


class VoiceSection(Section):
    """The server's voice: heard, and chosen. GUI thread."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "The server's voice"), parent)
        self._bridge = bridge
        self.hear = QPushButton(translate("ui", "Hear a sam&ple"), self)
        self.hear.clicked.connect(self._hear)
        self.use = QPushButton(translate("ui", "&Use this voice"), self)
        self.use.clicked.connect(self._use)
        self.add_buttons(self.hear, self.use)
        self.status = self.add_text("")

    def _hear(self) -> None:
        self._bridge.hear(_ANY_VOICE, self._heard)

    def _heard(self, answer: int | HarkenError) -> None:
        if isinstance(answer, HarkenError):
            self._tell(answer.sentence)

    def _use(self) -> None:
        self._bridge.change("voice.id", _ANY_VOICE, self._used)

    def _used(self, error: HarkenError | None) -> None:
        told = translate("ui", "From now on, the server's voice reads, and the text is sent to {address}.")
        address = self._bridge.settings.text("server.url")
        self._tell(error.sentence if error else told.format(address=address))

    def _tell(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.say(sentence)
