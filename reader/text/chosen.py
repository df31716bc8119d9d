"""Applies the user's choices (`choices.py`) to a block, in the same way for every voice. Pure.

Markup recognised by its syntax is handled in `markup.py`, page furniture in `pages.py`.
"""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from functools import cache

from reader.text import addresses
from reader.text.choices import Addresses, Choices, Emoji, Footnotes, Repeats
from reader.text.left_out import Why
from reader.text.traced import Rewriting

# After a word or a stop; not a power, as in x² and sin²(x). Also at the start of the footnote itself.
_FIGURES = "[¹²³⁰⁴-⁹]"
_RAISED = re.compile(
    rf"(?<!\bsin)(?<!\bcos)(?<!\btan)(?:(?<=[^\W\d_][^\W\d_A-Z]{{2}})|(?<=[.,;:!?”\"»]))"
    rf"{_FIGURES}+(?:[,–-]{_FIGURES}+)*⁾?(?!\w)|\A{_FIGURES}+(?=\s)"
)
# The same when no longer raised: “as was shown.12 Others”.
_FLAT = re.compile(
    r"(?<=[a-z]{4}[.!?”])(?<!chap\.)(?<!sect\.)(?<!part\.)(?<!item\.)(?<!page\.)(?<!able\.)(?<!note\.)"
    r"[1-9]\d?(?:[,–-][1-9]\d?)*(?=\s[A-Z][a-z])"
)
_CITED = re.compile(
    r"[ \t]?\[(?:(?:note|nb|n|Anm\.?|note de bas de page)\s)?\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]"
    r"(?!\s?=|\.\w|\[(?!\d{1,3}\])|\()|(?:(?<=[^\W\d_]{3})|(?<=[^\W\d_][.,;:])|\A)\[[a-z]\](?!\w)"
)
_BRACKETED = re.compile(
    r"(?:(?P<gap>\s)|(?<![^\s\"“„‘«]))"
    r"(?:\((?P<round>(?:[^()]|\([^()]{0,200}\)){1,800})\)|\[(?P<square>[^\[\]]{1,800})\])(?=[\s.,;:!?…)\"”’»]|\Z)"
    r"|（(?P<wide>[^（）]{1,400})）"
)
_LIST_MARK = re.compile(r"\w{1,3}")
_REPEATED = re.compile(r"(?P<sign>[$%@&§°€£¥¢†‡¶¤©®™¬±×÷¿¡←-⯿])(?<![★☆])(?P=sign){2,}")
_MARK = re.compile(r"\A(?P<lead>[\s>]*)(?P<first>[*#_`~])(?P=first)*|(?P<last>[*#_`~])(?P=last)*(?P<tail>\s*)\Z")


@cache
def _words() -> dict[str, dict[str, str]]:
    source = importlib.resources.files("resources").joinpath("spoken/words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def word(name: str, language: str) -> str:
    """The word for a link or a piece of code in a language; English if Harken has no word in that one."""
    words = _words()[name]
    return words.get(language) or words["en"]


@cache
def _mark(sign: str, language: str) -> str:
    from reader.text.spoken import emoji  # imported late: compiling its patterns is slow

    return emoji.names(language)[sign]


def named(m: re.Match[str], language: str) -> str:
    """The text between Markdown marks, with the marks named; a run of the same mark is named once."""
    behind = " " if m.string[m.end() : m.end() + 1].isalnum() else ""

    def said(mark: re.Match[str]) -> str:
        if mark["first"]:
            return f"{mark['lead']} {_mark(mark['first'], language)} "
        return f" {_mark(mark['last'], language)}{mark['tail'] or behind}"

    return _MARK.sub(said, m.group())


def rewrite(text: Rewriting, language: str, choices: Choices) -> None:
    """Leave out or reword what the user does not want to hear as written."""
    if choices.addresses is not Addresses.WHOLE:
        text.replace(addresses.ADDRESS, lambda m: _address(m.group(), choices.addresses, language), Why.ADDRESSES)
    _footnotes(text, choices.footnotes)
    if not choices.brackets:
        text.replace(_BRACKETED, _bracketed, Why.BRACKETS)
    if choices.repeats is not Repeats.EACH:
        text.replace(_REPEATED, lambda m: m["sign"] if choices.repeats is Repeats.ONCE else " ", Why.REPEATS)
    if choices.emoji is not Emoji.NAME and not text.text.isascii():
        from reader.text.spoken import emoji

        if choices.emoji is Emoji.FIRST:
            text.replace(emoji.ROW, lambda m: m["one"], Why.EMOJI)
        else:
            text.replace(emoji.ANY, _without_emoji, Why.EMOJI)


def _without_emoji(m: re.Match[str]) -> str:
    """Keep the digit of a keycap, and keep words apart."""
    if m["one"][0].isdecimal():
        return f"{m['gap']}{m['one'][0]}"
    return " " if m.string[m.end() : m.end() + 1].isalnum() else ""


def _address(written: str, choice: Addresses, language: str) -> str:
    if choice is Addresses.LINK:
        return word("link", language)
    return addresses.host(written)


def _footnotes(text: Rewriting, choice: Footnotes) -> None:
    if not text.text.isascii():
        if choice is Footnotes.READ:
            text.replace(_RAISED, lambda m: f" [{m.group().translate(_PLAIN)}]")
        else:
            text.replace(_RAISED, lambda _: "", Why.FOOTNOTES)
    if "." in text.text:
        text.replace(_FLAT, lambda m: f" [{m.group()}]" if choice is Footnotes.READ else "", Why.FOOTNOTES)
    if choice is Footnotes.NONE:
        text.replace(_CITED, lambda _: "", Why.FOOTNOTES)


_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", "⁾")


def _bracketed(m: re.Match[str]) -> str:
    """Drop the brackets with their text; but “(030) 123” is a number, and a leading “(a)” marks a list item."""
    inside = m["round"] or m["square"] or m["wide"]
    behind = m.string[m.end() :].lstrip()
    if inside.replace(" ", "").isdecimal() and behind[:1].isdecimal():
        return m.group()
    is_first = not m.string[: m.start()].strip() or m["gap"] == "\n"
    return m.group() if is_first and behind and _LIST_MARK.fullmatch(inside) else ""
