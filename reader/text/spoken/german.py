"""German ordinals, dates, times and years, which a numeral alone does not show. Pure."""

from __future__ import annotations

import re

from reader.text.spoken import cardinals
from reader.text.spoken.numerals import NUMERAL, roman
from reader.text.spoken.tables import tables
from reader.text.traced import Rewriting

_STREET = re.compile(r"(?<=[a-zäöüß])(s)tr\.(?=\s|,)")
_BEHIND_PREPOSITION = re.compile(r"\b(?:in|an|auf|mit|von|zu|bei|seit|nach|aus|vor|während|wegen)\sder\s\Z", re.I)
_OTHER = re.compile(r"\d{1,2}\.\s(?:und|oder|bis)\s\Z")
_PART_OF_LAW = re.compile(r"(?P<of>\bAbs(?:atz|\.)\s?\d{1,3}[a-z]?,?\s)S\.\s?(?=\d)")
_AND_A_HALF = re.compile(r"(?<![\w.,/+-])(?P<n>[1-9]\d?)(?:\s?½|\s1/2(?![\d/]|[.,]\d))")
_LITRE = re.compile(r"(?:(?<=[½¼¾⅓⅔]\s)|(?<=\d/\d\s))l(?!\w)")
_UNTIL = re.compile(r"(?<=\d)\s?[-–]\s?(?=\d{1,2}[:.][0-5]\d\s?(?:Uhr|h)\b)")
_CLOCK = re.compile(
    r"(?<![\w.,:])(?P<h>[01]?\d|2[0-4])(?:[.:](?P<m>[0-5]\d)(?:\s?(?:Uhr|h)\b|(?<=:\d\d)(?![\d:]))|h(?P<m2>[0-5]\d)(?!\w))"
)
_SCORE = re.compile(r"(?<![\w.,:])(?P<n>\d{1,4}):(?P<to>\d|\d{3,6})(?![\w:]|[.,]\d)")  # times have no such minutes
# Plain four-digit numbers up to this size are said in hundreds: years, and amounts too.
_YEAR = re.compile(r"(?<![\w.,:/+–-])(?P<n>1[1-9]\d\d)(?P<er>er[ns]?)?(?![\w%°]|[.,:/–-]\d|\s\d)")
_UNITS = {unit: forms[0] for unit, forms in tables("de")["units"].items()}
_NAMES = [
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
]  # fmt: skip
_MONTHS = f"{'|'.join(_NAMES)}|Jänner|Jan|Feb|Mär|Apr|Jun|Jul|Aug|Sept|Sep|Okt|Nov|Dez"
# The number of a list item or a heading, unless what it counts follows.
_ITEM = re.compile(
    rf"\A\s*(?P<n>\d{{1,2}})\.\s+(?=[A-ZÄÖÜ][a-zäöüß]+)(?!(?:{_MONTHS}|Jahrhundert|Kapitel|Teil|Akt|Band|Klasse|Stock|Platz|"
    r"Auflage|Weltkrieg|Liga|Bundesliga|Advent|Preis|Quartal|Halbjahr|Halbzeit|Tag|Woche|Monat|Jahr|Etage|Obergeschoss|Mose|"
    r"Korinther|Staffel|Folge|Runde|Schritt|Sinfonie|Semester|Ausgabe|Reihe|Generation|Hälfte|Spieltag|Person|Stufe)\b)"
)
_DATIVE = re.compile(
    r"(?:\b(?:spätestens|frühestens|[Jj]ede[mns]|[Dd]iesem|am|vom|zum|dem|im|beim|den|seit|bis|ab|des|einem|einen|ihrem|seinem|der|"
    r"Am|Vom|Zum|Im|Den|Seit|Ab|\w+tag,?|(?:Mo|Di|Mi|Do|Fr|Sa|So)\.,?))\s\Z"
)
_ARTICLE = re.compile(r"\b(?:[Dd]ie|[Dd]as|Der|[Jj]ede[rs]?|[Dd]iese[rs]?)\s\Z")
# A placing in a race: “Sie wurde 2. im Weitsprung”.
_PLACED = re.compile(
    r"(?P<she>\b[Ss]ie\s)?(?P<was>\b(?:wurden?|wird|werden|als)\s)(?P<n>\d{1,2})\."
    r"(?=\s(?:im|in|beim|bei|und|von|hinter|vor|mit)\s|\s?\Z)"
)
_LONG = re.compile(  # “100-m-Lauf”
    r"(?<![\w.,-])(?P<n>\d+(?:,\d+)?)-(?P<unit>km/h|km|cm|mm|m|kg|g|l|kW|MB|GB)-(?=[A-ZÄÖÜ])"
)
_YEARS = re.compile(r"(?<![\w.,:/+–-])(?P<a>1[1-9]\d\d)\s?[–-]\s?(?P<b>1[1-9]\d\d|20\d\d|\d\d)(?![\w%°]|[.,:/–-]\d)")
_WEEK = re.compile(r"(?<=\b(?:Mo|Di|Mi|Do|Fr|Sa|So)\.)\s?[-–]\s?(?=(?:Mo|Di|Mi|Do|Fr|Sa|So)\.)")
_FROM_DAY = re.compile(
    rf"(?P<front>\b(?:vom|am|den|der)\s)(?P<n>\d{{1,2}})\.\s?[-–]\s?(?=\d{{1,2}}\.\s(?:{_MONTHS})\b)"
)
_OF_DAY = re.compile(rf"(?<=\s)d\.\s(?=\d{{1,2}}\.\s(?:{_MONTHS})\b)")  # “Straße d. 17. Juni”
_LASTING = re.compile(
    r"(?<![\w.,:])(?P<a>\d{1,3}):(?P<b>[0-5]\d)\s?(?:(?P<min>[Mm]in\b\.?(?!\w)|Minuten)|(?:Std\.|Stunden))"
)
_SECTIONS = re.compile(r"§§\s?(?=\d)")
_ORDINAL = re.compile(
    rf"(?<![\w.,])(?P<n>\d{{1,2}})\.\s?"
    rf"(?=(?:{_MONTHS})\b|Jahrhundert|Jh|FC\b|[A-ZÄÖÜ][a-zäöüß]+(?:\s[a-zäöü]|[.,;!?]|\s?\Z)"
    rf"|(?:und|oder|bis)\s\d{{1,2}}\.\s[A-ZÄÖÜ])"
)
_DATE = re.compile(
    r"(?<![\w.,])(?P<n>3[01]|[12]\d|0?[1-9])\.\s?(?P<m>1[0-2]|0?[1-9])\.(?:\s?(?P<y>[12]\d{3}))?(?!\w|\.\d)"
)
_NAMED = re.compile(rf"(?<=[a-zäöüß] )(?P<article>der|des|dem|den)\s{NUMERAL}\.(?=\s|,|\Z)")
# Queens' names, kings' names in the genitive, and what precedes a king in the dative.
_QUEEN = re.compile(r"(?!Béla|Géza)\w+(?:[aá]|eth|rix|g[ar]*rethe|ine)\Z")
_OF_KING = re.compile(
    r"(?:Albert|Alexander|August|Ferdinand|Friedrich|Georg|Heinrich|Karl|Konrad|Leopold|Ludwig|Otto|Paul|Philipp"
    r"|Wilhelm)s\Z"
)
_TO_KING = re.compile(
    r"\b(?i:von|mit|unter|bei|nach|zu|zur|zum|vom|dem|neben|aus|seit)\s"
    r"(?:(?:König|Kaiser|Papst|Zar|Herzog|Kurfürst)\s)?(?:[A-ZÄÖÜ]\w+\s)?\Z"
)
_KING = re.compile(
    r"(?:Albert|Alexander|August|Ferdinand|Friedrich|Georg|Heinrich|Karl|Konrad|Leopold|Ludwig|Otto|Paul|Philipp|Wilhelm)s\Z"
)
_TO_KING = re.compile(
    r"\b(?:[Vv]on|[Mm]it|[Uu]nter|[Bb]ei|[Nn]ach|[Zz]u|[Zz]ur?m?|[Vv]om|[Dd]em|[Nn]eben|[Aa]us|[Ss]eit)\s(?:(?:König|Kaiser|Papst|Zar|Herzog|Kurfürst)\s)?(?:[A-ZÄÖÜ]\w+\s)?\Z"
)
_KING = re.compile(rf"(?P<name>\b[A-ZÄÖÜ][a-zäöüß]+)\s{NUMERAL}\.(?=[\s,;:)!?]|\Z)")


