"""The icons, the project's own SVG drawings, as Qt needs them."""

from __future__ import annotations

import importlib.resources
import re
import sys
from functools import cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

# The sizes that panels ask for.
_SIZES_PX = (16, 22, 24, 32, 48, 64, 128)
# All colours but white, which is used for the signs inside the shapes.
_COLOURS = re.compile(rb'(fill|stroke)="#(?!fff")\w+"')


@cache
def icon(name: str) -> QIcon:
    """An icon of resources/icons by name, in every size. GUI thread."""
    return _drawn(_svg(name))


@cache
def panel_icon(name: str) -> QIcon:
    """The same for a panel. GUI thread. The menu bar of macOS paints all icons in its text colour."""
    return stencil(name) if sys.platform == "darwin" else icon(name)


def stencil(name: str) -> QIcon:
    """The same without colours, to be painted in any: the shape, with its sign as a hole."""
    data = _svg(name)
    made = _drawn(data, hole=_COLOURS.sub(rb'\1="none"', data))
    made.setIsMask(True)
    return made


def _svg(name: str) -> bytes:
    return importlib.resources.files("resources").joinpath(f"icons/{name}.svg").read_bytes()


def _drawn(data: bytes, hole: bytes = b"") -> QIcon:
    """Render `data`, minus what is in `hole`."""
    made = QIcon()
    for size in _SIZES_PX:
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(data)).render(painter)
        if hole:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
            QSvgRenderer(QByteArray(hole)).render(painter)
        painter.end()
        made.addPixmap(pixmap)
    return made
