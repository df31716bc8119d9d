"""The button that plays a sample with the current settings; pressed again, it stops."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from reader.errors import HarkenError
from reader.flow import Command, Event, Notice, ReadingEnded
from reader.support.i18n import translate
from ui.announce import announce
from ui.bridge import Bridge


class HearIt(QWidget):
    """GUI thread. Needs every event. It reads `text`, or a sentence of its own; `about` says what the sample shows."""

    def __init__(self, bridge: Bridge, parent: QWidget, text: str = "", about: str = "") -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._text = text
        self._about = about
        self._utterance_id = 0  # of the sample being read
        self.button = QPushButton(self)
        self.button.setAccessibleDescription(
            translate("ui", "Reads a sentence with these settings. Press again to stop.")
        )
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self._on_click)
        self._message = QLabel(self)
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.hide()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.button)
        rows.addWidget(self._message)
        self._show(0)

    def on_event(self, event: Event) -> None:
        """Follow the sample."""
        if not self._utterance_id or event.utterance_id != self._utterance_id:
            return
        if isinstance(event, Notice):
            self._say(event.sentence)
        elif isinstance(event, ReadingEnded):
            self._show(0)

    def _on_click(self) -> None:
        self._say("")
        if self._utterance_id:
            self._bridge.handle(Command.STOP)
        else:
            self._bridge.hear("", self._begun, self._text)

    def _begun(self, answer: int | HarkenError) -> None:
        if isinstance(answer, HarkenError):
            self._say(answer.sentence)
        else:
            self._show(answer)

    def _show(self, utterance_id: int) -> None:
        self._utterance_id = utterance_id
        text = translate("ui", "&Stop") if utterance_id else translate("ui", "&Hear it")
        if self._about:  # one of several, which can't all have the same mnemonic
            text = text.replace("&", "")
            self.button.setAccessibleName(f"{text}: {self._about}")
        self.button.setText(text)

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))
        if sentence:
            announce(self.button, sentence)
