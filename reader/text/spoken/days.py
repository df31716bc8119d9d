"""Dates in figures (“25/12/2023”) and days before months, in languages other than English and German. Pure.

Month names and the word for the first day are in resources/spoken.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

from reader.text.spoken import ordinal_words
from reader.text.spoken.tables import Rule, one_of, tables

_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_FIGURES = re.compile(
    rf"(?<![\w./-]){_DAY}(?P<s>[./-])\s?{_MONTH}(?P=s)\s?(?P<year>1\d{{3}}|20\d\d)(?![\w/-]|\.\d)"
    r"|(?<![\w./-])(?P<year2>1\d{3}|20\d\d)-(?P<month2>0[1-9]|1[0-2])-(?P<day2>0[1-9]|[12]\d|3[01])(?![\w/-]|\.\d)"
)

_YEAR_FIRST = re.compile(
    rf"(?<![A-Za-z\d./-])(?P<year>1\d{{3}}|20\d\d)(?P<s>[./-]|\.\s){_MONTH}(?P=s){_DAY}(?![A-Za-z\d/]|[.-]\d)\.?"
)
# “den 3/4 2024”, in Swedish, Danish and Norwegian.
_AFTER_DEN = re.compile(rf"(?<=\b[Dd]en ){_DAY}/{_MONTH}(?:(?P<gap>\s|-)(?P<year>1\d{{3}}|20\d\d))?(?![\w/]|[.,]\d)")
_WITH_DEN = frozenset({"sv", "da", "nb"})


@cache
def short_months(language: str) -> dict[str, str]:
    """Abbreviated months, without the full stop, and their full names: {} if unknown."""
    dates = tables(language).get("dates")
    months: list[str] = dates["months"].split() if dates else []
    starts = [(month[:count], month) for month in months for count in range(3, len(month))]
    known = Counter(start for start, _ in starts)
    found = {start: month for start, month in starts if known[start] == 1}
    return found | {f"{start[0].upper()}{start[1:]}": month for start, month in found.items()}


def _short(language: str) -> Rule:
    """“3 янв. 1990”, “3 de ene. de 2020”: after a day, the full stop is the month's, unless nothing follows."""
    months = short_months(language)
    pattern = re.compile(rf"(?P<day>(?<!\d)\d{{1,2}}\.?º?\s(?:d[ei]\s)?)(?P<month>{one_of(months)})\.(?=\s|\Z|,)")
    return pattern, lambda m: f"{m['day']}{months[m['month']]}{'' if m.string[m.end() :].strip() else '.'}"


def _in_form(form: str, months: list[str]) -> Rule:
    """Dates with the year first: “2025. 05. 14.”, “2025-05-14”, said in the given `form`."""

    def said(m: re.Match[str]) -> str:
        month = int(m["month"])
        end = "." if m.group().endswith(".") and not m.string[m.end() :].strip() else ""
        return f"{form.format(year=m['year'], month=months[month - 1] if months else month, day=int(m['day']))}{end}"

    return _YEAR_FIRST, said


def rules(language: str, table: dict[str, Any]) -> list[Rule]:
    """The rules for a language's dates; none if its table has no months."""
    dates = table.get("dates")
    if not dates:
        return []
    if "form" in dates:
        return [_in_form(dates["form"], dates.get("months", "").split())]
    months = dates["months"].split()
    has_ordinals = bool(dates.get("ordinal"))
    first: str = dates.get("first", "1")

    def day(written: str) -> str:
        value = int(written)
        if has_ordinals:
            return ordinal_words.of_day(language, value)
        return first if value == 1 else str(value)

    def date(m: re.Match[str]) -> str:
        month = months[int(m["month"] or m["month2"]) - 1]
        return str(dates["join"]).join((day(m["day"] or m["day2"]), month, m["year"] or m["year2"]))

    def date_after_den(m: re.Match[str]) -> str:
        said = f"{day(m['day'])}{dates['join']}{months[int(m['month']) - 1]}"
        return f"{said} {m['year']}" if m["year"] else said

    found: list[Rule] = [(_FIGURES, date), _short(language)]
    if language in _WITH_DEN:
        found.append((_AFTER_DEN, date_after_den))
    if has_ordinals:
        front = re.compile(rf"(?<![\w.,:/-]){_DAY}\.?\s(?=(?:{'|'.join(months)})\b)")
        found.append((front, lambda m: f"{day(m['day'])} "))
    return found
