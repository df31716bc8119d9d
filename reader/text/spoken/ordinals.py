"""Ordinal numbers of languages in which a numeral alone does not say that it is one: days, centuries, kings. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from reader.text.spoken.english_numbers import roman
from reader.text.traced import Rewriting

_NUMERAL = r"(?P<roman>(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))"


def rewrite(text: Rewriting, language: str) -> None:
    """Say the ordinals of `language`, where it has any here."""
    for pattern, said in _RULES.get(language, ()):
        text.replace(pattern, said)


# ---- German ----

_DE_ONES = ["null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
_DE_TEENS = {16: "sechzehn", 17: "siebzehn"}
_DE_TENS = ["-", "zehn", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_DE_IRREGULAR = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}
_DE_MONTHS = (
    "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jänner|"
    "Jan|Feb|Mär|Apr|Jun|Jul|Aug|Sept|Sep|Okt|Nov|Dez"
)
_DE_NAMES = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
_DE_DATIVE = re.compile(
    r"(?:\b(?:am|vom|zum|dem|im|beim|den|seit|bis|ab|des|einem|einen|ihrem|seinem|der|"
    r"Am|Vom|Zum|Im|Den|Seit|Ab|\w+tag,?))\s\Z"
)
_DE_ORDINAL = re.compile(
    rf"(?<![\w.,])(?P<n>\d{{1,2}})\.\s?"
    rf"(?=(?:{_DE_MONTHS})\b|Jahrhundert|Jh|[A-ZÄÖÜ][a-zäöüß]+(?:\s[a-zäöü]|[.,;!?]|\s?\Z))"
)
_DE_DATE = re.compile(
    r"(?<![\w.,])(?P<n>3[01]|[12]\d|0?[1-9])\.\s?(?P<m>1[0-2]|0?[1-9])\.(?:\s?(?P<y>[12]\d{3}))?(?!\w|\.\d)"
)
_DE_NAMED = re.compile(rf"(?<=[a-zäöüß] )(?P<article>der|des|dem|den)\s{_NUMERAL}\.(?=\s|,|\Z)")
_DE_KING = re.compile(rf"(?P<name>\b[A-ZÄÖÜ][a-zäöüß]+)\s{_NUMERAL}\.(?=\s|\Z|,)")


def _de(value: int) -> str:
    if value in _DE_IRREGULAR:
        return f"{_DE_IRREGULAR[value]}e"
    if value < 20:
        stem = _DE_ONES[value] if value < 13 else _DE_TEENS.get(value, f"{_DE_ONES[value - 10]}zehn")
        return f"{stem}te"
    ones = value % 10
    return f"{_DE_ONES[ones] + 'und' if ones else ''}{_DE_TENS[value // 10 % 10]}ste"


def _de_ending(m: re.Match[str]) -> str:
    before = _DE_DATIVE.search(m.string, 0, m.start())
    if before:
        return "" if before.group().strip() == "der" else "n"
    return "" if re.search(r"\b(?:die|das|Der|Die|Das)\s\Z", m.string[: m.start()]) else "r"


def _de_ordinal(m: re.Match[str]) -> str:
    value = int(m["n"])
    return f"{_de(value)}{_de_ending(m)} " if value else m.group()


def _de_date(m: re.Match[str]) -> str:
    return f"{_de(int(m['n']))}{_de_ending(m)} {_DE_NAMES[int(m['m']) - 1]}{' ' + m['y'] if m['y'] else ''}"


def _de_king(m: re.Match[str]) -> str:
    if not m["roman"]:
        return m.group()
    return f"{m['name']} der {_de(int(roman(m['roman']))).capitalize()}"


def _de_named(m: re.Match[str]) -> str:
    """Of “Karl der V.” the name is not next to its number."""
    if not m["roman"]:
        return m.group()
    return f"{m['article']} {_de(int(roman(m['roman']))).capitalize()}{'' if m['article'] == 'der' else 'n'}"


# ---- French ----

_FR_ONES = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
    "vingt",
    "vingt-et-un",
]
_FR_ROMAN = re.compile(rf"\b(?:(?=[IVXLC]{{2}}|[VX]){_NUMERAL}(?:e|ème|ᵉ)|(?P<first>I)(?:er|re|ère))\b")
_FR_DIGITS = re.compile(r"(?<![\w.,])(?P<n>\d{1,2})(?:e|ème|ᵉ|er|re|ère)s?\b")
_FR_KING = re.compile(rf"(?P<name>\b[A-ZÉ][a-zéèêëîïôç]+)\s{_NUMERAL}\b(?!['’.]\w)")


def _fr(value: int, feminine: bool = False) -> str:
    if value == 1:
        return "première" if feminine else "premier"
    if value >= len(_FR_ONES):
        return f"{value}e"
    stem = _FR_ONES[value]
    return f"{ {'cinq': 'cinqu', 'neuf': 'neuv', 'dix-neuf': 'dix-neuv'}.get(stem, stem.rstrip('e')) }ième".replace(
        " ", ""
    )


def _fr_roman(m: re.Match[str]) -> str:
    if m["first"]:
        return _fr(1, m.group().endswith("re"))
    return _fr(int(roman(m["roman"]))) if m["roman"] else m.group()


def _fr_king(m: re.Match[str]) -> str:
    if (len(m["roman"]) < 2 and m["roman"] not in "VX") or not m["roman"]:
        return m.group()
    return f"{m['name']} {roman(m['roman'])}"


# ---- Spanish, Portuguese, Italian ----

_ES = ["-", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo"]
_PT = ["-", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono", "décimo"]
_IT = [
    "-",
    "primo",
    "secondo",
    "terzo",
    "quarto",
    "quinto",
    "sesto",
    "settimo",
    "ottavo",
    "nono",
    "decimo",
    "undicesimo",
    "dodicesimo",
    "tredicesimo",
    "quattordicesimo",
    "quindicesimo",
    "sedicesimo",
    "diciassettesimo",
    "diciottesimo",
    "diciannovesimo",
    "ventesimo",
    "ventunesimo",
]
_CENTURY = re.compile(rf"\b(?P<of>[Ss]iglos?|[Ss]éculos?|[Cc]apítulo|[Tt]omo|[Vv]olumen|[Ss]écs?\.)\s{_NUMERAL}\b")
_NAMED = re.compile(rf"(?P<name>\b[A-ZÁÉÍÓÚ][a-zà-ÿ]+)\s{_NUMERAL}\b(?!['’.]\w)")
_IT_CENTURY = re.compile(rf"\b{_NUMERAL}\s(?=secolo)|(?<=secolo\s){_NUMERAL.replace('roman', 'behind')}\b")
_RAISED = re.compile(r"(?<![\w.,])(?P<n>\d{1,2})\.?(?P<o>[ºª°])(?!\w|\s?C)")


def _named(names: list[str]) -> Callable[[re.Match[str]], str]:
    def said(m: re.Match[str]) -> str:
        if not m["roman"] or (m["roman"] in ("C", "L", "I") and m["name"][0] not in "CFJLPM"):
            return m.group()
        value = int(roman(m["roman"]))
        return f"{m['name']} {names[value] if value < len(names) else value}"

    return said


def _raised(names: list[str]) -> Callable[[re.Match[str]], str]:
    def said(m: re.Match[str]) -> str:
        value = int(m["n"])
        if not 0 < value < len(names):
            return m.group()
        return f"{names[value][:-1]}a" if m["o"] == "ª" else names[value]

    return said


def _century(m: re.Match[str]) -> str:
    return f"{m['of']} {roman(m['roman'])}" if m["roman"] else m.group()


def _it_century(m: re.Match[str]) -> str:
    value = int(roman(m["roman"] or m["behind"] or ""))
    return f"{_IT[value]}{' ' if m['roman'] else ''}" if 0 < value < len(_IT) else m.group()


# ---- Russian, Ukrainian, Polish: of centuries ----

_RU = [
    "-",
    "первый",
    "второй",
    "третий",
    "четвёртый",
    "пятый",
    "шестой",
    "седьмой",
    "восьмой",
    "девятый",
    "десятый",
    "одиннадцатый",
    "двенадцатый",
    "тринадцатый",
    "четырнадцатый",
    "пятнадцатый",
    "шестнадцатый",
    "семнадцатый",
    "восемнадцатый",
    "девятнадцатый",
    "двадцатый",
    "двадцать~первый",
]
_PL = [
    "-",
    "pierwszy",
    "drugi",
    "trzeci",
    "czwarty",
    "piąty",
    "szósty",
    "siódmy",
    "ósmy",
    "dziewiąty",
    "dziesiąty",
    "jedenasty",
    "dwunasty",
    "trzynasty",
    "czternasty",
    "piętnasty",
    "szesnasty",
    "siedemnasty",
    "osiemnasty",
    "dziewiętnasty",
    "dwudziesty",
    "dwudziesty~pierwszy",
]
_RU_CENTURY = re.compile(rf"\b{_NUMERAL}\s(?:(?P<word>век\w*|столети\w*)|(?P<short>в{{1,2}}\.))")
_RU_KING = re.compile(rf"(?P<name>\b[А-ЯЁ][а-яё]+)\s{_NUMERAL}\b")
_PL_CENTURY = re.compile(rf"\b{_NUMERAL}\s(?:(?P<word>wiek\w*)|(?P<short>w\.))")
_RU_ENDINGS = {"века": "ого", "веке": "ом", "веку": "ому", "веком": "ым", "столетия": "ого", "столетии": "ом"}
_RU_THIRD = {"ого": "третьего", "ом": "третьем", "ому": "третьему", "ым": "третьим"}


def _ru_century(m: re.Match[str]) -> str:
    value = int(roman(m["roman"] or "")) if m["roman"] else 0
    if not 0 < value < len(_RU):
        return m.group()
    is_in = re.search(r"\b[Вв]о?\s\Z", m.string[: m.start()]) is not None
    word = m["word"] or ("веке" if is_in else "века")
    ending = _RU_ENDINGS.get(word, "")
    said = _RU[value].replace("~", " ")
    if ending:
        said = _RU_THIRD[ending] if value == 3 else f"{said[:-2]}{ending}"
    return f"{said} {word}"


def _pl_century(m: re.Match[str]) -> str:
    value = int(roman(m["roman"] or "")) if m["roman"] else 0
    if not 0 < value < len(_PL):
        return m.group()
    word = m["word"] or "wieku"
    said = _PL[value]
    if word in ("wieku", "wieków"):
        is_in = re.search(r"\b[Ww]e?\s\Z", m.string[: m.start()]) is not None
        said = "~".join(_pl_case(one, is_in=is_in) for one in said.split("~"))
    return f"{said.replace('~', ' ')} {word}"


def _pl_case(ordinal: str, *, is_in: bool) -> str:
    """The genitive, or the locative: “drugiego”, “dwudziestym”."""
    if is_in:
        return f"{ordinal}m"
    return f"{ordinal}ego" if ordinal.endswith("i") else f"{ordinal[:-1]}ego"


def _ru_king(m: re.Match[str]) -> str:
    value = int(roman(m["roman"])) if m["roman"] else 0
    return f"{m['name']} {_RU[value]}" if 0 < value < 21 else m.group()


_RULES: dict[str, tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = {
    "de": ((_DE_DATE, _de_date), (_DE_ORDINAL, _de_ordinal), (_DE_NAMED, _de_named), (_DE_KING, _de_king)),
    "fr": ((_FR_ROMAN, _fr_roman), (_FR_DIGITS, lambda m: _fr(int(m["n"]))), (_FR_KING, _fr_king)),
    "es": ((_CENTURY, _century), (_RAISED, _raised(_ES)), (_NAMED, _named(_ES))),
    "pt": ((_CENTURY, _century), (_RAISED, _raised(_PT)), (_NAMED, _named(_PT))),
    "it": ((_IT_CENTURY, _it_century), (_RAISED, _raised(_IT)), (_NAMED, _named(_IT))),
    "ru": ((_RU_CENTURY, _ru_century), (_RU_KING, _ru_king)),
    "pl": ((_PL_CENTURY, _pl_century),),
}
