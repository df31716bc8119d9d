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
# Points and accents that eSpeak NG's voice names sign by sign.
_POINTS = re.compile(r"[\u0591-\u05bd\u05bf-\u05c7]+")
_STREET_DE = re.compile(r"(?<=[a-zäöüß])(s)tr\.(?=\s|,)")
_CLOCK_DE = re.compile(r"(?<![\w.,:])(?P<h>[01]?\d|2[0-4])[.:](?P<m>[0-5]\d)(?:\s?Uhr\b|(?<=:\d\d)(?![\d:]))")


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
    minutes = int(m["m"])
    return f"{int(m['h'])} Uhr{f' {minutes}' if minutes else ''}"


@cache
def _rules(language: str) -> tuple[_Rule, ...]:
    table = tables(language)
    rules: list[_Rule] = []
    if "numbered" in table:
        rules.append(_short(table["numbered"], r"\.?\s?(?=\d)", " "))
    if "titles" in table:
        rules.append(_short(table["titles"], r"\.\s?(?=[^\W\d_a-zß-ÿ])", " "))
    if "plain" in table:
        rules.append(_short(table["plain"], r"(?![\w.])", ""))
    rules.append(_short(table.get("words", {}), r"\.(?!\w)", ""))
    rules += [_money(table), _measure(table)]
    if "to" in table:
        rules.append(
            (re.compile(r"(?<![\w.,/–-])(\d{1,4})\s?–\s?(?=\d{1,4}(?![\w/–-]))"), lambda m: f"{m[1]} {table['to']} ")
        )
    if "minus" in table:
        rules.append((re.compile(r"(?<![\w.,)])[-−](?=\d)"), lambda _: f"{table['minus']} "))
    if "point" in table:
        rules.append((re.compile(rf"(?<![\w.,]){_N}(?!\w)"), lambda m: _number(m, table)))
    return tuple(rules)


def _short(forms: dict[str, str], behind: str, gap: str) -> _Rule:
    """Of a table of short forms; spaces in them may be missing in the text, or be non-breaking."""
    if not forms:
        return re.compile(r"(?!)"), lambda m: m.group()
    forms = {**{f"{form[0].upper()}{form[1:]}": said for form, said in forms.items() if len(form) > 1}, **forms}
    names = one_of(forms).replace(r"\.\ ", r"\.\s?")
    pattern = re.compile(rf"(?<![\w.])(?P<form>{names}){behind}")
    known = {re.sub(r"\s", "", form): said for form, said in forms.items()}

    def said(m: re.Match[str]) -> str:
        end = "." if not gap and m.group().endswith(".") and not m.string[m.end() :].strip() else ""
        form = re.sub(r"\s", "", m["form"])
        return f"{known[form]}{gap}{end}"

    return pattern, said


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
        rf"{_MINUS}(?:(?<!\w)(?P<front>{signs})\s?{_N}|(?<![\w.,]){behind}"
        rf"\s?(?P<behind>{signs}))(?![\w])"
    )

    def said(m: re.Match[str]) -> str:
        one, more = names[m["front"] or m["behind"]]
        n, part = m["n"] or m["n2"], m["part"] or m["part2"] or ""
        minus = f"{table['minus']} " if m["minus"] else ""
        name = one if n == "1" else more
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
        unit = m["unit"].replace(" ", "").replace("\u00a0", "")
        if unit not in names:
            return m.group()
        minus = f"{table['minus']} " if m["minus"] else ""
        amount = (
            _number(m, table) if "point" in table and m["part"] else m["n"] + (f",{m['part']}" if m["part"] else "")
        )
        amount = amount.lstrip("-−–")
        return f"{minus}{amount} {names[unit][0] if m['n'] == '1' and not m['part'] else names[unit][1]}"

    return pattern, said
