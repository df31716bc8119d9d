"""The region: those with Amazon Polly, with a description of each, or any that is typed in."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QWidget

import reader.core.polly
from reader.errors import HarkenError
from reader.settings.schema import SETTINGS
from reader.settings.setting import Value
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.field import Field


class RegionField(Field):
    """An editable list. What is typed is accepted on Return or when the focus leaves."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(SETTINGS["polly.region"], bridge, parent)
        self._known: dict[str, str] = {}  # descriptions by name
        self.box = QComboBox(self)
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.addItem(self.told(""), "")
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.activated.connect(lambda index: self.change(self.box.itemData(index)))
        self.place(self.box)
        line = self.box.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._typed)
        line.setAccessibleName(self.name)

    def refresh(self) -> None:
        """Load the known regions. Contacts no service."""
        self.bridge.ask(lambda _: reader.core.polly.regions(), self._show_regions)

    def _show_regions(self, regions: object) -> None:
        if isinstance(regions, HarkenError) or not isinstance(regions, list):
            return  # a name can be typed
        streams = translate("ui", "{name} – {place} – streams")
        sentences = translate("ui", "{name} – {place} – sentence by sentence")
        known = {
            region.name: (streams if region.streams else sentences).format(name=region.name, place=region.place)
            for region in regions
        }
        if known == self._known:
            return
        self._known = known
        while self.box.count() > 1:  # not cleared: the user may be typing
            self.box.removeItem(1)
        for name, told in known.items():
            self.box.addItem(told, name)
        self.follow()

    def show_value(self, value: Value) -> None:
        line = self.box.lineEdit()
        if line and line.hasFocus() and (line.isModified() or line.hasSelectedText()):
            return  # the user is typing
        self.box.setCurrentIndex(self.box.findData(value))
        self.box.setEditText(self.told(value))
        if line:
            line.setCursorPosition(0)

    def told(self, value: Value) -> str:
        if not value:
            return translate("ui", "Automatic")
        return self._known.get(str(value)) or translate("ui", "{name} – unknown").format(name=value)

    def _typed(self) -> None:
        text = self.box.currentText().strip()
        line = self.box.lineEdit()
        if line:
            line.setModified(False)
        if text != self.told(self.value):
            self.change("" if text in ("", self.told("")) else text.split()[0])
