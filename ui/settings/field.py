"""What all kinds of fields share: a name, a description, a reset button, and why a change was refused.

A field shows the current value. A change is sent to the core at once; if the core refuses it, the field says why and
shows the old value again.
"""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from reader.errors import HarkenError, SettingsError
from reader.settings.setting import Setting, Value
from reader.support.i18n import translate
from ui.announce import announce
from ui.bridge import Bridge

FRAME_PX = 6


class LabelPlace(Enum):
    """Where a field's name goes."""

    ABOVE = auto()
    BEFORE = auto()
    BEHIND = auto()


class Field(QWidget):
    """One setting in a window. GUI thread.

    Each subclass creates its `control`, passes it to `place`, shows values in `show_value` and calls `change` when the
    user has chosen a new one.
    """

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.bridge = bridge
        self.name = translate("settings", setting.label)
        self.label = NameLabel(self.name, self)
        self.control: QWidget = self
        self._controls: list[QWidget] = []
        self._summary = _wrapping(self.meaning(), self)
        self._message = _wrapping("", self)
        self._message.hide()
        self._reset = QPushButton(translate("ui", "Reset"), self)
        self._reset.setAutoDefault(True)  # Return presses it too
        self._reset.clicked.connect(self.reset)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(FRAME_PX, FRAME_PX, FRAME_PX, FRAME_PX)
        self._rows.setSpacing(4)

    # ---- for subclasses ----

    def meaning(self) -> str:
        """A sentence that describes the setting."""
        return "" if self.setting.summary == self.setting.label else translate("settings", self.setting.summary)

    def show_value(self, value: Value) -> None:
        """Show a value, without changing the setting."""

    def told(self, value: Value) -> str:
        """A value in words."""
        return str(value) or translate("ui", "automatic")

    def place(self, *controls: QWidget, label: LabelPlace = LabelPlace.ABOVE, is_wide: bool = True) -> None:
        """Lay out the controls, the first of which gets the focus, next to the label. A wide one fills the row."""
        self.control, self._controls = controls[0], list(controls)
        row = QHBoxLayout()
        if label is LabelPlace.ABOVE:
            self._rows.addWidget(self.label)
        elif label is LabelPlace.BEFORE:
            row.addWidget(self.label, 1)
        for control in controls:
            row.addWidget(control, 1 if is_wide and control is controls[0] else 0)
        if label is LabelPlace.BEHIND:
            row.addWidget(self.label, 1)
        elif not is_wide and label is LabelPlace.ABOVE:
            row.addStretch(1)
        below = QHBoxLayout()  # the reset button takes no width from the controls
        below.addWidget(self._summary, 1)
        if not self._summary.text():
            self._summary.hide()
            below.addStretch(1)
        below.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignTop)
        self._rows.addLayout(row)
        self._rows.addLayout(below)
        self._rows.addWidget(self._message)
        self.label.setBuddy(self.control)
        self.setFocusProxy(self.control)
        for control in controls:
            control.setAccessibleName(self.name)
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            control.installEventFilter(self)
        for before, after in zip(controls, [*controls[1:], self._reset], strict=True):
            QWidget.setTabOrder(before, after)
        self._describe()
        self.follow()

    def change(self, value: Value) -> None:
        """The user has chosen a value."""
        try:
            checked = self.setting.check(value)
        except SettingsError as error:
            self.refuse(error.sentence)
            return
        if checked == self.value:
            self.say("")
            self.follow()
        else:
            self.send(checked)

    def send(self, value: Value) -> None:
        """Ask the core to change the setting."""
        self.bridge.change(self.setting.key, value, self.answered)

    def answered(self, error: HarkenError | None) -> None:
        """The core has changed the setting, or has refused to."""
        if error:
            self.refuse(error.sentence)
        else:
            self.say("")
            self.follow()

    def refuse(self, sentence: str) -> None:
        """Show the old value again, and why."""
        self.follow()
        self.say(sentence)

    # ---- for the page ----

    @property
    def value(self) -> Value:
        """The current value."""
        return self.bridge.settings.get(self.setting.key)

    @property
    def is_default(self) -> bool:
        """Whether the current value is the default."""
        return self.value == self.setting.default

    def follow(self) -> None:
        """Show the current value, no matter what changed it."""
        self.show_value(self.value)
        self._offer_reset()

    def show_now(self, value: Value) -> None:
        """Show a value that already applies and will be stored soon."""
        self.show_value(value)
        self._offer_reset(value != self.setting.default)

    def _offer_reset(self, is_offered: bool | None = None) -> None:
        is_offered = not self.is_default if is_offered is None else is_offered
        if not is_offered and self._reset.hasFocus():
            self.control.setFocus()
        self._reset.setVisible(is_offered)
        self._reset.setAccessibleName(translate("ui", "Reset “{name}”").format(name=self.name))
        default = translate("ui", "Default: {value}").format(value=self.told(self.setting.default))
        self._reset.setToolTip(default)
        self._reset.setAccessibleDescription(default)

    def reset(self) -> None:
        """Reset to the default."""
        self.change(self.setting.default)

    def say(self, sentence: str, *, is_news: bool = True) -> None:
        """Show a sentence under the field, and have a screen reader speak it if it is news; "" removes it."""
        self._message.setText(f"⚠ {sentence}" if sentence else "")
        self._message.setVisible(bool(sentence))
        self._describe()
        if sentence and is_news:
            announce(self.control, sentence)

    @property
    def message(self) -> str:
        """The sentence shown, "" for none."""
        return self._message.text()

    def description(self) -> str:
        """What a screen reader says after the name."""
        return " ".join(filter(None, (self._message.text(), self._summary.text())))

    def _describe(self) -> None:
        for control in self._controls:
            control.setAccessibleDescription(self.description())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The wheel scrolls the page, and only changes the control with the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A frame around the focused field: styles show the focus faintly, and not at all on a box without text."""
        super().paintEvent(event)
        if any(control.hasFocus() for control in self._controls):
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            painter.end()


class NameLabel(QLabel):
    """The name of a field, which wraps; clicking it clicks the field."""

    clicked = Signal()

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


def _wrapping(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
