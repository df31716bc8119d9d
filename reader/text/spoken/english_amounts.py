"""Amounts in English: money, measures, percentages, ranges, fractions and plain numbers. Pure."""

from __future__ import annotations

import re

from reader.text.spoken.english_numbers import (
    cardinal,
    decade,
    digits,
    fraction,
    is_year,
    mixed,
    number,
    ordinal,
    part_of_one,
    year,
)
from reader.text.spoken.numerals import VULGAR
from reader.text.spoken.tables import one_of, tables
from reader.text.traced import Rewriting

_T = tables("en")
_UNITS: dict[str, list[str]] = {**_T["units"], **{k.replace("µ", "μ"): v for k, v in _T["units"].items()}}  # both mus
_CURRENCIES: dict[str, list[str]] = _T["currencies"]
_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
}
_POWERS = {"²": "square ", "2": "square ", "^2": "square ", "³": "cubic ", "3": "cubic ", "^3": "cubic "}

# A number is never joined with one after a comma and a space, nor with more or fewer than three digits after a comma.
_N = r"(?:\d{1,3}(?:,\d{3})+(?![\d,]*\d)|\d+)(?:\.\d+)?|(?<!\d)\.\d+"
_SIGN = r"(?P<minus>(?<![\w.,)\]])[-−–])?"
_DASH = r"\s?[-–—−]\s?"
_SIGNS = one_of(_CURRENCIES)
_SCALE = r"(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|bn|mn|tn|[kKmMbBtT])(?![\w]))?"
_MONEY_FRONT = re.compile(
    rf"{_SIGN}(?<![A-Za-z])(?P<sign>{_SIGNS})\s?(?P<inner>[-−])?(?P<n>\d+,\d\d(?!\d|,\d)|{_N})"
    rf"(?:{_DASH}(?:{_SIGNS})?\s?(?P<to>{_N}))?{_SCALE}"
)
_MONEY_BEHIND = re.compile(
    rf"{_SIGN}(?<![\w.,])(?P<n>{_N}|\d+,\d\d(?!\d))(?:{_DASH}(?P<to>{_N}))?{_SCALE}"
    rf"\s?(?P<sign>{_SIGNS}|¢)(?![\w$])"
)
_UNIT = r"(?P<unit>°\s?[CF](?!\w)|" + one_of(_UNITS) + r")(?P<power>[²³]|\^[23])?"
_MEASURE = re.compile(
    rf"{_SIGN}(?<![\w.,/])(?P<n>{_N}|\d+,\d{{1,2}}(?!\d))(?:{_DASH}(?P<to>-?(?:{_N})))?(?P<gap>[\s-]?){_UNIT}"
    rf"(?:\s?/\s?(?P<per>{one_of(k for k in _UNITS if k[0] != '°')}|day|week|month|year|person|hour|minute|second)"
    rf"(?P<per_power>[²³]|\^[23])?)?(?![\w/²³]|\.[A-Z])(?P<stop>\.(?=\s+[a-z(]|[,;:)]))?"
)
# Units that are also words, when they follow a number and a space: “5 in the morning”, “10 A”.
_NEEDS_END = {"in", "t", "A", "K", "B", "V", "W", "N", "J", "ha"}
_FEET = re.compile(
    r"(?<![\w.,'])(?P<feet>\d{1,3})\s?['′’]\s?(?:(?P<inches>\d{1,2}(?:\.\d+)?)\s?(?:[\"″”]|''|’’)?)?(?!\w)"
)
_INCHES = re.compile(r"(?<![\w.,\"“])(?P<n>\d{1,3}(?:\.\d+)?)\s?(?:″|\"(?=\s|[,.;:)]|\Z))(?P<by>\s?[x×]\s?)?")
# A quotation still open here: “"Fix bug 12"”.
_OPEN_QUOTE = re.compile(r"(?<![^\s(\[])\"(?=\S)[^\"]*\Z")
# After an article like this, an amount describes a thing: “a 5 kg bag”.
_ONE_OF = re.compile(r"\b[Aa]n?\s(?:[^\W\d_]+\s)?\Z")
# Words after an amount that are not the thing described.
_NO_THING = re.compile(
    r"\s(?:above|across|and|apart|are|as|at|away|below|beyond|by|deep|for|from|high|in|into|is|long|of|off|on|or|over|per|"
    r"tall|than|thick|to|up|was|were|wide|with|x)\b"
)
_PERCENT = re.compile(rf"{_SIGN}(?<![\w.,])(?P<n>{_N}|\d+,\d{{1,2}}(?!\d))%?(?:{_DASH}(?P<to>{_N}))?\s?(?P<of>[%‰])")
_MIXED = re.compile(
    r"(?<![\w./,])(?P<whole>\d+)(?:[ -](?P<top>\d{1,2})[/⁄](?P<bottom>\d{1,3})(?![\w/])|\s?(?P<v>[¼-¾⅐-⅞]))(?!\.\d)"
)
_FRACTION = re.compile(r"(?<![\w./])(?P<top>\d{1,3})\s?[/⁄]\s?(?P<bottom>\d{1,4})(?![\w/]|\.\d)|(?P<v>[¼-¾⅐-⅞])")
_OF_ONE = re.compile(
    r"(?<![\w./,])(?<!\d )(?:(?P<top>\d{1,2})[/⁄](?P<bottom>\d{1,2})|(?P<v>[¼-¾⅐-⅞]))"
    r"\s(?P<unit>cup|pint|quart|gallon|pound|ounce|teaspoon|tablespoon|hour|mile|slice|pinch|bottle|glass)(?=\sof\b|\W*\Z)"
)
_TIMES = re.compile(r"(?<=\d)\s?[x×*]\s?(?=\d)|(?<=\d)[x×](?=[\s.,;:)])(?!\s?[-+=*/])")
_ORDINAL = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)(?!\w)")
_DECADE = re.compile(r"(?<![\w.,])['’]?(1[1-9]\d0|20\d0|\d0)['’]?s(?!\w)")
# “30s” meaning seconds, not the decade: no noun follows.
_SECONDS = re.compile(
    r"(?:(?<=[=:<>~≤≥])|(?<=[=:<>~≤≥]\s)|\b(?P<word>(?:[Aa]fter|[Ww]aits?|for|[Ww]ithin|[Ee]very|takes?|took|[Ii]n|than|least|most"
    r"|last(?:s|ed)?|[Ss]leeps?|[Tt]imeout|[Dd]elay|only|another|next|extra|about|minutes?|hours?)\s)"
    r"|(?<=\d[hm] )|(?<=\d(?:min|hrs) )|(?<=\dhr )|(?<=\dmins )|(?=\d0s\s(?:more|left|ago|later)\b))"
    r"(?<![\w.,])(?P<n>\d0)s(?=[.,;:)!?]|\s*\Z|\s(?:and|or|then|before|after|at|on|to|of|until|while|each|when|if|more|left|ago"
    r"|later|it|we|you|I|\w+=)(?:\b|(?<==)))"
)
_RANGE = re.compile(rf"(?<![\w.,/–-])(?P<minus>[-−])?(?P<n>{_N}){_DASH}(?P<less>[-−])?(?P<to>{_N})(?![\w/]|[.,–-]\d)")
# The caption of a single thing, numbered within its chapter.
_CAPTION = re.compile(r"\b(?:Table|Figure|Fig\.|Equation|Listing|Exhibit|Theorem|figure|table)\s\Z")
_COMMA = re.compile(
    r"(?<![\w.,])(\d+),(\d{1,2})(?=\s(?:[a-z]|(?:Lit|Met)(?:er|re)|Euro|Kilo|Gr[ad][am]|Mi[ol]|M[ri][dl])[a-z]*)(?!\s(?:and|or|to|of|in|on|at|are|is|were)\b)"
)
_LIST = re.compile(r"(?<=[a-z]),(?=[a-z])")
_NUMBER = re.compile(rf"{_SIGN}(?<![\w])(?<![A-Za-z]\d\.)(?<![A-Za-z]\d\d\.)(?P<plus>\+\s?)?(?P<n>{_N})(?![\w])")
# “1.500,00”, as most of Europe writes it.
_EUROPEAN = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)")
# Keeps a decimal whole when an unknown unit or name follows it.
_WITH_LETTERS = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)?\.\d+(?=[A-Za-zÀ-ÿ])(?!x\b)")
_SWAPPED = str.maketrans(".,", ",.")
_PER = re.compile(
    rf"\b(dollars?|euros?|pounds?|yen|cents|rupees)\s?/\s?(?:(?P<unit>{one_of(_UNITS)}|mo|yr)(?!\w)|(?=[a-z]))"
)
_RATIO = re.compile(r"(?<![\w:.,])(\d{1,4}(?:\.\d{1,3})?):(\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d{1,4})?)(?![\w:]|[.,]\d)")
_SCALED = re.compile(
    rf"(?<![\w.,$£€])(?P<n>{_N})(?P<scale>k(?!\s(?:run|race|resolution)\b)|M|bn|mn|(?<=\.\d)[KB]|K(?=\s[a-z]{{3,}}s\b)"
    r"|B(?=\s(?!(?:is|and|on|in|at|was|or|to|has)\b)[a-z])|(?<=\d\d)B(?!\s[A-Z][a-z]))(?!\w)"
)
_NAMED_BY_NUMBER = re.compile(
    r"\b(?:Exit|Room|Rm\.|Flat|Apt\.?|Apartment|Unit|Suite|Gate|Seat|Row|Bus|Route|Building|Bldg\.|Platform|Section|Page|Figure|"
    r"Fig\.|Table|Class|Form|Box|Lot|Bay|Door|No\.|number|Item|Step|Rule|Part|Ward|Block|Level|Floor)\s\Z",
    re.I,
)
_HAS_NUMBER = re.compile(r"[\d¼-¾⅐-⅞]")
_SUMS = re.compile(r"(?<=\d)[-–−](?=\d+\s?=)|(?<=\d)\s[-–−]\s(?=\d)(?=[^a-z\n]{0,12}=)")


