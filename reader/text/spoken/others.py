"""Languages but English: short forms, measures and money by the tables in resources/spoken, and ordinals. Pure.

eSpeak NG says plain numbers of its languages by itself, so they stay numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from reader.text.spoken import ordinals
from reader.text.spoken.tables import one_of, tables
from reader.text.traced import Rewriting

_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
_N = r"(?P<n>\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?!\d)|\d+)(?:,(?P<part>\d+))?"
_MINUS = r"(?P<minus>(?<![\w.,)])[-−–])?"
# Words that stand between a sum and what it is of: “R$ 5 milhões”.
_SCALE = (
    r"(?:\s(?P<scale>mil|milh(?:ão|ões)|bilh(?:ão|ões)|mill(?:ón|ones)|milion[ei]|miliard[oi]|miljoen|miljard|Million(?:en)?|"
    r"Milliarden?|Mio\.?|Mrd\.?|millions?|milliards?|mln|mld|mrd)(?!\w))?"
)
# Points and accents that eSpeak NG's voice names sign by sign.
_POINTS = re.compile(r"[\u0591-\u05bd\u05bf-\u05c7]+")
_STREET_DE = re.compile(r"(?<=[a-zäöüß])(s)tr\.(?=\s|,)")
_CLOCK_DE = re.compile(
    r"(?<![\w.,:])(?P<h>[01]?\d|2[0-4])(?:[.:](?P<m>[0-5]\d)(?:\s?(?:Uhr|h)\b|(?<=:\d\d)(?![\d:]))|h(?P<m2>[0-5]\d)(?!\w))"
)


def rewrite(text: Rewriting, language: str) -> None:
    """Spell out what eSpeak NG says wrongly."""
    if language == "he":
        text.replace(_POINTS, lambda _: "")
    if language == "de":
        text.replace(_CLOCK_DE, _clock)
        text.replace(_STREET_DE, lambda m: f"{m[1]}traße")
    if not tables(language):
        return
    ordinals.rewrite(text, language)
    for pattern, said in _rules(language):
        text.replace(pattern, said)


def _clock(m: re.Match[str]) -> str:
    minutes = int(m["m"] or m["m2"])
    return f"{int(m['h'])} Uhr{f' {minutes}' if minutes else ''}"


@cache
def _rules(language: str) -> tuple[_Rule, ...]:
    table = tables(language)
    before = table.get("before", "")
    rules: list[_Rule] = []
    if "numbered" in table:
        rules.append(_short(table["numbered"], r"\.?\s?(?=\d)", " ", before=before))
    if "behind" in table:
        rules.append(_short(table["behind"], r"\.(?!\w)", "", front=r"(?<=\d\s)|(?<=\d)", before=before))
    if "titles" in table:
        rules.append(
            _short(table["titles"], r"\.\s?(?=[^\W\d_a-zß-ÿ])", " ", front=r"(?<!\d\s)(?<![\w.])", before=before)
        )
    if "plain" in table:
        rules.append(_short(table["plain"], r"(?![\w.])", ""))
    rules.append(_short(table.get("words", {}), r"\.(?!\w)", "", before=before))
    if "clock" in table:
        rules += _clocks(table["clock"])
    rules += [_money(table), _measure(table), _square(table)]
    if "to" in table:
        rules.append(
            (re.compile(r"(?<![\w.,/–-])(\d{1,4})\s?–\s?(?=\d{1,4}(?![\w/–-]))"), lambda m: f"{m[1]} {table['to']} ")
        )
    if "minus" in table:
        rules.append((re.compile(r"(?<![\w.,)])[-−](?=\d)"), lambda _: f"{table['minus']} "))
    if "point" in table:
        rules.append((re.compile(rf"(?<![\w.,]){_N}(?!\w)"), lambda m: _number(m, table)))
    return tuple(rules)


def _short(
    forms: dict[str, str | list[str]], behind: str, gap: str, *, front: str = r"(?<![\w.])", before: str = ""
) -> _Rule:
    """Of a table of short forms; spaces in them may be missing in the text, or be non-breaking.

    Of two ways to say one, the second is for where a preposition stands in front (`before`), in front of its number.
    """
    if not forms:
        return re.compile(r"(?!)"), lambda m: m.group()
    forms = {**{f"{form[0].upper()}{form[1:]}": said for form, said in forms.items() if len(form) > 1}, **forms}
    names = one_of(forms).replace(r"\.\ ", r"\.\s?")
    pattern = re.compile(rf"(?:{front})(?P<form>{names}){behind}")
    preposition = re.compile(rf"(?:\A|\s)(?:{before})\s(?:\d+(?:[-–]\d+)?\s?)?\Z", re.I)
    known = {re.sub(r"\s", "", form): said for form, said in forms.items()}

    def said(m: re.Match[str]) -> str:
        end = "." if not gap and m.group().endswith(".") and not m.string[m.end() :].strip() else ""
        form = re.sub(r"\s", "", m["form"])
        one = known[form]
        if not isinstance(one, str):
            one = one[bool(before and preposition.search(m.string[max(m.start() - 30, 0) : m.start()]))]
        lead = " " if m.string[m.start() - 1 : m.start()].isdecimal() else ""
        return f"{lead}{one}{gap}{end}"

    return pattern, said


def _clocks(table: dict[str, str]) -> list[_Rule]:
    """“14h30”, and “14.30” where a word or a sign tells that it is a time."""
    hour, gap = table["hour"], table.get("and", " ")
    alone = re.compile(r"(?<![\w.,:/])(?P<h>[01]?\d|2[0-4])\s?h(?:\s?(?P<m>[0-5]\d))?(?![\w/²]|\.\w)(?!\s\d)")
    told = re.compile(
        rf"(?<![\w.,:])(?P<h>[01]?\d|2[0-4])[.:](?P<m>[0-5]\d)\s?(?:{table['units']})(?!\w)"
        rf"|(?<=\s)(?P<front>{table.get('front', '(?!)')})\s(?P<h2>[01]?\d|2[0-4])\.(?P<m2>[0-5]\d)(?![\w]|[.,]\d)"
    )

    def said(m: re.Match[str]) -> str:
        groups = m.groupdict()
        minutes = int(groups.get("m2") or m["m"] or 0)
        front = f"{groups['front']} " if groups.get("front") else ""
        name = table.get("one", hour) if (m["h"] or groups.get("h2")) in ("1", "01") else hour
        return f"{front}{int(m['h'] or groups['h2'])} {name}{f'{gap}{minutes}' if minutes else ''}"

    return [(told, said), *([(alone, said)] if table.get("alone") else [])]


def _square(table: dict[str, Any]) -> _Rule:
    """A square or cubic measure without a number: what one costs."""
    names = {unit: one for unit, (one, _) in table["units"].items() if unit[-1] in "²³" or " " in unit}
    if not names or "per" not in table:
        return re.compile(r"(?!)"), lambda m: m.group()
    pattern = re.compile(rf"(?P<per>\s?/\s?)?(?<![\w²³])(?P<unit>{one_of(names)})(?!\w)")
    return pattern, lambda m: f"{' ' + table['per'] + ' ' if m['per'] else ''}{names[m['unit']]}"


def _number(m: re.Match[str], table: dict[str, Any]) -> str:
    """Two decimals are said as one number where that is usual: “deux virgule soixante-quinze”."""
    if not m["part"] or "point" not in table:
        return m.group()
    part = m["part"] if len(m["part"]) == 2 and m["part"][0] != "0" else " ".join(m["part"])
    return f"{m['n']} {table['point']} {part}"


def _money(table: dict[str, Any]) -> _Rule:
    names: dict[str, list[str]] = table["currencies"]
    signs = one_of(names)
    behind = _N.replace("P<n>", "P<n2>").replace("P<part>", "P<part2>")
    pattern = re.compile(
        rf"{_MINUS}(?:(?<!\w)(?P<front>{signs})\s?{_N}{_SCALE}|(?<![\w.,]){behind}"
        rf"\s?(?P<behind>{signs}))(?![\w])"
    )

    def said(m: re.Match[str]) -> str:
        one, more = names[m["front"] or m["behind"]]
        n, part = m["n"] or m["n2"], m["part"] or m["part2"] or ""
        minus = f"{table['minus']} " if m["minus"] else ""
        name = one if n == "1" else more
        if m["scale"]:
            of = "" if m["scale"] in ("mil", "mln", "mld") or "of" not in table else f"{table['of']} "
            return f"{minus}{n}{',' + part if part else ''} {m['scale']} {of}{more}"
        if table.get("money") == "unit" and len(part) == 2:
            return f"{minus}{n} {name}{f' {int(part)}' if int(part) else ''}"
        if "point" in table and part:
            two = part if len(part) == 2 and part[0] != "0" else " ".join(part)
            return f"{minus}{n} {table['point']} {two} {more}"
        return f"{minus}{n}{',' + part if part else ''} {more if part else name}"

    return pattern, said


def _measure(table: dict[str, Any]) -> _Rule:
    names: dict[str, list[str]] = table["units"]
    pattern = re.compile(rf"{_MINUS}(?<![\w.,]){_N}\s?(?P<unit>°\s?[CF]|{one_of(names)})(?![\w/²³])")

    def said(m: re.Match[str]) -> str:
        unit = re.sub(r"\A°\s", "°", m["unit"])
        if unit not in names:
            return m.group()
        minus = f"{table['minus']} " if m["minus"] else ""
        amount = (
            _number(m, table) if "point" in table and m["part"] else m["n"] + (f",{m['part']}" if m["part"] else "")
        )
        amount = amount.lstrip("-−–")
        return f"{minus}{amount} {names[unit][0] if m['n'] == '1' and not m['part'] else names[unit][1]}"

    return pattern, said
