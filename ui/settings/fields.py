"""The fields for each kind of setting. `make_field` picks the right one."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSlider, QSpinBox, QWidget

from reader.errors import HarkenError
from reader.flow import NORMAL_WPM, SoundOutput
from reader.settings.setting import Setting, SettingKind, Value
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.chord_field import ChordField
from ui.settings.colour_field import ColourField
from ui.settings.field import Field, LabelPlace
from ui.settings.pick_fields import LanguageField, VoiceField

# Numbers with more steps than this have no slider.
_MAX_SLIDER_STEPS = 250
# While a slider is dragged, its value is sent at most this often.
_SEND_EVERY_MS = 80


class SwitchField(Field):
    """On or off."""

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(setting, bridge, parent)
        self._box = QCheckBox(self)
        self._box.clicked.connect(self.change)
        self.label.clicked.connect(self._box.click)
        self.place(self._box, label=LabelPlace.BEHIND, is_wide=False)

    def show_value(self, value: Value) -> None:
        self._box.setChecked(bool(value))

    def told(self, value: Value) -> str:
        return translate("ui", "on") if value else translate("ui", "off")


class NumberField(Field):
    """A whole number, in a spin box and, if its range is small, also a slider."""

    # The shown value is the setting's times this.
    factor = 1.0

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(setting, bridge, parent)
        low, high = round(setting.low * self.factor), int(setting.high * self.factor)
        step = max(1, round(self.step()))
        self._spin = QSpinBox(self)
        self._spin.setRange(low, high)
        self._spin.setSingleStep(step)
        self._spin.setGroupSeparatorShown(True)
        self._spin.setKeyboardTracking(False)  # a number is not final while it is being typed
        if unit := self.unit():
            self._spin.setSuffix(f" {unit}")
        self._spin.valueChanged.connect(self._chosen)
        self._slider: QSlider | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SEND_EVERY_MS)
        self._soon.timeout.connect(self._send_now)
        if (high - low) / step <= _MAX_SLIDER_STEPS:
            self._slider = QSlider(Qt.Orientation.Horizontal, self)
            self._slider.setRange(low, high)
            self._slider.setSingleStep(step)
            self._slider.setPageStep(step * 5)
            self._slider.valueChanged.connect(self._spin.setValue)
            self.place(self._slider, self._spin)
            return
        self.place(self._spin, is_wide=False)

    def step(self) -> float:
        """The step of an arrow key, as shown."""
        return self.setting.step * self.factor

    def unit(self) -> str:
        """The unit of the number."""
        return translate("settings", self.setting.unit)

    def show_value(self, value: Value) -> None:
        """What the user is choosing right now takes precedence."""
        if self._soon.isActive():
            return
        shown = round(float(value) * self.factor)
        with QSignalBlocker(self._spin):
            self._spin.setValue(shown)
        if self._slider:
            with QSignalBlocker(self._slider):
                self._slider.setValue(shown)

    def told(self, value: Value) -> str:
        return f"{QLocale().toString(round(float(value) * self.factor))} {self.unit()}".rstrip()

    def _chosen(self, shown: int) -> None:
        if self._slider:
            with QSignalBlocker(self._slider):
                self._slider.setValue(shown)
        if not self._soon.isActive():
            self._soon.start()

    def _send_now(self) -> None:
        shown = self._spin.value()
        if shown != round(float(self.value) * self.factor):
            self.change(round(shown / self.factor, 4))


class SpeedField(NumberField):
    """The speed in words a minute. Changes are heard at once during a reading."""

    factor = float(NORMAL_WPM)

    def meaning(self) -> str:
        return translate("ui", "{normal} words a minute is a voice's normal speed. You hear changes at once.").format(
            normal=QLocale().toString(NORMAL_WPM)
        )

    def step(self) -> float:
        return 5

    def unit(self) -> str:
        return translate("ui", "words a minute")


class ChoiceField(Field):
    """One of a few."""

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(setting, bridge, parent)
        self.box = QComboBox(self)
        self.fill()
        self.box.activated.connect(lambda index: self.change(self.box.itemData(index)))
        # A long entry must not make the page wider than the window.
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.place(self.box)

    def fill(self) -> None:
        """Offer the choices."""
        self.box.clear()
        for value, label in self.choices():
            self.box.addItem(label, value)

    def choices(self) -> list[tuple[str, str]]:
        """(value, name), in order."""
        return [(value, translate("settings", label)) for value, label in self.setting.choices]

    def show_value(self, value: Value) -> None:
        """A value that is not among the choices (an unplugged device) is shown too."""
        if self.box.findData(value) < 0:
            self.box.addItem(str(value), value)
        self.box.setCurrentIndex(self.box.findData(value))

    def told(self, value: Value) -> str:
        return dict(self.choices()).get(str(value), str(value))


class DeviceField(ChoiceField):
    """A sound output; the choices are queried when the field is shown."""

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        self._outputs: list[SoundOutput] = []
        super().__init__(setting, bridge, parent)

    def choices(self) -> list[tuple[str, str]]:
        return [
            ("", translate("ui", "Automatic")),
            *((output.id, output.name) for output in self._outputs),
        ]

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Outputs may have changed."""
        self.bridge.find_outputs(self._found)
        super().showEvent(event)

    def _found(self, outputs: list[SoundOutput] | HarkenError) -> None:
        if isinstance(outputs, HarkenError):
            self.say(outputs.sentence, is_news=False)
        elif outputs != self._outputs and not self.box.view().isVisible():
            self._outputs = outputs
            self.fill()
            self.follow()


class TextField(Field):
    """A text, accepted on Return or when the focus leaves."""

    def __init__(self, setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(setting, bridge, parent)
        self._line = QLineEdit(self)
        self._line.editingFinished.connect(self._finished)
        self._line.setPlaceholderText(translate("ui", "Automatic"))
        self.place(self._line)

    def show_value(self, value: Value) -> None:
        if self._line.text() != value:
            self._line.setText(str(value))

    def _finished(self) -> None:
        if self._line.text() != self.value:
            self.change(self._line.text())

    def refuse(self, sentence: str) -> None:
        """What was typed stays, to be corrected, as long as the field has the focus."""
        if self._line.hasFocus():
            self.say(sentence)
        else:
            super().refuse(sentence)


_KINDS: dict[SettingKind, type[Field]] = {
    SettingKind.SWITCH: SwitchField,
    SettingKind.NUMBER: NumberField,
    SettingKind.CHOICE: ChoiceField,
    SettingKind.TEXT: TextField,
    SettingKind.CHORD: ChordField,
    SettingKind.VOICE: VoiceField,
    SettingKind.LANGUAGE: LanguageField,
    SettingKind.DEVICE: DeviceField,
    SettingKind.PROFILE: TextField,
    SettingKind.REGION: TextField,
    SettingKind.COLOUR: ColourField,
}
# Settings with a special kind of field.
_SPECIAL: dict[str, type[Field]] = {"voice.speed": SpeedField}


def make_field(setting: Setting, bridge: Bridge, parent: QWidget | None = None) -> Field:
    """A field for a setting. GUI thread."""
    made = _SPECIAL.get(setting.key) or _KINDS[setting.kind]
    return made(setting, bridge, parent)
