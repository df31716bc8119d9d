"""The reading view's colours: text and background, and the backgrounds of the current sentence and word."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

from ui.appearance import MIN_CONTRAST, contrast

# The least contrast of text on any background (WCAG 2.2, 1.4.6); the line under a word needs less (1.4.11).
_INK_CONTRAST = 7.0
# If the contrast is weaker than that already, a sentence's background keeps this share of it.
_KEPT = 0.85
# The least contrast for the edge of a control (WCAG 2.2, 1.4.11).
_EDGE_CONTRAST = 3.0
_Role = QPalette.ColorRole


@dataclass(frozen=True, slots=True)
class ReadingColours:
    """`word_ink` and `line` are for the word being heard, which is underlined."""

    ground: QColor
    ink: QColor
    sentence: QColor
    word: QColor
    word_ink: QColor
    line: QColor

    @property
    def dim(self) -> QColor:
        """The colour furthest from the ink that is legible on either background (WCAG 2.2, 1.4.3)."""
        share = 0.5
        while share < 1:
            dimmed = mixed(self.ground, self.ink, share)
            if min(contrast(dimmed, ground) for ground in (self.ground, self.sentence)) >= MIN_CONTRAST:
                return dimmed
            share += 0.05
        return self.ink


def _fixed(ground: str, ink: str, sentence: str, word: str, word_ink: str, line: str) -> ReadingColours:
    return ReadingColours(*map(QColor, (ground, ink, sentence, word, word_ink, line)))


_FIXED = {
    "paper": ("#f8f2e4", "#26231e", "#efe2c0", "#f6cd6b", "#26231e", "#7a4a00"),
    "dark": ("#16181b", "#e4e4e0", "#26313d", "#34506e", "#ffffff", "#9cc4ff"),
    "yellow": ("#000000", "#ffe600", "#3a3400", "#ffe600", "#000000", "#000000"),
}


def reading_colours(name: str, palette: QPalette, own: tuple[str, str] = ("", "")) -> ReadingColours:
    """The colours of the setting player.colours: the user's `own` ink and background, or those of a `palette`."""
    if name in _FIXED:
        return _fixed(*_FIXED[name])
    if name == "own":
        ink, ground = map(QColor, own)
        return ReadingColours(ground, ink, _tinted(ground, ink, ink, 0.14), ink, ground, ground)
    ink, window, base = (palette.color(role) for role in (_Role.WindowText, _Role.Window, _Role.Base))
    ground = max(window, base, key=lambda colour: contrast(ink, colour))
    accent = palette.color(_Role.Highlight)
    while contrast(accent, ground) < MIN_CONTRAST:  # some high-contrast themes have accents as dark as the background
        accent = mixed(accent, ink, 0.1)
    sentence, word = _tinted(ground, accent, ink, 0.14), _tinted(ground, accent, ink, 0.36)
    return ReadingColours(ground, ink, sentence, word, ink, ink)


def _tinted(ground: QColor, accent: QColor, ink: QColor, share: float) -> QColor:
    """The background with this share of an accent in it, or as much as keeps the ink legible."""
    limit = min(_INK_CONTRAST, _KEPT * contrast(ink, ground))
    while True:
        tinted = mixed(ground, accent, share)
        if contrast(ink, tinted) >= limit or share < 0.02:
            return tinted
        share -= 0.02


def mixed(ground: QColor, ink: QColor, share: float) -> QColor:
    """A background with this share of an ink in it."""
    pairs = ((ground.red(), ink.red()), (ground.green(), ink.green()), (ground.blue(), ink.blue()))
    return QColor(*(round((1 - share) * a + share * b) for a, b in pairs))


def soft_edge(ink: QColor, ground: QColor) -> QColor:
    """The faintest visible mix of the ink."""
    share = 0.3
    while share < 1 and contrast(mixed(ground, ink, share), ground) < _EDGE_CONTRAST:
        share += 0.05
    return mixed(ground, ink, share)


def scroll_bar_style(colours: ReadingColours) -> str:
    """A scroll bar on the text's own background: a handle that is easy to see and grab, and nothing else."""
    edge = soft_edge(colours.ink, colours.ground).name()
    return f"""
        QScrollBar {{ background: {colours.ground.name()}; border: none; width: 18px; margin: 0; }}
        QScrollBar::handle {{ background: {edge}; border-radius: 5px; min-height: 48px; margin: 4px; }}
        QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {colours.dim.name()}; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    """
