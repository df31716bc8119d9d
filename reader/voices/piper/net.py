"""Reads nets in ONNX's format, as far as cutting them into parts requires, and writes them. Pure.

Field numbers are those of onnx.proto3 (IR version 3 to 10). Nets are untrusted: there are limits, and anything that
would make ONNX Runtime open a file or run foreign code is refused. Weights are never copied.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

# Piper's largest have 3,500 nodes and 130 MB.
MAX_BYTES = 1 << 28
_MAX_PARTS = 20_000
_MAX_NAME_BYTES = 1000

# Wire types of fields.
_VARINT, _EIGHT, _LENGTH, _FOUR = 0, 1, 2, 5
# ModelProto: the graph and, not for voices, how it was trained and its own functions.
_GRAPH, _TRAINING, _FUNCTION = 7, 20, 25
# GraphProto.
_NODE, _NAME, _WEIGHT, _INPUT, _OUTPUT, _VALUE, _SPARSE = 1, 2, 5, 11, 12, 13, 15
# NodeProto, AttributeProto, TensorProto, ValueInfoProto.
_NODE_INPUT, _NODE_OUTPUT, _NODE_NAME, _OPERATOR, _ATTRIBUTE, _DOMAIN = 1, 2, 3, 4, 5, 7
_ATTRIBUTE_NAME, _ATTRIBUTE_INT, _ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS = 1, 3, 5, 6, 11
_DIMENSION, _TYPE, _INTS, _TENSOR_NAME, _EXTERNAL, _LOCATION = 1, 2, 7, 8, 13, 14
_VALUE_NAME, _VALUE_TYPE = 1, 2
_OWN_DOMAINS = (b"", b"ai.onnx")
_SIGNED = (1 << 64) - 1  # a negative number, as a file has it
# What cut.py replaces, which makes as many random numbers as its input has.
_TAKES_SHAPE = "RandomNormalLike"


class BrokenNetError(ValueError):
    """The data is not a net, or not one that can be used. The message is for the log."""


class Type(IntEnum):
    """The type of a tensor's items (TensorProto.DataType)."""

    FLOAT = 1
    INT64 = 7
    BOOL = 9


@dataclass(frozen=True, slots=True)
class Node:
    """One operation. `message` is the node as it is in the file."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    name: str
    operator: str
    message: bytes | memoryview
    has_graph: bool = False  # contains a graph, which may use anything outside it
    cast_to: int = 0  # the type that a Cast converts to, or a Constant has


@dataclass(slots=True)
class Net:
    """A whole net. `head` is everything but the graph, as it is in the file."""

    head: list[bytes | memoryview] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    weights: dict[str, memoryview] = field(default_factory=dict)
    weight_types: dict[str, int] = field(default_factory=dict)
    inputs: dict[str, int] = field(default_factory=dict)  # name: type
    outputs: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)  # of other tensors, if the file says so


# ---- reading ----


def _number(data: memoryview, at: int) -> tuple[int, int]:
    """(a varint, where it ends)."""
    value = shift = 0
    while at < len(data) and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise BrokenNetError("a number is cut off")


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview, memoryview]]:
    """(number, value, the raw field) for each field of a message."""
    at = 0
    while at < len(data):
        start = at
        key, at = _number(data, at)
        number, kind = key >> 3, key & 7
        value: int | memoryview
        if kind == _VARINT:
            value, at = _number(data, at)
        else:
            if kind == _LENGTH:
                length, at = _number(data, at)
            elif kind in (_FOUR, _EIGHT):
                length = 4 if kind == _FOUR else 8
            else:
                raise BrokenNetError("a field of no known kind")
            if length > len(data) - at:
                raise BrokenNetError("a field is cut off")
            value = data[at : at + length]
            at += length
        if not number:
            raise BrokenNetError("a field without a number")
        yield number, value, data[start:at]


def _bytes(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise BrokenNetError("a number where there should be a message")
    return value


def _int(value: int | memoryview) -> int:
    if not isinstance(value, int):
        raise BrokenNetError("a message where there should be a number")
    return value


def _name(value: int | memoryview) -> str:
    data = _bytes(value)
    if len(data) > _MAX_NAME_BYTES:
        raise BrokenNetError("a name is too long")
    try:
        return bytes(data).decode()
    except UnicodeDecodeError as error:
        raise BrokenNetError("a name is no text") from error


def read(data: bytes | memoryview) -> Net:
    """Read a net. Raises BrokenNetError."""
    if len(data) > MAX_BYTES:
        raise BrokenNetError("it is too large")
    net = Net()
    graphs = []
    for number, value, whole in _fields(memoryview(data)):
        if number == _GRAPH:
            graphs.append(_bytes(value))
        elif number in (_FUNCTION, _TRAINING):
            raise BrokenNetError("it has functions of its own")
        else:
            net.head.append(whole)
    if len(graphs) != 1:
        raise BrokenNetError("it has no graph")
    _read_graph(graphs[0], net)
    if not (net.nodes and net.inputs and net.outputs):
        raise BrokenNetError("it has no nodes, or nothing goes in or out")
    made = [name for node in net.nodes for name in node.outputs if name]
    if len(set(made)) != len(made):
        raise BrokenNetError("two nodes make the same tensor")
    return net


def _read_graph(graph: memoryview, net: Net) -> None:
    for count, (number, value, _) in enumerate(_fields(graph)):
        if count >= _MAX_PARTS:
            raise BrokenNetError("it has too many parts")
        if number == _NODE:
            net.nodes.append(_read_node(_bytes(value)))
        elif number == _WEIGHT:
            name, net_type = _read_tensor(_bytes(value))
            net.weights[name], net.weight_types[name] = _bytes(value), net_type
        elif number == _SPARSE:
            raise BrokenNetError("it has sparse weights")
        elif number in (_INPUT, _OUTPUT, _VALUE):
            name, net_type = _read_value(_bytes(value))
            into = net.inputs if number == _INPUT else net.outputs if number == _OUTPUT else net.types
            into[name] = net_type
    for name in net.weights:  # old files name the weights among the inputs
        net.inputs.pop(name, None)


def _read_node(message: memoryview) -> Node:
    inputs, outputs, name, operator, has_graph, cast_to = [], [], "", "", False, 0
    for number, value, _ in _fields(message):
        if number == _NODE_INPUT:
            inputs.append(_name(value))
        elif number == _NODE_OUTPUT:
            outputs.append(_name(value))
        elif number == _NODE_NAME:
            name = _name(value)
        elif number == _OPERATOR:
            operator = _name(value)
        elif number == _DOMAIN and bytes(_bytes(value)) not in _OWN_DOMAINS:
            raise BrokenNetError("it has operators of its own")
        elif number == _ATTRIBUTE:
            attribute, is_graph, net_type = _read_attribute(_bytes(value))
            has_graph = has_graph or is_graph
            if attribute in ("to", "value"):
                cast_to = net_type
    if not outputs or (operator == _TAKES_SHAPE and not inputs):
        raise BrokenNetError("a node makes nothing, or of nothing")
    return Node(tuple(inputs), tuple(outputs), name, operator, message, has_graph, cast_to)


def _read_attribute(message: memoryview) -> tuple[str, bool, int]:
    name, has_graph, net_type = "", False, 0
    for number, value, _ in _fields(message):
        if number == _ATTRIBUTE_NAME:
            name = _name(value)
        elif number == _ATTRIBUTE_INT:
            net_type = net_type or _int(value)
        elif number == _ATTRIBUTE_TENSOR:
            _, net_type = _read_tensor(_bytes(value))
        elif number in (_ATTRIBUTE_GRAPH, _ATTRIBUTE_GRAPHS):
            has_graph = True
    return name, has_graph, net_type


def _read_tensor(message: memoryview) -> tuple[str, int]:
    name, net_type = "", 0
    for number, value, _ in _fields(message):
        if number == _TENSOR_NAME:
            name = _name(value)
        elif number == _TYPE:
            net_type = _int(value)
        elif number == _EXTERNAL or (number == _LOCATION and _int(value)):
            raise BrokenNetError("its weights are in another file")
    return name, net_type


def _read_value(message: memoryview) -> tuple[str, int]:
    name, net_type = "", 0
    for number, value, _ in _fields(message):
        if number == _VALUE_NAME:
            name = _name(value)
        elif number == _VALUE_TYPE:  # TypeProto: a tensor (1), with its type (1)
            for kind, tensor, _ in _fields(_bytes(value)):
                if kind == 1:
                    net_type = next((_int(v) for n, v, _ in _fields(_bytes(tensor)) if n == 1), 0)
    return name, net_type


def shape(tensor: memoryview) -> list[int]:
    """A tensor's shape (TensorProto). Raises BrokenNetError."""
    found: list[int] = []
    for number, value, _ in _fields(tensor):
        if number == _DIMENSION and isinstance(value, int):
            found.append(value)
        elif number == _DIMENSION:  # packed
            packed, at = _bytes(value), 0
            while at < len(packed):
                size, at = _number(packed, at)
                found.append(size)
    return found


