"""The command line, as a person or a script uses it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.desktop import hearing
from tests.desktop.desk import Desk, wait_for

HARKEN = [sys.executable, "-m", "ui.launch"]


@pytest.fixture(scope="module")
def alone() -> Iterator[Desk]:
    """A desktop on which no Harken runs."""
    with Desk(bus=False) as made:
        yield made


@pytest.fixture
def quiet_desk(alone: Desk) -> Desk:
    alone.begin()
    return alone


def harken(desk: Desk, *arguments: str, text: str = "", env: dict[str, str] | None = None) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    done = subprocess.run(
        [*HARKEN, *arguments], env=desk.env | (env or {}), input=text, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def start(desk: Desk, *arguments: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([*HARKEN, *arguments], env=desk.env, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def finish(process: subprocess.Popen[str], limit_s: float = 30) -> tuple[int, str]:
    """(exit code, standard error)."""
    _, errors = process.communicate(timeout=limit_s)
    return process.returncode, errors


class TestSpeakingAlone:
    def test_a_text_is_heard(self, quiet_desk: Desk) -> None:
        began = time.monotonic()
        code, _, errors = harken(quiet_desk, "speak", "--text", "Hello from the command line. It speaks.")
        assert (code, errors) == (0, "")
        recording = quiet_desk.recorder.since(began)
        for sound in hearing.voiced(["Hello from the command line.", "It speaks."]):
            assert hearing.count(sound, recording) == 1

    def test_standard_input_is_spoken_while_it_arrives(self, quiet_desk: Desk) -> None:
        process = start(quiet_desk, "speak", "-")
        assert process.stdin is not None
        for word in ["The", "first", "sentence", "is", "complete.", "And", "the", "second", ""]:
            process.stdin.write(word + " ")
            process.stdin.flush()
            time.sleep(0.03)  # a model writes like this
        quiet_desk.wait_for_record("segment", index=0)  # before the input has ended
        assert quiet_desk.spoken()[0] == "The first sentence is complete."
        process.stdin.write("ends here.")
        code, errors = finish(process)
        assert (code, errors) == (0, "")
        assert " ".join(quiet_desk.spoken()).replace("second ends", "second ends") == (
            "The first sentence is complete. And the second ends here."
        )

    def test_a_file_of_sound_holds_what_would_be_heard(self, quiet_desk: Desk, tmp_path: Path) -> None:
        text = "One sentence for a file. And a second one."
        path = tmp_path / "out.wav"
        assert harken(quiet_desk, "speak", "-", "--out", str(path), text=text)[0] == 0
        with wave.open(str(path)) as file:
            assert file.getframerate() == 24000
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32)
        at_recorders_rate = np.repeat(sound, 2)
        for said in hearing.voiced(["One sentence for a file.", "And a second one."]):
            assert hearing.find(said, at_recorders_rate).likeness > 0.95

    @pytest.mark.parametrize("name", ["out.mp3", "out.opus", "out.flac", "named otherwise"])
    def test_a_compressed_file_holds_what_would_be_heard(self, quiet_desk: Desk, tmp_path: Path, name: str) -> None:
        book, path = tmp_path / "A book.txt", tmp_path / name
        book.write_text("One sentence for a file. And a second one.")
        options = [] if "." in name else ["--format", "opus"]
        assert harken(quiet_desk, "speak", str(book), "--out", str(path), *options)[0] == 0
        with soundfile.SoundFile(path) as file:
            assert file.title == "A book"
            at_recorders_rate = np.repeat(file.read(dtype="int16").astype(np.float32), 48000 // file.samplerate)
        for said in hearing.voiced(["One sentence for a file.", "And a second one."]):
            assert hearing.find(said, at_recorders_rate).likeness > 0.9

    def test_a_book_is_written_faster_than_it_is_read(self, quiet_desk: Desk, tmp_path: Path) -> None:
        book = tmp_path / "book.txt"
        book.write_text("It was a dark and stormy night, and it rained. " * 200)
        began = time.monotonic()
        code, _, _ = harken(quiet_desk, "speak", str(book), "--out", str(tmp_path / "b.wav"), "--engine", "espeak")
        assert code == 0
        with wave.open(str(tmp_path / "b.wav")) as file:
            assert file.getnframes() / file.getframerate() > time.monotonic() - began  # minutes of sound

    @pytest.mark.parametrize(
        ("options", "voice"),
        [
            (["--engine", "espeak"], "espeak/en-us"),
            (["--voice", "espeak/de"], "espeak/de"),
            (["--voice", "fr-fr"], "espeak/fr-fr"),
            (["--lang", "de"], "espeak/de"),
            ([], "neural/heart"),
        ],
    )
    def test_voices_and_languages(self, quiet_desk: Desk, tmp_path: Path, options: Sequence[str], voice: str) -> None:
        out = ["--out", str(tmp_path / "x.wav")]
        assert harken(quiet_desk, "speak", "--text", "Hello there.", *options, *out)[0] == 0
        assert [r["voice"] for r in quiet_desk.records() if r["event"] == "segment"] == [voice]

    def test_speed(self, quiet_desk: Desk, tmp_path: Path) -> None:
        lengths = []
        for rate in ("1", "2", "4"):
            path = tmp_path / f"{rate}.wav"
            text = "This is a sentence that takes a while to say, and then another clause of it."
            assert harken(quiet_desk, "speak", "--text", text, "--rate", rate, "--out", str(path))[0] == 0
            with wave.open(str(path)) as file:
                lengths.append(file.getnframes())
        assert lengths[0] / lengths[1] == pytest.approx(2, rel=0.1)
        assert lengths[0] / lengths[2] == pytest.approx(4, rel=0.15)

    def test_interrupting_is_silence_and_130(self, quiet_desk: Desk) -> None:
        process = start(quiet_desk, "speak", "--text", "A long text that goes on and on. " * 20)
        quiet_desk.wait_for_record("segment", index=1)
        process.send_signal(signal.SIGINT)
        assert finish(process) == (130, "")
        stopped = time.monotonic()
        time.sleep(0.5)  # what is tested is the silence of this time
        assert hearing.is_silent(quiet_desk.recorder.since(stopped + 0.1))

    @pytest.mark.parametrize("data", [b"", b"\n\n", b"***", b"\x00\x00\x00", b"\xff\xfe\xfd"])
    def test_nothing_to_say_is_told(self, quiet_desk: Desk, data: bytes) -> None:
        done = subprocess.run([*HARKEN, "speak", "-"], env=quiet_desk.env, input=data, capture_output=True, timeout=60)
        assert done.returncode == 1
        assert done.stderr.decode() == "harken: There is nothing in this text that can be read aloud.\n"

    def test_bytes_that_are_no_utf8_are_read_as_far_as_they_are(self, quiet_desk: Desk, tmp_path: Path) -> None:
        path = tmp_path / "latin1.txt"
        path.write_bytes("Some text with a caf\xe9 in it.".encode("latin-1"))
        assert harken(quiet_desk, "speak", str(path), "--out", str(tmp_path / "x.wav"))[0] == 0
        assert quiet_desk.spoken()[0].startswith("Some text with a caf")


def sentence_of(result: tuple[int, str, str]) -> str:
    """The one sentence of a failure."""
    code, output, errors = result
    assert code == 1
    assert output == ""
    assert errors.startswith("harken: ")
    assert errors.count("\n") == 1
    assert "Traceback" not in errors
    return errors


class TestFailures:
    def test_no_such_file(self, quiet_desk: Desk) -> None:
        assert "can't be read" in sentence_of(harken(quiet_desk, "speak", "/no/such/file"))

    def test_a_folder(self, quiet_desk: Desk, tmp_path: Path) -> None:
        assert "can't be read" in sentence_of(harken(quiet_desk, "speak", str(tmp_path)))

    def test_nowhere_to_write(self, quiet_desk: Desk) -> None:
        assert "can't be written" in sentence_of(harken(quiet_desk, "speak", "--text", "x", "--out", "/no/where.wav"))

    def test_no_sound(self, quiet_desk: Desk, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        env = {"XDG_RUNTIME_DIR": str(tmp_path), "PULSE_SERVER": "unix:/no/where"}
        assert "no sound output" in sentence_of(harken(quiet_desk, "speak", "--text", "Hello.", env=env))

    def test_an_output_that_is_not_there_gives_way_to_the_default(self, quiet_desk: Desk) -> None:
        assert harken(quiet_desk, "settings", "set", "sound.device", "Headset 7")[0] == 0
        try:
            began = time.monotonic()
            code, _, errors = harken(quiet_desk, "speak", "--text", "Hello there.")
            assert code == 0
            assert "“Headset 7” is not available" in errors
            (sound,) = hearing.voiced(["Hello there."])
            assert hearing.find(sound, quiet_desk.recorder.since(began)).likeness > 0.98
        finally:
            harken(quiet_desk, "settings", "set", "sound.device", "")

    def test_no_instance(self, quiet_desk: Desk) -> None:
        for command in ("status", "stop", "read", "faster"):
            assert "not running" in sentence_of(harken(quiet_desk, command))

    def test_no_display(self, quiet_desk: Desk) -> None:
        assert "no display" in sentence_of(harken(quiet_desk, env={"DISPLAY": ""}))

    def test_no_such_setting(self, quiet_desk: Desk) -> None:
        assert "no setting" in sentence_of(harken(quiet_desk, "settings", "get", "no.such"))
        assert "number from" in sentence_of(harken(quiet_desk, "settings", "set", "voice.speed", "99"))

    @pytest.mark.parametrize(("voice", "meant"), [("espeak/xx", ""), ("Nobody", ""), ("hart", "“neural/heart”")])
    def test_an_unknown_voice_is_told_and_no_other_reads(
        self, quiet_desk: Desk, tmp_path: Path, voice: str, meant: str
    ) -> None:
        out = ["--out", str(tmp_path / "x.wav")]
        sentence = sentence_of(harken(quiet_desk, "speak", "--text", "Hello.", "--voice", voice, *out))
        assert "There is no voice" in sentence
        assert meant in sentence
        assert quiet_desk.spoken() == []
        assert not (tmp_path / "x.wav").exists()

    @pytest.mark.parametrize(
        "arguments",
        [["sing"], ["speak", "--rate", "fast", "x"], ["speak", "--rate", "99", "x"], ["read", "minds"], ["--what"]],
    )
    def test_wrong_usage(self, quiet_desk: Desk, arguments: Sequence[str]) -> None:
        code, _, errors = harken(quiet_desk, *arguments)
        assert code == 2
        assert errors.startswith("usage: ")


class TestReports:
    def test_voices(self, quiet_desk: Desk) -> None:
        code, output, _ = harken(quiet_desk, "voices", "--json")
        voices = json.loads(output)
        assert code == 0
        assert {"id": "neural/heart", "language": "en"}.items() <= voices[0].items()
        assert len({v["language"] for v in voices}) > 90

    def test_settings(self, quiet_desk: Desk) -> None:
        assert harken(quiet_desk, "settings", "set", "voice.speed", "1.5")[0] == 0
        assert harken(quiet_desk, "settings", "get", "voice.speed")[1] == "1.5\n"
        assert json.loads(harken(quiet_desk, "settings", "list", "--json")[1])["voice.speed"] == 1.5
        assert harken(quiet_desk, "settings", "set", "voice.speed", "1")[0] == 0

    def test_doctor(self, quiet_desk: Desk) -> None:
        code, output, _ = harken(quiet_desk, "doctor", "--json")
        rows = {row["part"]: row for row in json.loads(output)}
        assert code == 0
        assert rows["keys"]["chosen"] == "x11 grabs"
        assert rows["sound"]["chosen"] == "pulse at 48000 Hz"
        assert rows["voice neural"]["chosen"] == "1 voice"
        assert [rows["text"]["refused"][0][0], rows["text"]["refused"][0][1][:20]] == ["at-spi", "no accessibility bus"]

    def test_help_and_version(self, quiet_desk: Desk) -> None:
        assert harken(quiet_desk, "--help")[0] == 0
        assert harken(quiet_desk, "--version")[1].startswith("harken ")


class TestTheRunningInstance:
    def test_speaks_for_the_command_line_and_is_not_talked_over(self, desk: Desk) -> None:
        process = start(desk, "speak", "--text", "This is the first text, which is a long one, and is not heard whole.")
        desk.wait_for_record("segment", index=0)
        assert harken(desk, "speak", "--text", "This one is newer.")[0] == 0
        assert finish(process) == (130, "")
        assert desk.spoken()[-1] == "This one is newer."
        assert [r["whole"] for r in desk.records() if r["event"] == "ended"] == [False, True]

    def test_interrupting_the_command_line_stops_it(self, desk: Desk) -> None:
        process = start(desk, "speak", "--text", "A long text that goes on and on. " * 20)
        desk.wait_for_record("segment", index=1)
        process.send_signal(signal.SIGINT)
        assert finish(process) == (130, "")
        desk.wait_for_record("ended", whole=False, limit_s=5)

    def test_standard_input_goes_through_it_word_by_word(self, desk: Desk) -> None:
        process = start(desk, "speak", "-")
        assert process.stdin is not None
        process.stdin.write("A first sentence. And ")
        process.stdin.flush()
        desk.wait_for_record("segment", index=0)
        process.stdin.write("another.")
        assert finish(process) == (0, "")
        assert desk.spoken() == ["A first sentence.", "And another."]

    def test_commands(self, desk: Desk) -> None:
        process = start(desk, "speak", "--text", "One is here. Two is here. Three is here. Four is here. " * 3)
        desk.wait_for_record("segment", index=0)
        assert harken(desk, "pause")[0] == 0
        wait_for(lambda: harken(desk, "status")[1].startswith("paused"), "paused")
        assert harken(desk, "resume")[0] == 0
        assert harken(desk, "next")[0] == 0
        assert harken(desk, "stop")[0] == 0
        wait_for(lambda: harken(desk, "status")[1].startswith("idle"), "idle")
        assert finish(process) == (130, "")

    def test_what_is_left_out_is_told_at_the_end_and_said(self, desk: Desk) -> None:
        linked = "See [this page](https://example.com/a/long/way/to/go/on) now."
        first = "Harken left out 67% of this text: the addresses behind links. See “What is read” in the settings."
        for told in (first, first.partition(" See")[0]):
            desk.begin()
            assert harken(desk, "speak", "--text", linked) == (0, "", f"harken: {told}\n")
            desk.wait_for_record("ended", 2, whole=True)  # of the text, and of the sentence about it
            assert " ".join(desk.spoken()) == f"See this page now. {told}"

    def test_a_choice_made_while_it_reads_holds_from_what_is_cut_next(self, desk: Desk) -> None:
        process = start(desk, "speak", "-")
        assert process.stdin is not None
        process.stdin.write("The first (one) is here. And ")
        process.stdin.flush()
        desk.wait_for_record("segment", index=0)
        assert harken(desk, "settings", "set", "text.brackets", "off")[0] == 0
        process.stdin.write("the second (one) is there.")
        assert finish(process)[0] == 0
        assert harken(desk, "settings", "reset", "text.brackets")[0] == 0
        assert " ".join(desk.spoken()).startswith("The first (one) is here. And the second is there.")

    def test_settings_change_what_is_running(self, desk: Desk) -> None:
        assert harken(desk, "settings", "set", "voice.speed", "2")[0] == 0
        assert json.loads(harken(desk, "status", "--json")[1])["speed"] == 2.0
        assert harken(desk, "settings", "get", "voice.speed")[1] == "2\n"
        assert harken(desk, "settings", "set", "voice.speed", "1")[0] == 0

    def test_a_second_start_finds_the_first(self, desk: Desk) -> None:
        code, _, errors = harken(desk)
        assert (code, errors) == (0, "")
        desk.wait_for_record("notice", problem=False)
        assert "Harken is running." in desk.notices()[0]

    def test_doctor_asks_it(self, desk: Desk) -> None:
        rows = {row["part"]: row for row in json.loads(harken(desk, "doctor", "--json")[1])}
        assert rows["keys"]["chosen"] == "x11 grabs"
        assert rows["text"]["chosen"] == "x11 selection, x11 clipboard, at-spi focus"