def rewrite(text: Rewriting) -> None:
    """Say these. Before all other rules."""
    text.replace(_UNTIL, lambda _: " bis ")
    text.replace(_WEEK, lambda _: " bis ")
    text.replace(_FROM_DAY, lambda m: f"{m['front']}{m['n']}. bis ")
    text.replace(_OF_DAY, lambda _: "des ")
    text.replace(_LASTING, _lasting)
    text.replace(_SECTIONS, lambda _: "Paragrafen ")
    text.replace(_LONG, lambda m: f"{m['n']}-{_UNITS[m['unit']]}-")
    text.replace(_PLACED, _placed)
    text.replace(_YEARS, _years)
    text.replace(_CLOCK, _clock)
    text.replace(_SCORE, lambda m: f"{m['n']} zu {m['to']}")
    text.replace(_ITEM, lambda m: f"{m['n']}, ")
    text.replace(_PART_OF_LAW, lambda m: f"{m['of']}Satz ")
    text.replace(_LITRE, lambda _: "Liter")
    text.replace(_AND_A_HALF, lambda m: f"{_in_front_of_half(int(m['n']))}einhalb")
    text.replace(_STREET, lambda m: f"{m[1]}traße")
    for pattern, said in ((_DATE, _date), (_ORDINAL, _ordinal), (_NAMED, _named), (_KING, _king), (_YEAR, _year)):
        text.replace(pattern, said)


