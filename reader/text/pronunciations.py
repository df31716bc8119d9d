"""How the user wants words to be said: their own list, applied to a sentence before anything else.

It comes before numbers and short forms are spelt out (`spoken/`), because people enter what they see on the screen,
“5G” or “Dr. Wu”, not what Harken makes of it; their replacement may contain numbers, too. Each part of a text is
replaced at most once: expressions come first, in the order of the list, then the longest word.

An expression that takes too long is disabled from then on, because it could delay every sentence: see
`MAX_EXPRESSION_S`. `re` has no such limit, so expressions use the library `regex`.

Any thread may make a list; it is applied by one thread at a time. Pure, except for measuring CPU time.
"""

from __future__ import annotations

import contextlib
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from reader.errors import SettingsError
from reader.flow import Voice
from reader.support import foreign
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.support.languages import CODES
from reader.text.script import UNSPACED, is_speakable, script_of
from reader.text.traced import Traced, replaced, untouched

MAX_ENTRIES = 10_000
# Each is tried on every sentence, at about 10 µs.
MAX_EXPRESSIONS = 100
MAX_CHARS = 200
# CPU time allowed for one sentence: for one expression, and for all of them. Useful ones take a thousandth.
MAX_EXPRESSION_S = 0.004
_MAX_ALL_S = 0.008
# How many characters entries may add to one sentence. What would exceed this stays as written.
_MAX_ADDED_CHARS = 2000
# Signs that can be written in two ways.
_ALIKE = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " ", "\u2011": "-", "ς": "σ"})
# The library's messages for the most common mistakes, by how they begin.
_REASONS = {
    "missing )": QT_TRANSLATE_NOOP("reader", "a closing “)” is missing"),
    "unbalanced parenthesis": QT_TRANSLATE_NOOP("reader", "there is one “)” too many"),
    "missing ]": QT_TRANSLATE_NOOP("reader", "a closing “]” is missing"),
    "unterminated character set": QT_TRANSLATE_NOOP("reader", "a closing “]” is missing"),
    "bad character range": QT_TRANSLATE_NOOP("reader", "a range between “[” and “]” runs backwards"),
    "nothing to repeat": QT_TRANSLATE_NOOP("reader", "there is nothing before “*”, “+” or “?” to repeat"),
    "multiple repeat": QT_TRANSLATE_NOOP("reader", "there are two repetition signs in a row"),
    "min repeat greater": QT_TRANSLATE_NOOP("reader", "the smaller number of repetitions must come first"),
    "bad escape": QT_TRANSLATE_NOOP("reader", "“\\” is followed by something that has no meaning here"),
    "invalid group reference": QT_TRANSLATE_NOOP("reader", "it refers to a group that does not exist"),
    "unknown group": QT_TRANSLATE_NOOP("reader", "it refers to a group that does not exist"),
}


