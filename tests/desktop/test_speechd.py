"""Harken's voices through speech-dispatcher: what is heard, and what programs are told."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.desktop.desk import Desk, wait_for
from tests.desktop.hearing import count, find, first_sound, is_silent, voiced
from tests.desktop.recorder import RATE_HZ, Samples
from tests.desktop.speechd import NEEDED, Client, SpeechDispatcher

pytestmark = pytest.mark.skipif(
    not all(shutil.which(program) for program in NEEDED), reason="speech-dispatcher is not installed here"
)
SHORT = "Harken reads this aloud."
LONG = "This is a long story that nobody wants to hear to the end, because something else is more important now."


@pytest.fixture(scope="module")
def speaking() -> Iterator[tuple[Desk, SpeechDispatcher]]:
    with Desk() as desk:
        server = SpeechDispatcher(desk)
        server.start()
        yield desk, server


@pytest.fixture
def desk(speaking: tuple[Desk, SpeechDispatcher]) -> Desk:
    return speaking[0]


@pytest.fixture
def client(desk: Desk) -> Iterator[Client]:
    client = Client(desk)
    yield client
    client.ask("CANCEL SELF")
    client.close()


def heard(desk: Desk, client: Client, text: str) -> Samples:
    """What is heard of a message."""
    begun_s = time.monotonic()
    client.speak(text)
    client.wait_for("end")
    desk.call(["sleep", "0.5"])  # what is left in the sound server
    return desk.recorder.since(begun_s)


def seconds(sound: Samples) -> float:
    """How long something is heard."""
    loud = np.flatnonzero(np.abs(sound) > 0.004)
    return float(loud[-1] - loud[0]) / RATE_HZ


def test_any_program_speaks_with_harkens_voice(desk: Desk) -> None:
    begun_s = time.monotonic()
    assert desk.call(["spd-say", "-w", "-o", "harken", SHORT]) == 0
    desk.call(["sleep", "0.5"])
    assert count(voiced([SHORT])[0], desk.recorder.since(begun_s)) == 1
    assert "installed and loaded" in desk.harken_output("speechd", "status")
    assert "speech-dispatcher: installed and loaded" in desk.harken_output("doctor")


def test_one_message_is_cut_by_the_next(desk: Desk, client: Client) -> None:
    begun_s = time.monotonic()
    client.speak(LONG)
    client.wait_for("begin")
    wait_for(lambda: first_sound(desk.recorder.since(begun_s)) is not None, "sound")
    client.ask("CANCEL SELF")
    client.wait_for("cancel")
    recording = heard(desk, client, SHORT)
    assert count(voiced([SHORT])[0], recording) == 1
    assert seconds(desk.recorder.since(begun_s)) < seconds(voiced([LONG])[0]) + seconds(voiced([SHORT])[0])


def test_a_program_is_told_when_its_marks_are_reached(client: Client) -> None:
    client.set("SSML_MODE on")
    client.speak(
        '<speak><mark name="first"/>One is here. <mark name="second"/>Two has <mark name="third"/>come.</speak>'
    )
    client.wait_for("end")
    names = [name for name in client.events if not name[1].startswith("__spd")]
    assert names == [("begin", ""), ("mark", "first"), ("mark", "second"), ("mark", "third"), ("end", "")]


def test_what_is_paused_continues_behind_its_last_sentence(desk: Desk, client: Client) -> None:
    begun_s = time.monotonic()
    client.speak(f"{SHORT} {LONG} {LONG} {LONG} That was all.")
    client.wait_for("begin")
    wait_for(lambda: first_sound(desk.recorder.since(begun_s)) is not None, "sound")
    client.ask("PAUSE SELF")
    client.wait_for("pause")
    client.ask("RESUME SELF")
    client.wait_for("end")
    desk.call(["sleep", "0.5"])
    recording = desk.recorder.since(begun_s)
    assert count(voiced([SHORT])[0], recording) == 1
    assert count(voiced(["That was all."])[0], recording) == 1


def test_signs_and_letters_are_said_as_the_program_wants(desk: Desk, client: Client) -> None:
    client.set("PUNCTUATION all")
    assert count(voiced(["left paren("])[0], heard(desk, client, "(")) == 1
    client.set("PUNCTUATION none")
    client.set("SPELLING on")
    spelt = seconds(heard(desk, client, "harken"))
    client.set("SPELLING off")
    assert spelt > 2 * seconds(heard(desk, client, "harken"))


def test_rate_pitch_volume_and_language_are_followed(desk: Desk, client: Client) -> None:
    normal = heard(desk, client, SHORT)
    client.set("RATE 50")
    assert 0.45 < seconds(heard(desk, client, SHORT)) / seconds(normal) < 0.75
    client.set("RATE 0")
    client.set("VOLUME 0")
    assert 0.4 < np.abs(heard(desk, client, SHORT)).max() / np.abs(normal).max() < 0.6
    client.set("VOLUME 100")
    client.set("PITCH 100")
    high = heard(desk, client, SHORT)
    assert find(voiced([SHORT])[0], high).likeness < 0.5
    assert abs(seconds(high) - seconds(normal)) < 0.2
    client.set("PITCH 0")
    client.set("LANGUAGE de")
    german = heard(desk, client, "Guten Tag.")
    assert find(voiced(["Guten Tag."], "de")[0], german).likeness > 0.5


def test_characters_keys_and_sounds_are_heard(desk: Desk, client: Client) -> None:
    commands = (("CHAR b", "B."), ("KEY shift_a", "shift A."), ("SOUND_ICON not-there", "not there"))
    for command, said in commands:
        begun_s = time.monotonic()
        client.events = []
        client.ask(command)
        client.wait_for("end")
        desk.call(["sleep", "0.5"])
        assert count(voiced([said])[0], desk.recorder.since(begun_s)) == 1


def test_a_message_without_a_word_ends(desk: Desk, client: Client) -> None:
    assert is_silent(heard(desk, client, "..."))
    assert client.events[-1] == ("end", "")


def test_nothing_is_silent_for_good_when_the_module_is_killed(speaking: tuple[Desk, SpeechDispatcher]) -> None:
    desk, server = speaking
    server.kill_module()
    begun_s = time.monotonic()
    desk.call(["spd-say", "-o", "harken", SHORT])  # lost: it is how speech-dispatcher finds out
    wait_for(server.misses_a_module, "what it finds out")  # before that, the next one would take its place
    desk.call(["timeout", "60", "spd-say", "-w", "-o", "harken", SHORT])
    assert not is_silent(desk.recorder.since(begun_s))  # speech-dispatcher has another module say it
    assert desk.harken_call("speechd", "install") == 0  # which tells it to load all modules again
    wait_for(server.modules, "the module", 60)
    server.wait_until_ready()
    with_voice = Client(desk)
    assert count(voiced([SHORT])[0], heard(desk, with_voice, SHORT)) == 1
    with_voice.close()


def test_removed_it_is_gone(speaking: tuple[Desk, SpeechDispatcher]) -> None:
    desk, server = speaking
    assert desk.harken_call("speechd", "remove") == 0
    wait_for(lambda: not server.modules(), "end of the module", 60)
    assert "harken" not in desk.output(["spd-say", "-O"])
    assert desk.harken_call("speechd", "status") == 1
