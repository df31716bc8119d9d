"""Numerals that are written alike in all languages: Roman numerals, and single-character fractions. Pure."""

from __future__ import annotations

import unicodedata

# A Roman numeral below 400, as a group of that name, which is empty if there is none.
NUMERAL = r"(?P<roman>(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))"
# Numerator and denominator.
VULGAR = {sign: tuple(unicodedata.normalize("NFKC", sign).split("\u2044")) for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman(numeral: str) -> str:
    """The digits of a well-formed Roman numeral."""
    total = 0
    for letter, following in zip(numeral, [*numeral[1:], ""], strict=True):
        value = _ROMAN[letter]
        total += -value if value < _ROMAN.get(following, 0) else value
    return str(total)
