"""Abbreviations, names with digits, addresses and signs in English. Pure."""

from __future__ import annotations

import re

from reader.text.addresses import DOMAINS
from reader.text.spoken.english_numbers import cardinal, digits, is_year, number, ordinal, year
from reader.text.spoken.numerals import NUMERAL, roman
from reader.text.spoken.tables import one_of, tables
from reader.text.traced import Rewriting

_T = tables("en")
_PLAIN, _TITLES, _NUMBERED = _T["plain"], _T["titles"], _T["numbered"]
_BEGINNING = (
    "approx",
    "a.k.a",
    "e.g",
    "i.e",
    "etc",
    "vs",
    "dept",
    "govt",
    "incl",
    "esp",
)  # when capitalised, others are names
_WORDS: dict[str, str] = {**{f"{one[0].upper()}{one[1:]}": _T["words"][one] for one in _BEGINNING}, **_T["words"]}
_SIGNS: dict[str, str] = _T["signs"]

_MAIL = re.compile(r"(?<![\w.])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+(?<![.-])")
_URL = re.compile(
    r"(?:\b(?P<scheme>https?|ftp|file|s3|gs|ssh|sftp|wss?|git)://|\bwww\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}'’]"
    rf"|(?<![\w./@])(?:[\w-]+\.)+(?:{DOMAINS})(?:/[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]}}'’]|/)?(?![\w@]|\.\w)",
)
_PATH = re.compile(r"(?<![\w/.$€£¥%)])(?:~|\.{1,2})?/(?:[\w.@+-]+/)*[\w.@+-]*\w/?|(?<!\w)~/|\b[A-Z]:\\[\w\\. -]*\w")
_FILE = re.compile(
    r"(?<![\w.])[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*\.[A-Za-z]\w{0,4}(?![\w@]|\.[\w.])|(?<![\w.…])\.[A-Za-z]\w{1,12}\b"
)
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)(?:(?P<rest>[/:])(?P<n>\d+))?")
_VERSION = re.compile(
    r"(?<![\w.,])(?P<v>[vV])?(?P<n>\d+(?:\.\d+){2,})(?P<rc>[a-z]\w*)?(?:-(?P<kind>alpha|beta|rc|pre|dev)\.?(?P<of>\d+)?)?(?!\w|\.\d)|(?<![\w.])[vV](?P<short>\d+(?:\.\d+)*)(?!\w)"
)
_SECTION = re.compile(r"(?<=[Ss]ection )(\d+\.\d+)(?!\w)")
_PHONE = re.compile(
    r"(?<![\w.,$£€])(?:\+\s?\d{1,3}[ .-]?(?:\(0\)\s?)?(?:\(\d{1,5}\)|\d{1,5})(?:[ .-]?\d{2,9}){1,5}"
    r"|(?:1[ .-])?\(\d{2,5}\)\s?\d{2,5}(?:[ .-]\d{2,9}){0,3}"
    r"|(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}|(?:\d{3}-)?\d{3}-\d{4}|0\d{2,4}[ /-]\d{3,9}(?:[ -]\d{2,6})*)(?!\w|[.,]\d)"
)
_CARD = re.compile(
    r"(?<![\w.,])\d{4}(?:[ -]\d{4}){2,4}(?:[ -]\d{1,3})?(?!\w|[.,]\d)"
    r"|(?<=\bISSN[ :])\s?\d{4}-\d{3}[\dX]\b|(?<=\bISBN[ :-])\s?\d{1,5}-\d{1,7}-\d{1,6}-[\dX]\b"
    r"|(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])|(?<![\w-])97[89](?:-\d+){4}(?![\w-])"
)
_CODE = re.compile(
    r"(?<![\w.])(?=\w*\d{4})(?:[A-Z]{1,4}-?)+\d{4,}\w*(?!\w)|(?<![\w.])0x[0-9a-fA-F]+\b"
    r"|(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])|(?<![\w.,])\d{5}-\d{4}(?!\w)"
)
_KEY = re.compile(r"\b(Ctrl|Cmd|Strg|Esc|Del|Alt|Shift|Win|Super|Meta|PgUp|PgDn)\b(?:(?P<plus>\s?[+-]\s?)(?=\w))?")
_CHEMICAL = re.compile(
    r"(?:(?<![\w.,-])(?P<times>\d{1,2})|\b)(?=[A-Z]\w*[₀-₉2-9])(?:(?:H|He|Li|B|C|N|O|F|Na|Mg|Al|Si|P|S|Cl|K|Ca|Fe|Cu|Zn|Ag|I|Pb|Hg|U)[₀-₉]*(?:(?<=[A-Za-z])[2-9](?!\d))?){2,}(?P<charge>[⁰-⁹²³¹]*[⁺⁻])?(?![\w₀-₉])|\b[HNOFC](?:l)?[₂2₃](?![\w.,:/-]*\w)"
)
_DOTTED_NAME = re.compile(r"(?<![\w.@/-])[a-z][a-z0-9_]+(?:\.[a-z][a-z0-9_]+)+\.[A-Za-z]\w+(?![\w@])")
_MIXED = re.compile(
    r"(?<![\w.])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z]+\d[A-Za-z\d]*(?:(?:_\d+)*|(?<=\d)\.\d{1,2})(?![\w]|\.\d)|(?<![\w.,])\d+[A-Za-z]+\d*[A-Za-z]*(?!\w)"
)
_SPELT = re.compile(rf"(?<![\w.-])(?P<word>{one_of(_T['letters']['spelt'])})(?P<s>s|['’]s)?(?![\w-]|\.\w)")
# Salts and oxides have no figures.
_ION = re.compile(r"\b(?P<of>[A-Z][a-z]?)(?P<n>[²³⁴]?)(?P<charge>[⁺⁻])(?!\w)")
_SALT = re.compile(
    r"(?:(?<![\w.,-])(?P<times>\d{1,2})|\b)(?P<salt>(?:Na|K|Li|Ag|Cs|Rb|Cu)(?:Cl|Br|F|I|OH|CN)|HCl|HBr|(?:Ca|Mg|Zn|Ba|Fe|Cu|Ni|Pb)O)\b"
)
_ACRONYM = re.compile(rf"(?<![\w.-]){one_of(_T['acronyms'])}(?=s?\b)(?![-_]|\.\w)")
# Academic degrees, which are not words.
_DEGREE = re.compile(
    r"(?<![\w.])(?P<word>Ph\.\s?D|[BM]\.\s?Sc|Ed\.\s?D|M\.\s?Ed|LL\.\s?[BDM]|Pharm\.\s?D)(?:\.?(?P<s>s|['’]s)\b|\b\.?)(?![\w.])"
)
_FLIGHT = re.compile(r"(?<=\b(?i:flight) )(?P<a>[A-Z]{2})(?=\s\d)|(?<=\b(?i:flight number is) )(?P<b>[A-Z]{2})(?=\s\d)")
_DOT_NET = re.compile(r"(?<![\w.])\.NET\b")
_AND = re.compile(r"\b([A-Z]{1,3})\s?&\s?([A-Z]{1,3})\b")
# The letter A, which voices take for the article: but no article precedes a verb or a sign, is capitalised inside a
# sentence, or stands alone.
_LETTER_A = re.compile(
    r"(?<=[^\W_] )A(?=\s[a-z]|[,;:!?]|\.?\s*\Z)|(?<=[^\W_]-)A(?![\w.'’])|(?<![\w.'’])[Aa](?=\))"
    r"|(?<=[\"“'‘])A(?=[\"”'’](?!\w))|(?<![\w.'’/-])A(?=[+*#/]|\s?[–—]|\sB\s[A-Z](?!\w))"
    r"|(?<![\w.'’/-])A(?=\s(?:and|or|to|is|was|has|plus|minus|equals|versus)\b)"
    r"|(?<![\w.'’/-])[Aa](?=\s?[\^²³=]|\s[+<>≤≥*/]\s|[+*/][a-z0-9]\b)"
)
# “737 max.” and “15 pro max.” are names, and the full stop ends the sentence.
_MODEL_LAST = re.compile(r"\b(?:[Pp]ro|PRO|seven \w+ seven) \Z")
_DOTTED = r"(?<![\w.])(?P<word>{words})\.(?P<rest>{rest})"
_WORD = re.compile(_DOTTED.format(words=one_of(_WORDS), rest=r"(?!\w)"))
_TITLE = re.compile(
    rf"(?<![\w.])(?P<word>{one_of(_TITLES)})(?:\.\s?|\s(?!(?<=\bGen )(?:[A-Z]\b|AI\b|[XZ]ers)))(?=[A-Z])"
)
_STREET = re.compile(
    r"(?<=[A-Za-z] )(?P<word>St|Rd|Dr|Ave|Blvd|Ln|Sq|Hwy|Pkwy|Ct)\b"
    r"(?:\.(?=\s[a-z]|,|\s?\Z|\s[NSEW]{1,2}\b)|(?=[,;]|\s?\Z|\s(?:in|at|and|near|to|is|[NSEW]{1,2})\b))"
)
_STREETS: dict[str, str] = _T["streets"]
_NUMBER_OF = re.compile(rf"(?<![\w.])(?P<word>{one_of(_NUMBERED)})\.\s?(?=[\d#]|\(\d|{NUMERAL}\b)")
_ROMAN_COUNTED = re.compile(
    rf"\b(?P<of>{one_of(_T['roman']['counted'])}|[Vv]olume|[Cc]hapter|[Pp]art|[Ss]ection|[Pp]age)\s{NUMERAL}\b"
    r"(?![.'’]\w)(?!(?<=\s\w)\s[B-HJ-Z](?![\w.'’]))"  # not in “Windows X P”
)
_ROMAN_KING = re.compile(rf"\b(?!Malcolm X\b)(?P<of>{one_of(_T['roman']['kings'])})\s{NUMERAL}\b(?![.'’](?!s\b)\w)")
_ROMAN_ORDINAL = re.compile(rf"(?<![\w.'’-]){NUMERAL}(?:th|st|nd|rd)\b")
_ROMAN_YEAR = re.compile(
    r"(?<![\w.'’-])(?=M[MDCLXVI]{3})(?P<roman>MM?(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))\b(?![.'’-]\w)"
)
_ROMAN = re.compile(r"(?<![\w.'’-])(?=[IVX]{2,})(?P<roman>X{0,3}(?:IX|IV|V?I{0,3}))(?![\w'’.-]*\w)")
_PLAIN_WORD = re.compile(
    r"(?<![\w.@/])(?P<word>[Ww]/o|[Cc]/o(?=\s[A-Z])|Attn(?=[.:])|[Bb]/c|[Ww]/(?=\s)|vs(?!\w)|Tel(?=:)|approx(?=\s))"
)
_YEARLY = re.compile(r"(?<=[%\d])\s?p\.\s?a\b\.?|(?<=\bpercent )p\.\s?a\b\.?")
_ESTABLISHED = re.compile(r"\best\.(?=\s(?:1[5-9]|20)\d\d\b)")
_ESTIMATED = re.compile(r"(?<=\d )est\.(?=[\s,;)]|\Z)")
_WORLD_WAR = re.compile(r"\bWW(?P<n>II?|[12])\b")
_HASH_NUMBER = re.compile(r"(?<![\w&#/])#\s?(?=\d)")
_LONG_HASH_NUMBER = re.compile(r"(?<![\w&#/])#\s?(\d{5,})(?![\w,.-]*\w)")
_HASH = re.compile(r"(?<![\w&#/])#(?=[A-Za-z])|(?<=\b[CF])#")
_AT = re.compile(r"(?<!\w)@\s?(?=\w)")
_ABOUT = re.compile(r"(?<![\w/])~\s?(?=[\d$£€])")
_INITIALS = re.compile(
    r"(?<![\w.])(?P<word>VS(?= Code\b)|A/C(?=\s)|[B-DF-HJ-NP-TV-XZ]{2,4}(?=s\b)|"
    r"(?:CPU|GPU|API|FAQ|NGO|ATM|UFO)(?=s\b))(?P<s>s\b)?"
)
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:[’'][A-Z]+)?(?:[,;:]?\s(?:[A-Z]{2,}(?:[’'][A-Z]+)?|A|I)(?!\w|\.\w)){2,}")
_CAPITAL_WORD = re.compile(r"[A-Z]{2,}(?:[’'][A-Z]+)?")
_SHORT_WORDS = frozenset(_T["letters"]["short"].upper().split())
_NOTE_STAR = re.compile(r"(?<=[^\W_]{2})\*{1,3}(?=[\s.,;:!?)]|\Z)(?!\s?[\d(])")  # in “free*”, with a footnote
_PLUS_PLUS = re.compile(r"\b([CG])\+\+")
_STARS = re.compile(r"(?=[★☆]{2})(?P<full>★{1,10})(?P<empty>☆{0,10})")
_STAR = re.compile(r"(?<=\w)\s?★(?!★)")  # “a 5★ hotel”
_ARROW = re.compile(r"\s*(?:<?(?:-{1,2}|={1,2})>|<-{1,2}(?!\w))\s*")
_DASHES = re.compile(r"\s?—\s?|(?<=\s)--(?=\s)|(?<=\w)--(?=\w)")
_GREEK = re.compile(
    rf"(?<![\u0370-\u03ff\u1f00-\u1fff])[{''.join(_T['greek'])}ΓΔΘΛΞΠΣΦΨΩ](?![\u0370-\u03ff\u1f00-\u1fff])"
)
_SIGN = re.compile(one_of(_SIGNS))
_EQUALS = re.compile(
    r"(?<=\S)\s?(?P<sign>==|!=|<=|>=|=|(?<=[\w)])\s?\+\s?(?=[\w(])|(?<=[\w)]\s)[<>](?=\s?[\w(])|(?<=\w)[<>](?=\w)|&&|\|\|)\s?(?=\S)"
)
_CHANGED_BY = re.compile(r"(?<=\w)\s?(?P<sign>[-+*/])=\s?(?=\w)")
_CHANGES: dict[str, str] = _T["changes"]
_COMPARED: dict[str, str] = _T["compared"]
_RAISED = re.compile(r"(?<=[A-Za-z0-9)])([⁰¹²³⁴-⁹]+|[⁻⁺][⁰¹²³⁴-⁹]+)(?![\w⁰-⁹])")
_POWER = re.compile(r"(?<=[\w)])\s?(?:\^|\*\*)\s?(?=[\w(-])")
_LOWERED = re.compile(r"(?<=[A-Za-z)])[₀-₉]+")
_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_CITED = re.compile(r"\[(?P<n>\d{1,3}(?:\s?[,–-]\s?\d{1,3})*)\]")
_PUNCTUATION = {
    ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at", ":": "colon", "~": "tilde", "\\": "backslash",
    "?": "question mark", "=": "equals", "&": "and", "#": "hash", "%": "percent", "+": "plus",
}  # fmt: skip
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_|\s")


