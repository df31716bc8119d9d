"""What a compositor says of selections and of the window in front, and what is made of it. No I/O."""

from __future__ import annotations

import struct
from collections.abc import Callable, Hashable

import pytest

from reader.capture.base import Front
from reader.capture.data_control import Offer, Selections, Toplevels, Window
from reader.capture.front import FrontWindow, Other
from reader.wayland.wire import HEAD_BYTES, Arguments, WireError, request

Handler = Callable[[int, Arguments], None]
MANAGER, SEAT = 5, 6
FIRST = 0xFF000000


class Compositor:
    """Keeps what is sent, and tells what a test has it tell."""

    def __init__(self) -> None:
        self.handlers: dict[int, Handler] = {}
        self.sent: list[tuple[object, ...]] = []
        self.now_s = 0.0

    def new(self, handler: Handler) -> int:
        self.handlers[100] = handler
        return 100

    def adopt(self, number: int, handler: Handler) -> None:
        if number < FIRST:
            raise WireError(str(number))
        self.handlers[number] = handler

    def forget(self, number: int) -> None:
        del self.handlers[number]

    def send(self, number: int, opcode: int, *arguments: int | str, fd: int | None = None) -> None:
        self.sent.append((number, opcode, *arguments, *([fd] if fd is not None else [])))

    def stamp(self) -> float:
        self.now_s += 1
        return self.now_s

    def tell(self, number: int, opcode: int, *arguments: int | str) -> None:
        self.handlers[number](opcode, Arguments(request(number, opcode, *arguments)[HEAD_BYTES:]))

    def offer(self, number: int, *kinds: str) -> int:
        self.tell(100, 0, number)
        for kind in kinds:
            self.tell(number, 0, kind)
        return number


class TestSelections:
    @pytest.fixture
    def compositor(self) -> Compositor:
        return Compositor()

    def made(self, compositor: Compositor, news: list[bool]) -> Selections:
        selections = Selections(compositor, MANAGER, SEAT, lambda: news.append(True))
        assert compositor.sent == [(MANAGER, 1, 100, SEAT)]
        return selections

    def test_what_was_there_before_has_no_date_and_what_comes_has_one(self, compositor: Compositor) -> None:
        news: list[bool] = []
        selections = self.made(compositor, news)
        compositor.tell(100, 3, compositor.offer(FIRST, "text/plain"))
        assert selections.primary == Offer(FIRST, ["text/plain"])
        assert selections.selected_s is None
        selections.settle()
        compositor.tell(100, 3, compositor.offer(FIRST + 1, "UTF8_STRING"))
        assert selections.primary == Offer(FIRST + 1, ["UTF8_STRING"])
        assert selections.selected_s == 1.0
        assert len(news) == 2

    def test_an_offer_that_is_replaced_is_destroyed(self, compositor: Compositor) -> None:
        selections = self.made(compositor, [])
        compositor.tell(100, 1, compositor.offer(FIRST))
        compositor.tell(100, 3, compositor.offer(FIRST + 1))
        compositor.tell(100, 3, compositor.offer(FIRST + 2))
        assert (FIRST + 1, 1) in compositor.sent
        assert (FIRST, 1) not in compositor.sent
        assert selections.clipboard == Offer(FIRST)
        compositor.tell(100, 3, 0)
        compositor.tell(100, 1, 0)
        assert selections.primary is selections.clipboard is None
        assert set(compositor.handlers) == {100}

    def test_a_seat_that_is_gone_ends_the_connection(self, compositor: Compositor) -> None:
        self.made(compositor, [])
        with pytest.raises(WireError):
            compositor.tell(100, 2)

    def test_offers_that_are_never_used_do_not_pile_up(self, compositor: Compositor) -> None:
        self.made(compositor, [])
        for i in range(1000):
            compositor.offer(FIRST + i, "text/plain")
        assert len(compositor.handlers) < 20

    def test_kinds_beyond_number_do_not_pile_up(self, compositor: Compositor) -> None:
        selections = self.made(compositor, [])
        compositor.tell(100, 3, compositor.offer(FIRST, *(f"a/{i}" for i in range(5000))))
        assert selections.primary
        assert len(selections.primary.kinds) <= 500

    def test_utf8_is_asked_for_first(self, compositor: Compositor) -> None:
        selections = self.made(compositor, [])
        offer = Offer(FIRST, ["text/html", "TEXT", "text/plain", "UTF8_STRING", "text/plain;charset=utf-8"])
        selections.receive(offer, 7)
        assert compositor.sent[-1] == (FIRST, 0, "text/plain;charset=utf-8", 7)

    def test_pictures_are_no_text(self) -> None:
        assert Offer(FIRST, ["image/png", "text/uri-list"]).text_kind == ""

    def test_a_password_is_known_by_its_managers_hint(self) -> None:
        assert Offer(FIRST, ["text/plain", "x-kde-passwordManagerHint"]).is_secret
        assert not Offer(FIRST, ["text/plain"]).is_secret

    def test_an_object_with_a_number_of_ours_is_refused(self, compositor: Compositor) -> None:
        self.made(compositor, [])
        with pytest.raises(WireError):
            compositor.offer(17)


