from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tests.fakes.bridge import FakeBridge
from ui.appearance import _PAIRS, MIN_CONTRAST, MIN_DISABLED_CONTRAST, Appearance, contrast, mended, own_palette
from ui.outlines import OutlinedFusion

SCHEMES = [Qt.ColorScheme.Light, Qt.ColorScheme.Dark]
_MIN_EDGE_CONTRAST = 3.0  # of WCAG, for what is no text


@pytest.fixture
def own_colours(qt: QApplication) -> Iterator[None]:
    before = qt.palette()
    yield
    qt.setPalette(before)


def test_contrast_is_wcags() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)
    assert contrast(QColor(0, 0, 0, 0), QColor("white")) == pytest.approx(1)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_our_own_colours_can_be_read_and_need_no_mending(qt: QApplication, scheme: Qt.ColorScheme) -> None:
    palette = own_palette(scheme)
    assert mended(palette) == palette
    chosen = (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight)
    for text, ground in (*_PAIRS, chosen):
        assert contrast(palette.color(text), palette.color(ground)) >= MIN_CONTRAST, text


def test_what_is_hard_to_read_is_mended(qt: QApplication) -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#308cc6"))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("white"))
    palette.setColor(QPalette.ColorRole.PlaceholderText, QColor(0, 0, 0, 60))
    disabled = QPalette.ColorGroup.Disabled
    palette.setColor(disabled, QPalette.ColorRole.Text, QColor("#bebebe"))
    palette.setColor(disabled, QPalette.ColorRole.Base, QColor("#ffffff"))
    made = mended(palette)
    for text, ground in (
        (QPalette.ColorRole.HighlightedText, QPalette.ColorRole.Highlight),
        (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Base),
    ):
        assert contrast(made.color(text), made.color(ground)) >= MIN_CONTRAST
    faint, under = (made.color(disabled, role) for role in (QPalette.ColorRole.Text, QPalette.ColorRole.Base))
    assert contrast(faint, under) >= MIN_DISABLED_CONTRAST


def test_a_high_contrast_theme_is_left_as_it_is(qt: QApplication) -> None:
    palette = QPalette()
    for role in QPalette.ColorRole:
        if role is not QPalette.ColorRole.NColorRoles:
            palette.setColor(role, QColor("yellow" if "Text" in role.name else "black"))
    palette.setColor(QPalette.ColorRole.Link, QColor("cyan"))
    assert mended(palette) == palette


@pytest.mark.usefixtures("own_colours")
def test_it_follows_the_setting(qt: QApplication, bridge: FakeBridge) -> None:
    appearance = Appearance(qt, bridge)
    for value, is_dark in (("dark", True), ("light", False), ("", False)):
        bridge.change("system.appearance", value)
        assert (qt.palette().color(QPalette.ColorRole.Window).lightnessF() < 0.5) is is_dark
    appearance.deleteLater()


@pytest.mark.usefixtures("own_colours")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("make", [QCheckBox, QRadioButton, QLineEdit, QSpinBox, QSlider])
def test_the_edges_of_controls_can_be_seen(qt: QApplication, scheme: Qt.ColorScheme, make: type[QWidget]) -> None:
    qt.setPalette(own_palette(scheme))
    assert edge_contrast(make) >= _MIN_EDGE_CONTRAST


@pytest.mark.usefixtures("own_colours")
@pytest.mark.parametrize("make", [QCheckBox, QLineEdit, QSpinBox, QSlider, QPushButton, QComboBox, QListWidget])
def test_on_black_all_have_edges(qt: QApplication, make: type[QWidget]) -> None:
    """As in most themes of high contrast."""
    palette = QPalette(own_palette(Qt.ColorScheme.Dark))
    for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        palette.setColor(role, QColor("black"))
    qt.setPalette(palette)
    assert edge_contrast(make) >= _MIN_EDGE_CONTRAST


def edge_contrast(make: type[QWidget]) -> float:
    """In the pixels: the most contrast to the window that there is on the way from it into the control."""
    window = QWidget()
    rows = QVBoxLayout(window)
    control = make(Qt.Orientation.Horizontal) if make is QSlider else make()
    style = OutlinedFusion()
    control.setStyle(style)
    rows.addWidget(control)
    window.resize(200, 60)
    image = window.grab().toImage()
    ground = window.palette().color(QPalette.ColorRole.Window)
    middle = control.geometry().center().y()
    into = [image.pixelColor(x, middle) for x in range(control.x() - 1, control.x() + 6)]
    assert contrast(into[0], ground) == pytest.approx(1)
    return max(contrast(colour, ground) for colour in into)