def rewrite_degrees(text: Rewriting) -> None:
    """Academic degrees and flights. Before what looks like a file name."""
    text.replace(_DEGREE, _degree)
    text.replace(_FLIGHT, lambda m: _spell(m.group()))


def rewrite_names(text: Rewriting) -> None:
    """Rewrite what has digits but is not a number: addresses, versions, telephone numbers."""
    text.replace(_MAIL, lambda m: address(m.group()))
    text.replace(_URL, lambda m: address(re.sub(r"\A\w+://", "", m.group()).rstrip("/")))
    text.replace(_DOTTED_NAME, lambda m: m.group().replace(".", " dot "))
    text.replace(_ADDRESS, lambda m: " dot ".join(map(digits, re.findall(r"\d+", m.group())[:4])) + _port(m))
    text.replace(_PATH, lambda m: address(m.group()))
    text.replace(_DOT_NET, lambda _: "dot net")
    text.replace(_FILE, _file)
    text.replace(_SECTION, lambda m: " point ".join(map(cardinal, m[1].split("."))))
    text.replace(_CARD, lambda m: _grouped(m.group()))
    text.replace(_PHONE, lambda m: ("plus " if m.group().startswith("+") else "") + _grouped(m.group()))
    text.replace(_CODE, lambda m: _code(m.group()))


