"""Voices in Piper's format, made up: nets of some 20 kB that hum where a real one of 60 MB speaks.

What goes in and comes out, and the names of nodes, are those of Piper's nets.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reader.voices.piper import net as nets
from reader.voices.piper.net import Type

NAME = "en_US-toy-low"
# The sounds of a usual voice, in the order of their numbers (but for the accent, which counts as one with its letter).
SOUNDS = (
    "_^$ !'(),-.:;?abcdefhijklmnopqrstuvwxyzæçðøħŋœǀǁǂǃɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘ"
    "ʙʛʜʝʟʡʢʲˈˌːˑ˞βθχᵻⱱ0123456789↑↓\u0327\u0303\u032a\u032f\u0329ʰˤε\u033bg"
)
_WIDTH = 8
_SILENT = (1, 2)  # where a phrase begins and ends
_HOP = 256

Array = npt.NDArray[Any]


def _attribute(name: str, value: int | list[int]) -> bytes:
    is_list = isinstance(value, list)
    numbers = [nets.number(8, one) for one in value] if isinstance(value, list) else [nets.number(3, value)]
    return nets.message(5, nets.message(1, name.encode()), *numbers, nets.number(20, 7 if is_list else 2))


def weight(name: str, value: Array) -> bytes:
    net_type = {"f": Type.FLOAT, "i": Type.INT64}[value.dtype.kind]
    data = value.astype(np.float32 if net_type is Type.FLOAT else np.int64).tobytes()
    dimensions = b"".join(nets.number(1, size) for size in value.shape)
    return dimensions + nets.number(2, net_type) + nets.message(8, name.encode()) + nets.message(9, data)


def net(
    *,
    speakers: int = 1,
    hop: int = _HOP,
    has_places: bool = True,
    looks_everywhere: bool = False,
    steps: int = 1,
    seed: int = 7,
) -> bytes:
    """A net. Without `has_places` its nodes have other names; if it `looks_everywhere`, its flow can't be cut.

    With two `steps`, its decoder has a later one, as a real voice's has.
    """
    random = np.random.default_rng(seed)
    sounds = random.normal(0, 1, (len(SOUNDS) + 1, _WIDTH))
    sounds[list(_SILENT)] = 0.0
    frames = np.full((len(SOUNDS) + 1, 1), 2.6)
    frames[[0, *_SILENT]] = 0.6
    frames[SOUNDS.index(" ")] = 2.5
    turns = np.arange(2 * hop) / hop * np.arange(1, _WIDTH + 1)[:, None]
    waves = np.sin(2 * np.pi * turns + random.normal(0, 1, (_WIDTH, 1))) * np.hanning(2 * hop) * 0.06
    weights = {
        "emb": sounds,
        "frames": frames,
        "flow_w": random.normal(0, 0.3, (_WIDTH, _WIDTH, 5)),
        "pre_w": random.normal(0, 0.3, (_WIDTH, _WIDTH, 3)),
        "waves": waves[:, None, :],
        "up_w": np.full((1, 1, 4), 0.5),
        "i0": np.asarray(0),
        "i1": np.asarray(1),
        "i2": np.asarray(2),
        "axis0": np.asarray([0]),
        "axis1": np.asarray([1]),
        "last": np.asarray([-1]),
        "f0": np.asarray(0.0),
        "f1": np.asarray(1.0),
        "tenth": np.asarray(0.1),
        "voices": random.normal(0, 0.3, (speakers, _WIDTH)),
    }
    mean = "/enc_p/Transpose_output_0"
    swap = _attribute("perm", [0, 2, 1])
    nodes = [
        nets.node("Gather", ["scales", "i0"], "/Gather_output_0"),
        nets.node("Gather", ["scales", "i1"], "/Gather_1_output_0"),
        nets.node("Gather", ["scales", "i2"], "/Gather_2_output_0"),
        nets.node("Gather", ["emb", "input"], "/enc_p/emb/Gather_output_0"),
        nets.node("Transpose", ["/enc_p/emb/Gather_output_0"], mean, swap),
        nets.node("Gather", ["frames", "input"], "/dp/Gather_output_0"),
        nets.node("Transpose", ["/dp/Gather_output_0"], "/dp/Transpose_output_0", swap),
        nets.node("RandomNormalLike", ["/dp/Transpose_output_0"], "/dp/RandomNormalLike_output_0"),
        nets.node("Mul", ["/dp/RandomNormalLike_output_0", "/Gather_2_output_0"], "/dp/Mul_output_0"),
        nets.node("Mul", ["/dp/Mul_output_0", "tenth"], "/dp/Mul_1_output_0"),
        nets.node("Add", ["/dp/Transpose_output_0", "/dp/Mul_1_output_0"], "/dp/Add_output_0"),
        nets.node("Mul", ["/dp/Add_output_0", "/Gather_1_output_0"], "/Mul_1_output_0"),
        nets.node("Ceil", ["/Mul_1_output_0"], "/Ceil_output_0"),
        nets.node("CumSum", ["/Ceil_output_0", "i2"], "/CumSum_output_0"),
        nets.node("ReduceMax", ["/CumSum_output_0"], "/ReduceMax_output_0", _attribute("keepdims", 0)),
        nets.node("Range", ["f0", "/ReduceMax_output_0", "f1"], "/Range_output_0"),
        nets.node("Transpose", ["/CumSum_output_0"], "/Transpose_output_0", swap),
        nets.node("Sub", ["/CumSum_output_0", "/Ceil_output_0"], "/Sub_output_0"),
        nets.node("Transpose", ["/Sub_output_0"], "/Transpose_1_output_0", swap),
        nets.node("Less", ["/Range_output_0", "/Transpose_output_0"], "/Less_output_0"),
        nets.node("Less", ["/Range_output_0", "/Transpose_1_output_0"], "/Less_1_output_0"),
        nets.node("Cast", ["/Less_output_0"], "/Cast_output_0", _attribute("to", 1)),
        nets.node("Cast", ["/Less_1_output_0"], "/Cast_1_output_0", _attribute("to", 1)),
        nets.node("Sub", ["/Cast_output_0", "/Cast_1_output_0"], "/Sub_1_output_0"),
        nets.node("ReduceSum", ["/Sub_1_output_0", "axis1"], "/ReduceSum_output_0"),
        nets.node("Cast", ["/ReduceSum_output_0"], "/Cast_2_output_0", _attribute("to", 1)),
        nets.node("MatMul", [mean, "/Sub_1_output_0"], "/MatMul_output_0"),
        nets.node("RandomNormalLike", ["/MatMul_output_0"], "/RandomNormalLike_output_0"),
        nets.node("Mul", ["/RandomNormalLike_output_0", "/Gather_output_0"], "/Mul_5_output_0"),
        nets.node("Mul", ["/Mul_5_output_0", "tenth"], "/Mul_6_output_0"),
        nets.node("Mul", ["/Mul_6_output_0", "/Cast_2_output_0"], "/Mul_8_output_0"),
        nets.node("Add", ["/MatMul_output_0", "/Mul_8_output_0"], "/Add_output_0"),
        nets.node("Conv", ["/Add_output_0", "flow_w"], "/flow/Conv_output_0", _attribute("pads", [2, 2])),
        nets.node("Mul", ["/flow/Conv_output_0", "/Cast_2_output_0"], "/flow/Mul_output_0"),
    ]
    flowed = "/flow/Mul_output_0"
    if looks_everywhere:
        nodes += [
            nets.node("ReduceMean", [flowed], "/flow/ReduceMean_output_0", _attribute("axes", [2])),
            nets.node("Add", [flowed, "/flow/ReduceMean_output_0"], "/flow/Add_output_0"),
        ]
        flowed = "/flow/Add_output_0"
    nodes.append(nets.node("Mul", [flowed, "/Cast_2_output_0"], "/Mul_7_output_0"))
    features = "/Mul_7_output_0"
    if speakers > 1:
        nodes += [
            nets.node("Gather", ["voices", "sid"], "/emb_g/Gather_output_0"),
            nets.node("Unsqueeze", ["/emb_g/Gather_output_0", "last"], "/Unsqueeze_output_0"),
            nets.node("Add", [features, "/Unsqueeze_output_0"], "/dec/Add_output_0"),
        ]
        features = "/dec/Add_output_0"
    shape = [_attribute("strides", [hop]), _attribute("pads", [hop // 2, hop - hop // 2])]
    later = [
        nets.node("LeakyRelu", ["/dec/ups.0/ConvTranspose_output_0"], "/dec/LeakyRelu_1_output_0"),
        nets.node(
            "ConvTranspose",
            ["/dec/LeakyRelu_1_output_0", "up_w"],
            "/dec/ups.1/ConvTranspose_output_0",
            _attribute("strides", [2]),
            _attribute("pads", [1, 1]),
        ),
    ][: 2 * (steps - 1)]
    nodes += [
        nets.node("Conv", [features, "pre_w"], "/dec/conv_pre/Conv_output_0", _attribute("pads", [1, 1])),
        nets.node(
            "ConvTranspose", ["/dec/conv_pre/Conv_output_0", "waves"], "/dec/ups.0/ConvTranspose_output_0", *shape
        ),
        *later,
        nets.node(
            "Tanh", [later[-1].outputs[0] if later else "/dec/ups.0/ConvTranspose_output_0"], "/dec/Tanh_output_0"
        ),
        nets.node("Unsqueeze", ["/dec/Tanh_output_0", "axis1"], "output"),
    ]
    inputs = {"input": Type.INT64, "input_lengths": Type.INT64, "scales": Type.FLOAT}
    if speakers > 1:
        inputs["sid"] = Type.INT64
    head = [nets.number(1, 8), nets.message(8, nets.message(1), nets.number(2, 15))]
    # Every input is used, or ONNX Runtime would leave it out.
    nodes.append(nets.node("Identity", ["input_lengths"], "/enc_p/Identity_output_0"))
    made = nets.write(head, nodes, [weight(*one) for one in weights.items()], inputs, ["output"])
    return made if has_places else made.replace(b"/dec/", b"/gen/").replace(b"/flow/", b"/wave/")


def description(
    *, espeak: str = "en-us", speakers: int = 1, rate_hz: int = 16000, sounds: str = SOUNDS, **other: Any
) -> dict[str, Any]:
    """The JSON of a voice."""
    code, _, region = espeak.partition("-")
    return {
        "audio": {"sample_rate": rate_hz, "quality": "low"},
        "espeak": {"voice": espeak},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": {sound: [SOUNDS.index(sound)] for sound in sounds},
        "num_symbols": 256,
        "num_speakers": speakers,
        "speaker_id_map": {f"p{number}": number for number in range(speakers)} if speakers > 1 else {},
        "language": {"code": f"{code}_{region.upper()}" if region else code, "family": code, "name_english": code},
        "dataset": "toy",
        **other,
    }


def write(folder: Path, name: str = NAME, made: bytes | None = None, about: dict[str, Any] | None = None) -> Path:
    """A voice's two files. Returns the net's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    path.write_bytes(net() if made is None else made)
    path.with_name(f"{name}.onnx.json").write_text(json.dumps(about or description()), encoding="utf-8")
    return path
