"""Going on after Stop, Harken's own sentences in nobody's way, and the ends of speed and volume."""

from __future__ import annotations

import pytest

from reader.errors import CaptureTimeoutError, NothingToReadError
from reader.flow import MAX_SPEED, Command, Notice, SpeedChanged, State, StateChanged
from reader.session.preferences import Preferences
from tests.fakes.session import OTHER, TEXT, Session

pytestmark = pytest.mark.own_time

NOTHING = "There is nothing to resume. Select some text and read it."


def can_resume(session: Session) -> bool:
    return [e for e in session.events if isinstance(e, StateChanged)][-1].can_resume


class TestAfterStop:
    @pytest.mark.parametrize("command", [Command.PAUSE_RESUME, Command.RESUME])
    async def test_reading_goes_on_at_the_sentence(self, command: Command) -> None:
        async with Session() as s:
            await s.read(TEXT)
            while "Two is second." not in s.spoken:
                await s.hear(0.05)
            await s.press(Command.STOP)
            assert s.controller.state is State.IDLE
            assert can_resume(s)
            await s.press(command)
            await s.device.hear_all()
            assert s.spoken == ["One is first.", "Two is second.", "Two is second.", "Three is third."]
            assert s.endings == [False, True]
            assert not can_resume(s)

    async def test_also_when_the_reading_key_stopped_it_and_harken_has_spoken_since(self) -> None:
        async with Session() as s:
            s.controller.preferences = Preferences(speaks_notices=True)
            await s.read(TEXT)
            await s.hear(0.1)
            await s.read(TEXT)  # the same again: stop
            s.place.text = NothingToReadError("Nothing is selected.")
            await s.press(Command.READ_SELECTION)
            await s.device.hear_all()
            assert " ".join(s.spoken).endswith(s.notices[0])
            await s.press(Command.RESUME)
            await s.device.hear_all()
            assert s.spoken[-3:] == ["One is first.", "Two is second.", "Three is third."]

    async def test_next_and_previous_go_on_from_there_too(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.1)
            await s.press(Command.STOP)
            await s.press(Command.NEXT)
            await s.device.hear_all()
            assert s.spoken == ["One is first.", "Two is second.", "Three is third."]

    async def test_a_new_selection_is_what_is_read(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.1)
            await s.press(Command.STOP)
            await s.read(OTHER)
            await s.device.hear_all()
            await s.press(Command.RESUME)  # that one was read to its end
            assert s.spoken == ["One is first.", "Another text.", "It has two sentences."]
            assert s.notices == [NOTHING]

    @pytest.mark.parametrize(
        ("command", "sentence"),
        [
            (Command.PAUSE_RESUME, NOTHING),
            (Command.RESUME, NOTHING),
            (Command.NEXT, "Nothing is being read. Select some text and read it."),
            (Command.REPEAT, "Nothing is being read. Select some text and read it."),
        ],
    )
    async def test_with_nothing_to_go_on_with_it_says_so(self, command: Command, sentence: str) -> None:
        async with Session() as s:
            s.controller.preferences = Preferences(speaks_notices=True)
            await s.press(command)
            await s.device.hear_all()
            assert s.notices == [sentence]
            assert " ".join(s.spoken) == sentence
            (notice,) = (e for e in s.events if isinstance(e, Notice))
            assert notice.is_passing  # what the user did too early is no problem of Harken's

    async def test_behind_the_last_sentence_nothing_is_left(self) -> None:
        async with Session() as s:
            await s.read(OTHER)
            await s.hear(0.1)
            await s.press(Command.NEXT)
            await s.press(Command.NEXT)
            assert s.controller.state is State.IDLE
            assert not can_resume(s)


