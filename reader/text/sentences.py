"""Finds where sentences end.

Boundaries come from `sentencex` (Wikimedia: MIT, some 300 languages, Rust). False ones are rejected here: after an
abbreviation or a number within a sentence, before a lower-case letter, within brackets. Pure.
"""

from __future__ import annotations

import importlib.resources
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import sentencex

from reader.text.spoken.days import short_months

# The number or letter of a list item or heading, which sentencex takes for a sentence.
_ITEM_MARK = re.compile(
    r"(?:#{1,6}\s+)?(?:[•*◦▪·‣⁃-]\s*)?\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[IVX]{2,5}|[ivx]{2,4})[.)]\s*[`*_~]{0,3}\s*"
)
_LAST_WORD = re.compile(r"(?:[^\s(\[{“„«\"'’|/]+\s)?(?P<last>[^\s(\[{“„«\"'’|/]+)\.[\"'”’»)\]]*\s*\Z")
_LAST_TWO = re.compile(r"(?P<two>[^\W\d_]+\.[\s\u00a0]?(?:[^\W\d_]+\.[\s\u00a0]?)?[^\W\d_]+)\.\s*\Z")
_INITIAL = re.compile(r"(?:\A|[\s(.\"“]|\.-)[^\W\d_a-zß-öø-ÿ]\.\s*\Z")
_ORDINAL = re.compile(r"(?:\A|[\s(])(?:\d{1,2}|[IVXL]{1,6})\.\s*\Z")
_ORDINAL_LANGUAGES = frozenset(
    [
        "de",
        "da",
        "nb",
        "no",
        "nn",
        "fi",
        "cs",
        "sk",
        "hu",
        "pl",
        "hr",
        "sr",
        "sl",
        "bs",
        "et",
        "lv",
        "is",
        "tr",
        "eu",
        "lb",
    ]
)
# “W 1990 r.” at the beginning of a sentence.
_YEAR_FIRST = re.compile(r"\s*[^\W\d_]{1,3}\s(?:\w{1,4}\.\s)?\d{1,4}(?:[–-]\d{1,4})?\s[rргpг]{1,2}\.\s*")
# Not a word in any language: it belongs to a following number.
_WITHOUT_VOWEL = re.compile(r"(?:\A|[\s(])[b-df-hj-np-tv-xzбвгджзклмнпрстфхцчшщ]{1,5}\.\s*\Z")
_NUMBERED = re.compile(r"\s*(?:[\d§#+]|\(\d|[A-Z]\b(?!['’])|[IVX]+\b|(?:[ECMP][DS]?T|GMT|UTC|BST|CES?T|[IJ]ST)\b)")
# After “10 a.m.”.
_DAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Tod|Tom|Eas|Pac|Cen)")  # the rest may not have arrived yet
_HALF_OF_DAY = re.compile(r"\b[ap]\.m\.\s*\Z")
# Languages that use another's short forms; East Asian texts contain English ones.
_LIKE = {"no": "nb", "nn": "nb", "sk": "cs", "be": "ru", "bs": "hr", "mr": "hi", "ne": "hi", "ms": "id"}
_LIKE |= {"ja": "en", "zh": "en", "ko": "en"}
_NOUNS_ARE_LARGE = frozenset({"de", "lb", "tr"})  # or the thing counted is a name
_MONTH_LAST = re.compile(r"(?<!\d)\d{1,2}\.?º?\s(?:d[ei]\s)?(?P<month>[^\W\d_]{3,8})\.\s*\Z")
_YEAR_LAST = re.compile(r"(?<!\d)[12]\d{3}\.(?:\s?\d{1,2}\.)?\s*\Z")
_NUMBER_OF = re.compile(r"[^\W\d_]\.\s?\d{1,2}\.\s*\Z")  # “tab. 3.”
_DIGITS_LAST = re.compile(r"\d\.\s*\Z")
_OPEN = {"(": ")", "[": "]", "（": "）", "「": "」", "『": "』", "“": "”", "„": "“", "«": "»", "»": "«"}
# After quoted speech; in Chinese, the speaker.
_JA_GOES_ON = re.compile(r"\s*(?:と|って|は|が|を|に|の|も|で|など|から|まで)")
_SAID_ZH = re.compile(r"\s*[\u4e00-\u9fff]{1,4}[说說问問道喊答叫想](?=[。，：着了])")
# An open bracket is no longer expected to close after this many characters.
_BRACKET_CHARS = 300
# A quoted sentence this long counts as a sentence, even if the quotation goes on.
_LONG_QUOTE_CHARS = 40
# How much must follow before a sentence is known to be over, while text arrives.
_SETTLED_CHARS = 12
_NEXT_WORD = re.compile(r"\s*[\"'“‘«„¿¡*_-]*\s*[^\W_]\S*\s|\s*[^\W\d_a-zß-ÿ][^\W\d_]{2}|\s*[^\W_]*[\u3040-\u9fff]{2}")
_MAY_MISS_END = re.compile(
    r"[.?!»():;•◦▪‣⁃。！？](?:(?<=[.?!»()])\s+\S|(?<=[。！？])[A-Za-z]|(?<=[•◦▪‣⁃])|(?<=[:;])-?[DPp]\s)"
)
# Between items on one line, after the word that ends an enumeration before a capital letter, after a smiley, and
# between questions of a word or two: “Who? and when?”.
_MISSED_END = re.compile(
    r"(?<=\S)\s+(?=[•◦▪‣]\s|⁃)|(?<=[。！？])(?=[A-Za-z])"
    r"|\b(?:[Ee]tc|usw|enz|ecc|itd|itp|stb|osv|atd|apod|vb|т\. ?[дп]|и др)\.\)?\s+(?=[A-ZÀ-ÖØ-ÞŁŚŻČŠŽА-ЯЁ][^.\s])"
    r"|(?<=\d )(?:гг?|рр?|r)\.\s+(?=[A-ZŁŚŻА-ЯЁІЇЄ][^.\s])"
    r"|(?<=\s)[:;]-?[()DPp]\s+(?=[A-ZÀ-ÖØ-ÞА-Я])|(?<=[^\W\d_])\?\s+(?=[^\W\dA-Z_]+(?:\s[^\W\dA-Z_]+)?\?)"
    r"|(?:\A|(?<=[.!?…]\s))»\s+(?=[A-ZÀ-ÖØ-Þ])|(?<=[!?]{2})\s+(?=[A-ZÀ-ÖØ-Þ])|\b(?:E\.U|U\.S(?:\.A)?|U\.[KN])\.\s+(?=[A-ZÆØÅ][^.\s])"
    r"(?!(?:Government|Congress|Senate|Supreme|House|President|Army|Navy|Air|Marine|Coast|Department|State|Treasury"
    r"|Embassy|Open|Steel|Bank|Code|Customs|Geological|Census|Patent|Route|Highway|General|Secretary|Security)\b)"
)
# “Items: 1. First 2. Second”.
_FIRST_ITEM = re.compile(r"(?:(?:\A|(?<!\b[Nn]o\.)[\s:])1|\A\s*[2-9])\.\s+[^\W\d_]")
# If a number with a full stop is an ordinal, only the start of a sentence is capitalised after it.
_FIRST_LARGE_ITEM = re.compile(r"\s*1\.\s+[A-ZÀ-ÖØ-ÞĀ-Ž]")
_COUNTED_ITEM = re.compile(r"[\s:]\d{1,2}\.\s*\Z")
_NEXT_ITEM = re.compile(r"(?<=[^\s:])\s+(?=[2-9]\.\s+[^\W\d_])")
# What sentencex gets wrong: see `_masked`.
_QUOTE_OPENS = re.compile(r"(?<![^\s([])(?:[\"'“‘‚]|,,)(?=\S)|(?<![^\s([])[„«»(](?=\s?\S)|(?<=\s)(?:,,|\")(?=\s)")
_QUOTE_CLOSES = re.compile(r"(?<=\S)(?:[\"»«]|'')|(?<=\s)»(?=[\s.,;!?)]|\Z)|(?<=[^\W\d_][.!?])\)")
# A quick check: most texts have none of these.
_MAY_QUOTE = re.compile(r"[\"“‘‚„«»(),'](?:(?<=[^,'])|(?<=,),|(?<=')'|(?<=\A')|(?<=\W'))")
_DIGIT = re.compile(r"\d")
_NUMBER_BEGINS = re.compile(
    r"(?:(?<=[^\W\d_]{3}[.!?]\s)|(?<=[^\W\d_][)\"”][.!?]\s)|(?<=[。！？]))\d(?!\d{0,3}[.)](?:\s|\Z))"
)
# Each pattern begins with its sign, which is found quickly; only then is the text before it examined.
_SMALL_BEGINS = re.compile(
    r"\.(?:(?<=[^\W\dA-Z_]{5}\.)|(?<=\s[^\W\d_][^\W\dA-Z_]{2}[aeiouy]\.)|(?<=\s[^\W\d_][^\W\dA-Z_]{3}[aeiouy]\.)"
    r"|(?<=[^\W_][\"”»)]\.))\s[^\W\dA-Z_]"
)
# Not the end of a short form: “he said so”. the next.
_BEHIND_QUOTE = re.compile(r"[\"”»)]\.\s*\Z")
# For “vitamin C.”, which is not an initial.
_LETTER_LAST = re.compile(
    r"\b(?:[Vv]itamin|[Hh]epatitis|[Pp]lan|[Tt]ype|[Gg]rade|[Gg]roup|[Aa]ppendix|[Oo]ption|[Ee]xhibit|[Ss]chedule|[Cc]lass)"
    r" [A-Z]\.(?=\s+[A-Z][a-z]+\s)"
)
_BRACKETED_SENTENCE = re.compile(
    r"\((?:(?<=\A\()|(?<=[.!?]\s\())[^()\n]*[^\W\d_](?P<stop>\.)\)(?=\s+[A-ZÀ-ÖØ-ÞĀ-ŽА-Я])"
)
# Three spaced points within a sentence; at its end there are four.
_OMISSION = re.compile(r"\.(?<=[^\s.]\s\.)[ \u00a0]\.[ \u00a0]\.(?=\s[A-Za-zÀ-\u024f\u0370-\u04ff])")
_FORMATTING = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Abbreviations break off before a vowel, not after one.
_LONG_WORD = re.compile(r"(?:[^\W\dA-Z_]{5}|\s[^\W\d_][^\W\dA-Z_]{2,3}[aeiouy])\.\s*\Z")
_WORD_ENDS = re.compile(r"(?<![^\s\"“(])(?P<word>[^\W\d_]{1,4})\.(?P<gap>\s+¨*)(?P<next>[^\W\d_])")
_NUMBERED_ITEM = re.compile(r"\s*\d{1,3}\)\s+(?=\S)")
# After an exclamation within a sentence: “and – voilà! – you have cake”.
_EXCLAIMED = re.compile(r"[!?…][\"'”“’»]?\s*\Z")
_DASH_GOES_ON = re.compile(r"(?:[-–—]{1,2}\s+|[—–])[^\W\d_A-ZÀ-ÖØ-Þ]")
# “a. First b. Second”.
_FIRST_LETTERED_ITEM = re.compile(r"\s*[a-g][.)]\s+[A-ZÀ-ÖØ-Þ]")
_LETTERED_ITEM = re.compile(r"\s[b-h]\.\s*\Z")
_NEXT_LETTERED_ITEM = re.compile(r"(?<=[^\s:])\s+(?=[b-h][.)]\s+[A-ZÀ-ÖØ-Þ])")
_IN_ADDRESS = re.compile(r"(?:://|www\.)\S*\Z")
# Identifiers: “com.example.App”.
_IN_DOTTED_NAME = re.compile(r"(?<![\w.])[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\.\Z")
_CAPITALS_END, _CAPITALS_BEGIN = re.compile(r"(?<![^\W\d_])[A-Z]{2,5}\.\Z"), re.compile(r"[A-Z]{2,5}(?!\w)")
_CLOSING_TAIL = re.compile(r"[.!?…;؟]+[\"'”’»)\]]+\s*\Z")


