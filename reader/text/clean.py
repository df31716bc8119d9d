"""Makes a block of foreign text readable aloud, and maps each character back to its original position.

What a screen shows can differ from the characters behind it: fake bold letters, invisible spaces, hyphens at line
ends, detached accents, look-alikes from other alphabets. A single pass with one pattern finds every such spot;
everything between is copied unchanged.
"""

from __future__ import annotations

import re
import unicodedata

from reader.text.script import UNSPACED, script_of
from reader.text.traced import Traced, rewritten, untouched

# Characters that show nothing: soft hyphen, zero width, direction marks, variation selectors, tags, tatweel,
# unassigned and private-use ones (icon fonts), lone surrogates.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ue000-\uf8ff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
# Control characters (eSpeak treats \x01 as a command), spaces of every width, the object replacement character.
_BLANK = "\x00-\x09\x0b-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufffc\ufffd"
# Letters drawn as something else: ligatures, circled, squared, mathematical, full and half width, Arabic forms.
# Compatibility folding (NFKC) recovers the letter; applied everywhere it would turn x² into x2.
_DRAWN = (
    "\u0262\u026a\u0274\u0280\u0299\u029c\u029f\ua730\ua731\u02b0-\u02b8\u02e1-\u02e4\u1d00-\u1d6a\u2071\u207f\u2102-\u2115\u2119-\u211d\u2124-\u2138\u2160-\u217f\u2460-\u2473\u24b6-\u24e9\u3371-\u33df\ufb00-\ufb06\ufb1d-\ufdfb\ufe70-\ufefc"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff65-\uff9f\U0001d400-\U0001d7ff\U0001f110-\U0001f189"
)
_TROUBLE = re.compile(
    rf"""
      (?P<hyphen>  (?<=[^\W\d_]) [-\u2010\u00ad\x02\ufffe] [{_BLANK}]* \n (?:[{_BLANK}]|>)* (?=[^\W\d_]) )
    | (?P<space>   (?![ ](?![{_BLANK}\n{_INVISIBLE}]))  # one space is no trouble
                   [{_BLANK}\n{_INVISIBLE}]* (?:\n(?:[ \t]*>)* | [{_BLANK}]) (?:[{_BLANK}\n{_INVISIBLE}]|(?<=\n)>)* )
    | (?P<flag>    \U0001f3f4[\U000e0020-\U000e007f]+ )
    | (?P<unseen>  [{_INVISIBLE}]+ )
    | (?P<joiner>  [\u200c\u200d]+ )
    | (?P<drawn>   [{_DRAWN}]+ )
    | (?P<accents> [^\W\d_] [\u0300-\u036f]+ | [\u1100-\u11ff]+ | [\u0300-\u036f]+ )
    | (?P<mixed>   (?<![^\W\d_]) [^\W\d_]*? (?: [A-Za-z][\u0370-\u04ff] | [\u0370-\u04ff][A-Za-z] ) [^\W\d_]* )
    | (?P<rule>    (?: (?:\|:?)? (?P<sign>[-=*#~+_<>|/\\:;,^"'`–—•·─-╿]) (?P=sign){{2,}} (?::?\|)? )+ | \.{{4,}} )
    | (?P<column>  (?<!\S) \| (?!\S) )  # of a table, or in a title: nobody reads it as a word
    """,
    re.VERBOSE,
)
# Quick check: most single-line text needs no cleaning, being only letters, single spaces and signs that are not
# repeated. Possessive, so that it never backtracks.
_PLAIN = re.compile(
    r"""(?:[A-Za-z0-9\u00c0-\u024f]++|[ ](?=\S)|[,.;:!?'"“”‘’()%&@$€-](?![,.;:'"-]{2}))++""",
)
# Cyrillic and Greek letters that look like Latin ones.
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕԁӏАВЕЅІЈКМНОРСТХУοΑΒΕΖΗΙΚΜΝΟΡΤΥΧνι",
    "aeopcyxijsdlABESIJKMHOPCTXYoABEZHIKMNOPTYXvi",
)
_JOINED_SCRIPTS = frozenset({"", "Latin", "Cyrillic", "Greek"})


def clean(raw: str) -> Traced:
    """Make one block readable. Line ends inside it are taken as wrapping and joined.

    The result begins and ends with something readable, or is empty. Never raises.
    """
    if not raw.startswith(" ") and _PLAIN.fullmatch(plain := raw.rstrip(" ")):
        return untouched(plain)
    # Invisible characters are what identifies the flag of Scotland.
    return rewritten(raw, _TROUBLE, lambda match: match["flag"] or _mend(match, raw)).stripped()


def _mend(match: re.Match[str], raw: str) -> str:
    """The replacement for one troublesome spot."""
    found = match.group()
    before = raw[match.start() - 1 : match.start()]
    after = raw[match.end() : match.end() + 1]
    match match.lastgroup:
        case "hyphen":
            return "" if after.islower() and before.islower() else "-"
        case "space":
            return "" if "\n" in found and _are_unspaced(before, after) else " "
        case "joiner":  # joiners shape letters in Arabic and Indic scripts; elsewhere they hide in words
            is_in_picture = unicodedata.category(after or " ") == "So"  # an emoji made of several characters
            return "" if not is_in_picture and script_of(before or " ") in _JOINED_SCRIPTS else found
        case "drawn":
            return unicodedata.normalize("NFKC", "".join(map(_large, found)))
        case "accents":
            composed = unicodedata.normalize("NFC", found)
            return "".join(c for c in composed if not "\u0300" <= c <= "\u036f")
        case "mixed":
            latin = found.translate(_LOOK_ALIKE)
            is_escape = before == "\\"  # the letters belong to manual page markup: “\fBНе”
            return latin if latin.isascii() and not is_escape else found
        case "rule":
            if found == "...." and raw[match.end() : match.end() + 1] == " " and raw[match.end() + 1 :][:1].isupper():
                return "."  # three for an ellipsis, and one for the full stop
            return "…" if found[0] == "." else " "
        case "column":
            return found if raw.strip() == found else "," if before == after == " " else ""
        case _:
            return ""


def _large(char: str) -> str:
    """The lower-case letter for one drawn as a small capital; a Roman numeral in upper case."""
    if "ⅰ" <= char <= "ⅿ":
        return char.upper()
    name = unicodedata.name(char, "")
    return name[-1].lower() if re.fullmatch("LATIN LETTER SMALL CAPITAL [A-Z]", name) else char


def _are_unspaced(before: str, after: str) -> bool:
    """Whether both neighbours of a line end belong to an unspaced script."""
    return bool(before and after) and script_of(before) in UNSPACED and script_of(after) in UNSPACED
