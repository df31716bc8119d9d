"""Ordinals in Slavic languages: centuries, in the case that the sentence requires, and Russian kings. Pure."""

from __future__ import annotations

import re

from reader.text.spoken.numerals import NUMERAL, roman
from reader.text.spoken.ordinal_words import declined, names
from reader.text.spoken.tables import Rule

_CENTURIES = {  # the word in full, and short; the word in the genitive and the locative
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
_RU_KING = re.compile(rf"(?P<name>\b[А-ЯЁ][а-яё]+)\s{NUMERAL}\b")
_RU_DIGITS = re.compile(
    rf"(?<![\w.,-])(?P<n>\d{{1,2}})-(?P<end>{'|'.join(sorted(_RU_ENDINGS, key=len, reverse=True))})(?!\w)"
)

# “3-х дней”, “5-ти”: cardinals, not ordinals.
_RU_SOME = {
    "2-х": "двух", "3-х": "трёх", "4-х": "четырёх", "5-ти": "пяти", "6-ти": "шести", "7-ми": "семи", "8-ми": "восьми",
    "9-ти": "девяти", "10-ти": "десяти",
}  # fmt: skip
_RU_OF_SOME = re.compile(rf"(?<![\w.,-])(?:{'|'.join(_RU_SOME)})(?!\w)")


def century(language: str) -> Rule:
    """The rule for “в XX веке”."""
    words, short, of = _CENTURIES[language]
    second = NUMERAL.replace("roman", "to")
    digits = r"|(?P<n>\d{1,2})\." if language == "cs" else ""
    pattern = re.compile(rf"\b(?:{NUMERAL}\.?(?:[-–]{second})?{digits})\s(?:(?P<word>{words})|(?P<short>{short}))")

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
        found = [known[v] if is_plain else declined(language, known[v], is_in=is_in) for v in values]
        return f"{' '.join(found)} {word}"

    return pattern, said


def _king(m: re.Match[str]) -> str:
    value = int(roman(m["roman"])) if m["roman"] else 0
    if not 0 < value < 21:
        return m.group()
    name, said = m["name"], names("ru")[value]
    if name.endswith(("а", "я")) and name not in ("Никита", "Илья", "Лука"):
        said = "третья" if value == 3 else f"{said[:-2]}ая"
    return f"{name} {said}"


def _digits(m: re.Match[str]) -> str:
    said = names("ru")[int(m["n"])] if 0 < int(m["n"]) < len(names("ru")) else ""
    ending = _RU_ENDINGS[m["end"]]
    if not said:
        return m.group()
    if said.endswith("третий"):
        soft = {"ая": "третья", "ое": "третье", "ую": "третью", "ой": "третьей", "ых": "третьих"}
        return said if not ending else said.replace("третий", soft.get(ending, f"треть{ending.replace('о', 'е', 1)}"))
    return f"{said[:-2]}{ending}" if ending else said


# “1990-е”, “в 90-х гг.”
_RU_TENS = {
    "10": "десят", "20": "двадцат", "30": "тридцат", "40": "сороков", "50": "пятидесят", "60": "шестидесят",
    "70": "семидесят", "80": "восьмидесят", "90": "девяност",
}  # fmt: skip
_RU_HUNDREDS = {"18": "тысяча восемьсот ", "19": "тысяча девятьсот ", "20": "две тысячи "}
_RU_DECADE = re.compile(
    rf"(?<![\w.,-])(?P<century>{'|'.join(_RU_HUNDREDS)})?(?P<ten>[1-9]0)-(?P<end>ы?е|ы?х|ы?м|ыми|ми)(?!\w)"
    r"(?P<years>\s?гг?\.(?=\s|[,;)]|\Z))?"
)


def _ru_decade(m: re.Match[str]) -> str:
    end = m["end"].lstrip("ы")
    if not m["century"] and not m["years"] and not re.match(r"\s(?:год|гг)", m.string[m.end() :]):
        return m.group()
    is_in = re.search(r"\b(?:[Вв]о?|[Оо])\s\Z", m.string[: m.start()]) is not None
    years = {"е": "годы", "х": "годах" if is_in else "годов", "м": "годам", "ми": "годами"}[end]
    stop = "." if m["years"] and not m.string[m.end() :].strip() else ""
    return f"{_RU_HUNDREDS.get(m['century'], '')}{_RU_TENS[m['ten']]}ы{end}{f' {years}' if m['years'] else ''}{stop}"


RUSSIAN: tuple[Rule, ...] = (
    (_RU_DECADE, _ru_decade),
    (_RU_OF_SOME, lambda m: _RU_SOME[m.group()]),
    (_RU_KING, _king),
    (_RU_DIGITS, _digits),
)
