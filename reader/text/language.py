"""Which language a part of a text is in, so that the right voice reads it.

A script that only one language here is written in decides by itself. Between the others `likeness.py` judges, and what
is expected (the user's language, or that of the text around) is believed unless enough speaks against it: more where
the text looks like code, names or a list than where it looks like a sentence.

What was compared, on one sentence at a time of translated programs in 40 languages (`python -m tests.bench.languages`):
CLD2 has 5.5 of 100 wrong, py3langid 2.1, and likeness.py, which is made from it, 1.7. lingua has 4.9 and takes 1.2 GB,
langidentify 3.5 (1.0 in the languages it has) and takes 0.6 GB, eld 6.7. CLD2, gcld3 and fastText are C++ that
foreign text must not meet in the process that has the keys.
"""

from __future__ import annotations

import math
import re

from reader.text.likeness import likeness
from reader.text.script import script_of

# The language to take a script for where the detector says nothing.
SCRIPT_LANGUAGES = {
    "Arabic": "ar", "Armenian": "hy", "Bengali": "bn", "Cherokee": "chr", "Cjk": "zh", "Cyrillic": "ru",
    "Devanagari": "hi", "Ethiopic": "am", "Georgian": "ka", "Greek": "el", "Gujarati": "gu",
    "Gurmukhi": "pa", "Hangul": "ko", "Hebrew": "he", "Kana": "ja", "Kannada": "kn", "Malayalam": "ml",
    "Myanmar": "my", "Oriya": "or", "Sinhala": "si", "Tamil": "ta", "Telugu": "te", "Thai": "th",
}  # fmt: skip
# What one voice reads, or nobody can tell by a sentence.
_SAME = {"no": "nb", "nn": "nb", "bs": "hr"}
# Few write them, and each is like another that many write: less is said in them than short texts look like.
_SELDOM = frozenset({"af", "cy", "eo", "ga", "gd", "gl", "lb", "ms", "mt"})
_SELDOM_ODDS = -0.3
# What speaks for the expected language from the start (see `likeness`): in sentences, and in everything else.
_EXPECTED_ODDS, _EXPECTED_ODDS_ELSEWHERE = 0.8, 2.2
# A sentence has so many words, or two and a stop; and of its characters so many are letters or spaces.
_SENTENCE_WORDS, _SENTENCE_LETTERS = 4, 0.9
_STOPS = (".", "!", "?", "…")
# With fewer letters a text is not judged.
_TOO_SHORT_LETTERS = 12
_SAMPLE_CHARS = 400
_RUBBISH = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff]")
# A sign of these scripts says as much as so many Latin letters.
_SIGNS, _LETTERS_IN_A_SIGN = frozenset({"Cjk", "Kana", "Hangul"}), 3


def detect(text: str, expected: str = "en") -> str:
    """The ISO 639-1 code of the language of `text`; `expected` where not enough speaks against it.

    Pure but for the model, which the first call loads (`likeness.load`). Takes at most a millisecond; never raises.
    """
    sample = text[:_SAMPLE_CHARS]
    letters = sum(map(str.isalpha, sample))
    script = _main_script(sample) if letters else ""
    if not letters or _RUBBISH.search(sample) or script not in ("Latin", *SCRIPT_LANGUAGES):
        return expected
    likely = expected if _is_written_in(expected, script) else SCRIPT_LANGUAGES.get(script, "en")
    possible = _ALSO_IN.get(script, ())
    if letters < _TOO_SHORT_LETTERS or not (possible or script == "Latin"):
        return likely
    is_sentence = script != "Latin" or _is_sentence(sample, letters)
    odds = _EXPECTED_ODDS if is_sentence else _EXPECTED_ODDS_ELSEWHERE
    if script != "Latin" and likely != expected:
        odds = 0.0
    found: dict[str, float] = {}
    for language, score in likeness(sample).items():
        if _is_written_in(language, script):
            one = language if language == expected else _SAME.get(language, language)
            prior = odds if one == likely else _SELDOM_ODDS if one in _SELDOM else 0.0
            found[one] = max(score + prior, found.get(one, -math.inf))
    if likely not in found and not is_sentence:
        return likely
    return max(found, key=found.__getitem__, default=likely)


def _is_sentence(sample: str, letters: int) -> bool:
    spaces = sample.count(" ")
    has_words = spaces + 1 >= (2 if sample.endswith(_STOPS) else _SENTENCE_WORDS)
    return has_words and letters + spaces >= _SENTENCE_LETTERS * len(sample)


def scripts_of(language: str) -> frozenset[str]:
    """The scripts a voice of `language` can say. All of them spell or say Latin letters."""
    own = {script for script, code in SCRIPT_LANGUAGES.items() if code == language}
    own |= {script for script, codes in _ALSO_IN.items() if language in codes}
    return frozenset(own | {"Latin"})


def _main_script(sample: str) -> str:
    """The script most letters of the sample are in; kana make a text Japanese that is not mainly in Latin letters."""
    if sample.isascii():
        return "Latin"
    counts: dict[str, int] = {}
    for char in sample:
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
