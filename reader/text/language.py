"""Detects the language of a piece of text, so that the right voice reads it.

A script used by only one supported language decides by itself. Between the others `likeness.py` judges. The expected
language (the user's, or that of the surrounding text) is kept unless enough speaks against it: more is needed for
text that looks like code, names or a list than for a sentence.

Alternatives, compared on packaged translations in 24 languages (`python -m tests.bench.languages`): of 100 short
sentences, py3langid gets 4.6 wrong, CLD2 8.9, and this 2.0; of texts of two words, 21.5, 18.7 and 8.5. lingua
takes 1.2 GB, langidentify 0.6 GB. CLD2, gcld3 and fastText are C++, which must not process untrusted text in the
process that holds the keys. likeness.py is derived from py3langid; vocabulary.py and frequent_words.py add what it
lacks: whole words.
"""

from __future__ import annotations

import math
import re

from reader.text import frequent_words, names, vocabulary
from reader.text.frequent_words import WORD
from reader.text.letters import TELLING, languages_of_letters
from reader.text.likeness import likeness
from reader.text.names import STOPS
from reader.text.script import script_of

# The language to assume for a script when the detector gives no answer.
SCRIPT_LANGUAGES = {
    "Arabic": "ar", "Armenian": "hy", "Bengali": "bn", "Cherokee": "chr", "Cjk": "zh", "Cyrillic": "ru",
    "Devanagari": "hi", "Ethiopic": "am", "Georgian": "ka", "Greek": "el", "Gujarati": "gu",
    "Gurmukhi": "pa", "Hangul": "ko", "Hebrew": "he", "Kana": "ja", "Kannada": "kn", "Malayalam": "ml",
    "Myanmar": "my", "Oriya": "or", "Sinhala": "si", "Tamil": "ta", "Telugu": "te", "Thai": "th",
}  # fmt: skip
# Languages read by one voice, or that a single sentence can't tell apart.
_SAME = {"no": "nb", "nn": "nb", "bs": "hr"}
# Languages whose titles have a single capital, as sentences do, even in programs translated from English.
_SMALL_TITLES = frozenset({"bs", "et", "fi", "hr", "hu", "lt", "lv", "pl", "ro", "sk", "sl", "sq", "sr"})
# Rare languages, each similar to a common one: short texts look like them more often than they are.
_SELDOM = frozenset({"af", "cy", "eo", "ga", "gd", "gl", "lb", "mk", "ms", "mt"})
_SELDOM_ODDS = -0.3
# Head start of the expected language (see `likeness`): in sentences, in a few words, and elsewhere.
_EXPECTED_ODDS, _EXPECTED_ODDS_IN_WORDS, _EXPECTED_ODDS_ELSEWHERE = 0.8, 2.0, 2.2
# A sentence has at least this many words, or two and a full stop; and this share of letters and spaces.
_SENTENCE_WORDS, _SENTENCE_LETTERS = 4, 0.9
# With a smaller share it is a listing, a table or code.
_FEWEST_OF_WORDS = 0.7
# Texts with both fewer letters and fewer words than this are not judged.
_TOO_SHORT_LETTERS, _FEWEST_WORDS = 12, 2
_SAMPLE_CHARS = 400
# Names in any text may have foreign letters, so those decide only in texts with fewer letters than this.
_SHORT_LETTERS = 40
# Below this many letters, words count; a longer text is judged by its likeness.
_FEW_LETTERS = 80
# A word as people write it, unlike an identifier in a program.
_PLAIN_WORD = re.compile(r"\w[^A-ZÀ-ÖØ-Þ]+|[A-ZÀ-ÖØ-Þ'’]{2,}")
_ADDRESS = re.compile(r"[^\s@]*@\S*|\w+://\S*|www\.\S*")
_RUBBISH = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff]")
_NOT_LATIN_LETTERS = re.compile(r"[\u0370-\u1dff\u2c00-\ud7ff\uf900-\ufdff]+")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_LATIN_NAME = re.compile(r"(?<![A-Za-z])[a-z]?[A-Z][A-Za-z]*")
_ROMAN = re.compile(r"\b[IVXLCDM]+\b")
_GREEK_SIGN = re.compile(r"(?<![\u0370-\u03ff])[\u0370-\u03ff](?![\u0370-\u03ff])")  # “π r²”
_FORMULA = re.compile(r"\w\s?[=+≤≥≈≠×÷√∑^]\s?\w")
# A character of these scripts says as much as this many Latin letters.
_SIGNS, _LETTERS_IN_A_SIGN = frozenset({"Cjk", "Kana", "Hangul"}), 3
# How much words speak for a language by chance, per word; and the lead that settles it for one without a word list.
_WORDS_BY_CHANCE, _CLEAR_ODDS = 2.5, 4.5

# A sure language has at least this many common words, and this many times those of any other.
_SURE_WORDS = 2.0


