"""What is to be read later: it waits for its turn, one follows the other, and Stop keeps the rest."""

from __future__ import annotations

import pytest

from reader.core import read_later
from reader.core.read_later import MOST, ReadLater
from reader.errors import CaptureError, CaptureTimeoutError, HarkenError, NothingToReadError
from reader.flow import CapturedText, Command, Event, Notice, Source, State
from reader.session.preferences import Preferences
from tests.fakes.session import TEXT, Session

pytestmark = pytest.mark.own_time


class Queue:
    def __init__(self, session: Session) -> None:
        self.selected: str | HarkenError = NothingToReadError("Nothing is selected.")
        self.parts: list[str | Exception] | None = None  # of what is selected, behind the first
        self.told: list[str] = []
        self.session = session
        self.later = ReadLater(
            self._find,
            session.controller.speak,
            lambda: session.controller.state,
            lambda: not session.controller.is_saying,
            lambda event: self.told.append(event.sentence) if isinstance(event, Notice) else None,
        )
        on_event = session.controller._on_event

        def both(event: Event) -> None:
            on_event(event)
            self.later(event)

        session.controller._on_event = both

    async def _find(self) -> CapturedText:
        if isinstance(self.selected, HarkenError):
            raise self.selected
        return CapturedText(self.selected, Source.SELECTION, more=None if self.parts is None else self._more)

    async def _more(self) -> str | None:
        assert self.parts is not None
        part = self.parts.pop(0) if self.parts else None
        if isinstance(part, Exception):
            raise part
        return part

    async def add(self, *texts: str) -> None:
        for text in texts:
            self.selected = text
            self.later.add_selection()
            await self.session.settle()


async def test_one_is_read_after_the_other_once_that_is_wanted() -> None:
    async with Session() as s:
        queue = Queue(s)
        await queue.add("First one.", "Second one.")
        assert queue.later.listed() == ["First one.", "Second one."]
        assert queue.told[-1].startswith("Added. 2 text")
        await s.device.hear_all()
        assert s.spoken == []
        queue.later.read()
        await s.device.hear_all()
        assert s.spoken == ["First one.", "Second one."]
        assert s.endings == [True, True]
        assert queue.later.listed() == []
        assert queue.later.empty()


async def test_what_is_added_while_something_is_read_follows_it() -> None:
    async with Session() as s:
        queue = Queue(s)
        await s.read(TEXT)
        await s.hear(0.05)
        await queue.add("First one.")
        await s.device.hear_all()
        assert s.spoken[-2:] == ["Three is third.", "First one."]


async def test_stop_ends_it_and_what_was_not_read_waits() -> None:
    async with Session() as s:
        queue = Queue(s)
        await queue.add("First one.", "Second one.")
        queue.later.read()
        await s.hear(0.05)
        await s.press(Command.STOP)
        await s.device.hear_all()
        assert s.controller.state is State.IDLE
        assert queue.later.listed() == ["Second one."]
        await s.read(TEXT)  # and another text's end does not go on with it
        await s.device.hear_all()
        assert s.spoken[-1] == "Three is third."


async def test_a_text_in_between_comes_first() -> None:
    async with Session() as s:
        queue = Queue(s)
        await queue.add("First one.", "Second one.")
        queue.later.read()
        await s.hear(0.05)
        await s.read(TEXT)
        await s.device.hear_all()
        assert s.spoken[-2:] == ["Three is third.", "Second one."]


async def test_what_is_added_while_harken_speaks_itself_waits() -> None:
    async with Session() as s:
        queue = Queue(s)
        s.controller.preferences = Preferences(speaks_notices=True)
        s.controller.say("A sentence of its own.")
        await s.hear(0.05)
        await queue.add("First one.")
        await s.device.hear_all()
        assert s.spoken == ["A sentence of its own."]
        assert queue.later.listed() == ["First one."]


async def test_a_program_that_does_not_answer_is_asked_again() -> None:
    async with Session() as s:
        queue = Queue(s)
        queue.parts = [CaptureTimeoutError("It hangs."), " Two.", CaptureTimeoutError("It hangs."), " Three."]
        await queue.add("One.")
        assert queue.later._finding
        await queue.later._finding
        assert queue.later.listed() == ["One. Two. Three."]
        assert [told.endswith("in the queue.") for told in queue.told] == [True]


async def test_why_the_rest_of_a_text_can_not_be_had_is_told() -> None:
    async with Session() as s:
        queue = Queue(s)
        queue.parts = [" Two.", CaptureError("It has closed.")]
        await queue.add("One.")
        assert queue.later.listed() == ["One. Two."]
        assert [told.endswith("in the queue. It has closed.") for told in queue.told] == [True]


@pytest.mark.noisy
async def test_a_program_that_fails_unforeseen_leaves_what_it_gave(noise: list[str]) -> None:
    async with Session() as s:
        queue = Queue(s)
        queue.parts = [" Two.", ZeroDivisionError()]
        await queue.add("One.")
        assert queue.later.listed() == ["One. Two."]
        assert ["Harken could not read this." in told for told in queue.told] == [True]
        assert noise == ["reader.session.job: a reading failed"]


@pytest.mark.parametrize(("parts", "is_cut"), [([" Two."], False), ([" Two.", " Three."], True)])
async def test_a_text_that_is_too_long_is_told_to_be_cut(
    parts: list[str | Exception], is_cut: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_later, "_MOST_CHARS", len("One. Two."))
    async with Session() as s:
        queue = Queue(s)
        queue.parts = parts
        await queue.add("One.")
        (waiting,) = queue.later._texts
        assert (waiting.text, waiting.is_cut, waiting.more) == ("One. Two.", is_cut, None)
        assert queue.told[-1].endswith("Harken reads only the first part.") is is_cut


async def test_nothing_selected_is_told() -> None:
    async with Session() as s:
        queue = Queue(s)
        queue.later.add_selection()
        await s.settle()
        assert queue.told == ["Nothing is selected."]


async def test_it_has_an_end_and_can_be_emptied() -> None:
    async with Session() as s:
        queue = Queue(s)
        await queue.add(*[f"Text {number}." for number in range(MOST)])
        assert queue.later.full()
        queue.later.clear()
        assert not queue.later.full()
        assert queue.later.listed() == []
