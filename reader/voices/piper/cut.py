"""Finds where a voice's net can be cut into parts, so that sound is out before all of it is made. Pure.

Such a voice is a VITS net. Each of its parts needs those before it: the text encoder (how each sound is spoken, and for
how many frames), the expansion of that over the frames, the flow, and the decoder, which makes sound. Everything that
the flow needs goes through one tensor, and likewise for the decoder; both are found by the names of nodes. Flow and
decoder look only a limited number of frames to either side, so they can run piece by piece. The decoder's later steps,
which are most of its work, look at far fewer frames than its first one, so they become a part of their own if they
can be told apart.

Random numbers are replaced by an input, so that the same text gives the same sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reader.voices.piper import net as nets
from reader.voices.piper.net import BrokenNetError, Net, Node, Type

PARTS = ("text", "spread", "flow", "decoder", "fine")
NOISE = "harken_noise"
_FLOW, _DECODER, _FINE, _PREDICTOR = "/flow/", "/dec/", "/dec/ups.1/", "/dp/"
_RANDOM = frozenset(
    {"RandomNormalLike", "RandomNormal", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial"}
)
_MADE_BOOL = frozenset({"Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal", "And", "Or", "Not", "Xor"})
_MADE_INT = frozenset({"Shape", "Size", "NonZero", "ArgMax", "ArgMin"})
_INPUTS = {"input": Type.INT64, "input_lengths": Type.INT64, "scales": Type.FLOAT}
SPEAKER = "sid"
# Nodes without a path in their names lie among those of the flow, so it is entered in many places: 16 in Piper's nets.
_MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Parts:
    """A net that was cut. The fields name the tensors at the cuts: see PARTS. `nets` are by part."""

    nets: dict[str, bytes]
    durations: str  # frames of each sound
    latent: str  # the flow's input
    features: str  # the decoder's input
    coarse: str  # the input of its later steps, "" if they are not separate
    sound: str


def check(net: Net) -> None:
    """Raise BrokenNetError if this is not a voice, by its inputs and outputs."""
    if len(net.outputs) != 1 or not set(_INPUTS) <= set(net.inputs) <= {*_INPUTS, SPEAKER}:
        raise BrokenNetError("other things go in or come out than of a voice")
    if any(net.inputs[name] != net_type for name, net_type in _INPUTS.items()):
        raise BrokenNetError("what goes in is of other types than of a voice")


def whole(net: Net) -> bytes:
    """The net in one piece, with its random numbers replaced."""
    nodes, weights, has_noise = _without_chance(net.nodes)
    inputs = net.inputs | ({NOISE: int(Type.FLOAT)} if has_noise else {})
    return nets.write(net.head, nodes, [*net.weights.values(), *weights], inputs, net.outputs)


def cut(net: Net) -> Parts | None:
    """Return the parts of a net, or None if there is nowhere to cut it. Call `check` first."""
    if any(node.has_graph for node in net.nodes):
        return None
    graph = _Graph(net)
    (sound,) = net.outputs
    durations = [n.outputs[0] for n in net.nodes if n.operator == "Ceil" and not n.name.startswith(_PREDICTOR)]
    latent, features = graph.entry(_FLOW), graph.entry(_DECODER)
    if len(durations) != 1 or not latent or not features:
        return None
    borders = (durations[0], latent, features)
    coarse = graph.entry(_FINE)
    return (_cut(graph, net, (*borders, coarse), sound) if coarse else None) or _cut(graph, net, borders, sound)


def _cut(graph: _Graph, net: Net, borders: Sequence[str], sound: str) -> Parts | None:
    behind = [graph.behind(border) for border in borders]
    if not all(behind[i + 1] < behind[i] for i in range(len(borders) - 1)) or graph.maker(sound) not in behind[-1]:
        return None
    needed = graph.needed_for(sound)
    stages = [sum(index in part for part in behind) for index in range(len(net.nodes))]
    chosen = [
        [i for i in sorted(needed) if stages[i] == stage and i not in graph.constant]
        for stage in range(len(borders) + 1)
    ]
    if any(net.nodes[i].operator in _RANDOM for stage in chosen[2:] for i in stage):
        return None
    made = {name: stages[i] for stage in chosen for i in stage for name in net.nodes[i].outputs if name}
    durations, latent, features, *coarse = borders
    if coarse and {name for i in chosen[4] for name in net.nodes[i].inputs if made.get(name, 4) < 4} != {*coarse}:
        return None
    parts = {
        name: graph.part(stage, i, made, sound) for i, (name, stage) in enumerate(zip(PARTS, chosen, strict=False))
    }
    return Parts(parts, durations, latent, features, coarse[0] if coarse else "", sound)


class _Graph:
    """Which node makes which tensor from what."""

    def __init__(self, net: Net) -> None:
        """Raises BrokenNetError if a node comes before one that it needs."""
        self._net = net
        self._makers = {name: i for i, node in enumerate(net.nodes) for name in node.outputs if name}
        self.constant: set[int] = set()  # nodes whose output does not depend on the inputs
        for i, node in enumerate(net.nodes):
            makers = [self._makers[name] for name in node.inputs if name in self._makers]
            if any(maker >= i for maker in makers):
                raise BrokenNetError("a node stands before one that it needs")
            known = all(name in net.weights or name in self._makers or not name for name in node.inputs)
            if known and node.operator not in _RANDOM and all(maker in self.constant for maker in makers):
                self.constant.add(i)

    def maker(self, name: str) -> int | None:
        """The index of the node that makes a tensor."""
        return self._makers.get(name)

    def entry(self, place: str) -> str:
        """The tensor through which everything relevant enters the nodes of this name: "" if there is none.

        Among the tensors made by other nodes it is the one that needs the most, but none of these nodes.
        """
        nodes = self._net.nodes
        inside = {i for i, node in enumerate(nodes) if node.name.startswith(place)}
        names = {name for i in inside for name in nodes[i].inputs}
        makers = {name: self._makers[name] for name in names if name in self._makers}
        outside = {name: i for name, i in makers.items() if i not in inside and i not in self.constant}
        if len(outside) > _MOST_ENTRIES:
            return ""
        needs = {name: self.needed_for(name) for name in outside}
        entries = {name: len(needed) for name, needed in needs.items() if needed.isdisjoint(inside)}
        return max(entries, key=lambda name: entries[name], default="")

    def needed_for(self, name: str) -> set[int]:
        """The nodes that take part in making a tensor."""
        found: set[int] = set()
        todo = [self._makers[name]] if name in self._makers else []
        while todo:
            index = todo.pop()
            if index not in found:
                found.add(index)
                todo += [self._makers[name] for name in self._net.nodes[index].inputs if name in self._makers]
        return found

    def behind(self, name: str) -> set[int]:
        """The nodes that need a tensor, directly or not."""
        changed, found = {name}, set()
        for i, node in enumerate(self._net.nodes):
            if not changed.isdisjoint(node.inputs):
                found.add(i)
                changed.update(filter(None, node.outputs))
        return found

    def part(self, chosen: Sequence[int], stage: int, made: dict[str, int], sound: str) -> bytes:
        """The nodes of one stage as a net, with the constants and weights they use."""
        net = self._net
        wanted = {i for name in (n for i in chosen for n in net.nodes[i].inputs) for i in self._constants(name)}
        nodes, weights, has_noise = _without_chance([net.nodes[i] for i in sorted({*chosen, *wanted})])
        own = {name for node in nodes for name in node.outputs}
        used = {name for node in nodes for name in node.inputs if name}
        ours = [net.weights[name] for name in used if name in net.weights]
        inputs = {name: self._type(name) for name in sorted(used - own) if name in made or name in net.inputs}
        if has_noise:
            inputs[NOISE] = Type.FLOAT
        later = {name for i, node in enumerate(net.nodes) for name in node.inputs if self._stage(i, made) > stage}
        outputs = sorted(name for name, at in made.items() if at == stage and (name in later or name == sound))
        return nets.write(net.head, nodes, [*ours, *weights], inputs, outputs)

    def _stage(self, index: int, made: dict[str, int]) -> int:
        return max((made.get(name, -1) for name in self._net.nodes[index].outputs), default=-1)

    def _constants(self, name: str) -> Iterable[int]:
        maker = self._makers.get(name)
        return self.needed_for(name) if maker is not None and maker in self.constant else ()

    def _type(self, name: str) -> int:
        """The type of a tensor: given in the file, or else by its node's operator."""
        net = self._net
        while True:
            for known in (net.inputs, net.types, net.weight_types):
                if found := known.get(name):
                    return found
            maker = self._makers.get(name)
            if maker is None:
                return Type.FLOAT
            node = net.nodes[maker]
            if node.cast_to and node.operator in ("Cast", "Constant"):
                return node.cast_to
            if node.operator in _MADE_BOOL:
                return Type.BOOL
            if node.operator in _MADE_INT:
                return Type.INT64
            source = node.inputs[1:2] if node.operator == "Where" else node.inputs[:1]
            if not source or not source[0]:
                return Type.FLOAT
            name = source[0]  # made by an earlier node: see __init__


