"""Ordinal numbers of languages in which a numeral alone does not say that it is one: days, centuries, kings. Pure.

Their words are in resources/spoken; German's are in german.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from reader.text.spoken.english_numbers import roman
from reader.text.spoken.tables import tables
from reader.text.traced import Rewriting

_NUMERAL = r"(?P<roman>(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))"
_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def rewrite(text: Rewriting, language: str) -> None:
    """Say the ordinals of `language`, where it has any here."""
    for pattern, said in _rules(language):
        text.replace(pattern, said)


@cache
def _rules(language: str) -> tuple[_Rule, ...]:
    make = _RULES.get(language)
    return make() if make else ()


def names(language: str) -> list[str]:
    """The ordinals of a language from the first on; behind a "-" in the place of 0. None: only that."""
    return ["-", *tables(language).get("ordinals", {}).get("names", "").split("\n")[:-1]]


def of_day(language: str, day: int) -> str:
    """The day of a month, as it stands in front of the month's name."""
    return _declined(language, names(language)[day], is_in=False) if day < len(names(language)) else str(day)


def _declined(language: str, ordinal: str, *, is_in: bool) -> str:
    """The genitive or, behind “in”, the locative."""
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
_FR_TENS = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt"]
_FR_ROMAN = re.compile(rf"\b(?:(?=[IVXLC]{{2}}|[VX]){_NUMERAL}(?:e|ème|ᵉ)|(?P<first>I)(?:er|re|ère))\b")
_FR_DIGITS = re.compile(r"(?<![\w.,])(?P<n>\d{1,3})(?P<end>e|ème|ᵉ|er|re|ère|nde?|ieme|ième)s?\b")
_FR_CENTURY = re.compile(r"(?<=ième )s\.(?=\s|\Z)|(?<=premier )s\.(?=\s|\Z)")
_FR_KING = re.compile(rf"(?P<name>\b[A-ZÉ][a-zéèêëîïôç]+)\s{_NUMERAL}\b(?!['’.]\w)")


def _fr_cardinal(value: int) -> str:
    """Below a thousand."""
    hundreds, below = divmod(value, 100)
    words = [*([_FR_ONES[hundreds]] if hundreds > 1 else []), *(["cent"] if hundreds else [])]
    if below and below < len(_FR_ONES):
        words.append(_FR_ONES[below])
    elif below:
        tens = below // 10
        ones = below - (tens - tens % 2) * 10 if tens in (7, 9) else below % 10
        link = "-et-" if ones in (1, 11) and tens < 8 else "-" if ones else ""
        words.append(f"{_FR_TENS[tens]}{link}{_FR_ONES[ones] if ones else ''}")
    return " ".join(words) or _FR_ONES[0]


def _fr(value: int, *, feminine: bool = False) -> str:
    if value == 1:
        return "première" if feminine else "premier"
    stem = _fr_cardinal(value)
    head, _, last = stem.rpartition("-") if "-" in stem.rpartition(" ")[2] else stem.rpartition(" ")
    gap = stem[len(head) : len(stem) - len(last)]
    return f"{head}{gap}{ {'cinq': 'cinqu', 'neuf': 'neuv'}.get(last, last.rstrip('e')) }ième".replace(" i", "i")


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

_CENTURY = re.compile(rf"\b(?P<of>[Ss]iglos?|[Ss]éculos?|[Cc]apítulo|[Tt]omo|[Vv]olumen|[Ss]écs?\.)\s{_NUMERAL}\b")
_NAMED = re.compile(rf"(?P<name>\b[A-ZÁÉÍÓÚ][a-zà-ÿ]+)\s{_NUMERAL}\b(?!['’.]\w)")
_IT_CENTURY = re.compile(
    rf"\b{_NUMERAL}\s(?P<of>secol[oi]|sec\.)|\b(?P<first>secolo|sec\.)\s{_NUMERAL.replace('roman', 'behind')}\b"
)
_RAISED = re.compile(r"(?<![\w.,])(?P<n>\d{1,2})\.?(?P<o>[ºª°]|er|ra|ro|do|da|to|ta|mo|ma|vo|va|no|na)(?!\w|\s?C)")


