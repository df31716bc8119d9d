"""The words for ordinal numbers, from resources/spoken, and their cases. Pure."""

from __future__ import annotations

from reader.text.spoken.tables import tables

# By the ending of the nominative: the endings of the genitive and the locative.
_ENDINGS: dict[str, dict[str, tuple[str, str]]] = {
    "ru": {"третий": ("третьего", "третьем"), "ый": ("ого", "ом"), "ой": ("ого", "ом")},
    "uk": {"третій": ("третього", "третьому"), "ий": ("ого", "ому")},
    "pl": {"i": ("iego", "im"), "y": ("ego", "ym")},
    "cs": {"ý": ("ého", "ém"), "í": ("ího", "ím")},
    "fi": {
        "ensimmäinen": ("ensimmäinen", "ensimmäisellä"),
        "toinen": ("toinen", "toisella"),
        "s": ("s", "nnella"),
        "stoista": ("stoista", "nnellatoista"),
    },
}


def names(language: str) -> list[str]:
    """The ordinals of a language, from the first on, after a "-" at index 0; only that if it has none."""
    return ["-", *tables(language).get("ordinals", {}).get("names", "").split("\n")[:-1]]


def of_day(language: str, day: int) -> str:
    """The day of a month, as said before the month's name."""
    return declined(language, names(language)[day], is_in=False) if day < len(names(language)) else str(day)


def declined(language: str, ordinal: str, *, is_in: bool) -> str:
    """The genitive, or the locative after “in”."""
    words = ordinal.split(" ")
    endings = _ENDINGS.get(language)
    if not endings:
        return ordinal
    firsts = words[:-1] if language in ("ru", "uk") else [_ended(word, endings, is_in) for word in words[:-1]]
    return " ".join([*firsts, _ended(words[-1], endings, is_in)])


def _ended(word: str, endings: dict[str, tuple[str, str]], is_in: bool) -> str:
    for ending, changed in endings.items():
        if word.endswith(ending):
            return f"{word.removesuffix(ending)}{changed[is_in]}"
    return word
