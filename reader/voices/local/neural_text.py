"""Prepares text for the neural voice: names what it would skip, and disarms what it would obey.

`hibari-tts` reads American English. It says some other Latin letters and skips the rest, skips all symbols that it has
no name for, and takes `[word](/phonemes/)` for a pronunciation. Text that can't be said here at all (other scripts)
never gets this far: `session/voice_choice.py` gives it to another voice.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that don't decompose into an ASCII letter and its accents.
_PLAIN_LETTERS = str.maketrans({
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "ng", "Ŋ": "Ng",
    "ø": "o", "Ø": "O", "ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th", "ß": "ss", "ẞ": "SS", "ŧ": "t",
    "ſ": "s", "ə": "e", "Ə": "E", "œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ﬀ": "ff",
})  # fmt: skip
# Letters it accepts unchanged, from words that English has borrowed.
_KNOWN_LETTERS = frozenset("àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ")
# Punctuation it would stumble over.
_PLAIN_SIGNS = {"‐": "-", "‑": "-", "‒": "–", "―": "—", "′": "'", "″": '"', "‹": "‘", "›": "’", "„": "“", "‚": "‘"}
# Symbols it reads by itself, so they need no name from us.
_KNOWN_SIGNS = frozenset("+=<>|~^©°±×÷§$£€¢¥%&#@→½¼¾²³µªº–—…‘’“”«»¡¿")
# How to read a symbol whose Unicode name would sound odd; "" keeps it silent.
_SPOKEN = {
    "€": "euros", "£": "pounds", "¥": "yen", "≤": "less than or equal to", "≥": "greater than or equal to",
    "≠": "not equal to", "≈": "about", "−": "minus", "√": "square root of", "∞": "infinity", "·": "",
    "•": "", "‣": "", "◦": "", "▪": "", "●": "", "■": "", "★": "star", "☆": "star", "✓": "check", "✔": "check",
    "✗": "cross", "✘": "cross", "←": "left arrow", "↑": "up arrow", "↓": "down arrow", "™": "trademark",
    "®": "registered", "‰": "per mille", "†": "", "‡": "", "¬": "not", "¦": "", "´": "", "¨": "", "¸": "", "¯": "",
    "`": "", "℃": "degrees Celsius", "℉": "degrees Fahrenheit", "№": "number",
}  # fmt: skip
_LINK = re.compile(r"\](?=\()")
_ODD = re.compile(r"[^\x00-\x7f]")
_LONELY_CURRENCY = re.compile(r"(?<=\d)\s?([€£¥])|([€£¥])(?!\s?[\d.])")
# ASCII symbols it would skip; named unless they are markup. (`*` is a multiplication only between numbers.)
_PASSED_OVER = re.compile(
    r"(?P<unequal>!=)|(?P<bar>\|)|(?P<backslash>\\)|(?<=\d)(?P<times>\s?\*\s?)(?=\d)|(?<=\S)(?P<asterisk> \*\*? )(?=\S)"
    r"|(?<=\d)(?P<dollars>\s?\$)(?!\d)|(?P<dollar>\$)(?!\s?[\d.])"
)
_PASSED_OVER_NAMES = {
    "unequal": "not equal to", "bar": "vertical bar", "backslash": "backslash", "times": "times",
    "asterisk": "asterisk", "dollars": "dollars", "dollar": "dollar",
}  # fmt: skip
# Numbers with more digits are read digit by digit: the voice has no words for those with more than 36.
_MAX_DIGITS = 18
_NUMBER = re.compile(rf"[\d,]{{{_MAX_DIGITS + 1},}}")
_FLAG_LETTER = "REGIONAL INDICATOR SYMBOL LETTER "
_SKIN_TONE = "EMOJI MODIFIER "


def prepare(text: str) -> str:
    """`text` in the form the neural voice should receive. Never raises."""
    text = _LINK.sub("] ", text).replace("_", " ")
    text = _NUMBER.sub(_spell, text)
    text = _PASSED_OVER.sub(lambda m: f" {_PASSED_OVER_NAMES[m.lastgroup or '']} ", text)
    if text.isascii():
        return text
    text = _LONELY_CURRENCY.sub(lambda m: f" {_SPOKEN[m[1] or m[2]]}", text)
    return _ODD.sub(lambda m: _say(m.group()), text)


def _spell(number: re.Match[str]) -> str:
    """A number in a sayable form: a list of numbers one by one, and a long number digit by digit."""
    parts = number.group().split(",")
    if sum(map(len, parts)) <= _MAX_DIGITS:
        return number.group()
    return ", ".join(" ".join(part) if len(part) > _MAX_DIGITS else part for part in parts)


@lru_cache(maxsize=2048)
def _say(char: str) -> str:
    """The replacement for one non-ASCII character."""
    if char in _KNOWN_LETTERS or char in _KNOWN_SIGNS:
        return char
    if char in _PLAIN_SIGNS:
        return _PLAIN_SIGNS[char]
    if char in _SPOKEN:
        return f" {_SPOKEN[char]} "
    category = unicodedata.category(char)
    if category[0] == "L":
        plain = char.translate(_PLAIN_LETTERS)
        folded = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        return folded if folded.isascii() else char
    if category[0] == "N":
        if char.isdigit() and not char.isdecimal():  # it would take these for digits of a number, and fail
            return f" {unicodedata.digit(char)} "
        return unicodedata.normalize("NFKC", char)
    if category in ("So", "Sm", "Sc", "Sk"):
        name = unicodedata.name(char, "")
        if name.startswith(_SKIN_TONE):
            return ""
        return f" {name.removeprefix(_FLAG_LETTER).lower()} "
    if category[0] in "PZ":
        return unicodedata.normalize("NFKC", char)
    return ""
