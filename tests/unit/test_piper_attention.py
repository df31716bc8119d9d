"""Attention that is rewritten makes the same numbers, whatever the length; what is not as expected stays as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from reader.voices.piper import attention, net
from reader.voices.piper.net import Net, Node, Type
from tests.fakes.piper_voice import weight

AT = "/enc_p/encoder/attn_layers.0"
DISTANCES, SIZE = 9, 6
HEAD = [net.number(1, 8), net.message(8, net.message(1), net.number(2, 15))]
WEIGHTS = {
    "near_k": np.random.default_rng(1).normal(0, 1, (1, DISTANCES, SIZE)),
    "near_v": np.random.default_rng(2).normal(0, 1, (1, DISTANCES, SIZE)),
    "swap": np.asarray([1, 2, SIZE, -1]),
    "axis3": np.asarray([3]),
    "axis1": np.asarray([1]),
    "axis0": np.asarray([0]),
    "i2": np.asarray([2]),
    "n1": np.asarray([1]),
    "n5": np.asarray([DISTANCES // 2 + 1]),
    "table_pads": np.asarray([0, 1, 0, 0, 1, 0]),
    "last_4": np.asarray([0, 0, 0, 0, 0, 0, 0, 1]),
    "last_3": np.asarray([0, 0, 0, 0, 0, 1]),
    "first_3": np.asarray([0, 0, 1, 0, 0, 0]),
    "flat": np.asarray([1, 2, -1]),
    "row": np.asarray([0, 0, 0, 1]),
    "by_row": np.asarray([1, 2, -1, 0]),
    "far": np.asarray([1 << 40]),
}


def node(operator: str, inputs: list[str], name: str, *attributes: bytes) -> Node:
    return net.node(
        operator,
        [one if one in WEIGHTS or one in INPUTS else f"{AT}/{one}" for one in inputs],
        f"{AT}/{name}",
        *attributes,
    )


INPUTS = {"asked", "scores", "said_of"}


def nodes() -> list[Node]:
    """In the order of Piper's nets."""
    wide = [
        node("Shape", ["asked"], "shape"),
        node("Gather", ["shape", "i2"], "length"),
        node("Sub", ["length", "n5"], "beyond"),
        node("Mul", ["beyond", "table_pads"], "pads"),
        node("Add", ["length", "length"], "two"),
        node("Sub", ["two", "n1"], "all"),
        node("Sub", ["length", "n1"], "less"),
    ]
    table = [
        node("Pad", ["near_k", "pads"], "k_pad"),
        node("Unsqueeze", ["k_pad", "axis0"], "k_table"),
        node("Pad", ["near_v", "pads"], "v_pad"),
        node("Unsqueeze", ["v_pad", "axis0"], "v_table"),
        node("Transpose", ["k_table"], "k_turned", PERM),
    ]
    scores = [
        node("MatMul", ["asked", "k_turned"], "MatMul_1"),
        node("Pad", ["MatMul_1", "last_4"], "s_pad"),
        node("Reshape", ["s_pad", "flat"], "s_flat"),
        node("Mul", ["less", "last_3"], "s_pads"),
        node("Pad", ["s_flat", "s_pads"], "s_more"),
        node("Mul", ["all", "row"], "s_row"),
        node("Add", ["s_row", "by_row"], "s_shape"),
        node("Reshape", ["s_more", "s_shape"], "s_moved"),
        node("Slice", ["s_moved", "axis0", "length", "i2"], "s_rows"),
        node("Slice", ["s_rows", "less", "far", "axis3"], "s_placed"),
        node("Add", ["scores", "s_placed"], "s_all"),
        node("Softmax", ["s_all"], "weights"),
    ]
    values = [
        node("Mul", ["less", "last_4"], "v_pads"),
        node("Pad", ["weights", "v_pads"], "v_wide"),
        node("Reshape", ["v_wide", "flat"], "v_flat"),
        node("Mul", ["length", "first_3"], "v_front"),
        node("Pad", ["v_flat", "v_front"], "v_more"),
        node("Mul", ["two", "row"], "v_row"),
        node("Add", ["v_row", "by_row"], "v_shape"),
        node("Reshape", ["v_more", "v_shape"], "v_moved"),
        node("Slice", ["v_moved", "n1", "far", "axis3"], "v_placed"),
        node("MatMul", ["v_placed", "v_table"], "MatMul_3"),
    ]
    return [*wide, *table, *scores, *values]


PERM = net.message(5, net.message(1, b"perm"), *(net.number(8, one) for one in (0, 1, 3, 2)), net.number(20, 7))


def written(made: Net) -> bytes:
    weights = list(made.weights.values())
    return net.write(made.head, made.nodes, weights, made.inputs, [f"{AT}/s_placed", f"{AT}/MatMul_3"])


def read(some: list[Node]) -> Net:
    inputs = {"asked": Type.FLOAT, "scores": Type.FLOAT}
    data = net.write(HEAD, some, [weight(*one) for one in WEIGHTS.items()], inputs, [f"{AT}/MatMul_3"])
    return net.read(data)


def run(made: Net, length: int) -> list[npt.NDArray[Any]]:
    random = np.random.default_rng(length)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(written(made), options, providers=["CPUExecutionProvider"])
    asked = random.normal(0, 1, (1, 2, length, SIZE)).astype(np.float32)
    scores = random.normal(0, 1, (1, 2, length, length)).astype(np.float32)
    return list(session.run(None, {"asked": asked, "scores": scores}))


@pytest.mark.parametrize("length", [1, 2, 4, 5, 6, 9, 40])
def test_it_makes_the_same(length: int) -> None:
    wide = read(nodes())
    narrow = attention.narrow(wide)
    assert narrow
    for before, after in zip(run(wide, length), run(narrow, length), strict=True):
        assert before.shape == after.shape
        assert np.abs(before - after).max() < 1e-5


def test_nothing_is_made_for_every_distance_any_more() -> None:
    narrow = attention.narrow(read(nodes()))
    assert narrow
    todo, needed = [f"{AT}/MatMul_3"], set()
    makers = {one.outputs[0]: one for one in narrow.nodes}
    while todo:
        name = todo.pop()
        needed.add(name)
        todo += makers[name].inputs if name in makers else ()
    assert not needed & {f"{AT}/{name}" for name in ("k_pad", "v_pad", "all", "two", "less")}
    assert {f"{AT}/weights", "near_k", "near_v"} <= needed


@pytest.mark.parametrize("operator", ["Pad", "Reshape", "Softmax", "MatMul"])
def test_another_kind_stays_as_it_was(operator: str) -> None:
    changed = [
        Node(one.inputs, one.outputs, one.name, "Other", one.message) if one.operator == operator else one
        for one in read(nodes()).nodes
    ]
    other = read(nodes())
    other.nodes = changed
    narrow = attention.narrow(other)
    if operator == "Softmax":  # the way to the places is known, the way back is not
        assert narrow
        assert narrow.nodes[-1].inputs[0] == f"{AT}/v_placed"
    else:
        assert narrow is None
