"""What the parts of a page share: a titled group, and text that screen readers can move through."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QGroupBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.announce import announce
from ui.settings.wrapping import WrappingRow

_MARGIN_PX = 12


class Section(QGroupBox):
    """A group of the page. GUI thread."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        heading = self.add_text(title)  # a group box's own title would be smaller than the names of its fields
        font = QFont(heading.font())
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setWeight(QFont.Weight.DemiBold)
        heading.setFont(font)

    def add_text(self, text: str) -> QLabel:
        """Add some sentences."""
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self.rows.addWidget(label)
        return label

    def add_buttons(self, *buttons: QPushButton) -> None:
        """Add buttons side by side."""
        row = WrappingRow()
        for button in buttons:
            row.addWidget(button)
        self.rows.addLayout(row)

    def add_fields(self, *fields: tuple[str, str, QWidget]) -> None:
        """Add fields below each other: the label for each, its name for a screen reader, and the field."""
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for label, name, widget in fields:
            widget.setAccessibleName(name)
            form.addRow(label, widget)
        self.rows.addLayout(form)

    def bring(self, widget: QWidget) -> None:
        """Give a widget the focus, and scroll to it: Qt scrolls for the Tab key only."""
        widget.setFocus()
        self.reveal(widget)

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a widget, once the page has its new height."""
        QTimer.singleShot(0, widget, lambda: _scroll_to(widget))

    def say(self, sentence: str) -> None:
        """Have a screen reader say a sentence now."""
        announce(self, sentence)


def _scroll_to(widget: QWidget) -> None:
    above: QWidget | None = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if isinstance(above, QScrollArea):
        above.ensureWidgetVisible(widget)


class ReportField(QPlainTextEdit):
    """Text that can be read, navigated by keyboard and copied, and that is as high as its lines."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        option = self.document().defaultTextOption()
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:  # this kind of document ignores it
            option.setTextDirection(self.layoutDirection())
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.document().setDefaultTextOption(option)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # a scroll bar would change the wrapping
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    def show_lines(self, lines: list[str]) -> None:
        """Replace the text by these lines."""
        text = "\n".join(lines)
        if text != self.toPlainText():
            self.setPlainText(text)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Not the many lines that an editor asks for."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """A new width changes the number of lines."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """A new font changes the height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        lines = max(1, round(self.document().size().height()))  # for this kind of document, the size is in lines
        frame = 2 * (self.frameWidth() + round(self.document().documentMargin()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + frame + self.contentsMargins().top())
