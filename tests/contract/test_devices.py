"""What holds for every output device: the file, the one nobody hears, the one tests use, the sound card's."""

from __future__ import annotations

import asyncio
import io
import json
import os
import resource
import struct
import subprocess
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import miniaudio
import numpy as np
import pytest
import soundfile
from mutagen import id3

from reader.audio.base import DeviceEvent, Drained, OutputDevice, Progress
from reader.audio.file import FileDevice
from reader.audio.formats import NAMES, ChapterMark, named
from reader.audio.none import NoDevice
from reader.audio.process import ProcessDevice
from reader.audio.stream import StreamDevice
from tests.desktop.desk import Desk
from tests.fakes.device import HandDevice


@pytest.fixture(scope="module")
def sound() -> Iterator[Desk]:
    with Desk() as desk:
        yield desk


@pytest.fixture(
    params=[
        *("hand", *NAMES, "stream", "mp3 stream", "none"),
        *(pytest.param(name, marks=pytest.mark.desktop) for name in ("portaudio", "alsa")),
    ]
)
def device(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OutputDevice:
    match request.param:
        case "hand":
            return HandDevice()
        case "wav" | "mp3" | "opus" | "flac":
            return FileDevice(tmp_path / "out", made=named(request.param), title="A title")
        case "mp3 stream":
            return StreamDevice(Path(os.devnull), made=named("mp3"))
        case "stream":
            return StreamDevice(Path(os.devnull))
        case "none":
            return NoDevice(pace=20.0)
        case _:
            desk: Desk = request.getfixturevalue("sound")
            monkeypatch.setenv("XDG_RUNTIME_DIR", desk.env["XDG_RUNTIME_DIR"])
            # ALSA's default leads to the sound server as well, but is not one that PortAudio begins in time.
            return ProcessDevice("default" if request.param == "alsa" else "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With nothing in it."""
    (tmp_path / "recordings").mkdir()
    return tmp_path / "recordings"


class Listening:
    """Keeps what a device reports, and lets time pass for one that is listened to by hand."""

    def __init__(self, device: OutputDevice) -> None:
        self.device = device
        self.events: list[DeviceEvent] = []
        device.listen(self.events.append)

    async def until_drained(self) -> None:
        for _ in range(1500):
            if Drained() in self.events:
                return
            if isinstance(self.device, HandDevice):
                await self.device.hear(0.1)
            await asyncio.sleep(0.01)
        raise AssertionError("not drained")

    @property
    def heard(self) -> int:
        return max((e.heard for e in self.events if isinstance(e, Progress)), default=0)


def tone(device: OutputDevice, seconds: float) -> bytes:
    t = np.arange(round(seconds * device.rate_hz)) / device.rate_hz
    return (6000 * np.sin(2 * np.pi * 300 * t)).astype(np.int16).tobytes()


async def test_a_run_is_heard_to_its_end(device: OutputDevice) -> None:
    listening = Listening(device)
    assert not device.is_open or isinstance(device, NoDevice)
    await device.open()
    assert device.is_open
    for seconds in (0.4, 0.03):
        listening.events.clear()
        pcm = tone(device, seconds)
        device.play()
        device.write(pcm[: len(pcm) // 4 * 2])
        device.write(pcm[len(pcm) // 4 * 2 :])
        device.end()
        await listening.until_drained()
        assert listening.heard == len(pcm) // 2
        taken = [e.taken for e in listening.events if isinstance(e, Progress)]
        assert taken == sorted(taken)
    await device.close()
    await device.close()


async def test_a_run_that_is_cut_says_how_far_it_came_and_no_more(device: OutputDevice) -> None:
    listening = Listening(device)
    await device.open()
    pcm = tone(device, 1.0)
    began_s = time.monotonic()
    device.play()
    device.write(pcm)
    if isinstance(device, HandDevice):
        await device.hear(0.3)
    else:
        await asyncio.sleep(0.3 if not isinstance(device, NoDevice) else 0.03)
    heard = await device.cut()
    assert 0 <= heard <= len(pcm) // 2
    if isinstance(device, ProcessDevice):
        assert 0 < heard / device.rate_hz < time.monotonic() - began_s + 0.02  # a busy machine begins late
    await asyncio.sleep(0)
    listening.events.clear()
    await asyncio.sleep(0.15)
    assert listening.events == []
    # And the next one is heard whole.
    device.play()
    device.write(tone(device, 0.2))
    device.end()
    await listening.until_drained()
    await device.close()


@pytest.mark.desktop
async def test_the_first_thing_that_a_device_is_given_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not its buffer's length of silence, which PortAudio gives to one that can be mapped into memory."""
    kept, configuration = tmp_path / "kept.raw", tmp_path / "asound.conf"
    configuration.write_text(f'pcm.kept {{ type file slave.pcm null file "{kept}" format raw }}')
    monkeypatch.setenv("ALSA_CONFIG_PATH", f"/usr/share/alsa/alsa.conf:{configuration}")
    device = ProcessDevice("kept")
    listening = Listening(device)
    await device.open()
    assert (device.name, device.missing) == ("kept", "")
    pcm = tone(device, 0.4)
    device.play()
    device.write(pcm)
    device.end()
    await listening.until_drained()
    await device.close()
    assert kept.read_bytes()[: len(pcm)] == pcm


async def test_cutting_twice_is_cutting_once(device: OutputDevice) -> None:
    await device.open()
    device.play()
    device.write(tone(device, 0.5))
    await asyncio.gather(device.cut(), device.cut())
    await device.close()


async def test_a_file_holds_what_was_written(tmp_path: Path) -> None:
    device = FileDevice(tmp_path / "out.wav")
    await device.open()
    pcm = tone(device, 0.2)
    device.play()
    device.write(pcm)
    device.end()
    await asyncio.sleep(0)
    await device.close()
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24000, 1, 2)
        assert file.readframes(file.getnframes()) == pcm


async def test_a_file_that_was_not_ended_is_not_there_and_the_old_one_is(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    path.write_bytes(b"old")
    before = sorted(tmp_path.iterdir())
    device = FileDevice(path)
    await device.open()
    device.play()
    device.write(tone(device, 0.2))
    await device.cut()
    await device.close()
    assert path.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["mp3", "opus", "flac"])
async def test_a_compressed_file_holds_what_was_written(folder: Path, name: str) -> None:
    device = FileDevice(folder / "out", made=named(name), title="Ein Käfer")
    listening = Listening(device)
    await device.open()
    pcm = tone(device, 2.0)
    device.play()
    device.write(pcm)
    assert await device.cut() == len(pcm) // 2  # it is in the file, whatever comes behind it
    device.play()
    device.write(tone(device, 1.0))
    device.end()
    await listening.until_drained()
    device.keep()
    with soundfile.SoundFile(folder / "out") as file:
        assert (file.samplerate in (24000, 48000), file.channels, file.title) == (True, 1, "Ein Käfer")
        heard = file.read(dtype="float64") * 32768
        assert len(heard) / file.samplerate == pytest.approx(3.0, abs=0.002)
    # The tone has 300 Hz throughout: the spectrum of each tenth of a second is highest there.
    for part in np.array_split(heard, 30)[1:-1]:
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        assert np.argmax(spectrum) * file.samplerate / len(part) == pytest.approx(300, abs=11)
    assert os.listdir(folder) == ["out"]


@pytest.mark.parametrize("name", ["wav", "mp3", "opus", "flac"])
async def test_another_program_finds_length_title_and_chapters(folder: Path, name: str) -> None:
    title = "A beetle" if name == "wav" else "Ein Käfer"  # RIFF's tags have no encoding: UTF-8 is read by some
    device = FileDevice(folder / f"x.{name}", made=named(name), title=title)
    listening = Listening(device)
    await device.open()
    device.play()
    device.write(tone(device, 2.0))
    device.end()
    await listening.until_drained()
    device.keep([ChapterMark(0.0, "One"), ChapterMark(1.25, "Zwei – größer")])
    command = ["mediainfo", "--Output=JSON", str(folder / f"x.{name}")]
    told = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    general, _, *more = json.loads(told.stdout)["media"]["track"]
    assert general["Title"] == title
    assert float(general["Duration"]) == pytest.approx(2.0, abs=0.1 if name == "mp3" else 0.01)
    match name:
        case "mp3":
            tags = id3.ID3(folder / "x.mp3")
            assert [
                (tag.start_time, tag.end_time, str(tag.sub_frames["TIT2"]))
                for tag in (tags["CHAP:chp0"], tags["CHAP:chp1"])
            ] == [
                (0, 1250, "One"),
                (1250, 2000, "Zwei – größer"),
            ]
            assert tags["CTOC:toc"].child_element_ids == ["chp0", "chp1"]
        case "wav":
            data = (folder / "x.wav").read_bytes()
            assert int.from_bytes(data[4:8], "little") == len(data) - 8
            assert struct.pack("<II4sIII", 2, 30_000, b"data", 0, 0, 30_000) in data.partition(b"cue ")[2]
            assert "Zwei – größer".encode() in data.partition(b"adtl")[2]
        case _:
            assert more[0]["extra"] == {"_00_00_00_000": "One", "_00_00_01_250": "Zwei – größer"}
    assert soundfile.info(folder / f"x.{name}").duration == pytest.approx(2.0, abs=0.01)
    assert os.listdir(folder) == [f"x.{name}"]


@pytest.mark.parametrize("name", ["mp3", "opus", "flac"])
async def test_a_compressed_stream_is_whole_where_nothing_can_be_put_in_afterwards(name: str) -> None:
    reading, writing = os.pipe()
    device = StreamDevice(writing, made=named(name), title="A title")
    listening = Listening(device)
    await device.open()
    device.play()
    device.write(tone(device, 0.5))
    device.end()
    await listening.until_drained()
    await device.close()
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        made = pipe.read()
    assert soundfile.SoundFile(io.BytesIO(made)).title == "A title"
    # How long it is could not be put in, so it is a player's way to read it to its end; and in MP3 neither how much of
    # its first and last frames is none of the sound.
    if name == "opus":
        sound, rate_hz = soundfile.read(io.BytesIO(made))
        frames = len(sound) * 24000 // rate_hz
    else:
        frames = miniaudio.decode(made, nchannels=1, sample_rate=24000).num_frames
    assert frames / 24000 == pytest.approx(0.5, abs=0.15 if name == "mp3" else 0.001)


@pytest.mark.parametrize("name", ["wav", "flac", "opus"])
@pytest.mark.parametrize("kind", ["file", "stream"])
async def test_a_full_disk_is_told_once_and_nothing_is_written_behind_it(folder: Path, kind: str, name: str) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, before[1]))  # as if the disk were full then
    try:
        out, made = (folder / "x", FileDevice) if kind == "file" else (Path("/dev/full"), StreamDevice)
        device = made(out, made=named(name))
        told: asyncio.Queue[Exception] = asyncio.Queue()
        device.on_failure = told.put_nowait
        await device.open()
        device.play()
        device.write(tone(device, 60.0))
        error = await told.get()
        device.write(tone(device, 5.0))
        device.end()
        await device.close()
        assert told.empty()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "can't be written: " in str(error)
    assert os.listdir(folder) == []
