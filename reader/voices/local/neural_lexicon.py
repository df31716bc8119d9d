"""The neural voice's dictionaries, kept as they are written: as Python's objects they took 98 MB and 0.3 s to make.

`hibari` has three large objects in JSON: how 180,000 words are pronounced, and what tells their parts of speech. All it
does with them is to look up keys, some hundred for a sentence, so a value is parsed when it is looked up.
"""

from __future__ import annotations

import array
import functools
import gzip
import json
import os
from collections.abc import Callable
from typing import Any
from zlib import crc32

import hibari.g2p
import numpy as np
import numpy.typing as npt

_QUOTE, _COLON, _BACKSLASH, _OPEN, _CLOSE, _SPACE = b'":\\{} '
# Values that are wanted again and again, as those of the commonest endings.
_KEPT = 4096
# Of a sum of 32 bits, those by which keys are found: each value of these has about one key.
_BITS = 17
_SHIFT = 32 - _BITS
_PRONUNCIATIONS, _SPEECH_PARTS = "lexicon_", "tagger."
_WEIGHTS = b'"weights":'

_value = json.JSONDecoder().raw_decode
_load_small: Callable[[str], Any] = hibari.g2p._load_json
_Positions = npt.NDArray[np.uint32]


def g2p(*, is_british: bool = False) -> Any:
    """What `hibari` turns American or British English into phonemes with."""
    hibari.g2p._load_json = _load
    try:
        return hibari.g2p.G2P(british=is_british)
    finally:
        hibari.g2p._load_json = _load_small


def _load(name: str) -> Any:
    if not name.startswith((_PRONUNCIATIONS, _SPEECH_PARTS)):
        return _load_small(name)
    with gzip.open(os.path.join(hibari.g2p.ASSETS, name)) as file:
        data = file.read()
    if name.startswith(_PRONUNCIATIONS):
        return Entries(data)
    at = data.index(_WEIGHTS) + len(_WEIGHTS)  # it is the last of four, and the largest
    return json.loads(data[:at] + b"0}") | {"weights": Entries(data[at:-1])}


class Entries:
    """An object in JSON that has no white space between its parts: what `hibari` needs of a dictionary."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        starts, ends = _keys(data)
        stops = np.append(starts[1:] - 2, np.uint32(len(data) - 1))
        names = (data[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
        sums = np.fromiter(map(crc32, names), np.uint32, len(starts))
        order = np.argsort(sums)
        places = np.searchsorted(sums[order], np.arange(1 << _BITS, dtype=np.uint32) << _SHIFT)
        # In the order of their sums: where each key begins and ends, and where its value ends, which follows the colon.
        self._starts, self._ends, self._stops = (_ints(found[order]) for found in (starts, ends, stops))
        # By the highest bits of a sum, which is the first of those that have them; and how many there are.
        self._firsts = _ints(np.append(places, len(starts)))
        self.get = functools.lru_cache(_KEPT)(self._find)

    def _find(self, key: str) -> Any:
        """Its value; None where there is none."""
        name = key.encode("utf-8", "surrogatepass")
        if _QUOTE in name or _BACKSLASH in name or min(name, default=_SPACE) < _SPACE:
            name = json.dumps(key, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass")
        data, bucket = self._data, crc32(name) >> _SHIFT
        for i in range(self._firsts[bucket], self._firsts[bucket + 1]):
            end = self._ends[i]
            if data[self._starts[i] : end] == name:
                return _value(data[end + 2 : self._stops[i]].decode())[0]
        return None


def _ints(found: npt.NDArray[Any]) -> array.array[int]:
    """The same numbers where one of them is read in no time."""
    return array.array("I", found.astype(np.uint32).tobytes())


def _keys(data: bytes) -> tuple[_Positions, _Positions]:
    """Where the keys of an object begin and end, without those of objects within it."""
    signs = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(signs == _QUOTE).astype(np.uint32)
    at, escaped = -2, []
    while (at := data.find(_BACKSLASH, at + 2)) >= 0:
        escaped.append(at + 1)
    quotes = np.setdiff1d(quotes, np.array(escaped, np.uint32), assume_unique=True)
    opening, closing = quotes[::2], quotes[1::2]
    braces = np.flatnonzero((signs == _OPEN) | (signs == _CLOSE))
    braces = braces[np.searchsorted(quotes, braces) % 2 == 0]  # the others are within quotes
    depths = np.cumsum(np.where(signs[braces] == _OPEN, 1, -1))
    is_key = (signs[closing + 1] == _COLON) & (depths[np.searchsorted(braces, opening) - 1] == 1)
    return opening[is_key] + 1, closing[is_key]