# ---- writing ----


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def message(number: int, *parts: bytes | memoryview) -> bytes:
    """A field holding a message, a string or bytes."""
    body = b"".join(parts)
    return _varint(number << 3 | _LENGTH) + _varint(len(body)) + body


def number(number: int, value: int) -> bytes:
    """A field holding a number."""
    return _varint(number << 3 | _VARINT) + _varint(value)


def node(operator: str, inputs: Iterable[str], output: str, *attributes: bytes) -> Node:
    """A new node with one output, which is also the node's name."""
    inputs = tuple(inputs)
    parts = [message(_NODE_INPUT, name.encode()) for name in inputs]
    parts += [message(_NODE_OUTPUT, output.encode()), message(_NODE_NAME, output.encode())]
    parts += [message(_OPERATOR, operator.encode()), *attributes]
    return Node(inputs, (output,), output, operator, b"".join(parts))


def integers(name: str, values: Iterable[int], *, is_scalar: bool = False) -> bytes:
    """A tensor of integers (TensorProto)."""
    values = list(values)
    dimensions = b"" if is_scalar else number(_DIMENSION, len(values))
    data = message(_INTS, *(_varint(value & _SIGNED) for value in values))
    return dimensions + number(_TYPE, Type.INT64) + data + message(_TENSOR_NAME, name.encode())


def value(name: str, net_type: int) -> bytes:
    """The name and type of a tensor of any shape (ValueInfoProto)."""
    tensor = message(1, number(1, net_type))
    return message(_VALUE_NAME, name.encode()) + message(_VALUE_TYPE, tensor)


def write(
    head: Iterable[bytes | memoryview],
    nodes: Iterable[Node],
    weights: Iterable[bytes | memoryview],
    inputs: Mapping[str, int],
    outputs: Collection[str] | Mapping[str, int],
    name: str = "part",
) -> bytes:
    """Write a net as a file."""
    graph = [message(_NODE, node.message) for node in nodes]
    graph.append(message(_NAME, name.encode()))
    graph += [message(_WEIGHT, weight) for weight in weights]
    graph += [message(_INPUT, value(name, net_type)) for name, net_type in inputs.items()]
    # Outputs need no type: ONNX Runtime infers it.
    graph += [message(_OUTPUT, message(_VALUE_NAME, name.encode())) for name in outputs]
    return b"".join([*head, message(_GRAPH, *graph)])