def rewrite_versions(text: Rewriting) -> None:
    """Versions come after dates, some of which look like versions."""
    text.replace(_VERSION, _version)


def rewrite_short_forms(text: Rewriting) -> None:
    """Rewrite abbreviations and Roman numerals, ahead of the numbers they belong to."""
    text.replace(_CITED, _cited)
    text.replace(_STREET, lambda m: _STREETS[m["word"]])
    text.replace(_TITLE, lambda m: f"{_TITLES[m['word']]} ")
    text.replace(_LONG_HASH_NUMBER, lambda m: f"number {digits(m[1])}")
    text.replace(_HASH_NUMBER, lambda _: "number ")
    text.replace(_NUMBER_OF, lambda m: f"{_NUMBERED[m['word']]} ")
    text.replace(_WORD, _short)
    text.replace(_PLAIN_WORD, lambda m: _PLAIN.get(m["word"].lower()) or _PLAIN.get(m["word"], "approximately"))
    text.replace(_YEARLY, lambda _: " per annum")
    text.replace(_ESTABLISHED, lambda _: "established")
    text.replace(_ESTIMATED, lambda _: "estimated")
    text.replace(_WORLD_WAR, lambda m: f"World War {'two' if m['n'] in ('II', '2') else 'one'}")
    text.replace(_ROMAN_COUNTED, lambda m: f"{m['of']} {roman(m['roman'])}" if m["roman"] else m.group())
    text.replace(_ROMAN_KING, lambda m: f"{m['of']} the {ordinal(roman(m['roman']))}" if m["roman"] else m.group())
    text.replace(_ROMAN_ORDINAL, lambda m: ordinal(roman(m["roman"])) if m["roman"] else m.group())
    text.replace(_ROMAN_YEAR, lambda m: year(roman(m["roman"])) if is_year(roman(m["roman"])) else m.group())
    text.replace(_ROMAN, lambda m: roman(m["roman"]))


