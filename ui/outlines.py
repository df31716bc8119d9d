"""Qt's own style with controls that can be seen: Fusion draws their edges with a contrast under 2.

WCAG 2.2, 1.4.11 requires at least 3 for whatever shows that there is something to switch, move or type into. On black,
which most high-contrast themes use, Fusion draws no edges at all: there, buttons, lists and menus get them too.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QStyleOptionButton, QStyleOptionComplex, QWidget

_Element = QStyle.PrimitiveElement
_Control = QStyle.ComplexControl
_GROOVE = QStyle.SubControl.SC_SliderGroove
_EDGED = (_Element.PE_IndicatorCheckBox, _Element.PE_IndicatorRadioButton, _Element.PE_FrameLineEdit)
_EDGED_ON_BLACK = (
    _Element.PE_PanelButtonCommand,
    _Element.PE_Frame,
    _Element.PE_FrameMenu,
    _Element.PE_PanelMenu,
    _Element.PE_FrameGroupBox,
    _Element.PE_PanelTipLabel,
)
# Window colours at most this light count as black.
_BLACK = 0.06
# The share of the text colour in an edge; the rest is the background's.
_SHARE = 0.65


class OutlinedFusion(QProxyStyle):
    """Fusion with edges on check boxes, text fields and slider handles. GUI thread."""

    def __init__(self) -> None:
        super().__init__("fusion")
        self.setObjectName("fusion")

    def drawPrimitive(  # noqa: N802 - Qt's name
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """A field with the focus keeps its own frame, which shows that."""
        super().drawPrimitive(element, option, painter, widget)
        if element in _EDGED_ON_BLACK and _is_on_black(option) and not _is_default(option):
            _draw_edge(painter, option, option.rect)
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
            if _is_on_black(option):
                _draw_grooves(painter, option, self.subControlRect(control, option, _GROOVE, widget), handle)  # type: ignore[arg-type]
        elif control is _Control.CC_ComboBox and _is_on_black(option) and not _has_focus(option):
            _draw_edge(painter, option, option.rect)
        elif control is _Control.CC_ScrollBar and _is_on_black(option):
            handle = self.subControlRect(control, option, QStyle.SubControl.SC_ScrollBarSlider, widget)  # type: ignore[arg-type]
            _draw_edge(painter, option, handle)
        elif control is _Control.CC_SpinBox and not _has_focus(option):
            _draw_edge(painter, option, option.rect.adjusted(0, 1, 0, -1))


def _has_focus(option: QStyleOption) -> bool:
    return bool(option.state & QStyle.StateFlag.State_HasFocus)


def _is_default(option: QStyleOption) -> bool:
    """The default button, or one with the focus: Fusion gives these an edge that is visible anywhere."""
    is_default = isinstance(option, QStyleOptionButton) and bool(
        option.features & QStyleOptionButton.ButtonFeature.DefaultButton
    )
    return is_default or (isinstance(option, QStyleOptionButton) and _has_focus(option))


def _draw_grooves(painter: QPainter, option: QStyleOption, groove: QRect, handle: QRect) -> None:
    """On both sides of a horizontal slider's handle."""
    if groove.width() > groove.height():
        before = QRect(groove.left() + 1, groove.center().y() - 2, handle.left() - groove.left() - 1, 5)
        behind = QRect(handle.right(), before.top(), groove.right() - handle.right(), before.height())
        for part in (before, behind):
            if part.isValid():
                _draw_edge(painter, option, part)


def _is_on_black(option: QStyleOption) -> bool:
    return option.palette.color(QPalette.ColorRole.Window).lightnessF() < _BLACK


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
    """A colour between text and background, which are closer to each other for disabled controls."""
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    pairs = ((text.red(), ground.red()), (text.green(), ground.green()), (text.blue(), ground.blue()))
    return QColor(*(round(_SHARE * one + (1 - _SHARE) * other) for one, other in pairs))
