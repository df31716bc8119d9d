"""Voices in the neural one's format: from a list on loopback to a reading, and out again.

The net is that of the voice in the wheel, under other names: the others are not in any package.
"""

from __future__ import annotations

import json
import re
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from hibari.tts import voice_path

from reader.cli import purge
from reader.errors import VoiceFileError
from reader.flow import WordStarted
from reader.support.voice_folder import voices_folder
from reader.voices.local import neural_added
from reader.voices.local.neural_worker import GAIN, VOICE, AddedVoices, NeuralVoice
from reader.voices.local.trim import Samples
from reader.voices.offered import getting, index, own
from reader.voices.piper import folder
from tests.fakes import piper_voice
from tests.fakes.voice_server import VoiceServer
from tests.integration.test_added_voices import heard, readers, running
from tests.integration.test_offered_voices import harken

BRITISH, AMERICAN = "en_GB-toy", "en_US-toy"
TEXT = "The bath in the garden is full of water, and nobody can ask for more."


@pytest.fixture(autouse=True)
def without_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARKEN_AUDIO", "none")


def serve(server: VoiceServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **nets: bytes) -> None:
    own_net = Path(voice_path(VOICE)).read_bytes()
    for key in (BRITISH, AMERICAN):
        net = tmp_path / f"{key}.onnx"
        net.write_bytes(nets.get(key, own_net))
        server.serve_neural(net, key[:5].replace("_", "-"))
    monkeypatch.setenv(getting.VARIABLE, f"{server.address}/voices.json")


async def test_the_command_line_gets_one_speaks_with_it_and_removes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with VoiceServer() as server:
        serve(server, tmp_path, monkeypatch)
        code, said, _ = await harken("voices", "available", "--json", "--lang", "en")
        rows = {row["id"]: row for row in json.loads(said)}
        assert (code, set(rows)) == (0, {f"neural/{BRITISH}", f"neural/{AMERICAN}"})
        row = rows[f"neural/{BRITISH}"]
        assert (row["licence"], row["checked_by"], row["installed"]) == ("Apache 2.0", ["sha256"], False)
        assert row["bytes"] == Path(voice_path(VOICE)).stat().st_size
        code, said, errors = await harken("voices", "get", BRITISH, "--json")
        assert (code, [row["id"] for row in json.loads(said)], errors) == (0, [f"neural/{BRITISH}"], "")
    code, said, _ = await harken("voices", "--engine", "neural", "--json")
    assert [row["id"] for row in json.loads(said)] == ["neural/heart", f"neural/{BRITISH}"]
    file = tmp_path / "toy.wav"
    code, _, errors = await harken("speak", "--voice", f"neural/{BRITISH}", "--text", TEXT, "--out", str(file))
    assert (code, errors) == (0, "")
    with wave.open(str(file)) as sound:
        assert sound.getnframes() > 2 * sound.getframerate()
    code, _, errors = await harken("voices", "remove", "neural/heart")
    assert (code, errors) == (
        1,
        "harken: “neural/heart” is not a voice that you have added. Only those can be removed.\n",
    )
    code, said, _ = await harken("voices", "remove", f"neural/{BRITISH}")
    assert (code, said) == (0, f"Removed: neural/{BRITISH}, 8 MB\n")
    assert list(voices_folder().glob("[!.]*")) == []


@pytest.mark.noisy
async def test_a_running_harken_reads_with_one_and_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    async with VoiceServer() as server, running(tmp_path) as app:
        serve(server, tmp_path, monkeypatch)
        assert readers(await heard(app, TEXT)) == {"neural/heart"}
        assert not voices_folder().exists(), "the process that runs may not look into it"
        known = await getting.find_index()
        added = await getting.get(known.voice(BRITISH) or known.voices[0], known, voices_folder(), lambda _: None)
        assert [(voice.id, voice.locale, voice.name) for voice in added] == [
            (f"neural/{BRITISH}", "en-GB", "Toy (natural, British English)")
        ]
        await app.engines.look_again()
        assert readers(await heard(app, TEXT)) == {"neural/heart"}, "English stays as it is"
        await app.change("voice.preferred", f"en=neural/{BRITISH}")
        events = await heard(app, TEXT)
        assert readers(events) == {f"neural/{BRITISH}"}
        words = [TEXT[event.start_chars : event.end_chars] for event in events if isinstance(event, WordStarted)]
        assert words == re.findall(r"\w+", TEXT)
        shutil.rmtree(voices_folder() / BRITISH)  # behind its back
        (reader,) = readers(await heard(app, TEXT, falls_back=True))
        assert reader.startswith("espeak/en")
        assert set(noise) == {"reader.voices.local.engine: neural could not say something: FileNotFoundError"}
        await app.engines.look_again()
        assert readers(await heard(app, TEXT)) == {"neural/heart"}


def said(name: str) -> list[Samples]:
    return list(AddedVoices(voices_folder()).get(name).say(TEXT, 1.0, lambda: None))


async def test_an_american_one_says_it_as_the_own_one_and_a_british_one_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with VoiceServer() as server:
        serve(server, tmp_path, monkeypatch)
        known = await getting.find_index()
        for voice in known.voices:
            await getting.get(voice, known, voices_folder(), lambda _: None)
    assert neural_added.read(voices_folder() / AMERICAN).gain == pytest.approx(GAIN, rel=0.15)
    assert folder.voices(voices_folder()) == [], "they are not of Piper's format"
    own_one = np.concatenate(list(NeuralVoice().say(TEXT, 1.0, lambda: None)))
    american, british = (np.concatenate(said(name)) for name in (AMERICAN, BRITISH))
    assert np.array_equal(american, own_one), "the net is the same"
    assert british.size != own_one.size
    purge._remove_voices(voices_folder())
    assert not voices_folder().exists()


@pytest.mark.parametrize("kind", ["cut off", "another net"])
async def test_what_is_no_such_voice_is_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path(voice_path(VOICE)).read_bytes()
    nets = {"cut off": whole[: len(whole) // 2], "another net": piper_voice.net()}
    async with VoiceServer() as server:
        serve(server, tmp_path, monkeypatch, **{BRITISH: nets[kind]})
        known = await getting.find_index()
        with pytest.raises(VoiceFileError, match="can't speak with the voice “Toy”"):
            await getting.get(known.voice(BRITISH) or known.voices[0], known, voices_folder(), lambda _: None)
        assert folder.names(voices_folder()) == []
        assert list(voices_folder().glob("[!.]*")) == []


def test_the_four_that_there_are_can_be_had_and_others_are_left_out() -> None:
    known = own.own_index()
    found = [voice for voice in known.voices if voice.engine == neural_added.ENGINE]
    assert sorted(voice.key for voice in found) == ["en_GB-emma", "en_GB-fable", "en_US-fenrir", "en_US-kore"]
    for voice in found:
        (file,) = voice.files
        assert (voice.licence, voice.is_recommended, bool(file.sha256)) == ("Apache 2.0", True, True)
        assert voice.credit
        assert 7_900_000 < file.size_bytes < 8_100_000
    row = {"key": "fr_FR-x", "engine": "neural", "phonemes": "own", "locale": "fr-FR"}
    assert index.read({"format": 1, "hosts": [], "places": {}, "voices": [row]}).voices == ()