class TestHarkensOwnSentence:
    """While it is spoken a key or a click does what it would have done without it."""

    async def explained(self, s: Session) -> None:
        s.controller.preferences = Preferences(speaks_notices=True, says_speed=True)
        await s.press(Command.READ_SELECTION)
        await s.hear(0.1)
        assert s.spoken == ["Nothing is selected."]

    async def test_a_click_reads(self) -> None:
        async with Session() as s:
            await self.explained(s)
            s.place.text = TEXT
            s.controller.click()
            await s.settle()
            await s.device.hear_all()
            assert s.spoken[1:] == ["One is first.", "Two is second.", "Three is third."]
            s.controller.click()
            await s.settle()
            await s.hear(0.1)
            s.controller.click()  # and the next one pauses
            assert s.controller.state is State.PAUSED

    async def test_the_key_looks_again_and_says_why_again(self) -> None:
        async with Session() as s:
            await self.explained(s)
            await s.press(Command.READ_SELECTION)
            await s.device.hear_all()
            assert len(s.notices) == 2
            assert " ".join(s.spoken) == f"Nothing is selected. {s.notices[1]}"

    async def test_going_on_goes_on(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.1)
            await s.press(Command.STOP)
            s.place.text, s.events[:] = NothingToReadError("Nothing is selected."), []
            await self.explained(s)
            await s.press(Command.PAUSE_RESUME)
            await s.device.hear_all()
            assert s.spoken[1:] == ["One is first.", "Two is second.", "Three is third."]

    @pytest.mark.parametrize("command", [Command.STOP, Command.PAUSE])
    async def test_it_can_be_silenced(self, command: Command) -> None:
        async with Session() as s:
            await self.explained(s)
            assert s.controller.say("And that too.")
            await s.press(command)
            assert s.controller.state is State.IDLE
            await s.device.hear_all()
            assert s.spoken == ["Nothing is selected."]

    async def test_several_are_said_one_behind_the_other_and_none_over_a_reading(self) -> None:
        async with Session() as s:
            s.controller.preferences = Preferences(speaks_notices=True)
            assert all(s.controller.say(sentence) for sentence in ("This is one.", "This is two."))
            await s.settle()
            await s.device.hear_all()
            await s.settle()
            await s.device.hear_all()
            assert s.spoken == ["This is one.", "This is two."]
            await s.read(TEXT)
            assert not s.controller.say("This is three.")
            await s.device.hear_all()
            assert "This is three." not in s.spoken


@pytest.mark.parametrize(
    ("error", "is_passing"),
    [(NothingToReadError("Nothing is selected."), True), (CaptureTimeoutError("The program hangs."), False)],
)
async def test_only_what_the_user_did_wrong_is_over_once_it_is_told(
    error: NothingToReadError | CaptureTimeoutError, is_passing: bool
) -> None:
    async with Session() as s:
        s.place.text = error
        await s.press(Command.READ_SELECTION)
        (notice,) = (e for e in s.events if isinstance(e, Notice))
        assert (notice.is_answer, notice.is_passing) == (True, is_passing)


class TestLimits:
    async def test_the_fastest_is_told_and_is_the_end(self) -> None:
        async with Session() as s:
            s.controller.preferences = Preferences(says_speed=True)
            s.controller.rate.set_speed(5.2)
            await s.press(Command.FASTER)
            await s.press(Command.FASTER)
            await s.device.hear_all()
            assert s.player.speed == MAX_SPEED
            assert " ".join(s.spoken).endswith("1100 words a minute. This is the fastest.")
            assert s.notices == ["This is the fastest."]  # a key that is held shows it once
            assert [e.words_a_minute for e in s.events if isinstance(e, SpeedChanged)] == [1040, 1100, 1100]

    async def test_over_a_reading_it_is_shown(self) -> None:
        async with Session() as s:
            s.controller.preferences = Preferences(says_speed=True)
            await s.read(TEXT)
            await s.hear(0.1)
            s.controller.rate.set_speed(0.37)
            await s.press(Command.SLOWER)
            await s.device.hear_all()
            assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
            (notice,) = (e for e in s.events if isinstance(e, Notice))
            assert (notice.sentence, notice.is_spoken, notice.is_problem) == ("This is the slowest.", False, False)

    @pytest.mark.parametrize(
        ("volume", "command", "sentence"),
        [(0.9, Command.LOUDER, "This is the loudest."), (0.06, Command.QUIETER, "This is the quietest.")],
    )
    async def test_volume_has_ends_too(self, volume: float, command: Command, sentence: str) -> None:
        async with Session() as s:
            s.controller.rate.set_volume(volume)
            await s.press(command)
            assert s.notices == [sentence]
