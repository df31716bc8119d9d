"""Which language a part of a text is in, so that the right voice reads it.

A script that only one language here is written in decides by itself. Between the others `likeness.py` judges, and what
is expected (the user's language, or that of the text around) is believed unless enough speaks against it: more where
the text looks like code, names or a list than where it looks like a sentence.

What was compared, on texts of packaged translations in 24 languages (`python -m tests.bench.languages`): of short
sentences, py3langid has 4.6 of 100 wrong, CLD2 8.9, and this half as many; of texts of two words 21.5 and 18.7. lingua
takes 1.2 GB, langidentify 0.6 GB. CLD2, gcld3 and fastText are C++ that foreign text must not meet in the process that
has the keys. likeness.py is made from py3langid; vocabulary.py adds what it does not know: whole words.
"""

from __future__ import annotations

import importlib.resources
import math
import re
import tomllib
from functools import cache

from reader.text import vocabulary
from reader.text.likeness import likeness
from reader.text.script import script_of

# The language to take a script for where the detector says nothing.
SCRIPT_LANGUAGES = {
    "Arabic": "ar", "Armenian": "hy", "Bengali": "bn", "Cherokee": "chr", "Cjk": "zh", "Cyrillic": "ru",
    "Devanagari": "hi", "Ethiopic": "am", "Georgian": "ka", "Greek": "el", "Gujarati": "gu",
    "Gurmukhi": "pa", "Hangul": "ko", "Hebrew": "he", "Kana": "ja", "Kannada": "kn", "Malayalam": "ml",
    "Myanmar": "my", "Oriya": "or", "Sinhala": "si", "Tamil": "ta", "Telugu": "te", "Thai": "th",
}  # fmt: skip
# What one voice reads, or what can't be told apart by a sentence.
_SAME = {"no": "nb", "nn": "nb", "bs": "hr"}
# Few write them, and each is like another that many write: less is said in them than short texts look like.
_SELDOM = frozenset({"af", "cy", "eo", "ga", "gd", "gl", "lb", "mk", "ms", "mt"})
_SELDOM_ODDS = -0.3
# What speaks for the expected language from the start (see `likeness`): in sentences, in a few words, and elsewhere.
_EXPECTED_ODDS, _EXPECTED_ODDS_IN_WORDS, _EXPECTED_ODDS_ELSEWHERE = 0.8, 2.0, 2.2
# A sentence has at least this many words, or two and a full stop; and this share of letters and spaces.
_SENTENCE_WORDS, _SENTENCE_LETTERS = 4, 0.9
_STOPS = (".", "!", "?", "…")
# With fewer letters, in fewer words, a text is not judged.
_TOO_SHORT_LETTERS, _FEWEST_WORDS = 12, 2
_SAMPLE_CHARS = 400
# In texts with fewer letters the words count; a longer one has its own likeness.
_FEW_LETTERS = 80
# A word as people write it, which a name in a program is not.
_PLAIN_WORD = re.compile(r"\w[^A-ZÀ-ÖØ-Þ]+|[A-ZÀ-ÖØ-Þ'’]{2,}")
_ADDRESS = re.compile(r"[^\s@]*@\S*|\w+://\S*|www\.\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_RUBBISH = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff]")
_NOT_LATIN_LETTERS = re.compile(r"[\u0370-\u1dff\u2c00-\ud7ff\uf900-\ufdff]+")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_ROMAN = re.compile(r"\b[IVXLCDM]+\b")
_FORMULA = re.compile(r"\w\s?[=+≤≥≈≠×÷√∑^]\s?\w")
_QUOTED = re.compile(r"[“\"][^“”\"]{2,200}[”\"]")
_FOREIGN_WORD = re.compile(r"\w*[^\W\x00-\x7f][\w'’]*")
_POSSESSIVE = re.compile(r"[^\W\d_][’']s\b")
# A name has no more words than this, and may have these, which are words elsewhere.
_MOST_NAMES = 4
_PARTICLES = frozenset(
    {"são", "señor", "señora", "don", "el", "la", "los", "las", "de", "le", "van", "von", "den", "der", "du"}
)
# What English has borrowed with letters that it has not.
_BORROWED = frozenset(
    {
        "jalapeño", "jalapeños", "piñata", "piñatas", "smörgåsbord", "über", "doppelgänger", "doppelgängers", "señor",
        "señorita", "mañana", "niño", "vicuña", "façade", "décolletage", "pâté", "führer", "kümmel", "schön", "crème",
        "fraîche", "brûlée", "à", "la", "carte", "pièce", "de", "résistance", "déjà", "vu", "coup", "tête", "entrée",
    }
)  # fmt: skip
# A character of these scripts says as much as this many Latin letters.
_SIGNS, _LETTERS_IN_A_SIGN = frozenset({"Cjk", "Kana", "Hangul"}), 3