def _without_chance(nodes: Iterable[Node]) -> tuple[list[Node], list[bytes], bool]:
    """(nodes that take their random numbers from NOISE, the constants for that, whether there were any)."""
    found: list[Node] = []
    count = 0
    for node in nodes:
        if node.operator != "RandomNormalLike":
            found.append(node)
            continue
        count += 1
        at = f"{NOISE}_{count}"
        found += [
            nets.node("Shape", [node.inputs[0]], f"{at}_shape"),
            nets.node("ReduceProd", [f"{at}_shape"], f"{at}_size"),
            nets.node("Squeeze", [f"{at}_size"], f"{at}_stop"),
            nets.node("Range", [f"{NOISE}_zero", f"{at}_stop", f"{NOISE}_one"], f"{at}_range"),
            nets.node("Mod", [f"{at}_range", f"{at}_length"], f"{at}_index"),
            nets.node("Gather", [NOISE, f"{at}_index"], f"{at}_values"),
            nets.node("Reshape", [f"{at}_values", f"{at}_shape"], node.outputs[0]),
        ]
        length = nets.node("Shape", [NOISE], f"{at}_length")
        found.insert(len(found) - 3, length)
    if not count:
        return found, [], False
    constants = [nets.integers(f"{NOISE}_{name}", [i], is_scalar=True) for i, name in enumerate(("zero", "one"))]
    return found, constants, True
