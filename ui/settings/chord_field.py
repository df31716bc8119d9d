"""The field for a hotkey: when pressed, it waits for the command's new chord.

Meanwhile the keyboard is grabbed, so that other programs' keys arrive too, and Harken releases its own. Both end with
the chord, with Esc or Tab, when the window loses the focus, and after some seconds in any case.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from reader.errors import HarkenError
from reader.settings.setting import Setting, Value
from reader.support.i18n import translate
from ui.announce import announce
from ui.bridge import Bridge
from ui.settings.chord_names import MODIFIER_KEYS, chord_name, modifiers
from ui.settings.field import Field, LabelPlace

_LIMIT_MS = 8000
# After this time the core takes its keys again, even if the window can't tell it to.
_CORE_LIMIT_S = 15.0
_WIDTH_PX = 170  # so that the buttons line up
_CLEAR = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class ChordField(Field):
    """A chord, recorded."""

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(setting, bridge, parent)
        self._of_desktop = ""  # the sentence of `say_of_desktop`
        self.button = ChordButton(self)
        self.button.began.connect(self._begin)
        self.button.ended.connect(self._over)
        self.button.pressed_chord.connect(self.change)
        self.button.not_pressed.connect(self._nothing_came)
        self.button.setMinimumWidth(_WIDTH_PX)
        self.place(self.button, label=LabelPlace.BEFORE, is_wide=False)

    def meaning(self) -> str:
        """Shown once per page, by the page; a screen reader speaks it with each field."""
        return ""

    def show_value(self, value: Value) -> None:
        told = self.told(value)
        self.button.show_chord(told)
        self.button.setAccessibleName(translate("ui", "{name}: {value}").format(name=self.name, value=told))

    def told(self, value: Value) -> str:
        return str(value) or translate("ui", "None")

    def send(self, value: Value) -> None:
        """A chord that another program uses is refused, and the old one stays."""
        self.bridge.change_chord(self.setting.key, str(value), self.answered)

    def answered(self, error: HarkenError | None) -> None:
        """While recording, the focus does not move, so nothing else would announce the new chord."""
        super().answered(error)
        if not error:
            self.say(self._of_desktop, is_news=False)
            announce(self.button, self.button.accessibleName())

    def say_of_desktop(self, sentence: str) -> None:
        """Show why the desktop gave no key, or which one instead; "" clears that. A notice has already said it."""
        if sentence or self._of_desktop:
            self.say(sentence, is_news=False)
        self._of_desktop = sentence

    def description(self) -> str:
        how = translate("ui", "Press Space and then the new keys. Esc cancels, Delete removes the keys.")
        return " ".join(filter(None, (super().description(), how)))

    def _begin(self) -> None:
        self.say("")
        self.bridge.let_go_of_keys(_CORE_LIMIT_S)
        waiting = translate("ui", "{name}: {value}").format(name=self.name, value=self.button.text())
        self.button.setAccessibleName(waiting)
        announce(self.button, self.button.text())

    def _over(self) -> None:
        self.bridge.take_keys_again()
        self.follow()

    def _nothing_came(self) -> None:
        self.say(
            translate(
                "ui", "Harken received no key. If you pressed one, another program has taken it. Choose other keys."
            )
        )


class ChordButton(QPushButton):
    """Shows a chord, and records a new one. GUI thread."""

    began = Signal()
    ended = Signal()  # for whatever reason; the chord is sent afterwards
    pressed_chord = Signal(str)  # "" for none
    not_pressed = Signal()  # nothing within the time limit

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown = ""
        self._is_recording = False
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(_LIMIT_MS)
        self._limit.timeout.connect(self._give_up)
        self.setAutoDefault(True)
        self.clicked.connect(self._record)

    def show_chord(self, chord: str) -> None:
        """Show the current chord."""
        self._shown = chord
        if not self._is_recording:
            self.setText(chord)

    def _record(self) -> None:
        if self._is_recording:
            return
        self._is_recording = True
        self.setText(translate("ui", "Press the keys…"))
        self.grabKeyboard()
        self._limit.start()
        self.began.emit()

    def _end(self) -> None:
        if self._is_recording:
            self._is_recording = False
            self._limit.stop()
            self.releaseKeyboard()
            self.setText(self._shown)
            self.ended.emit()

    def _give_up(self) -> None:
        self._end()
        self.not_pressed.emit()

    def event(self, event: QEvent) -> bool:
        """While recording, no key is a shortcut of the window."""
        if self._is_recording and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Delete removes the chord even when not recording."""
        if event.key() in _CLEAR and not modifiers(event):
            self.pressed_chord.emit("")
        else:
            super().keyPressEvent(event)

    def _take(self, event: QKeyEvent) -> None:
        """Handle a key while recording."""
        is_alone = not modifiers(event)
        if event.isAutoRepeat():
            return
        if event.key() in MODIFIER_KEYS:
            self._limit.start()
        elif is_alone and event.key() == Qt.Key.Key_Escape:
            self._end()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and set(modifiers(event)) <= {"Shift"}:
            self._end()
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
        else:
            chord = "" if is_alone and event.key() in _CLEAR else chord_name(event)
            is_named = bool(chord) or event.key() in _CLEAR
            self._end()
            if is_named:
                self.pressed_chord.emit(chord)
            else:
                self.not_pressed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """The focus has moved elsewhere."""
        self._end()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """The window was closed, or another page shown."""
        self._end()
        super().hideEvent(event)
