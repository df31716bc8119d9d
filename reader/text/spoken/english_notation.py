"""English notations that only look like amounts: unusual digit groups, models, coordinates, verses. Pure."""

from __future__ import annotations

import re

from reader.text.spoken.english_numbers import cardinal, decade, digits, fraction, mixed, number, part_of_one
from reader.text.spoken.numerals import VULGAR, roman
from reader.text.spoken.tables import one_of, tables
from reader.text.traced import Rewriting

_T = tables("en")
_UNITS: dict[str, list[str]] = _T["units"]
_LENGTH = r"(?:mm|cm|dm|m|km|in|ft|yd|inch(?:es)?|feet|meters?|metres?|px|pixels)\b|[\"″]"

# Thousands grouped as outside English: by points, spaces, apostrophes, or every two digits.
_GROUPED = re.compile(
    r"(?<![\w.,/+'’])(?:[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\d.])|[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3}){2,}(?![\d]|[ -]\d)"
    r"|[1-9]\d{0,2}[ \u00a0\u202f]000(?![\d]|[ -]\d)|[1-9]\d{0,2}(?:['’]\d{3})+(?![\d'’])"
    r"|[1-9]\d?(?:,\d\d)+,\d{3}(?!\d|,\d))"
)
_IPV6 = re.compile(
    r"(?<![\w:.])(?=[\da-fA-F:]{0,39}\d)(?=[\da-fA-F:]{0,39}::|(?:[\da-fA-F]{1,4}:){5})[\da-fA-F:]{3,39}(?![\w:])"
)
_EMERGENCY = re.compile(
    r"(?<=\b(?i:call|dial|ring|text) )(?P<list>\d{3}(?:(?:, | or | and |/)\d{3})*)(?!\d|[.,:-]\d)"
    r"(?=\W*\Z|[.,;:!?)]|\s(?:now|or|and|if|for|in|immediately|when|at|to|before|from|first|right|straight)\b)"
    r"|(?<=\bor )(?P<other>911)(?=\W*\Z|[.,;:!?)])"
    r"|\b(?P<one>911|999|112|988)(?=\s(?:call|operator|dispatch|emergency|hotline))"
)
_MODEL = re.compile(
    r"(?<![\w.,-])(?P<a>7[0-8]7)-(?P<b>\d00|\d{1,2}(?=\D|\Z))(?![\d-])"
    r"|(?:(?<=\bBoeing )|(?<![\w.,$£€-])(?=7\d7\s(?:MAX|[Mm]ax)\b))(?P<plain>7[0-8]7)(?P<s>s)?(?![\w-])"
    r"|\bA(?P<bus>3[0-9]0)-(?P<c>\d{3,4})\b|(?<![\w-])1-(?P<toll>8[0-8]\d)-(?P<rest>[A-Z0-9][A-Z0-9-]{2,20})\b"
)
_BOOKS = re.compile(
    rf"\b(?P<book>{one_of(_T['books'])})\b\.?\s(?P<c>\d{{1,3}}):(?P<v>\d{{1,3}})(?:[-–](?P<to>\d{{1,3}}))?(?![\d:])"
)
_PLACE = re.compile(
    r"(?<![\w.])(?P<d>\d{1,3}(?:\.\d+)?)\s?°\s?(?:(?P<m>\d{1,2}(?:\.\d+)?)\s?['′’]\s?"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s?[\"″”]\s?)?(?P<at>[NSEW]\b)?|(?P<only>[NSEW]\b))"
)
_LATITUDE = re.compile(r"\b[Ll](?:(?P<lat>at)|on|ong)\.?\s(?=\d{1,3}(?:\.\d+)?\s?°)")
_POINTS = {"N": "north", "S": "south", "E": "east", "W": "west"}
_SCIENTIFIC = re.compile(r"(?<![\w./=&-])(?P<n>\d+(?:\.\d+)?)[eE](?P<minus>[-−])?\+?(?P<power>\d{1,3})(?![\w.])")
_MOST_SCIENTIFIC = 8  # in a segment; more is data, and would be eight times as long when spoken
_COMPARED = re.compile(r"(?<![\w)<>=])(?<![\w)]\s)(?P<sign>[<>])\s?(?=[$£€.]?\d)")
_FREE = re.compile(r"(?<![\d)])(?<![\d)]\s)(?<!\b[A-Za-z])(?<!\b[A-Za-z]\s)(?P<sign>[≈≤≥~∼])\s?(?=[$£€.−-]?\d)")
_SAID_FREE = {
    "≈": "about ",
    "~": "about ",
    "∼": "about ",
    "≤": "less than or equal to ",
    "≥": "greater than or equal to ",
}
_AND_MORE = re.compile(r"(?<![\w./@])(?P<n>\d{1,3}(?:,\d{3})*|\d+)\+(?=[\s,.;:)!?]|\Z)(?!\s?\d)")
_MINUS = re.compile(
    r"(?<=[\d)])\s[-−–]\s(?=[\d(−.-])|(?<=\b[a-z])\s[-−–]\s(?=\d|[a-z]\b|\()|(?<=\d)\s[-−–]\s(?=[a-z]\b)"
)
_OPERATOR = re.compile(r"[=*×÷^√]|\d\s?[+/]\s?\d|[a-z]\s[+/]\s|\s[-−–]\s[-−]")
_DIVIDED = re.compile(r"(?<![\w./])(?P<a>\d+(?:\.\d+)?)(?P<gap>\s?)[/÷]\s?(?P<b>\d+(?:\.\d+)?)(?=\s?=)(?!\w)")
_OUT_OF = re.compile(
    r"(?<![\w./])(?P<a>\d{1,3}\.\d+)\s?/\s?(?P<b>\d{1,3}|(?:4|5|10)\.0)(?![\w/]|[.,]\d)"
    r"|(?<![\w./])(?P<same>10/10|5/5)(?![\w/]|[.,]\d)"
    r"|(?<![\w./$£€])(?<!\d )(?P<rated>\d{1,2}/10|\d{2}/100|\d/5(?=\s(?:stars?|points?|rating)\b))"
    r"(?![\w/⁄\"″]|[.,]\d|\s?(?:of|inch|in|ths?|cups?|miles?|\d)\b)"
)
_BY = re.compile(
    rf"(?<=\d)\s?[x×]\s?(?=\d+(?:\.\d+)?(?:\s?[x×]\s?\d+(?:\.\d+)?){{0,3}}\s?(?:{_LENGTH}))"
    rf"|(?<=\d)(?:\s?(?:mm|cm|m|in|ft))\s?[x×]\s?(?=\d+(?:\.\d+)?\s?(?:{_LENGTH}))"
)
_PART_UNIT = one_of(k for k in _UNITS if len(k) > 1 or k in "mglL")
_PART_OF = re.compile(
    rf"(?<![\w./,])(?:(?P<whole>\d{{1,4}})[\s-]?(?=[½-¾⅓-⅞]|(?<=[\s-])\d))?"
    rf"(?:(?P<top>\d{{1,2}})[/⁄](?P<bottom>\d{{1,3}})|(?P<v>[{''.join(VULGAR)}]))"
    rf"(?P<gap>[\s-]?)(?:(?P<unit>{_PART_UNIT})\b(?![/²³^'’])(?:\.(?=\s+[a-z(]|[,;:)]))?|(?P<inch>[\"″](?=[\s,.;:)]|\Z)))"
)
_THIRDS = re.compile(r"(?<![\w./])(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?:rd|th|nd)s?\b")
_FEET = re.compile(
    r"(?<![\w.,])(?P<f>\d{1,2})\s?ft\.?\s?(?P<i>\d{1,2})"
    r"(?:\s?in\b\.?(?!\s(?!(?:tall|long|wide|high|deep|thick)\b)[a-z])|(?!\w|[.,]\d|[/-]))"
)
_INCHES_BY = re.compile(
    r"(?<![\w.,])(?P<a>\d{1,3}(?:\.\d+)?)[\"″]\s?[x×]\s?(?P<b>\d{1,3}(?:\.\d+)?)[\"″](?:\s?[x×]\s?(?P<c>\d{1,3}(?:\.\d+)?)[\"″])?(?!\w)"
)
_FEET_BY = re.compile(r"(?<![\w.,])(?P<a>\d{1,3})['′’]\s?[x×]\s?(?P<b>\d{1,3})['′’](?!\w)")
_TIMES = re.compile(
    r"(?<=\d)\s?[x×]\s?(?=10(?:\^|\*\*|[⁰¹²³⁴-⁹⁻])|\d+(?:\.\d+)?\s?=|\d+(?:\.\d+)?\s?(?:mg|mcg|µg|μg|g|kg|ml|mL|l|L|tablets?)\b)"
)
_LASTING = re.compile(
    r"(?<![\w.,])(?P<h>\d{1,3})\s?h\s?(?P<m>\d{1,2})\s?m(?:in)?\b(?:\s?(?P<s>\d{1,2})\s?s(?:ec)?\b)?|"
    r"(?<![\w.,])(?P<m2>\d{1,2})m\s?(?P<s2>\d{1,2})s\b"
)
_MILLIONS = re.compile(
    r"(?<![\w.,])(?P<n>\d+(?:\.\d+)?)m(?=\s(?:views|users|people|followers|subscribers|downloads|customers|copies|jobs|"
    r"households|viewers|likes|plays|streams|records|rows|files|tokens|parameters|dollars|euros|pounds|visitors|tons|tonnes)\b)"
)
_SO_MUCH = re.compile(r"(?<![\w.,])(?P<n>\d+\.\d+)[xX×](?![\w×])")  # “1.5x speed”
_SEASON = re.compile(r"(?<![\w./-])(?P<from>(?:19|20)\d\d)/(?P<to>\d\d)(?![\w/]|[.,]\d)")
_LINES = re.compile(r"(?<![\w.,])(?P<high>3|4|7|10|14|21)(?P<low>60|80|20|40)p(?!\w)")  # of a screen
_USED_UP = re.compile(r"(?<=\d)\s?L\s?/\s?100\s?km\b")
_ZONE = re.compile(r"\b(?P<zone>UTC|GMT)\s?(?P<sign>[-+−–])\s?(?=\d)")
# “f(x)”, and arguments like that of “O(n log n)”.
_FUNCTION = re.compile(
    r"(?<![\w)\]])([A-Za-z])\(([A-Za-z0-9]|[a-z]\s?(?:log\s?[a-z]|[-+*]\s?\w|\^\d|[²³])|log\s?[a-z])\)"
)
_POINTS_OF_RATE = re.compile(r"(?<![\w.,])(?P<n>\d{1,3})\s?bps?\b")  # larger numbers are bits
_PERCENT_POINTS = re.compile(r"(?<=\d)\s?pp\b(?!\.?\s?\d)")
_POSTCODE = re.compile(
    r"(?:(?<=\b[Zz]ip )|(?<=\b[Zz]ip code )|(?<=\b[Zz]ip code is )|(?<=\bZIP )|(?<=\bZIP code )"
    r"|(?<=, [A-Z]{2} ))\d{5}(?:-\d{4})?(?![\w,.]\d)"
)
_VERSION = re.compile(
    r"(?<=\b[Vv]ersion )(?P<a>\d+\.\d++)(?![\w.]\w)|(?<=newer than )(?P<b>\d+\.\d++)(?![\w.]\w)"
    r"|\b(?P<name>Python|Node|Ruby|Perl|PHP|iOS|Android|Ubuntu|Fedora|Debian|macOS|Kubernetes|Go|Java|Rust)\s(?P<c>\d+\.\d++)(?![\w.]\w|%)"
)
_PRESSURE = re.compile(r"(?<=\d)/(?=\d{2,3}\s?mm\s?Hg\b)|(?<=\b(?i:blood pressure) \d{3})/(?=\d\d\b)")
_PENCE = re.compile(r"(?<![\w.,£/-])(?P<n>\d{1,2})p(?![\w-])")
_UNIT_PER = re.compile(
    rf"(?<![\w./])(?P<a>{one_of(k for k in _UNITS if len(k) > 1 and k not in ('in', 'mi', 'min', 'pt'))})/"
    rf"(?P<b>h|hr|s|sec|min|L|l|mL|ml|kg|m|day|week)\b(?![/.]\w)"
    rf"|(?:(?<=\d)|(?<=[a-z]{{2}}s))/(?P<c>mL|ml|kg|hr|min|sec|km|day|week|month|year)\b"
)
_METERS = re.compile(r"(?<![\w./])(?P<m>k?m)/(?P<s>s|h)(?P<power>²)?(?![\w/])")
_PLUS = re.compile(rf"(?<![\w)\]+])(?<![\w)\]] )\+\s?(?=\d{{1,4}}(?:[.,]\d+)?\s?(?:[%°‰]|(?:{_PART_UNIT})\b))")
_ORDINAL_RANGE = re.compile(r"(?<=\d(?:st|nd|rd|th))\s?[-–]\s?(?=\d+(?:st|nd|rd|th)\b)")
_MONEY_RANGE = re.compile(r"(?<=\d[kKmMbB])\s?[-–]\s?(?=[$£€]\d)")
_BETWEEN_BRACKETS = re.compile(r"(?<=\d\))\s?[-–]\s?(?=\(\d)")
_TO_SCALE = re.compile(
    r"(?<![\w:.,])(?P<n>\d{1,3}):(?P<to>\d{1,4})(?=\s(?:scale|odds|ratio|dilution|aspect|mix|screen)\b)"
)
_ISH = re.compile(r"(?<=\d)-?ish\b")
_NOTHING_MORE = re.compile(r"(?<=\d)[.,][-–—](?=[\s,;)]|\Z)")  # “12.–”, of money
_MINUS_LETTER = re.compile(r"(?:(?<=[=(±])|(?<=[=(±]\s))[-−](?=\d*[a-z](?![a-z]))")
_SQUARE = re.compile(r"(?<=\d)(?P<unit>\s?[kcm]?m)(?P<power>[23])(?![\w/])")  # “465 m2”
_FRACTIONS_LONG = re.compile(
    r"(?<=[½-¾⅓-⅞])\s?[-–]\s?(?=[½-¾⅓-⅞])|(?<![\w/.])(?P<a>\d)/(?P<b>\d)\s?[-–]\s?(?P<c>\d)/(?P<d>\d)(?![\w/])"
)
_UNDERSCORES = re.compile(r"(?<![\w.])\d{1,3}(?:_\d{3})+(?![\w.])")
_OF_GREEK = re.compile(r"(?<![\w.,])(?P<n>\d+(?:\.\d+)?)(?=[α-ωΓΔΘΛΞΠΣΦΨ](?!\w))")
_HEART = re.compile(r"(?:\A|(?<=[a-z]{2}\s)|(?<=[!?.,)]\s))<3+(?=[\s.!?,)]|\Z)")
_DEGREES_TO = re.compile(r"(?<=\d)\s?°\s?(?P<scale>[CF])?\s?[-–]\s?(?=\d+(?:\.\d+)?\s?°)")
_SHORT_YEAR = re.compile(r"(?<![\w'’.,])['’](?P<n>\d\d)(?=[\s.,;:)!?]|\Z)(?![^'’]*\d['’](?:\s|\Z))")
_CUBED = re.compile(r"(?<=\d)\s?(?P<of>sq|cu)\.\s?(?=(?:m|km|ft|in|mi|yd)\b)")
_FT_BY = re.compile(r"(?<=\d)\s?(?P<unit>ft|in|yd)\.?\s?[x×]\s?(?=\d+(?:\.\d+)?\s?(?:ft|in|yd)\b)")
_ENGINE = re.compile(r"\bV(?P<n>6|8|10|12)\b(?![.:]\d)")
_FACTORIAL = re.compile(r"(?<![\w.])(?P<of>\d{1,3}|[a-z])!(?=\s?[=+*/^×÷)])")
_OF_AGE = re.compile(r"\b(?P<front>[Uu]nder|[Oo]ver)[-\s](?P<n>\d\d)s\b")
# Of pages and scenes: “page iv”.
_SMALL_ROMAN = re.compile(
    r"\b(?P<of>[Pp]ages?|[Ss]cene|[Cc]hapter|[Pp]art|[Ss]ection|[Aa]ct|[Cc]lause|[Ss]tep|[Pp]aragraph|pp?\.)\s"
    r"(?P<n>x{0,3}(?:ix|iv|v?i{0,3}))(?:\s?[-–]\s?(?P<to>x{0,3}(?:ix|iv|v?i{0,3})))?(?![\w'’-])(?<!\s[ivx])(?<!\s)"
)
# After a person's name.
_LIVED = re.compile(r"(?<![\w.])(?P<word>ca?|b|d|fl)\.\s?(?=(?:ca?\.\s?)?\d{4}\b(?![.,]\d))")
_MADE_BY = re.compile(r"(?<![\w.])(?P<word>eds?|trans|illus|dir|prod|comp)\.\s(?=by\b)")
_COUNTED = (
    "people|persons|men|women|children|users|employees|students|members|soldiers|votes|seats|words|copies|units|miles|"
    "euros|dollars"
)
_COUNT = re.compile(
    rf"(?<![\w.,$£€-])(?<!\b(?:[Ii]n|[Bb]y|of|to) )(?<!\b(?:the|[Ff]or|and) )(?<!\b(?:[Ff]rom|[Ll]ate|till|last) )"
    rf"(?<!\b(?:[Ss]ince|[Uu]ntil|[Aa]fter|early) )(?P<n>20\d\d)(?=\s(?:{_COUNTED})\b)"
)
_QUARTER = re.compile(r"(?<=\b[QH]\d)\s?['’](?=\d\d\b)")


def rewrite(text: Rewriting) -> None:
    """Spell these out, or rewrite them for the other amount rules, all of which come later."""
    text.replace(_HEART, lambda _: "heart")
    text.replace(_FUNCTION, lambda m: f"{m[1]} of {m[2]}")
    text.replace(_MINUS_LETTER, lambda _: "minus ")
    text.replace(_MADE_BY, lambda m: f"{_MAKERS[m['word']]} ")
    text.replace(_SMALL_ROMAN, _small_roman)
    text.replace(_FACTORIAL, lambda m: f"{number(m['of']) if m['of'].isdecimal() else m['of']} factorial")
    if not any(map(str.isdecimal, text.text)):
        text.replace(_METERS, _speed)
        text.replace(_UNIT_PER, _per)
        return
    text.replace(_DEGREES_TO, lambda _: "–")
    text.replace(_SHORT_YEAR, lambda m: f"oh {cardinal(m['n'][1])}" if m["n"][0] == "0" else cardinal(m["n"]))
    text.replace(_CUBED, lambda m: f" {m['of']} ")
    text.replace(_FT_BY, lambda m: f" {_UNITS[m['unit']][1]} by ")
    text.replace(_ENGINE, lambda m: f"V {cardinal(m['n'])}")
    text.replace(_LIVED, lambda m: f"{_LIVES[m['word']]} ")
    text.replace(_OF_AGE, lambda m: f"{m['front']} {decade(m['n'])}")
    text.replace(_COUNT, lambda m: cardinal(m["n"]))
    text.replace(_IPV6, lambda m: _ipv6(m.group()))
    text.replace(_POINTS_OF_RATE, lambda m: f"{cardinal(m['n'])} basis point{'' if m['n'] == '1' else 's'}")
    text.replace(_PERCENT_POINTS, lambda _: " percentage points")
    text.replace(_POSTCODE, lambda m: ", ".join(map(digits, m.group().split("-"))))
    text.replace(_VERSION, _version)
    text.replace(_GROUPED, lambda m: f"{int(re.sub(r'[^0-9]', '', m.group())):,}")
    text.replace(_EMERGENCY, lambda m: re.sub(r"\d{3}", lambda n: digits(n.group()), m.group()))
    text.replace(_MODEL, _model)
    text.replace(_BOOKS, _verse)
    text.replace(_LATITUDE, lambda m: "latitude " if m["lat"] else "longitude ")
    text.replace(_PLACE, _place)
    if len(_SCIENTIFIC.findall(text.text)) <= _MOST_SCIENTIFIC:
        text.replace(_SCIENTIFIC, _scientific)
    text.replace(_OF_GREEK, lambda m: f"{number(m['n'])} ")
    text.replace(_ZONE, lambda m: f"{m['zone']} {'plus' if m['sign'] == '+' else 'minus'} ")
    text.replace(_LASTING, _lasting)
    text.replace(_MILLIONS, lambda m: f"{number(m['n'])} million")
    text.replace(_SO_MUCH, lambda m: f"{number(m['n'])} X")
    text.replace(_SEASON, lambda m: f"{m['from']} to {cardinal(m['to'])}")
    text.replace(_LINES, lambda m: f"{cardinal(m['high'])} {cardinal(m['low'])} P")
    text.replace(_USED_UP, lambda _: " liters per one hundred kilometers")
    text.replace(_INCHES_BY, lambda m: f"{' by '.join(map(number, filter(None, m.groups())))} inches")
    text.replace(_FEET_BY, lambda m: f"{cardinal(m['a'])} feet by {cardinal(m['b'])} feet")
    text.replace(_TIMES, lambda _: " times ")
    text.replace(_UNDERSCORES, lambda m: m.group().replace("_", ","))
    text.replace(_FRACTIONS_LONG, _fractions_long)
    text.replace(_MINUS, _minus)
    text.replace(_DIVIDED, lambda m: f"{number(m['a'])} divided by {number(m['b'])}")
    text.replace(_OUT_OF, _out_of)
    text.replace(_BY, lambda m: f"{m.group().rstrip(' x×')} by ")
    text.replace(_THIRDS, lambda m: fraction(m["top"], m["bottom"]) if int(m["bottom"]) > 1 else m.group())
    text.replace(_PART_OF, _part_of)
    text.replace(_PRESSURE, lambda _: " over ")
    text.replace(_FEET, _feet)
    text.replace(_PENCE, lambda m: f"{cardinal(m['n'])} {'penny' if m['n'] == '1' else 'pence'}")
    text.replace(_METERS, _speed)
    text.replace(_UNIT_PER, _per)
    text.replace(_PLUS, lambda _: "plus ")
    text.replace(_ORDINAL_RANGE, lambda _: " to ")
    text.replace(_MONEY_RANGE, lambda _: " to ")
    text.replace(_QUARTER, lambda _: " ")
    text.replace(_SQUARE, lambda m: f"{m['unit']}{'²' if m['power'] == '2' else '³'}")
    text.replace(_BETWEEN_BRACKETS, lambda _: " to ")
    text.replace(_TO_SCALE, lambda m: f"{number(m['n'])} to {number(m['to'])}")
    text.replace(_ISH, lambda _: " ish")
    text.replace(_NOTHING_MORE, lambda _: "")
    text.replace(_COMPARED, lambda m: "less than " if m["sign"] == "<" else "more than ")
    text.replace(_FREE, lambda m: _SAID_FREE[m["sign"]])
    text.replace(_AND_MORE, lambda m: f"{m['n']} plus")


_LIVES = {"c": "circa", "ca": "circa", "b": "born", "d": "died", "fl": "flourished"}
_MAKERS = {
    "ed": "edited", "eds": "edited", "trans": "translated", "illus": "illustrated", "dir": "directed",
    "prod": "produced", "comp": "compiled",
}  # fmt: skip


def _small_roman(m: re.Match[str]) -> str:
    to = f" to {roman(m['to'].upper())}" if m["to"] else ""
    return f"{m['of']} {roman(m['n'].upper())}{to}"


def _ipv6(written: str) -> str:
    said = [digits(c) if c.isdecimal() else "colon" if c == ":" else f"{c.upper()}." for c in written]
    return " ".join(said)


def _version(m: re.Match[str]) -> str:
    """“One point ten”, which differs from 1.1."""
    said = " point ".join(map(cardinal, (m["a"] or m["b"] or m["c"]).split(".")))
    return f"{m['name']} {said}" if m["name"] else said


def _lasting(m: re.Match[str]) -> str:
    parts = ((m["h"], "hour"), (m["m"] or m["m2"], "minute"), (m["s"] or m["s2"], "second"))
    return " ".join(f"{cardinal(n)} {name}{'' if n == '1' else 's'}" for n, name in parts if n)


def _by_tens(number_of: str) -> str:
    """“seven forty seven”, “three eighty”, “eight hundred”."""
    if len(number_of) != 3 or number_of.endswith("00"):
        return cardinal(number_of)
    return f"{digits(number_of[0])} {cardinal(number_of[1:])}"


def _model(m: re.Match[str]) -> str:
    if m["a"]:
        return f"{_by_tens(m['a'])}, {_by_tens(m['b'])}"
    if m["plain"]:
        return f"{_by_tens(m['plain'])}{'s' if m['s'] else ''}"
    if m["bus"]:
        return f"A. {_by_tens(m['bus'])}, {_by_tens(m['c'])}"
    if not any(map(str.isalpha, m["rest"])):
        return m.group()
    return f"one, {_by_tens(m['toll'])}, {m['rest'].replace('-', ' ')}"


def _verse(m: re.Match[str]) -> str:
    to = f" to {cardinal(m['to'])}" if m["to"] else ""
    return f"{_T['books'][m['book']]} {cardinal(m['c'])} {cardinal(m['v'])}{to}"


def _place(m: re.Match[str]) -> str:
    said = [number(m["d"]), "degree" if m["d"] == "1" else "degrees"]
    for part, name in ((m["m"], "minute"), (m["s"], "second")):
        if part:
            said += [number(part), name if part == "1" else f"{name}s"]
    at = m["at"] or m["only"]
    return " ".join([*said, _POINTS[at]] if at else said)


def _scientific(m: re.Match[str]) -> str:
    return (
        f"{number(m['n'])} times ten to the power of {'minus ' if m['minus'] else ''}{cardinal(str(int(m['power'])))}"
    )


def _fractions_long(m: re.Match[str]) -> str:
    """“½–¾”, “1/3–2/3”."""
    if not m["a"]:
        return " to "
    if not (0 < int(m["a"]) < int(m["b"]) and 0 < int(m["c"]) < int(m["d"])):
        return m.group()
    return f"{fraction(m['a'], m['b'])} to {fraction(m['c'], m['d'])}"


def _minus(m: re.Match[str]) -> str:
    """A minus between the terms of a formula, which has another sign nearby; elsewhere it is a dash."""
    if re.search(r"\((?:1[5-9]|20)\d\d\)\Z", m.string[: m.start()]):
        return m.group()  # a year in brackets
    around = m.string[max(m.start() - 30, 0) : m.end() + 30]
    return " minus " if _OPERATOR.search(around) else m.group()


def _out_of(m: re.Match[str]) -> str:
    if rated := m["same"] or m["rated"]:
        top, _, bottom = rated.partition("/")
        if int(top) > int(bottom):
            return m.group()
        return f"{number(top)} out of {number(bottom)}"
    of = "out of" if m["b"] in ("5", "10", "100", "4.0", "5.0", "10.0") else "slash"
    return f"{number(m['a'])} {of} {number(m['b'])}"


def _part_of(m: re.Match[str]) -> str:
    top, bottom = VULGAR.get(m["v"] or "", (m["top"], m["bottom"]))
    if not 0 < int(top) < int(bottom) or (m["gap"] == "-" and not m["unit"]):
        return m.group()
    one, more = ("inch", "inches") if m["inch"] else _UNITS[m["unit"]]
    if not m["whole"] and m["gap"] != "-" and m.string[m.end() : m.end() + 4] == " of ":
        return part_of_one(top, bottom, one)
    if m["whole"]:
        return f"{mixed(m['whole'], top, bottom)} {one if m['gap'] == '-' else more}"
    return f"{fraction(top, bottom)} {one}"


def _feet(m: re.Match[str]) -> str:
    feet, inches = int(m["f"]), int(m["i"])
    if inches > 11:
        return m.group()
    return (
        f"{cardinal(str(feet))} {'foot' if feet == 1 else 'feet'} "
        f"{cardinal(str(inches))} {'inch' if inches == 1 else 'inches'}"
    )


def _speed(m: re.Match[str]) -> str:
    name, per = "kilometers" if m["m"] == "km" else "meters", "second" if m["s"] == "s" else "hour"
    return f"{name} per {per}{' squared' if m['power'] else ''}"


def _per(m: re.Match[str]) -> str:
    below = m["b"] or m["c"]
    name = _UNITS[below][0] if below in _UNITS else below
    return f" per {name}" if m["c"] else f"{_UNITS[m['a']][1]} per {name}"
