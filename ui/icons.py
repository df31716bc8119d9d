"""The icons, drawn by the project as SVG, as Qt wants them."""

from __future__ import annotations

import importlib.resources
from functools import cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

# The sizes panels ask for.
_SIZES_PX = (16, 22, 24, 32, 48, 64, 128)


@cache
def icon(name: str) -> QIcon:
    """An icon of resources/icons by name, in every size. GUI thread."""
    data = importlib.resources.files("resources").joinpath(f"icons/{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(data))
    made = QIcon()
    for size in _SIZES_PX:
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        made.addPixmap(pixmap)
    return made
