"""What has the focus, as programs report it, and whether what has lost it has it all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, Message, new_signal

from reader.capture.accessible import IFACE, Accessibles, Object
from reader.capture.atspi import AtspiFocus
from reader.capture.base import Front, InFront, Selection
from reader.capture.focus import Focus, Lost
from reader.capture.roles import Role, State
from reader.errors import CaptureTimeoutError, NothingToReadError
from reader.flow import Source
from tests.fakes.accessible_program import NAME, Item, Program
from tests.own_time import settle

pytestmark = pytest.mark.own_time
SHOWING = 1 << State.SHOWING
OTHER = ":1.9"


def report(item: Object, has_focus: bool) -> Message:
    message = new_signal(
        DBusAddress(item.path, interface=IFACE + "Event.Object"), "StateChanged", "sii", ("focused", int(has_focus), 0)
    )
    message.header.fields[HeaderFields.sender] = item.owner
    return message


class NoReports:
    """The test reports instead."""

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass


@asynccontextmanager
async def followed(program: Program) -> AsyncIterator[tuple[AtspiFocus, list[Object | None]]]:
    """A place that follows the focus, and what else was told of it."""
    place, met = AtspiFocus(), list[Object | None]()
    place._objects._bus = program  # type: ignore[assignment]
    place._objects._own.update({NAME: False, OTHER: False})
    place._focus = Focus(place._objects, met.append)
    place._focus._reports = NoReports()  # type: ignore[assignment]
    await place._focus.start()
    try:
        yield place, met
    finally:
        await place._focus.close()


async def tell(place: AtspiFocus, item: Object, has_focus: bool) -> None:
    place._focus._on_report(report(item, has_focus))
    await settle()


def now_s() -> float:
    return asyncio.get_running_loop().time()


def window_since(place: AtspiFocus, since_s: float | None) -> None:
    async def ask() -> InFront:
        return InFront(7, since_s)

    place.use_front(ask)


@pytest.mark.parametrize(
    ("front_since_s", "is_meant"),
    [
        (10.0, True),  # the window was there before
        (20.0, True),
        (20.2, True),  # the window manager is the later one to tell of the same window
        (20.6, False),  # a window that came later, and took nothing
        (29.8, False),  # the one that took it
        (30.2, False),
        (None, False),  # nobody knows
    ],
)
def test_what_is_lost_is_meant_in_its_own_window_alone(front_since_s: float | None, is_meant: bool) -> None:
    lost = Lost(Object(NAME, "/it"), Role.TEXT, gained_s=20.0, lost_s=30.0)
    assert lost.is_meant(front_since_s) is is_meant


def test_what_is_lost_at_once_was_perhaps_taken_by_another_window() -> None:
    lost = Lost(Object(NAME, "/it"), Role.TEXT, gained_s=20.0, lost_s=20.4)
    assert lost.is_meant(20.0)
    assert not lost.is_meant(20.1)


class TestWhatIsRead:
    @pytest.fixture
    def program(self) -> Program:
        items = {name: Item(text=f"Of {name}.", selected=(0, 2), states=SHOWING) for name in ("it", "other")}
        return Program(**items, **{"org/a11y/atspi/accessible/root": Item()})

    async def read(self, place: AtspiFocus) -> str:
        return (await place.read(Source.FOCUS)).text

    async def test_is_what_a_grab_took_the_focus_from(self, program: Program) -> None:
        async with followed(program) as (place, _):
            window_since(place, now_s() - 60.0)
            await tell(place, program.object("it"), True)
            await tell(place, program.object("it"), False)
            assert await place.look() == Selection(Front.ITS_OWN, "Of")
            assert await self.read(place) == "Of"

    async def test_is_it_too_when_the_grab_comes_while_it_is_read(
        self, program: Program, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with followed(program) as (place, _):
            window_since(place, now_s() - 60.0)
            it = program.object("it")
            await tell(place, it, True)
            ask = program.ask

            async def ask_and_lose(message: Message, limit_s: float) -> tuple[Any, ...]:
                place._focus._on_report(report(it, False))
                return await ask(message, limit_s)

            monkeypatch.setattr(program, "ask", ask_and_lose)
            assert await self.read(place) == "Of"

    @pytest.mark.parametrize("since_s", [None, 1.0])
    async def test_is_nothing_of_another_window(self, program: Program, since_s: float | None) -> None:
        async with followed(program) as (place, _):
            await tell(place, program.object("it"), True)
            await asyncio.sleep(10.0)
            window_since(place, since_s and now_s() - since_s)
            await tell(place, program.object("it"), False)
            assert await place.look() is None
            with pytest.raises(NothingToReadError):
                await self.read(place)

    @pytest.mark.parametrize("states", [0, None])
    async def test_is_nothing_that_is_no_longer_shown_or_gone(self, program: Program, states: int | None) -> None:
        async with followed(program) as (place, _):
            window_since(place, now_s() - 60.0)
            await tell(place, program.object("it"), True)
            await tell(place, program.object("it"), False)
            if states is None:
                del program.items["/it"]
            else:
                program.items["/it"].states = states
            with pytest.raises(NothingToReadError):
                await self.read(place)

    @pytest.mark.parametrize("owner", [NAME, OTHER])
    async def test_is_what_has_got_it_since(self, program: Program, owner: str) -> None:
        async with followed(program) as (place, _):
            window_since(place, now_s() - 60.0)
            await tell(place, program.object("it"), True)
            await tell(place, program.object("it"), False)
            program.items["/other"].selected = (3, 8)
            await tell(place, Object(owner, "/other"), True)
            assert await self.read(place) == "other"

    async def test_is_what_lost_it_rather_than_what_still_claims_it_from_before(self, program: Program) -> None:
        async with followed(program) as (place, _):
            window_since(place, now_s() - 60.0)
            program.items["/other"].selected = (3, 8)
            await tell(place, Object(OTHER, "/other"), True)
            await tell(place, program.object("it"), True)
            await tell(place, program.object("it"), False)
            assert await self.read(place) == "Of"

    async def test_is_nothing_when_reports_were_missed(self, program: Program) -> None:
        async with followed(program) as (place, _):
            window_since(place, now_s() - 60.0)
            await tell(place, program.object("it"), True)
            await tell(place, program.object("it"), False)
            place._focus.forget()
            with pytest.raises(NothingToReadError):
                await self.read(place)

    async def test_is_the_drop_down_list_whose_button_lost_it(self) -> None:
        program = Program(
            button=Item(role=Role.TOGGLE_BUTTON, parent="/list", states=SHOWING),
            list=Item(role=Role.COMBO_BOX, name="Paper", states=SHOWING | 1 << State.ENABLED),
        )
        async with followed(program) as (place, _):
            window_since(place, now_s() - 60.0)
            await tell(place, program.object("button"), True)
            await tell(place, program.object("button"), False)
            assert await self.read(place) == "Paper, drop-down list"
            await tell(place, program.object("button"), True)
            assert (place._focus.item, place._focus.role) == (program.object("list"), Role.COMBO_BOX)


class TestAWindowThatSaysItHasItItself:
    @pytest.mark.parametrize("has_it", [False, True])
    async def test_has_not_while_what_had_it_before_still_says_so(self, has_it: bool) -> None:
        focused = 1 << State.FOCUSED
        program = Program(
            window=Item(role=Role.ROOT_PANE, states=focused * has_it), text=Item(text="Text.", states=focused)
        )
        async with followed(program) as (place, met):
            window, text = program.object("window"), program.object("text")
            await tell(place, text, True)
            for _ in range(2):
                await tell(place, window, True)
            assert place._focus.item == (window if has_it else text)
            assert place._focus.role == (Role.ROOT_PANE if has_it else Role.TEXT)
            assert met == ([text, window] if has_it else [text])
            await tell(place, window if has_it else text, False)
            assert place._focus.item is None

    async def test_has_when_the_other_has_lost_it(self) -> None:
        focused = 1 << State.FOCUSED
        program = Program(window=Item(role=Role.ROOT_PANE), text=Item(text="Text.", states=focused))
        async with followed(program) as (place, _):
            await tell(place, program.object("text"), True)
            await tell(place, program.object("text"), False)
            await tell(place, program.object("window"), True)
            assert place._focus.item == program.object("window")


class TestWhatIsFollowed:
    @pytest.fixture
    def program(self) -> Program:
        return Program(it=Item(text="It."), other=Item(text="Other."))

    async def test_is_nothing_new_when_it_comes_back_in_a_moment(self, program: Program) -> None:
        async with followed(program) as (place, met):
            it = program.object("it")
            await tell(place, it, True)
            for _ in range(3):
                await tell(place, it, False)
                await asyncio.sleep(0.1)
                await tell(place, it, True)
            await asyncio.sleep(10.0)
            assert met == [it]

    async def test_is_told_as_lost_when_the_moment_is_over(self, program: Program) -> None:
        async with followed(program) as (place, met):
            it = program.object("it")
            await tell(place, it, True)
            await tell(place, it, False)
            assert met == [it]
            await asyncio.sleep(1.0)
            await settle()
            assert met == [it, None]
            await tell(place, it, True)
            assert met == [it, None, it]

    async def test_is_what_gets_it_at_once(self, program: Program) -> None:
        async with followed(program) as (place, met):
            it, other = program.object("it"), program.object("other")
            await tell(place, it, True)
            await tell(place, it, False)
            await tell(place, other, True)
            assert met == [it, other]


async def test_a_program_too_busy_to_say_what_has_the_focus_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with followed(Program(it=Item(text="It."))) as (place, _):
        ask = place._objects.role

        async def too_busy(_item: Object) -> int:
            raise CaptureTimeoutError("busy")

        monkeypatch.setattr(place._objects, "role", too_busy)
        await tell(place, Object(NAME, "/it"), True)
        assert await place.look() is None
        await settle()
        monkeypatch.setattr(place._objects, "role", ask)
        assert await place.look() is None
        await settle()
        assert await place.look() is not None


async def test_harkens_own_windows_take_the_focus_from_nothing() -> None:
    focus = Focus(Accessibles())
    focus._objects._own.update({NAME: False, OTHER: True})
    it = Object(NAME, "/it")
    for item, has_focus in ((it, True), (it, False), (Object(OTHER, "/own"), True)):
        focus._on_report(report(item, has_focus))
    assert focus.lost is not None
    assert focus.lost.item == it
