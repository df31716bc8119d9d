"""Which text a key press means: the order of the places, and which selection is an old one."""

from __future__ import annotations

import asyncio
import os

import pytest

from reader.capture.base import AskFront, CaptureOptions, Extent, Front, Place, Selection
from reader.capture.capture import Capture
from reader.capture.none import NoText
from reader.errors import CaptureError, CaptureTimeoutError, NoPlaceError, NothingToReadError
from reader.flow import Command, Source
from tests.fakes.toy_place import ToyPlace

NOTHING = "Nothing is selected. Select some text and press the key again."
HUNG = "The program does not answer."


class Places:
    """A desktop with two places: a focused text that may know what is selected, and a selection that is kept."""

    def __init__(self) -> None:
        self.focused, self.kept = ToyPlace(), ToyPlace()
        self.focused.selection = None
        self.capture = Capture(
            {Source.FOCUS: [self.focused], Source.SELECTION: [self.kept], Source.CLIPBOARD: [self.kept]}
        )

    async def use(self, **options: bool) -> None:
        await self.capture.apply(CaptureOptions(**options))

    async def read(self, command: Command = Command.READ_SELECTION) -> tuple[str, Source]:
        captured = await self.capture.read(command)
        return captured.text, captured.source

    async def refusal(self) -> str:
        with pytest.raises(CaptureError) as caught:
            await self.read()
        return caught.value.sentence


class TestWhichSelectionIsMeant:
    @pytest.mark.parametrize("times", [(None, None), (1.0, 2.0), (2.0, 1.0)])
    def test_that_of_the_program_in_front_however_old(self, times: tuple[float | None, float | None]) -> None:
        assert Selection(Front.ITS_OWN, None, *times).is_meant()

    @pytest.mark.parametrize("front", [Front.ANOTHERS, Front.UNKNOWN])
    @pytest.mark.parametrize(
        ("selected_s", "front_since_s", "is_meant"),
        [
            (2.0, 1.0, True),
            (1.0, 1.0, True),
            (1.0, 2.0, False),
            (None, 1.0, False),
            (2.0, None, False),
            (None, None, False),
        ],
    )
    def test_anothers_only_when_it_was_made_since(
        self, front: Front, selected_s: float | None, front_since_s: float | None, is_meant: bool
    ) -> None:
        assert Selection(front, None, selected_s, front_since_s).is_meant() is is_meant

    async def test_the_text_of_one_that_is_not_meant_is_never_asked_for(self) -> None:
        places = Places()
        places.kept.select("An old one.", Front.ANOTHERS)
        places.focused.texts[Source.FOCUS] = "In front."
        assert await places.read() == ("In front.", Source.FOCUS)
        assert places.kept.reads == []


class TestTheOrder:
    async def test_the_selection_comes_first(self) -> None:
        places = Places()
        await places.use(clipboard=True)
        places.kept.select("Selected.")
        places.kept.texts[Source.CLIPBOARD] = "Copied."
        places.focused.texts[Source.FOCUS] = "Focused."
        assert await places.read() == ("Selected.", Source.SELECTION)

    async def test_then_the_focus_then_the_clipboard(self) -> None:
        places = Places()
        await places.use(clipboard=True)
        places.kept.texts[Source.CLIPBOARD] = "Copied."
        assert await places.read() == ("Copied.", Source.CLIPBOARD)
        places.focused.texts[Source.FOCUS] = "Focused."
        assert await places.read() == ("Focused.", Source.FOCUS)

    @pytest.mark.parametrize("source", [Source.FOCUS, Source.CLIPBOARD])
    async def test_what_the_user_has_switched_off_is_not_asked(self, source: Source) -> None:
        places = Places()
        await places.use(focused_text=False)
        places.focused.texts[Source.FOCUS] = places.kept.texts[Source.CLIPBOARD] = "Not wanted."
        assert await places.refusal() == NOTHING
        assert places.focused.reads == places.kept.reads == []

    @pytest.mark.parametrize(
        ("command", "source"), [(Command.READ_FOCUS, Source.FOCUS), (Command.READ_CLIPBOARD, Source.CLIPBOARD)]
    )
    async def test_a_command_asks_one_source_whatever_is_selected(self, command: Command, source: Source) -> None:
        places = Places()
        await places.use(focused_text=False)
        places.kept.select("Selected.")
        places.kept.texts[Source.CLIPBOARD] = places.focused.texts[Source.FOCUS] = "This one."
        assert await places.read(command) == ("This one.", source)

    async def test_harkens_own_window_is_believed_before_all(self) -> None:
        places = Places()
        places.kept.select("Selected elsewhere.")
        places.capture.own_selection = "Selected in Harken."
        assert await places.read() == ("Selected in Harken.", Source.SELECTION)