def rewrite(text: Rewriting) -> None:
    """Spell out the amounts, the most specific first."""
    if not _HAS_NUMBER.search(text.text):
        text.replace(_PER, lambda m: f"{m[1]} per {_per(m['unit'])}")
        text.replace(_LIST, lambda _: ", ")
        return
    text.replace(_EUROPEAN, lambda m: m.group().translate(_SWAPPED))
    text.replace(_SECONDS, lambda m: f"{m['word'] or ''}{m['n']} seconds")
    text.replace(_DECADE, lambda m: decade(m[1]))
    text.replace(_MONEY_FRONT, _money)
    text.replace(_MONEY_BEHIND, _money)
    text.replace(_PER, lambda m: f"{m[1]} per {_per(m['unit'])}")
    text.replace(_FEET, _feet)
    text.replace(_INCHES, _inches)
    text.replace(_MIXED, _mixed)
    text.replace(_OF_ONE, _of_one)
    text.replace(_MEASURE, _measure)
    text.replace(_PERCENT, _percent)
    text.replace(_FRACTION, _fraction)
    text.replace(_SCALED, _scaled)
    text.replace(_WITH_LETTERS, lambda m: f"{number(m.group())} ")
    text.replace(_SUMS, lambda _: " minus ")
    text.replace(_TIMES, _times)
    text.replace(_ORDINAL, lambda m: ordinal(m[1]))
    text.replace(_RATIO, lambda m: f"{number(m[1])} to {number(m[2])}")
    text.replace(_RANGE, _range)
    text.replace(_COMMA, lambda m: f"{number(m[1])} point {digits(m[2])}")
    text.replace(_NUMBER, _number)
    text.replace(_LIST, lambda _: ", ")