def detect(text: str, expected: str = "en") -> str:
    """Return the ISO 639-1 code of the language of `text`, or `expected` if there is too little against it.

    Pure except for the model, which the first call loads (`likeness.load`). Takes at most a millisecond; never
    raises.
    """
    sample = text[:_SAMPLE_CHARS]
    whole = sample
    if "@" in sample or "://" in sample or "www." in sample:
        sample = _ADDRESS.sub(" ", sample)
    letters = sum(map(str.isalpha, sample))
    script = _main_script(sample, expected) if letters else ""
    if script in ("Latin", "Cyrillic") and not sample.isascii():
        sample = (_NOT_LATIN_LETTERS if script == "Latin" else _LATIN_WORD).sub(" ", sample)
    if not letters or _RUBBISH.search(sample) or script not in ("Latin", *SCRIPT_LANGUAGES):
        return expected
    likely = expected if _is_written_in(expected, script) else SCRIPT_LANGUAGES.get(script, "en")
    if script == "Latin" and likely == expected and is_surely(sample, likely):
        return likely
    if script == "Latin":
        sample = _without_foreign(sample, likely, letters)
        sample = names.without_capitals(sample, likely)
        if not sample:
            return likely
    found = _judged(sample, whole, script, likely, expected)
    if found in _SMALL_TITLES and script == "Latin" and names.are_capitals_alone(whole):
        return likely  # a name, however much it looks like that language
    return found


def _without_foreign(sample: str, likely: str, letters: int) -> str:
    """The judgeable part of a text in Latin letters, without what may occur in any language; "" if there is none."""
    words = WORD.findall(sample)
    if len(words) == 1 and likely in vocabulary.odds(words):
        return ""  # a borrowed word
    if likely == "en":
        sample = names.without_foreign(sample, _EXPECTED_ODDS)
    elif names.is_name_alone(sample):
        return ""
    told = languages_of_letters(sample)
    if told and likely not in told and letters < _FEW_LETTERS:
        return names.without_names(sample, likely, told)
    return sample


def _judged(sample: str, whole: str, script: str, likely: str, expected: str) -> str:
    """The language of `sample`: the part in `script`, without names and addresses, which `whole` still has."""
    letters = sum(map(str.isalpha, sample))
    if script not in ("Latin", "Cyrillic"):
        letters = len("".join(sample.split()))  # Python does not count most Indic vowel signs as letters
    told = languages_of_letters(sample) if script in ("Latin", "Cyrillic") else frozenset()
    if told and likely not in told and _is_short_or_full(sample, letters):
        return _by_letters(sample, told, expected)
    if script != "Latin" and script not in _ALSO_IN:
        return likely
    words = WORD.findall(sample)
    if letters < _TOO_SHORT_LETTERS and sum(len(word) > 2 for word in words) < _FEWEST_WORDS:
        return _by_words(sample, likely)
    if letters < _SHORT_LETTERS and not frequent_words.counts(sample) and _FORMULA.search(whole):
        return likely
    if script == "Latin" and sum(map(str.isalpha, whole)) + whole.count(" ") < _FEWEST_OF_WORDS * len(whole):
        return likely
    are_words = letters + whole.count(" ") >= _SENTENCE_LETTERS * len(whole.rstrip(".…"))
    has_judged_words = letters < _FEW_LETTERS and sample is whole and are_words and not _are_many_names(words)
    known = vocabulary.odds([word for word in words if _PLAIN_WORD.fullmatch(word)]) if has_judged_words else {}
    is_sentence = script != "Latin" or (are_words and _has_words_of_sentence(whole))
    odds = _EXPECTED_ODDS if is_sentence else _EXPECTED_ODDS_IN_WORDS if known else _EXPECTED_ODDS_ELSEWHERE
    if script != "Latin" and likely != expected:
        odds = 0.0
    found = _likeness_in(script, sample, {**dict.fromkeys(_SELDOM, _SELDOM_ODDS), likely: odds}, expected)
    if likely not in found and not is_sentence:
        return likely
    if found and known and (clear := _clear_without_words(found, known, len(words))):
        return clear
    return max(found, key=lambda one: found[one] + known.get(one, 0.0), default=likely)


def _clear_without_words(found: dict[str, float], known: dict[str, float], words: int) -> str:
    """A language without a word list, if the text is clearly nearest to it and its words belong to no other."""
    best = max(found, key=found.__getitem__, default="")
    if best in vocabulary.languages() or max(known.values()) > _WORDS_BY_CHANCE * words:
        return ""
    rest = max((score for one, score in found.items() if one in vocabulary.languages()), default=-math.inf)
    return best if found[best] >= rest + _CLEAR_ODDS else ""


def _by_letters(sample: str, told: frozenset[str], expected: str) -> str:
    """Of the languages that its letters point to, the one that the sample looks most like."""
    scores, of_words = likeness(sample), vocabulary.odds(WORD.findall(sample))
    for one, count in frequent_words.counts(sample).items():
        of_words[one] = of_words.get(one, 0.0) + count
    best = max(sorted(told), key=lambda of: scores.get(of, -math.inf) + of_words.get(_same(of), 0.0))
    return best if best in scores or len(told) == 1 else expected


