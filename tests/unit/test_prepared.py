"""What is made of a selection before a key is pressed: only for exactly that, and only where nobody minds."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from reader.capture.base import Extent
from reader.capture.quiet import QUIET_S
from reader.errors import CaptureError, CaptureTimeoutError
from reader.flow import CapturedText, Command, Source, Voice
from reader.session.beginning import Beginning, CutAhead
from reader.session.engines import Engines, Remote
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.preparing import KEPT_S, Now, may_prepare
from reader.session.voice_choice import VoiceChoice
from reader.text import spoken
from reader.text.pronunciations import Entry
from reader.text.segment import Segmenter
from tests.fakes.engine import FakeEngine
from tests.fakes.preparing import PreparingSession
from tests.fakes.session import OTHER, TEXT

pytestmark = pytest.mark.own_time

FIRST, SECOND, THIRD = "One is first.", "Two is second.", "Three is third."


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def s(engine: FakeEngine) -> PreparingSession:
    return PreparingSession({"fake": engine})


async def test_the_first_words_are_made_before_the_key_is_pressed_and_heard_once(
    s: PreparingSession, engine: FakeEngine
) -> None:
    async with s:
        await s.select(TEXT)
        assert engine.asked == [FIRST]
        assert s.events == []
        assert s.device.runs == 0
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert engine.asked == [FIRST, SECOND, THIRD]
        assert s.spoken == [FIRST, SECOND, THIRD]
        assert not s.is_prepared


async def test_what_is_heard_is_the_same_as_if_nothing_was_prepared(engine: FakeEngine) -> None:
    heard = []
    for is_wanted in (False, True):
        async with PreparingSession({"fake": engine}) as s:
            s.preparer.is_wanted = is_wanted
            await s.select(TEXT)
            assert s.is_prepared is is_wanted
            await s.press(Command.READ_SELECTION)
            await s.device.hear_all()
            heard.append((s.device.heard, s.spoken, s.events))
    assert heard[0] == heard[1]


async def test_what_is_known_of_the_first_words_is_not_found_out_again(
    s: PreparingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How the text is cut, who reads it, and what they are to say."""
    found_out: list[str] = []

    def note(kind: type, name: str) -> None:
        usual = getattr(kind, name)

        def noting(self: object, *values: object, **more: object) -> object:
            found_out.append(name)
            return usual(self, *values, **more)

        monkeypatch.setattr(kind, name, noting)

    note(Segmenter, "feed")
    note(VoiceChoice, "__init__")
    note(VoiceChoice, "requests_for")
    async with s:
        await s.select(TEXT)
        assert found_out == ["__init__", "feed", "requests_for"]
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert found_out[3:] == ["requests_for"] * 2
        assert s.spoken == [FIRST, SECOND, THIRD]


async def nothing_more() -> None:
    return None


CAPTURED = CapturedText(TEXT, Source.SELECTION)
CHOSEN = Preferences()
VOICES = (Voice("fake/en", "Fake", "en"),)


@pytest.mark.parametrize(
    ("prepared", "captured", "is_so"),
    [
        (CAPTURED, CAPTURED, True),
        (CAPTURED, replace(CAPTURED, text=f"{TEXT} "), False),
        (CAPTURED, replace(CAPTURED, source=Source.FOCUS), False),
        (CAPTURED, replace(CAPTURED, more=nothing_more), False),
        (replace(CAPTURED, is_cut=True), replace(CAPTURED, is_cut=True), False),
        (replace(CAPTURED, is_cut=True), CAPTURED, False),
        (replace(CAPTURED, more=nothing_more), CAPTURED, False),
    ],
)
def test_how_a_text_is_cut_holds_for_the_whole_of_it(
    prepared: CapturedText, captured: CapturedText, is_so: bool
) -> None:
    made = Beginning(prepared, CHOSEN, VOICES, VoiceChoice(VOICES), CutAhead(prepared, CHOSEN))
    assert made.is_cut_so(captured) is is_so


@pytest.mark.parametrize(
    ("options", "voices", "is_so"),
    [
        (ReadingOptions(CHOSEN), VOICES, True),
        (ReadingOptions(replace(CHOSEN, sounds_ends=True)), VOICES, False),
        (ReadingOptions(CHOSEN, is_whole=False), VOICES, False),
        (ReadingOptions(CHOSEN, is_own_words=True), VOICES, False),
        (ReadingOptions(CHOSEN), (), False),
    ],
)
def test_the_choice_of_voices_holds_for_the_same_wishes(
    options: ReadingOptions, voices: tuple[Voice, ...], is_so: bool
) -> None:
    made = Beginning(CAPTURED, CHOSEN, VOICES, VoiceChoice(VOICES), CutAhead(CAPTURED, CHOSEN))
    assert made.is_read_so(options, voices) is is_so


