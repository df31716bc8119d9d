"""What is read of the focus (reader/capture/automation.py), from what Windows or macOS tells of it."""

from __future__ import annotations

import os

import pytest

from reader.capture.automation import Focused, focus, selection
from reader.capture.base import Extent, Front, Selection
from reader.errors import CaptureError, NothingToReadError
from tests.fakes.automation import LINES, FakeAutomation

OTHERS = 4711


def text(selected: str = "", *, is_field: bool = True) -> Focused:
    return Focused(OTHERS, is_field=is_field, name="Message", role="edit", value="".join(LINES), selected=selected)


def test_what_is_selected_is_believed_and_nothing_has_to_be_copied() -> None:
    assert selection(text("second one")) == Selection(Front.ITS_OWN, "second one")
    assert selection(text("second one", is_field=False)) == Selection(Front.ITS_OWN, "second one")


def test_that_nothing_is_selected_is_believed_of_a_field_alone() -> None:
    assert selection(text()) == Selection(Front.ITS_OWN, "")
    assert selection(text(is_field=False)) is None
    assert selection(Focused(OTHERS, name="OK")) is None
    assert selection(None) is None


def test_harkens_own_windows_never_count() -> None:
    found = Focused(os.getpid(), is_field=True, selected="Harken")
    assert selection(found) == Selection(Front.ANOTHERS)
    with pytest.raises(NothingToReadError):
        focus(FakeAutomation(found), Extent.FOCUS)


def test_a_password_is_never_asked_for_and_no_other_place_is_either() -> None:
    asked = FakeAutomation(Focused(OTHERS, is_field=True, is_password=True, name="Password"))
    with pytest.raises(NothingToReadError):
        selection(asked.found)
    for extent in Extent:
        with pytest.raises(CaptureError, match="password field"):
            focus(asked, extent)
    assert not asked.is_asked_for_text


@pytest.mark.parametrize(
    ("extent", "read"),
    [
        (Extent.FOCUS, LINES[1] + LINES[2]),
        (Extent.REST, LINES[1].removeprefix("The second ") + LINES[2]),
        (Extent.LINE, LINES[1]),
        (Extent.DOCUMENT, "".join(LINES)),
    ],
)
def test_as_much_is_read_as_is_meant(extent: Extent, read: str) -> None:
    assert focus(FakeAutomation(text()), extent).text == read


@pytest.mark.parametrize("extent", [Extent.WORD, Extent.SENTENCE, Extent.PARAGRAPH])
def test_what_is_cut_out_around_the_cursor_comes_with_its_place(extent: Extent) -> None:
    captured = focus(FakeAutomation(text()), extent)
    assert (captured.text, captured.caret_chars) == (LINES[1], len("The second o"))


def test_of_the_focus_what_is_selected_in_it_comes_first() -> None:
    assert focus(FakeAutomation(text("longer")), Extent.FOCUS).text == "longer"


def test_a_control_is_named_with_what_it_is_and_says() -> None:
    slider = Focused(OTHERS, name="Volume", role="slider", value="40")
    assert focus(FakeAutomation(slider), Extent.FOCUS).text == "Volume, slider, 40"
    assert focus(FakeAutomation(Focused(OTHERS, name="OK")), Extent.FOCUS).text == "OK"
    for nothing in (None, Focused(OTHERS)):
        with pytest.raises(NothingToReadError):
            focus(FakeAutomation(nothing), Extent.FOCUS)
