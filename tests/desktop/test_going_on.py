"""Going on after Stop, Harken's own sentences, keys that others have, keys that are held: with real keys and panels."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from tests.desktop.desk import Desk, wait_for
from tests.desktop.rival import start_rival
from tests.desktop.test_tray import shown_icon, wait_for_icon

SENTENCES = (
    "The ferry leaves the harbour early in the morning.",
    "It comes back with the evening tide.",
    "Nobody waits for it on the quay.",
)
TEXT = " ".join(SENTENCES)
READ, PAUSE, STOP, FASTER = "super+alt+r", "super+alt+space", "super+alt+x", "super+alt+f"
PLAYER = DBusAddress(
    "/org/mpris/MediaPlayer2", "org.mpris.MediaPlayer2.harken", "org.mpris.MediaPlayer2.Player"
)  # fmt: skip
NOTHING = "There is nothing to resume. Select some text and read it."


@pytest.fixture
def stopped(desk: Desk) -> Desk:
    """A reading was stopped in its second sentence."""
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", text=SENTENCES[1])
    desk.keyboard.press(STOP)
    desk.wait_for_record("ended", whole=False)
    desk.begin()
    return desk


def wait_until_read(desk: Desk) -> None:
    """Wait until the text has begun."""
    wait_for(lambda: any(SENTENCES[0].startswith(text) for text in desk.spoken()), "the text")


def play(desk: Desk) -> bool:
    """Press the media key Play, as desktops pass it on."""
    with open_dbus_connection(desk.env["DBUS_SESSION_BUS_ADDRESS"]) as bus:
        try:
            unwrap_msg(bus.send_and_get_reply(new_method_call(PLAYER, "Play"), timeout=5))
        except DBusErrorResponse:
            return False  # it is not shown yet
    return True


def resume_in_menu(desk: Desk) -> None:
    desk.open_tray_menu()
    desk.keyboard.press("u")


RESUMES: dict[str, Callable[[Desk], object]] = {
    "key": lambda desk: desk.keyboard.press(PAUSE),
    "menu": resume_in_menu,
    "terminal": lambda desk: desk.harken_call("resume"),
    "media key": lambda desk: wait_for(lambda: play(desk), "the player"),
}


@pytest.mark.parametrize("how", RESUMES)
def test_reading_goes_on_at_the_sentence(stopped: Desk, how: str) -> None:
    RESUMES[how](stopped)
    stopped.wait_for_record("ended", whole=True)
    assert stopped.spoken() == list(SENTENCES[1:])


def test_with_nothing_to_go_on_with_it_is_said(desk: Desk) -> None:
    desk.harken_call("speak", "--text", "One short sentence.")
    desk.begin()
    desk.keyboard.press(PAUSE)
    desk.wait_for_record("ended", whole=True)
    assert desk.notices() == [NOTHING]
    assert " ".join(desk.spoken()) == NOTHING
    assert desk.complain([*desk.program, "resume"]) == (1, f"harken: {NOTHING}\n")


def test_a_click_while_harken_speaks_reads(desk: Desk) -> None:
    desk.keyboard.press(READ)
    desk.wait_for_record("notice")
    desk.wait_for_record("segment")
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.begin()
    desk.keyboard.press(PAUSE)  # nothing to go on with: Harken says so, at some length
    desk.wait_for_record("segment")
    desk.click_tray(1)
    wait_until_read(desk)
    assert not [record for record in desk.records() if record.get("state") == "paused"]


def test_what_the_user_did_too_early_leaves_no_red_icon(desk: Desk) -> None:
    assert desk.harken_call("read", "clipboard") == 0
    desk.wait_for_record("notice")
    desk.wait_for_record("ended", whole=True)
    wait_for_icon(desk, "idle")
    assert shown_icon(desk) == "idle"


def test_a_held_key_steps_at_a_rate_that_can_be_followed(desk: Desk) -> None:
    try:
        desk.call(["xset", "r", "rate", "200", "50"])
        desk.call(["xdotool", "keydown", "super", "keydown", "alt", "keydown", "f"])
        desk.wait_for_record("speed", count=3)
        held_s = time.monotonic() + 2.0
        wait_for(lambda: time.monotonic() > held_s, "two seconds of holding it")
        desk.call(["xdotool", "keyup", "f", "keyup", "alt", "keyup", "super"])
        steps = [record["speed"] for record in desk.records() if record["event"] == "speed"]
        assert len(steps) < 15  # of a hundred that the keyboard sends
        status = desk.ask("status")
        assert status["speed"] < 5
        assert status["words_a_minute"] == round(200 * status["speed"])
    finally:
        desk.harken_call("settings", "set", "voice.speed", "1")


def test_the_words_a_minute_do_not_change_with_what_is_read(desk: Desk) -> None:
    told = []
    for text in ("Yes.", TEXT, "A1 B2 C3 D4.", "I am. You are. He is.", TEXT.replace(" ", ", ")):
        assert desk.harken_call("speak", "--text", text) == 0
        told.append(desk.ask("status")["words_a_minute"])
    assert set(told) == {200}


class TestKeysOfOthers:
    def test_one_is_told_aloud_with_what_to_do_and_works_when_it_is_free(self) -> None:
        with Desk(tray=True, bus=False) as desk:
            rival = start_rival(desk, "r")
            desk.start_harken()
            told = desk.wait_for_record("notice", problem=True)["sentence"]
            assert told == "Super+Alt+R is taken by xbindkeys. Choose another key on the Keys page of the settings."
            desk.wait_for_record("ended", whole=True)
            assert " ".join(desk.spoken()) == told
            desk.begin()
            desk.end(rival)
            desk.wait_for_record("notice", sentence="Super+Alt+R works now.", problem=False)
            desk.wait_for_record("ended", whole=True)
            desk.open_text(TEXT)
            desk.select_all(TEXT)
            desk.begin()
            desk.keyboard.press(READ)
            wait_until_read(desk)