class TestTheFocusedTextIsBelieved:
    async def test_when_it_reports_a_selection(self) -> None:
        places = Places()
        places.kept.select("What the program keeps.")
        places.focused.selection = Selection(Front.ITS_OWN, "What is shown.")
        assert await places.read() == ("What is shown.", Source.SELECTION)

    @pytest.mark.parametrize("text", ["", "  \n"])
    async def test_when_it_reports_none(self, text: str) -> None:
        places = Places()
        places.kept.select("What the program keeps.")
        places.focused.selection = Selection(Front.ITS_OWN, text)
        places.focused.texts[Source.FOCUS] = "From the caret on."
        assert await places.read() == ("From the caret on.", Source.FOCUS)

    async def test_not_when_it_can_not_know(self) -> None:
        places = Places()
        places.kept.select("Selected.")
        assert await places.read() == ("Selected.", Source.SELECTION)

    @pytest.mark.parametrize("foresees", [True, False])
    async def test_no_other_text_is_fetched_where_it_will_most_likely_know(self, foresees: bool) -> None:
        places = Places()
        places.kept.select("What the program keeps.")
        places.focused.selection = Selection(Front.ITS_OWN, "What is shown.")
        places.focused.foresees = foresees
        assert await places.read() == ("What is shown.", Source.SELECTION)
        assert places.kept.reads == ([] if foresees else [Source.SELECTION])

    async def test_and_where_it_then_does_not_the_other_one_is(self) -> None:
        places = Places()
        places.kept.select("Selected.")
        places.focused.foresees = True
        assert await places.read() == ("Selected.", Source.SELECTION)

    async def test_of_a_long_text_only_the_beginning_is_had_in_advance(self) -> None:
        places = Places()
        places.focused.selection = Selection(Front.ITS_OWN, "The beginning", is_cut=True)
        captured = await places.capture.read_selection(Extent.BEGINNING)
        assert (captured.text, captured.is_cut) == ("The beginning", True)

    async def test_not_when_it_hangs(self) -> None:
        places = Places()
        places.focused.gate = asyncio.Event()
        places.kept.select("Selected.")
        assert await places.read() == ("Selected.", Source.SELECTION)

    async def test_both_are_asked_at_once(self) -> None:
        places = Places()
        places.kept.select("Selected.")
        places.focused.gate = asyncio.Event()
        taken = asyncio.Event()
        read = places.kept.read

        async def note(source: Source, extent: Extent) -> object:
            taken.set()
            return await read(source, extent)

        places.kept.read = note  # type: ignore[method-assign,assignment]
        reading = asyncio.ensure_future(places.read())
        await taken.wait()  # while the focus has not answered yet
        places.focused.gate.set()
        assert await reading == ("Selected.", Source.SELECTION)


class TestWhatFails:
    async def test_a_program_that_hangs_is_told(self) -> None:
        places = Places()
        places.kept.select("")
        places.kept.texts[Source.SELECTION] = CaptureTimeoutError(HUNG)
        assert await places.refusal() == HUNG

    async def test_unless_another_place_has_something(self) -> None:
        places = Places()
        places.kept.select("")
        places.kept.texts[Source.SELECTION] = CaptureTimeoutError(HUNG)
        places.focused.texts[Source.FOCUS] = "Focused."
        assert await places.read() == ("Focused.", Source.FOCUS)

    async def test_a_password_field_is_told_and_the_clipboard_read_all_the_same(self) -> None:
        places = Places()
        places.focused.texts[Source.FOCUS] = CaptureError("This is a password field.")
        assert await places.refusal() == "This is a password field."
        await places.use(clipboard=True)
        places.kept.texts[Source.CLIPBOARD] = "Copied."
        assert await places.read() == ("Copied.", Source.CLIPBOARD)

    async def test_a_failure_of_a_place_that_was_not_needed_is_none(self) -> None:
        places = Places()
        places.focused.selection = Selection(Front.ITS_OWN, "Shown.")
        places.kept.select("")
        places.kept.texts[Source.SELECTION] = CaptureTimeoutError(HUNG)
        assert await places.read() == ("Shown.", Source.SELECTION)

    async def test_a_key_that_is_pressed_again_leaves_nothing_running(self) -> None:
        places = Places()
        places.focused.gate = places.kept.gate = asyncio.Event()
        reading = asyncio.ensure_future(places.read())
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert asyncio.all_tasks() == {asyncio.current_task()}


