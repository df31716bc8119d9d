"""Finds when the words of the neural voice begin, from how long its net holds each phoneme.

The net computes that number, but does not return it. Its file is ONNX, which is protobuf: bytes appended to a message
become part of it, so one more output takes a few bytes and no second file.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

# The net's name for the tensor with how many steps each phoneme is held.
DURATIONS = "/Cast_32_output_0"
# The sound is ahead of these steps, which are 25 ms each: by 58 to 90 ms, measured at every speed where silence shows
# when a word begins. Kokoro, from which the net was trained, subtracts as many.
_AHEAD_STEPS = 3
# ModelProto.graph, GraphProto.output, ValueInfoProto.name.
_GRAPH, _OUTPUT, _NAME = 7, 12, 1
_WORD = re.compile(r"\S+")


def with_durations(model: bytes) -> bytes:
    """Append an output to a net: the steps that each phoneme is held. Other kinds of nets are returned unchanged."""
    name = DURATIONS.encode()
    return model + _field(_GRAPH, _field(_OUTPUT, _field(_NAME, name))) if name in model else model


def _field(number: int, body: bytes) -> bytes:
    assert len(body) < 0x80
    return bytes([number << 3 | 2, len(body)]) + body


class SpokenWord(NamedTuple):
    """A word as the voice says it: where its phonemes begin among all of them, and its letters."""

    at: int
    text: str


def phonemes_of(tokens: Sequence[Any]) -> tuple[str, list[SpokenWord]]:
    """The phonemes in the voice's analysis of a text, and the words they belong to.

    The phonemes are the same as G2P itself would return.
    """
    phonemes, letters = "", ""
    words: list[SpokenWord] = []
    is_new = True
    for token in tokens:
        if is_new:
            words.append(SpokenWord(len(phonemes), ""))
        letters = token.text if is_new else letters + token.text
        words[-1] = words[-1]._replace(text=letters)
        phonemes += (token.phonemes or "") + (" " if token.whitespace else "")
        is_new = bool(token.whitespace)
    lead = len(phonemes) - len(phonemes.lstrip())
    return phonemes.strip(), [word._replace(at=max(word.at - lead, 0)) for word in words]


def _places(text: str, words: Sequence[SpokenWord]) -> list[int]:
    """Where in `text` each word begins; -1 for a word that is not written there."""
    written = [(match.start(), _bare(match.group())) for match in _WORD.finditer(text)]
    spoken = [_bare(word.text) for word in words]
    if [word for _, word in written] == spoken:
        return [at for at, _ in written]
    found = [-1] * len(words)
    matcher = SequenceMatcher(None, [word for _, word in written], spoken, autojunk=False)
    for _, start, end, first, last in matcher.get_opcodes():
        for i in range(first, last):
            if start < end:  # spread the words over the stretch they stand for, in order
                found[i] = written[start + (i - first) * (end - start) // (last - first)][0]
    return found


def _bare(word: str) -> str:
    return "".join(filter(str.isalnum, word.lower())) or word


def begins(part: str, known: Container[str], durations: npt.NDArray[Any], frames: int) -> list[int]:
    """The frame, out of `frames`, at which each phoneme of a phrase begins.

    `known` are the phonemes that the net knows; it skips others. `durations` has the steps of each, and of the marks
    at both ends. Returns [] if they don't add up, as those of another net may be anything. The first phoneme begins
    with the sound, since what precedes it is not quite silent.
    """
    place = np.cumsum([1, *(char in known for char in part)])
    steps = np.concatenate([[0], np.cumsum(durations)])
    if durations.size != place[-1] + 1 or frames % max(int(steps[-1]), 1):
        return []
    steps = np.maximum(steps - _AHEAD_STEPS, 0) * (frames // int(steps[-1]))
    found = steps[place[:-1]].tolist()
    return [0, *found[1:]]


def marks(text: str, words: Sequence[SpokenWord], start: int, times: Sequence[int]) -> list[tuple[int, int, int]]:
    """The words of a phrase whose phonemes begin at `start`: the frame where each begins, and its place in `text`.

    `times` are the frames of all its phonemes.
    """
    placed = zip(words, _places(text, words), strict=True)
    end = start + len(times)
    return [(times[w.at - start], at, at + len(w.text)) for w, at in placed if at >= 0 and start <= w.at < end]
