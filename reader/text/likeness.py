"""How much a text looks like each language.

The model is py3langid's (A. Barbaresi, after M. Lui's langid.py; BSD-3-Clause), reduced by packaging/languages.py:
sequences of one to six bytes, and how likely each is in each language (naive Bayes). At each byte of a text, the
longest sequence ending there counts. The text is processed by no C code other than numpy's.

Pure except for the model's files, which are opened once: `load` does that on any thread.
"""

from __future__ import annotations

import importlib.resources
import math
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from reader.text.mapped import mapped

_LONGEST_BYTES = 6
# More text adds nothing, and this much already takes 0.2 ms.
_BYTES = 400
_lock = threading.Lock()


@dataclass(frozen=True)
class _Model:
    languages: list[str]  # of the columns; some have two
    keys: npt.NDArray[np.uint64]  # sequences as numbers: length and bytes; sorted
    weights: npt.NDArray[np.int8]  # of each sequence in each language
    scale: float
    priors: npt.NDArray[np.float32]


def load() -> None:
    """Load the model: 10 ms the first time. On any thread."""
    with _lock:
        _model()


def is_loaded() -> bool:
    """Whether the model is loaded."""
    return bool(_model.cache_info().currsize)


@cache
def _model() -> _Model:
    source = importlib.resources.files("resources").joinpath("languages/model.npz")
    with source.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        names = [str(name) for name in file["languages"]]
        return _Model(names, file["keys"], mapped("model_weights"), float(file["scale"]), file["priors"])


def likeness(text: str) -> dict[str, float]:
    """How much `text` looks like each language (ISO 639-1), as log odds. Empty if there is nothing to judge.

    A difference of 1 makes one language nearly three times as likely as the other, for texts of any length.
    """
    model = _model()
    written = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
    data = written[:_BYTES].encode("utf-8", "surrogatepass")[:_BYTES]
    found = _sequences(np.frombuffer(data, np.uint8).astype(np.uint64), model.keys)
    if not found.size:
        return {}
    sequences, counts = np.unique(found, return_counts=True)
    scores = np.log1p(counts).astype(np.float32) @ model.weights[sequences].astype(np.float32) * model.scale
    scores = (scores + model.priors) / math.sqrt(len(data))
    best: dict[str, float] = {}
    for language, score in zip(model.languages, scores.tolist(), strict=True):
        best[language] = max(score, best.get(language, score))
    return best


def _sequences(data: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.intp]:
    """The known sequences that end in the data: the longest at each position."""
    found = np.full(data.size, -1, np.intp)
    ending = [data]  # the sequences of one, two, … bytes ending at each position, as numbers
    for length in range(1, min(_LONGEST_BYTES, data.size)):
        ending.append(ending[-1][1:] | data[: data.size - length] << np.uint64(8 * length))
    for length in range(len(ending), 0, -1):
        places = found[length - 1 :]
        wanted = ending[length - 1] | np.uint64(length << 48)
        at = np.minimum(keys.searchsorted(wanted), keys.size - 1)
        places[:] = np.where((places < 0) & (keys[at] == wanted), at, places)
    return found[found >= 0]
