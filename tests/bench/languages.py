"""How often a short text alone is taken for another language: `python -m tests.bench.languages`.

The texts are translations that Debian has in packages: manual pages, and what some programs show (.mo files). They are
fetched when needed, 90 MB. Short sentences have 15 to 60 characters (6 to 30 in Chinese, Japanese and Korean);
texts of two words are buttons, menu entries and titles in which no word is the English one's and no other language has
the same two; names are made up by Faker, if it is installed, and English texts have them too. Harken is told that its
user reads English, or the language of the text itself; beside it are the libraries by themselves that are installed.
`--wrong LANGUAGE` prints what Harken gets wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import gettext
import gzip
import importlib
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

from reader.text.language import detect
from tests.bench.beside import files_of, installed

# Programs with translations into all of the languages.
_PROGRAMS = (
    "pidgin-data", "gedit-common", "evince-common", "libgtk-3-common", "gnumeric-common", "vlc-l10n", "gnupg-l10n",
    "util-linux-locales", "nautilus-data", "totem-common", "rhythmbox-data", "libglib2.0-data", "file-roller",
)  # fmt: skip
_MANUALS = ("cs", "da", "de", "es", "fi", "fr", "hu", "it", "ja", "nl", "pl", "pt-br", "ro", "ru", "sv", "tr", "uk")
# Languages, and the folders of their translations; English is what they were translated from.
_LANGUAGES = {
    **{code: (code,) for code in ("de", "fr", "es", "it", "nl", "sv", "da", "fi", "pl", "cs", "sk", "hu", "ro", "tr")},
    **{code: (code,) for code in ("ru", "uk", "bg", "el", "ja", "ko")},
    "pt": ("pt", "pt_BR"),
    "nb": ("nb", "no"),
    "zh": ("zh_CN", "zh_TW"),
}
# The people whose names there are.
_PEOPLE = (
    "de_DE", "fr_FR", "es_ES", "es_MX", "it_IT", "nl_NL", "sv_SE", "da_DK", "no_NO", "fi_FI", "pl_PL", "cs_CZ", "sk_SK",
    "hr_HR", "hu_HU", "ro_RO", "tr_TR", "pt_PT", "pt_BR",
)  # fmt: skip
_NO_SENTENCE = re.compile(r"[%{}<>\\|\n\x04$=/&@]|--|http|\d{3}")
_TEXTS = 300
_WORD = re.compile(r"[^\W\d_]+")
_NAMES = re.compile(r"\b\w\.|\d\)|[\[\]]")
_UNSPACED = ("ja", "zh", "ko")
# What others call these, or a voice of ours reads as well.
_SAME = {"no": "nb", "nn": "nb", "bs": "hr", "zh-Hant": "zh", "iw": "he"}
_ROFF_FONT = re.compile(r"\\f(?:[A-Z]|\[[A-Z]*\])")

# Given a text and the language it is in, which only Harken is told.
Detector = Callable[[str, str], str]
Texts = dict[str, list[str]]


def _programs() -> Iterator[tuple[str, str, str]]:
    """The language, the English text and the translation, of all texts of the programs."""
    folders = {folder: code for code, names in _LANGUAGES.items() for folder in names}
    for package in _PROGRAMS:
        for file in sorted((files_of(package) / "usr/share/locale").glob("*/LC_MESSAGES/*.mo")):
            if not (code := folders.get(file.parts[-3])):
                continue
            with file.open("rb") as opened, contextlib.suppress(UnicodeDecodeError):  # some say another encoding
                for source, text in vars(gettext.GNUTranslations(opened))["_catalog"].items():
                    if isinstance(source, str) and isinstance(text, str) and source != text:
                        yield code, source.replace("_", ""), text.replace("_", "")


def _manuals() -> Iterator[tuple[str, str]]:
    """The language and the text of the paragraphs of manual pages."""
    for package in _MANUALS:
        for file in sorted((files_of(f"manpages-{package}") / "usr/share/man").rglob("*.gz")):
            lines: list[str] = []
            for line in [*gzip.decompress(file.read_bytes()).decode("utf-8", "replace").splitlines(), "."]:
                if not line.startswith((".", "'")):
                    lines.append(_ROFF_FONT.sub("", line))
                    continue
                yield package.partition("-")[0], " ".join(lines).replace("\\-", "-")
                lines.clear()


def short_sentences() -> Texts:
    """Some of each language, the same ones each time."""
    found: dict[str, set[str]] = {code: set() for code in ("en", *_LANGUAGES)}
    english: set[str] = set()
    for code, source, text in _programs():
        english.update(_WORD.findall(source.lower()))
        found["en"] |= {source} if _is_short_sentence(source, "en") else set()
        found[code] |= {text} if _is_short_sentence(text, code) else set()
    for code, paragraph in _manuals():
        sentences = re.split(r"(?<=[.!?])\s+|(?<=。)", paragraph)
        found[code] |= {
            text for text in sentences if _is_short_sentence(text, code) and _is_translated(text, code, english)
        }
    return _chosen(found)


def two_words() -> Texts:
    """Some of each language, the same ones each time, that differ from English and from each other."""
    found: dict[str, set[str]] = {code: set() for code in ("en", *_LANGUAGES)}
    for code, source, text in _programs():
        found["en"] |= {source} if _are_two_words(source) else set()
        if _are_two_words(text) and not {*source.lower().split()} & {*text.lower().split()}:
            found[code].add(text)
    counts = Counter(text.lower() for texts in found.values() for text in {one.lower() for one in texts})
    return _chosen({code: {text for text in texts if counts[text.lower()] == 1} for code, texts in found.items()})


def _print_names() -> None:
    """How often a person's name alone is taken for another language, where Faker is installed."""
    try:
        faker = importlib.import_module("faker")
    except ImportError:
        return
    wrong: dict[str, float] = {}
    for place in _PEOPLE:
        made = faker.Faker(place)
        made.seed_instance(1)
        names = [f"{made.first_name()} {made.last_name()}" for _ in range(_TEXTS)]
        wrong[place] = sum(detect(name, "en") != "en" for name in names) / len(names)
    print(f"\nNames, {_TEXTS} of each; taken for another language, of 100, where the user reads English.\n")
    print(f"| {' | '.join(wrong)} | all |\n|{' --- |' * (len(wrong) + 1)}")
    rates = " | ".join(f"{100 * share:.0f}" for share in wrong.values())
    print(f"| {rates} | {100 * sum(wrong.values()) / len(wrong):.1f} |")