@cache
def _short_forms() -> dict[str, dict[str, frozenset[str]]]:
    source = importlib.resources.files("resources").joinpath("spoken/abbreviations.toml")
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        language: {kind: frozenset(form.replace("~", " ") for form in forms.split()) for kind, forms in kinds.items()}
        for language, kinds in table.items()
    }


def load() -> None:
    """Load the tables: 5 ms the first time. On any thread."""
    _short_forms()


def sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of each sentence; together they cover the text."""
    start = end = 0
    for sentence in _raw_sentences(text, language or "en"):
        end += len(sentence)
        if end < len(text) and _goes_on(text, start, end, language or "en"):
            continue
        yield from _items(text, start, end, language)
        start = end
    if start < len(text):
        yield from _items(text, start, len(text), language)


def _items(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield each numbered item of a line separately: a number belongs to what follows it."""
    if _has_items(text, start, end, language):
        for item in _NEXT_ITEM.finditer(text, start, end):
            yield start, item.end()
            start = item.end()
    elif _FIRST_LETTERED_ITEM.match(text, start):
        for item in _NEXT_LETTERED_ITEM.finditer(text, start, end):
            yield start, item.end()
            start = item.end()
    yield start, end


def _has_items(text: str, start: int, end: int, language: str) -> bool:
    """Whether there are numbered items on one line; where ordinals have full stops, only before capitals."""
    if language not in _ORDINAL_LANGUAGES:
        return _FIRST_ITEM.search(text, start, end) is not None
    return language not in _NOUNS_ARE_LARGE and _FIRST_LARGE_ITEM.match(text, start, end) is not None


