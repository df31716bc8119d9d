"""A text that is still being fetched while it is heard, and the part of one that is meant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from reader.errors import CaptureError, CaptureTimeoutError
from reader.flow import Command, State
from reader.session.preferences import Preferences
from reader.text import loading
from tests.fakes.session import Session


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    loading.load()


class Parts:
    """A program's text, part by part."""

    def __init__(self, *parts: str | Exception) -> None:
        self.left = list(parts)
        self.asked = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def next(self) -> str | None:
        self.asked += 1
        await self.gate.wait()  # whoever gives up here has taken nothing
        if not self.left:
            return None
        part = self.left.pop(0)
        if isinstance(part, Exception):
            raise part
        return part


async def hear_until(s: Session, is_so: Callable[[], object]) -> None:
    """Listen until something has happened, which may be on a thread."""
    async with asyncio.timeout(60):
        while not is_so():
            await s.hear(0.05)
            await asyncio.sleep(0.01)


async def begin(s: Session, parts: Parts) -> None:
    s.place.more = parts.next
    s.place.text = "One is first.\n\n"
    await s.press(Command.READ_DOCUMENT)


async def test_what_follows_is_heard_and_remembered() -> None:
    async with Session() as s:
        await begin(s, Parts("Two is second.\n\n", "Three is third.\n\n"))
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
        assert s.endings == [True]
        (entry,) = s.controller.history.entries()
        remembered = s.controller.history.text(entry.id)
        assert remembered
        assert remembered.text == "One is first.\n\nTwo is second.\n\nThree is third.\n\n"
        assert remembered.more is None


async def test_the_first_words_are_heard_before_the_others_are_here() -> None:
    async with Session() as s:
        parts = Parts("Two is second.\n\n")
        parts.gate.clear()
        await begin(s, parts)
        await s.hear(0.2)
        assert s.spoken == ["One is first."]
        parts.gate.set()
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Two is second."]


async def test_a_stop_asks_for_no_more_and_going_on_does() -> None:
    async with Session() as s:
        parts = Parts("Two is second.\n\n", "Three is third.\n\n")
        parts.gate.clear()
        await begin(s, parts)
        await s.hear(0.1)
        await s.press(Command.STOP)
        asked = parts.asked
        parts.gate.set()
        await s.settle()
        assert parts.asked == asked
        await s.press(Command.RESUME)
        await s.device.hear_all()
        assert " ".join(s.spoken).endswith("Two is second. Three is third.")


@pytest.mark.parametrize("command", [Command.NEXT, Command.NEXT_PARAGRAPH])
async def test_a_step_behind_what_is_here_after_a_stop_goes_on_with_what_comes(command: Command) -> None:
    async with Session() as s:
        parts = Parts("Two is second.\n\n", "Three is third.\n\n")
        parts.gate.clear()
        await begin(s, parts)
        await s.hear(0.1)
        await s.press(Command.STOP)
        await s.press(command)
        parts.gate.set()
        await s.settle()
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
        assert s.controller.state is State.IDLE


async def test_only_as_much_is_asked_for_as_there_is_room() -> None:
    async with Session() as s:
        parts = Parts(*[f"{'Word after word. ' * 100}"] * 1000)
        await begin(s, parts)
        await s.hear(1.0)
        assert parts.asked < 60


async def test_a_program_that_hangs_for_a_while_is_asked_again() -> None:
    async with Session() as s:
        await begin(s, Parts(CaptureTimeoutError("It hangs."), "Two is second.\n\n", CaptureTimeoutError("It hangs.")))
        await hear_until(s, lambda: s.endings)
        assert s.spoken == ["One is first.", "Two is second."]
        assert not s.notices
        assert s.endings == [True]


@pytest.mark.parametrize(
    "parts",
    [lambda: [CaptureError("It has closed.")], lambda: [CaptureTimeoutError("It has closed.")] * 9],
    ids=["closed", "hangs"],
)
async def test_one_that_has_no_more_is_told_of_and_the_rest_is_heard(parts: Callable[[], list[Exception]]) -> None:
    async with Session() as s:
        await begin(s, Parts(*parts()))
        await hear_until(s, lambda: s.endings)
        assert s.spoken == ["One is first."]
        assert s.notices == ["It has closed."]
        assert s.endings == [True]


@pytest.mark.noisy
async def test_a_program_that_answers_what_nobody_foresaw_ends_the_text(noise: list[str]) -> None:
    async with Session() as s:
        await begin(s, Parts("Two is second.\n\n", ZeroDivisionError()))
        await hear_until(s, lambda: s.endings)
        assert s.spoken == ["One is first.", "Two is second."]
        assert s.notices == ["Harken could not read this. Run “harken doctor” to find the log."]
        assert s.endings == [True]
        assert s.controller.state is State.IDLE
    assert any("a reading failed" in message for message in noise)


async def test_why_there_is_no_more_is_shown_when_it_is_known_and_said_where_the_text_ends() -> None:
    async with Session() as s:
        s.controller.preferences = Preferences()
        await begin(s, Parts(CaptureError("It has closed.")))
        await hear_until(s, lambda: s.notices)
        assert not s.endings
        await hear_until(s, lambda: len(s.endings) == 2)
        assert s.spoken == ["One is first.", "It has closed."]
        assert s.notices == ["It has closed."]


async def test_the_same_again_stops_it() -> None:
    async with Session() as s:
        await begin(s, Parts("Two is second.\n\n"))
        await s.hear(0.1)
        s.place.more = Parts("Two is second.\n\n").next
        await s.press(Command.READ_DOCUMENT)
        assert s.controller.state is State.IDLE


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (Command.READ_WORD, ["quick"]),
        (Command.READ_SENTENCE, ["The quick fox ran."]),
        (Command.READ_PARAGRAPH, ["It was there.", "The quick fox ran."]),
    ],
)
async def test_the_part_around_the_cursor_is_heard(command: Command, expected: list[str]) -> None:
    async with Session() as s:
        s.place.text, s.place.caret_chars = "Before.\n\nIt was there. The quick fox ran.\n\nBehind.", 28
        await s.press(command)
        await hear_until(s, lambda: s.endings)
        assert s.spoken == expected


async def test_that_there_is_none_is_told() -> None:
    async with Session() as s:
        s.place.text, s.place.caret_chars = " \n ", 1
        await s.press(Command.READ_WORD)
        await hear_until(s, lambda: s.notices)
        assert s.notices == ["There is no text at the cursor."]