def _is_short_sentence(text: str, code: str) -> bool:
    least, most = (6, 30) if code in _UNSPACED else (15, 60)
    return least <= len(text) <= most and text[-1] in ".!?。" and not _NO_SENTENCE.search(text)


def _is_translated(text: str, code: str, english: set[str]) -> bool:
    """Whether a sentence of a manual page is in the language of the page: parts of many pages are still in English."""
    words = _WORD.findall(text.lower())
    if code in (*_UNSPACED, "ru", "uk"):
        return sum(map(str.isascii, "".join(words))) * 3 < sum(map(len, words))
    is_english = sum(word in english for word in words) * 2 >= len(words)
    return len(words) > 3 and not is_english and not _NAMES.search(text) and text[0].isupper()


def _are_two_words(text: str) -> bool:
    words = text.split(" ")
    return len(words) == 2 and all(len(word) > 2 and word.isalpha() and not word.isupper() for word in words)


def _chosen(found: dict[str, set[str]]) -> Texts:
    chosen = random.Random(1)
    return {code: chosen.sample(sorted(texts), min(_TEXTS, len(texts))) for code, texts in found.items()}


def _py3langid() -> Detector:
    classify = importlib.import_module("py3langid").classify
    return lambda text, _: str(classify(text)[0])


def _pycld2() -> Detector:
    found = importlib.import_module("pycld2").detect
    return lambda text, _: str(found(text, isPlainText=True, bestEffort=True)[2][0][1])


def _lingua() -> Detector:
    detector = importlib.import_module("lingua").LanguageDetectorBuilder.from_all_languages().build()

    def found(text: str, _: str) -> str:
        language = detector.detect_language_of(text)
        return str(language.iso_code_639_1.name).lower() if language else ""

    return found


def _print_table(title: str, texts: Texts) -> None:
    detectors: dict[str, Detector] = {
        "Harken, user reads English": lambda text, _: detect(text, "en"),
        "Harken, user reads the text's language": detect,
        **installed({"py3langid": _py3langid, "pycld2": _pycld2, "lingua": _lingua}),
    }
    texts = {code: some for code, some in texts.items() if len(some) >= _TEXTS // 10}
    print(f"\n{title}, {min(map(len, texts.values()))} to {_TEXTS} a language; taken for another language, of 100.\n")
    print(f"| | {' | '.join(texts)} | all | microseconds |\n| --- |{' --- |' * (len(texts) + 2)}")
    for name, found in detectors.items():
        found("The first one loads what there is to load.", "en")
        began_s = time.thread_time()
        said = {code: [found(text, code) for text in some] for code, some in texts.items()}
        each_us = (time.thread_time() - began_s) / sum(map(len, texts.values())) * 1e6
        wrong = [sum(_SAME.get(one, one) != code for one in some) / len(some) for code, some in said.items()]
        rates = " | ".join(f"{100 * share:.0f}" for share in wrong)
        print(f"| {name} | {rates} | {100 * sum(wrong) / len(wrong):.1f} | {each_us:.0f} |", flush=True)
        foreign = Counter(one for some in said.values() for one in some if _SAME.get(one, one) not in texts)
        print(f"  other languages said by {name}: {dict(foreign.most_common(12))}", file=sys.stderr)


def main() -> int:
    """Print the tables, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.languages", description=__doc__)
    parser.add_argument("--wrong", metavar="LANGUAGE", help="what Harken gets wrong for a user who reads English")
    wrong = parser.parse_args().wrong
    for title, make in (("Short sentences", short_sentences), ("Texts of two words", two_words)):
        texts = make()
        if wrong:
            print(
                title, *(f"{said} {text}" for text in texts[wrong] if (said := detect(text, "en")) != wrong), sep="\n"
            )
        else:
            _print_table(title, texts)
    if not wrong:
        _print_names()
    return 0


if __name__ == "__main__":
    sys.exit(main())