# Of words that many use: so many of one language, and so many times those of any other.
_SURE_WORDS = 2.0


def load() -> None:
    """Have the frequent words ready. On any thread."""
    _languages_of_words()


def detect(text: str, expected: str = "en") -> str:
    """The ISO 639-1 code of the language of `text`; `expected` where not enough speaks against it.

    Pure but for the model, which the first call loads (`likeness.load`). Takes at most a millisecond; never raises.
    """
    sample = text[:_SAMPLE_CHARS]
    whole = sample
    if "@" in sample or "://" in sample or "www." in sample:
        sample = _ADDRESS.sub(" ", sample)
    letters = sum(map(str.isalpha, sample))
    script = _main_script(sample) if letters else ""
    if script in ("Latin", "Cyrillic") and not sample.isascii():
        sample = (_NOT_LATIN_LETTERS if script == "Latin" else _LATIN_WORD).sub(" ", sample)
    if not letters or _RUBBISH.search(sample) or script not in ("Latin", *SCRIPT_LANGUAGES):
        return expected
    likely = expected if _is_written_in(expected, script) else SCRIPT_LANGUAGES.get(script, "en")
    told = languages_of_letters(sample) if script in ("Latin", "Cyrillic") else frozenset()
    if likely == "en" and script == "Latin":
        sample = _without_foreign(sample)
        if not sample:
            return likely
        told = languages_of_letters(sample)
    elif script == "Latin" and _is_name_alone(sample):
        return likely
    if told and likely not in told and script == "Latin" and letters < _FEW_LETTERS:
        sample = _without_names(sample, likely, told)
        if not sample:
            return likely
    return _judged(sample, whole, script, likely, expected)


def _without_foreign(sample: str) -> str:
    """What there is to judge if an English text has names, borrowed words and quotations in it; "" for nothing else.

    English has no letters with accents of its own, so words with some say little where plain ones speak for it.
    """
    if '"' in sample or "“" in sample:
        rest = _QUOTED.sub(" ", sample)
        if sum(map(str.isalpha, rest)) >= _TOO_SHORT_LETTERS:
            sample = rest
    words = _WORD.findall(sample)
    if _may_be_name(sample, words):
        return "" if _is_name(words) or _POSSESSIVE.search(sample) else sample
    if sample.isascii() or "¿" in sample or "¡" in sample:
        return sample
    foreign = [word for word in words if not word.isascii()]
    if len(words) == 1:
        return "" if words[0].lower() in _BORROWED else sample
    if all(word.lower() in _BORROWED for word in words):
        return ""
    rest = _FOREIGN_WORD.sub(" ", sample)
    counts = _words_of(rest)
    has_own = counts.get("en", 0.0) >= max(1.0, *counts.values(), 0.0) or _POSSESSIVE.search(sample) is not None
    has_names = all(word[0].isupper() for word in foreign)
    if len(words) <= _MOST_NAMES and not has_own:
        known_in = vocabulary.odds([word for word in _WORD.findall(rest) if word.lower() not in _PARTICLES])
        is_english = known_in.get("en", 0.0) >= max(known_in.values(), default=0.0)
        has_names = has_names and is_english and vocabulary.are_names(foreign)
    if (has_own and len(foreign) * 2 <= len(words)) or has_names:
        scores = likeness(rest)
        if scores.get("en", -math.inf) + _EXPECTED_ODDS >= max(scores.values(), default=math.inf):
            return rest
    return sample