def rewrite_letters(text: Rewriting) -> None:
    """Spell names made of letters and digits, and of letters alone."""
    text.replace(_KEY, _key)
    text.replace(_CAPITALS, lambda m: _CAPITAL_WORD.sub(_small, m.group()))
    text.replace(_INITIALS, lambda m: _spell(m["word"].replace("/", "")) + (m["s"] or ""))
    text.replace(_CHEMICAL, _chemical)
    text.replace(_ION, _ion)
    text.replace(_SALT, lambda m: f"{number(m['times']) + ' ' if m['times'] else ''}{_spell(m['salt'])}")
    text.replace(_ACRONYM, lambda m: _T["acronyms"][m.group()])
    text.replace(_AND, lambda m: f"{_spell(m[1])} and {_spell(m[2])}")
    if not text.text.isupper():
        text.replace(_SPELT, _spelt)
    text.replace(_MIXED, _mixed)
    text.replace(_LETTER_A, lambda _: "eh")


def rewrite_signs(text: Rewriting) -> None:
    """Name the remaining signs that a voice would skip or misname."""
    text.replace(_NOTE_STAR, lambda _: "")
    text.replace(_PLUS_PLUS, lambda m: f"{m[1]} plus plus")
    text.replace(_STARS, _stars)
    text.replace(_STAR, lambda _: " star")
    text.replace(_ARROW, lambda _: " arrow ")
    text.replace(_HASH, _hash)
    text.replace(_AT, lambda _: "at ")
    text.replace(_ABOUT, lambda _: "about ")
    text.replace(_CHANGED_BY, lambda m: f" {_CHANGES[m['sign']]} equals ")
    text.replace(_EQUALS, lambda m: f" {_COMPARED[m['sign'].strip()]} ")
    text.replace(_POWER, lambda _: " to the power of ")
    text.replace(_LOWERED, lambda m: f" {number(m.group().translate(_FIGURES))} ")
    text.replace(_RAISED, _raised)
    text.replace(_GREEK, lambda m: f" {_T['greek'][m.group().lower()]} ")
    text.replace(_SIGN, lambda m: f" {_SIGNS[m.group()]} ")
    text.replace(_DASHES, lambda _: ", ")


