"""What can be changed while it speaks, heard by somebody who listens: speed, volume, output, tones, history."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

from reader.audio.cues import Cue
from tests.desktop import hearing
from tests.desktop.desk import Desk, wait_for
from tests.desktop.recorder import RATE_HZ, Recorder, Samples

SENTENCES = (
    "The old lighthouse stood on the cliff for more than two hundred years.",
    "Ships from many countries passed by night, and their captains knew the light.",
    "In the morning he slept, and the gulls had the island for themselves.",
)
TEXT = " ".join(SENTENCES)
READ, PAUSE = "super+alt+r", "super+alt+space"


def change(desk: Desk, key: str, value: str) -> None:
    assert desk.harken_call("settings", "set", key, value) == 0


@pytest.fixture
def reading(desk: Desk) -> Desk:
    """The text is being read, and its second segment has begun."""
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.keyboard.press(READ)
    desk.wait_for_record("segment", index=1)
    return desk


def longest_silence_s(recording: Samples) -> float:
    """Between the first and the last sound."""
    loud = np.flatnonzero(np.abs(recording) > 0.002)
    return float(np.diff(loud).max()) / RATE_HZ


def pitch_hz(recording: Samples) -> float:
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(recording * np.hanning(recording.size)))
    return float(spectrum.argmax() * RATE_HZ / recording.size)


def test_another_speed_is_heard_without_a_gap_and_measured(reading: Desk) -> None:
    began = time.monotonic()
    change(reading, "voice.speed", "3")
    reading.wait_for_record("ended", whole=True)
    recording = reading.recorder.since(began)
    change(reading, "voice.speed", "1")
    assert " ".join(reading.spoken()).startswith(TEXT)  # what is said of the new speed may follow
    # The pauses between sentences are the longest silence there is, at either speed.
    assert longest_silence_s(recording[: hearing.last_sound(recording)]) < 0.5
    told = [record["words_a_minute"] for record in reading.records() if record["event"] == "pace"]
    assert max(told) > 2 * told[0]


def test_a_new_speed_is_said_while_nothing_is_read(desk: Desk) -> None:
    change(desk, "voice.speed", "1.5")
    said = desk.wait_for_record("segment")
    change(desk, "voice.speed", "1")
    assert said["text"].endswith(" words a minute")
    status = desk.ask("status")
    assert 150 < status["words_a_minute"] < 260


def test_another_volume_is_heard_at_once(reading: Desk) -> None:
    began = time.monotonic()
    change(reading, "sound.volume", "20")
    reading.wait_for_record("ended", whole=True)
    recording = reading.recorder.since(began)
    (last,) = hearing.voiced(reading.spoken()[-1:])
    found = hearing.find(last, recording)
    assert found.likeness > 0.95
    loudness = np.abs(recording[found.start : found.end]).max() / np.abs(last).max()
    assert loudness == pytest.approx(0.2, rel=0.1)
    assert reading.harken_call("louder") == 0
    assert reading.wait_for_record("volume", count=2)["volume"] == 0.25
    change(reading, "sound.volume", "100")


def test_another_output_goes_on_at_the_very_place(reading: Desk) -> None:
    reading.call(["pactl", "load-module", "module-null-sink", "sink_name=second", f"rate={RATE_HZ}"])
    outputs = json.loads(reading.harken_output("devices", "--json"))
    assert {output["id"] for output in outputs} == {"test", "second"}
    assert [output["id"] for output in outputs if output["default"]] == ["test"]
    second = Recorder(reading.env, "second.monitor")
    try:
        wait_for(lambda: second.seconds > 1.0, "recorder")
        change(reading, "sound.device", "second")
        reading.wait_for_record("ended", whole=True)
        before, behind = reading.recorder.sound(), second.sound()
        left, came = hearing.last_sound(before), hearing.first_sound(behind)
        assert left is not None
        assert came is not None
        assert hearing.find(hearing.voiced(reading.spoken()[-1:])[0], behind).likeness > 0.98
        assert abs(second.time_of(came) - reading.recorder.time_of(left)) < 0.6  # it may have been in a pause
        assert " ".join(reading.spoken()) == TEXT
        change(reading, "sound.device", "")
    finally:
        second.stop()


def test_pause_and_end_are_heard_as_tones(reading: Desk) -> None:
    change(reading, "cues.end", "on")
    reading.keyboard.press(PAUSE)
    reading.wait_for_record("state", state="paused")
    wait_for(lambda: hearing.is_silent(reading.recorder.sound()[-RATE_HZ // 4 :]), "silence")
    sound = reading.recorder.sound()
    last = hearing.last_sound(sound) or 0
    assert pitch_hz(sound[last - RATE_HZ // 10 : last]) == pytest.approx(Cue.PAUSED.value[0], rel=0.06)
    reading.keyboard.press(PAUSE)
    reading.wait_for_record("ended", whole=True)
    wait_for(lambda: hearing.is_silent(reading.recorder.sound()[-RATE_HZ // 4 :]), "silence")
    sound = reading.recorder.sound()
    last = hearing.last_sound(sound) or 0
    assert pitch_hz(sound[last - RATE_HZ // 5 : last]) == pytest.approx(Cue.ENDED.value[0], rel=0.06)
    change(reading, "cues.end", "off")
    assert " ".join(reading.spoken()) == TEXT


def test_a_reading_is_remembered_read_again_and_forgotten(reading: Desk) -> None:
    reading.harken_call("stop")
    newest = json.loads(reading.harken_output("history", "--json"))[0]
    assert newest["first_words"] == "The old lighthouse stood on the cliff for more than two…"
    assert newest["source"] == "selection"
    assert reading.harken_call("history", "read", str(newest["id"])) == 0
    assert reading.wait_for_record("segment", index=0, count=2)["text"]
    reading.harken_call("stop")
    change(reading, "reading.history", "off")
    assert json.loads(reading.harken_output("history", "--json")) == []
    assert reading.harken_call("history", "read", str(newest["id"])) == 1
    change(reading, "reading.history", "on")