def _plain(written: str) -> str:
    return year(written) if is_year(written) else number(written)


def _amount(written: str) -> str:
    """A number before something that is counted."""
    if "," in written and len(written.rpartition(",")[2]) < 3:
        whole, _, part = written.partition(",")
        return f"{number(whole)} point {digits(part)}"
    return number(written)


def _range(m: re.Match[str]) -> str:
    if m["less"] and not m["minus"] and m["n"] == m["to"]:
        return m.group()
    if _CAPTION.search(m.string, 0, m.start()):
        return f"{_plain(m['n'])} dash {_plain(m['to'])}"
    return f"{_minus(m)}{_plain(m['n'])} to {'minus ' if m['less'] else ''}{_plain(m['to'])}"


def _times(m: re.Match[str]) -> str:
    """“two by four”, “ten times”, and “a ten X speed-up”."""
    if m.string[m.end()].isdigit():
        return " by " if m.group().strip() == "x" else " times "
    number_before = re.search(r"[\d.,]+\Z", m.string[: m.start()])
    is_of_thing = number_before and _ONE_OF.search(m.string, 0, number_before.start())
    return " X" if is_of_thing and re.match(r"\s(?!as\b)[a-z]", m.string[m.end() :]) else " times "


def _inches(m: re.Match[str]) -> str:
    if '"' in m.group() and _OPEN_QUOTE.search(m.string, 0, m.start()):
        return m.group()
    name = "inch" if m["n"] == "1" or _is_of_thing(m) else "inches"
    return f"{number(m['n'])} {name}{' by ' if m['by'] else ''}"


