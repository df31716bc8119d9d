"""Decodes the font Symbol, in which Greek letters and mathematical signs were written before Unicode. Pure.

By Adobe's table (https://unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt), without pieces of brackets.
"""

from __future__ import annotations

_FROM_SPACE = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_\0αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_FROM_A0 = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…\0\0\0ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑\0\0\0\0\0\0\0\0\0\0\0⟩∫"
_LETTERS = {
    **{0x20 + n: letter for n, letter in enumerate(_FROM_SPACE) if letter != "\0"},
    **{0xA0 + n: letter for n, letter in enumerate(_FROM_A0) if letter != "\0"},
}
# Where Windows maps them in Unicode: in the private use area.
_PRIVATE = 0xF000


def is_symbol(typeface: str) -> bool:
    """Whether a typeface of this name is Symbol."""
    return typeface.strip(' ;"').casefold() in ("symbol", "symbolmt", "standard symbols l", "standard symbols ps")


def letter(code: int) -> str:
    """The character at this position in Symbol, 0 to 255, or 0xF000 more; "" if there is nothing to read."""
    return _LETTERS.get(code - _PRIVATE if code >= _PRIVATE else code, "")


def letters(text: str) -> str:
    """Decode a text in Symbol. Characters that are not in Symbol are unchanged."""
    return "".join(letter(ord(sign)) if ord(sign) in range(_PRIVATE, _PRIVATE + 0x100) else sign for sign in text)
