"""Keeps what is being heard in view, and leaves the user's own scrolling alone.

Users who scroll away are not pulled back: following pauses until the place is in view again, or until it is requested.
GUI thread.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from PySide6.QtCore import QEasingCurve, QObject, QPropertyAnimation, QRectF, Signal, Slot
from PySide6.QtWidgets import QAbstractScrollArea, QStyle

# Where in the view a place is scrolled to, as a fraction of its height.
_AT = 0.3
_GLIDE_MS = 220


class Follow(QObject):
    """Scrolls one view."""

    # Whether it follows now.
    changed = Signal(bool)

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._view = view
        self._bar = view.verticalScrollBar()
        self._is_following = True
        self._is_own = 0  # above 0 while we scroll, not the user
        self._rect: QRectF | None = None
        self._scrolled = 0  # the bar's value when the place was at `_rect`
        self._glide = QPropertyAnimation(self._bar, b"value", self)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._glide.setDuration(_GLIDE_MS)
        self._bar.valueChanged.connect(self._on_scrolled)

    @contextlib.contextmanager
    def moving(self) -> Iterator[None]:
        """Scrolling inside this is not the user's doing."""
        self._is_own += 1
        try:
            yield
        finally:
            self._is_own -= 1

    @contextlib.contextmanager
    def staying(self) -> Iterator[None]:
        """Keeps the view where it is, whatever is done inside."""
        with self.moving():
            value = self._bar.value()
            yield
            self._bar.setValue(value)

    def begin(self) -> None:
        """Follow from now on."""
        self._set(is_following=True)

    def come_to(self, rect: QRectF | None, height: int) -> None:
        """The place is now at `rect` in the view, whose height is `height`."""
        self._rect, self._scrolled = rect, self._bar.value()
        if rect is None:
            return
        if not self._is_following:
            self._set(is_following=self._is_in_view())
        elif not self._is_in_view() and self._glide.state() is not QPropertyAnimation.State.Running:
            self._go(self._bar.value() + round(rect.top() - _AT * height))

    def _go(self, value: int) -> None:
        value = max(self._bar.minimum(), min(value, self._bar.maximum()))
        style = self._view.style()
        if style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self._view) == 0 or (
            abs(value - self._bar.value()) > 2 * self._view.viewport().height()
        ):
            with self.moving():
                self._bar.setValue(value)
            return
        self._glide.setStartValue(self._bar.value())
        self._glide.setEndValue(value)
        self._glide.start()

    def _is_in_view(self) -> bool:
        if self._rect is None:
            return True
        top = self._rect.top() - (self._bar.value() - self._scrolled)
        return top >= 0 and top + self._rect.height() <= self._view.viewport().height()

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        if self._is_own or (self._glide.state() is QPropertyAnimation.State.Running and self._is_glides(value)):
            return
        self._glide.stop()
        self._set(is_following=self._is_in_view())

    def _is_glides(self, value: int) -> bool:
        return bool(value == self._glide.currentValue())

    def _set(self, *, is_following: bool) -> None:
        if is_following is not self._is_following:
            self._is_following = is_following
            self.changed.emit(is_following)
