"""Names, borrowed words and quotations, which may occur in a text of any language and say nothing of its own. Pure."""

from __future__ import annotations

import math
import re

from reader.text import vocabulary
from reader.text.frequent_words import WORD, counts, languages_of
from reader.text.letters import NAME, RARE, TELLING
from reader.text.likeness import likeness

STOPS = (".", "!", "?", "…")
# With fewer letters, the text around a quotation is not judged without it.
_FEWEST_LETTERS = 12
_QUOTED = re.compile(r"[“\"][^“”\"]{2,200}[”\"]")
_FOREIGN_WORD = re.compile(r"\w*[^\W\x00-\x7f][\w'’]*")
# Excludes the first word, which is capitalised in every sentence.
_CAPITAL_WORD = re.compile(r"(?<![.!?…]\s)(?<!\A)\b[^\W\d_a-zß-öø-ÿ][^\W\d_]+(?:['’][^\W\d_]+)?")
_CAPITAL_FIRST = re.compile(r"\A([^\W\d_]+)(?=\s[^\W\d_a-zß-öø-ÿ])")
# With this many capitalised words and this many others, the former may be names.
_MANY_CAPITALS, _FEWEST_OTHERS = 2, 3
_POSSESSIVE = re.compile(r"[^\W\d_][’']s\b")
# A name has no more words than this, and may include these, which are ordinary words elsewhere.
_MOST_NAMES = 4
_MOST_CAPITALS = 3
_PARTICLES = frozenset(
    {"são", "señor", "señora", "don", "el", "la", "los", "las", "de", "le", "van", "von", "den", "der", "du"}
)
# English loanwords that keep foreign letters.
_BORROWED = frozenset(
    {
        "jalapeño", "jalapeños", "piñata", "piñatas", "smörgåsbord", "über", "doppelgänger", "doppelgängers", "señor",
        "señorita", "mañana", "niño", "vicuña", "façade", "décolletage", "pâté", "führer", "kümmel", "schön", "crème",
        "fraîche", "brûlée", "à", "la", "carte", "pièce", "résumé", "résumés", "naïve", "naïveté", "café", "cafés",
        "cliché", "clichés", "fiancé", "fiancée", "protégé", "soufflé", "sauté", "exposé", "blasé", "passé", "risqué",
        "touché", "soirée", "matinée", "papier-mâché", "señores", "de", "résistance", "déjà", "vu", "coup", "tête",
        "entrée",
    }
)  # fmt: skip


def without_foreign(sample: str, expected_odds: float) -> str:
    """The judgeable part of an English text, without names, borrowed words and quotations; "" if nothing is left.

    English has no accented letters of its own, so words with accents count little if plain ones speak for English,
    with a head start of `expected_odds`.
    """
    if '"' in sample or "“" in sample:
        rest = _QUOTED.sub(" ", sample)
        if sum(map(str.isalpha, rest)) >= _FEWEST_LETTERS:
            sample = rest
    words = WORD.findall(sample)
    if _may_be_name(sample, words):
        return "" if _is_name(words) or _POSSESSIVE.search(sample) else sample
    if sample.isascii() or "¿" in sample or "¡" in sample:
        return sample
    foreign = [word for word in words if not word.isascii()]
    if len(words) == 1 and words[0].lower() not in _BORROWED:
        return sample
    if all(word.lower() in _BORROWED for word in words):
        return ""
    rest = _FOREIGN_WORD.sub(" ", sample)
    if _are_names_or_borrowed(foreign, words, rest, sample):
        scores = likeness(rest)
        if scores.get("en", -math.inf) + expected_odds >= max(scores.values(), default=math.inf):
            return rest
    return sample


def _are_names_or_borrowed(foreign: list[str], words: list[str], rest: str, sample: str) -> bool:
    """Whether an English text may well have these words with foreign letters, given the `rest` of it."""
    if not counts(rest) and all(word.lower() in _BORROWED for word in foreign):
        return True
    known = counts(rest)
    has_own = known.get("en", 0.0) >= max(1.0, *known.values(), 0.0) or _POSSESSIVE.search(sample) is not None
    has_names = all(word[0].isupper() for word in foreign)
    if len(words) <= _MOST_NAMES and not has_own:
        known_in = vocabulary.odds([word for word in WORD.findall(rest) if word.lower() not in _PARTICLES])
        is_english = known_in.get("en", 0.0) >= max(known_in.values(), default=0.0)
        has_names = has_names and is_english and vocabulary.are_names(foreign)
    return (has_own and len(foreign) * 2 <= len(words)) or has_names


def without_capitals(sample: str, likely: str) -> str:
    """A sentence without its capitalised words, if the others speak for the likely language.

    A name stays a name even if its words exist in another language: “Ion Luca Caragiale wrote plays.”
    """
    if len(_CAPITAL_WORD.findall(sample)) < _MANY_CAPITALS:
        return sample
    rest = _CAPITAL_WORD.sub(" ", sample)
    first = _CAPITAL_FIRST.match(sample)
    if first and likely not in languages_of(first[1].lower()):
        rest = rest[first.end() :]
    if len(rest.split()) < _FEWEST_OTHERS:
        return sample
    words = counts(rest)
    own = words.pop(likely, 0.0)
    if own < 1 or own <= max(words.values(), default=0.0):
        return sample
    known = vocabulary.odds(WORD.findall(rest))
    return rest if known.get(likely, 0.0) >= max(known.values(), default=0.0) else sample


def without_names(sample: str, likely: str, told: frozenset[str]) -> str:
    """The judgeable part, if words with foreign letters are names; "" if nothing else is left."""
    if _are_names(sample, likely, told):
        return ""
    words = counts(sample)
    if words.get(likely, 0.0) >= 1 > max(words.get(one, 0.0) for one in told):
        return NAME.sub(" ", sample)  # in a sentence of the likely language
    return sample


def _are_names(sample: str, likely: str, told: frozenset[str]) -> bool:
    """Whether these are names, possible in any language: capitalised, except for words of the likely one."""
    words = WORD.findall(sample)
    if _are_in_capitals(words):
        return _is_name(words)
    has_own = False
    for word in words:
        languages = languages_of(word.lower())
        if likely in languages and not told & languages:
            has_own = True
        elif not word[0].isupper() or told & languages:
            return False
    return has_own or not RARE.search(sample.lower())


def _are_in_capitals(words: list[str]) -> bool:
    """Whether the words are capitalised, and may be a name."""
    return 1 < len(words) <= _MOST_NAMES and all(word[0].isupper() or word in _PARTICLES for word in words)


def _may_be_name(sample: str, words: list[str]) -> bool:
    is_sentence = sample.rstrip().endswith(STOPS) or "¿" in sample or "¡" in sample
    return not is_sentence and _are_in_capitals(words)


def are_capitals_alone(sample: str) -> bool:
    """Whether a text is two or three capitalised words, with no letter that reveals a language."""
    words = WORD.findall(sample)
    return len(words) <= _MOST_CAPITALS and _may_be_name(sample, words) and not TELLING.search(sample.lower())


def _is_name(words: list[str]) -> bool:
    """Whether capitalised words are a name rather than a title."""
    return vocabulary.are_names([word for word in words if word.lower() not in _PARTICLES])


def is_name_alone(sample: str) -> bool:
    """Whether a text is just a name, and no English title."""
    words = WORD.findall(sample)
    return _may_be_name(sample, words) and _is_name(words) and not vocabulary.has_word_of(words, "en")
