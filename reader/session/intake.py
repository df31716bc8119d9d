"""The text of a reading as it comes in: whole, from a client that sends it, or fetched from the program that has it.

Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from reader import tasks
from reader.errors import CaptureTimeoutError
from reader.flow import CapturedText
from reader.session.job import sentence_for
from reader.text.segment import Segmenter
from reader.text.ssml import Document

# How many characters of an arriving text are kept, to be read again when it is over.
_KEPT_CHARS = 1_000_000
# While more than that waits to be cut, the source of a text has to wait: an hour of speech, and 0.1 MB.
ROOM_CHARS = 1 << 16
# A program that doesn't answer is asked again, while the part of its text that is here is being heard.
_TRIES = 4
_AGAIN_S = 0.5

More = Callable[[], Awaitable[str | None]]  # see CapturedText


class Intake:
    """`is_closed`: the text is complete. `lacking`: why it is not, though nothing more comes."""

    def __init__(
        self,
        captured: CapturedText,
        segmenter: Segmenter | Document,
        on_more: Callable[[str, int], None],
        is_whole: bool,
        *,
        is_fed: bool = False,
    ) -> None:
        """`on_more` gets the text that arrives after `captured` and is kept, and where it begins in the whole.

        `is_fed`: the segmenter has all of it already.
        """
        self.arrived = asyncio.Event()  # more of it
        self.is_closed = is_whole and captured.more is None
        self.lacking = ""
        self._captured = captured
        self._segmenter = segmenter
        self._on_more = on_more
        self._room = asyncio.Event()  # some of what arrived was cut
        self._fed: list[str] = []  # what arrived after the captured text
        self._fed_chars = 0
        self._fetching: asyncio.Task[None] | None = None
        if not is_fed:
            segmenter.feed(captured.text)
            if self.is_closed:
                segmenter.close()

    def feed(self, text: str) -> None:
        """More text has arrived."""
        self._segmenter.feed(text)
        if self._fed_chars < _KEPT_CHARS:
            self._on_more(text, len(self._captured.text) + self._fed_chars)
            self._fed.append(text)
            self._fed_chars += len(text)
        self.arrived.set()

    @property
    def is_kept(self) -> bool:
        """Whether all that has arrived can be read again."""
        return self._fed_chars < _KEPT_CHARS

    def begin_at(self, chars: int, segmenter: Segmenter) -> None:
        """Have another segmenter cut what has arrived, from there on. All of it must have been kept."""
        self._segmenter = segmenter
        segmenter.feed(self.whole_text.text[chars:])
        if self.is_closed:
            segmenter.close()
        self._room.set()

    async def wait_for_room(self) -> None:
        """Wait until enough of what came before has been cut, so that memory stays small."""
        while self._segmenter.waiting_chars >= ROOM_CHARS:
            self._room.clear()
            await self._room.wait()

    def note_cut(self) -> None:
        """Some of what arrived may have been cut."""
        self._room.set()

    def close(self) -> None:
        """The text is complete."""
        self.is_closed = True
        self._segmenter.close()
        self.arrived.set()

    @property
    def whole_text(self) -> CapturedText:
        """Everything that has arrived; of an endless source, the beginning."""
        is_cut = self._captured.is_cut or self._fed_chars >= _KEPT_CHARS
        return replace(self._captured, text="".join([self._captured.text, *self._fed]), is_cut=is_cut, more=None)

    # ---- from the program that has it ----

    def fetch(self, on_problem: Callable[[str], None]) -> None:
        """Ask for more until the text is complete, or until `stop`. May be called again to continue.

        `on_problem` gets the sentence for the user if the rest can't be had.
        """
        if self._captured.more and not self.is_closed and (self._fetching is None or self._fetching.done()):
            self._fetching = tasks.start(self._fetch(self._captured.more, on_problem), "more of a text")

    def stop(self) -> None:
        """Stop asking for more."""
        if self._fetching:
            self._fetching.cancel()
            self._fetching = None

    async def _fetch(self, more: More, on_problem: Callable[[str], None]) -> None:
        await self.wait_for_room()
        try:
            while (text := await next_part(more)) is not None:
                self.feed(text)
                await self.wait_for_room()
        except Exception as error:  # even an unforeseen one: a reading must come to its end
            self.lacking = sentence_for(error)
            on_problem(self.lacking)
        self.close()


async def next_part(more: More) -> str | None:
    """The next part of a text, None at its end. A program that doesn't answer is asked again for a while.

    Raises CaptureError if the rest can't be had.
    """
    for _ in range(_TRIES - 1):
        with suppress(CaptureTimeoutError):
            return await more()
        await asyncio.sleep(_AGAIN_S)
    return await more()
