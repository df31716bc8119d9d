"""What is said for a message: symbols named, capitals announced, letters spelt out, as the program wants. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reader.speechd import markup
from reader.speechd.markup import Marked
from reader.speechd.protocol import Kind, Message
from reader.speechd.symbols import Symbols

# The word before a capital letter; languages that are not listed say it in English.
_CAPITAL = {
    "bg": "главна", "ca": "majúscula", "cs": "velké", "da": "stort", "de": "groß", "el": "κεφαλαίο", "en": "capital",
    "es": "mayúscula", "fi": "iso", "fr": "majuscule", "hr": "veliko", "hu": "nagy", "it": "maiuscola",
    "nb": "stor", "nl": "hoofdletter", "no": "stor", "pl": "wielkie", "pt": "maiúscula", "ro": "majuscula",
    "ru": "заглавная", "sk": "veľké", "sv": "stort", "tr": "büyük", "uk": "велика",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
# What speech-dispatcher's clients call keys by signs that would be read otherwise.
_KEYS = {" ": "space", "\t": "tab", "_": "underscore", '"': "double-quote"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a program wants its messages said. See SSIP: punctuation, spelling and cap_let_recogn."""

    language: str = "en"  # ISO 639-1
    punctuation: str = "none"
    spells: bool = False
    tells_capitals: bool = False

    @classmethod
    def of(cls, values: Mapping[str, str], language: str) -> Manner:
        """From the settings of a message."""
        return cls(
            language,
            values.get("punctuation_mode", "none"),
            values.get("spelling_mode") == "on",
            values.get("cap_let_recogn", "none") in ("spell", "icon"),
        )


def worded(message: Message, manner: Manner, symbols: Symbols) -> Marked:
    """The words for a message, and where its marks are in them."""

    def spelt(text: str) -> str:
        return spell(text, manner, symbols)

    if message.kind is Kind.CHAR:
        return Marked(spelt(message.text) if len(message.text) == 1 else message.text)
    if message.kind in (Kind.KEY, Kind.SOUND_ICON):
        return Marked(_key(message.text, manner, symbols))
    read = markup.read(message.text, spelt)
    if manner.spells:
        return read.rewritten(spelt)
    if len(read.text.strip()) == 1:  # as programs echo a character
        return read.rewritten(lambda text: spelt(text.strip()) if text.strip() else text)
    if manner.tells_capitals:
        read = read.rewritten(lambda text: _WORD.sub(lambda word: _told(word[0], manner), text))
    return read.rewritten(lambda text: symbols.named(text, manner.punctuation))


def spell(text: str, manner: Manner, symbols: Symbols) -> str:
    """The names of all characters, one by one."""
    names = (_name(character, manner, symbols) for character in text if not character.isspace() or len(text) == 1)
    return ", ".join(filter(None, names))


def _name(character: str, manner: Manner, symbols: Symbols) -> str:
    if not character.isalnum():
        return symbols.name_of(character)
    # An English letter without a full stop may be taken for a word: a, I.
    name = (
        f"{character.upper()}."
        if manner.language == "en" and character.isascii() and character.isalpha()
        else character
    )
    return f"{_capital(manner)} {name}" if manner.tells_capitals and character.isupper() else name


def _told(word: str, manner: Manner) -> str:
    return f"{_capital(manner)} {word}" if any(map(str.isupper, word)) else word


def _capital(manner: Manner) -> str:
    return _CAPITAL.get(manner.language, _CAPITAL["en"])


def _key(name: str, manner: Manner, symbols: Symbols) -> str:
    """The words for a key or several: "shift_a", "Page Up"."""
    name = _KEYS.get(name, name)
    if len(name) == 1:
        return spell(name, manner, symbols)
    *held, last = name.split("_")
    last = spell(last, manner, symbols) if len(last) == 1 else last.replace("-", " ")
    return " ".join([*held, last]).strip() or name
