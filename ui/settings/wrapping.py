"""A row of widgets that wraps to a new line if the window is too narrow, as words do."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle


class WrappingRow(QLayout):
    """Each widget has its preferred size and is centred vertically; lines follow the direction of the language.

    GUI thread.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """For `addWidget`."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """An item; None if there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """Remove an item and return it."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All on one line."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + self.spacing() for size in sizes) - self.spacing()
        return QSize(max(width, 0), max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """Each on its own line; the height of that depends on the width."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        return QSize(
            max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0)
        )

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Its height depends on its width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of its lines."""
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        """Put each in its place."""
        super().setGeometry(rect)
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
        for item, place in self._places(rect.width()):
            item.setGeometry(QStyle.visualRect(direction, rect, place.translated(rect.topLeft())))

    def _places(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        """The visible items, each with its place, from left to right, in a row of that width."""
        places: list[tuple[QLayoutItem, QRect]] = []
        line: list[tuple[QLayoutItem, QRect]] = []
        left = top = 0
        for item in (item for item in self._items if not item.isEmpty()):
            size = item.sizeHint()
            if line and left + size.width() > width:
                places += _levelled(line)
                left, top = 0, max(place.bottom() for _, place in places) + 1 + self.spacing()
                line = []
            line.append((item, QRect(left, top, size.width(), size.height())))
            left += size.width() + self.spacing()
        return places + _levelled(line)


def _levelled(line: list[tuple[QLayoutItem, QRect]]) -> list[tuple[QLayoutItem, QRect]]:
    """Centre a line's items vertically: a label is less high than a box."""
    height = max((place.height() for _, place in line), default=0)
    return [(item, place.translated(0, (height - place.height()) // 2)) for item, place in line]
