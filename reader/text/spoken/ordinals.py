"""Ordinals in languages where a numeral alone does not show that it is one: days, centuries, kings. Pure.

Their words are in resources/spoken. Table-driven rules are here; those of a single family are in german.py, romance.py
and slavic.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from reader.text.spoken import romance, slavic
from reader.text.spoken.numerals import NUMERAL, roman
from reader.text.spoken.ordinal_words import names
from reader.text.spoken.tables import Rule
from reader.text.traced import Rewriting

_KING = re.compile(rf"(?P<name>\b[^\W\d_a-zß-ÿ][^\W\d_]+)\s(?=[IVX]){NUMERAL}(?:\.(?=\s|,|\Z))?(?![\w'’.-]*\w)")
_KING_ARTICLE = {"nl": "de ", "sv": "den ", "da": "den ", "nb": "den ", "pl": "", "cs": ""}
_KING_SECOND = {"sv": "andre"}
_NUMBERED_BEHIND = {  # what follows a numeral that is an ordinal
    "nl": r"(?:ste|de|e)\b(?!\.\w)",
    "sv": r":[ae]\b",
    "da": r"\.(?=\s[a-zæøå])",
    "nb": r"\.(?=\s[a-zæøå])",
    "fi": r"\.(?=\s[a-zäöå])",
    "tr": r"\.(?=\s[a-zçğıöşü])",
    "hu": r"\.(?=\s[a-záéíóöőúüű])",
}
# Parts rather than kings: they get a cardinal.
_PARTS = frozenset(
    {
        "Afsnit", "Band", "Bijlage", "Bilag", "Del", "Deel", "Díl", "Etap", "Hoofdstuk", "Kapitel", "Kapitola", "Klasa",
        "Rozdział", "Svazek", "Tom", "Typ", "Type", "Verdenskrig", "Världskriget", "Wereldoorlog", "Część", "Část",
    }
)  # fmt: skip


def _king(language: str) -> Rule:
    second = _KING_SECOND.get(language) or [*names(language), "", ""][2]

    def said(m: re.Match[str]) -> str:
        value, known = int(roman(m["roman"])) if m["roman"] else 0, names(language)
        if not 0 < value < len(known) or m["roman"] in ("C", "L", "D") or (m["roman"] in "IVX" and len(m["name"]) < 3):
            return m.group()
        if m["name"] in _PARTS:
            return f"{m['name']} {value}"
        end = "." if m.group().endswith(".") and not m.string[m.end() :].strip() else ""
        return f"{m['name']} {_KING_ARTICLE[language]}{second if value == 2 else known[value]}{end}"

    return _KING, said


def _counted(language: str) -> Rule:
    pattern = re.compile(rf"(?<![\w.,:/-])(?P<n>\d{{1,2}}){_NUMBERED_BEHIND[language]}")
    known = names(language)
    return pattern, lambda m: known[int(m["n"])] if 0 < int(m["n"]) < len(known) else m.group()


def _roman_first_tr() -> Rule:
    known = names("tr")
    pattern = re.compile(rf"(?<![\w.]){NUMERAL}\.(?=\s[A-ZÇĞİÖŞÜa-zçğıöşü])")
    return (
        pattern,
        lambda m: known[int(roman(m["roman"]))] if m["roman"] and int(roman(m["roman"])) < len(known) else m.group(),
    )


def rewrite(text: Rewriting, language: str) -> None:
    """Say the ordinals of `language`, if it has any here."""
    for pattern, said in _rules(language):
        text.replace(pattern, said)


@cache
def _rules(language: str) -> tuple[Rule, ...]:
    make = _RULES.get(language, lambda: romance.RULES.get(language, ()))
    return make()


_RULES: dict[str, Callable[[], tuple[Rule, ...]]] = {
    "ru": lambda: (slavic.century("ru"), *slavic.RUSSIAN),
    "uk": lambda: (slavic.century("uk"),),
    "pl": lambda: (slavic.century("pl"), _king("pl")),
    "cs": lambda: (slavic.century("cs"), _king("cs")),
    "nl": lambda: (_counted("nl"), _king("nl")),
    "sv": lambda: (_counted("sv"), _king("sv")),
    "da": lambda: (_counted("da"), _king("da")),
    "nb": lambda: (_counted("nb"), _king("nb")),
    "fi": lambda: (_counted("fi"),),
    "tr": lambda: (_roman_first_tr(), _counted("tr")),
    "hu": lambda: (_counted("hu"),),
}
