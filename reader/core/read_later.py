"""Texts that the user wants to hear later: they wait in memory only, and are read one after the other.

They are read when the user asks for it, or after the current reading if one is added during it. Stop ends that, and
what was not read keeps waiting. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from reader import tasks
from reader.errors import HarkenError, NothingToReadError
from reader.flow import CapturedText, Command, Event, Notice, ReadingEnded, State
from reader.session import finding
from reader.session.controller import Controller
from reader.session.history import first_words
from reader.session.intake import next_part
from reader.session.job import sentence_for
from reader.session.meanings import Other
from reader.support.i18n import translate

MOST = 100
# For a text that a program supplies in parts.
_MOST_CHARS = 1_000_000


class ReadLater:
    def __init__(
        self,
        find: Callable[[], Awaitable[CapturedText]],
        read: Callable[[CapturedText], object],
        state: Callable[[], State],
        is_users: Callable[[], bool],
        publish: Callable[[Event], None],
    ) -> None:
        """`find` finds the selection, or raises HarkenError; `read` reads a text; `publish` gets Notices.

        `is_users`: what is heard is the user's text, not one of Harken's own sentences.
        """
        self._find = find
        self._read = read
        self._state = state
        self._is_users = is_users
        self._publish = publish
        self._texts: list[CapturedText] = []
        self._goes_on = False  # one text follows the other
        self._finding: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, controller: Controller, publish: Callable[[Event], None]) -> ReadLater:
        """For a session, whose keys add the selection and read."""

        def find() -> Awaitable[CapturedText]:
            return finding.find(controller.search.capture, Command.READ_SELECTION, controller.preferences)

        later = cls(find, controller.speak, lambda: controller.state, lambda: not controller.is_saying, publish)
        controller.others[Command.READ_LATER] = Other(later.add_selection, later.full)
        controller.others[Command.READ_QUEUED] = Other(later.read, later.empty)
        return later

    def add_selection(self) -> None:
        """Act on a key: the selection is to be read later."""
        self._finding = tasks.start(self._add_selection(self._finding), "read later")

    def full(self) -> NothingToReadError | None:
        """Why no more can be added."""
        sentence = translate("reader", "The queue is full. Read some of it, or empty it.")
        return NothingToReadError(sentence) if len(self._texts) >= MOST else None

    def empty(self) -> NothingToReadError | None:
        """Why there is nothing to read."""
        sentence = translate("reader", "The queue is empty. Select some text and choose “Read selection later”.")
        return None if self._texts else NothingToReadError(sentence)

    def read(self) -> None:
        """Read what is waiting, one text after the other."""
        self._goes_on = True
        self._next()

    def listed(self) -> list[str]:
        """The first words of each, in order."""
        return [first_words(text.text) for text in self._texts]

    def clear(self) -> None:
        """Forget all of them."""
        self._texts.clear()

    def __call__(self, event: Event) -> None:
        """Follow what happens."""
        if isinstance(event, ReadingEnded) and self._goes_on:
            asyncio.get_running_loop().call_soon(self._follow, event.is_whole or event.is_failed)

    async def close(self) -> None:
        """Read nothing more."""
        self._goes_on = False
        if self._finding:
            self._finding.cancel()

    async def _add_selection(self, before: asyncio.Task[None] | None) -> None:
        """Add the selection behind those that were wanted before."""
        if before:
            await asyncio.wait([before])
        try:
            captured, problem = await _whole(await self._find())
        except HarkenError as error:
            self._publish(Notice(0, error.sentence, is_answer=True, is_aloud=True, is_passing=True))
            return
        self._texts.append(captured)
        if self._state() is not State.IDLE and self._is_users():
            self._goes_on = True
        sentence = translate("reader", "Added. %n text(s) in the queue.", None, len(self._texts))
        told = f"{sentence} {problem}".rstrip()
        self._publish(Notice(0, told, is_problem=bool(problem), is_answer=True, is_aloud=True))

    def _follow(self, is_over: bool) -> None:
        """`is_over`: a reading came to its end or failed; if not, it was stopped, or another one follows."""
        if self._state() is not State.IDLE:
            return  # Harken's own sentence, or another text of the user's, comes next: its end is still to come
        if is_over:
            self._next()
        else:
            self._goes_on = False

    def _next(self) -> None:
        if self._texts:
            self._read(self._texts.pop(0))
        else:
            self._goes_on = False


async def _whole(captured: CapturedText) -> tuple[CapturedText, str]:
    """(the whole of a text that a program supplies in parts, as far as it does; why that is not all, or "")."""
    text, is_cut, problem = captured.text, captured.is_cut, ""
    try:
        while captured.more and (part := await next_part(captured.more)) is not None:
            if len(text) >= _MOST_CHARS:
                is_cut = True
                break
            text += part
    except Exception as error:  # even an unforeseen one: what there is can be read
        problem = sentence_for(error)
    if is_cut:
        problem = translate("reader", "The text is too long. Harken reads only the first part.")
    return replace(captured, text=text, is_cut=is_cut, more=None), problem
