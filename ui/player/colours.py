"""The reading view's colours: ink and ground, and the grounds of the sentence and of the word being heard."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

from ui.appearance import contrast

# Text keeps at least this on every ground (WCAG 2.2, 1.4.6); a line under a word is seen with less (1.4.11).
_INK_CONTRAST = 7.0
_Role = QPalette.ColorRole


@dataclass(frozen=True, slots=True)
class ReadingColours:
    """`word_ink` and `line` are those of the word being heard, which has a line under it."""

    ground: QColor
    ink: QColor
    sentence: QColor
    word: QColor
    word_ink: QColor
    line: QColor


def _fixed(ground: str, ink: str, sentence: str, word: str, word_ink: str, line: str) -> ReadingColours:
    return ReadingColours(*map(QColor, (ground, ink, sentence, word, word_ink, line)))


_OWN = {
    "paper": ("#f8f2e4", "#26231e", "#efe2c0", "#f6cd6b", "#26231e", "#7a4a00"),
    "dark": ("#16181b", "#e4e4e0", "#26313d", "#34506e", "#ffffff", "#9cc4ff"),
    "yellow": ("#000000", "#ffe600", "#3a3400", "#ffe600", "#000000", "#000000"),
}


def reading_colours(name: str, palette: QPalette) -> ReadingColours:
    """The colours of the setting player.colours; those of a `palette` where it names none."""
    if name in _OWN:
        return _fixed(*_OWN[name])
    ink, window, base = (palette.color(role) for role in (_Role.WindowText, _Role.Window, _Role.Base))
    ground = max(window, base, key=lambda colour: contrast(ink, colour))
    accent = palette.color(_Role.Highlight)
    sentence, word = _tinted(ground, accent, ink, 0.14), _tinted(ground, accent, ink, 0.36)
    return ReadingColours(ground, ink, sentence, word, ink, ink)


def _tinted(ground: QColor, accent: QColor, ink: QColor, share: float) -> QColor:
    """The ground with so much of an accent in it, or as much as leaves the ink legible."""
    limit = min(_INK_CONTRAST, contrast(ink, ground))
    while True:
        mixed = [
            round(share * one + (1 - share) * other)
            for one, other in zip(accent.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
        ]
        tinted = QColor(*mixed)
        if contrast(ink, tinted) >= limit or share < 0.02:
            return tinted
        share -= 0.02
