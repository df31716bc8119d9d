"""What becomes of a reading whose voices fail, have no sound for a text, or have it all at once."""

from __future__ import annotations

import asyncio
import threading

import pytest

from reader.audio.player import Player
from reader.flow import (
    AudioChunk,
    CapturedText,
    Command,
    SegmentStarted,
    Source,
    SpeechRequest,
    State,
    Trigger,
)
from reader.session.engines import Engines
from reader.session.preferences import Preferences
from reader.text import spoken
from reader.text.traced import Rewriting
from tests.fakes.engine import RATE_HZ, FakeEngine, FakeStream
from tests.fakes.preparing import PreparingSession
from tests.fakes.session import OTHER, TEXT, Session


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


class _HesitatingStream(FakeStream):
    async def send(self, request: SpeechRequest) -> None:
        self._engine.asked.append(request.text)

    async def finish(self) -> None:
        pass


class _HesitatingEngine(FakeEngine):
    """It is asked, and has said nothing yet."""

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> FakeStream:
        self.streams.append(_HesitatingStream(self, utterance_id))
        return self.streams[-1]


async def test_a_stop_ends_also_what_is_said_instead() -> None:
    first, second = FakeEngine("first"), _HesitatingEngine("second")
    first.breaks_on = {"One is first."}
    async with Session({"first": first, "second": second}) as s:
        await s.read(TEXT)
        assert second.asked == ["One is first."]
        await s.press(Command.STOP)
        assert [stream.is_cancelled for stream in second.streams] == [True]


@pytest.mark.parametrize("text", ["***", "…", "\u200b\u200b"])
async def test_a_text_without_words_is_told_of(text: str) -> None:
    async with Session() as s:
        await s.read(text)
        await s.settle()
        assert s.controller.state is State.IDLE
        assert len(s.notices) == 1


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
                spoken.spoken(f"This is the sentence number {i} of a long text.", "en").text
                for i in range(1, asked + 1)
            ],
        }[end]
        assert engine.asked[asked:] == new[: len(engine.asked) - asked]
        assert len(engine.streams) == (1 if end is Command.STOP else 2)


async def test_a_sign_that_no_voice_has_a_sound_for_ends_nothing() -> None:
    async with Session() as session:
        (engine,) = session.engines.values()
        engine.mute_on.add("★")
        await session.read("Before it.\n\n★\n\nBehind it.")
        await session.hear(5.0)
        assert session.spoken == ["Before it.", "Behind it."]
        assert session.notices == []


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


async def test_what_a_language_needs_is_made_on_a_thread_when_it_is_met_first(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []
    say = spoken.spoken

    def noted(text: str, language: str) -> Rewriting:
        threads.append(threading.current_thread())
        return say(text, language)

    monkeypatch.setattr(spoken, "spoken", noted)
    monkeypatch.setattr(spoken, "_loaded", {"en"})
    engine = FakeEngine(languages=["fi"])
    async with Session({"fake": engine}) as s:
        await s.read("Matka on 5 km pitkä.\n\nToinen on 6 km pitkä.")
        while len(engine.asked) < 2:
            await s.hear(1.0)
        assert engine.asked == [say(text, "fi").text for text in ("Matka on 5 km pitkä.", "Toinen on 6 km pitkä.")]
        assert [thread is threading.current_thread() for thread in threads] == [False, True, True]


@pytest.mark.own_time
async def test_the_voices_chosen_ahead_are_kept_for_their_reading_while_another_one_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with PreparingSession() as s:
        await s.select(TEXT)
        prepared = s.controller.maker.make(CapturedText(TEXT, Source.SELECTION))
        other = s.speak(CapturedText(OTHER, Source.GIVEN))
        await s.settle()
        s.controller.stop_reading(other)
        monkeypatch.delattr(Engines, "ready")  # nobody looks for voices again
        failures: list[Exception] = []
        prepared.start(failures.append)
        await s.settle()
        prepared.stop()
        assert failures == []