def _named(language: str, most: int) -> Callable[[re.Match[str]], str]:
    """Of kings and popes: from `most` on numbers are said."""

    def said(m: re.Match[str]) -> str:
        if not m["roman"] or (m["roman"] in ("C", "L", "I") and m["name"][0] not in "CFJLPM"):
            return m.group()
        value = int(roman(m["roman"]))
        return f"{m['name']} {names(language)[value] if value < most else value}"

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


def _it_century(m: re.Match[str]) -> str:
    value, known = int(roman(m["roman"] or m["behind"] or "")), names("it")
    if not 0 < value < len(known):
        return m.group()
    return f"secolo {known[value]}" if m["behind"] else f"{known[value]} {m['of'].replace('sec.', 'secolo')}"


# ---- Slavic languages ----

_CENTURIES = {  # in full, in the locative or the genitive; short; the word for it in both cases
    "ru": (r"век\w*|столети\w*", r"в{1,2}\.", ("века", "веке")),
    "uk": (r"столітт\w*|вік\w*", r"ст\.", ("століття", "столітті")),
    "pl": (r"wiek\w*", r"w\.", ("wieku", "wieku")),
    "cs": (r"století\w*|stol\.", r"st\.", ("století", "století")),
}
_IN = {"ru": r"\b[Вв]о?\s\Z", "uk": r"\b[УуВв]\s\Z", "pl": r"\b[Ww]e?\s\Z", "cs": r"\b(?:[Vv]e?|[Nn]a|[Pp]o)\s\Z"}
_OF_CS = r"\b(?:[Zz]e?|[Dd]o|[Oo]d|[Bb]ěhem|[Kk]once|[Pp]očátku|[Zz]ačátku|[Pp]olovin[ěy])\s\Z"
_NOMINATIVE = {"век", "столетие", "століття", "вік", "wiek", "столетия"}
_RU_ENDINGS = {
    "й": "", "я": "ая", "е": "ое", "го": "ого", "ого": "ого", "м": "ом", "ом": "ом", "му": "ому", "му ": "ому",
    "х": "ых", "ую": "ую", "ю": "ую", "ой": "ой", "ая": "ая", "ое": "ое", "ый": "", "ий": "",
}  # fmt: skip
_RU_KING = re.compile(rf"(?P<name>\b[А-ЯЁ][а-яё]+)\s{_NUMERAL}\b")
_RU_DIGITS = re.compile(
    rf"(?<![\w.,-])(?P<n>\d{{1,2}})-(?P<end>{'|'.join(sorted(_RU_ENDINGS, key=len, reverse=True))})(?!\w)"
)


def _slavic_century(language: str) -> _Rule:
    words, short, of = _CENTURIES[language]
    second = _NUMERAL.replace("roman", "to")
    digits = r"|(?P<n>\d{1,2})\." if language == "cs" else ""
    pattern = re.compile(rf"\b(?:{_NUMERAL}\.?(?:[-–]{second})?{digits})\s(?:(?P<word>{words})|(?P<short>{short}))")

    def said(m: re.Match[str]) -> str:
        known = names(language)
        values = [int(roman(one)) for one in (m["roman"], m["to"]) if one] or [int(m.groupdict().get("n") or 0)]
        if not all(0 < value < len(known) for value in values):
            return m.group()
        is_in = re.search(_IN[language], m.string[: m.start()]) is not None
        word = m["word"] or of[is_in]
        is_plain = word in _NOMINATIVE - {"столетия", "століття"}
        if language == "cs" and not is_in and not re.search(_OF_CS, m.string[: m.start()]):
            return f"{' '.join(known[v].replace('ý', 'é') for v in values)} {word}"
        if language in ("ru", "uk"):
            is_in = word in ("веке", "столетии", "веках", "столітті", "століттях", "віці")
        found = [known[v] if is_plain else _declined(language, known[v], is_in=is_in) for v in values]
        return f"{' '.join(found)} {word}"

    return pattern, said


def _ru_king(m: re.Match[str]) -> str:
    value = int(roman(m["roman"])) if m["roman"] else 0
    if not 0 < value < 21:
        return m.group()
    name, said = m["name"], names("ru")[value]
    if name.endswith(("а", "я")) and name not in ("Никита", "Илья", "Лука"):
        said = "третья" if value == 3 else f"{said[:-2]}ая"
    return f"{name} {said}"


