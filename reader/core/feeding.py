"""Feeds a text that arrives slowly, or a document, to a reading that has begun: as `harken speak FILE` does.

    source = TextSource.at(path); source.begin()  # on a thread; raises NotTextError
    reading = app.speak(CapturedText("", Source.GIVEN), is_whole=False)
    threads.start(feed, "feed text", pieces(source), reading, loop, problems.append)

`source.title` is a document's own, and `source.problem`, at the end, why it was not read whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from itertools import chain

from reader.session.reading import Reading
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# As much as a long book.
_AHEAD_CHARS = 1 << 22


def read_ahead(texts: Iterator[str]) -> tuple[Iterator[str], int]:
    """The same texts, and how many characters they have; 0 if that is more than is read ahead."""
    read: list[str] = []
    chars = 0
    for text in texts:
        read.append(text)
        chars += len(text)
        if chars > _AHEAD_CHARS:
            return chain(read, texts), 0
    return iter(read), chars


def feed(
    texts: Iterable[str], reading: Reading, loop: asyncio.AbstractEventLoop, on_failure: Callable[[str], object]
) -> None:
    """Pass texts on from a thread, as the reading has room for them, then close it. A loop that has ended takes none.

    `on_failure` gets a sentence, on this thread and before the reading is closed, if they failed in an unforeseen way.
    """
    try:
        for text in texts:
            if not _hand_on(text, reading, loop):
                return
    except Exception:
        log.exception("the text broke off")
        on_failure(translate("reader", "Harken could not read this. Run “harken doctor” to find the log."))
    finally:  # else the reading would wait for more for ever
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(reading.close)


def _hand_on(text: str, reading: Reading, loop: asyncio.AbstractEventLoop) -> bool:
    """Whether the text was taken."""
    taking = reading.feed_in_time(text)
    try:
        taken = asyncio.run_coroutine_threadsafe(taking, loop)
    except RuntimeError:  # the loop has ended
        taking.close()
        return False
    try:
        taken.result()
    except CancelledError:  # it is ending
        return False
    return True