def address(written: str) -> str:
    """An address, a path or a file name, with its signs."""
    said = []
    for piece in _PIECE.findall(written):
        if piece.isdecimal():
            said.append(number(piece) if len(piece) < 5 and piece[0] != "0" else digits(piece))
        elif piece in ("www", "WWW"):
            said.append("W.W.W")
        else:
            said.append(_PUNCTUATION.get(piece, piece))
    return " ".join(word for word in said if word.strip())


def _cited(m: re.Match[str]) -> str:
    """A citation with a pause on both sides, unless there already is one."""
    before, after = m.string[: m.start()].rstrip()[-1:], m.string[m.end() :].lstrip()[:1]
    gap = ", " if before.isalnum() or before == "]" else " " if m.string[: m.start()][-1:] == "." else ""
    return f"{gap}{m['n']}{',' if after.isalnum() else ''}"


def _port(m: re.Match[str]) -> str:
    if not m["n"]:
        return ""
    return f" {'slash' if m['rest'] == '/' else 'port'} {number(m['n'])}"


def _file(m: re.Match[str]) -> str:
    """“main.rs” and “Node.js”, but not “e.g” or a sentence without a space after its full stop."""
    written = m.group()
    last = written.rpartition(".")[2]
    if all(len(part) == 1 for part in written.split(".")) or written.lower().rstrip(".") in _WORDS:
        return written
    is_at_stop = m.string[m.end() : m.end() + 1] == "."
    if last[0].isupper() and (is_at_stop or not last.isupper()):
        return written
    return address(written)


