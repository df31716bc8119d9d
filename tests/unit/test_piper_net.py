"""Nets of voices: what is one, where it is cut, and that its parts and pieces are the same as the whole."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from reader.errors import VoiceFileError
from reader.voices.piper import cut, description, examine, net
from reader.voices.piper.facts import BEFORE, Facts, as_json, of_json
from reader.voices.piper.net import BrokenNetError
from reader.voices.piper.speech import Phrase, Speech, paced
from tests.fakes import piper_voice

IDS = [1, 0, *(number for sound in range(17, 60) for number in (sound, 0)), 2]


def load(data: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])


def run(session: onnxruntime.InferenceSession, values: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {i.name: values[i.name] for i in session.get_inputs()}), strict=True))


def inputs(speaker: int = 0) -> dict[str, npt.NDArray[Any]]:
    return {
        "input": np.asarray([IDS]),
        "input_lengths": np.asarray([len(IDS)]),
        "scales": np.asarray([0.667, 1.0, 0.8], np.float32),
        "sid": np.asarray([speaker]),
        cut.NOISE: np.random.default_rng(1).standard_normal(5003).astype(np.float32),
    }


@pytest.mark.parametrize("speakers", [1, 3])
def test_the_parts_are_the_whole(speakers: int) -> None:
    read = net.read(piper_voice.net(speakers=speakers))
    cut.check(read)
    parts = cut.cut(read)
    assert parts
    assert tuple(parts.nets) == cut.PARTS[:4]
    values = inputs(speakers - 1)
    whole = run(load(cut.whole(read)), values)["output"]
    for part in parts.nets:
        values |= run(load(parts.nets[part]), values)
    assert np.abs(values[parts.sound] - whole).max() == 0.0
    assert values[parts.latent].shape[-1] == values[parts.durations].sum()
    assert sum(map(len, parts.nets.values())) < 1.5 * len(piper_voice.net(speakers=speakers))


def test_the_same_ids_give_the_same_sound() -> None:
    whole = load(cut.whole(net.read(piper_voice.net())))
    values = inputs()
    first, second = run(whole, values)["output"], run(whole, values)["output"]
    assert np.array_equal(first, second)
    values["scales"] = np.asarray([0, 1, 0], np.float32)
    assert not np.array_equal(first, run(whole, values)["output"])


def test_one_without_the_places_stays_whole() -> None:
    read = net.read(piper_voice.net(has_places=False))
    cut.check(read)
    assert cut.cut(read) is None


def installed(folder: Path, made: bytes, rate_hz: int = 16000) -> Facts | None:
    parts = cut.cut(net.read(made))
    assert parts
    for name, data in parts.nets.items():
        (folder / f"{name}.onnx").write_bytes(data)
    about = description.read(piper_voice.description(rate_hz=rate_hz), "toy")
    known = Facts(about, tuple(parts.nets), parts.sound, parts.durations, parts.latent, parts.features, parts.coarse)
    return examine.examine(folder, known, IDS)


@pytest.mark.parametrize("hop", [128, 200, 256, 512])
def test_pieces_are_the_whole_and_what_they_need_around_them_is_found(hop: int, tmp_path: Path) -> None:
    known = installed(tmp_path, piper_voice.net(hop=hop), 22050)
    assert known
    assert known.hop == hop
    assert 2 <= known.reach <= 8
    assert 2 <= known.flow_reach <= 8
    assert of_json(json.loads(json.dumps(as_json(known)))).description.rate_hz == 22050
    speech = Speech(tmp_path, known)
    sounds = []
    for frames in (17, 1000):
        speech.piece_frames = frames
        sounds.append(list(speech.say(Phrase(IDS), lambda: None)))
    assert len(sounds[0]) > 3
    assert len(sounds[1]) == 1
    assert np.abs(np.concatenate(sounds[0]) - sounds[1][0]).max() < examine.SAME


def test_a_later_step_of_the_decoder_is_a_part_and_looks_less_far(tmp_path: Path) -> None:
    known = installed(tmp_path, piper_voice.net(steps=2))
    assert known
    assert known.parts == cut.PARTS
    assert known.hop == 512
    assert known.fine_reach == 1
    speech = Speech(tmp_path, known)
    speech.piece_frames = 17
    pieces = np.concatenate(list(speech.say(Phrase(IDS), lambda: None)))
    whole = load(cut.whole(net.read(piper_voice.net(steps=2))))
    wanted = run(whole, speech.inputs(Phrase(IDS)))["output"].reshape(-1) * np.float32(known.gain)
    assert np.abs(pieces - wanted).max() < examine.SAME


def test_a_text_front_that_makes_something_else_is_found_out(tmp_path: Path) -> None:
    parts, other = cut.cut(net.read(piper_voice.net())), cut.cut(net.read(piper_voice.net(seed=8)))
    assert parts
    assert other
    (tmp_path / f"{BEFORE}.onnx").write_bytes(parts.nets["text"])
    assert installed(tmp_path, piper_voice.net())
    (tmp_path / f"{BEFORE}.onnx").write_bytes(other.nets["text"])
    assert installed(tmp_path, piper_voice.net()) is None


def test_a_flow_that_looks_everywhere_is_not_made_in_pieces(tmp_path: Path) -> None:
    assert installed(tmp_path, piper_voice.net(looks_everywhere=True)) is None


def test_another_pace_is_exact_and_leaves_no_sound_out() -> None:
    frames = np.asarray([1.0, 1.0, 5.0, 2.0, 1.0, 1.0, 4.0, 1.0, 1.0])
    phrase = Phrase([1, 0, 17, 0, 18, 0, 19, 0, 2], speed=2.0)
    at_speed = paced(frames, phrase)
    assert at_speed.sum() == pytest.approx(frames.sum() / 2, abs=2)
    assert all(count >= 1 for count, one in zip(at_speed, phrase.ids, strict=True) if one)
    assert paced(frames, Phrase(phrase.ids, speed=0.5)).tolist() == (2 * frames).tolist()


# ---- what is no voice ----


def graph_of(*parts: bytes) -> bytes:
    return net.number(1, 8) + net.message(7, *parts)


NODE = net.message(1, net.message(1, b"input"), net.message(2, b"output"), net.message(4, b"Identity"))
OWN = net.message(1, net.message(1, b"input"), net.message(2, b"output"), net.message(4, b"X"), net.message(7, b"evil"))
ENDS = net.message(11, net.value("input", 7)) + net.message(12, net.value("output", 1))
ELSEWHERE = net.message(5, net.message(8, b"w"), net.message(13, b""), net.number(14, 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"not a net at all, but a text",
        b"\xff" * 40,
        graph_of(),
        graph_of(ENDS),
        graph_of(NODE, NODE, ENDS),
        graph_of(OWN, ENDS),
        graph_of(NODE, ELSEWHERE, ENDS),
        graph_of(NODE, ENDS) + net.message(25, b""),
        graph_of(NODE, ENDS) + graph_of(NODE, ENDS),
        graph_of(net.message(1, net.message(1, b"\xff\xfe"))),
    ],
)
def test_what_is_no_net_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenNetError):
        net.read(data)


@pytest.mark.parametrize("operator", ["Ceil", "RandomNormalLike"])
def test_a_node_that_makes_nothing_or_of_nothing_is_refused(operator: str) -> None:
    lone = net.message(1, net.message(4, operator.encode()), net.message(1, b"a"))
    with pytest.raises(BrokenNetError):
        net.read(graph_of(lone, NODE, ENDS))
    lone = net.message(1, net.message(4, operator.encode()), net.message(2, b"b"))
    if operator != "Ceil":
        with pytest.raises(BrokenNetError):
            net.read(graph_of(lone, NODE, ENDS))


def test_what_is_in_a_tensor_is_found_through_any_number_of_nodes() -> None:
    names = ["a", *(f"t{number}" for number in range(5000))]
    chain = [net.node("Identity", [source], name) for source, name in itertools.pairwise(names)]
    found = cut._Graph(net.Net(nodes=chain, inputs={"a": int(net.Type.INT64)}))
    assert found._type(names[-1]) == net.Type.INT64


def test_a_net_of_something_else_is_no_voice() -> None:
    with pytest.raises(BrokenNetError):
        cut.check(net.read(graph_of(NODE, ENDS)))


def test_one_that_is_cut_off_is_refused() -> None:
    made = piper_voice.net()
    for size in range(0, len(made), 37):
        with pytest.raises(BrokenNetError):
            cut.check(net.read(made[:size]))


# ---- its description ----


@pytest.mark.parametrize(
    "change",
    [
        {"phoneme_id_map": {}},
        {"phoneme_id_map": {"^": [1], "$": [2], "_": ["x"]}},
        {"phoneme_id_map": None},
        {"audio": {"sample_rate": 10**9}},
        {"audio": None},
        {"espeak": {}},
        {"num_speakers": 10**9},
        {"inference": {"length_scale": -1}},
        {"language": {"code": "../..", "family": "../.."}},
        {"phoneme_type": "pinyin"},
    ],
)
def test_a_description_of_something_else_is_refused_with_a_sentence(change: dict[str, Any]) -> None:
    with pytest.raises(VoiceFileError) as refused:
        description.read(piper_voice.description() | change, "a.onnx")
    assert "a.onnx" in refused.value.sentence


@pytest.mark.parametrize(
    ("code", "language", "locale"),
    [("en-us", "en", "en-US"), ("cmn", "zh", "cmn"), ("nb", "nb", "nb"), ("no", "nb", "no"), ("de", "de", "de")],
)
def test_a_description_says_whose_voice_it_is(code: str, language: str, locale: str) -> None:
    about = description.read(piper_voice.description(espeak=code, speakers=3), "xx_XX-anna-low.onnx")
    assert (about.language, about.locale) == (language, locale)
    assert about.speakers == {"p0": 0, "p1": 1, "p2": 2}


def test_a_name_is_fit_for_a_file_and_an_id() -> None:
    assert description.usable_name("../é t/c.onnx") == "e-t-c.onnx"
    assert description.usable_name("…") == ""
