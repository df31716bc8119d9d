"""First steps: choose a voice by hearing it, try the key, choose whether Harken starts at login.

Shown once, to somebody new, and again when the menu's entry asks for it. What the window says is what it shows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from reader import words
from reader.app import App
from reader.errors import HarkenError
from reader.flow import CapturedText, Command, PlaybackEvent, SettingChanged, Source, Voice
from reader.settings.paths import settings_file, state_folder
from reader.settings.schema import key_setting
from reader.words import translate
from ui.bridge import Bridge
from ui.front import bring_to_front
from ui.icons import icon
from ui.languages import user_languages, voice_name

log = logging.getLogger(__name__)

_SHOWN = "first-steps-shown"
_SAMPLE_ROWS = 3
_WIDTH_CHARS = 64
_BETWEEN_PX = 12


def is_due() -> bool:
    """Whether nobody has seen it: a new user, who has set nothing yet. Ask before the core starts."""
    return not (state_folder() / _SHOWN).exists() and not settings_file().exists()


def _note_shown() -> None:
    try:
        state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        (state_folder() / _SHOWN).touch()
    except OSError as error:
        log.warning("first steps: %s", error)


class FirstSteps(QWidget):
    """GUI thread. Esc, Done and closing it are the same: it is not shown by itself again."""

    settings_wanted = Signal()
    help_wanted = Signal()

    def __init__(self, bridge: Bridge, say: Callable[[str], bool]) -> None:
        """`say` says a text through the screen reader, or answers that none runs."""
        super().__init__()
        self._bridge = bridge
        self._say = say
        self.setWindowTitle(translate("ui", "First steps with Harken"))
        self.setWindowIcon(icon("harken"))
        self._intro = _label(
            translate(
                "ui",
                "Harken reads aloud what you select in any program. Esc leaves these steps; you find them again in"
                " Harken's menu.",
            ),
            self,
        )
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(_BETWEEN_PX)
        self._rows.addWidget(self._intro)
        self._rows.addWidget(self._make_voices())
        self._rows.addWidget(self._make_trial())
        self._login = QCheckBox(translate("ui", "3. Start Harken at &login"), self)
        self._login.clicked.connect(lambda is_on: bridge.change("system.start_at_login", is_on))
        self._rows.addWidget(self._login)
        self._rows.addLayout(self._make_buttons())
        self._follow()
        bridge.happened.connect(self._on_event)

    def _make_voices(self) -> QWidget:
        box = QGroupBox(translate("ui", "1. Choose a voice"), self)
        self._voice_hint = _label(translate("ui", "Each one says a sentence when you choose it."), box)
        self._voices = QVBoxLayout(box)
        self._voices.addWidget(self._voice_hint)
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_voice)
        self._show_voices([])
        return box

    def _make_trial(self) -> QWidget:
        box = QGroupBox(translate("ui", "2. Try the key"), self)
        self._key_hint = _label("", box)
        self.sample = QPlainTextEdit(box)
        self.sample.setReadOnly(True)
        self.sample.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.sample.setTabChangesFocus(True)
        self.sample.setPlainText(
            translate(
                "ui",
                "This text is selected, and the key reads it. Press the key again while it is read, and it stops."
                " It is the same in every program.",
            )
        )
        # By itself a plain text is at the left in every language.
        option = self.sample.document().defaultTextOption()
        option.setAlignment(QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft))
        self.sample.document().setDefaultTextOption(option)
        self.sample.selectAll()
        self.sample.setAccessibleName(translate("ui", "Sample text"))
        self.sample.setFixedHeight(self.fontMetrics().lineSpacing() * _SAMPLE_ROWS + 12)
        rows = QVBoxLayout(box)
        rows.addWidget(self._key_hint)
        rows.addWidget(self.sample)
        return box

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        settings = QPushButton(translate("ui", "S&ettings…"), self)
        settings.clicked.connect(self._on_settings)
        helping = QPushButton(translate("ui", "&Help"), self)
        helping.clicked.connect(self.help_wanted)
        done = QPushButton(translate("ui", "&Done"), self)
        done.setDefault(True)
        done.clicked.connect(self.close)
        row.addWidget(settings)
        row.addWidget(helping)
        row.addStretch(1)
        row.addWidget(done)
        return row

    # ---- voices ----

    def _show_voices(self, voices: list[Voice] | HarkenError) -> None:
        """Offer few: the settings have all."""
        offered = {"": translate("ui", "&Automatic: by the text's language")}
        if not isinstance(voices, HarkenError):
            language = user_languages(self._bridge.settings.text("voice.expected_language"))[0]
            by_engine = {voice.engine: voice for voice in reversed(voices) if voice.language == language}
            offered |= {voice.id: voice_name(voice) for voice in reversed(by_engine.values())}
        chosen = self._bridge.settings.text("voice.id")
        before = self._group.buttons()
        for button in before:
            offered.pop(button.property("voice"), None)
        for voice_id, name in offered.items():
            button = QRadioButton(name, self)
            button.setProperty("voice", voice_id)
            button.setChecked(voice_id == chosen)
            self._group.addButton(button)
            self._voices.addWidget(button)
            if before:
                self.setTabOrder(before[-1], button)  # it was made after what stands below
            before.append(button)

    @Slot(QRadioButton)
    def _on_voice(self, button: QRadioButton) -> None:
        voice_id = str(button.property("voice"))

        async def choose(app: App) -> None:
            await app.change("voice.id", voice_id)
            app.speak_sample()

        self._bridge.ask(choose, self._bridge.tell_refusal)

    # ---- what happens ----

    def open(self) -> None:
        """Show it, and say what it shows."""
        self._bridge.find_voices(self._show_voices, waits=True)
        self._follow()
        bring_to_front(self)
        self._group.buttons()[0].setFocus()
        if not self._say(told := self.told()):

            async def speak(app: App) -> None:
                app.speak(CapturedText(told, Source.GIVEN), is_users=False, language=words.language())

            self._bridge.ask(speak, lambda _: None)

    def told(self) -> str:
        """What it says: the texts it shows, in their order."""
        titles = [box.title() for box in self.findChildren(QGroupBox)]
        shown = [self._intro.text(), titles[0], self._voice_hint.text(), titles[1], self._key_hint.text()]
        shown.append(self._login.text().replace("&", ""))
        return "\n".join(text if text.endswith((".", "…")) else f"{text}." for text in shown)

    @Slot(object)
    def _on_event(self, event: PlaybackEvent) -> None:
        if isinstance(event, SettingChanged):
            self._follow()

    def _follow(self) -> None:
        settings = self._bridge.settings
        self._login.setChecked(settings.switch("system.start_at_login"))
        chord = settings.text(key_setting(Command.READ_SELECTION))
        hint = translate("ui", "The text below is selected. Press {key}.").format(key=chord)
        without = translate(
            "ui", "No key is set. Choose “Read selection” in Harken's menu, or set a key in the settings."
        )
        self._key_hint.setText(hint if chord else without)
        for button in self._group.buttons():
            if button.property("voice") == settings.text("voice.id"):
                button.setChecked(True)

    @Slot()
    def _on_settings(self) -> None:
        self.close()
        self.settings_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves it, Return is Done."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """It has been seen, and falls silent."""
        _note_shown()
        self._bridge.handle(Command.STOP)
        event.accept()


def _label(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumWidth(label.fontMetrics().averageCharWidth() * _WIDTH_CHARS)
    return label
