"""Makes resources/languages/model.npz and the arrays beside it, by which Harken tells languages apart.

py3langid (BSD-3-Clause) tells 142 languages apart by 100,053 sequences of one to six bytes. It takes half a second and
70 MB to load. Kept here are the languages that a voice speaks, and of the sequences the 60,000 that tell most about
those, with weights of one byte: 5 MB, there in 40 ms, and as good (`python -m tests.bench.languages`).

wordfreq (data: CC BY-SA 4.0) knows how often people write a word. Kept are the most frequent words of the languages
that share a script with another one.

To make a different selection: `.venv/bin/python packaging/languages.py` needs py3langid and wordfreq beside Harken,
which itself needs neither.
"""

from __future__ import annotations

import math
import sys
import unicodedata
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reader.text.script import script_of
from reader.text.vocabulary import LANGUAGES as WORD_LANGUAGES
from reader.text.vocabulary import STEPS, hash_of

MODEL = Path(__file__).parents[1] / "resources" / "languages" / "model.npz"
# Languages that eSpeak NG or Amazon Polly speaks and people write. No voice distinguishes the two Norwegian ones, and a
# sentence can't show whether it is Bosnian or Croatian: those are one.
LANGUAGES = """
af am ar as az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gd gl gu he hi hr hu hy id is it ja ka kk kn
ko ku ky lb lt lv mk ml mr ms mt my ne nl nn no or pa pl pt ro ru si sk sl sq sr sv sw ta te th tr tt ug uk ur uz vi zh
""".split()  # noqa: SIM905 - shorter than a list
_KEPT = 60_000
WEIGHTS = MODEL.with_name("model_weights.npy")
HASHES, FACTS = MODEL.with_name("word_hashes.npy"), MODEL.with_name("word_facts.npy")
_WORDS_EACH = 20_000
# English texts have the names of all languages, often without accents. A word that is this much rarer in them than in
# its language (a power of ten) is none.
_RARER = 3.0
_WITHOUT_ACCENTS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})


def main() -> int:
    """Make the file again, and return the exit code."""
    try:
        import py3langid
        import wordfreq
        from py3langid.modelio import load_model
    except ImportError:
        print("languages.py: install py3langid and wordfreq first", file=sys.stderr)
        return 1
    source = Path(py3langid.__file__).parent / "data" / "model.npz.xz"
    weights, priors, classes, moves, rows, outputs = load_model(source)
    columns = [i for i, language in enumerate(classes) if language in LANGUAGES]
    weights = np.asarray(weights)[:, columns].astype(np.float32)
    sequences = _sequences(np.asarray(moves).reshape(-1, 256), np.asarray(rows), outputs)
    kept = np.array(_most_telling(weights, _KEPT))
    keys = np.array([_key(sequences[i]) for i in kept], np.uint64)
    kept, keys = kept[keys.argsort()], np.sort(keys)
    weights = weights[kept] - weights[kept].mean(axis=1, keepdims=True)
    scale = np.abs(weights).max() / 127
    np.savez_compressed(
        MODEL,
        languages=np.array([classes[i] for i in columns]),
        keys=keys,
        scale=np.float32(scale),
        priors=np.asarray(priors)[columns].astype(np.float32),
    )
    np.save(WEIGHTS, np.round(weights / scale).astype(np.int8))
    _keep_words(wordfreq.get_frequency_dict)
    for file in (MODEL, WEIGHTS, HASHES, FACTS):
        print(f"{file.name}: {file.stat().st_size / 1e6:.1f} MB")
    return 0


def _keep_words(lists: Callable[..., Mapping[str, float]]) -> None:
    """Make the files of the most frequent words: see reader/text/vocabulary.py."""
    rows = []
    english = lists("en", wordlist="large")
    for i, language in enumerate(WORD_LANGUAGES):
        for word, share in _words_of(language, lists)[:_WORDS_EACH]:
            steps = round(math.log10(share * 1e9) * STEPS)
            in_english = max(english.get(word, 0.0), english.get(_without_accents(word), 0.0))
            rows.append((hash_of(word), i, min(steps, 255), share > in_english * 10**_RARER))
    rows.sort()
    hashes, of, frequency, is_plain = (np.array(column) for column in zip(*rows, strict=True))
    np.save(HASHES, hashes.astype(np.uint32))
    np.save(FACTS, np.array([of, frequency, is_plain]).astype(np.uint8))


def _without_accents(word: str) -> str:
    """A word as English texts write it."""
    parted = unicodedata.normalize("NFD", word.translate(_WITHOUT_ACCENTS))
    return "".join(char for char in parted if not unicodedata.combining(char))


def _words_of(language: str, lists: Callable[..., Mapping[str, float]]) -> list[tuple[str, float]]:
    """The words of a language, the most frequent ones first, and how frequent they are."""
    name = {"hr": "sh", "sr": "sh"}.get(language, language)
    words = lists(name, wordlist="small")
    wanted = [(word, frequency) for word, frequency in words.items() if word.isalpha()]
    if name != "sh":
        return wanted
    return [one for one in wanted if (script_of(one[0][0]) == "Cyrillic") == (language == "sr")]


def _sequences(moves: npt.NDArray[np.uint32], rows: npt.NDArray[np.uint32], outputs: list[int]) -> dict[int, bytes]:
    """The sequence behind each feature: py3langid has them as a machine that goes from state to state."""
    states: dict[int, bytes] = {0: b""}
    found: dict[int, bytes] = {}
    waiting = deque([0])
    while waiting:
        state = waiting.popleft()
        for byte in np.nonzero(moves[rows[state]])[0]:
            following = int(moves[rows[state]][byte])
            if following not in states:  # the shortest way to a state is the sequence it stands for
                states[following] = states[state] + bytes([byte])
                waiting.append(following)
                if outputs[following] >= 0:
                    found.setdefault(outputs[following], states[following])
    return found


def _most_telling(weights: npt.NDArray[np.float32], wanted: int) -> list[int]:
    """The features that are frequent in some languages and not in others."""
    likely = np.exp(weights)
    told = (likely * (weights - np.log(likely.mean(axis=1, keepdims=True)))).sum(axis=1)
    return sorted(np.argsort(-told)[:wanted].tolist())


def _key(sequence: bytes) -> int:
    """A sequence as a number: its length, then its bytes. See reader/text/likeness.py, which looks them up."""
    return len(sequence) << 48 | int.from_bytes(sequence, "big")


if __name__ == "__main__":
    sys.exit(main())