def _in_front_of_half(n: int) -> str:
    return "ein" if n == 1 else cardinals.words("de", n)


def _clock(m: re.Match[str]) -> str:
    minutes = int(m["m"] or m["m2"])
    return f"{int(m['h'])} Uhr{f' {minutes}' if minutes else ''}"


def _year(m: re.Match[str]) -> str:
    return f"{cardinals.words('de', int(m['n']), '%spellout-numbering-year')}{m['er'] or ''}"


def _said(value: int, ending: str) -> str:
    """An ordinal with the given ending after its e."""
    return cardinals.words("de", value, f"%spellout-ordinal{'-' if ending else ''}{ending}")


def _years(m: re.Match[str]) -> str:
    first, second = (
        cardinals.words("de", int(n), "%spellout-numbering-year" if int(n) < 2000 and len(n) > 2 else "")
        for n in (m["a"], m["b"])
    )
    return f"{first} bis {second}"


def _lasting(m: re.Match[str]) -> str:
    larger, smaller = ("Minuten", "Sekunden") if m["min"] else ("Stunden", "Minuten")
    stop = "." if m.group().endswith(".") and not m.string[m.end() :].strip() else ""
    return f"{int(m['a'])} {larger} {int(m['b'])} {smaller}{stop}"


def _placed(m: re.Match[str]) -> str:
    said = _said(int(m["n"]), "" if m["she"] else "r").capitalize()
    return f"{m['she'] or ''}{m['was']}{said}{'' if m.string[m.end() :].strip() else '.'}" if int(m["n"]) else m.group()


def _ending(m: re.Match[str]) -> str:
    start = m.start()
    if other := _OTHER.search(m.string, 0, start):  # “die 1. und 2. Klasse”
        start = other.start()
    before = _DATIVE.search(m.string, 0, start)
    if before:
        is_subject = before.group().strip() == "der" and not _BEHIND_PREPOSITION.search(m.string, 0, start)
        return "" if is_subject else "n"
    return "" if _ARTICLE.search(m.string, 0, start) else "r"


def _ordinal(m: re.Match[str]) -> str:
    value = int(m["n"])
    return f"{_said(value, _ending(m))} " if value else m.group()


def _date(m: re.Match[str]) -> str:
    return f"{_said(int(m['n']), _ending(m))} {_NAMES[int(m['m']) - 1]}{' ' + m['y'] if m['y'] else ''}"


def _king(m: re.Match[str]) -> str:
    if not m["roman"]:
        return m.group()
    value, name = int(roman(m["roman"])), m["name"]
    if _OF_KING.match(name):
        return f"{name} des {_said(value, 'n').capitalize()}"
    is_queen = _QUEEN.match(name) is not None
    if _TO_KING.search(m.string, max(m.start() - 40, 0), m.start()):
        return f"{name} {'der' if is_queen else 'dem'} {_said(value, 'n').capitalize()}"
    return f"{name} {'die' if is_queen else 'der'} {_said(value, '').capitalize()}"


def _named(m: re.Match[str]) -> str:
    """In “Karl der V.”, the name is not next to its number."""
    if not m["roman"]:
        return m.group()
    return f"{m['article']} {_said(int(roman(m['roman'])), '' if m['article'] == 'der' else 'n').capitalize()}"