def settled_starts(text: str, language: str, *, enough: int) -> set[int]:
    """Sentence starts after the first that later text can't change: up to the first one at `enough` or later."""
    found = set()
    for start, _ in sentences(text, language):
        if start and _is_settled(text, start):
            found.add(start)
            if start >= enough:
                break
    return found


def _is_settled(text: str, start: int) -> bool:
    """Whether enough follows a sentence's end to confirm it: a word, or as much as one."""
    return len(text) - start >= _SETTLED_CHARS or _NEXT_WORD.match(text, start) is not None


def _raw_sentences(text: str, language: str) -> Iterator[str]:
    at = 0
    for length in _raw_lengths(_masked(text, language), language):
        sentence = text[at : at + length]
        at += length
        done = 0
        for end in _MISSED_END.finditer(sentence) if _MAY_MISS_END.search(sentence) else ():
            if language == "en" and end.group()[:2] in ("E.", "U."):
                continue  # sentencex handles this
            yield sentence[done : end.end()]
            done = end.end()
        yield sentence[done:]


def _raw_lengths(masked: str, language: str) -> Iterator[int]:
    for sentence in sentencex.segment(language, masked):
        if mark := _NUMBERED_ITEM.match(sentence):  # sentencex takes the whole item as one sentence
            first, *others = map(len, sentencex.segment(language, sentence[mark.end() :]))
            yield mark.end() + first
            yield from others
        else:
            yield len(sentence)


