"""What is said of what the user comes to, and what it interrupts: the rule, and the session that follows it."""

from __future__ import annotations

import pytest

from reader.core import from_settings
from reader.errors import NothingToReadError
from reader.flow import Command, ScreenReader, State
from reader.session.following import NewSelections, Now, Then, then
from reader.session.preferences import Preferences
from reader.settings.store import Settings
from tests.fakes.session import OTHER, TEXT, Session

pytestmark = pytest.mark.own_time

IDLE = Now(is_idle=True, is_followed=False, is_own=False, is_waiting=False)
FOLLOWED = Now(is_idle=False, is_followed=True, is_own=True, is_waiting=False)
OWN = Now(is_idle=False, is_followed=False, is_own=True, is_waiting=False)
USERS = Now(is_idle=False, is_followed=False, is_own=False, is_waiting=False)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (IDLE, Then.SAY),
        (FOLLOWED, Then.SAY),
        (FOLLOWED._replace(is_waiting=True), Then.WAIT),
        (OWN, Then.WAIT),
        (OWN._replace(is_waiting=True), Then.WAIT),
        (USERS, Then.SKIP),
    ],
)
def test_what_interrupts_what(now: Now, expected: Then) -> None:
    assert then("OK, button", now) is expected
    assert then("", now) is Then.SKIP


class TestTheSession:
    async def test_a_control_is_said_and_nothing_is_remembered_of_it(self) -> None:
        async with Session() as s:
            s.controller.follow("OK, button")
            await s.settle()
            assert s.controller.is_following
            await s.device.hear_all()
            assert s.spoken == ["OK, button"]
            assert s.controller.history.entries() == []
            assert s.controller.refusal(Command.REPEAT)  # it is nothing to be repeated

    async def test_a_newer_one_interrupts_it_and_nothing_queues(self) -> None:
        async with Session() as s:
            for name in ("One", "Two", "Three", "Four"):
                s.controller.follow(f"{name}, button")
            await s.settle()
            await s.device.hear_all()
            assert s.spoken == ["Four, button"]
            assert s.endings == [False, False, False, True]

    @pytest.mark.parametrize("pauses", [False, True])
    async def test_what_the_user_has_read_goes_on(self, pauses: bool) -> None:
        async with Session() as s:
            await s.read(TEXT)
            if pauses:
                await s.press(Command.PAUSE)
            s.controller.follow("OK, button")
            s.controller.follow("")
            await s.settle()
            assert s.controller.state is (State.PAUSED if pauses else State.PREPARING)
            if pauses:
                await s.press(Command.RESUME)
            await s.device.hear_all()
            assert s.spoken == ["One is first.", "Two is second.", "Three is third."]

    async def test_what_the_user_wants_interrupts_it(self) -> None:
        async with Session() as s:
            s.controller.follow("OK, button")
            await s.read(OTHER)
            await s.device.hear_all()
            assert s.spoken[-2:] == ["Another text.", "It has two sentences."]

    async def test_a_new_selection_interrupts_it_and_a_reading(self) -> None:
        async with Session() as s:
            s.controller.follow("OK, button")
            await s.settle()
            for text in (TEXT, OTHER):
                s.place.text = text
                await s.press(Command.READ_SELECTION, "selection")
            await s.device.hear_all()
            assert s.spoken[-2:] == ["Another text.", "It has two sentences."]

    async def test_going_away_silences_it(self) -> None:
        async with Session() as s:
            s.controller.follow("OK, button")
            await s.settle()
            s.controller.follow("")
            assert s.controller.state is State.IDLE

    async def test_harkens_own_sentence_is_heard_first_and_then_the_newest_alone(self) -> None:
        async with Session() as s:
            s.controller.preferences = Preferences(speaks_notices=True)
            s.place.text = NothingToReadError("Nothing is selected.")
            await s.press(Command.READ_SELECTION)
            s.controller.follow("OK, button")
            s.controller.follow("Cancel, button")
            await s.settle()
            await s.device.hear_all()
            await s.settle()
            await s.device.hear_all()
            assert s.spoken[0].startswith("Nothing is selected.")
            assert s.spoken[-1] == "Cancel, button"
            assert "OK, button" not in s.spoken

    async def test_one_that_can_not_be_said_is_no_notice(self) -> None:
        async with Session() as s:
            s.controller.follow("…")
            await s.settle()
            await s.device.hear_all()
            assert s.notices == []

    async def test_what_waits_behind_one_that_can_not_be_said_is_heard(self) -> None:
        async with Session() as s:
            s.controller.preferences = Preferences(speaks_notices=True)
            s.controller.follow("…")
            assert s.controller.say("This is one.")
            await s.settle()
            await s.device.hear_all()
            assert s.spoken == ["This is one."]

    async def test_a_selection_that_two_places_tell_of_is_read_once(self) -> None:
        async with Session() as s:
            s.place.text = "Word."
            await s.press(Command.READ_SELECTION, "selection")
            await s.device.hear_all()
            await s.press(Command.READ_SELECTION, "selection")
            assert s.controller.state is State.IDLE
            assert s.spoken == ["Word."]


def test_the_same_selected_again_later_is_new() -> None:
    selections = NewSelections()
    assert selections.is_new("Word.", 10.0)
    assert not selections.is_new("Word.", 10.5)
    assert selections.is_new("Other.", 10.6)
    assert selections.is_new("Other.", 20.0)


def test_nothing_is_followed_beside_a_screen_reader(tmp_path: object) -> None:
    settings = Settings(tmp_path / "settings.toml")  # type: ignore[operator]
    for key in from_settings.FOLLOWED:
        settings.set(key, True)
    alone = from_settings.places(settings, ScreenReader())
    beside = from_settings.places(settings, ScreenReader(is_running=True))
    assert (alone.every_selection, alone.follows_focus, alone.follows_pointer) == (True, True, True)
    assert (beside.every_selection, beside.follows_focus, beside.follows_pointer) == (False, False, False)


def test_nothing_is_followed_unless_the_user_wishes(tmp_path: object) -> None:
    options = from_settings.places(Settings(tmp_path / "settings.toml"), ScreenReader())  # type: ignore[operator]
    assert not (options.every_selection)
    assert not (options.follows_focus)
    assert not (options.follows_pointer)
