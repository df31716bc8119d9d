"""First steps: choose a voice by ear, try the key, choose whether Harken starts at login.

Shown once to a new user, and again through the menu. Without a screen reader, the window reads out what it shows when
it opens, and then each control that gets the focus. If a screen reader runs, it does that, and Harken is silent until
the user asks for something.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from reader.core import first_time
from reader.core.app import App
from reader.core.sample_reading import speak_sample
from reader.errors import HarkenError
from reader.flow import CapturedText, Command, Event, KeysChanged, ScreenReaderChanged, SettingChanged, Source, Voice
from reader.support import i18n
from reader.support.i18n import translate
from ui.announce import unannounced
from ui.bridge import Bridge
from ui.get_voices.offer import OfferButton
from ui.icons import icon
from ui.languages import user_languages, voice_name
from ui.permission_step import PermissionStep, is_allowed
from ui.raise_window import bring_to_front
from ui.step import Step, label

_ACCESSIBILITY = "reading.enable_accessibility"
_SAMPLE_ROWS = 3
_BETWEEN_PX = 12
# Room for a window manager's frame.
_TITLE_PX = 48


class FirstSteps(QDialog):
    """GUI thread. Esc, Done and closing it all do the same: it is not shown by itself again.

    A dialog, because screen readers speak all of its text when it opens.
    """

    settings_wanted = Signal()
    help_wanted = Signal()
    voices_wanted = Signal()

    def __init__(self, bridge: Bridge, has_screen_reader: Callable[[], bool]) -> None:
        """`has_screen_reader` answers whether one runs."""
        super().__init__()
        self._bridge = bridge
        self._has_screen_reader = has_screen_reader
        self.setWindowTitle(translate("ui", "First steps with Harken"))
        self.setWindowIcon(icon("harken"))
        self._steps = QWidget(self)
        self._intro = label("", self._steps)
        rows = QVBoxLayout(self._steps)
        rows.setSpacing(_BETWEEN_PX)
        rows.addWidget(self._intro)
        rows.addWidget(self._make_voices())
        rows.addWidget(self._make_trial())
        self._login = QCheckBox(translate("ui", "3. Start Harken at &login"), self._steps)
        self._login.clicked.connect(lambda is_on: bridge.change("system.start_at_login", is_on))
        rows.addWidget(self._login)
        self._programs = QCheckBox(translate("ui", "4. Ask &all programs to report their text"), self._steps)
        self._programs.clicked.connect(lambda is_on: bridge.change(_ACCESSIBILITY, is_on))
        self._programs_hint = label(
            translate("ui", "Some, such as Firefox, report it only when the desktop's accessibility is on."),
            self._steps,
        )
        self._programs.setAccessibleDescription(self._programs_hint.text())
        for part in (self._programs, self._programs_hint):
            rows.addWidget(part)
            part.hide()  # until it is known to be off
        self._permission: PermissionStep | None = None  # until it is known to be missing
        rows.addStretch(1)
        self._scroll = QScrollArea(self)  # for small screens; the buttons stay in view
        self._scroll.setWidget(self._steps)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(self._scroll)
        self._whole.addLayout(self._make_buttons())
        self._follow()
        bridge.happened.connect(self._on_event)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)

    def _make_voices(self) -> QWidget:
        box = Step(translate("ui", "1. Choose a voice"), self._steps)
        self._voice_hint = label("", box)
        self._voices = box.rows
        self._voices.addWidget(self._voice_hint)
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_voice)
        self._show_voices([])
        self._more_voices = OfferButton(self._bridge, box)
        self._more_voices.clicked.connect(self.voices_wanted)
        box.rows.addWidget(self._more_voices, 0, Qt.AlignmentFlag.AlignLeading)
        return box

    def _make_trial(self) -> QWidget:
        box = Step(translate("ui", "2. Try the key"), self._steps)
        self._key_hint = label("", box)
        self._key_hint.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
        )  # may contain a command line to copy
        self.sample = QPlainTextEdit(box)
        self.sample.setReadOnly(True)
        self.sample.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.sample.setTabChangesFocus(True)
        # By default plain text is on the left in every language.
        option = self.sample.document().defaultTextOption()
        option.setAlignment(QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft))
        self.sample.document().setDefaultTextOption(option)
        self.sample.setAccessibleName(translate("ui", "Sample text"))
        self.sample.setFixedHeight(self.fontMetrics().lineSpacing() * _SAMPLE_ROWS + 12)
        box.rows.addWidget(self._key_hint)
        box.rows.addWidget(self.sample)
        return box

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        settings = QPushButton(translate("ui", "S&ettings…"), self)
        settings.clicked.connect(self._on_settings)
        helping = QPushButton(translate("ui", "&Help"), self)
        helping.clicked.connect(self.help_wanted)
        done = QPushButton(translate("ui", "&Done"), self)
        done.setDefault(True)
        for button in (settings, helping):
            button.setAutoDefault(False)
        done.clicked.connect(self.close)
        row.addWidget(settings)
        row.addWidget(helping)
        row.addStretch(1)
        row.addWidget(done)
        return row

    # ---- voices ----

    def _show_voices(self, voices: list[Voice] | HarkenError) -> None:
        """Offer a few: the settings have all."""
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
            button = QRadioButton(name, self._voices.parentWidget())
            button.setProperty("voice", voice_id)
            button.setChecked(voice_id == chosen)
            self._group.addButton(button)
            self._voices.insertWidget(self._voices.indexOf(self._voice_hint) + 1 + len(before), button)
            button.show()  # Qt would do so later, and it takes up no room until then
            if before:
                self.setTabOrder(before[-1], button)  # it was created after the widgets below it
            before.append(button)
        for button in before:  # Tab reaches only the checked one; Qt would update that only when the choice changes
            is_met = button.isChecked()
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_met else Qt.FocusPolicy.ClickFocus)

    def _on_voices(self, voices: list[Voice] | HarkenError) -> None:
        self._show_voices(voices)
        self._fit()
        self._more_voices.look([] if isinstance(voices, HarkenError) else voices)

    @Slot(QRadioButton)
    def _on_voice(self, button: QRadioButton) -> None:
        """A screen reader speaks the one that the arrow keys reach: then only the space bar plays it."""
        voice_id = str(button.property("voice"))
        is_heard = voice_id == self._bridge.settings.text("voice.id") or not self._has_screen_reader()

        async def choose(app: App) -> None:
            if voice_id != app.settings.text("voice.id"):
                await app.change("voice.id", voice_id)
            if is_heard:
                speak_sample(app)

        self._bridge.ask(choose, self._bridge.tell_refusal)

    # ---- accessibility ----

    def _on_facts(self, facts: tuple[bool | None, bool | None] | HarkenError) -> None:
        """Offer the choice if it is off and can be switched on. Without a screen reader, speak what is shown then."""
        is_on, is_given = (None, None) if isinstance(facts, HarkenError) else facts
        self._follow_permission(is_given)
        if is_on is False and self._programs.isHidden():
            self._programs.show()
            self._programs_hint.show()
            self._fit()
        if not self._has_screen_reader():
            self._speak(self.told())

    def _follow_permission(self, is_given: bool | None) -> None:
        """The step is only created for those who need it: screen readers find hidden widgets, too."""
        if self._permission is None and is_given is False:
            self._permission = PermissionStep(self._bridge, self._steps)
            self._permission.changed.connect(self._fit)
            self._permission.given.connect(self._on_permission)
            rows = self._steps.layout()
            assert isinstance(rows, QVBoxLayout)
            rows.insertWidget(rows.count() - 1, self._permission)
            self._permission.show()  # Qt would do so later, and it takes up no room until then
            self.setTabOrder(self._programs, self._permission.button)  # it was created after the widgets below it
        if self._permission and is_given is not None:
            self._permission.follow(is_given)

    @Slot(str)
    def _on_permission(self, sentence: str) -> None:
        if not self._has_screen_reader():
            self._speak(sentence)

    # ---- what happens ----

    def open(self) -> None:
        """Show the window, and speak its text."""
        self._bridge.find_voices(self._on_voices, waits=True)
        self._follow()
        self._fit()
        bring_to_front(self)
        self._group.buttons()[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._bridge.ask(_facts, self._on_facts)

    def _fit(self) -> None:
        """Grow to the size of the steps, within the screen."""
        for part in (*self.findChildren(Step), self._steps):  # otherwise new widgets only count later
            if layout := part.layout():
                layout.invalidate()
                layout.activate()
        place = self.screen().availableGeometry()
        around = self._whole.contentsMargins()
        width = min(self._steps.sizeHint().width() + self._scroll.verticalScrollBar().sizeHint().width(), place.width())
        height = max(self._steps.heightForWidth(width), self._steps.sizeHint().height())
        height += sum(row.sizeHint().height() for row in self.findChildren(QPushButton)[-1:])
        height += around.top() + around.bottom() + 2 * _BETWEEN_PX
        most = place.size() - QSize(2 * _BETWEEN_PX, _TITLE_PX)
        self.resize(QSize(width + around.left() + around.right(), height).boundedTo(most))

    def _speak(self, text: str) -> None:
        async def speak(app: App) -> None:
            app.speak(CapturedText(text, Source.GIVEN), is_users=False, language=i18n.language())

        self._bridge.ask(speak, lambda _: None)

    def told(self) -> str:
        """What it speaks: the visible texts, in order."""
        titles = [step.title.text() for step in self.findChildren(Step)]
        shown = [self._intro.text(), titles[0], self._voice_hint.text(), titles[1], self._key_hint.text()]
        shown.append(self._login.text().replace("&", ""))
        if not self._programs.isHidden():
            shown += [self._programs.text().replace("&", ""), self._programs_hint.text()]
        shown += self._permission.told() if self._permission else []
        return "\n".join(text if text.endswith((".", "…")) else f"{text}." for text in shown)

    @Slot(QWidget, QWidget)
    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        """Keep the focused control in view, and speak its name if no screen reader does."""
        if now is None or not self.isAncestorOf(now):
            return
        if self._steps.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now)
        came_by_key = before is not None and self.isAncestorOf(before) and not QApplication.mouseButtons()
        if came_by_key and not isinstance(now, QRadioButton) and not self._has_screen_reader():
            self._speak(self._said_of(now))

    def _said_of(self, widget: QWidget) -> str:
        if widget is self.sample:
            return self._key_hint.text()
        if isinstance(widget, QAbstractButton):
            name = widget.text().replace("&", "").rstrip("…")
            state = translate("ui", "on") if widget.isChecked() else translate("ui", "off")
            return f"{name}: {state}." if widget.isCheckable() else f"{name}."
        return widget.accessibleName()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged | KeysChanged | ScreenReaderChanged):
            self._follow()

    def _follow(self) -> None:
        settings = self._bridge.settings
        self._login.setChecked(settings.switch("system.start_at_login"))
        self._programs.setChecked(settings.switch(_ACCESSIBILITY))
        key = self._bridge.keys.names.get(Command.READ_SELECTION)
        intro = translate("ui", "Harken reads aloud what you select in any program.")
        press = translate("ui", "Press {key} to hear it.").format(key=key) if key else ""
        leave = translate("ui", "Press Esc to skip this. You can find it again in Harken's menu.")
        self._intro.setText(" ".join(filter(None, (intro, press, leave))))
        self._voice_hint.setText(
            translate("ui", "Choose one with the arrow keys. Press the space bar to hear it.")
            if self._has_screen_reader()
            else translate("ui", "Each voice says a sentence when you choose it.")
        )
        self._key_hint.setText(self._hint_of(key))
        self._show_sample(has_key=bool(key))
        self.sample.setAccessibleDescription(self._key_hint.text())
        for button in self._group.buttons():
            if button.property("voice") == settings.text("voice.id"):
                button.setChecked(True)

    def _hint_of(self, key: str | None) -> str:
        """How to have the sample read: a key is only named if the desktop has granted it."""
        if key:
            return translate("ui", "The text below is selected. Press {key}.").format(key=key)
        if self._bridge.keys.is_asking:
            return translate(
                "ui", "Your desktop is asking whether Harken may use keys. Allow it there to make them work."
            )
        without = translate(
            "ui", "No key is set. Choose “Read selection” in Harken's menu, or set a key in the settings."
        )
        why, advice = self._bridge.keys.refused.get(Command.READ_SELECTION, ""), self._bridge.keys.advice
        if not (why and advice):
            return why or without
        return f"{why} {advice} {translate('ui', 'Then try the key here: it reads the text below.')}"

    def _show_sample(self, *, has_key: bool) -> None:
        """It stays selected; so does what the user has selected in it, as long as the text stays the same."""
        text = translate("ui", "This text is selected. Harken reads what you select, in every program.")
        if has_key:
            text = translate(
                "ui",
                "This text is selected, and the key reads it aloud. Press the key again to stop. It works the "
                "same way in every program.",
            )
        if text != self.sample.toPlainText():
            with unannounced():
                self.sample.setPlainText(text)
                self.sample.selectAll()

    @Slot()
    def _on_settings(self) -> None:
        self.close()
        self.settings_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc closes it, Return means Done."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """It has been seen; stop speaking."""
        first_time.note_first_steps()
        self._bridge.handle(Command.STOP)
        event.accept()


async def _facts(app: App) -> tuple[bool | None, bool | None]:
    """Whether the desktop's accessibility is on, and Harken may see other programs; None if there is no choice."""
    is_on = await app.desktop.accessibility.is_on() if app.desktop.accessibility else None
    return is_on, await is_allowed(app)
