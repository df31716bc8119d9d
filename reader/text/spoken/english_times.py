"""Dates and times in English. Pure."""

from __future__ import annotations

import re

from reader.text.spoken.english_numbers import cardinal, number, ordinal, year
from reader.text.spoken.tables import one_of, tables
from reader.text.traced import Rewriting

_MONTHS = ["January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December"]  # fmt: skip
_SHORT: dict[str, int] = tables("en")["months"]
_MONTH = rf"(?P<month>{one_of(_MONTHS)}|(?:{one_of(_SHORT)})\b\.?)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?P<year>[12]\d{3})"
_ISO = re.compile(
    r"(?<![\w-])(?P<year>[12]\d{3})[-/.](?P<m>0?[1-9]|1[0-2])[-/.](?P<day>3[01]|[12]\d|0?[1-9])(?![\d-])(?P<t>T(?=\d\d:))?"
)
_SLASHED = re.compile(
    r"(?<![\w/.-])(?P<a>[0-3]?\d)(?P<s>[/.-])(?P<b>[0-3]?\d)(?P=s)(?P<year>[12]\d{3}|(?<=/)\d\d)(?![\w/]|[.-]\d)"
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}\s{_DAY}(?:st|nd|rd|th)?(?:\s?[-–]\s?(?P<to>3[01]|[12]?\d))?(?![\w:%/]|[.,]\d)(?:,?\s{_YEAR}(?![\w%]|[.,]\d))?"
)
_DAY_MONTH = re.compile(
    rf"(?<![\w.,/:-])(?P<the>[Tt]he\s)?{_DAY}(?:st|nd|rd|th)?(?:\sof)?\s{_MONTH}(?![a-z])(?:,?\s{_YEAR}(?![\w%]|[.,]\d))?"
)
_MONTH_SLASH_DAY = re.compile(
    r"(?:(?<=\b(?:on|by|to) )|(?<=\bdue ))(?P<m>0?[1-9]|1[0-2])/(?P<day>3[01]|[12]\d|0?[1-9])(?![\w/]|[.,]\d)"
    r"(?!\s(?:of|inch|cups?)\b)"
)
_HYPHENED = re.compile(
    rf"(?<![\w-]){_DAY}-(?P<month>{one_of(_MONTHS)}|{one_of(_SHORT)})-(?P<year>[12]\d{{3}}|\d\d)(?![\w-])"
)
_MONTH_YEAR = re.compile(rf"\b{_MONTH}\s{_YEAR}(?![\w%]|[.,]\d)")
_SHORT_MONTH = re.compile(rf"\b(?P<month>{one_of(_SHORT)})\.(?=\s(?:and|or|to|\d)|,)")
_IN_MONTH = re.compile(
    r"\b(?P<front>(?:[Ii]n|[Bb]y|[Uu]ntil|till|[Ss]ince|from|[Ee]arly|[Ll]ate|[Ll]ast|next|this)\s)"
    rf"(?P<month>{one_of(_SHORT)})\.(?=\s|\Z)"
)
_MONTHS_LONG = re.compile(
    rf"\b(?P<month>{one_of(_MONTHS)}|{one_of(_SHORT)})\b\.?\s?[-–]\s?(?P<to>{one_of(_MONTHS)}|{one_of(_SHORT)})\b(?:\.(?!\s*\Z))?"
)
_LAP = re.compile(r"(?<![\w:.])(?P<m>\d{1,3}):(?P<s>[0-5]\d\.\d{1,3})(?![\w:]|\.\d)")  # of a race
_HALF = r"(?:\s?(?P<half>[AaPp])\.?\s?[Mm](?![A-Za-z])\.?)"
_CLOCK = re.compile(
    rf"(?<![\w:.])(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?::(?P<s>[0-5]\d)(?:[.,]\d+)?)?(?:(?![\w:]|,\d{{3}}(?!\d))|(?=h|Z\b|[AaPp]\.?[Mm](?!\w))){_HALF}?(?P<z>Z\b)?(?P<hours>\s?(?:hrs?|h|hours)\b)?"
)
_HOUR = re.compile(rf"(?<![\w:.,])(?P<h>1[0-2]|0?[1-9]){_HALF}")
_WRITTEN_HOURS = re.compile(
    r"(?<![\w.,:])(?:(?P<h>[01]\d|2[0-3])(?P<min>[0-5]\d)\s?(?:hrs?|hours)\b(?!\s(?:of|per))"
    r"|(?P<h2>[01]?\d|2[0-3])h(?P<min2>[0-5]\d))(?!\w)"
)
_HOURS = re.compile(
    r"(?<=[0-9mM])\s?[-–]\s?(?=\d{1,2}(?::\d\d)?\s?[ap]\.?m)|(?<=:\d\d)\s?[-–]\s?(?=\d{1,2}:\d\d)|(?<=[ap]\.m\.)\s?[-–]\s?(?=\d)",
    re.I,
)
_WEEKDAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Thur": "Thursday",
    "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
}  # fmt: skip
_WEEKDAY = one_of(_WEEKDAYS)
_WEEK = re.compile(
    rf"\b({_WEEKDAY})\.?\s?[-–]\s?({_WEEKDAY})\b|\b({_WEEKDAY})\b(?=[:,]|\.[,:]|\.?\s(?:[\d&]|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d))\.?(?!\s[a-z])"
)