def test_what_would_be_told_of_the_language_is_told() -> None:
    chosen = replace(CHOSEN, names_language=True, language="fr")
    made = Beginning(CAPTURED, chosen, VOICES, VoiceChoice(VOICES), CutAhead(CAPTURED, chosen))
    assert not made.is_read_so(ReadingOptions(chosen), VOICES)


async def test_a_mouse_that_is_dragged_over_a_book_costs_nothing(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        for chars in range(1, 101):
            s.change(f"{TEXT} {OTHER} "[:chars])
            await s.wait(QUIET_S / 2)
        assert engine.asked == []
        assert s.place.reads == 0
        await s.wait(QUIET_S)
        assert len(engine.asked) == s.place.reads == 1


async def test_only_the_newest_selection_is_prepared(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        await s.select(TEXT)
        await s.select(OTHER)
        assert engine.streams[0].is_cancelled
        assert not engine.streams[1].is_cancelled
        await s.press(Command.READ_SELECTION)
        assert engine.asked == [FIRST, "Another text.", "It has two sentences."]


async def test_only_one_request_is_made(s: PreparingSession, engine: FakeEngine) -> None:
    """One call of a voice, of its 240 characters at most: pieces.MAX_CHARS."""
    async with s:
        await s.select("word " * 100_000)
        assert len(engine.asked) == 1
        assert len(engine.asked[0]) <= 240


async def test_it_is_forgotten_after_a_minute(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        await s.select(TEXT)
        await s.wait(KEPT_S - 1)
        assert s.is_prepared
        await s.wait(2)
        assert not s.is_prepared
        assert engine.streams[0].is_cancelled


async def test_it_is_forgotten_when_the_selection_goes_or_another_window_comes(s: PreparingSession) -> None:
    async with s:
        await s.select(TEXT)
        s.change("")
        assert not s.is_prepared
        await s.select(TEXT)
        s.quiet.leave()
        assert not s.is_prepared


async def test_a_text_that_has_changed_since_is_read_as_it_is_now(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        await s.select(TEXT)
        await s.read("One is worst. Two is second.")
        await s.device.hear_all()
        assert s.spoken == ["One is worst.", "Two is second."]
        assert engine.streams[0].is_cancelled


async def test_the_clipboard_is_no_selection(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        await s.select(TEXT)
        s.speak(CapturedText(TEXT, Source.CLIPBOARD))
        await s.settle()
        assert engine.asked[:2] == [FIRST, FIRST]


@pytest.mark.parametrize(
    "other",
    [
        {"voice_id": "fake/de"},
        {"language": "de"},
        {"expected_language": "de"},
        {"pitch": 0.5},
        {"preferred": {"en": "fake/de"}},
    ],
)
async def test_after_a_change_of_what_was_chosen_it_is_as_if_nothing_was_prepared(other: dict[str, object]) -> None:
    engine = FakeEngine(languages=("en", "de"))
    spoken.load("de")
    async with PreparingSession({"fake": engine}) as s:
        await s.select(TEXT)
        s.controller.preferences = replace(s.controller.preferences, **other)  # type: ignore[arg-type]
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert engine.streams[0].is_cancelled
        assert engine.asked[:2] == [FIRST, FIRST]


async def test_after_a_change_of_speed_it_is_made_again(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        await s.select(TEXT)
        s.controller.rate.set_speed(1.5)
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert engine.streams[0].is_cancelled
        assert engine.asked[:2] == [FIRST, FIRST]


async def test_after_another_pronunciation_it_is_made_again(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        await s.select(TEXT)
        s.words.give(Entry("first", "last"))
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert engine.streams[0].is_cancelled
        assert engine.asked[:2] == [FIRST, "One is last."]


async def test_a_voice_on_a_network_is_never_asked_nor_the_program(engine: FakeEngine) -> None:
    """Neither the chosen one, nor one that would read this language."""
    service = FakeEngine("polly")
    made: list[str] = []

    async def make() -> dict[str, FakeEngine]:
        made.append("polly")
        return {"polly": service}

    async with PreparingSession({"fake": engine}) as s:
        engines = Engines({"fake": engine}, [Remote(frozenset({"polly"}), make)])
        s.controller.maker._engines = engines
        s.controller.preferences = Preferences(voice_id="polly/en", speaks_notices=False)
        await s.select(TEXT)
        assert s.place.reads == 0
        engines.all["polly"] = service  # made for a reading of before
        s.controller.preferences = Preferences(preferred={"en": "polly/en"}, stand_in_id="polly/en")
        await s.select(OTHER)
        assert engine.asked == ["Another text."]
        assert service.asked == made == []


async def test_what_may_not_be_read_is_not_prepared_and_not_told_of(
    s: PreparingSession, engine: FakeEngine, caplog: pytest.LogCaptureFixture
) -> None:
    """The secret of a password manager, a password's field, a program that hangs; and nothing is in the log."""
    caplog.set_level(logging.DEBUG)
    async with s:
        for error in (CaptureError("This is a password."), CaptureTimeoutError("The program does not answer.")):
            s.place.text = error
            s.quiet.change(asyncio.get_running_loop().time(), is_there=True)
            await s.wait(1.0)
        assert s.place.reads == 2
        await s.select("A sentence of which the log knows nothing.")
        assert s.is_prepared
        assert s.events == []
        assert "sentence" not in caplog.text
    assert len(engine.asked) == 1


async def test_while_the_screen_is_locked_or_the_battery_low_no_program_is_asked(
    s: PreparingSession, engine: FakeEngine
) -> None:
    async with s:
        s.is_against = True
        await s.select(TEXT)
        assert s.place.reads == 0
        assert engine.asked == []


async def test_a_reading_that_has_little_to_be_heard_is_not_held_up(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        await s.read("A short one. " * 3)
        asked = len(engine.asked)
        await s.select(OTHER)
        assert len(engine.asked) == asked
        assert s.place.reads == 1
    assert may_prepare(Now(True, True, False, False, 20.0))
    assert not may_prepare(Now(True, True, False, False, 1.0))


async def test_under_a_reading_that_is_far_ahead_the_next_selection_is_prepared(
    s: PreparingSession, engine: FakeEngine
) -> None:
    async with s:
        await s.read(" ".join(f"This is sentence number {number} of a text." for number in range(40)))
        await s.hear(0.1)
        assert s.player.ahead_s > 10
        await s.select(OTHER)
        assert engine.asked[-1] == "Another text."
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert engine.asked.count("Another text.") == 1
        assert s.spoken[-2:] == ["Another text.", "It has two sentences."]


async def test_a_key_press_does_not_wait_for_a_program_that_is_asked_in_advance(s: PreparingSession) -> None:
    """What holds up the preparation is asked again, as if it had not been asked."""
    async with s:
        s.place.gate = slow = asyncio.Event()
        await s.select(TEXT)
        assert s.place.reads == 1
        s.place.gate = None
        await s.press(Command.READ_SELECTION)
        assert s.place.reads == 2
        slow.set()
        await s.device.hear_all()
        assert s.spoken == [FIRST, SECOND, THIRD]


async def test_nothing_is_begun_while_a_text_is_looked_for(s: PreparingSession) -> None:
    async with s:
        s.place.gate = asyncio.Event()
        await s.read(TEXT)
        await s.select(OTHER)
        assert s.place.reads == 1
        s.place.gate.set()
        await s.settle()


async def test_a_voice_that_fails_meanwhile_says_so_in_the_reading(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        engine.breaks_on.add(FIRST)
        await s.select(TEXT)
        assert s.events == []
        await s.press(Command.READ_SELECTION)
        await s.device.hear_all()
        assert any("can't say part of this text" in notice for notice in s.notices)
        assert s.spoken[-2:] == [SECOND, THIRD]


async def test_when_the_user_does_not_wish_it_nothing_is_asked(s: PreparingSession, engine: FakeEngine) -> None:
    async with s:
        s.preparer.is_wanted = False
        await s.select(TEXT)
        assert s.place.reads == 0
        assert engine.asked == []


async def test_only_the_beginning_is_asked_for(s: PreparingSession, monkeypatch: pytest.MonkeyPatch) -> None:
    extents = []
    read = s.place.read

    async def note(source: Source, extent: Extent = Extent.FOCUS, /) -> CapturedText:
        extents.append(extent)
        return replace(await read(source, extent), is_cut=extent is Extent.BEGINNING)

    monkeypatch.setattr(s.place, "read", note)
    async with s:
        await s.select(TEXT)
        await s.press(Command.READ_SELECTION)
        assert extents == [Extent.BEGINNING, Extent.FOCUS]
