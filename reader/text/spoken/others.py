"""Languages other than English: abbreviations, measures and money from tables in resources/spoken, and ordinals. Pure.

eSpeak NG reads most plain numbers of its languages correctly, so they stay as figures; the others are in cardinals.py.
"""

from __future__ import annotations

import re
from functools import cache

from reader.text.spoken import cardinals, days, german, measures, ordinals
from reader.text.spoken.numerals import roman
from reader.text.spoken.tables import Rule, one_of, tables
from reader.text.traced import Rewriting

# Years: elsewhere the letter stands for metres.
_AR_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d\d)\s?م(?!\w)")
# Points and accents, which eSpeak NG's voice would name one by one.
_POINTS = re.compile(r"[\u0591-\u05bd\u05bf-\u05c7]+")


def rewrite(text: Rewriting, language: str) -> None:
    """Spell out what eSpeak NG would say wrongly."""
    if language == "he":
        text.replace(_POINTS, lambda _: "")
    if language == "ar":
        text.replace(_AR_YEAR, lambda m: f"{m[1]} بعد الميلاد")
    if language == "de":
        german.rewrite(text)
    if not tables(language):
        return
    for pattern, said in _first_rules(language):
        text.replace(pattern, said)
    ordinals.rewrite(text, language)
    for pattern, said in _rules(language):
        text.replace(pattern, said)


@cache
def _first_rules(language: str) -> tuple[Rule, ...]:
    """Rules for dates, and for joining numbers: before anything else looks at numbers."""
    table = tables(language)
    numbered = (
        # “art. 5º”, whose number will no longer be in figures
        [_short(table["numbered"], r"\.?\s?(?=\d{1,3}\.?[ºª°])", " ")] if "numbered" in table else []
    )
    return (*numbered, *days.rules(language, table), *measures.Measures(table).first())


@cache
def _rules(language: str) -> tuple[Rule, ...]:
    table = tables(language)
    before = table.get("before", ""), table.get("before_genitive", "")
    amounts = measures.Measures(table)
    rules: list[Rule] = [*amounts.money()]
    if "numbered" in table:
        rules.append(_short(table["numbered"], r"\.?\s?(?=\d)", " ", before=before))
        rules.append(_numbered_in_roman(table["numbered"]))
    if "behind" in table:
        rules.append(_short(table["behind"], r"\.(?!\w)", "", front=r"(?<=\d\s)|(?<=\d)", before=before))
    if "titles" in table:
        rules.append(
            _short(table["titles"], r"\.\s?(?=[^\W\d_a-zß-ÿα-ώа-я])", " ", front=r"(?<!\d\s)(?<![\w.])", before=before)
        )
    if "scales" in table:
        rules.append(amounts.scales())
    if "prefixes" in table:
        rules.append(_short(table["prefixes"], r"(?=[^\W\d_a-zß-ÿ])", ""))
    if "plain" in table:
        rules.append(_short(table["plain"], r"(?![\w.])", ""))
    rules.append(_short(table.get("words", {}), r"\.(?!\w)", "", before=before))
    if "clock" in table:
        rules += _clocks(table["clock"], table.get("to", "–"))
    return (*rules, *amounts.rules(), *cardinals.rules(language))


def _short(
    forms: dict[str, str | list[str]],
    behind: str,
    gap: str,
    *,
    front: str = r"(?<![\w.])",
    before: tuple[str, str] = ("", ""),
) -> Rule:
    """A rule for a table of abbreviations; their spaces may be missing from the text, or be non-breaking.

    If there are several readings, the later ones are for a number after a preposition: the second after one that takes
    the locative, the third after one that takes the genitive (`before`).
    """
    if not forms:
        return re.compile(r"(?!)"), lambda m: m.group()
    forms = {**{f"{form[0].upper()}{form[1:]}": said for form, said in forms.items() if len(form) > 1}, **forms}
    names = one_of(forms).replace(r"\.\ ", r"\.\s?")
    pattern = re.compile(rf"(?:{front})(?P<form>{names}){behind}")
    prepositions = [re.compile(rf"(?:\A|\s)(?:{some})\s(?:\d+(?:[-–]\d+)?\s?)?\Z", re.I) for some in before if some]
    known = {re.sub(r"\s", "", form): said for form, said in forms.items()}

    def in_front(m: re.Match[str]) -> str:
        return m.string[max(m.start() - 30, 0) : m.start()]

    def said(m: re.Match[str]) -> str:
        end = "." if not gap and m.group().endswith(".") and not m.string[m.end() :].strip() else ""
        form = re.sub(r"\s", "", m["form"])
        one = known[form]
        if not isinstance(one, str):
            case = next((i for i, some in enumerate(prepositions, 1) if some.search(in_front(m))), 0)
            one = one[case] if case < len(one) else one[0]
        lead = " " if m.string[m.start() - 1 : m.start()].isdecimal() else ""
        return f"{lead}{one}{gap}{end}"

    return pattern, said


def _numbered_in_roman(forms: dict[str, str | list[str]]) -> Rule:
    """“Vol. II”, for volumes and chapters."""
    pattern = re.compile(
        rf"(?<![\w.])(?P<form>{one_of(one for one in forms if len(one) > 1)})\.\s(?P<roman>[IVXLC]+)\b(?!\.\w)"
    )

    def said(m: re.Match[str]) -> str:
        name = forms[m["form"]]
        return f"{name if isinstance(name, str) else name[0]} {roman(m['roman'])}"

    return pattern, said


def _clocks(table: dict[str, str], to: str) -> list[Rule]:
    """“14h30”, and “14.30” if a word or a sign shows that it is a time."""
    hour, gap, units = table["hour"], table.get("and", " "), table["units"]
    alone = re.compile(r"(?<![\w.,:/])(?P<h>[01]?\d|2[0-4])\s?h(?:\s?(?P<m>[0-5]\d))?(?![\w/²]|\.\w)(?!\s\d)")
    told = re.compile(
        rf"(?<![\w.,:])(?P<h>[01]?\d|2[0-4])[.:](?P<m>[0-5]\d)"
        rf"(?:\s?(?:{units})(?!\w)|(?P<dash>\s?[-–]\s?)(?=(?:[01]?\d|2[0-4])[.:][0-5]\d\s?(?:{units})(?!\w)))"
        rf"|(?<!\w)(?P<front>{table.get('front', '(?!)')})\s(?P<h2>[01]?\d|2[0-4])\.(?P<m2>[0-5]\d)(?![\w]|[.,]\d)"
    )

    def said(m: re.Match[str]) -> str:
        groups = m.groupdict()
        minutes = int(groups.get("m2") or m["m"] or 0)
        front = f"{groups['front']} " if groups.get("front") else ""
        name = table.get("one", hour) if (m["h"] or groups.get("h2")) in ("1", "01") else hour
        said = f"{front}{int(m['h'] or groups['h2'])}{f' {name}' if name else ''}"
        if minutes:
            said += f"{gap}{'0 ' if not name and minutes < 10 else ''}{minutes}"
        return f"{said} {to} " if groups.get("dash") else said

    return [(told, said), *([(alone, said)] if table.get("alone") else [])]