def _is_of_thing(m: re.Match[str]) -> bool:
    """Whether an amount describes the one thing that follows: “a 27" screen”, “a 4x100m relay”."""
    if not re.match(r"\s[a-z]", m.string[m.end() :]) or _NO_THING.match(m.string, m.end()):
        return False
    return (
        _ONE_OF.search(m.string, max(m.start() - 30, 0), m.start()) is not None or "by" in m.string[m.start() - 3 :][:3]
    )


def _minus(m: re.Match[str]) -> str:
    return "minus " if m["minus"] else ""


def _money(m: re.Match[str]) -> str:
    sign = m["sign"]
    one, more, cent, cents = ("cent", "cents", "", "") if sign == "¢" else _CURRENCIES[sign]
    minus = "minus " if m["minus"] or m.groupdict().get("inner") else ""
    scale = m["scale"] or ""
    scale = _SCALES.get(scale.lower(), scale)
    if m["to"]:
        return f"{minus}{_amount(m['n'])} to {_amount(m['to'])} {scale} {more}".replace("  ", " ")
    if scale:
        return f"{minus}{_amount(m['n'])} {scale} {more}"
    written = m["n"].replace(",", ".") if re.fullmatch(r"\d+,\d\d", m["n"]) else m["n"]
    whole, point, part = written.partition(".")
    if not point or len(part) != 2 or not cent:
        said = number(m["n"].rstrip(".")) if not point or len(part) != 2 else _amount(m["n"])
        return f"{minus}{said} {one if m['n'] == '1' else more}"
    large = f"{cardinal(whole)} {one if whole == '1' else more}" if whole.strip("0,") else ""
    small = f"{cardinal(str(int(part)))} {cent if int(part) == 1 else cents}" if int(part) else ""
    return minus + (" and ".join(filter(None, (large, small))) or f"zero {more}")


def _scaled(m: re.Match[str]) -> str:
    """A scaled number; but “Exit 12B” names one thing."""
    if m["scale"] == "B" and _NAMED_BY_NUMBER.search(m.string, max(m.start() - 14, 0), m.start()):
        return m.group()
    return f"{number(m['n'])} {_SCALES[m['scale'].lower()]}"