def _judged(sample: str, whole: str, script: str, likely: str, expected: str) -> str:  # noqa: C901 - one judgement
    """What is in `script`, without names and addresses; `whole` is it with them."""
    letters = sum(map(str.isalpha, sample))
    possible = _ALSO_IN.get(script, ())
    told = languages_of_letters(sample) if script in ("Latin", "Cyrillic") else frozenset()
    if told and likely not in told and _is_short_or_full(sample, letters):
        scores, of_words = likeness(sample), vocabulary.odds(_WORD.findall(sample))
        for one, count in _words_of(sample).items():
            of_words[one] = of_words.get(one, 0.0) + count
        likely = max(sorted(told), key=lambda of: scores.get(of, -math.inf) + of_words.get(_same(of), 0.0))
        return likely if likely in scores or len(told) == 1 else expected
    if not (possible or script == "Latin"):
        return likely
    words = _WORD.findall(sample)
    if letters < _TOO_SHORT_LETTERS and sum(len(word) > 2 for word in words) < _FEWEST_WORDS:
        return _by_words(sample, _words_of(sample), likely)
    if letters < _SHORT_LETTERS and not _words_of(sample) and _FORMULA.search(whole):
        return likely
    are_words = letters + whole.count(" ") >= _SENTENCE_LETTERS * len(whole.rstrip(".…"))
    has_judged_words = letters < _FEW_LETTERS and sample is whole and are_words and not _are_many_names(words)
    known = vocabulary.odds([word for word in words if _PLAIN_WORD.fullmatch(word)]) if has_judged_words else {}
    is_sentence = script != "Latin" or (are_words and _has_words_of_sentence(whole))
    odds = _EXPECTED_ODDS if is_sentence else _EXPECTED_ODDS_IN_WORDS if known else _EXPECTED_ODDS_ELSEWHERE
    if script != "Latin" and likely != expected:
        odds = 0.0
    found: dict[str, float] = {}
    for language, score in likeness(sample).items():
        if _is_written_in(language, script):
            one = language if language == expected else _SAME.get(language, language)
            prior = odds if one == likely else _SELDOM_ODDS if one in _SELDOM else 0.0
            found[one] = max(score + prior, found.get(one, -math.inf))
    for language in found:
        found[language] += known.get(language, 0.0)
    if likely not in found and not is_sentence:
        return likely
    return max(found, key=found.__getitem__, default=likely)


def _same(language: str) -> str:
    """What a language counts as."""
    return _SAME.get(language, language)


@cache
def _languages_of_words() -> dict[str, frozenset[str]]:
    source = importlib.resources.files("resources").joinpath("languages/words.toml")
    found: dict[str, frozenset[str]] = {}
    for language, words in tomllib.loads(source.read_text(encoding="utf-8")).items():
        for word in words.split():
            found[word] = found.get(word, frozenset()) | {language}
    return found


def _words_of(sample: str) -> dict[str, float]:
    """How many words of the sample each language has among its most frequent; those of several count less."""
    known = _languages_of_words()
    counts: dict[str, float] = {}
    for word in set(_WORD.findall(sample.lower())):
        languages = known.get(word, frozenset())
        for language in languages:
            counts[language] = counts.get(language, 0.0) + 1 / len(languages)
    return counts


def _by_words(sample: str, counts: dict[str, float], likely: str) -> str:
    """Of very few letters: the language that has most of the words, and no other one has."""
    best = max(counts, key=counts.__getitem__, default=likely)
    words = {word.lower() for word in _WORD.findall(sample)}
    known = [word for word in words if best in _languages_of_words().get(word, ())]
    has_word = any(len(word) > 2 - (not word.isascii()) for word in known)
    count, own = counts.get(best, 0.0), counts.get(likely, 0.0)
    is_told = has_word and len(words) > 1 and len(known) * 2 >= len(words) and count >= max(1.0, own and own + 1)
    return best if is_told else likely


def is_surely(sentence: str, language: str) -> bool:
    """Whether its frequent words leave no doubt, which takes a tenth of the time of `detect`."""
    counts = _words_of(sentence)
    own = counts.pop(_same(language), 0.0)
    return own >= _SURE_WORDS and own >= _SURE_WORDS * max(counts.values(), default=0.0)


def detect_short(text: str, expected: str) -> str:
    """As `detect`, for a short sentence among others: only words that many use speak against `expected`."""
    if not text.isascii() and _main_script(text) != "Latin":
        return expected
    return _by_words(text, _words_of(text), expected)


def languages_of_letters(sample: str) -> frozenset[str]:
    """The languages whose letters they are, by those that few have; none where there are no such letters."""
    told: frozenset[str] = frozenset()
    for letter in _TELLING.findall(sample.lower()):
        found = _LETTERS[letter]
        told = (told & found if told else found) or told
    return told


