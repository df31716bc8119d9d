"""Voices that can be had: from a list on loopback to a reading, by the command line and in a running Harken."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from reader.core import offers
from reader.core.sample_reading import speak_sample
from reader.core.voice_downloads import VoiceDownloaded
from reader.errors import HarkenError, VoiceFileError
from reader.flow import Event, ReadingEnded, SegmentStarted, WordStarted
from reader.support.voice_folder import voices_folder
from reader.voices.offered import elsewhere, getting, index, own
from reader.voices.piper import folder
from tests.fakes import piper_voice
from tests.fakes.voice_server import Manner, VoiceServer
from tests.integration.test_added_voices import heard, readers, running

README = Path(__file__).parents[2] / "README.md"
KEY = "de_DE-toy-low"
MIXED = "Das ist ein kurzer Satz auf Deutsch. And this sentence here is an English one, of course."


@pytest.fixture(autouse=True)
def without_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARKEN_AUDIO", "none")


def serve(server: VoiceServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **other: object) -> None:
    net = piper_voice.write(tmp_path / "served", KEY, about=piper_voice.description(espeak="de"))
    server.serve_voice(net, "de-DE", **other)  # type: ignore[arg-type]
    monkeypatch.setenv(getting.VARIABLE, f"{server.address}/voices.json")


async def harken(*arguments: str, interrupts: asyncio.Event | None = None) -> tuple[int, str, str]:
    """(exit code, standard output, standard error). Ctrl+C is pressed when `interrupts` is set."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "reader", *arguments, stdout=pipe, stderr=pipe)
    if interrupts:
        await interrupts.wait()
        child.send_signal(signal.SIGINT)
    out, errors = await child.communicate()
    assert b"Traceback" not in errors
    return child.returncode or 0, out.decode(), errors.decode()


async def test_the_command_line_lists_and_gets_a_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with VoiceServer() as server:
        serve(server, tmp_path, monkeypatch)
        code, said, _ = await harken("voices", "available", "--json")
        (row,) = json.loads(said)
        assert code == 0
        assert (row["id"], row["licence"], row["checked_by"]) == (f"piper/{KEY}", "CC0 1.0", ["md5"])
        assert (row["installed"], row["recommended"], row["language"]) == (False, True, "de")
        server.manners = [Manner.NO_RANGE, Manner.NO_RANGE, Manner.STOP]
        code, said, errors = await harken("voices", "get", "de", interrupts=server.half_sent)
        assert (code, said) == (130, "")
        assert errors == "harken: Stopped. “harken voices get de” continues from there.\n"
        assert folder.names(voices_folder()) == []
        server.manners = []
        code, said, errors = await harken("voices", "get", KEY, "--json")
        assert (code, [row["id"] for row in json.loads(said)], errors) == (0, [f"piper/{KEY}"], "")
        assert [path for path, _ in server.log].count(f"/{KEY}.onnx.json") == 1, "it started over"
        assert folder.names(voices_folder()) == [KEY]
        before = len(server.log)
        code, said, errors = await harken("voices", "get", "de")
        assert (code, errors) == (0, "")
        assert said == f"piper/{KEY} is here already. To download it again, remove it first.\n"
        assert [path for path, _ in server.log[before:]] == ["/voices.json"]


