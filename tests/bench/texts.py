"""The texts that are read in benches: the same for everybody who is compared."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

_SENTENCES = (
    "Nobody in the village could remember a winter that had been as long as this one.",
    "Every morning the baker opened his window and looked at the road across the hills.",
    "Not a single cart had come through since the first snow had fallen in November.",
    "Most people had flour enough, but the lamps were dark for want of oil.",
    "Maybe that is why they began to tell each other stories when the day was done.",
    "Later it was said that the best of them had never been written down by anyone.",
)


def paragraphs() -> Iterator[str]:
    """Of numbered sentences, so that no two are alike."""
    for number in itertools.count(1):
        sentences = [_SENTENCES[(number + i) % len(_SENTENCES)] for i in range(5)]
        yield f"Number {number} of these stories is short. " + " ".join(sentences)


def _long(chars: int) -> str:
    found = []
    length = 0
    for paragraph in paragraphs():
        if length >= chars:
            break
        found.append(paragraph)
        length += len(paragraph) + 2
    return "\n\n".join(found)


TEXTS = {
    "a word": "Nine",
    "a sentence": _SENTENCES[0],
    "an article": _long(6_000),
    "a book, 200 KB": _long(200_000),
}
# Two that take turns when one interrupts the other.
PAIR = (_long(2_000), "Maybe " + _long(2_000))
