"""How often one sentence alone is taken for another language: `python -m tests.bench.languages`.

The sentences are those of the translated programs that this machine has (the .mo files below /usr/share/locale), so the
more programs, the better. Harken is told that its user reads English, or Spanish; beside it are py3langid, pycld2 and
lingua by themselves, where they are installed: Harken needs none of them.
"""

from __future__ import annotations

import contextlib
import gettext
import importlib
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from reader.text.language import detect

_LOCALES = Path("/usr/share/locale")
# Languages, and the folders of their translations; English is what they were translated from.
_LANGUAGES = {
    **{code: (code,) for code in ("de", "fr", "es", "it", "nl", "sv", "da", "fi", "pl", "cs", "sk", "hu", "ro", "tr")},
    **{code: (code,) for code in ("ru", "uk", "bg", "el", "ja", "ko")},
    "pt": ("pt", "pt_BR"),
    "nb": ("nb", "no"),
    "zh": ("zh_CN", "zh_TW"),
}
_NO_SENTENCE = re.compile(r"[%{}<>\\|\n\x04$=/_&]|--|http|\d{3}")
_SENTENCES = 300
# What others call these, or a voice of ours reads as well.
_SAME = {"no": "nb", "nn": "nb", "bs": "hr", "zh-Hant": "zh"}

Detector = Callable[[str], str]


def sentences() -> dict[str, list[str]]:
    """Some of each language, the same ones each time."""
    found: dict[str, set[str]] = {"en": set()}
    for code, folders in _LANGUAGES.items():
        found[code] = set()
        catalogue: dict[object, object] = {}
        for file in sorted(file for folder in folders for file in (_LOCALES / folder / "LC_MESSAGES").glob("*.mo")):
            with file.open("rb") as opened, contextlib.suppress(UnicodeDecodeError):  # some say another encoding
                catalogue = vars(gettext.GNUTranslations(opened))["_catalog"]
            for source, text in catalogue.items():
                if isinstance(source, str) and isinstance(text, str) and source != text:
                    found["en"] |= {source} if _is_sentence(source) else set()
                    found[code] |= {text} if _is_sentence(text) else set()
    chosen = random.Random(1)
    return {code: chosen.sample(sorted(texts), min(_SENTENCES, len(texts))) for code, texts in found.items()}


def _is_sentence(text: str) -> bool:
    return 15 <= len(text) <= 160 and text[-1] in ".!?。" and not _NO_SENTENCE.search(text)


def detectors() -> dict[str, Detector]:
    """Harken, and the libraries that are here."""
    found: dict[str, Detector] = {
        "Harken, user reads English": lambda text: detect(text, "en"),
        "Harken, user reads Spanish": lambda text: detect(text, "es"),
    }
    for name, make in {"py3langid": _py3langid, "pycld2": _pycld2, "lingua": _lingua}.items():
        try:
            found[name] = make()
        except ImportError:
            continue
    return found


def _py3langid() -> Detector:
    classify = importlib.import_module("py3langid").classify
    return lambda text: str(classify(text)[0])


def _pycld2() -> Detector:
    found = importlib.import_module("pycld2").detect
    return lambda text: str(found(text, isPlainText=True, bestEffort=True)[2][0][1])


def _lingua() -> Detector:
    detector = importlib.import_module("lingua").LanguageDetectorBuilder.from_all_languages().build()
    return lambda text: str(detector.detect_language_of(text).iso_code_639_1.name).lower()


def main() -> int:
    """Print the table, and return the exit code."""
    texts = sentences()
    if min(map(len, texts.values())) < _SENTENCES // 3:
        print("There are too few translated programs here.", file=sys.stderr)
        return 1
    print(f"{_SENTENCES} sentences a language, one at a time; taken for another language, of 100.\n")
    print(f"| | {' | '.join(texts)} | microseconds |\n| --- |{' --- |' * (len(texts) + 1)}")
    for name, found in detectors().items():
        found("The first one loads what there is to load.")
        began_s = time.thread_time()
        wrong = [sum(_SAME.get(said := found(text), said) != code for text in some) for code, some in texts.items()]
        each_us = (time.thread_time() - began_s) / sum(map(len, texts.values())) * 1e6
        rates = (f"{100 * count / len(some):.0f}" for count, some in zip(wrong, texts.values(), strict=True))
        print(f"| {name} | {' | '.join(rates)} | {each_us:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