def _without_names(sample: str, likely: str, told: frozenset[str]) -> str:
    """What there is to judge if words with foreign letters are names; "" if there is nothing else."""
    if _are_names(sample, likely, told):
        return ""
    words = _words_of(sample)
    if words.get(likely, 0.0) >= 1 > max(words.get(one, 0.0) for one in told):
        return _NAME.sub(" ", sample)  # in a sentence of the likely language
    return sample


def _are_names(sample: str, likely: str, told: frozenset[str]) -> bool:
    """Whether these are names that a text of any language may have: in capitals, but for words of the likely one."""
    words = _WORD.findall(sample)
    if _are_in_capitals(words):
        return _is_name(words)
    known = _languages_of_words()
    has_own = False
    for word in words:
        languages = known.get(word.lower(), frozenset())
        if likely in languages and not told & languages:
            has_own = True
        elif not word[0].isupper() or told & languages:
            return False
    return has_own or not _RARE.search(sample.lower())


def _are_in_capitals(words: list[str]) -> bool:
    """Whether they begin with capitals, and may be a name."""
    return 1 < len(words) <= _MOST_NAMES and all(word[0].isupper() or word in _PARTICLES for word in words)


def _may_be_name(sample: str, words: list[str]) -> bool:
    is_sentence = sample.rstrip().endswith(_STOPS) or "¿" in sample or "¡" in sample
    return not is_sentence and _are_in_capitals(words)


def _is_name(words: list[str]) -> bool:
    """Whether words that begin with capitals are a name, and no title."""
    return vocabulary.are_names([word for word in words if word.lower() not in _PARTICLES])


def _is_name_alone(sample: str) -> bool:
    """Whether a text is a name and nothing else, and no English title."""
    words = _WORD.findall(sample)
    return _may_be_name(sample, words) and _is_name(words) and not vocabulary.has_word_of(words, "en")


def _are_many_names(words: list[str]) -> bool:
    """Whether all words begin with a capital: a person's name or a title, whose words are no language's."""
    return len(words) > _FEWEST_WORDS and all(word[0].isupper() for word in words)


def _is_short_or_full(sample: str, letters: int) -> bool:
    """Whether telling letters decide: in few words, which nothing else tells much of, or where they are many."""
    words = sample.split()
    telling = sum(_TELLING.search(word.lower()) is not None for word in words)
    return (letters < _SHORT_LETTERS and telling * 3 >= len(words)) or telling * 4 >= len(words)


def _has_words_of_sentence(text: str) -> bool:
    return text.count(" ") + 1 >= (2 if text.endswith(_STOPS) else _SENTENCE_WORDS)


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
    for char in _ROMAN.sub("", sample):
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


# Letters that few languages have. A name may have one in any text, so they decide in short ones only.
_SHORT_LETTERS = 40
_LETTERS: dict[str, frozenset[str]] = {
    letter: frozenset(languages.split())
    for letters, languages in (
        ("ß", "de"), ("ñ¿¡", "es"), ("ğ", "tr"), ("ı", "tr"), ("ş", "tr ro"), ("łźżśń", "pl"), ("ęą", "pl lt"),
        ("řůě", "cs"), ("ľĺŕ", "sk"), ("őű", "hu"), ("ãõ", "pt"), ("țţșă", "ro"), ("đ", "hr vi"), ("å", "sv nb da no"),
        ("ø", "nb da no"), ("äö", "de sv fi et hu sk tr"), ("ü", "de tr hu et es"), ("œ", "fr"), ("ģķļņ", "lv"),
        ("ėįų", "lt"), ("ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "vi"), ("ÿ", "fr"), ("þð", "is"),
        ("іїєґ", "uk be kk"), ("їєґ", "uk"), ("ў", "be"), ("ы", "ru be kk ky mn"), ("ђјљњћџ", "sr mk"), ("ѓќѕ", "mk"),
        ("ө", "mn ky kk"), ("әұңғқһ", "kk"), ("ќ", "mk"),
    )
    for letter in letters
}  # fmt: skip
# Letters that few can read who don't know their language; the others are in names everywhere.
_RARE = re.compile("[ßğışţłźżśńęąřůěľĺŕőűțșăđœģķļņėįųþð¿¡ạ-ỹơư]")
_NAME = re.compile(
    f"(?<!\\w)[A-ZÀ-Þ\u0100-\u017f]\\w*[{''.join(one for one in _LETTERS if one.isalpha())}áéíóúčšžàèâêîôç]\\w*"
)
_TELLING = re.compile(f"[{''.join(_LETTERS)}]")
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