def _masked(text: str, language: str) -> str:
    """The text as sentencex should see it, each character in its place.

    On its own, sentencex pairs apostrophes and straight quotes and ends nothing inside them, and never ends a sentence
    before a digit or after a word that it lists as a short form.
    """
    if language == "en":
        text = _LETTER_LAST.sub(lambda m: f"{m.group()[:-1]}!", text)
    text = _BRACKETED_SENTENCE.sub(lambda m: f"{m.group()[:-2]}!)", text)
    text = _OMISSION.sub(lambda m: "," * len(m.group()), text)
    if _MAY_QUOTE.search(text):
        text = _QUOTE_OPENS.sub(lambda m: "¨" * len(m.group()), text)
        text = _QUOTE_CLOSES.sub(lambda m: "”" * len(m.group()), text)
    if _DIGIT.search(text):
        text = _NUMBER_BEGINS.sub("X", text)
    text = _SMALL_BEGINS.sub(lambda m: f"{m.group()[:-1]}X", text)

    def ended(m: re.Match[str]) -> str:
        if not _is_plain(m["word"], m["next"], language):
            return m.group()
        return f"{m['word']}!{m['gap']}{m['next'].upper() if len(m['next'].upper()) == 1 else 'X'}"

    return _WORD_ENDS.sub(ended, text)


