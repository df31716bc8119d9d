"""What is taken of the focused object: its selection, else the text from the caret on, else what a control says."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from jeepney import Message

from reader.capture.accessible import Object
from reader.capture.atspi import AtspiFocus
from reader.capture.base import LIMIT_CHARS, Extent, Front, InFront, Selection
from reader.capture.roles import Role, State
from reader.capture.walk import PART_CHARS
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.flow import Source
from tests.fakes.accessible_program import Item, Program

_PASSWORD, _DOCUMENT = 40, 95
_ACTIVE, _CHECKED, _FOCUSED = 1 << 1, 1 << 4, 1 << 12
_ROOT = "org/a11y/atspi/accessible/root"
TWO = "First line.\nSecond line.\n"


def focus_on(program: Program, name: str = "it") -> AtspiFocus:
    """A place that was told of the focus."""
    place = AtspiFocus()
    place._objects._bus = program  # type: ignore[assignment]
    place._objects._own[program.object(name).owner] = False
    place._focus.item = program.object(name)
    place._focus.role = program.items[f"/{name}"].role
    return place


def put_in_front(place: AtspiFocus, front: int) -> None:
    """The process with the window in front. Every program is 7."""

    async def told() -> InFront:
        return InFront(front)

    async def pid(_item: Object) -> int:
        return 7

    place.use_front(told)
    place._objects.pid = pid  # type: ignore[method-assign,assignment]


async def read(place: AtspiFocus, extent: Extent = Extent.FOCUS) -> str:
    """All that is read in the end."""
    captured = await place.read(Source.FOCUS, extent)
    text = captured.text
    while captured.more and (more := await captured.more()) is not None:
        text += more
    return text


class TwoAtOnce(Program):
    """Answers when it has been asked two things."""

    def __init__(self, **items: Item) -> None:
        super().__init__(**items)
        self.both = asyncio.Event()

    async def ask(self, message: Message, limit_s: float) -> tuple[Any, ...]:
        answer = await super().ask(message, limit_s)
        if len(self.asked) == 2:
            self.both.set()
        async with asyncio.timeout(60):
            await self.both.wait()
        return answer


class TestWhatIsSelected:
    async def test_it_is_believed(self) -> None:
        place = focus_on(Program(it=Item(text=TWO, selected=(0, 5))))
        assert await place.look() == Selection(Front.ITS_OWN, "First")

    async def test_that_nothing_is_too(self) -> None:
        place = focus_on(Program(it=Item(text=TWO)))
        assert await place.look() == Selection(Front.ITS_OWN, "")

    async def test_in_two_questions(self) -> None:
        program = Program(it=Item(text=TWO, selected=(0, 5)))
        await focus_on(program).look()
        assert program.asked == ["GetSelection", "GetText"]

    async def test_looked_at_again_it_is_what_stands_there_now(self) -> None:
        it = Item(text=TWO, selected=(0, 5))
        program = TwoAtOnce(it=it)
        place = focus_on(program)
        program.both.set()
        await place.look()
        it.text = "Other line.\n"
        program.asked.clear()
        program.both.clear()
        assert await place.look() == Selection(Front.ITS_OWN, "Other")
        assert program.asked == ["GetSelection", "GetText"]

    @pytest.mark.parametrize(
        ("selected", "text"),
        [((6, 10), "line"), ((0, 4), "Firs"), (None, ""), ((0, 11), "First line.")],
    )
    async def test_selected_elsewhere_it_is_not_what_was_selected_before(
        self, selected: tuple[int, int] | None, text: str
    ) -> None:
        it = Item(text=TWO, selected=(0, 5))
        place = focus_on(Program(it=it))
        await place.look()
        it.selected = selected
        assert await place.look() == Selection(Front.ITS_OWN, text)

    async def test_in_advance_a_long_one_is_had_without_the_rest(self) -> None:
        text = "A long text of many words. " * 5000
        place = focus_on(Program(it=Item(text=text, selected=(0, len(text)))))
        found = await place.look_in_advance()
        assert found == Selection(Front.ITS_OWN, text[:8000], is_cut=True)
        assert await place.look() == Selection(Front.ITS_OWN, text)

    async def test_looked_at_in_advance_it_is_had_at_once(self) -> None:
        program = TwoAtOnce(it=Item(text=TWO, selected=(0, 5)))
        place = focus_on(program)
        program.both.set()
        assert await place.look_in_advance() == Selection(Front.ITS_OWN, "First")
        program.asked.clear()
        program.both.clear()
        assert await place.look() == Selection(Front.ITS_OWN, "First")
        assert program.asked == ["GetSelection", "GetText"]

    @pytest.mark.parametrize(
        ("role", "knows"), [(Role.TEXT, True), (Role.ENTRY, True), (Role.DOCUMENT_WEB, False), (Role.TERMINAL, False)]
    )
    async def test_that_it_will_be_known_is_told_by_the_role(self, role: Role, knows: bool) -> None:
        place = focus_on(Program(it=Item(role=role, text=TWO)))
        assert place.will_know() is knows
        assert not AtspiFocus().will_know()

    async def test_in_another_field_likewise(self) -> None:
        program = Program(it=Item(text=TWO, selected=(0, 5)), other=Item(text="Another one.", selected=(0, 5)))
        place = focus_on(program)
        await place.look()
        place._focus.item = program.object("other")
        assert await place.look() == Selection(Front.ITS_OWN, "Anoth")

    async def test_of_a_text_that_is_shorter_now_likewise(self) -> None:
        it = Item(text=TWO, selected=(12, 24))
        place = focus_on(Program(it=it))
        await place.look()
        it.text, it.selected = "Less.", (0, 4)
        assert await place.look() == Selection(Front.ITS_OWN, "Less")

    @pytest.mark.parametrize(
        "item",
        [
            Item(role=_DOCUMENT, text=TWO, selected=(0, 5)),
            Item(text="A \ufffc link.", selected=(0, 8), inner=["/link"]),
            Item(text="x" * 400_000, selected=(0, 300_001)),
            Item(text=None),
            Item(text=TWO, selected=(0, 5), hangs=True),
        ],
        ids=["a page", "an object in it", "a long one", "no text", "a program that hangs"],
    )
    async def test_where_it_can_not_be_known_another_place_is_asked(self, item: Item) -> None:
        assert await focus_on(Program(it=item)).look() is None

    async def test_without_a_focus_likewise(self) -> None:
        assert await AtspiFocus().look() is None


@pytest.mark.parametrize("front", [7, 8, 0])
async def test_a_program_that_hangs_before_its_focus_is_known_is_told_if_it_is_in_front(front: int) -> None:
    place = focus_on(Program(it=Item(), **{_ROOT: Item(children=["/app"])}, app=Item(hangs=True)))
    place._focus.forget()

    put_in_front(place, front)
    with pytest.raises(CaptureTimeoutError if front == 7 else NothingToReadError):
        await read(place)


class TestAWindowBehind:
    """Its program did not report that it has lost the focus."""

    def place(self, *, states: int = 0, front: int = 0, hangs: bool = False) -> AtspiFocus:
        window = Item(role=Role.FRAME, states=states, hangs=hangs, parent=f"/{_ROOT}")
        it = Item(text=TWO, selected=(0, 5), parent="/window")
        program = Program(it=it, window=window, **{_ROOT: Item(children=["/window"])})
        place = focus_on(program)
        place._focus.line = program.object("it"), program.object("window")

        put_in_front(place, front)
        return place

    @pytest.mark.parametrize("front", [0, 8])
    async def test_is_not_read(self, front: int) -> None:
        place = self.place(front=front)
        assert await place.look() is None
        with pytest.raises(NothingToReadError):
            await read(place)

    async def test_of_a_program_that_hangs_keeps_nobody_waiting(self) -> None:
        place = self.place(front=8, hangs=True)
        with pytest.raises(NothingToReadError):
            await read(place)

    @pytest.mark.parametrize(
        ("states", "front"),
        [(_ACTIVE, 8), (0, 7), (0, os.getpid())],
        ids=["it is active", "its program is in front", "Harken's own window is before it"],
    )
    async def test_it_is_none(self, states: int, front: int) -> None:
        place = self.place(states=states, front=front)
        assert await place.look() == Selection(Front.ITS_OWN, "First")
        assert await read(place) == "First"

    async def test_of_a_program_that_hangs_it_is_told_where_nobody_knows_what_is_in_front(self) -> None:
        with pytest.raises(CaptureTimeoutError):
            await read(self.place(hangs=True))


class TestText:
    @pytest.mark.parametrize(
        ("caret", "expected"),
        [
            (0, TWO),
            (3, TWO),
            (14, "Second line.\n"),
            (12, "Second line.\n"),  # at its beginning
            (len(TWO), TWO),  # behind the last line end: the whole text rather than nothing
        ],
    )
    async def test_from_the_carets_paragraph_on(self, caret: int, expected: str) -> None:
        assert await read(focus_on(Program(it=Item(text=TWO, caret=caret)))) == expected

    async def test_only_the_selection_where_there_is_one(self) -> None:
        assert await read(focus_on(Program(it=Item(text=TWO, caret=20, selected=(6, 10))))) == "line"

    async def test_objects_in_it_are_spelled_out_in_their_place(self) -> None:
        page = Item(role=_DOCUMENT, text="See \ufffc now.\ufffc", inner=["/part", "/box"])
        link = Item(role=Role.LINK, text="the \ufffc", inner=["/image"])
        image, box = Item(role=Role.IMAGE, name="picture"), Item(role=73, text="A paragraph.")
        program = Program(it=page, part=link, image=image, box=box)
        assert await read(focus_on(program)) == "See the picture now.\n\nA paragraph.\n\n"

    async def test_an_object_that_is_gone_is_left_out(self) -> None:
        page = Item(role=_DOCUMENT, text="Here \ufffcand there.", inner=["/nowhere"])
        assert await read(focus_on(Program(it=page))) == "Here and there."

    @pytest.mark.parametrize("path", ["no path", "", "/two//slashes"])
    async def test_nonsense_for_an_object_is_left_out(self, path: str) -> None:
        page = Item(role=_DOCUMENT, text="Here \ufffcand there.", inner=[path])
        assert await read(focus_on(Program(it=page))) == "Here and there."

    async def test_objects_that_hold_each_other_come_to_an_end(self) -> None:
        page = Item(role=_DOCUMENT, text="Round\ufffc", inner=["/it"])
        assert (await read(focus_on(Program(it=page)))).startswith("Round")

    async def test_a_very_long_one_is_cut_and_said_to_be(self, monkeypatch: pytest.MonkeyPatch) -> None:
        captured = await focus_on(Program(it=Item(text="x" * (LIMIT_CHARS + PART_CHARS)))).read(Source.FOCUS)
        assert captured.more
        chars = len(captured.text)
        while chars < LIMIT_CHARS:
            chars += len(await captured.more() or "")
        assert chars == LIMIT_CHARS
        with pytest.raises(CaptureError, match="too long"):
            await captured.more()


class TestControls:
    async def test_are_described(self) -> None:
        item = Item(role=7, role_name="check box", name="Send reports", states=_CHECKED)
        assert await read(focus_on(Program(it=item))) == "Send reports, check box, checked"

    async def test_with_a_text_of_its_own_too(self) -> None:
        assert await read(focus_on(Program(it=Item(role=88, name="Next page", text="Next page")))) == "Next page, link"

    async def test_a_field_without_a_text_says_its_name(self) -> None:
        assert await read(focus_on(Program(it=Item(name="City", text="  ")))) == "City, text field"

    async def test_one_that_says_nothing_is_nothing(self) -> None:
        with pytest.raises(NothingToReadError):
            await read(focus_on(Program(it=Item(role_name="panel"))))

    @pytest.mark.parametrize("selected", [None, (0, 6)])
    async def test_a_password_is_never_asked_for(self, selected: tuple[int, int] | None) -> None:
        program = Program(it=Item(role=_PASSWORD, name="Password", text="hunter2", selected=selected))
        place = focus_on(program)
        assert await place.look() is None
        with pytest.raises(CaptureError, match="password field"):
            await read(place)
        assert not {"GetText", "GetSelection", "CaretOffset"} & set(program.asked)


class TestTheFocus:
    def world(self) -> Program:
        """A program in front, and one behind whose field thinks that it has the focus."""
        return Program(
            **{
                _ROOT: Item(children=["/behind", "/front"]),
                "behind": Item(children=["/window1"]),
                "window1": Item(children=["/field1"]),
                "field1": Item(text="Behind.", states=_FOCUSED),
                "front": Item(children=["/window2"]),
                "window2": Item(states=_ACTIVE, children=["/panel"]),
                "panel": Item(children=["/other", "/field2"]),
                "other": Item(text="Not this one."),
                "field2": Item(text="In front.", states=_FOCUSED),
            }
        )

    async def test_is_looked_for_where_nothing_was_reported(self) -> None:
        place = focus_on(self.world(), "field2")
        place._focus.forget()
        assert await read(place) == "In front."

    async def test_is_looked_for_again_when_what_had_it_is_gone(self) -> None:
        program = self.world()
        place = focus_on(program, "field2")
        place._focus.item = program.object("gone")
        assert await read(place) == "In front."

    async def test_is_looked_for_again_when_what_had_it_was_scrolled_away(self) -> None:
        program = self.world()
        program.items["/gone"] = Item(text="", states=1 << State.DEFUNCT)
        assert await read(focus_on(program, "gone")) == "In front."

    async def test_is_in_the_panel_that_says_that_it_has_it_itself(self) -> None:
        """LibreOffice's around a document."""
        program = self.world()
        program.items["/panel"].role, program.items["/panel"].states = Role.PANEL, _FOCUSED
        place = focus_on(program, "field2")
        place._focus.forget()
        assert await read(place) == "In front."

    async def test_is_in_the_window_that_reports_it_for_itself(self) -> None:
        """LibreOffice's, after a grabbed key."""
        program = self.world()
        program.items["/panel"].role, program.items["/panel"].states = Role.ROOT_PANE, _FOCUSED
        assert await read(focus_on(program, "panel"), Extent.DOCUMENT) == "In front."

    async def test_is_waited_for_while_nothing_in_the_window_has_it(self) -> None:
        program = self.world()
        program.items["/panel"].role, program.items["/field2"].states = Role.ROOT_PANE, 0
        place = focus_on(program, "panel")
        walk = place._walk

        async def scrolled(window: Object, left: list[int]) -> Object | None:
            found = await walk(window, left)
            program.items["/field2"].states = _FOCUSED  # the second time
            return found

        place._walk = scrolled  # type: ignore[method-assign]
        assert await read(place, Extent.DOCUMENT) == "In front."

    async def test_is_the_panels_where_nothing_in_it_has_it(self) -> None:
        program = self.world()
        program.items["/panel"].role, program.items["/panel"].states = Role.PANEL, _FOCUSED
        program.items["/panel"].name, program.items["/field2"].states = "Canvas", 0
        place = focus_on(program, "field2")
        place._focus.forget()
        assert await place._find_focus() == program.object("panel")

    async def test_is_found_beside_an_object_that_is_none(self) -> None:
        program = self.world()
        program.items["/panel"].children.insert(0, "")
        program.items["/window2"].children.insert(0, "no path")
        place = focus_on(program, "field2")
        place._focus.forget()
        assert await read(place) == "In front."

    async def test_nothing_in_front_is_nothing(self) -> None:
        program = self.world()
        program.items["/window2"].states = 0
        place = focus_on(program, "field2")
        place._focus.forget()
        with pytest.raises(NothingToReadError):
            await read(place)

    async def test_is_in_the_program_in_front_whose_window_says_that_it_is_not_active(self) -> None:
        """As it may while a key is grabbed."""
        program = self.world()
        del program.items["/behind"]
        program.items["/window2"].states = 0
        place = focus_on(program, "field2")
        place._focus.forget()
        put_in_front(place, 7)
        assert await read(place) == "In front."

    async def test_a_program_that_hangs_is_told(self) -> None:
        with pytest.raises(CaptureTimeoutError, match="not responding"):
            await read(focus_on(Program(it=Item(text=TWO, hangs=True))))