class Kind(StrEnum):
    """The kind of an entry's word. The values are stored in files."""

    WORD = "word"  # one or several whole words
    PART = "part"  # also within a word
    EXPRESSION = "expression"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. "" for all languages, or all voices. `voice` is an id, or "engine/" for all of an engine's.

    A word in lower case also matches capitals; a word with capitals matches as written, or all in capitals. The
    language is that of the reading voice, because `spoken` is spelt for that voice.
    """

    word: str
    spoken: str
    kind: Kind = Kind.WORD
    language: str = ""
    voice: str = ""

    @property
    def key(self) -> tuple[str, Kind, str, str]:
        """What is unique to this entry in a list."""
        return self.word, self.kind, self.language, self.voice

    def is_for(self, voice: Voice) -> bool:
        """Whether this entry applies to that voice."""
        return self.language in ("", voice.language) and self.voice in ("", voice.id, f"{voice.engine}/")


def checked(entry: Entry) -> Entry:
    """Return the entry as it is stored. Raises SettingsError with what is wrong with it."""
    word, spoken = (unicodedata.normalize("NFC", text).strip() for text in (entry.word, entry.spoken))
    for text in (word, spoken):
        if foreign.fault_in(text, MAX_CHARS):
            sentence = translate("reader", "Use one line of at most {limit} characters, not “{text}”.")
            raise SettingsError(sentence.format(limit=MAX_CHARS, text=foreign.shown(text, 60)))
    if not word:
        raise SettingsError(translate("reader", "Enter the word that is mispronounced."))
    if not is_speakable(spoken):
        sentence = translate("reader", "Enter how “{word}” should sound, in letters.")
        raise SettingsError(sentence.format(word=foreign.shown(word)))
    if entry.language and entry.language not in CODES:
        sentence = translate("reader", "Use a language code such as en or de, not “{value}”.")
        raise SettingsError(sentence.format(value=foreign.shown(entry.language)))
    engine, stroke, _ = entry.voice.partition("/")
    if entry.voice and (not engine or not stroke or foreign.fault_in(entry.voice, MAX_CHARS)):
        sentence = translate("reader", "“{voice}” is not the name of a voice. “harken voices” lists them.")
        raise SettingsError(sentence.format(voice=foreign.shown(entry.voice)))
    entry = replace(entry, word=word, spoken=spoken)
    if entry.kind is Kind.EXPRESSION:
        _Expression(entry)
    return entry


def check_speed(entry: Entry) -> None:
    """Raise SettingsError if an expression is slow on texts that are known to be hard. Takes up to 0.1 s."""
    if entry.kind is Kind.EXPRESSION:
        expression = _Expression(entry)
        letters = dict.fromkeys([*(c for c in entry.word if c.isalnum()), *"a1"])
        for text in [*(200 * letter for letter in list(letters)[:8]), "word " * 40, " " * 200]:
            for ending in ("!", f"{entry.word[-1:]}\n!"):
                if expression.find(text + ending) is None:
                    raise SettingsError(_too_slow(entry))


def _too_slow(entry: Entry) -> str:
    sentence = translate("reader", "The expression “{word}” takes too long, so it is not used. Write it more simply.")
    return sentence.format(word=foreign.shown(entry.word))


@dataclass(frozen=True, slots=True)
class _Edit:
    """The replacement for a part of a text."""

    start: int
    end: int
    said: str


class _Expression:
    """A regular expression, disabled once it takes too long."""

    def __init__(self, entry: Entry) -> None:
        """Raises SettingsError with what is wrong with it."""
        import regex  # imported late: takes 20 ms, and few users have an expression

        self.entry = entry
        self.is_slow = False
        try:
            self._pattern: Any = regex.compile(entry.word, cache_pattern=False)
            # With an empty alternative, to check that the groups `spoken` refers to exist.
            with contextlib.suppress(TimeoutError):
                nothing = regex.compile(f"{entry.word}\n|", cache_pattern=False).match("", timeout=MAX_EXPRESSION_S)
                if nothing:
                    nothing.expand(entry.spoken)
        except Exception as error:  # the library raises more kinds than it documents
            sentence = translate("reader", "“{word}” can't be used as an expression: {why}.")
            raise SettingsError(sentence.format(word=foreign.shown(entry.word), why=_reason(error))) from error

    def find(self, text: str, limit_s: float = MAX_EXPRESSION_S) -> list[_Edit] | None:
        """Return all its matches in a text; None if searching takes longer than `limit_s`."""
        found: list[_Edit] = []
        added = 0
        until_s = time.thread_time() + limit_s
        try:
            for match in self._pattern.finditer(text, timeout=limit_s):
                if match.end() > match.start() and added <= _MAX_ADDED_CHARS:
                    edit = _Edit(match.start(), match.end(), match.expand(self.entry.spoken))
                    added += len(edit.said)
                    found.append(edit)
                if time.thread_time() > until_s:
                    raise TimeoutError
        except Exception:  # the time limit, or whatever else the library raises: it would fail again
            self.is_slow = True
            return None
        return found


def _reason(error: Exception) -> str:
    if isinstance(error, IndexError):  # from a group that `spoken` refers to
        return translate("reader", "it refers to a group that does not exist")
    told = str(getattr(error, "msg", ""))
    reason = next((translate("reader", text) for begin, text in _REASONS.items() if told.startswith(begin)), "")
    reason = reason or foreign.shown(told) or translate("reader", "this is not a regular expression")
    position = getattr(error, "pos", None)
    if not isinstance(position, int):
        return reason
    place = translate("reader", "{why} (character {position})")
    return place.format(why=reason, position=position + 1)


class _Words:
    """The words and parts of a list, indexed by their letters."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(_folded(entry.word), []).append(entry)
        lengths: dict[str, set[int]] = {}
        for word in self._entries:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, text: str, taken: Sequence[_Edit], is_due: Callable[[Entry], bool]) -> Iterator[_Edit]:
        """Yield the matches that are due, in the gaps between the ordered `taken`."""
        if not self._lengths:
            return
        folded = _folded(text)
        at = 0
        for end, after in [*((edit.start, edit.end) for edit in taken), (len(text), len(text))]:
            while at < end:
                entry = self._entry_at(text, folded, at, end, is_due)
                if entry:
                    yield _Edit(at, at + len(entry.word), entry.spoken)
                at += len(entry.word) if entry else 1
            at = after

    def _entry_at(self, text: str, folded: str, at: int, end: int, is_due: Callable[[Entry], bool]) -> Entry | None:
        """The longest entry that matches at `at`."""
        for length in self._lengths.get(folded[at], ()):
            entries = self._entries.get(folded[at : at + length]) if at + length <= end else None
            fitting = [entry for entry in entries or () if is_due(entry) and _is_meant(entry, text, at)]
            if fitting:
                return max(fitting, key=lambda entry: _rank(entry, text[at : at + length]))
        return None


