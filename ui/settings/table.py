"""A table that Tab moves out of, and whose rows screen readers read whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

# The role of what a row represents.
DATA = Qt.ItemDataRole.UserRole
_SHOWN_ROWS = 8


class Table(QTreeWidget):
    """GUI thread."""

    def __init__(self, name: str, columns: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setHeaderLabels(columns)
        self.setRootIsDecorated(False)
        self.setAllColumnsShowFocus(True)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        # Rows big enough for a trembling hand, and columns with space between them.
        end = "left" if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else "right"
        self.setStyleSheet(f"QTreeView::item {{ padding: 3px 0; padding-{end}: 12px; }}")
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A few rows."""
        row = self.fontMetrics().lineSpacing() + 8
        return QSize(super().sizeHint().width(), row * (_SHOWN_ROWS + 1) + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The page scrolls, not only the table."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


def make_row(columns: Sequence[str], data: object, told: str) -> QTreeWidgetItem:
    """A row that represents `data`; screen readers speak `told`."""
    row = QTreeWidgetItem(columns)
    row.setData(0, DATA, data)
    row.setData(0, Qt.ItemDataRole.AccessibleTextRole, told)
    return row
