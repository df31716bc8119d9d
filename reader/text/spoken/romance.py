"""Ordinals in French, Spanish, Portuguese and Italian: kings, centuries, raised letters. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from reader.text.spoken import cardinals
from reader.text.spoken.numerals import NUMERAL, roman
from reader.text.spoken.ordinal_words import names
from reader.text.spoken.tables import Rule

# ---- French ----

# How cardinals end, and what that becomes before “ième”.
_FR_STEMS = {"cinq": "cinqu", "neuf": "neuv", "vingts": "vingt", "cents": "cent", "e": ""}
_FR_ROMAN = re.compile(rf"\b(?:(?=[IVXLC]{{2}}|[VX]){NUMERAL}(?:e|ème|ᵉ)|(?P<first>I)(?:er|re|ère))\b")
_FR_DIGITS = re.compile(r"(?<![\w.,])(?P<n>\d{1,3})(?P<end>e|ème|ᵉ|er|re|ère|nde?|ieme|ième)s?\b")
_FR_CENTURY = re.compile(r"(?:(?<=ième )|(?<=premier ))s\.(?=[\s,;)]|\Z)")
_FR_SIR = re.compile(r"\bM(?P<s>M)?\.\s(?=l(?:[ea]s?\s|['’])|et\sM)")  # before a title
_FR_MASTER = re.compile(r"\bMe\s(?=[A-ZÉÈÀ][\wé-]+\s[a-zà-ÿ]|[A-ZÉÈÀ][\w-]+(?:[.,;]|\s*\Z))")
_FR_AVENUE = re.compile(r"\b[Aa]v\.\s(?=[A-ZÀ-Þ](?!\.))")
_FR_OUT_OF = re.compile(r"(?<=\d)\s?(?P<unit>[hj])\s?/\s?(?P<of>24|7)\b")
_FR_KING = re.compile(rf"(?P<name>\b[A-ZÉ][a-zéèêëîïôç]+)\s{NUMERAL}\b(?!['’.]\w)")


def _fr(value: int, *, feminine: bool = False) -> str:
    if value == 1:
        return "première" if feminine else "premier"
    cardinal = cardinals.words("fr", value, "%spellout-cardinal-masculine")
    ending = next((ending for ending in _FR_STEMS if cardinal.endswith(ending)), "")
    return f"{cardinal.removesuffix(ending)}{_FR_STEMS.get(ending, '')}ième"


def _fr_roman(m: re.Match[str]) -> str:
    if m["first"]:
        return _fr(1, feminine=m.group().endswith("re"))
    return _fr(int(roman(m["roman"]))) if m["roman"] else m.group()


def _fr_king(m: re.Match[str]) -> str:
    if (len(m["roman"]) < 2 and m["roman"] not in "VX") or not m["roman"]:
        return m.group()
    return f"{m['name']} {roman(m['roman'])}"


def _fr_digits(m: re.Match[str]) -> str:
    if m["end"] in ("nd", "nde"):
        return f"second{'e' if m['end'] == 'nde' else ''}" if m["n"] == "2" else m.group()
    return _fr(int(m["n"]), feminine=m["end"] in ("re", "ère")) if int(m["n"]) else m.group()


# ---- Spanish, Portuguese, Italian ----

_CENTURY = re.compile(rf"\b(?P<of>[Ss]iglos?|[Ss]éculos?|[Cc]apítulo|[Tt]omo|[Vv]olumen|[Ss]écs?\.)\s{NUMERAL}\b")
_ES_CENTURY = re.compile(rf"(?<![\w.])s(?P<s>s)?\.\s?{NUMERAL}\b")
_ES_STREET = re.compile(r"\bC/\s?(?=[A-ZÁÉÍÓÚÑ])")
_NAMED = re.compile(rf"(?P<name>\b[A-ZÁÉÍÓÚ][a-zà-ÿ]+)\s{NUMERAL}\b(?!['’.]\w)")
_IT_CENTURY = re.compile(
    rf"\b{NUMERAL}\s(?P<of>secol[oi]|sec\.)|\b(?P<first>secolo|sec\.)\s{NUMERAL.replace('roman', 'behind')}\b"
)
_PT_DONA = re.compile(r"\bD\.\s(?=(?:\w+a|Isabel|Beatriz|Leonor|Inês)\b)")
_RAISED = re.compile(r"(?<![\w.,])(?P<n>\d{1,2})\.?(?P<o>[ºª°]|er|ra|ro|do|da|to|ta|mo|ma|vo|va|no|na)(?!\w|\s?C)")


_QUEEN = re.compile(r"\w+a\Z|Isabel|Beatriz|Leonor|Inés|Inês")


def _named(language: str, most: int) -> Callable[[re.Match[str]], str]:
    """The rule for kings, queens and popes: from `most` on, the number is a cardinal."""

    def said(m: re.Match[str]) -> str:
        if not m["roman"] or (m["roman"] in ("C", "L", "I") and m["name"][0] not in "CFJLPM"):
            return m.group()
        value = int(roman(m["roman"]))
        said = names(language)[value] if value < most else str(value)
        is_queen = value < most and m["name"] != "Andrea" and _QUEEN.match(m["name"])
        return f"{m['name']} {f'{said[:-1]}a' if is_queen else said}"

    return said


def _raised(language: str) -> Callable[[re.Match[str]], str]:
    def said(m: re.Match[str]) -> str:
        value, known = int(m["n"]), names(language)
        if not 0 < value < len(known) or (language == "it" and m["o"] not in "ºª°"):
            return m.group()
        if m["o"] == "er":
            return known[value].removesuffix("o")
        return f"{known[value][:-1]}a" if m["o"].endswith(("ª", "a")) else known[value]

    return said


def _century(m: re.Match[str]) -> str:
    return f"{m['of']} {roman(m['roman'])}" if m["roman"] else m.group()


def _es_century(m: re.Match[str]) -> str:
    return f"siglo{m['s'] or ''} {roman(m['roman'])}" if m["roman"] else m.group()


def _it_century(m: re.Match[str]) -> str:
    value, known = int(roman(m["roman"] or m["behind"] or "")), names("it")
    if not 0 < value < len(known):
        return m.group()
    return f"secolo {known[value]}" if m["behind"] else f"{known[value]} {m['of'].replace('sec.', 'secolo')}"


# ---- Romanian ----

_RO_SECOND = re.compile(rf"\b(?P<a>al?)\s(?:{NUMERAL}|(?P<n>\d{{1,2}}))-(?:le)?a\b")
_RO_CENTURY = re.compile(rf"\b(?P<of>secolului|secolul|sec\.)\s{NUMERAL}\b(?!-)")
_RO_FIRST = re.compile(r"(?P<name>\b[A-ZȘȚ][a-zăâîșț]+)\sI\b(?![.'’]\w)")
_RO_FEMININE = ["-", "întâia", "doua", "treia", "patra", "cincea", "șasea", "șaptea", "opta", "noua", "zecea"]


def _ro_second(m: re.Match[str]) -> str:
    """“al XIX-lea”, “a II-a”."""
    value, known = int(roman(m["roman"]) if m["roman"] else m["n"] or 0), names("ro")
    if m["a"] == "a":
        known = [*_RO_FEMININE, *(f"{word.removesuffix('lea').replace('doi', 'două')}a" for word in known[11:])]
    return f"{m['a']} {known[value]}" if 1 < value < len(known) else m.group()


def _ro_century(m: re.Match[str]) -> str:
    value, known = int(roman(m["roman"] or "")), names("ro")
    of = m["of"].replace("sec.", "secolul")
    return f"{of} {'' if value == 1 else 'al '}{known[value]}" if 0 < value < len(known) else m.group()


RULES: dict[str, tuple[Rule, ...]] = {
    "fr": (
        (_FR_ROMAN, _fr_roman),
        (_FR_DIGITS, _fr_digits),
        (_FR_CENTURY, lambda _: "siècle"),
        (_FR_SIR, lambda m: "messieurs " if m["s"] else "monsieur "),
        (_FR_MASTER, lambda _: "maître "),
        (_FR_AVENUE, lambda _: "avenue "),
        (_FR_OUT_OF, lambda m: f" {'heures' if m['unit'] == 'h' else 'jours'} sur {m['of']}"),
        (_FR_KING, _fr_king),
    ),
    "es": (
        (_ES_STREET, lambda _: "calle "),
        (_ES_CENTURY, _es_century),
        (_CENTURY, _century),
        (_RAISED, _raised("es")),
        (_NAMED, _named("es", 11)),
    ),
    "pt": ((_PT_DONA, lambda _: "Dona "), (_CENTURY, _century), (_RAISED, _raised("pt")), (_NAMED, _named("pt", 11))),
    "ro": (
        (_RO_SECOND, _ro_second),
        (_RO_CENTURY, _ro_century),
        (_RO_FIRST, lambda m: f"{m['name']} întâi" if m["name"] not in ("Capitolul", "Partea") else m.group()),
    ),
    "it": ((_IT_CENTURY, _it_century), (_RAISED, _raised("it")), (_NAMED, _named("it", 32))),
}