def rewrite(text: Rewriting) -> None:
    """Spell out dates and times."""
    text.replace(_WEEK, lambda m: f"{_WEEKDAYS[m[1]]} to {_WEEKDAYS[m[2]]}" if m[1] else _WEEKDAYS[m[3]])
    text.replace(_MONTHS_LONG, lambda m: f"{_month(m['month'])} to {_month(m['to'])}")
    text.replace(_IN_MONTH, _in_month)
    if not any(map(str.isdecimal, text.text)):
        text.replace(_SHORT_MONTH, lambda m: _month(m["month"]))
        return
    text.replace(_LAP, _lap)
    text.replace(_WRITTEN_HOURS, _written_hours)
    text.replace(_HOURS, lambda _: " to ")
    text.replace(_ISO, _iso)
    text.replace(_SLASHED, _slashed)
    text.replace(_MONTH_SLASH_DAY, lambda m: _date(int(m["m"]), m["day"], ""))
    text.replace(_HYPHENED, _hyphened)
    text.replace(_MONTH_DAY, _month_day)
    text.replace(_DAY_MONTH, _day_month)
    text.replace(_MONTH_YEAR, lambda m: f"{_month(m['month'])} {year(m['year'])}")
    text.replace(_SHORT_MONTH, lambda m: _month(m["month"]))
    text.replace(_CLOCK, _clock)
    text.replace(_HOUR, lambda m: f"{cardinal(str(int(m['h'])))} {_half(m)}")


def _month(written: str) -> str:
    return _MONTHS[_SHORT[written.rstrip(".")] - 1] if written.rstrip(".") in _SHORT else written.rstrip(".")


def _in_month(m: re.Match[str]) -> str:
    """An abbreviated month after “in” or the like; its full stop also ends the sentence if nothing follows."""
    return f"{m['front']}{_month(m['month'])}{'' if m.string[m.end() :].strip() else '.'}"


def _lap(m: re.Match[str]) -> str:
    minutes = int(m["m"])
    front = f"{cardinal(str(minutes))} minute{'' if minutes == 1 else 's'} " if minutes else ""
    return f"{front}{number(m['s'].lstrip('0').rjust(4, '0') if m['s'][:2] == '00' else m['s'].lstrip('0'))} seconds"


def _date(month: int, day: str, in_year: str) -> str:
    return f"{_MONTHS[month - 1]} {ordinal(str(int(day)))}" + (f", {year(in_year)}" if in_year else "")


def _iso(m: re.Match[str]) -> str:
    return _date(int(m["m"]), m["day"], m["year"]) + (", " if m["t"] else "")


def _slashed(m: re.Match[str]) -> str:
    """Americans put the month first, but only with slashes."""
    a, b = int(m["a"]), int(m["b"])
    month, day = (a, b) if m["s"] == "/" and a <= 12 else (b, a)
    written = m["year"]
    if len(written) == 2:
        written = ("20" if int(written) < 40 else "19") + written
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return m.group()
    return _date(month, str(day), written)


def _hyphened(m: re.Match[str]) -> str:
    written = m["year"]
    return f"{m['day']} {m['month']} {'20' if len(written) == 2 else ''}{written}"


def _month_day(m: re.Match[str]) -> str:
    said = f"{_month(m['month'])} {ordinal(str(int(m['day'])))}"
    if m["to"]:
        said += f" to {ordinal(str(int(m['to'])))}"
    return f"{said}, {year(m['year'])}" if m["year"] else said


def _day_month(m: re.Match[str]) -> str:
    the = m["the"] or "the "
    said = f"{the}{ordinal(str(int(m['day'])))} of {_month(m['month'])}"
    return f"{said}, {year(m['year'])}" if m["year"] else said


def _half(m: re.Match[str]) -> str:
    is_end = m.group().endswith(".") and (m.end() == len(m.string) or bool(re.match(r"\s[A-Z]", m.string[m.end() :])))
    return f"{m['half'].upper()}.M." if not m.string[m.end() :].startswith(".") or is_end else f"{m['half'].upper()}.M"


def _clock(m: re.Match[str]) -> str:
    hour, minute = int(m["h"]), int(m["min"])
    said = cardinal(str(hour))
    if minute:
        said += f" {'oh ' if minute < 10 else ''}{cardinal(str(minute))}"
    elif m["hours"]:
        said += " hundred" if hour else " zero"
    elif not m["half"] and not m["s"]:
        said += " o'clock" if 0 < hour <= 12 else " hundred" if hour else " o'clock"
    if m["s"]:
        second = int(m["s"])
        said += f"{'' if minute else ' o clock'} and {cardinal(str(second))} {'second' if second == 1 else 'seconds'}"
    if m["hours"]:
        return f"{said} hours"
    return f"{said} {_half(m)}" if m["half"] else said


def _written_hours(m: re.Match[str]) -> str:
    """Other ways to write a time: “0930 hrs” and “17h30”."""
    return f"{m['h'] or m['h2']}:{m['min'] or m['min2']}{' h' if m['h'] else ''}"
