"""Controller and reading with voices, a device and places of text that a test has in hand."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reader.audio.player import Player
from reader.capture.base import CaptureOptions, Front, Selection
from reader.capture.capture import Capture
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.flow import (
    AudioChunk,
    CapturedText,
    Command,
    Event,
    Notice,
    PaceMeasured,
    ReadingEnded,
    SegmentStarted,
    Source,
    SpeechRequest,
    SpeedChanged,
    State,
    StateChanged,
    Trigger,
    VolumeChanged,
)
from reader.session.controller import Controller
from reader.session.engines import Engines
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.reading import Reading
from reader.text.spoken import spoken
from tests.fakes.device import HandDevice
from tests.fakes.engine import RATE_HZ, FakeEngine, FakeStream

TEXT = "One is first. Two is second. Three is third."
OTHER = "Another text. It has two sentences."


class Place:
    """Where a test puts the text that is selected."""

    def __init__(self) -> None:
        self.text: str | CaptureError = NothingToReadError("Nothing is selected.")
        self.reads = 0
        self.gate: asyncio.Event | None = None

    async def look(self) -> Selection | None:
        return Selection(Front.ITS_OWN)

    async def read(self, source: Source) -> CapturedText:
        self.reads += 1
        if self.gate:
            await self.gate.wait()
        if isinstance(self.text, CaptureError):
            raise self.text
        return CapturedText(self.text, source)

    async def apply(self, options: CaptureOptions) -> None:
        pass

    def notes(self) -> list[str]:
        return []

    async def close(self) -> None:
        pass


class Session:
    def __init__(self, engines: dict[str, FakeEngine] | None = None) -> None:
        self.place = Place()
        self.device = HandDevice(RATE_HZ)
        self.events: list[Event] = []
        self.engines = engines or {"fake": FakeEngine()}
        self.player = Player(self.device)
        self.controller = Controller(
            Capture({Source.SELECTION: self.place}), Engines(self.engines), self.player, self.events.append
        )
        self.controller.preferences = Preferences(speaks_notices=False)

    async def __aenter__(self) -> Session:
        await self.player.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.controller.close()
        await self.player.close()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def press(self, command: Command, origin: str = "key") -> None:
        self.controller.handle(Trigger(command, origin))
        await self.settle()

    def speak(self, captured: CapturedText, **how: Any) -> Reading:
        return self.controller.speak(captured, ReadingOptions(self.controller.preferences, **how))

    async def settle(self) -> None:
        for _ in range(40):
            await asyncio.sleep(0)

    async def read(self, text: str) -> None:
        self.place.text = text
        await self.press(Command.READ_SELECTION)

    async def hear(self, seconds: float) -> None:
        await self.device.hear(seconds)
        await self.settle()

    @property
    def spoken(self) -> list[str]:
        return [e.segment.text for e in self.events if isinstance(e, SegmentStarted)]

    @property
    def states(self) -> list[State]:
        return [e.state for e in self.events if isinstance(e, StateChanged)]

    @property
    def notices(self) -> list[str]:
        return [e.sentence for e in self.events if isinstance(e, Notice)]

    @property
    def endings(self) -> list[bool]:
        return [e.is_whole for e in self.events if isinstance(e, ReadingEnded)]


async def test_a_press_reads_the_selection_to_the_end() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
        assert s.states == [State.PREPARING, State.SPEAKING, State.IDLE]
        assert s.endings == [True]


async def test_the_same_text_again_stops() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        await s.read(TEXT)
        assert s.controller.state is State.IDLE
        assert s.endings == [False]
        before = len(s.device.heard)
        await s.hear(1.0)
        assert len(s.device.heard) == before


async def test_another_text_replaces_it_at_once() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        await s.read(OTHER)
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Another text.", "It has two sentences."]
        assert s.endings == [False, True]
        assert s.engines["fake"].streams[0].is_cancelled


async def test_a_press_silences_before_the_new_text_is_known() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        s.place.gate = asyncio.Event()
        await s.press(Command.READ_SELECTION)
        before = len(s.device.heard)
        await s.hear(1.0)
        assert len(s.device.heard) == before
        s.place.gate.set()
        await s.settle()


async def test_only_the_newest_press_counts() -> None:
    async with Session() as s:
        s.place.gate = asyncio.Event()
        for _ in range(5):
            await s.read(TEXT)
        s.place.text = OTHER
        s.place.gate.set()
        await s.settle()
        await s.device.hear_all()
        assert s.spoken[0] == "Another text."
        assert s.endings == [True]


async def test_pause_and_resume() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.2)
        await s.press(Command.PAUSE_RESUME)
        assert s.controller.state is State.PAUSED
        before = len(s.device.heard)
        await s.hear(1.0)
        assert len(s.device.heard) == before
        await s.press(Command.PAUSE_RESUME)
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Two is second.", "Three is third."]


async def test_the_read_key_goes_on_with_a_paused_text() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.2)
        await s.press(Command.PAUSE)
        await s.read(TEXT)
        assert s.controller.state is State.SPEAKING
        await s.device.hear_all()
        assert s.endings == [True]


async def test_nothing_selected_while_reading_stops_without_a_word() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.hear(0.1)
        s.place.text = NothingToReadError("Nothing is selected.")
        await s.press(Command.READ_SELECTION)
        assert s.controller.state is State.IDLE
        assert s.notices == []


async def test_a_program_that_hangs_is_told_of() -> None:
    async with Session() as s:
        s.place.text = CaptureTimeoutError("The program does not answer.")
        await s.press(Command.READ_SELECTION)
        assert s.notices == ["The program does not answer."]
        assert s.states == [State.PREPARING, State.IDLE]


async def test_why_nothing_is_read_is_said_aloud() -> None:
    async with Session() as s:
        s.controller.preferences = Preferences(speaks_notices=True)
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert " ".join(s.spoken) == s.notices[0]
        await s.press(Command.REPEAT)  # that was no reading of the user's
        await s.device.hear_all()
        assert s.notices[1:] == ["Nothing is being read. Select some text and read it."]


class TestMoving:
    async def test_next_and_previous(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.NEXT)
            await s.hear(0.05)
            await s.press(Command.NEXT)
            await s.hear(0.05)
            await s.press(Command.PREVIOUS)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "Two", "Three", "Two", "Three"]
            assert s.endings == [True]

    async def test_several_presses_add_up(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.NEXT)
            await s.press(Command.NEXT)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "Three"]

    async def test_repeat(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.REPEAT)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "One", "Two", "Three"]

    async def test_repeat_when_it_is_over(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.device.hear_all()
            await s.press(Command.REPEAT)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "Two", "Three", "Three"]

    async def test_before_the_first_and_behind_the_last(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.PREVIOUS)
            await s.hear(0.05)
            assert [t.split()[0] for t in s.spoken] == ["One", "One"]
            for _ in range(3):
                await s.press(Command.NEXT)
            assert s.controller.state is State.IDLE
            await s.press(Command.NEXT)
            assert s.controller.state is State.IDLE

    async def test_moving_while_paused_speaks(self) -> None:
        async with Session() as s:
            await s.read(TEXT)
            await s.hear(0.05)
            await s.press(Command.PAUSE)
            await s.press(Command.NEXT)
            await s.device.hear_all()
            assert [t.split()[0] for t in s.spoken] == ["One", "Two", "Three"]


class TestVoicesThatFail:
    async def test_another_voice_reads_on_and_says_so_once(self) -> None:
        engines = {"first": FakeEngine("first"), "second": FakeEngine("second")}
        engines["first"].fails_on = "second"
        async with Session(engines) as s:
            await s.read(TEXT)
            await s.device.hear_all()
            assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
            voices = [e.voice_id for e in s.events if isinstance(e, SegmentStarted)]
            assert voices == ["first/en", "second/en", "second/en"]
            assert len(s.notices) == 1
            assert s.endings == [True]

    async def test_no_fallback_when_the_user_does_not_want_it(self) -> None:
        engines = {"first": FakeEngine("first"), "second": FakeEngine("second")}
        engines["first"].fails_on = "second"
        async with Session(engines) as s:
            s.controller.preferences = Preferences(may_fall_back=False, speaks_notices=False)
            await s.read(TEXT)
            await s.device.hear_all()
            assert s.controller.state is State.IDLE
            assert len(s.notices) == 1
            assert engines["second"].asked == []

    async def test_when_all_fail_the_user_is_told(self) -> None:
        engines = {"only": FakeEngine("only")}
        engines["only"].fails_on = "Two"
        async with Session(engines) as s:
            await s.read(TEXT)
            await s.device.hear_all()
            assert s.controller.state is State.IDLE
            assert s.notices

    @pytest.mark.parametrize("text", ["Two is second.", "One is first.", "Three is third."])
    async def test_what_a_voice_breaks_on_another_says_whole_and_the_voice_goes_on(self, text: str) -> None:
        engines = {"first": FakeEngine("first"), "second": FakeEngine("second")}
        engines["first"].breaks_on = {text}
        async with Session(engines) as s:
            await s.read(TEXT)
            await s.device.hear_all()
            assert engines["second"].asked == [text]
            assert engines["first"].asked == ["One is first.", "Two is second.", "Three is third."]
            assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
            assert s.notices == ["first en can't say part of this text. second en says that part."]
            assert s.endings == [True]

    @pytest.mark.parametrize("may_fall_back", [True, False])
    async def test_what_every_voice_breaks_on_is_said_to_be_left_out(self, may_fall_back: bool) -> None:
        engines = {"first": FakeEngine("first"), "second": FakeEngine("second")}
        for engine in engines.values():
            engine.breaks_on = {"One is first.", "Two is second."}
        async with Session(engines) as s:
            s.controller.preferences = Preferences(may_fall_back=may_fall_back, speaks_notices=False)
            await s.read(TEXT)
            await s.device.hear_all()
            assert s.spoken[-1] == "Three is third."
            assert engines["second"].asked == (["One is first.", "Two is second."] if may_fall_back else [])
            assert s.notices == ["first en can't say part of this text. That part is left out."]
            assert s.endings == [True]

    async def test_what_a_voice_is_mute_on_another_says(self) -> None:
        engines = {"first": FakeEngine("first"), "second": FakeEngine("second")}
        engines["first"].mute_on = {"Two is second."}
        async with Session(engines) as s:
            await s.read(TEXT)
            await s.device.hear_all()
            assert engines["second"].asked == ["Two is second."]
            assert s.endings == [True]


async def test_speed_is_bounded_and_told() -> None:
    async with Session() as s:
        for _ in range(40):
            await s.press(Command.FASTER)
        for _ in range(80):
            await s.press(Command.SLOWER)
        speeds = [e.speed for e in s.events if isinstance(e, SpeedChanged)]
        assert max(speeds) == 5.5
        assert min(speeds) == 0.36
        assert speeds[0] == 1.1


async def test_a_new_selection_is_read_when_it_is_new() -> None:
    async with Session() as s:
        s.place.text = TEXT
        await s.press(Command.READ_SELECTION, "selection")
        await s.hear(0.05)
        await s.press(Command.READ_SELECTION, "selection")  # the same: nothing happens
        s.place.text = NothingToReadError("")
        await s.press(Command.READ_SELECTION, "selection")  # unselected: nothing happens
        assert s.controller.state is State.SPEAKING
        s.place.text = OTHER
        await s.press(Command.READ_SELECTION, "selection")
        await s.device.hear_all()
        assert s.spoken == ["One is first.", "Another text.", "It has two sentences."]
        assert s.notices == []


@pytest.mark.parametrize("text", ["***", "…", "\u200b\u200b"])
async def test_a_text_without_words_is_told_of(text: str) -> None:
    async with Session() as s:
        await s.read(text)
        await s.settle()
        assert s.controller.state is State.IDLE
        assert len(s.notices) == 1


async def test_text_that_arrives_is_read_as_it_comes() -> None:
    async with Session() as s:
        reading = s.speak(CapturedText("", Source.GIVEN), is_whole=False)
        reading.feed("First one. Sec")
        await s.settle()
        await s.hear(0.3)
        assert s.spoken == ["First one."]
        reading.feed("ond one. And")
        await s.settle()
        await s.hear(2.0)
        assert s.spoken == ["First one.", "Second one."]
        assert s.controller.state is State.SPEAKING
        reading.feed(" the last.")
        reading.close()
        await s.settle()
        await s.device.hear_all()
        assert s.spoken == ["First one.", "Second one.", "And the last."]
        assert s.endings == [True]


async def test_words_are_spoken_when_their_source_pauses() -> None:
    async with Session() as s:
        reading = s.speak(CapturedText("", Source.GIVEN), is_whole=False)
        reading.feed("Words without an end ")
        await asyncio.sleep(0.9)  # the pause is the test
        await s.hear(5.0)
        assert s.spoken == ["Words without an end"]
        reading.close()
        await s.settle()
        await s.device.hear_all()


@pytest.mark.parametrize("end", [Command.STOP, Command.READ_SELECTION, Command.NEXT])
async def test_what_was_cut_off_asks_its_voice_for_nothing_more(end: Command) -> None:
    """A voice that goes on with the old text keeps the new one waiting, and costs where it is paid for."""
    async with Session() as session:
        book = " ".join(f"This is the sentence number {i} of a long text." for i in range(300))
        await session.read(book)
        await session.hear(0.1)
        (engine,) = session.engines.values()
        asked = len(engine.asked)
        assert asked < 100  # it waits for the ear
        session.place.text = OTHER
        await session.press(end)
        new = {
            Command.STOP: [],
            Command.READ_SELECTION: ["Another text.", "It has two sentences."],
            Command.NEXT: [
                spoken(f"This is the sentence number {i} of a long text.", "en").text for i in range(1, asked + 1)
            ],
        }[end]
        assert engine.asked[asked:] == new[: len(engine.asked) - asked]
        assert len(engine.streams) == (1 if end is Command.STOP else 2)


async def test_a_device_that_is_not_open_yet_gets_everything_when_it_is() -> None:
    async with Session() as session:
        await session.player.close()
        session.device.lose()
        await session.read(TEXT)
        await session.player.open()
        await session.settle()
        async with asyncio.timeout(5):
            while not any(isinstance(e, ReadingEnded) for e in session.events):
                await session.hear(1.0)
                await asyncio.sleep(0.01)
        assert " ".join(session.spoken) == TEXT


@pytest.mark.noisy
async def test_what_nobody_foresaw_while_looking_for_text_is_told_and_the_next_press_works(noise: list[str]) -> None:
    async with Session() as session:
        original = session.place.read

        async def fail(source: Source) -> CapturedText:
            raise ZeroDivisionError

        session.place.read = fail  # type: ignore[method-assign]
        await session.press(Command.READ_SELECTION)
        assert "could not look for text" in session.notices[0]
        assert session.controller.state is State.IDLE
        session.place.read = original  # type: ignore[method-assign]
        await session.read(TEXT)
        await session.hear(1.0)
        assert session.spoken[0] == "One is first."
    assert any("looking for text failed" in message for message in noise)


async def test_a_press_is_not_given_up_for_a_new_selection() -> None:
    async with Session() as session:
        await session.read(TEXT)
        await session.hear(0.1)
        session.place.gate = asyncio.Event()
        session.place.text = OTHER
        await session.press(Command.READ_SELECTION)
        await session.press(Command.READ_SELECTION, "selection")
        session.place.gate.set()
        await session.settle()
        await session.hear(5.0)
        assert session.spoken[-2:] == ["Another text.", "It has two sentences."]


async def test_a_sign_that_no_voice_has_a_sound_for_ends_nothing() -> None:
    async with Session() as session:
        (engine,) = session.engines.values()
        engine.mute_on.add("★")
        await session.read("Before it.\n\n★\n\nBehind it.")
        await session.hear(5.0)
        assert session.spoken == ["Before it.", "Behind it."]
        assert session.notices == []


async def test_faster_goes_on_from_the_speed_that_is_heard() -> None:
    async with Session() as session:
        session.speak(CapturedText(TEXT, Source.GIVEN), speed=3.0)
        await session.settle()
        await session.press(Command.FASTER)
        assert session.player.speed_in_hand == pytest.approx(3.3)


async def test_what_is_still_arriving_is_not_given_up_for_going_too_far() -> None:
    async with Session() as session:
        reading = session.speak(CapturedText("First here. ", Source.GIVEN), is_whole=False)
        reading.feed("Then ")
        await session.hear(0.1)
        await session.press(Command.NEXT)
        reading.feed("more.")
        reading.close()
        await session.hear(5.0)
        assert session.spoken[-1] == "Then more."


async def test_louder_and_quieter() -> None:
    async with Session() as s:
        await s.press(Command.LOUDER)
        await s.press(Command.QUIETER)
        for _ in range(20):
            await s.press(Command.QUIETER)
        await s.press(Command.LOUDER)
        told = [e.volume for e in s.events if isinstance(e, VolumeChanged)]
        assert told[:2] == [1.0, 0.8]
        assert min(told) == 0.05
        assert told[-1] == 0.06
        assert s.player.volume == 0.06


@pytest.mark.parametrize("sounds", [True, False])
async def test_only_a_pause_that_was_asked_for_is_heard(sounds: bool) -> None:
    async with Session() as s:
        s.controller.preferences = Preferences(speaks_notices=False, sounds_pauses=sounds)
        await s.read(TEXT)
        await s.hear(0.1)
        s.place.gate = asyncio.Event()  # a press looks for text, and the reading is held meanwhile
        await s.read(OTHER)
        before = len(s.device.heard)
        await s.hear(1.0)
        assert len(s.device.heard) == before
        s.place.gate.set()
        await s.settle()
        await s.hear(0.1)
        await s.press(Command.PAUSE_RESUME)
        before = len(s.device.heard)
        await s.hear(1.0)
        assert (len(s.device.heard) > before) is sounds


async def test_readings_are_remembered_and_notices_are_not() -> None:
    async with Session() as s:
        s.controller.preferences = Preferences(speaks_notices=True)
        await s.press(Command.READ_SELECTION)  # nothing is selected, which is said aloud
        await s.device.hear_all()
        await s.read(TEXT)
        arriving = s.speak(CapturedText("", Source.GIVEN), is_whole=False)
        arriving.feed("Words that ")
        arriving.feed("arrive.")
        arriving.close()
        await s.settle()
        await s.device.hear_all()
        found = s.controller.history.entries()
        assert [(e.first_words, e.source) for e in found] == [
            ("Words that arrive.", Source.GIVEN),
            (TEXT, Source.SELECTION),
        ]


async def test_what_is_not_the_users_is_neither_remembered_nor_repeated() -> None:
    async with Session() as s:
        await s.read(TEXT)
        await s.device.hear_all()
        s.speak(CapturedText("A sample.", Source.GIVEN), is_users=False)
        await s.settle()
        await s.device.hear_all()
        assert s.spoken[-1] == "A sample."
        assert [entry.first_words for entry in s.controller.history.entries()] == [TEXT]
        await s.press(Command.REPEAT)
        await s.device.hear_all()
        assert s.spoken[-1] == "Three is third."


class TestANewSpeed:
    @staticmethod
    def session(*, says_speed: bool, has_screen_reader: bool = False) -> Session:
        s = Session()
        s.controller.preferences = Preferences(says_speed=says_speed, has_screen_reader=has_screen_reader)
        return s

    async def test_is_said_while_nothing_is_read_and_the_last_one_only(self) -> None:
        async with self.session(says_speed=True) as s:
            for _ in range(3):
                await s.press(Command.FASTER)
            await s.device.hear_all()
            assert s.spoken == ["266 words a minute"]
            assert s.player.speed == 1.33
            told = [e for e in s.events if isinstance(e, SpeedChanged)]
            assert told[-1].words_a_minute == 266
            assert s.controller.history.entries() == []
            await s.read(TEXT)
            await s.device.hear_all()
            await s.press(Command.REPEAT)  # of what was read, not of what was said
            await s.device.hear_all()
            assert s.spoken[-1] == "Three is third."

    async def test_is_not_said_over_a_reading(self) -> None:
        async with self.session(says_speed=True) as s:
            await s.read(TEXT)
            await s.hear(0.1)
            await s.press(Command.FASTER)
            await s.device.hear_all()
            assert s.spoken == ["One is first.", "Two is second.", "Three is third."]
            assert [e for e in s.events if isinstance(e, PaceMeasured)]

    async def test_may_be_kept_silent(self) -> None:
        async with self.session(says_speed=False) as s:
            await s.press(Command.FASTER)
            assert s.states == []

    async def test_is_left_to_a_screen_reader_where_one_runs(self) -> None:
        async with self.session(says_speed=True, has_screen_reader=True) as s:
            await s.press(Command.FASTER)
            assert s.states == []
            (told,) = s.events
            assert isinstance(told, SpeedChanged)
            assert told.words_a_minute == 220


async def test_sound_that_is_all_here_leaves_others_their_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    in_turns = [0]
    add = Player.add

    def counted(player: Player, chunk: AudioChunk) -> None:
        in_turns[-1] += 1
        add(player, chunk)

    async def scattered(stream: FakeStream, request: SpeechRequest) -> None:
        for number in range(200):
            pcm = b"\x10\x10" * 8
            chunk = AudioChunk(request.utterance_id, request.segment, RATE_HZ, pcm, 1.0, is_last=number == 199)
            stream._chunks.put_nowait(chunk)

    monkeypatch.setattr(Player, "add", counted)
    monkeypatch.setattr(FakeStream, "send", scattered)
    async with Session() as s:
        s.place.text = "One."
        s.controller.handle(Trigger(Command.READ_SELECTION, "key"))
        while sum(in_turns) < 200:
            in_turns.append(0)
            await asyncio.sleep(0)
        assert max(in_turns) == 1
