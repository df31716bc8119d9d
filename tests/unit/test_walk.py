"""A document across the objects that make it: in order, as far as it is wanted, whatever its program does meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from jeepney import HeaderFields

from reader.capture import focused
from reader.capture.accessible import Accessibles, Relation
from reader.capture.base import Extent
from reader.capture.caret import AROUND_CHARS
from reader.capture.roles import Role, State
from reader.capture.walk import PART_CHARS, Level, Walk
from reader.errors import CaptureError, CaptureTimeoutError, DesktopError, NothingToReadError
from reader.flow import CapturedText
from tests.fakes.accessible_program import Item, Program

_PARAGRAPH, _SECTION, _PAGE = 73, 85, 84
_FFFC = "\ufffc"


def objects_of(program: Program) -> Accessibles:
    objects = Accessibles()
    objects._bus = program  # type: ignore[assignment]
    return objects


async def read(program: Program, extent: Extent, name: str = "it") -> CapturedText:
    return await focused.read(objects_of(program), program.object(name), extent)


async def all_of(captured: CapturedText) -> str:
    text = captured.text
    while captured.more and (more := await captured.more()) is not None:
        text += more
    return text


def words(text: str) -> str:
    return " ".join(text.split())


def page(**more: Item) -> Program:
    """A page with a link in a paragraph in a section; `it` is the document, which has the focus."""
    items = {
        "it": Item(Role.DOCUMENT_WEB, text=_FFFC * 3, inner=["/title", "/section", "/end"], parent="/frame"),
        "frame": Item(Role.FRAME),
        "title": Item(Role.HEADING, text="Title", parent="/it", start=0),
        "section": Item(_SECTION, text=_FFFC, inner=["/p"], parent="/it", start=1),
        "p": Item(_PARAGRAPH, text=f"One {_FFFC} three. Four five.", inner=["/anchor"], parent="/section", start=0),
        "anchor": Item(Role.LINK, text="two", name="two", parent="/p", start=4),
        "end": Item(_PARAGRAPH, text="The end.", parent="/it", start=2),
    }
    for name in items:
        items[name].caret = -1
    return Program(**{**items, **more})


class TestPage:
    async def test_is_read_in_order(self) -> None:
        text = await all_of(await read(page(), Extent.DOCUMENT))
        assert words(text) == "Title One two three. Four five. The end."
        assert text.index("Title\n\n") == 0  # paragraphs are apart

    async def test_begins_before_all_of_it_was_asked_for(self) -> None:
        many = {f"p{i}": Item(_PARAGRAPH, text=f"Paragraph {i}.") for i in range(10_000)}
        document = Item(Role.DOCUMENT_WEB, text=_FFFC * 10_000, inner=[f"/p{i}" for i in range(10_000)], caret=-1)
        program = Program(it=document, **many)
        captured = await read(program, Extent.DOCUMENT)
        assert captured.text.strip() == "Paragraph 0."
        assert len(program.asked) < 60
        assert captured.more
        assert "Paragraph 1." in str(await captured.more())
        assert len(program.asked) < 300

    async def test_from_a_link_that_has_the_focus_on(self) -> None:
        program = page()
        assert words(await all_of(await read(program, Extent.REST, "anchor"))) == "two three. Four five. The end."

    async def test_a_link_is_described(self) -> None:
        assert (await read(page(), Extent.FOCUS, "anchor")).text == "two, link"

    async def test_the_paragraph_around_the_focus_has_what_stands_in_it(self) -> None:
        captured = await read(page(), Extent.SENTENCE, "anchor")
        assert captured.text.strip() == "One two three. Four five."
        assert captured.caret_chars == 4

    async def test_the_cursor_is_found_in_the_object_that_has_it(self) -> None:
        program = page()
        program.items["/it"].caret, program.items["/section"].caret, program.items["/p"].caret = 1, 0, 13
        captured = await read(program, Extent.WORD)
        assert captured.text[captured.caret_chars :].startswith("Four")
        assert words(await all_of(await read(program, Extent.REST))) == "Four five. The end."
        assert words(await all_of(await read(program, Extent.FOCUS))) == "One two three. Four five. The end."

    async def test_without_a_cursor_it_begins_at_the_beginning(self) -> None:
        assert (await read(page(), Extent.PARAGRAPH)).text.strip() == "Title"
        assert words(await all_of(await read(page(), Extent.REST))).startswith("Title One")

    async def test_what_is_edited_in_it_is_a_document_of_its_own(self) -> None:
        field = Item(Role.ENTRY, text="Typed here.", caret=6, states=1 << State.EDITABLE, parent="/section", start=0)
        program = page(field=field)
        assert (await read(program, Extent.DOCUMENT, "field")).text == "Typed here."
        assert (await read(program, Extent.REST, "field")).text == "here."

    async def test_controls_images_and_fields_are_said_and_passwords_are_not(self) -> None:
        program = Program(
            it=Item(Role.DOCUMENT_WEB, text=_FFFC * 5, inner=["/a", "/b", "/c", "/d", "/e"], caret=-1),
            a=Item(Role.IMAGE, name="a boat"),
            b=Item(Role.BUTTON, name="Send"),
            c=Item(Role.ENTRY, name="City", text="Rome", states=1 << State.EDITABLE),
            d=Item(Role.PASSWORD, name="Secret", text="hunter2"),
            e=Item(Role.LINK, name="Home", text=""),
        )
        said = await all_of(await read(program, Extent.DOCUMENT))
        assert [line for line in said.split("\n") if line] == [
            "a boatSend, button", "City, text field, Rome", "Secret, password field", "Home",
        ]  # fmt: skip

    async def test_an_object_that_is_empty_at_first_is_asked_again(self) -> None:
        program = page()
        late = program.items["/end"]
        late.text, text = "", late.text
        answer = program.ask

        async def ask(message: Any, _limit_s: float) -> Any:
            answered = await answer(message, _limit_s)
            if message.header.fields[HeaderFields.path] == "/end" and message.body[1:] == ("ChildCount",):
                late.text = text  # only now
            return answered

        program.ask = ask  # type: ignore[method-assign]
        assert "The end." in await all_of(await read(program, Extent.DOCUMENT))


class TestPrograms:
    """Who do what none should."""

    async def test_objects_within_each_other_come_to_an_end(self) -> None:
        program = Program(
            it=Item(Role.DOCUMENT_WEB, text=f"a{_FFFC}b", inner=["/x"], caret=-1),
            x=Item(_SECTION, text=f"c{_FFFC}d{_FFFC}", inner=["/it", "/x"]),
        )
        assert words(await all_of(await read(program, Extent.DOCUMENT))) == "a cd b"

    async def test_parents_that_go_round_come_to_an_end(self) -> None:
        program = Program(
            it=Item(Role.LINK, text="here", caret=0, parent="/x"), x=Item(_SECTION, text=_FFFC, parent="/it")
        )
        assert (await read(program, Extent.REST)).text == "here"

    @pytest.mark.parametrize("said", [3, 2_000_000_000])
    async def test_a_count_that_is_not_so(self, said: int) -> None:
        text = await all_of(await read(Program(it=Item(text="Not so long.", said_chars=said)), Extent.DOCUMENT))
        assert "Not so long.".startswith(text)

    @pytest.mark.parametrize("said", [-1, 2_000_000_000])
    async def test_a_number_of_children_that_is_not_so(self, said: int) -> None:
        program = Program(it=Item(Role.DOCUMENT_FRAME, children=["/a"], said_children=said), a=Item(_PAGE, text="A"))
        with pytest.raises(NothingToReadError):
            await read(program, Extent.DOCUMENT)

    async def test_a_megabyte_in_one_object_comes_in_parts(self) -> None:
        program = Program(it=Item(text="word " * 200_000, caret=500_000))
        captured = await read(program, Extent.DOCUMENT)
        assert len(captured.text) == PART_CHARS
        assert len(await all_of(captured)) == 1_000_000
        assert len(await all_of(await read(program, Extent.REST))) == 500_000
        assert len((await read(program, Extent.SENTENCE)).text) == 2 * AROUND_CHARS

    async def test_one_that_hangs_on_the_way_is_told_and_asked_again(self) -> None:
        program = page()
        captured = await read(program, Extent.DOCUMENT)
        assert captured.more
        program.items["/end"].hangs = program.items["/p"].hangs = True
        with pytest.raises(CaptureTimeoutError):
            await all_of(captured)
        program.items["/end"].hangs = program.items["/p"].hangs = False
        assert words(await all_of(captured)) == "Title One two three. Four five. The end."

    async def test_one_that_closes_on_the_way_is_told(self) -> None:
        program = page()
        captured = await read(program, Extent.DOCUMENT)
        assert captured.more
        program.items.clear()
        with pytest.raises(CaptureError, match="has closed this text"):
            await all_of(captured)

    async def test_what_was_given_up_is_asked_again_and_nothing_is_lost(self) -> None:
        """Each question is cancelled once before it is answered."""
        program = page()
        answer = program.ask
        asked: set[str] = set()

        async def slow(message: Any, _limit_s: float) -> Any:
            key = str((message.header.fields, message.body))
            if key not in asked:
                asked.add(key)
                raise asyncio.CancelledError
            return await answer(message, _limit_s)

        objects = objects_of(program)
        walk = Walk(objects, [Level(program.object("it"), Role.DOCUMENT_WEB, _FFFC * 3)])
        program.ask = slow  # type: ignore[method-assign]
        text = ""
        while True:
            try:
                more = await walk.next()
            except asyncio.CancelledError:
                continue
            if more is None:
                break
            text += more
        assert words(text) == "Title One two three. Four five. The end."

    async def test_one_that_is_gone_before_it_answers_is_told(self) -> None:
        with pytest.raises(CaptureError):
            await read(Program(), Extent.DOCUMENT)
        program = page()

        async def refuse(_message: Any, _limit_s: float) -> Any:
            raise DesktopError("NoReply")

        program.ask = refuse  # type: ignore[method-assign, assignment]
        with pytest.raises(CaptureError):
            await read(program, Extent.REST)


def office(count: int = 6) -> Program:
    """LibreOffice: a document whose paragraphs name the next one, and of which it has only some as its children."""
    items = {"document": Item(Role.DOCUMENT_TEXT, children=["/p2", "/p3"], parent="/frame"), "frame": Item(Role.FRAME)}
    for i in range(count):
        flows: dict[int, list[str]] = {Relation.FLOWS_TO: [f"/p{i + 1}"]} if i < count - 1 else {}
        back: dict[int, list[str]] = {Relation.FLOWS_FROM: [f"/p{i - 1}"]} if i else {}
        items[f"p{i}"] = Item(
            _PARAGRAPH, text="" if i == 4 else f"Paragraph {i} here.", caret=10, parent="/document",
            states=1 << State.EDITABLE, relations={**flows, **back},
        )  # fmt: skip
    return Program(**items)


class TestOffice:
    async def test_paragraphs_follow_each_other_beyond_the_screen(self) -> None:
        text = words(await all_of(await read(office(), Extent.REST, "p2")))
        assert text == "2 here. Paragraph 3 here. Paragraph 5 here."

    async def test_from_the_paragraphs_beginning(self) -> None:
        text = words(await all_of(await read(office(), Extent.FOCUS, "p2")))
        assert text == "Paragraph 2 here. Paragraph 3 here. Paragraph 5 here."

    async def test_the_document_begins_with_its_first_paragraph(self) -> None:
        text = words(await all_of(await read(office(), Extent.DOCUMENT, "p3")))
        assert text == " ".join(f"Paragraph {i} here." for i in (0, 1, 2, 3, 5))

    async def test_only_the_paragraph(self) -> None:
        assert (await read(office(), Extent.PARAGRAPH, "p2")).text == "Paragraph 2 here."

    async def test_paragraphs_that_follow_each_other_in_a_ring_come_to_an_end(self) -> None:
        program = office()
        program.items["/p5"].relations[Relation.FLOWS_TO] = ["/p0"]
        program.items["/p0"].relations[Relation.FLOWS_FROM] = ["/p5"]
        assert words(await all_of(await read(program, Extent.DOCUMENT, "p3"))).count("Paragraph 3") == 1


def blank(program: Program, *names: str) -> Program:
    """Paragraphs off the screen that say they have no text, and end at the margin."""
    for name in names:
        item = program.items[f"/{name}"]
        item.text, item.place, item.end = "", (0, 122, 1, 1), (73, 122, 2, 18)
    return program


class TestWithheld:
    """LibreOffice says of paragraphs of a long document that they have no text, but where that ends."""

    async def test_blank_lines_are_gone_over(self) -> None:
        program = blank(office(), "p1", "p2", "p3", "p4")
        assert words(await all_of(await read(program, Extent.DOCUMENT, "p0"))) == "Paragraph 0 here. Paragraph 5 here."

    @pytest.mark.parametrize("ends", [[(73, 122), (400, 122), (700, 122)], [(73, 159), (73, 122), (110, 160)]])
    async def test_so_are_those_in_the_middle_on_the_right_and_below_some_space(
        self, ends: list[tuple[int, int]]
    ) -> None:
        program = blank(office(), "p1", "p2", "p3", "p4")
        for name, (x, y) in zip(("/p1", "/p2", "/p3"), ends, strict=True):
            program.items[name].end = (x, y, 2, 18)
        assert words(await all_of(await read(program, Extent.DOCUMENT, "p0"))) == "Paragraph 0 here. Paragraph 5 here."

    async def test_what_is_not_handed_over_is_told_behind_what_is(self) -> None:
        captured = await read(self.withheld(), Extent.DOCUMENT, "p0")
        assert captured.text.strip() == "Paragraph 0 here."
        with pytest.raises(CaptureError, match="only part of this long document"):
            await all_of(captured)

    async def test_on_the_screen_lines_without_a_text_are_blank(self) -> None:
        program = self.withheld()
        for item in program.items.values():
            item.states |= 1 << State.SHOWING
        text = words(await all_of(await read(program, Extent.DOCUMENT, "p0")))
        assert text == "Paragraph 0 here. Paragraph 7 here."

    def withheld(self) -> Program:
        """Six paragraphs whose texts end anywhere."""
        program = blank(office(8), *(f"p{n}" for n in range(1, 7)))
        ends = [(73, 140), (340, 122), (220, 122), (340, 159), (95, 122), (73, 122)]
        for n, (x, y) in enumerate(ends, start=1):
            program.items[f"/p{n}"].end = (x, y, 2, 18)
        return program

    async def test_one_that_is_scrolled_away_before_the_next_is_asked_for_is_told(self) -> None:
        program = office()
        captured = await read(program, Extent.DOCUMENT, "p0")
        program.items["/p0"] = Item(_PARAGRAPH, text="", states=1 << State.DEFUNCT)
        with pytest.raises(CaptureError, match="has closed this text"):
            await all_of(captured)

    async def test_one_that_is_scrolled_away_while_the_beginning_is_sought_is_sought_again(self) -> None:
        program = office()
        there, program.items["/p1"] = program.items["/p1"], Item(_PARAGRAPH, text="", states=1 << State.DEFUNCT)
        asked = program.ask

        async def come_back(message: Any, limit_s: float) -> Any:
            answer = await asked(message, limit_s)
            if message.header.fields[HeaderFields.path] == "/p1":
                program.items["/p1"] = there
            return answer

        program.ask = come_back  # type: ignore[method-assign, assignment]
        assert (await read(program, Extent.DOCUMENT, "p3")).text.strip() == "Paragraph 0 here."


class TestPdf:
    def viewer(self) -> Program:
        pages = {f"p{i}": Item(_PAGE, text=f"Page {i}.", caret=-1, parent="/it") for i in range(3)}
        pages["p1"].states = 1 << State.FOCUSED
        return Program(it=Item(Role.DOCUMENT_FRAME, children=["/p0", "/p1", "/p2"]), **pages)

    async def test_the_page_in_front_and_those_behind_it(self) -> None:
        assert words(await all_of(await read(self.viewer(), Extent.REST))) == "Page 1. Page 2."
        assert words(await all_of(await read(self.viewer(), Extent.DOCUMENT))) == "Page 0. Page 1. Page 2."


class TestUnits:
    async def test_a_program_that_counts_utf_16_is_understood(self) -> None:
        """Qt's: an emoji is two characters to it."""
        program = Program(it=Item(text="😀😀 one two"))
        whole = "😀😀 one two".encode("utf-16-le")
        answer = program.ask

        async def ask(message: Any, _limit_s: float) -> Any:
            body = message.body
            if len(body) == 2 and isinstance(body[0], int):
                return (whole[2 * body[0] : 2 * body[1]].decode("utf-16-le"),)
            return await answer(message, _limit_s)

        program.ask = ask  # type: ignore[method-assign]
        program.items["/it"].said_chars, program.items["/it"].caret = len(whole) // 2, 9
        captured = await read(program, Extent.WORD)
        assert captured.text[captured.caret_chars :] == "two"
        assert (await read(program, Extent.REST)).text == "two"
