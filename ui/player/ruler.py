"""One line at a time: veils everything but the lines being heard, with a rule above and below them.

GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QTextDocument, QTextLine

from ui.player.colours import ReadingColours, soft_edge

# The veil's opacity over other text, which stays just visible.
_VEIL = 0.86
_RULE_PX = 2
# The free space above and below a line, as a fraction of its height.
_AROUND = 0.15


def lines_rect(document: QTextDocument, start: int, end: int) -> QRectF:
    """The lines between two positions, in document coordinates; empty if they are not laid out."""
    found = QRectF()
    for at in (start, end):
        block = document.findBlock(at)
        line: QTextLine = block.layout().lineForTextPosition(at - block.position())
        if line.isValid():
            corner = document.documentLayout().blockBoundingRect(block).topLeft()
            around = _AROUND * line.height()
            found = found.united(line.rect().translated(corner).adjusted(0, -around, 0, around))
    return found


def paint(painter: QPainter, view: QRectF, lines: QRectF, colours: ReadingColours) -> None:
    """Veil all of a view but these lines."""
    veil = QColor(colours.ground)
    veil.setAlphaF(_VEIL)
    top, bottom = lines.top(), lines.bottom()
    painter.fillRect(QRectF(view.left(), view.top(), view.width(), top - view.top()), veil)
    painter.fillRect(QRectF(view.left(), bottom, view.width(), view.bottom() - bottom), veil)
    painter.setPen(QPen(soft_edge(colours.ink, colours.ground), _RULE_PX))
    for y in (top - _RULE_PX / 2, bottom + _RULE_PX / 2):
        painter.drawLine(round(view.left()), round(y), round(view.right()), round(y))
