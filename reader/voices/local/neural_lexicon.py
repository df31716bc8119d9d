"""The neural voice's dictionaries, kept as JSON text: as Python objects they took 98 MB, and 0.3 s to build.

`hibari` has three large JSON objects: the pronunciations of 180,000 words, and what its part-of-speech tagger knows.
All it does with them is look up keys, some hundred per sentence, so a value is parsed when it is looked up.
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
# Values that are looked up again and again, such as those of the commonest endings.
_KEPT = 4096
# Keys are found by the highest bits of a 32-bit checksum: this many, for about one key per value of them.
_BITS = 17
_SHIFT = 32 - _BITS
_PRONUNCIATIONS, _SPEECH_PARTS = "lexicon_", "tagger."
_WEIGHTS = b'"weights":'

_value = json.JSONDecoder().raw_decode
_load_small: Callable[[str], Any] = hibari.g2p._load_json
_Positions = npt.NDArray[np.uint32]


def g2p(*, is_british: bool = False) -> Any:
    """What `hibari` uses to turn American or British English into phonemes."""
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
    at = data.index(_WEIGHTS) + len(_WEIGHTS)  # the last of four members, and the largest
    return json.loads(data[:at] + b"0}") | {"weights": Entries(data[at:-1])}


class Entries:
    """A JSON object without white space between its parts, with what `hibari` needs of a dict."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        starts, ends = _keys(data)
        stops = np.append(starts[1:] - 2, np.uint32(len(data) - 1))
        names = (data[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
        sums = np.fromiter(map(crc32, names), np.uint32, len(starts))
        order = np.argsort(sums)
        places = np.searchsorted(sums[order], np.arange(1 << _BITS, dtype=np.uint32) << _SHIFT)
        # Sorted by checksum: where each key begins and ends, and where its value ends, which follows the colon.
        self._starts, self._ends, self._stops = (_ints(found[order]) for found in (starts, ends, stops))
        # For each value of a checksum's highest bits, the index of the first key; at the end, the number of keys.
        self._firsts = _ints(np.append(places, len(starts)))
        self.get = functools.lru_cache(_KEPT)(self._find)

    def _find(self, key: str) -> Any:
        """The value of a key, or None."""
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
    """The same numbers in a form whose items are fast to read."""
    return array.array("I", found.astype(np.uint32).tobytes())


def _keys(data: bytes) -> tuple[_Positions, _Positions]:
    """Where the object's own keys begin and end, leaving out those of nested objects."""
    signs = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(signs == _QUOTE).astype(np.uint32)
    at, escaped = -2, []
    while (at := data.find(_BACKSLASH, at + 2)) >= 0:
        escaped.append(at + 1)
    quotes = np.setdiff1d(quotes, np.array(escaped, np.uint32), assume_unique=True)
    opening, closing = quotes[::2], quotes[1::2]
    braces = np.flatnonzero((signs == _OPEN) | (signs == _CLOSE))
    braces = braces[np.searchsorted(quotes, braces) % 2 == 0]  # drop those within quotes
    depths = np.cumsum(np.where(signs[braces] == _OPEN, 1, -1))
    is_key = (signs[closing + 1] == _COLON) & (depths[np.searchsorted(braces, opening) - 1] == 1)
    return opening[is_key] + 1, closing[is_key]