async def test_a_running_harken_downloads_a_voice_and_reads_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with VoiceServer() as server, running(tmp_path) as app:
        serve(server, tmp_path, monkeypatch)
        ended: asyncio.Queue[VoiceDownloaded] = asyncio.Queue()
        app.subscribe(lambda event: ended.put_nowait(event) if isinstance(event, VoiceDownloaded) else None)
        assert readers(await heard(app, MIXED)) == {"espeak/de", "neural/heart"}
        found = await offers.find()
        (voice,) = found.index.voices
        server.manners = [Manner.STOP]
        await app.downloads.begin(voice, found.index)
        await server.half_sent.wait()
        await app.downloads.cancel(voice.key)
        assert "Stopped" in (await ended.get()).problem
        server.manners = [Manner.WRONG_BYTES]
        await app.downloads.begin(voice, found.index)
        assert "wrong checksum" in (await ended.get()).problem
        server.manners = []
        await app.downloads.begin(voice, found.index)
        await app.downloads.begin(voice, found.index)  # once is enough
        assert await ended.get() == VoiceDownloaded(0, KEY, f"piper/{KEY}")
        assert (await offers.find()).sizes[KEY] > 0
        events = await heard(app, MIXED)
        assert readers(events) == {f"piper/{KEY}", "neural/heart"}
        assert [MIXED[e.start_chars : e.end_chars] for e in events if isinstance(e, WordStarted)][:3] == [
            "Das",
            "ist",
            "ein",
        ]
        done = asyncio.Event()
        spoken: list[Event] = []

        def watch(event: Event) -> None:
            spoken.append(event)
            if isinstance(event, ReadingEnded):
                done.set()

        app.subscribe(watch)
        speak_sample(app, f"piper/{KEY}")
        await done.wait()
        assert {e.voice_id for e in spoken if isinstance(e, SegmentStarted)} == {f"piper/{KEY}"}
        await app.downloads.remove(KEY)
        assert readers(await heard(app, MIXED)) == {"espeak/de", "neural/heart"}


async def test_two_at_once_and_one_that_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with VoiceServer() as server:
        serve(server, tmp_path, monkeypatch)
        known = await getting.find_index()
        server.manners = [Manner.NO_RANGE, Manner.STOP]
        child = await asyncio.create_subprocess_exec(sys.executable, "-m", "reader", "voices", "get", KEY)
        await server.half_sent.wait()
        with pytest.raises(HarkenError, match="already being downloaded"):
            await getting.get(known.voices[0], known, voices_folder(), lambda _: None)
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
        assert folder.names(voices_folder()) == []
        server.manners = []
        added = await getting.get(known.voices[0], known, voices_folder(), lambda _: None)
        assert [voice.id for voice in added] == [f"piper/{KEY}"]


async def test_what_has_no_sha256_is_remembered_and_has_to_stay_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with VoiceServer() as server:
        serve(server, tmp_path, monkeypatch)
        known = await getting.find_index()
        await getting.get(known.voices[0], known, voices_folder(), lambda _: None)
        changed = piper_voice.description(espeak="de", dataset="other")
        serve(server, tmp_path, monkeypatch)
        net = piper_voice.write(tmp_path / "served", KEY, about=changed)
        server.files.pop("/voices.json")
        server.serve_voice(net, "de-DE")
        other = await getting.find_index()
        with pytest.raises(HarkenError, match="has changed since you first downloaded it"):
            await getting.get(other.voices[0], other, voices_folder(), lambda _: None)
        assert folder.names(voices_folder()) == [KEY]


async def test_room_is_looked_for_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    async with VoiceServer() as server:
        serve(server, tmp_path, monkeypatch)
        known = await getting.find_index()
        with pytest.raises(HarkenError, match="not enough disk space: the voice needs 50 MB, but only 1 MB are free"):
            await getting.get(known.voices[0], known, voices_folder(), lambda _: None)
        assert len(server.log) == 1


async def test_what_arrives_and_is_no_voice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with VoiceServer() as server:
        server.serve_voice(piper_voice.write(tmp_path / "served", KEY, b"no net"), "de-DE")
        monkeypatch.setenv(getting.VARIABLE, f"{server.address}/voices.json")
        known = await getting.find_index()
        with pytest.raises(VoiceFileError, match="not a voice in Piper's format"):
            await getting.get(known.voices[0], known, voices_folder(), lambda _: None)
        assert folder.names(voices_folder()) == []