def _version(m: re.Match[str]) -> str:
    said = " point ".join(map(cardinal, (m["n"] or m["short"]).split(".")))
    rest = f" {address(m['rc'])}" if m["rc"] else ""
    if m["kind"]:
        rest += f" {_spell('RC') if m['kind'] == 'rc' else m['kind']}"
        rest += f" {cardinal(m['of'])}" if m["of"] else ""
    is_named = m.string[: m.start()].lower().endswith("version ")
    return f"{'version ' if (m['v'] or m['short']) and not is_named else ''}{said}{rest}"


def _ion(m: re.Match[str]) -> str:
    count = f" {cardinal(m['n'].translate(_FIGURES))}" if m["n"] else ""
    return f"{_spell(m['of'].upper())}{count} {'plus' if m['charge'] == '⁺' else 'minus'}"


def _grouped(written: str) -> str:
    """Digit by digit, with a pause where the writer left a gap."""
    return ", ".join(part if part == "X" else digits(part) for part in re.findall(r"\d+|X", written))


def _code(written: str) -> str:
    parts = re.findall(r"[A-Za-z]+|\d+", written)
    if parts[0] in ("FY", "CY") and len(parts) == 2 and is_year(parts[1]):
        return f"{_spell(parts[0])} {year(parts[1])}"
    return " ".join(digits(part) if part.isdecimal() else _spell(part) for part in parts)


def _spell(letters: str) -> str:
    """Letter by letter, whatever the context."""
    if letters.upper() == "A":
        return "eh"
    if "A" not in letters.upper():  # on its own, “A” would be read as the article
        return " ".join(letters.upper())
    return "".join(f"{letter.upper()}." for letter in letters)


def _spelt(m: re.Match[str]) -> str:
    said = f"{_spell(m['word'])}{m['s'] or ''}"
    return said.removesuffix(".") if m.string[m.end() :] == "." else said


