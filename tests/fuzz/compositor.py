"""Targets: what a Wayland compositor sends, part of which other programs wrote."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator

from reader.capture.data_control import Selections, Toplevels
from reader.wayland.wire import Arguments, Event, Parser, WireError, request

Handler = Callable[[int, Arguments], None]
_MANAGER, _SEAT = 5, 6
_SERVER_OBJECTS = 0xFF000000


class _Objects:
    """A connection without a socket."""

    def __init__(self) -> None:
        self.handlers: dict[int, Handler] = {}
        self.sent = b""
        self._times = itertools.count(1.0)

    def new(self, handler: Handler) -> int:
        self.handlers[7] = handler
        return 7

    def adopt(self, number: int, handler: Handler) -> None:
        if number < _SERVER_OBJECTS:
            raise WireError("a number of ours")
        self.handlers[number] = handler

    def forget(self, number: int) -> None:
        self.handlers.pop(number, None)

    def send(self, number: int, opcode: int, *arguments: int | str, fd: int | None = None) -> None:
        assert fd is None
        self.sent = request(number, opcode, *arguments)

    def stamp(self) -> float:
        return next(self._times)


def _events(data: bytes) -> Iterator[Event]:
    """The same events, in whatever pieces they arrive; the first byte says in pieces of how many."""
    size = data[0] + 1 if data else 1
    parser = Parser()
    for start in range(1, len(data), size):
        yield from parser.feed(data[start : start + size])


def compositors(data: bytes) -> None:
    """All that may come of selections and windows: it is understood, or is an error of Wayland's wire."""
    objects = _Objects()
    selections = Selections(objects, _MANAGER, _SEAT, lambda: None)
    selections.settle()
    windows = Toplevels(objects, _MANAGER, lambda _window: None)
    objects.handlers[_MANAGER] = windows.on_manager
    with contextlib.suppress(WireError):
        for number, opcode, arguments in _events(data):
            if handler := objects.handlers.get(number):
                handler(opcode, Arguments(arguments))
    for offer in filter(None, (selections.primary, selections.clipboard)):
        assert offer.text_kind in ("", *offer.kinds)