@pytest.mark.parametrize("address", ["http://voices.example/voices.json", "ftp://127.0.0.1/", "nonsense"])
async def test_another_list_comes_over_https_or_from_this_computer(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(getting.VARIABLE, address)
    with pytest.raises(HarkenError, match="must begin with https://"):
        await getting.find_index()


async def test_the_best_of_many_speakers_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with VoiceServer() as server:
        about = piper_voice.description(espeak="de", speakers=3)
        net = piper_voice.write(tmp_path / "served", KEY, piper_voice.net(speakers=3), about)
        server.serve_voice(net, "de-DE", speakers=3, speaker=2, sum_of="sha256")
        monkeypatch.setenv(getting.VARIABLE, f"{server.address}/voices.json")
        known = await getting.find_index()
        added = await getting.get(known.voices[0], known, voices_folder(), lambda _: None)
        assert [voice.id for voice in added] == [f"piper/{KEY}#p{number}" for number in (2, 0, 1)]


@pytest.mark.parametrize(
    ("name", "words"), [("ru", "Name the one you want, such as “ru_RU-"), ("nobody", "lists them")]
)
async def test_one_that_is_not_named_is_one_to_recommend(name: str, words: str) -> None:
    with pytest.raises(HarkenError, match=words):
        await offers.get(name, lambda _: None)


def test_the_list_in_the_program_is_one_that_can_be_used() -> None:
    known = own.own_index()
    assert {"de", "fr", "es", "it", "nl", "uk", "ru", "tr", "zh"} <= {voice.language for voice in known.voices}
    best = known.best("de")
    assert best is not None
    assert (best.key, best.licence, best.asks) == ("de_DE-kerstin-low", "CC0 1.0", index.Asks.NOTHING)
    assert known.best("ru") is None, "what its licence says is not known"
    languages, clear = ({v.language for v in known.voices if v.is_recommended or every} for every in (True, False))
    readme = " ".join(README.read_text("utf-8").split())
    assert f"downloaded for {len(languages)} languages, {len(clear)} of which have one with a clear licence" in readme
    for voice in known.voices:
        net = voice.files[-1]
        assert net.md5 or net.sha256
        assert net.is_exact
        assert net.url.startswith("https://")
        assert voice.licence or not voice.is_recommended
        assert voice.credit or voice.asks is not index.Asks.CREDIT


@pytest.mark.parametrize(
    "change",
    [
        {"hosts": []},
        {"hosts": ["*"]},
        {"format": 2},
        {"places": {"here": "http://voices.example/"}},
        {"places": {"here": "file:///etc/"}},
        {"voices": [{"key": "../x"}]},
        {"voices": None},
    ],
)
async def test_a_damaged_list_is_a_sentence(change: dict[str, object], tmp_path: Path) -> None:
    server = VoiceServer()
    server.port = 1
    server.serve_voice(piper_voice.write(tmp_path), "en-US")
    value = json.loads(server.files["/voices.json"])
    assert index.read(value).voices
    with pytest.raises(VoiceFileError, match="list of voices"):
        index.read(value | change)


@pytest.mark.parametrize("without", [("md5",), ("bytes",), ("md5", "bytes")])
def test_a_net_that_nothing_could_check_is_in_no_list(without: tuple[str, ...], tmp_path: Path) -> None:
    server = VoiceServer()
    server.port = 1
    server.serve_voice(piper_voice.write(tmp_path), "en-US")
    value = json.loads(server.files["/voices.json"])
    description, net = value["voices"][0]["files"]
    for part in without:
        del description[part]
    description |= {"most_bytes": 1 << 18}
    assert index.read(value).voices, "a description is small, and pinned when it is first used"
    for part in without:
        del net[part]
    net |= {"most_bytes": 1 << 18}
    with pytest.raises(VoiceFileError, match="list of voices"):
        index.read(value)


def test_voices_of_other_programs_are_found(tmp_path: Path) -> None:
    pied = piper_voice.write(tmp_path / "home/.var/app/com.mikeasoft.pied/data/pied/models", "de_DE-a-low")
    system = piper_voice.write(tmp_path / "usr/share/piper-voices/en/en_US/x", "en_US-b-low")
    piper_voice.write(tmp_path / "home/.local/share/piper", "en_US-b-low")
    half = piper_voice.write(tmp_path / "home/.local/share/piper", "half").with_name("half.onnx.json")
    half.unlink()
    (pied.parent / "round").symlink_to(pied.parent)
    found = elsewhere.find(tmp_path / "home", tmp_path)
    assert [net.name for net in found] == ["de_DE-a-low.onnx", "en_US-b-low.onnx"]
    assert found[0] == pied
    assert found[1] != system
