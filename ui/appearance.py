"""Light or dark, as set in system.appearance, and text that is legible in both.

Qt asks the desktop for the other scheme. If the desktop doesn't support that (a bare window manager), our own colours
are used. Colours in which text would be hard to read (WCAG 2.2, 1.4.3: contrast under 4.5) are corrected; those of a
high-contrast theme are left alone, as they are stronger. ui/outlines.py draws edges that are hard to see.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from reader.flow import Event, SettingChanged
from ui.bridge import Bridge
from ui.outlines import OutlinedFusion

MIN_CONTRAST = 4.5
# WCAG asks nothing of disabled controls, but a menu should be readable as a whole.
MIN_DISABLED_CONTRAST = 3.0
_KEY = "system.appearance"
_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
_Role = QPalette.ColorRole
_Disabled = QPalette.ColorGroup.Disabled
# Text, and its background.
_PAIRS = (
    (_Role.WindowText, _Role.Window),
    (_Role.Text, _Role.Base),
    (_Role.ButtonText, _Role.Button),
    (_Role.PlaceholderText, _Role.Base),
    (_Role.ToolTipText, _Role.ToolTipBase),
    (_Role.Link, _Role.Base),
)
_LIGHT = {
    _Role.Window: "#f3f3f3", _Role.Base: "#ffffff", _Role.AlternateBase: "#ececec", _Role.Button: "#f3f3f3",
    _Role.WindowText: "#1a1a1a", _Role.Text: "#1a1a1a", _Role.ButtonText: "#1a1a1a", _Role.PlaceholderText: "#5f6368",
    _Role.ToolTipBase: "#ffffff", _Role.ToolTipText: "#1a1a1a", _Role.BrightText: "#ffffff", _Role.Link: "#0b57d0",
    _Role.Highlight: "#0b5cad", _Role.HighlightedText: "#ffffff", _Role.Accent: "#0b5cad",
    _Role.Light: "#ffffff", _Role.Midlight: "#f8f8f8", _Role.Mid: "#b8b8b8", _Role.Dark: "#9a9a9a",
    _Role.Shadow: "#6e6e6e",
}  # fmt: skip
_DARK = {
    _Role.Window: "#1d1f21", _Role.Base: "#45494f", _Role.AlternateBase: "#3b3f44", _Role.Button: "#45494f",
    _Role.WindowText: "#f1f1f1", _Role.Text: "#f1f1f1", _Role.ButtonText: "#f1f1f1", _Role.PlaceholderText: "#d0d4d8",
    _Role.ToolTipBase: "#3a3d42", _Role.ToolTipText: "#f1f1f1", _Role.BrightText: "#ffffff", _Role.Link: "#a8c7fa",
    _Role.Highlight: "#8ab4f8", _Role.HighlightedText: "#10131a", _Role.Accent: "#8ab4f8",
    _Role.Light: "#5c6168", _Role.Midlight: "#50555b", _Role.Mid: "#1f2124", _Role.Dark: "#17181a",
    _Role.Shadow: "#000000",
}  # fmt: skip
_DISABLED = {Qt.ColorScheme.Light: "#757575", Qt.ColorScheme.Dark: "#9a9ea3"}


class Appearance(QObject):
    """Keeps the windows looking the way the user wants. GUI thread."""

    def __init__(self, app: QApplication, bridge: Bridge) -> None:
        super().__init__(app)
        self._app = app
        self._bridge = bridge
        bridge.happened.connect(self._on_event)
        if app.style().objectName() == "fusion":
            app.setStyle(OutlinedFusion())
        self.obey()
        app.styleHints().colorSchemeChanged.connect(self.obey)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, SettingChanged) and event.key == _KEY:
            self.obey()

    @Slot()
    def obey(self) -> None:
        """Apply the setting, or follow the desktop if it doesn't say."""
        wanted = _SCHEMES.get(self._bridge.settings.text(_KEY), Qt.ColorScheme.Unknown)
        hints = self._app.styleHints()
        if wanted is Qt.ColorScheme.Unknown:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(wanted)
        if self._app.style().objectName() != "fusion":
            return  # other styles have their own colours
        is_ours = wanted is not Qt.ColorScheme.Unknown and hints.colorScheme() is not wanted
        self._app.setPalette(QPalette())  # the desktop's
        self._app.setPalette(mended(own_palette(wanted) if is_ours else self._app.palette()))


def own_palette(scheme: Qt.ColorScheme) -> QPalette:
    """Colours for a desktop that has none for this scheme."""
    palette = QPalette()
    for role, colour in (_DARK if scheme is Qt.ColorScheme.Dark else _LIGHT).items():
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText):
        palette.setColor(_Disabled, role, QColor(_DISABLED[scheme]))
    return palette


def mended(palette: QPalette) -> QPalette:
    """The same colours, except those in which text is hard to read."""
    palette = QPalette(palette)
    for text, ground in _PAIRS:
        if contrast(palette.color(text), palette.color(ground)) < MIN_CONTRAST:
            palette.setColor(text, _readable_on(palette.color(ground)))
    for text, ground in _PAIRS[:3]:
        faint, under = palette.color(_Disabled, text), palette.color(_Disabled, ground)
        if contrast(faint, under) < MIN_DISABLED_CONTRAST:
            grey = max(map(QColor, _DISABLED.values()), key=lambda colour: contrast(colour, under))
            palette.setColor(_Disabled, text, grey)
    # The selection keeps its hue, and is darkened until its text can be read.
    chosen, bar = palette.color(_Role.HighlightedText), palette.color(_Role.Highlight)
    while contrast(chosen, bar) < MIN_CONTRAST:
        if bar.lightnessF() < 0.05:
            chosen = _readable_on(bar)
        bar = bar.darker(110)
    palette.setColor(_Role.Highlight, bar)
    palette.setColor(_Role.HighlightedText, chosen)
    return palette


def _readable_on(ground: QColor) -> QColor:
    """Soft black or white, whichever is legible."""
    return max((QColor("#3c3c3c"), QColor("#e4e4e4")), key=lambda colour: contrast(colour, ground))


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours as defined by WCAG, 1 to 21. `other` shows through where `one` is translucent."""
    alpha = one.alphaF()
    mixed = [a * alpha + b * (1 - alpha) for a, b in zip(_channels(one), _channels(other), strict=True)]
    dark, light = sorted((_luminance(mixed), _luminance(_channels(other))))
    return (light + 0.05) / (dark + 0.05)


def _channels(colour: QColor) -> list[float]:
    return [colour.redF(), colour.greenF(), colour.blueF()]


def _luminance(channels: list[float]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
