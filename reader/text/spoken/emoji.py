"""Names emoji in the language being read: resources/emoji, generated from Unicode CLDR by packaging/emoji.py.

A sequence is one picture with one name: a family, a flag, a profession. Skin tones are not said, and a run of the same
emoji is named once.
"""

from __future__ import annotations

import importlib.resources
import re
from functools import cache

from reader.text.spoken.tables import tables
from reader.text.traced import Rewriting

_BASE = r"[\u231a-\u23ff\u25fb-\u27bf\u2b05-\u2b55\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
_TONE = "[\U0001f3fb-\U0001f3ff]"
_ONE = rf"{_BASE}\ufe0f?{_TONE}?(?:[\U000e0020-\U000e007f]+)?"
_EMOJI = (
    rf"(?:[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|[\U0001f1e6-\U0001f1ff]|{_TONE}|"
    rf"{_ONE}(?:\u200d(?:{_ONE}|[\u2190-\u21ff\u2640\u2642]\ufe0f?))*)"
)
_RUN = re.compile(rf"(?P<one>{_EMOJI})(?:\ufe0f?\s?(?P=one))*\ufe0f?")
# For users who want to hear fewer of them: a run of several, and any single one.
ROW = re.compile(rf"(?P<one>(?>{_EMOJI})\ufe0f?)(?:\s?(?>{_EMOJI})\ufe0f?)+")
ANY = re.compile(rf"(?P<gap>[ \t]?)(?P<one>{_EMOJI})\ufe0f?")
# eSpeak NG skips arrows in the languages that have a word for them in resources/spoken.
_ARROW = re.compile(r"\s?[→⇒]\s?")
_SIGN = re.compile(r"\s?(?P<one>[←↔≤≥≠≈∞√])\s?")
# At the start of a list item.
_BULLET = re.compile(r"(?:\A|(?<=\n))[ \t]*[▶►▸▹▷◆◇◈❖■□▪▫●○➤➢➔➜⬢⬡◼◾][ \t]+(?=\w)")
_UNSEEN = re.compile(f"\ufe0f|{_TONE}|[\U000e0020-\U000e007f]")
# “keycap: 10” is just a number, and a heart in a sentence is not a playing card.
_SHORTER = re.compile(r"\Akeycap: |(?<=\Aheart) suit\Z")
_PEOPLE = frozenset("👨👩👧👦🧑👶🧒")
_SAME = {"nb": "no", "nn": "no", "hr": "hr", "bs": "hr"}


@cache
def names(language: str) -> dict[str, str]:
    """The names of emoji and of Markdown's marks; the English ones if a language has none. 2 ms the first time."""
    folder = importlib.resources.files("resources").joinpath("emoji")
    source = folder.joinpath(f"{_SAME.get(language, language)}.tsv")
    if not re.fullmatch(r"[a-z]{2,3}", language) or not source.is_file():
        return {} if language == "en" else names("en")
    lines = source.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


def rewrite(text: Rewriting, language: str) -> None:
    """Name the emoji."""
    if not text.text.isascii():
        text.replace(_BULLET, lambda _: "")
        if arrow := tables(language).get("arrow"):
            text.replace(_ARROW, lambda _: f" {arrow} ")
            text.replace(_SIGN, lambda match: f" {_said(match, language).strip()} ")
        text.replace(_RUN, lambda match: _said(match, language))


def _said(match: re.Match[str], language: str) -> str:
    one = match["one"]
    if "\u20e3" in one:
        return f" {one[0]} "
    plain = _UNSEEN.sub("", one)
    known = names(language)
    name = known.get(one) or known.get(plain)  # some flags differ only in invisible characters
    if name is None:
        name = ", ".join(known[part] for part in plain.split("\u200d") if part in known)
    if sum(part in _PEOPLE for part in plain.split("\u200d")) > 1:
        name = name.partition(":")[0]  # nobody names the members of a family
    name = _SHORTER.sub("", name)
    if not name:
        return match.group() if plain else " "
    before, after = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return f"{' ' if before.strip() else ''}{name.replace(':', ',')}{' ' if after.isalnum() else ''}"
