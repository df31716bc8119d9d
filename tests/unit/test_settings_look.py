"""The settings window as it is drawn: nothing cut, everything readable, everything named, reached in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QSlider,
    QSpinBox,
    QWidget,
)

import reader.support.i18n
from reader.settings.setting import Page
from tests.fakes.bridge import FakeBridge
from tests.fakes.words import show_heard
from ui.appearance import MIN_CONTRAST, Appearance, contrast
from ui.settings.window import SettingsWindow

# The smallest screen that counts, 1280x800, at 200 %: what a panel and a frame leave of it, in Qt's pixels.
SMALL = (640, 360)


def doubled(_context: str, text: str, _disambiguation: str | None, n: int) -> str:
    """A language in which everything takes twice as long."""
    text = text if n < 0 else text.replace("%n", str(n))
    return f"{text} {text.replace('&', '')}" if text else ""


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft], ids=["ltr", "rtl"])
def long_texts(qt: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    reader.support.i18n.install(doubled, "en")
    qt.setLayoutDirection(request.param)
    yield
    qt.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    reader.support.i18n.install(reader.support.i18n._english, "en")


@pytest.fixture
def window(bridge: FakeBridge) -> SettingsWindow:
    bridge.settings.set("voice.speed", 2.0)  # so that a way back to the default is shown
    bridge.settings.set("cues.end", True)
    bridge.settings.set("keys.stop", "Ctrl+Super+Alt+Shift+Page_Down")
    made = SettingsWindow(bridge)
    show_heard(made)
    return made


def show(window: SettingsWindow, page: Page, qt: QApplication) -> None:
    window.open_page(page)
    for _ in range(3):
        qt.processEvents()


def shown(window: QWidget, *kinds: type[QWidget]) -> list[QWidget]:
    return [w for w in window.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible() and w.width() > 0]


def is_cut(widget: QWidget) -> bool:
    """Whether a part of the text falls outside of the widget."""
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return widget.height() < widget.heightForWidth(widget.width())
        return widget.width() < widget.sizeHint().width()
    if isinstance(widget, QComboBox):
        return widget.width() < widget.fontMetrics().horizontalAdvance(widget.currentText()) + 24
    return widget.width() < widget.sizeHint().width() - 1


@pytest.mark.usefixtures("long_texts")
@pytest.mark.parametrize("page", Page)
def test_no_text_is_cut_on_a_small_screen_in_a_long_language(
    qt: QApplication, window: SettingsWindow, page: Page
) -> None:
    window.resize(*SMALL)
    show(window, page, qt)
    assert (window.width(), window.height()) == SMALL
    everything = shown(window, QLabel, QAbstractButton, QComboBox, QSpinBox)
    assert len(everything) > 10
    assert [w for w in everything if is_cut(w)] == []
    area = window.pages[page]
    assert area.inside.width() <= area.viewport().width()
    window.close()


def lightest_against_darkest(widget: QWidget) -> float:
    """The contrast of a text with its ground, from the pixels."""
    image: QImage = widget.grab().toImage()
    colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    pixels = [QImage(1, 1, QImage.Format.Format_RGB32) for _ in colours]
    for pixel, colour in zip(pixels, colours, strict=True):
        pixel.setPixel(0, 0, colour)
    by_light = sorted((pixel.pixelColor(0, 0) for pixel in pixels), key=lambda c: c.lightnessF())
    return contrast(by_light[0], by_light[-1])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_can_be_read(qt: QApplication, window: SettingsWindow, bridge: FakeBridge, scheme: str) -> None:
    before = qt.palette()
    bridge.settings.set("system.appearance", scheme)
    appearance = Appearance(qt, bridge)
    try:
        for page in Page:
            show(window, page, qt)
            for widget in shown(window, QLabel, QAbstractButton, QComboBox, QSpinBox):
                has_text = isinstance(widget, QLabel | QAbstractButton) and widget.text() and not widget.hasFocus()
                if has_text and widget.isEnabled() and not isinstance(widget, QCheckBox):
                    assert lightest_against_darkest(widget) >= MIN_CONTRAST, widget
        is_dark = window.grab().toImage().pixelColor(QPoint(2, 2)).lightnessF() < 0.5
        assert is_dark is (scheme == "dark")
        row = window.findChild(QListWidget)
        assert lightest_against_darkest(row.viewport()) >= MIN_CONTRAST  # type: ignore[union-attr]
    finally:
        appearance.deleteLater()
        qt.setPalette(before)
        window.close()


@pytest.mark.parametrize("page", Page)
def test_everything_has_a_name_and_is_reached_in_reading_order(
    qt: QApplication, window: SettingsWindow, page: Page
) -> None:
    show(window, page, qt)
    worked = (QAbstractButton, QComboBox, QSpinBox, QSlider, QLineEdit, QListWidget)
    controls = [w for w in shown(window, *worked) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()]
    controls = [w for w in controls if not isinstance(w.parentWidget(), QSpinBox | QComboBox | QLineEdit)]
    for control in controls:
        assert QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name), control
    reached: list[QWidget] = []
    at: QWidget = window.search
    while at not in reached:
        reached.append(at)
        at.setFocus()
        window.focusNextPrevChild(True)
        assert window.focusWidget() is not None
        at = window.focusWidget()
    assert set(reached) >= set(controls)
    in_page = [w for w in reached if window.pages[page].isAncestorOf(w)]
    places = [w.mapTo(window.pages[page].inside, w.rect().center()) for w in in_page]
    tops = [place.y() for place in places]
    assert all(later >= earlier - 20 for earlier, later in pairwise(tops))
    window.close()
