"""Formats the numbers of list items, as letters, Roman numerals or digits. Pure."""

from __future__ import annotations

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST_ROMAN = 4000


def told(number: int, form: str) -> str:
    """`form` is OpenDocument's: "a", "A", "i" or "I"; anything else means digits."""
    if form in ("a", "A") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 10 + 1)
        return letter.upper() if form == "A" else letter
    if form in ("i", "I") and 0 < number < _MOST_ROMAN:
        return _roman(number).upper() if form == "I" else _roman(number)
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