def _likeness_in(script: str, sample: str, priors: dict[str, float], expected: str) -> dict[str, float]:
    """How much the sample looks like each language of a script, added to their priors."""
    found: dict[str, float] = {}
    for language, score in likeness(sample).items():
        if _is_written_in(language, script):
            one = language if language == expected else _same(language)
            found[one] = max(score + priors.get(one, 0.0), found.get(one, -math.inf))
    return found


def _same(language: str) -> str:
    """The language that `language` counts as."""
    return _SAME.get(language, language)


def _by_words(sample: str, likely: str) -> str:
    """For very few letters: the language that has half of the words or more, if few others have them; else `likely`."""
    counts = frequent_words.counts(sample)
    best = max(counts, key=counts.__getitem__, default=likely)
    words = {word.lower() for word in WORD.findall(sample)}
    known = [word for word in words if best in frequent_words.languages_of(word)]
    has_word = any(len(word) > 2 - (not word.isascii()) for word in known)
    count, own = counts.get(best, 0.0), counts.get(likely, 0.0)
    is_told = has_word and len(words) > 1 and len(known) * 2 >= len(words) and count >= max(1.0, own and own + 1)
    return best if is_told else likely


def is_surely(sentence: str, language: str) -> bool:
    """Whether the sentence's frequent words leave no doubt; ten times faster than `detect`."""
    counts = frequent_words.counts(sentence)
    own = counts.pop(_same(language), 0.0)
    return own >= _SURE_WORDS and own >= _SURE_WORDS * max(counts.values(), default=0.0)


def detect_short(text: str, expected: str) -> str:
    """As `detect`, for a short sentence among others: only common words count against `expected`."""
    if not text.isascii() and _main_script(text, expected) != "Latin":
        return expected
    return _by_words(text, expected)


def _are_many_names(words: list[str]) -> bool:
    """Whether all words begin with a capital: a person's name or a title, whose words don't reveal the language."""
    capitals = [word[0].isupper() for word in words if word not in ("vs", "v")]
    return len(capitals) > _FEWEST_WORDS and all(capitals)


def _is_short_or_full(sample: str, letters: int) -> bool:
    """Whether distinctive letters decide: in a few words, where little else does, or where there are many of them."""
    words = sample.split()
    telling = sum(TELLING.search(word.lower()) is not None for word in words)
    return (letters < _SHORT_LETTERS and telling * 3 >= len(words)) or telling * 4 >= len(words)


def _has_words_of_sentence(text: str) -> bool:
    return text.count(" ") + 1 >= (2 if text.endswith(STOPS) else _SENTENCE_WORDS)


def scripts_of(language: str) -> frozenset[str]:
    """The scripts a voice of `language` can say. All voices spell or say Latin letters.

    Without a language, all scripts: the service does not say what its voices speak.
    """
    if not language:
        return frozenset({*SCRIPT_LANGUAGES, *_ALSO_IN, "Latin"})
    own = {script for script, code in SCRIPT_LANGUAGES.items() if code == language}
    own |= {script for script, codes in _ALSO_IN.items() if language in codes}
    return frozenset(own | {"Latin"})


def _main_script(sample: str, expected: str) -> str:
    """The script of most letters in the sample; kana make a text Japanese unless it is mainly in Latin letters.

    If another script is expected, names in Latin letters don't count.
    """
    if sample.isascii():
        return "Latin"
    if not _is_written_in(expected, "Latin"):
        sample = _LATIN_NAME.sub("", sample)
    counts: dict[str, int] = {}
    for char in _GREEK_SIGN.sub("", _ROMAN.sub("", sample)):
        if script := script_of(char):
            counts[script] = counts.get(script, 0) + (_LETTERS_IN_A_SIGN if script in _SIGNS else 1)
    kana, cjk = counts.get("Kana", 0), counts.get("Cjk", 0)
    if kana * 10 > cjk > 0 and kana + cjk > counts.get("Latin", 0):
        return "Kana"
    return max(counts, key=counts.__getitem__, default="")


def _is_written_in(language: str, script: str) -> bool:
    """Whether a text in `language` would use `script`."""
    if script == "Latin":
        return language not in _NOT_LATIN
    return language in _ALSO_IN.get(script, ()) or SCRIPT_LANGUAGES.get(script) == language


_ALSO_IN = {
    "Arabic": ("fa", "ur", "ps", "ckb", "sd", "ug", "ku"),
    "Bengali": ("as",),
    "Cyrillic": ("uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tt", "ba", "cv", "tg", "uz"),
    "Cjk": ("ja", "yue"),
    "Devanagari": ("mr", "ne", "sa", "kok"),
    "Ethiopic": ("ti", "om"),
    "Hebrew": ("yi",),
    "Kana": ("ja",),
}
_NOT_LATIN = (frozenset(SCRIPT_LANGUAGES.values()) | {code for codes in _ALSO_IN.values() for code in codes}) - {
    "sr", "uz", "kk", "ku", "om", "tt",
}  # fmt: skip
