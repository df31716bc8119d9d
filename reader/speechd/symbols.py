"""The names of symbols in many languages, and which of them a program wants to hear: speech-dispatcher's own lists.

They are NVDA's, and come with speech-dispatcher (locale/*/symbols.dic), so symbols have the same names as in its other
modules. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from re import Pattern

# How much is named, the least first; "char" is the level of what is named only when it is alone.
LEVELS = ("none", "some", "most", "all", "char")
_ESCAPES = {"\\0": "\0", "\\t": "\t", "\\n": "\n", "\\r": "\r", "\\f": "\f", "\\v": "\v", "\\#": "#", "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol, or what an expression finds. `is_kept`: it stays in the text after its name, for the intonation."""

    name: str
    level: int
    is_kept: bool = False


class Symbols:
    """The symbols of one language."""

    def __init__(self, symbols: dict[str, Symbol], patterns: dict[str, str]) -> None:
        """`patterns` are expressions, by the names under which `symbols` holds what they find."""
        self._symbols = symbols
        self._patterns = [key for key in patterns if key in symbols]
        self._expressions = [patterns[key] for key in self._patterns]

    @cached_property
    def _finder(self) -> Pattern[str]:
        places = [f"(?P<p{i}>{expression})" for i, expression in enumerate(self._expressions)]
        signs = sorted((key for key in self._symbols if key not in self._patterns), key=len, reverse=True)
        return re.compile("|".join([*places, *map(re.escape, signs)]) or r"(?!)")

    def named(self, text: str, mode: str) -> str:
        """A text with names for the symbols that a punctuation mode ("some") wants to hear."""
        level = LEVELS.index(mode) if mode in LEVELS else 0
        if not level:
            return text

        def name(found: re.Match[str]) -> str:
            key = self._patterns[int(found.lastgroup[1:])] if found.lastgroup else found[0]
            symbol = self._symbols[key]
            if symbol.level > level or not symbol.name:
                return found[0]
            return f" {symbol.name} {found[0]} " if symbol.is_kept else f" {symbol.name} "

        return self._finder.sub(name, text)

    def name_of(self, sign: str) -> str:
        """The name of one character that is neither a letter nor a digit; "" if it is unknown."""
        symbol = self._symbols.get(sign)
        return symbol.name if symbol and symbol.name else unicodedata.name(sign, "").lower()


def parse(text: str) -> Symbols:
    """Parse the list in a file. Lines that are not valid are skipped."""
    symbols: dict[str, Symbol] = {}
    patterns: dict[str, str] = {}
    section = ""
    for line in text.removeprefix("\ufeff").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line in ("complexSymbols:", "symbols:"):
            section = line
            continue
        key, *fields = line.split("\t")
        if section == "complexSymbols:" and fields and _is_expression(fields[0]):
            patterns[key] = fields[0]
        elif section == "symbols:" and fields:
            key = _ESCAPES.get(key, key)
            name, level, kept, *_ = [*(_without_remark(one) for one in fields), "", ""]
            usual = "char" if key.isspace() else "all"  # a list that names no level takes it from another
            symbols[key] = Symbol(name, LEVELS.index(level if level in LEVELS else usual), kept == "always")
    return Symbols({key: one for key, one in symbols.items() if len(key) == 1 or key in patterns}, patterns)


def _without_remark(field: str) -> str:
    return field.partition("#")[0].strip()


def _is_expression(text: str) -> bool:
    try:
        return re.compile(text).groups == 0
    except re.error:
        return False