def _is_plain(word: str, following: str, language: str) -> bool:
    """Whether the word before a full stop is no short form; before a lower-case letter, whether it never is one."""
    forms = _short_forms().get(language, {})
    if word.lower() not in forms.get("words", frozenset()):
        return False
    return not following.islower() or not any(
        word in forms.get(kind, frozenset()) for kind in ("inside", "either", "numbered")
    )


def _goes_on(text: str, start: int, end: int, language: str) -> bool:
    """Whether the sentence continues past a possible end at `end`."""
    before, after = text[max(start, end - 80) : end], text[end : end + 40].lstrip()
    if not after:
        return False
    if _is_in_item(text, start, end, language) or _is_in_word(text, end, after):
        return True
    if after[0] in "•◦▪‣⁃":
        return False
    if after[0] in "&=≈" or after.startswith("» "):
        return True
    if _DASH_GOES_ON.match(after) and _EXCLAIMED.search(before):
        return True
    if before.rstrip().endswith("」") and _JA_GOES_ON.match(after):
        return True
    if before.rstrip().endswith("”") and _SAID_ZH.match(after):
        return True
    return _is_open(text, start, end) or _ends_in_short_form(text[start:end], before, after, language)


def _is_in_item(text: str, start: int, end: int, language: str) -> bool:
    """Whether an item's mark ends there: what it numbers follows without a pause."""
    if end - start <= 20 and _ITEM_MARK.fullmatch(text, start, end):
        return True
    before = text[max(start, end - 8) : end]
    if _LETTERED_ITEM.search(before) and _FIRST_LETTERED_ITEM.match(text, start):
        return True
    return _COUNTED_ITEM.search(before) is not None and _has_items(text, start, end + 1, language)


def _is_in_word(text: str, end: int, after: str) -> bool:
    """Whether it is inside a word (“.NET”, “J.-C.”, “3.Rice”, an address), or before a comma: “Hi!”, he."""
    if "\uac00" <= text[end] <= "\ud7a3" and not text[end - 1].isspace():
        return True  # a particle after a quotation: “"네."라고”
    if text[end].isalnum() and not text[end - 1].isspace():
        if _CAPITALS_END.search(text, max(end - 12, 0), end) and _CAPITALS_BEGIN.match(text, end):
            return True  # “ASP.NET”
        is_in_address = _IN_ADDRESS.search(text, max(end - 80, 0), end) or _IN_DOTTED_NAME.search(text[:end][-80:])
        return text[end - 2 : end] == " ." or text[end - 2].isdecimal() or is_in_address is not None
    if text[end - 1] == "." and (text[end] in "-,;:/\\" or (text[end] == "–" and text[end + 1 : end + 2].isalnum())):
        return True
    return after[0] in ",;" and not after.startswith(",,")


def _ends_in_short_form(sentence: str, before: str, after: str, language: str) -> bool:
    """Whether a lower-case letter follows that begins no sentence, or the stop belongs to a short form."""
    has_capitals = not sentence.lstrip()[:1].islower()  # else this writer begins sentences in lower case
    ends_with_stop = before.rstrip().endswith(".")
    if after[0].islower():
        may_be_short = has_capitals and ends_with_stop and not _ends_in_word(before, after, language)
        if may_be_short or (has_capitals and before.rstrip()[-1:] == "!") or _CLOSING_TAIL.search(before):
            return True
    if sentence.lstrip()[:1] in "([" and before.rstrip().endswith((".)", ".]")) and after[0].isupper():
        return False  # a bracketed sentence
    return ends_with_stop and _is_short(before, after, language)


