"""Dates in figures (“25/12/2023”) and days in front of months, in languages other than English and German. Pure.

Months and what the first day is called are in resources/spoken.
"""

from __future__ import annotations

import re
from typing import Any

from reader.text.spoken import ordinal_words
from reader.text.spoken.tables import Rule

_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_FIGURES = re.compile(
    rf"(?<![\w./-]){_DAY}(?P<s>[./-])\s?{_MONTH}(?P=s)\s?(?P<year>1\d{{3}}|20\d\d)(?![\w/-]|\.\d)"
    r"|(?<![\w./-])(?P<year2>1\d{3}|20\d\d)-(?P<month2>0[1-9]|1[0-2])-(?P<day2>0[1-9]|[12]\d|3[01])(?![\w/-]|\.\d)"
)

# “den 3/4 2024” of Swedes, Danes and Norwegians.
_AFTER_DEN = re.compile(rf"(?<=\b[Dd]en ){_DAY}/{_MONTH}(?:(?P<gap>\s|-)(?P<year>1\d{{3}}|20\d\d))?(?![\w/]|[.,]\d)")
_WITH_DEN = frozenset({"sv", "da", "nb"})


def rules(language: str, table: dict[str, Any]) -> list[Rule]:
    """How a language says dates; none where its table has no months."""
    dates = table.get("dates")
    if not dates:
        return []
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

    found: list[Rule] = [(_FIGURES, date)]
    if language in _WITH_DEN:
        found.append((_AFTER_DEN, date_after_den))
    if has_ordinals:
        front = re.compile(rf"(?<![\w.,:/-]){_DAY}\.?\s(?=(?:{'|'.join(months)})\b)")
        found.append((front, lambda m: f"{day(m['day'])} "))
    return found
