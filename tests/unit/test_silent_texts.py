"""A text of which nothing is heard for long keeps nobody waiting: while it is searched, everybody has a turn."""

from __future__ import annotations

import asyncio

import pytest

from reader.flow import CapturedText, Command, Source, State
from tests.fakes.session import Session
from tests.nasty_texts import NASTY

_SILENT = ["lines of dashes", "lines of braces", "icons", "dots", "pipes", "opening brackets", "empty cells of a table"]
_CHARS = 60_000


async def searched(session: Session) -> None:
    """Until a word is found, or known not to be there: at most a turn for each 20 characters."""
    for _ in range(_CHARS // 20):
        if session.controller.state is not State.PREPARING:
            break
        await session.hear(0.01)


@pytest.mark.parametrize("kind", _SILENT)
async def test_the_stop_key_is_heard_while_it_is_searched(kind: str) -> None:
    async with Session() as s:
        s.speak(CapturedText(NASTY[kind](_CHARS), Source.GIVEN))
        await asyncio.sleep(0)  # the search has its first turn
        await s.press(Command.STOP)
        assert s.states == [State.PREPARING, State.IDLE]
        assert s.endings == [False]
        assert s.notices == []  # it was not searched to its end


@pytest.mark.parametrize("kind", _SILENT)
async def test_its_end_is_found_and_told(kind: str) -> None:
    async with Session() as s:
        await s.read(NASTY[kind](_CHARS))
        await searched(s)
        assert s.notices == ["There is nothing in this text that can be read aloud."]


async def test_a_word_behind_it_is_heard() -> None:
    async with Session() as s:
        await s.read(NASTY["lines of dashes"](_CHARS) + "\nOne word.")
        await searched(s)
        await s.device.hear_all()
        assert s.spoken == ["One word."]


@pytest.mark.parametrize("presses", [1, 2])
async def test_one_can_go_to_what_is_behind_it(presses: int) -> None:
    async with Session() as s:
        await s.read("One. Two.\n" + NASTY["lines of braces"](_CHARS) + "\nThree.")
        await s.hear(0.05)
        for _ in range(presses):
            await s.press(Command.NEXT)
        assert s.controller.state in (State.PREPARING, State.SPEAKING)
        await searched(s)
        await s.device.hear_all()
        assert s.spoken == ["One.", *["Two.", "Three."][presses - 1 :]]
        assert s.endings == [True]


async def test_going_past_a_sentence_without_end_keeps_nothing_waiting() -> None:
    async with Session() as s:
        await s.read(NASTY["a sentence without end"](_CHARS) + "\n\nThe end.")
        await s.hear(0.05)
        await s.press(Command.NEXT)
        assert s.controller.state is State.PREPARING  # it is still being cut
        await searched(s)
        await s.device.hear_all()
        assert s.spoken[1:] == ["The end."]