class TestWhereThereIsNoPlace:
    @pytest.mark.parametrize(
        ("command", "begins"),
        [
            (Command.READ_SELECTION, "Harken can't see selections"),
            (Command.READ_FOCUS, "Harken can't see the focused text"),
            (Command.READ_CLIPBOARD, "Harken can't see selections"),
        ],
    )
    async def test_the_user_is_told_what_to_do(self, command: Command, begins: str) -> None:
        with pytest.raises(NoPlaceError, match=begins):
            await Capture({}).read(command)

    async def test_a_sentence_of_its_own_is_said_instead(self) -> None:
        with pytest.raises(NoPlaceError, match="no desktop"):
            await Capture({}, NoText("There is no desktop here.")).read(Command.READ_SELECTION)

    async def test_a_focus_that_can_not_know_is_no_selection(self) -> None:
        focused = ToyPlace()
        focused.selection = None
        capture = Capture({Source.FOCUS: [focused]})
        with pytest.raises(NoPlaceError, match="can't see selections"):
            await capture.read(Command.READ_SELECTION)
        focused.texts[Source.FOCUS] = "Focused."
        assert (await capture.read(Command.READ_SELECTION)).text == "Focused."

    async def test_a_focus_that_knows_is_enough(self) -> None:
        focused = ToyPlace()
        capture = Capture({Source.FOCUS: [focused]})
        with pytest.raises(NothingToReadError, match="Nothing is selected"):
            await capture.read(Command.READ_SELECTION)
        focused.selection = Selection(Front.ITS_OWN, "Shown.")
        assert (await capture.read(Command.READ_SELECTION)).text == "Shown."


async def test_every_place_hears_once_what_the_user_wishes_and_is_closed_once() -> None:
    places = Places()
    heard: list[Place] = []
    for place in (places.focused, places.kept):

        async def note(_options: CaptureOptions, place: Place = place) -> None:
            heard.append(place)

        place.apply = note  # type: ignore[method-assign,assignment]
    await places.use(every_selection=True)
    assert heard == [places.focused, places.kept]
    await places.capture.close()
    assert places.focused.is_closed
    assert places.kept.is_closed


@pytest.mark.parametrize(
    ("told", "own_window", "front"), [(7, False, 7), (7, True, 7), (0, True, os.getpid()), (0, False, 0)]
)
async def test_a_place_that_asks_for_it_knows_what_the_others_know_of_the_front(
    told: int, own_window: bool, front: int
) -> None:
    class Asking(ToyPlace):
        def use_front(self, ask: AskFront) -> None:
            self.ask = ask

    asking, other = Asking(), ToyPlace()
    other.pid = told
    capture = Capture({Source.FOCUS: [asking], Source.SELECTION: [other]})
    capture.own_window = own_window
    assert (await asking.ask()).pid == front


@pytest.mark.noisy
async def test_a_place_that_can_not_be_closed_keeps_none_of_the_others(noise: list[str]) -> None:
    closed: list[str] = []

    class Stubborn(ToyPlace):
        async def close(self) -> None:
            raise RuntimeError

    class Closing(ToyPlace):
        async def close(self) -> None:
            closed.append("second")

    await Capture({Source.SELECTION: [Stubborn(), Closing()]}).close()
    assert closed == ["second"]
    assert noise == ["reader.support.closing: Stubborn can't be closed"]
