"""The reading path, on a real desktop: a real key, somebody else's window, a real sound server that is listened to."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from tests.desktop import hearing
from tests.desktop.desk import Desk, wait_for
from tests.desktop.recorder import RATE_HZ, Samples

TEXT = (
    "Hello there, this is the first sentence of a short text. Here comes the second one. "
    "A third, which is a little longer than the second, follows. And this is the last of them."
)
OTHER = "Quite another text stands here. It was selected while the first was being read."
READ, STOP, PAUSE = "super+alt+r", "super+alt+x", "super+alt+space"
NEXT, PREVIOUS, REPEAT, FASTER = "super+alt+n", "super+alt+b", "super+alt+a", "super+alt+f"
# What the issue allows a gap to be longer than the voice's own pause.
GAP_S = 0.15
# How long the voice itself pauses between two sentences of one text: the dead time at its ends (sound.md).
VOICES_PAUSE_S = 0.75


def read_whole(desk: Desk, *, limit_s: float = 60.0) -> Samples:
    """Press the key, wait until all was read, and return what was heard."""
    pressed = desk.keyboard.press(READ)
    desk.wait_for_record("ended", whole=True, limit_s=limit_s)
    return desk.recorder.since(pressed)


def check_heard(texts: list[str], recording: Samples, *, voice: str = "", language: str = "en") -> None:
    """Every text is heard exactly once, whole, in order, and without a gap that does not belong there."""
    end = None
    for text, sound in zip(texts, hearing.voiced(texts, language, voice), strict=True):
        found = hearing.find(sound, recording)
        assert found.likeness > 0.98, text
        assert hearing.count(sound, recording) == 1, text
        if end is not None:
            assert 0 <= found.start - end <= (VOICES_PAUSE_S + GAP_S) * RATE_HZ, text
        end = found.end


def test_every_sentence_is_heard_once_in_order_and_without_a_gap(desk: Desk) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    recording = read_whole(desk)
    assert " ".join(desk.spoken()) == TEXT
    check_heard(desk.spoken(), recording)


@pytest.mark.shows("X11, openbox", "a new selection interrupts the old one")
def test_a_second_selection_cuts_the_first_and_is_heard(desk: Desk) -> None:
    first = desk.open_text(TEXT)
    desk.select_all(TEXT)
    second = desk.open_text(OTHER)
    desk.select_all(OTHER)
    desk.focus(first)
    desk.select_all(TEXT)
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=0)
    desk.focus(second)
    desk.select_all(OTHER)
    before = desk.spoken()
    pressed = desk.keyboard.press(READ)
    desk.wait_for_record("ended", whole=True)
    recording = desk.recorder.since(pressed)
    check_heard(desk.spoken()[len(before) :], recording)
    for sound in hearing.voiced(before[-1:]):
        # The end of what was being said is not in it.
        assert hearing.find(sound[sound.size // 2 :], recording).likeness < 0.5


@pytest.mark.parametrize("key", [STOP, "Escape", READ])
def test_stop_is_silence(desk: Desk, key: str) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=1)
    wait_for(lambda: not hearing.is_silent(desk.recorder.sound()[-RATE_HZ // 4 :]), "sound")
    pressed = desk.keyboard.press(key)
    desk.wait_for_record("ended", whole=False)
    time.sleep(1.0)  # what is measured is that nothing is heard in this second
    last = hearing.last_sound(desk.recorder.since(pressed)) or 0
    assert last / RATE_HZ < 0.1
    desk.quiet()


def test_a_pause_goes_on_at_the_very_place(desk: Desk) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    began = desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=1)
    paused = desk.keyboard.press(PAUSE)
    desk.wait_for_record("state", state="paused")
    wait_for(lambda: hearing.is_silent(desk.recorder.sound()[-RATE_HZ // 2 :]), "silence")
    silent_from = desk.recorder.sample_at(paused)
    resumed = desk.keyboard.press(PAUSE)
    desk.wait_for_record("ended", whole=True)
    sound = desk.recorder.sound()
    # Put together as if there had been no pause, it is what the voice made.
    stop = silent_from + (hearing.last_sound(sound[silent_from : desk.recorder.sample_at(resumed)]) or 0)
    start = desk.recorder.sample_at(resumed) + (hearing.first_sound(desk.recorder.since(resumed)) or 0)
    joined = np.concatenate([sound[desk.recorder.sample_at(began) : stop + 1], sound[start:]])
    for text, made in zip(desk.spoken(), hearing.voiced(desk.spoken()), strict=True):
        assert hearing.find(made, joined).likeness > 0.6, text
        assert hearing.count(made, joined, at_least=0.5) == 1, text
    # Nothing is missing and nothing doubled: both make up the voice's own length.
    whole = joined.size / RATE_HZ
    expected = sum(m.size for m in hearing.voiced(desk.spoken())) / RATE_HZ
    assert expected < whole < expected + 0.45 * len(desk.spoken())


def sentences(desk: Desk) -> list[int]:
    return [record["sentence"] for record in desk.records() if record["event"] == "segment"]


def test_next_previous_and_repeat(desk: Desk) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=0)
    for key, count in ((NEXT, 2), (NEXT, 3), (PREVIOUS, 4)):
        desk.keyboard.press(key)
        desk.wait_for_record("segment", count=count)
    if sentences(desk)[3] == 2:  # on a busy computer: more than two seconds of it had been heard
        desk.keyboard.press(PREVIOUS)
        desk.wait_for_record("segment", count=5)
    assert sentences(desk)[:3] == [0, 1, 2]
    began = sentences(desk)
    assert began[-1] == 1
    desk.keyboard.press(REPEAT)
    desk.wait_for_record("segment", count=len(began) + 1)
    assert sentences(desk)[len(began)] == 1


def test_paragraphs_are_moved_by(desk: Desk) -> None:
    text = f"{TEXT}\n\n{OTHER}"
    desk.open_text(text)
    desk.select_all(text)
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=0)
    assert desk.harken_call("next-paragraph") == 0
    desk.wait_for_record("segment", text=OTHER.partition(".")[0] + ".")
    while (
        desk.spoken().count(desk.spoken()[0]) < 2
    ):  # on a busy computer a press may come late, and begin this one again
        before = len(desk.spoken())
        assert desk.harken_call("previous-paragraph") == 0
        desk.wait_for_record("segment", count=before + 1)


def test_faster_is_heard_while_speaking(desk: Desk) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    at_one = read_whole(desk)
    at_one_s = ((hearing.last_sound(at_one) or 0) - (hearing.first_sound(at_one) or 0)) / RATE_HZ
    pressed = desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=0, count=2)
    for _ in range(8):
        desk.keyboard.press(FASTER)
    desk.wait_for_record("ended", whole=True, count=2)
    faster = desk.recorder.since(pressed)
    faster_s = ((hearing.last_sound(faster) or 0) - (hearing.first_sound(faster) or 0)) / RATE_HZ
    assert desk.records()[-1]["event"] in ("state", "ended", "speed")
    assert faster_s < 0.65 * at_one_s
    assert [r["index"] for r in desk.records() if r["event"] == "segment"][-1] == len(desk.spoken()) // 2 - 1
    desk.harken_call("settings", "set", "voice.speed", "1")


def children(desk: Desk, kind: str) -> list[int]:
    """The child processes of a kind that Harken runs."""
    found = desk.output(["pgrep", "-P", str(desk.harken.pid if desk.harken else 0), "-f", f"reader.workers {kind}"])
    return list(map(int, found.split()))


def test_a_killed_voice_loses_no_sentence(desk: Desk) -> None:
    text = " ".join(f"This is sentence number {word}, and it is long enough to be heard." for word in NUMBERS)
    desk.open_text(text)
    desk.select_all(text)
    pressed = desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=1)
    (pid,) = children(desk, "neural")
    os.kill(pid, signal.SIGKILL)
    desk.wait_for_record("ended", whole=True)
    assert " ".join(desk.spoken()) == text
    check_heard(desk.spoken(), desk.recorder.since(pressed))
    assert desk.notices() == []


def test_a_sound_process_that_is_kept_waiting_says_so(desk: Desk) -> None:
    """What is heard then is a hole, and nothing is lost."""
    before = len(desk.holes())
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    pressed = desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=1)
    (pid,) = children(desk, "audio")
    os.kill(pid, signal.SIGSTOP)
    stopped_s = desk.recorder.seconds
    wait_for(lambda: desk.recorder.seconds > stopped_s + 0.4, "more than the device has")
    os.kill(pid, signal.SIGCONT)
    desk.wait_for_record("ended", whole=True)
    assert "the device ran dry" in "".join(desk.holes()[before:])
    check_heard(desk.spoken()[-1:], desk.recorder.since(pressed))
    assert desk.notices() == []


NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class TestTheSoundServer:
    @pytest.fixture(autouse=True)
    def restarted(self, desk: Desk) -> None:
        """A Harken that has said nothing of its sound yet: what it says of one trouble it merges for a minute."""
        assert desk.harken
        desk.end(desk.harken)
        desk.start_harken()
        desk.begin()

    def test_restarting_while_idle_is_not_noticed(self, desk: Desk) -> None:
        desk.open_text(OTHER)
        desk.select_all(OTHER)
        self._restart(desk)
        recording = read_whole(desk)
        check_heard(desk.spoken(), recording)

    def test_restarting_while_speaking_goes_on_and_says_so(self, desk: Desk) -> None:
        desk.open_text(TEXT)
        desk.select_all(TEXT)
        desk.keyboard.press(READ)
        desk.wait_for_record("segment", index=2)
        self._restart(desk)
        back = time.monotonic()
        desk.wait_for_record("ended", whole=True)
        assert " ".join(desk.spoken()) == TEXT
        recording = desk.recorder.since(back)
        check_heard(desk.spoken()[-1:], recording)
        assert [n for n in desk.notices() if "back" in n]

    def test_one_that_hangs_does_not_take_harken_with_it(self, desk: Desk) -> None:
        desk.open_text(OTHER)
        desk.select_all(OTHER)
        os.kill(desk.pulse.pid, signal.SIGSTOP)
        try:
            desk.keyboard.press(READ)
            desk.wait_for_record("notice", limit_s=20)
            assert desk.harken_call("status") == 0
        finally:
            os.kill(desk.pulse.pid, signal.SIGCONT)
        desk.wait_for_record("ended", whole=True)
        assert " ".join(desk.spoken()) == OTHER
        desk.recorder.stop()  # its clock stood still meanwhile
        desk.listen()

    @staticmethod
    def _restart(desk: Desk) -> None:
        os.kill(desk.pulse.pid, signal.SIGKILL)
        desk.pulse.wait()
        desk.recorder.stop()
        desk.start_sound()
        desk.listen()


def test_a_device_that_vanishes_is_replaced_by_the_default(desk: Desk) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.call(["pactl", "load-module", "module-null-sink", "sink_name=headset", f"rate={RATE_HZ}"])
    desk.call(["pactl", "set-default-sink", "headset"])
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=1)
    desk.call(["sh", "-c", "pactl unload-module $(pactl list short modules | grep sink_name=headset | cut -f1)"])
    gone = time.monotonic()
    desk.wait_for_record("ended", whole=True)
    check_heard(desk.spoken()[-1:], desk.recorder.since(gone))


def test_other_languages_are_read_by_their_voices(desk: Desk) -> None:
    text = "Guten Tag, dies ist ein deutscher Satz. Und noch einer, damit es auffällt."
    desk.open_text(text)
    desk.select_all(text)
    recording = read_whole(desk)
    segments = [r for r in desk.records() if r["event"] == "segment"]
    assert {(r["voice"], r["language"]) for r in segments} == {("espeak/de", "de")}
    assert " ".join(desk.spoken()) == text
    # eSpeak's sound is never twice the same, so its envelope is compared.
    for said, sound in zip(desk.spoken(), hearing.voiced(desk.spoken(), "de"), strict=True):
        assert hearing.find(hearing.envelope(sound), hearing.envelope(recording)).likeness > 0.7, said


def test_a_book_starts_like_a_sentence_and_is_cut_like_one(desk: Desk) -> None:
    book = "It was a dark and stormy night, and the rain fell in torrents upon the roofs of the city. " * 2300
    assert len(book) > 200_000
    desk.open_text(book)
    desk.select_all()
    pressed = desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=0)
    desk.keyboard.press(STOP)
    desk.wait_for_record("ended", whole=False)
    assert hearing.first_sound(desk.recorder.since(pressed)) is not None
