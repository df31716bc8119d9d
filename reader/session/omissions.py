"""The sentence that says what was left out of a text: if it was a lot, and the very first time. Pure."""

from __future__ import annotations

from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.text.left_out import Tally, Why

# One letter in this many may be left out without a word.
_ONE_IN = 5
# Kinds that make up less than this share of it are not named, nor are more kinds than this.
_NAMED_SHARE = 0.1
_MOST_NAMED = 3

_NAMES = {
    Why.LINKS: QT_TRANSLATE_NOOP("reader", "the addresses behind links"),
    Why.MARKS: QT_TRANSLATE_NOOP("reader", "Markdown marks"),
    Why.TAGS: QT_TRANSLATE_NOOP("reader", "HTML tags"),
    Why.HIDDEN: QT_TRANSLATE_NOOP("reader", "hidden HTML"),
    Why.CODES: QT_TRANSLATE_NOOP("reader", "colour codes"),
    Why.TIMES: QT_TRANSLATE_NOOP("reader", "subtitle times"),
    Why.THOUGHTS: QT_TRANSLATE_NOOP("reader", "a language model's thoughts"),
    Why.FOOTNOTES: QT_TRANSLATE_NOOP("reader", "footnote marks"),
    Why.ADDRESSES: QT_TRANSLATE_NOOP("reader", "web addresses"),
    Why.CODE: QT_TRANSLATE_NOOP("reader", "code"),
    Why.EMOJI: QT_TRANSLATE_NOOP("reader", "emoji"),
    Why.BRACKETS: QT_TRANSLATE_NOOP("reader", "text in brackets"),
    Why.REPEATS: QT_TRANSLATE_NOOP("reader", "repeated symbols"),
    Why.PAGES: QT_TRANSLATE_NOOP("reader", "page numbers and running heads"),
}


def named(why: Why) -> str:
    """What it is called, in a few words."""
    return translate("reader", _NAMES[why])


def is_much(tally: Tally) -> bool:
    """Whether more than a fifth of the letters and digits was left out."""
    return tally.left_out.total() * _ONE_IN > tally.letters


def told(tally: Tally, *, is_first: bool) -> str:
    """What was left out; "" for nothing, or for only a little, unless that `is_first`."""
    if not tally.left_out or not (is_much(tally) or is_first):
        return ""
    if not is_much(tally):
        sentence = translate(
            "reader", "Harken left something out of this text: {what}. See “What is read” in the settings."
        )
        return sentence.format(what=_what(tally))
    percent = round(100 * tally.left_out.total() / tally.letters)
    if is_first:
        sentence = translate(
            "reader", "Harken left out {percent}% of this text: {what}. See “What is read” in the settings."
        )
    else:
        sentence = translate("reader", "Harken left out {percent}% of this text: {what}.")
    return sentence.format(percent=percent, what=_what(tally))


def nothing_left(tally: Tally) -> str:
    """Why nothing of a text is read."""
    if not tally.left_out:
        return translate("reader", "There is nothing in this text that can be read aloud.")
    sentence = translate("reader", "There is nothing left to read in this text: Harken leaves out {what}.")
    return sentence.format(what=_what(tally))


def _what(tally: Tally) -> str:
    """The kinds that were left out, the largest first."""
    least = _NAMED_SHARE * tally.left_out.total()
    kinds = [why for why, count in tally.left_out.most_common(_MOST_NAMED) if count >= least]
    return ", ".join(named(why) for why in kinds)
