"""Qt's own style with controls that can be seen: Fusion draws their edges at a contrast under 2.

WCAG 2.2, 1.4.11 wants at least 3 for what shows that there is something to switch, to move or to type into.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QStyleOptionComplex, QWidget

_Element = QStyle.PrimitiveElement
_Control = QStyle.ComplexControl
_EDGED = (_Element.PE_IndicatorCheckBox, _Element.PE_IndicatorRadioButton, _Element.PE_FrameLineEdit)
# How much of the text's colour an edge has; the rest is the ground's.
_SHARE = 0.65


class OutlinedFusion(QProxyStyle):
    """Fusion, and over it the edges of boxes to check, fields to type into and sliders' handles. GUI thread."""

    def __init__(self) -> None:
        super().__init__("fusion")
        self.setObjectName("fusion")

    def drawPrimitive(  # noqa: N802 - Qt's name
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """A field with the focus has a frame that says so: it stays."""
        super().drawPrimitive(element, option, painter, widget)
        if element in _EDGED and not (element is _Element.PE_FrameLineEdit and _has_focus(option)):
            _draw_edge(painter, option, option.rect, is_round=element is _Element.PE_IndicatorRadioButton)

    def drawComplexControl(  # noqa: N802 - Qt's name
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        super().drawComplexControl(control, option, painter, widget)
        if control is _Control.CC_Slider:
            handle = self.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, widget)  # type: ignore[arg-type]
            _draw_edge(painter, option, handle.adjusted(1, 1, -1, -1))
        elif control is _Control.CC_SpinBox and not _has_focus(option):
            _draw_edge(painter, option, option.rect.adjusted(0, 1, 0, -1))


def _has_focus(option: QStyleOption) -> bool:
    return bool(option.state & QStyle.StateFlag.State_HasFocus)


def _draw_edge(painter: QPainter, option: QStyleOption, rect: QRect, *, is_round: bool = False) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.setPen(QPen(_edge(option.palette), 1))
    shape = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    if is_round:
        painter.drawEllipse(shape)
    else:
        painter.drawRoundedRect(shape, 2, 2)
    painter.restore()


def _edge(palette: QPalette) -> QColor:
    """Between the text's colour and the ground's: of a disabled control the two are nearer to each other."""
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    pairs = ((text.red(), ground.red()), (text.green(), ground.green()), (text.blue(), ground.blue()))
    return QColor(*(round(_SHARE * one + (1 - _SHARE) * other) for one, other in pairs))