def _ru_digits(m: re.Match[str]) -> str:
    said = names("ru")[int(m["n"])] if 0 < int(m["n"]) < len(names("ru")) else ""
    ending = _RU_ENDINGS[m["end"]]
    if not said:
        return m.group()
    if said.endswith("третий"):
        soft = {"ая": "третья", "ое": "третье", "ую": "третью", "ой": "третьей", "ых": "третьих"}
        return said if not ending else said.replace("третий", soft.get(ending, f"треть{ending.replace('о', 'е', 1)}"))
    return f"{said[:-2]}{ending}" if ending else said


# ---- the others: by their tables ----

_KING = re.compile(rf"(?P<name>\b[^\W\d_a-zß-ÿ][^\W\d_]+)\s(?=[IVX]){_NUMERAL}(?:\.(?=\s|,|\Z))?(?![\w'’.-]*\w)")
_KING_ARTICLE = {"nl": "de ", "sv": "den ", "da": "den ", "nb": "den ", "pl": "", "cs": ""}
_KING_SECOND = {"sv": "andre"}
_NUMBERED_BEHIND = {  # what a numeral has behind it that is an ordinal
    "nl": r"\s?(?:ste|de|e)\b",
    "sv": r":[ae]\b",
    "da": r"\.(?=\s[a-zæøå])",
    "nb": r"\.(?=\s[a-zæøå])",
    "fi": r"\.(?=\s[a-zäöå])",
    "tr": r"\.(?=\s[a-zçğıöşü])",
    "hu": r"\.(?=\s[a-záéíóöőúüű])",
}


# What is counted, not named.
_PARTS = frozenset(
    {
        "Afsnit", "Band", "Bijlage", "Bilag", "Del", "Deel", "Díl", "Etap", "Hoofdstuk", "Kapitel", "Kapitola", "Klasa",
        "Rozdział", "Svazek", "Tom", "Typ", "Type", "Verdenskrig", "Världskriget", "Wereldoorlog", "Część", "Část",
    }
)  # fmt: skip


def _king(language: str) -> _Rule:
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


def _counted(language: str) -> _Rule:
    pattern = re.compile(rf"(?<![\w.,:/-])(?P<n>\d{{1,2}}){_NUMBERED_BEHIND[language]}")
    known = names(language)
    return pattern, lambda m: known[int(m["n"])] if 0 < int(m["n"]) < len(known) else m.group()


def _roman_first_tr() -> _Rule:
    known = names("tr")
    pattern = re.compile(rf"(?<![\w.]){_NUMERAL}\.(?=\s[A-ZÇĞİÖŞÜa-zçğıöşü])")
    return (
        pattern,
        lambda m: known[int(roman(m["roman"]))] if m["roman"] and int(roman(m["roman"])) < len(known) else m.group(),
    )


_RULES: dict[str, Callable[[], tuple[_Rule, ...]]] = {
    "fr": lambda: (
        (_FR_ROMAN, _fr_roman),
        (_FR_DIGITS, _fr_digits),
        (_FR_CENTURY, lambda _: "siècle"),
        (_FR_KING, _fr_king),
    ),
    "es": lambda: ((_CENTURY, _century), (_RAISED, _raised("es")), (_NAMED, _named("es", 11))),
    "pt": lambda: ((_CENTURY, _century), (_RAISED, _raised("pt")), (_NAMED, _named("pt", 11))),
    "it": lambda: ((_IT_CENTURY, _it_century), (_RAISED, _raised("it")), (_NAMED, _named("it", 32))),
    "ru": lambda: (_slavic_century("ru"), (_RU_KING, _ru_king), (_RU_DIGITS, _ru_digits)),
    "uk": lambda: (_slavic_century("uk"),),
    "pl": lambda: (_slavic_century("pl"), _king("pl")),
    "cs": lambda: (_slavic_century("cs"), _king("cs")),
    "nl": lambda: (_counted("nl"), _king("nl")),
    "sv": lambda: (_counted("sv"), _king("sv")),
    "da": lambda: (_counted("da"), _king("da")),
    "nb": lambda: (_counted("nb"), _king("nb")),
    "fi": lambda: (_counted("fi"),),
    "tr": lambda: (_roman_first_tr(), _counted("tr")),
    "hu": lambda: (_counted("hu"),),
}