def _degree(m: re.Match[str]) -> str:
    end = "." if m.group().endswith(".") and not m.string[m.end() :].strip() else ""
    return f"{_spell(re.sub(r'[^A-Za-z]', '', m['word']))}{m['s'] or ''}{end}"


def _small(m: re.Match[str]) -> str:
    """A word in a row of capitals, of which a voice would spell some: “Word”, or as it was if it is to be spelt."""
    word = m.group()
    if word in _T["letters"]["spelt"]:
        return word
    is_word = word in _SHORT_WORDS if len(word) < 4 else any(c in "AEIOUY" for c in word)
    return word.capitalize() if is_word else word


def _key(m: re.Match[str]) -> str:
    names = {"Ctrl": "control", "Strg": "control", "Cmd": "command", "Esc": "escape", "Del": "delete",
             "PgUp": "page up", "PgDn": "page down", "Win": "Windows"}  # fmt: skip
    if not m["plus"]:
        is_behind = re.search(r"(?:\bplus|\bcontrol|\balt) \Z|[+-]\s?\Z", m.string[: m.start()]) is not None
        return names.get(m[1], m[1]) if is_behind or m[1] in ("Ctrl", "Cmd", "Esc", "PgUp", "PgDn") else m.group()
    return f"{names.get(m[1], m[1].lower())} plus " if "+" in m["plus"] else f"{names.get(m[1], m[1].lower())} "


def _chemical(m: re.Match[str]) -> str:
    times = m["times"] or ""
    written = m.group()[len(times) : len(m.group()) - len(m["charge"] or "")].translate(_FIGURES)
    if not any(c.isdecimal() for c in written):
        return m.group()
    pieces = re.findall(r"[A-Za-z]+|\d+", written)
    said = [number(piece) if piece.isdecimal() else _spell(piece) for piece in pieces]
    charge = re.findall(r"[⁺⁻]|[^⁺⁻]+", m["charge"] or "")
    said += [{"⁺": "plus", "⁻": "minus"}.get(piece) or number(piece.translate(_FIGURES)) for piece in charge]
    return " ".join([number(times), *said] if times else said)


def _mixed(m: re.Match[str]) -> str:
    """“IPv6”, “mp3”, “2x”."""
    said = []
    for piece in re.findall(r"[A-Za-z]+|\d+|[_.]", m.group()):
        if piece in "_.":
            said.append("underscore" if piece == "_" else "point")
        elif piece.isdecimal():
            said.append(number(piece) if len(piece) < 4 else digits(piece))
        elif piece in ("st", "nd", "rd", "th", "s") and said:
            return m.group()
        elif len(piece) <= 3 and piece.lower() not in _T["letters"]["words"]:
            said.append("to" if piece == "to" else _spell(piece))
        else:
            said.append(piece)
    return " ".join(said)


def _short(m: re.Match[str]) -> str:
    if m["word"] in _T["units"] and re.search(r"\d[\s-]?\Z", m.string[: m.start()]):
        return m.group()
    if m["word"] == "max" and _MODEL_LAST.search(m.string[: m.start()]):
        return m.group()
    said: str = _WORDS[m["word"]]
    behind = m.string[m.end() :]
    return f"{said}." if not behind.strip() else said


def _stars(m: re.Match[str]) -> str:
    full, empty = len(m["full"]), len(m["empty"])
    of = f" out of {cardinal(str(full + empty))}" if empty else ""
    return f" {cardinal(str(full))}{of} star{'s' if full + empty > 1 else ''} "


def _hash(m: re.Match[str]) -> str:
    return " sharp" if m.string[m.start() - 1 : m.start()] in ("C", "F") else "hashtag "


def _raised(m: re.Match[str]) -> str:
    sign = "minus " if m[1][0] == "⁻" else ""
    value = m[1].strip("⁻⁺").translate(_FIGURES)
    if not sign and value in ("2", "3"):
        return " squared" if value == "2" else " cubed"
    return f" to the power of {sign}{cardinal(value)}"
