"""Spells out numbers where eSpeak NG reads figures wrongly or differently from words. Pure.

`in_words` in resources/spoken says which numbers. Their words come from Unicode CLDR's rules in resources/numbers, read
once for each language. A rule gives the smallest number it applies to and the words: `<<` is how often its power of ten
goes into the number, `>>` is the remainder, both by the same rule set or by the one named between the signs; `=` is the
number itself by another rule set; text in brackets is omitted if there is no remainder; `$(cardinal,...)$` is a noun in
the plural form that its number requires.
"""

from __future__ import annotations

import importlib.resources
import re
from bisect import bisect_right
from functools import cache
from typing import Any, NamedTuple

from reader.text.spoken.tables import Rule, tables

_FRONT = r"(?<![\w.,:/+*#@&=_~^'’°$€£–−-])(?<!\d\s)"
_END = r"(?![\w/*#@=_~^'’°$€£+–−-])(?![.,:]\d)(?!\s\d)(?!\.\s[^\W\d_A-ZÀ-ÞА-ЯЁІЇЄҐ])"
_N = r"(?P<n>0|[1-9][0-9]{0,8}|[1-9][0-9]{0,5}0{6})"  # longer ones are codes, unless round
_WHOLE = re.compile(f"{_FRONT}{_N}{_END}")
_DECIMAL = re.compile(f"{_FRONT}{_N},(?P<part>[0-9]{{1,3}}){_END}")
_RULE = re.compile(r"(?P<base>\d+)(?:/(?P<radix>\d+))?: '?(?P<said>.*);")
_PART = re.compile(r"(?P<sign>[<>=])(?P<set>%%?[\w-]+)?(?P=sign)|\$\(cardinal,(?P<forms>[^)]*)\)\$")
_FORM = re.compile(r"(?P<name>\w+)\{(?P<said>[^}]*)\}")
_BRACKETS = re.compile(r"\[([^]]*)\]")


class _Numbers(NamedTuple):
    divisor: int
    said: str


class _Set(NamedTuple):
    bases: list[int]
    rules: list[_Numbers]


@cache
def _sets(language: str) -> dict[str, _Set]:
    source = importlib.resources.files("resources").joinpath(f"numbers/{language}.txt")
    sets: dict[str, _Set] = {}
    made = _Set([], [])
    for line in source.read_text(encoding="utf-8").splitlines():
        if rule := _RULE.fullmatch(line):
            base, radix = int(rule["base"]), int(rule["radix"] or 10)
            divisor = 1
            while divisor * radix <= base:
                divisor *= radix
            made.bases.append(base)
            made.rules.append(_Numbers(divisor, rule["said"]))
        else:
            made = sets[line.removesuffix(":")] = _Set([], [])
    return sets


def rules(language: str) -> list[Rule]:
    """Rules for numbers to be said in words: whole numbers and decimals that stand alone. Applied after all others."""
    table = tables(language)
    if "in_words" not in table:
        return []
    chosen = re.compile(table["in_words"])

    def whole(m: re.Match[str]) -> str:
        return words(language, int(m["n"])) if chosen.fullmatch(m["n"]) else m.group()

    def decimal(m: re.Match[str]) -> str:
        said: list[str] = []
        names = table["decimals"]
        for figures, name in ((m["n"], names["whole"]), (m["part"], names["parts"][len(m["part"]) - 1])):
            is_one = int(figures) % 10 == 1 and int(figures) % 100 != 11
            said += (words(language, int(figures), "%spellout-cardinal-feminine"), name[not is_one])
        return " ".join(said)

    return [*([(_DECIMAL, decimal)] if "decimals" in table else []), (_WHOLE, whole)]


def words(language: str, value: int, name: str = "") -> str:
    """A number from 0 to 10¹⁸ - 1 in words, by rule set `name`, else as in counting. `language` must have rules."""
    return _said(language, name or next(iter(_sets(language))), value).strip()


@cache
def _plain(language: str, name: str, value: int) -> str:
    """Numbers below a thousand, of which all others are made."""
    return _by_rule(language, name, value)


def _said(language: str, name: str, value: int) -> str:
    return (_plain if value < 1000 else _by_rule)(language, name, value)


def _by_rule(language: str, name: str, value: int) -> str:
    bases, rules = _sets(language)[name]
    divisor, said = rules[bisect_right(bases, value) - 1]
    times, left = divmod(value, divisor)
    said = _BRACKETS.sub(r"\1" if left else "", said)

    def part(m: re.Match[str]) -> str:
        if m["forms"]:
            forms = {form["name"]: form["said"] for form in _FORM.finditer(m["forms"])}
            return forms.get(plural(tables(language), times), forms["other"])
        number = {"<": times, ">": left, "=": value}[m["sign"]]
        return _said(language, m["set"] or name, number)

    return _PART.sub(part, said)


def plural(table: dict[str, Any], value: int) -> str:
    """The form of a noun that a number requires, of "one", "few" and "other", as a language's table has it."""
    kind = table.get("plural")
    if value == 1 or (kind == "last" and value % 10 == 1 and value % 100 != 11):
        return "one"
    if kind == "small":
        return "few" if value in (2, 3, 4) else "other"
    return "few" if kind and value % 10 in (2, 3, 4) and value % 100 not in (12, 13, 14) else "other"
