"""The bar's controls: round ones with a sign, and plain words that open a menu. GUI thread."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.announce import unannounced
from ui.player.colours import mixed, soft_edge

# Big enough for a trembling hand; the one that is used most is larger.
ROUND_PX, LARGE_PX = 48, 60
# The most and least width of the words, and of what surrounds them, including the menu's arrow.
_WORDS_PX, _LEAST_WORDS_PX, _AROUND_PX = 230, 100, 28


class Sign(Enum):
    """What a control does, as a drawing."""

    PLAY = auto()
    PAUSE = auto()
    BACK = auto()
    FORWARD = auto()
    TEXT = auto()
    MENU = auto()
    CLOSE = auto()


_Point = tuple[float, float]
# In a circle of radius 1 around the origin.
_FORWARD: tuple[_Point, ...] = ((-0.36, -0.32), (-0.36, 0.32), (0.18, 0.0))
_SHAPES: dict[Sign, tuple[tuple[_Point, ...], ...]] = {
    Sign.PLAY: (((-0.24, -0.38), (-0.24, 0.38), (0.42, 0.0)),),
    Sign.PAUSE: tuple(((x, -0.34), (x, 0.34), (x + 0.14, 0.34), (x + 0.14, -0.34)) for x in (-0.3, 0.16)),
    Sign.BACK: (_FORWARD,),
    Sign.FORWARD: (_FORWARD,),
}
_LINES: dict[Sign, tuple[tuple[_Point, _Point], ...]] = {
    Sign.BACK: (((0.36, -0.32), (0.36, 0.32)),),
    Sign.FORWARD: (((0.36, -0.32), (0.36, 0.32)),),
    Sign.TEXT: tuple(((-0.4, y), (x, y)) for y, x in ((-0.36, 0.4), (-0.12, 0.4), (0.12, 0.4), (0.36, 0.05))),
    Sign.CLOSE: (((-0.3, -0.3), (0.3, 0.3)), ((-0.3, 0.3), (0.3, -0.3))),
}


class RoundButton(QPushButton):
    """Shows a sign; its text is its name, for screen readers and Alt."""

    def __init__(self, sign: Sign, name: str, parent: QWidget, *, diameter: int = ROUND_PX) -> None:
        super().__init__(name, parent)
        self._sign = sign
        self._diameter = diameter
        self._is_told = True  # whether screen readers know its current name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_sign(self, sign: Sign) -> None:
        """Change the sign."""
        if sign is not self._sign:
            self._sign = sign
            self.update()

    def describe(self, name: str, key: str) -> None:
        """Set its name, and the key that does the same.

        A screen reader would speak a focused button's new name just as the reading begins: it is notified afterwards.
        """
        if name == self.text() and key == self.accessibleDescription():
            return
        if not self.hasFocus():
            self._describe(name, key)
            return
        self._is_told = False
        with unannounced():
            self._describe(name, key)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Screen readers may cache the name."""
        super().focusOutEvent(event)
        if not self._is_told:
            self._is_told = True
            for changed in (QAccessible.Event.NameChanged, QAccessible.Event.DescriptionChanged):
                QAccessible.updateAccessibility(QAccessibleEvent(self, changed))

    def _describe(self, name: str, key: str) -> None:
        self.setText(name)
        self.setShortcut(QKeySequence())  # the window has all shortcuts, also those without a button
        shown = name.replace("&", "")
        self.setToolTip(f"{shown} ({key})" if key else shown)
        self.setAccessibleDescription(key)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Shortcut and (menu := self.menu()):
            menu.installEventFilter(self)
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        # If Alt and a letter arrive together, Qt acts on them before it delivers the press of Alt, which would close
        # the menu that is open by then. It is still that press if nothing has been released since.
        if event.type() == QEvent.Type.KeyRelease:
            watched.removeEventFilter(self)
        return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Alt

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(self._diameter, self._diameter)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, group = self.palette(), _group(self)
        ink = palette.color(group, QPalette.ColorRole.WindowText)
        accent = palette.color(QPalette.ColorRole.Highlight)
        is_main = self._diameter == LARGE_PX
        ground = accent if is_main and self.isEnabled() else palette.color(QPalette.ColorRole.Window)
        if is_main and self.isEnabled():
            ink = palette.color(QPalette.ColorRole.HighlightedText)
        if self.isDown() or self.isChecked():
            ground = mixed(ground, ink, 0.22)
        elif self.underMouse() and self.isEnabled():
            ground = mixed(ground, ink, 0.10)
        circle = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        painter.setBrush(ground)
        edge = palette.color(group, QPalette.ColorRole.WindowText)
        window = palette.color(QPalette.ColorRole.Window)
        painter.setPen(QPen(soft_edge(edge, window), 1.2))
        painter.drawEllipse(circle)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 2))
            painter.drawEllipse(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        _draw(painter, self._sign, circle, ink, is_mirrored=self.layoutDirection() is Qt.LayoutDirection.RightToLeft)
        painter.end()


class WordsButton(QPushButton):
    """Words that open a menu. Long ones are shortened; the full text is the accessible name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""
        self.setFlat(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_words(self, words: str, name: str) -> None:
        """Show the current value, with a full name."""
        self._words = words
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        wanted = self.fontMetrics().horizontalAdvance(self._words) + 1 + _AROUND_PX  # the width is rounded down
        return QSize(min(wanted, _WORDS_PX), ROUND_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(min(self.sizeHint().width(), _LEAST_WORDS_PX), ROUND_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - _AROUND_PX
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.updateGeometry()


def _group(widget: QWidget) -> QPalette.ColorGroup:
    return QPalette.ColorGroup.Active if widget.isEnabled() else QPalette.ColorGroup.Disabled


def _draw(painter: QPainter, sign: Sign, circle: QRectF, ink: QColor, *, is_mirrored: bool) -> None:
    """Draw a sign in the middle of a circle. Directional signs are mirrored in right-to-left languages."""
    painter.save()
    painter.translate(circle.center())
    size = circle.width() / 2
    painter.scale(size, size)
    if is_mirrored and sign in (Sign.PLAY, Sign.BACK, Sign.FORWARD, Sign.TEXT):
        painter.scale(-1, 1)
    if sign is Sign.BACK:
        painter.scale(-1, 1)
    pen = QPen(ink, 0.14)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for line in _LINES.get(sign, ()):
        painter.drawLine(QPointF(*line[0]), QPointF(*line[1]))
    painter.setBrush(ink)
    for shape in _SHAPES.get(sign, ()):
        painter.drawPolygon([QPointF(*point) for point in shape])
    if sign is Sign.MENU:
        painter.setPen(Qt.PenStyle.NoPen)
        for x in (-0.36, 0.0, 0.36):
            painter.drawEllipse(QPointF(x, 0), 0.11, 0.11)
    painter.restore()
