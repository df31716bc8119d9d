"""The icons as panels show them, measured in their pixels. Contrast is WCAG's; 3 is what it asks of graphics."""

from __future__ import annotations

import importlib.resources
import itertools
import re

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

STATES = ("idle", "preparing", "speaking", "paused", "problem")
PANELS = ("#ffffff", "#f0f0f0", "#2e3440", "#000000")
SIZES = (16, 22, 24, 32, 48)

Luminance = npt.NDArray[np.float64]  # of each pixel, 0 black to 1 white


def svg(name: str) -> bytes:
    return importlib.resources.files("resources").joinpath(f"icons/{name}.svg").read_bytes()


def linear(rgb: npt.NDArray[np.float64]) -> Luminance:
    """The luminance of colours, 0 to 1 each."""
    parts = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(parts @ np.array([0.2126, 0.7152, 0.0722]))


def luminance(name: str) -> Luminance:
    color = QColor(name)
    return linear(np.array([color.redF(), color.greenF(), color.blueF()]))


def shown(name: str, size: int, panel: str) -> Luminance:
    """An icon on a panel."""
    image = QImage(size, size, QImage.Format.Format_RGB888)
    image.fill(QColor(panel))
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg(name))).render(painter)
    painter.end()
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(size, image.bytesPerLine())
    return linear(raw[:, : size * 3].reshape(size, size, 3) / 255)


def contrast(a: Luminance, b: Luminance | float) -> Luminance:
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("name", [*STATES, "harken"])
def test_it_stands_out_from_light_and_dark_panels(name: str, panel: str, size: int) -> None:
    seen = shown(name, size, panel)
    assert (contrast(seen, luminance(panel)) >= 3).mean() > 0.25, "the whole against the panel"
    ground, *_, sign = re.findall(r'(?:fill|stroke)="(#\w+)"', svg(name).decode())
    assert contrast(luminance(ground), luminance(sign)) >= 3
    is_sign = contrast(seen, luminance(ground)) >= 3
    inside = slice(size // 5, -size // 5)
    assert is_sign[inside, inside].mean() > 0.05, "the sign against its ground"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("panel", PANELS)
def test_no_two_look_alike_without_colour(panel: str, size: int) -> None:
    for one, other in itertools.combinations(STATES, 2):
        is_other = contrast(shown(one, size, panel), shown(other, size, panel)) >= 2
        assert is_other.sum() >= size * size / 32, f"{one} and {other}"
