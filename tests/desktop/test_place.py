"""The place in a document is kept over a restart, and no text with it."""

from __future__ import annotations

import json

import pytest

from tests.desktop.desk import Desk, wait_for

READ, STOP, RESUME = "super+alt+r", "super+alt+x", "super+alt+space"
NAMES = ("red", "blue", "green", "white", "black", "brown", "grey", "pink", "golden", "silver")
SENTENCES = [f"The {first} bird met the {second} bird at the lake." for first in NAMES for second in NAMES]
SELECTION = " ".join(SENTENCES[:20])


@pytest.fixture(scope="module", autouse=True)
def goes_on(desktop: Desk) -> None:
    """As it is at first."""
    assert desktop.harken_call("settings", "reset", "reading.go_on") == 0


def restart(desk: Desk) -> None:
    assert desk.harken_call("quit") == 0
    desk.start_harken()


def spoken_after(desk: Desk, before: int) -> str:
    """The first sentence that is said after so many."""
    wait_for(lambda: len(desk.spoken()) > before, "a sentence")
    return desk.spoken()[before]


def test_a_document_goes_on_at_its_sentence_after_a_restart(desk: Desk) -> None:
    book = desk.home / "book.txt"
    book.write_text("\n\n".join(" ".join(SENTENCES[i : i + 10]) for i in range(0, 100, 10)))
    reading = desk.start_program([*desk.program, "speak", str(book)], "speak")
    desk.wait_for_record("segment", text=SENTENCES[1])
    assert desk.harken_call("stop") == 0
    assert reading.wait(30) == 130
    (last,) = desk.spoken()[-1:]
    assert desk.harken_call("add-bookmark") == 0
    restart(desk)
    before = len(desk.spoken())
    desk.keyboard.press(RESUME)
    assert spoken_after(desk, before) == last
    assert desk.harken_call("next-paragraph") == 0
    assert desk.harken_call("stop") == 0
    before = len(desk.spoken())
    assert desk.harken_call("bookmarks", "go", "1") == 0
    assert spoken_after(desk, before) == last
    assert desk.harken_call("stop") == 0
    assert desk.harken_call("bookmarks", "remove", "1") == 0
    assert json.loads(desk.harken_output("bookmarks", "--json")) == []
    (row,) = json.loads(desk.harken_output("recent", "--json"))
    assert row["path"] == str(book)
    kept = [path for path in (desk.home / ".local" / "state" / "harken").iterdir() if path.is_file()]
    assert any("places" in path.name for path in kept)
    assert not [path for path in kept if b"bird" in path.read_bytes()]
    assert desk.harken_call("recent", "forget") == 0
    assert json.loads(desk.harken_output("recent", "--json")) == []


def test_the_same_selection_goes_on_after_a_stop_and_after_a_restart(desk: Desk) -> None:
    window = desk.open_text(SELECTION)
    desk.select_all(SELECTION)
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", text=SENTENCES[1])
    desk.keyboard.press(STOP)
    desk.quiet()
    last = desk.spoken()[-1]
    assert last in SENTENCES
    before = len(desk.spoken())
    desk.keyboard.press(READ)
    assert spoken_after(desk, before) == last
    desk.keyboard.press(STOP)
    desk.quiet()
    last = desk.spoken()[-1]
    restart(desk)
    desk.focus(window)
    desk.select_all(SELECTION)
    before = len(desk.spoken())
    desk.keyboard.press(READ)
    assert spoken_after(desk, before) == last


def test_the_sleep_timer_stops_at_the_end_of_the_paragraph(desk: Desk) -> None:
    text = f"{SENTENCES[0]} {SENTENCES[1]}\n\n{SELECTION}"
    assert desk.harken_call("sleep", "25") == 0
    assert "sleep in 25 min" in desk.harken_output("status")
    assert desk.harken_call("sleep", "paragraph") == 0
    desk.open_text(text)
    desk.select_all(text)
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", text=SENTENCES[1])
    desk.quiet()
    assert SENTENCES[2] not in desk.spoken()
    status = desk.ask("status")
    assert (status["sleep_minutes"], status["sleep_at_paragraph"]) == (0, False)


def test_what_is_queued_is_read_one_after_the_other(desk: Desk) -> None:
    texts = ["The early one is short.", "The late one is short as well."]
    windows = [desk.open_text(text) for text in texts]
    desk.focus(windows[1])
    desk.select_all(texts[1])
    assert desk.harken_call("read", "later") == 0
    assert texts[1].startswith(wait_for(lambda: json.loads(desk.harken_output("queue", "--json")), "a text")[0])
    desk.focus(windows[0])
    desk.select_all(texts[0])
    assert desk.harken_call("read", "later") == 0
    wait_for(lambda: len(json.loads(desk.harken_output("queue", "--json"))) == 2, "both texts")
    desk.quiet()
    before = len(desk.spoken())
    assert desk.harken_call("read", "queued") == 0
    wait_for(lambda: desk.spoken()[before:] == [texts[1], texts[0]], "both")
    assert desk.harken_output("queue").strip() == ""
    assert desk.harken_call("read", "queued") == 1