def _measure(m: re.Match[str]) -> str:
    unit = re.sub(r"\A°\s", "°", m["unit"])
    behind = m.string[m.end() : m.end() + 1]
    if (
        m["gap"]
        and m["gap"] != "-"
        and unit in _NEEDS_END
        and not m["power"]
        and not m["per"]
        and behind not in ("", ".", ",", ";", ")")
    ):
        return m.group()
    if m["gap"] == "-" and unit not in _UNITS:
        return m.group()
    if unit in ("K", "B", "M", "A") and m["gap"] != " ":
        return m.group()
    one, more = _UNITS[unit]
    power = _POWERS.get(m["power"] or "", "")
    is_one = m["n"] == "1" and not m["to"]
    first = _amount(m["n"])
    said = f"{_minus(m)}{first} to {_amount(m['to'].lstrip('-'))}" if m["to"] else f"{_minus(m)}{first}"
    said = f"{said} {power}{one if is_one or m['gap'] == '-' or _is_of_thing(m) else more}"
    if m["per"]:
        per = _UNITS[m["per"]][0] if m["per"] in _UNITS else m["per"]
        said += f" per {_POWERS.get(m['per_power'] or '', '')}{per}"
    return said


def _per(unit: str | None) -> str:
    """What the money is paid per."""
    return {"mo": "month", "yr": "year"}.get(unit, _UNITS[unit][0] if unit in _UNITS else "") if unit else ""


def _feet(m: re.Match[str]) -> str:
    if m["inches"] is None and m.string[m.end() - 1 : m.end()] in ("'", "’") and "'" in m.string[: m.start()]:
        return m.group()
    if m["inches"] is None and not re.match(r"\s*(?:$|[a-z,.;)])", m.string[m.end() :]):
        return m.group()
    feet = f"{cardinal(m['feet'])} {'foot' if m['feet'] == '1' else 'feet'}"
    if m["inches"] is None:
        return feet
    tail = " " if m.group()[-1:] == " " else ""
    return f"{feet} {number(m['inches'])} {'inch' if m['inches'] == '1' else 'inches'}{tail}"


def _percent(m: re.Match[str]) -> str:
    of = "percent" if m["of"] == "%" else "per mille"
    if m["to"]:
        return f"{_minus(m)}{_amount(m['n'])} to {_amount(m['to'])} {of}"
    return f"{_minus(m)}{_amount(m['n'])} {of}"


def _mixed(m: re.Match[str]) -> str:
    top, bottom = VULGAR.get(m["v"] or "", (m["top"], m["bottom"]))
    if not 0 < int(top) < int(bottom):
        return m.group()
    return mixed(m["whole"], top, bottom)


def _of_one(m: re.Match[str]) -> str:
    """“half a cup”, “three quarters of a cup”."""
    top, bottom = VULGAR.get(m["v"] or "", (m["top"], m["bottom"]))
    return part_of_one(top, bottom, m["unit"]) if 0 < int(top) < int(bottom) else m.group()


def _fraction(m: re.Match[str]) -> str:
    top, bottom = VULGAR.get(m["v"] or "", (m["top"], m["bottom"]))
    if m["v"]:
        before = m.string[m.start() - 1 : m.start()]
        return f"{' ' if before.isalnum() else ''}{fraction(top, bottom)}"
    if (top, bottom) in (("24", "7"), ("9", "11"), ("50", "50"), ("20", "20")):
        return f"{cardinal(top)} {cardinal(bottom)}"
    if 0 < int(top) < int(bottom) and top[0] != "0" and bottom[0] != "0":
        return (
            fraction(top, bottom)
            if int(bottom) <= 20 or int(bottom) in (32, 64, 100, 1000)
            else f"{number(top)} of {number(bottom)}"
        )
    return f"{number(top)} slash {number(bottom)}"


def _number(m: re.Match[str]) -> str:
    said = _plain(m["n"])
    return f"{_minus(m)}{'plus ' if m['plus'] else ''}{said}"
