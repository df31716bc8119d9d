"""Makes the attention of a voice's text encoder cheaper, with the same numbers as the result. Pure.

Each sound attends to all others, and to the distance of those nearby: up to 4 to either side. For that, Piper's nets
multiply with a table of numbers for every possible distance, all but 9 of which are zeros, and then shift the result
into place. Here the multiplication uses only those 9.

A net is rewritten only if its nodes are the expected ones; that it makes the same is tested when it is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reader.voices.piper import net as nets
from reader.voices.piper.net import Net, Node

_PLACE = "/attn_layers."
# The nodes that turn numbers by distance into numbers by position, and back; and those that fill the table.
_TO_PLACES = ("Pad", "Reshape", "Pad", "Reshape", "Slice")
_SPREADS = frozenset({"Transpose", "Unsqueeze", "Slice", "Pad"})
_MOST_DISTANCES = 99
_MOST_STEPS = 12
_NAME = "harken_near"


def narrow(net: Net) -> Net | None:
    """Return a net with cheaper attention, or None if it has none of the expected kind."""
    rewriting = _Rewriting(net)
    for node in net.nodes:
        if node.operator == "MatMul" and _PLACE in node.name and len(node.inputs) == 2:
            rewriting.rewrite(node)
    return rewriting.made()


class _Rewriting:
    def __init__(self, net: Net) -> None:
        self._net = net
        self._makers = {name: node for node in net.nodes for name in node.outputs if name}
        self._users: dict[str, list[Node]] = {}
        for node in net.nodes:
            for name in node.inputs:
                self._users.setdefault(name, []).append(node)
        self._weights: dict[str, bytes] = {}
        self._instead: dict[str, list[Node]] = {}  # by the first output of the node to replace

    def made(self) -> Net | None:
        """The rewritten net, or None if nothing was rewritten."""
        if not self._instead:
            return None
        nodes = [new for node in self._net.nodes for new in self._instead.get(node.outputs[0], [node])]
        weights = {name: memoryview(tensor) for name, tensor in self._weights.items()}
        types = dict.fromkeys(weights, int(nets.Type.INT64))
        return replace(
            self._net,
            nodes=nodes,
            weights=self._net.weights | weights,
            weight_types=self._net.weight_types | types,
        )

    def rewrite(self, node: Node) -> None:
        """Rewrite a node that multiplies with a table of distances."""
        if (table := self._table(node.inputs[1])) and not self._rewrite_scores(node, *table):
            self._rewrite_values(node, *table)

    def _table(self, name: str) -> tuple[str, int, int] | None:
        """(the weights from which this table is made, how many distances they cover, how many numbers for each)."""
        operators = []
        for maker in self._before(name, _SPREADS):
            operators.append(maker.operator)
            name = maker.inputs[0]
        if name not in self._net.weights or "Pad" not in operators:
            return None
        shape = nets.shape(self._net.weights[name])
        if len(shape) != 3 or shape[0] != 1 or not shape[1] % 2 or not 1 < shape[1] <= _MOST_DISTANCES:
            return None
        return name, shape[1], shape[2]

    def _rewrite_scores(self, node: Node, table: str, distances: int, size: int) -> bool:
        """Rewrite `node` if it multiplies queries with the table, and its result is then shifted into place."""
        name = node.outputs[0]
        for operator in _TO_PLACES:
            following = [user for user in self._users.get(name, []) if user.operator != "Shape"]
            if len(following) != 1 or following[0].operator != operator or following[0].inputs[0] != name:
                return False
            name = following[0].outputs[0]
        following = self._users.get(name, [])  # a second one, along other axes
        if len(following) == 1 and following[0].operator == "Slice":
            name = following[0].outputs[0]
        self._put(name, self._scores(name, node.inputs[0], table, distances, size))
        return True

    def _rewrite_values(self, node: Node, table: str, distances: int, size: int) -> None:
        """Rewrite `node` if it multiplies what was shifted from positions to distances with the table."""
        name, found = node.inputs[0], []
        for step in self._before(name, frozenset(_TO_PLACES)):
            found.append(step.operator)
            name = step.inputs[0]
        if tuple(reversed(found[-4:])) != _TO_PLACES[:4] or set(found[:-4]) != {"Slice"}:
            return
        if (maker := self._makers.get(name)) is None or maker.operator != "Softmax":
            return
        self._put(node.outputs[0], self._values(node.outputs[0], name, table, distances, size))

    def _before(self, name: str, operators: frozenset[str]) -> Iterator[Node]:
        """The nodes of these kinds that a tensor passes through, the last one first."""
        for _ in range(_MOST_STEPS):
            maker = self._makers.get(name)
            if maker is None or maker.operator not in operators or not maker.inputs:
                return
            yield maker
            name = maker.inputs[0]

    def _put(self, name: str, nodes: Iterator[Node]) -> None:
        if maker := self._makers.get(name):
            self._instead[maker.outputs[0]] = list(nodes)

    def _constant(self, values: Sequence[int]) -> str:
        name = "_".join([_NAME, *(str(value).replace("-", "m") for value in values)])
        self._weights[name] = nets.integers(name, values)
        return name

    # The trick: write rows of equal length one after the other, and read them back as rows that are one number
    # shorter. The second row is then shifted by one place, the third by two, and so on: distances become positions.

    def _length(self, at: str, of: str) -> Iterator[Node]:
        yield nets.node("Shape", [of], f"{at}_shape")
        yield nets.node("Gather", [f"{at}_shape", self._constant([2])], f"{at}_length")
        yield nets.node("Mul", [f"{at}_length", self._constant([0, 0, 1, 0])], f"{at}_rows")
        yield nets.node("Add", [f"{at}_rows", self._constant([0, 0, 0, -1])], f"{at}_by_row")

    def _moved(self, at: str, padded: str, more: int, first: str, stop: str, into: str) -> Iterator[Node]:
        """Read rows back as rows `more` longer than there are sounds, and of each take the range first to stop."""
        yield nets.node("Reshape", [padded, self._constant([0, 0, -1])], f"{at}_flat")
        yield nets.node("Add", [f"{at}_length", self._constant([more])], f"{at}_row")
        yield nets.node("Mul", [f"{at}_row", f"{at}_length"], f"{at}_all")
        yield nets.node("Slice", [f"{at}_flat", self._constant([0]), f"{at}_all", self._constant([2])], f"{at}_used")
        yield nets.node("Reshape", [f"{at}_used", f"{at}_by_row"], f"{at}_moved")
        yield nets.node("Slice", [f"{at}_moved", first, stop, self._constant([3])], into)

    def _scores(self, name: str, asked: str, table: str, distances: int, size: int) -> Iterator[Node]:
        at, side = f"{_NAME}_{name}", self._constant([distances // 2])
        yield from self._length(at, asked)
        yield nets.node("Reshape", [table, self._constant([distances, size])], f"{at}_table")
        yield nets.node("Transpose", [f"{at}_table"], f"{at}_turned")
        yield nets.node("MatMul", [asked, f"{at}_turned"], f"{at}_near")
        yield nets.node("Mul", [f"{at}_length", self._constant([0, 0, 0, 0, 0, 0, 0, 1])], f"{at}_pads")
        yield nets.node("Pad", [f"{at}_near", f"{at}_pads"], f"{at}_padded")
        yield nets.node("Add", [f"{at}_length", side], f"{at}_stop")
        yield from self._moved(at, f"{at}_padded", distances - 1, side, f"{at}_stop", name)

    def _values(self, name: str, weights: str, table: str, distances: int, size: int) -> Iterator[Node]:
        at, side = f"{_NAME}_{name}", distances // 2
        yield from self._length(at, weights)
        yield nets.node("Pad", [weights, self._constant([0, 0, 0, side, 0, 0, 1, side])], f"{at}_padded")
        first, stop = self._constant([0]), self._constant([distances])
        yield from self._moved(at, f"{at}_padded", distances, first, stop, f"{at}_near")
        yield nets.node("Reshape", [table, self._constant([distances, size])], f"{at}_table")
        yield nets.node("MatMul", [f"{at}_near", f"{at}_table"], name)
