"""Voices that the user adds: `harken voices add`, what reads a text then, `remove`; and files that are no voices."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from reader.audio.none import NoDevice
from reader.cli import purge
from reader.core import doctor, user_voices
from reader.core.app import App
from reader.errors import VoiceFileError
from reader.flow import CapturedText, Event, Notice, ReadingEnded, SegmentStarted, Source, WordStarted
from reader.settings.store import Settings
from reader.support.voice_folder import voices_folder
from reader.voices.piper import folder, installation, net
from tests import kills
from tests.fakes import piper_voice

HARKEN = [sys.executable, "-m", "reader"]
NAME = f"piper/{piper_voice.NAME}"
GERMAN = "Das ist ein kurzer Satz, und hier steht noch einer."


def harken(*arguments: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    done = subprocess.run([*HARKEN, *arguments], capture_output=True, timeout=100, check=False)
    errors = done.stderr.decode()
    assert "Traceback" not in errors
    return done.returncode, done.stdout.decode(), errors


async def add(place: Path, name: str, about: dict[str, Any], made: bytes | None = None) -> list[str]:
    voices = await installation.add(piper_voice.write(place, name, made, about), voices_folder())
    return [voice.id for voice in voices]


@pytest.fixture(autouse=True)
def without_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARKEN_AUDIO", "none")


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[App]:
    app = App(Settings(home / "settings.toml"), device=NoDevice(1000.0))
    await app.start(with_desktop=False)
    try:
        yield app
    finally:
        await app.stop()


async def heard(app: App, text: str, voice_id: str = "", *, falls_back: bool = False) -> list[Event]:
    events: list[Event] = []
    over = asyncio.Event()

    def watch(event: Event) -> None:
        events.append(event)
        if isinstance(event, ReadingEnded):
            over.set()

    app.subscribe(watch)
    app.speak(CapturedText(text, Source.GIVEN), voice_id=voice_id, falls_back=falls_back)
    await over.wait()
    return events


def readers(events: list[Event]) -> set[str]:
    return {event.voice_id for event in events if isinstance(event, SegmentStarted)}


def test_a_voice_is_added_listed_used_and_removed(tmp_path: Path) -> None:
    file = piper_voice.write(tmp_path / "download")
    code, said, _ = harken("voices", "add", str(file), "--json")
    assert (code, [row["id"] for row in json.loads(said)]) == (0, [NAME])
    shutil.rmtree(file.parent)  # it was copied
    code, said, _ = harken("voices", "--engine", "piper")
    assert (code, said.split()[:2]) == (0, [NAME, "en"])
    code, _, errors = harken("speak", "--voice", NAME, "--text", "Hello there.", "--out", str(tmp_path / "a.wav"))
    assert (code, errors) == (0, "")
    with wave.open(str(tmp_path / "a.wav")) as sound:
        assert sound.getnframes() > 0.3 * sound.getframerate()
    code, said, _ = harken("voices", "remove", NAME)
    assert (code, said.startswith(f"Removed: {NAME}")) == (0, True)
    assert list(voices_folder().iterdir()) == []
    code, said, errors = harken("voices", "remove", NAME)
    assert (code, said) == (1, "")
    assert "There is no voice" in errors


async def test_a_running_harken_reads_with_what_was_added(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        assert readers(await heard(app, GERMAN)) == {"espeak/de"}
        assert (await user_voices.find(app, "piper")) == ([], "")
        rows = {row["part"]: row for row in await doctor.report(app)}
        assert rows["voice piper"]["chosen"] == "none added"
        assert await add(tmp_path / "in", "de_DE-toy-low", piper_voice.description(espeak="de")) == [
            "piper/de_DE-toy-low"
        ]
        await app.engines.look_again()
        events = await heard(app, GERMAN)
        assert readers(events) == {"piper/de_DE-toy-low"}
        words = [GERMAN[e.start_chars : e.end_chars] for e in events if isinstance(e, WordStarted)]
        assert [word.strip(",.") for word in words] == [word.strip(",.") for word in GERMAN.split()]
        assert readers(await heard(app, "This is an English sentence, of course.")) == {"neural/heart"}
        assert folder.remove(voices_folder(), "de_DE-toy-low")
        await app.engines.look_again()
        assert readers(await heard(app, GERMAN)) == {"espeak/de"}


async def test_each_of_many_speakers_is_a_voice_and_sounds_different(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        about = piper_voice.description(espeak="de", speakers=3)
        ids = await add(tmp_path / "in", "de-many-low", about, piper_voice.net(speakers=3))
        assert ids == [f"piper/de-many-low#p{number}" for number in range(3)]
        await app.engines.look_again()
        assert readers(await heard(app, GERMAN)) == {ids[0]}
        assert readers(await heard(app, GERMAN, ids[2])) == {ids[2]}


async def test_a_net_without_the_places_says_whole_sentences(tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        about = piper_voice.description(espeak="de")
        (voice_id,) = await add(tmp_path / "in", "de-whole-low", about, piper_voice.net(has_places=False))
        assert sorted(file.name for file in (voices_folder() / "de-whole-low").iterdir()) == [
            "voice.json",
            "whole.onnx",
        ]
        await app.engines.look_again()
        assert readers(await heard(app, GERMAN)) == {voice_id}


@pytest.mark.noisy
async def test_what_a_voice_has_no_sound_for_is_said_by_another(tmp_path: Path, noise: list[str]) -> None:
    async with running(tmp_path) as app:
        about = piper_voice.description(espeak="de", sounds=piper_voice.SOUNDS.replace("ʁ", "").replace("ɾ", ""))
        (voice_id,) = await add(tmp_path / "in", "de-lacks-low", about)
        await app.engines.look_again()
        assert readers(await heard(app, "Das ist eine Tasse.")) == {voice_id}
        events = await heard(app, "Drei rote Räder rollen runter.", falls_back=True)
        assert [n for n in events if isinstance(n, Notice) and "can't say part of this text" in n.sentence]
        assert "espeak/de" in readers(events)
    assert noise


def test_purge_removes_them_and_nothing_else(added_voices: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(added_voices, voices_folder())
    (voices_folder() / "mine.txt").write_text("of the user")
    assert purge.purge(is_confirmed=True) == 0
    assert [file.name for file in voices_folder().iterdir()] == ["mine.txt"]
    assert "has other files and was kept" in capsys.readouterr().out


# ---- files that are no voices ----


class Missing:
    """No file at all."""


BROKEN: dict[str, tuple[bytes | None, Any]] = {
    "no voice": (b"Not a net, but a text.", piper_voice.description()),
    "cut off": (piper_voice.net()[:9000], piper_voice.description()),
    "empty": (b"", piper_voice.description()),
    "damaged weights": (piper_voice.net().replace(b"\x4a", b"\x4b"), piper_voice.description()),
    "an operator of somebody's": (
        piper_voice.net().replace(b"\x22\x04Ceil", b"\x22\x04Evil"),
        piper_voice.description(),
    ),
    "other phonemes": (None, piper_voice.description(phoneme_type="pinyin")),
    "no table": (None, {"audio": {"sample_rate": 22050}}),
    "a list": (None, [1, 2]),
    "another table": (None, piper_voice.description(sounds="_^$ abc")),
    "an unknown language": (None, piper_voice.description(espeak="xx-yy")),
    "numbers that it has no sound for": (
        None,
        piper_voice.description() | {"phoneme_id_map": {sound: [90_000] for sound in piper_voice.SOUNDS}},
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
async def test_what_is_no_voice_is_refused_with_one_sentence_and_leaves_nothing(kind: str, tmp_path: Path) -> None:
    made, about = BROKEN[kind]
    file = piper_voice.write(tmp_path / "in", "some-voice", made)
    file.with_name("some-voice.onnx.json").write_text(json.dumps(about))
    with pytest.raises(VoiceFileError) as refused:
        await installation.add(file, voices_folder())
    assert refused.value.sentence.endswith(".")
    assert "\n" not in refused.value.sentence
    assert not voices_folder().exists() or list(voices_folder().iterdir()) == []


async def test_an_examination_that_is_killed_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    adding = asyncio.create_task(add(tmp_path / "in", "some-voice", piper_voice.description()))
    killed = 0
    while not adding.done():
        for pid, kind in kills.children(os.getpid()).items():
            if kind == installation.EXAMINER.name:
                os.kill(pid, signal.SIGKILL)
                killed += 1
        await asyncio.sleep(0.01)
    with pytest.raises(VoiceFileError, match="or it is damaged"):
        await adding
    assert killed
    assert list(voices_folder().iterdir()) == []


@pytest.mark.parametrize(
    ("name", "half"), [("a.onnx", "a.onnx.json"), ("a.onnx.json", "a.onnx"), ("none.onnx", "none.onnx")]
)
def test_a_half_that_is_missing_is_named(name: str, half: str, tmp_path: Path) -> None:
    if not name.startswith("none"):
        (tmp_path / name).write_bytes(b"{}")
    code, said, errors = harken("voices", "add", str(tmp_path / name))
    assert (code, said) == (1, "")  # nothing is being tried yet
    assert f"“{half}”" in errors
    assert errors.count("\n") == 1


async def test_one_that_is_larger_than_any_voice_is_refused(tmp_path: Path) -> None:
    file = piper_voice.write(tmp_path / "in")
    with file.open("r+b") as large:
        large.truncate(net.MAX_BYTES + 1)
    with pytest.raises(VoiceFileError, match="too large"):
        await installation.add(file, voices_folder())


async def test_a_voice_that_is_added_again_is_replaced_as_a_whole(tmp_path: Path, added_voices: Path) -> None:
    shutil.copytree(added_voices, voices_folder())
    before = (voices_folder() / piper_voice.NAME / "voice.json").read_bytes()
    made = piper_voice.net(hop=200)
    await add(tmp_path / "in", piper_voice.NAME, piper_voice.description(), made)
    assert (voices_folder() / piper_voice.NAME / "voice.json").read_bytes() != before
    with pytest.raises(VoiceFileError):
        await add(tmp_path / "in", piper_voice.NAME, piper_voice.description(), b"no net")
    assert [file.name for file in voices_folder().iterdir()] == [piper_voice.NAME]