def _ends_in_word(before: str, after: str, language: str) -> bool:
    """Whether the word there is no short form: it is too long, in the table of such words, or in quotes."""
    if _LONG_WORD.search(before) or _BEHIND_QUOTE.search(before):
        return True
    last = _LAST_WORD.search(before)
    return last is not None and _is_plain(last["last"], after[0], language)


def _is_short(before: str, after: str, language: str) -> bool:
    """Whether the stop belongs to a short form, an initial or a number, and the sentence continues."""
    if language in _ORDINAL_LANGUAGES and (_ORDINAL.search(before) or _YEAR_LAST.search(before)):
        return _is_ordinal(before, after, language)
    before = _FORMATTING.sub("", before)
    forms = _short_forms().get(_LIKE.get(language, language), {})
    found = {m.group("last") for m in [_LAST_WORD.search(before)] if m}
    if found & forms.get("inside", frozenset()) and not found & forms.get("either", frozenset()):
        return True
    found |= {" ".join(m["two"].replace("\u00a0", " ").split()) for m in [_LAST_TWO.search(before)] if m}
    if _YEAR_FIRST.fullmatch(before):
        return True
    found |= {form.rpartition("-")[2] for form in found}  # “Dr.-Ing.”
    found |= {f"{form[0].lower()}{form[1:]}" for form in found if len(form) > 1}
    if language == "de" and any(form.endswith("str") for form in found):  # “Hauptstr. 5”
        return True
    if found & forms.get("inside", frozenset()) and not found & forms.get("either", frozenset()):
        return True
    if found & forms.get("either", frozenset()):
        is_time = _HALF_OF_DAY.search(before) is not None and _DAY.match(after) is not None
        return after[0].islower() or is_time or _NUMBERED.match(after) is not None
    if found & forms.get("numbered", frozenset()) and _NUMBERED.match(after):
        return True
    if after[0].isdecimal() and (month := _MONTH_LAST.search(before)) and month["month"] in short_months(language):
        return True
    if language != "en" and after[0].isdecimal() and _WITHOUT_VOWEL.search(before):
        return True
    return language != "en" and bool(_INITIAL.search(before)) and after[0].isupper()


def _is_ordinal(before: str, after: str, language: str) -> bool:
    """Whether a number with a full stop is an ordinal."""
    if _YEAR_LAST.search(before):
        return language == "hu" and after[0].isdecimal()  # “2025. 05. 14.”
    if language == "tr" and _NUMBER_OF.search(before):
        return False
    if language in _NOUNS_ARE_LARGE or not _DIGITS_LAST.search(before):
        word = re.split(r"\W", after, maxsplit=1)[0]
        return word == after or word not in _short_forms()["de"]["starters"]  # more of it may arrive
    return after[0].islower()  # what is counted is in lower case there


def _is_open(text: str, start: int, end: int) -> bool:
    """Whether a bracket is open there that will be closed."""
    for opening, closing in _OPEN.items():
        last = text.rfind(opening, start, end)
        if opening in "«»" and last > 0 and not text[last - 1].isspace():
            continue  # in languages that use them the other way round, it closes
        if opening in "“„«»" and end - last > _LONG_QUOTE_CHARS and not text[start:last].strip():
            continue
        if last >= 0 and end - last < _BRACKET_CHARS and text.find(closing, last + 1, end) < 0:
            close = text.find(closing, end, end + _BRACKET_CHARS)
            if close >= 0 and text.find("\n", end, close) < 0:
                return opening in "([（「『" or not text[close + 1 : close + 3].strip()[:1].isupper()
    return False
