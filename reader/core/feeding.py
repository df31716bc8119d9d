"""A text that takes its time, or a document, for a reading that is begun: as `harken speak FILE` does.

    source = TextSource.at(path); source.begin()  # on a thread; raises NotTextError
    reading = app.speak(CapturedText("", Source.GIVEN), is_whole=False)
    threads.start(feed, "feed text", pieces(source), reading, loop)

`source.title` is a document's own, and `source.problem`, in the end, why it was not read whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from itertools import chain

from reader.session.reading import Reading

# A long book.
_AHEAD_CHARS = 1 << 22


def read_ahead(texts: Iterator[str]) -> tuple[Iterator[str], int]:
    """The same texts, and how many characters they have; 0 where that is more than is read ahead."""
    read: list[str] = []
    chars = 0
    for text in texts:
        read.append(text)
        chars += len(text)
        if chars > _AHEAD_CHARS:
            return chain(read, texts), 0
    return iter(read), chars


def feed(texts: Iterable[str], reading: Reading, loop: asyncio.AbstractEventLoop) -> None:
    """Hand texts on from a thread, as the reading has room for them. A loop that has ended takes no more."""
    with suppress(RuntimeError, CancelledError):
        for text in texts:
            asyncio.run_coroutine_threadsafe(reading.feed_in_time(text), loop).result()
        loop.call_soon_threadsafe(reading.close)