class TestToplevels:
    def state(self, compositor: Compositor, number: int, *states: int) -> None:
        raw = struct.pack(f"={len(states) + 1}I", 4 * len(states), *states)
        compositor.handlers[number](4, Arguments(raw))
        compositor.tell(number, 5)

    def test_the_active_window_is_told_once_for_each_change(self) -> None:
        compositor, told = Compositor(), list[Window | None]()
        toplevels = Toplevels(compositor, MANAGER, told.append)
        for number, app in ((FIRST, "one"), (FIRST + 1, "two")):
            toplevels.on_manager(0, Arguments(struct.pack("=I", number)))
            compositor.tell(number, 1, app)
        self.state(compositor, FIRST, 0, 2)
        self.state(compositor, FIRST, 2)
        self.state(compositor, FIRST)
        self.state(compositor, FIRST + 1, 2)
        assert [window and window.app for window in told] == ["one", None, "two"]

    def test_a_window_that_is_closed_is_never_the_one_that_gets_its_number(self) -> None:
        compositor, told = Compositor(), list[Window | None]()
        toplevels = Toplevels(compositor, MANAGER, told.append)
        toplevels.on_manager(0, Arguments(struct.pack("=I", FIRST)))
        self.state(compositor, FIRST, 2)
        compositor.tell(FIRST, 6)
        assert compositor.sent == [(FIRST, 7)]
        toplevels.on_manager(0, Arguments(struct.pack("=I", FIRST)))
        self.state(compositor, FIRST, 2)
        assert told[0] != told[2]
        assert told[1] is None


class TestFront:
    def front(self, *changes: tuple[float, Hashable]) -> FrontWindow:
        front = FrontWindow()
        for at_s, window in changes:
            front.change(window, at_s)
        return front

    @pytest.mark.parametrize(
        ("changes", "selected_s", "expected"),
        [
            ([], 1.0, Front.UNKNOWN),
            ([(1.0, "a")], None, Front.UNKNOWN),
            ([(1.0, "a")], 2.0, Front.ITS_OWN),
            ([(1.0, "a")], 0.5, Front.ANOTHERS),
            ([(1.0, "a"), (3.0, "b")], 2.0, Front.ANOTHERS),
            ([(1.0, "a"), (3.0, "b"), (4.0, "a")], 2.0, Front.ITS_OWN),
            ([(1.0, "a"), (3.0, "b")], 3.5, Front.ITS_OWN),
            ([(1.0, "a"), (3.0, Other.NOTHING)], 2.0, Front.ANOTHERS),
            ([(1.0, "a"), (3.0, Other.NOTHING)], 4.0, Front.ITS_OWN),  # by a helper, behind no window
            ([(1.0, Other.NOTHING), (3.0, "a"), (5.0, Other.NOTHING)], 2.0, Front.ANOTHERS),
            ([(1.0, "a"), (3.0, Other.NOTHING), (4.0, Other.OWN)], 5.0, Front.ANOTHERS),
            ([(1.0, "a"), (3.0, Other.NOTHING), (4.0, Other.OWN)], 2.0, Front.ANOTHERS),
            ([(1.0, "a"), (3.0, Other.NOTHING), (3.1, Other.OWN)], 2.0, Front.ITS_OWN),  # it was there all the time
            ([(1.0, "a"), (3.0, Other.OWN), (4.0, Other.NOTHING), (4.1, Other.OWN)], 2.0, Front.ITS_OWN),
            ([(1.0, "a"), (3.0, Other.UNKNOWN)], 2.0, Front.UNKNOWN),
            ([(1.0, "a"), (3.0, Other.OWN)], 2.0, Front.ITS_OWN),  # what is meant is in the window before
            ([(1.0, "a"), (3.0, Other.OWN), (5.0, "a")], 4.0, Front.ANOTHERS),  # it was selected in Harken's
        ],
    )
    def test_whose_a_selection_is(
        self, changes: list[tuple[float, Hashable]], selected_s: float | None, expected: Front
    ) -> None:
        assert self.front(*changes).judge(selected_s).front is expected

    def test_what_is_older_than_what_is_remembered_is_an_old_one(self) -> None:
        front = self.front((1.0, "a"), *((2.0 + i, f"w{i}") for i in range(1000)), (2000.0, "a"))
        assert not front.judge(1.5).is_meant()