def _folded(text: str) -> str:
    """In lower case and with plain signs; each character keeps its position."""
    if text.isascii():
        return text.lower()
    return "".join(low if len(low := c.lower()) == 1 else c for c in text).translate(_ALIKE)


def _is_meant(entry: Entry, text: str, at: int) -> bool:
    end = at + len(entry.word)
    found = text[at:end]
    has_capitals = entry.word != entry.word.lower()
    if has_capitals and found.translate(_ALIKE) not in (w.translate(_ALIKE) for w in (entry.word, entry.word.upper())):
        return False
    if entry.kind is Kind.PART:
        return True
    return not (_is_within(text, at) or _is_within(text, end))


def _is_within(text: str, at: int) -> bool:
    """Whether the position is inside a word. Never so in scripts without spaces."""
    if not 0 < at < len(text):
        return False
    before, behind = text[at - 1], text[at]
    return _is_of_word(before) and _is_of_word(behind) and UNSPACED.isdisjoint((script_of(before), script_of(behind)))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"


def _rank(entry: Entry, found: str) -> tuple[bool, bool, bool, bool]:
    """Higher for an entry that fits better."""
    return entry.word == found, bool(entry.voice), bool(entry.language), entry.kind is Kind.WORD


class Pronunciations:
    """A complete list, ready for use."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """`entries` were `checked`."""
        self.entries = tuple(entries)
        self._expressions = [_Expression(entry) for entry in self.entries if entry.kind is Kind.EXPRESSION]
        self._words = _Words(entry for entry in self.entries if entry.kind is not Kind.EXPRESSION)
        self._untold: list[str] = []

    def said(self, text: str, voice: Voice, besides: Voice | None = None) -> Traced:
        """`text` as that voice should get it. Never raises, and never empties a text of its meaning.

        `besides` is the voice of the sentence the text is part of: entries that also apply to that voice are already
        done.
        """
        if not self.entries:
            return untouched(text)

        def is_due(entry: Entry) -> bool:
            return entry.is_for(voice) and not (besides and entry.is_for(besides))

        edits = self._by_expressions(text, is_due)
        edits = [*edits, *self._words.find(text, edits, is_due)]
        edits = _limited(sorted(edits, key=lambda edit: edit.start))
        if not edits:
            return untouched(text)
        done = replaced(text, [(edit.start, edit.end, edit.said) for edit in edits])
        return done if is_speakable(done.text) or not is_speakable(text) else untouched(text)

    def take_problems(self) -> list[str]:
        """What the user should know about the list, a sentence each, reported once."""
        untold, self._untold = self._untold, []
        return untold

    def _by_expressions(self, text: str, is_due: Callable[[Entry], bool]) -> list[_Edit]:
        edits: list[_Edit] = []
        until_s = time.thread_time() + _MAX_ALL_S
        for expression in self._expressions:
            if expression.is_slow or not is_due(expression.entry):
                continue
            if time.thread_time() > until_s:  # slowed down by others, which will not be tried again
                break
            found = expression.find(text)
            if found is None:
                self._untold.append(_too_slow(expression.entry))
            edits = _with(edits, found or [])
        return edits


def _with(taken: list[_Edit], found: list[_Edit]) -> list[_Edit]:
    """Both, in order, without those in `found` that overlap with `taken`."""
    both = sorted([*((e.start, 0, e) for e in taken), *((e.start, 1, e) for e in found)], key=lambda one: one[:2])
    kept: list[_Edit] = []
    next_taken = iter([*taken, None])
    ahead = next(next_taken)  # the first taken edit that does not lie before this one
    for start, is_new, edit in both:
        while ahead and ahead.start < start:
            ahead = next(next_taken)
        is_free = (not kept or kept[-1].end <= start) and (not ahead or edit.end <= ahead.start)
        if not is_new or is_free:
            kept.append(edit)
    return kept


def _limited(edits: Iterable[_Edit]) -> list[_Edit]:
    """The edits that keep the text within the length limit."""
    kept: list[_Edit] = []
    added = 0
    for edit in edits:
        more = len(edit.said) - (edit.end - edit.start)
        if added + more <= _MAX_ADDED_CHARS:
            added += more
            kept.append(edit)
    return kept
