"""What a compositor reports about the selection and the clipboard (data control), and about the window in front.

No sockets and no clocks: events in, requests out. Works with ext_data_control_manager_v1 and, if a compositor has only
that, zwlr_data_control_manager_v1, whose requests and events have the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from reader.capture.transfer import SECRET
from reader.wayland.wire import Arguments, WireError

EXT, WLR = "ext_data_control_manager_v1", "zwlr_data_control_manager_v1"
TOPLEVELS = "zwlr_foreign_toplevel_manager_v1"
# The first versions that report the primary selection as well as the clipboard.
NEEDED = {EXT: 1, WLR: 2}

# Text types, in order of preference.
_TEXTS = ("text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING", "TEXT")
# How many of the types a program offers are looked at.
_MOST_KINDS = 500
# Each offer is assigned to the selection or the clipboard right after it is announced.
_MOST_ANNOUNCED = 8

_GET_DEVICE = 1
_RECEIVE, _DESTROY_OFFER = 0, 1
_DESTROY_TOPLEVEL = 7
_ACTIVATED = 2


class Objects(Protocol):
    """What is needed of a connection: see reader/wayland/connection.py."""

    def new(self, handler: Callable[[int, Arguments], None]) -> int:
        """The number for a new object, whose events go to `handler`."""

    def adopt(self, number: int, handler: Callable[[int, Arguments], None]) -> None:
        """Handle the events of an object created by the compositor."""

    def forget(self, number: int) -> None:
        """Note that an object created by the compositor is destroyed."""

    def send(self, number: int, opcode: int, *arguments: int | str, fd: int | None = None) -> None:
        """Send a request; `fd` is closed once it is sent."""

    def stamp(self) -> float:
        """When the event being handled arrived, in seconds."""


@dataclass(slots=True)
class Offer:
    """A program's selected or copied data: the types it offers."""

    number: int
    kinds: list[str] = field(default_factory=list)

    @property
    def text_kind(self) -> str:
        """The type to request, "" if it is not text."""
        return next((kind for kind in _TEXTS if kind in self.kinds), "")

    @property
    def is_secret(self) -> bool:
        """Whether a password manager marked it as secret."""
        return SECRET in self.kinds


class Selections:
    """The current `primary` and `clipboard`; `selected_s` is when `primary` changed, None if unknown."""

    def __init__(self, objects: Objects, manager: int, seat: int, on_primary: Callable[[], None]) -> None:
        """`on_primary` is called for each change of `primary`, including the first."""
        self.primary: Offer | None = None
        self.clipboard: Offer | None = None
        self.selected_s: float | None = None
        self._objects = objects
        self._on_primary = on_primary
        self._new: dict[int, Offer] = {}  # announced, but not assigned yet
        self._is_settled = False
        objects.send(manager, _GET_DEVICE, objects.new(self._on_device), seat)

    def settle(self) -> None:
        """The initial state is complete: from now on, changes have a known time."""
        self._is_settled = True

    def receive(self, offer: Offer, fd: int) -> None:
        """Have the text of an offer written to a file descriptor, which is closed once it is sent."""
        self._objects.send(offer.number, _RECEIVE, offer.text_kind, fd=fd)

    def _on_device(self, opcode: int, arguments: Arguments) -> None:
        match opcode:
            case 0:  # data_offer
                self._announce(arguments.number())
            case 1:  # selection
                self.clipboard = self._take(arguments.number(), self.clipboard)
            case 2:  # finished
                raise WireError("it has taken the seat away")
            case 3:  # primary_selection
                self.primary = self._take(arguments.number(), self.primary)
                self.selected_s = self._objects.stamp() if self._is_settled else None
                self._on_primary()

    def _announce(self, number: int) -> None:
        offer = Offer(number)

        def on_offer(opcode: int, arguments: Arguments) -> None:
            kind = arguments.text()
            if opcode == 0 and len(offer.kinds) < _MOST_KINDS:
                offer.kinds.append(kind)

        self._objects.adopt(number, on_offer)
        self._new[number] = offer
        while len(self._new) > _MOST_ANNOUNCED:
            self._destroy(self._new.pop(next(iter(self._new))))

    def _take(self, number: int, before: Offer | None) -> Offer | None:
        """The offer with this number, which replaces the previous one; None for 0."""
        if before:
            self._destroy(before)
        return self._new.pop(number, None)

    def _destroy(self, offer: Offer) -> None:
        self._objects.send(offer.number, _DESTROY_OFFER)
        self._objects.forget(offer.number)


@dataclass(slots=True, eq=False)
class Window:
    """A window of another program, or one of Harken's own."""

    app: str = ""  # its app id
    is_active: bool = False


class Toplevels:
    """Tracks which window is in front, if the compositor reports it (sway, labwc and others based on wlroots).

    When that changes, `on_active` is called with the window, or None.
    """

    def __init__(self, objects: Objects, manager: int, on_active: Callable[[Window | None], None]) -> None:
        self._objects = objects
        self._manager = manager
        self._on_active = on_active
        self._windows: dict[int, Window] = {}
        self._active: Window | None = None

    def on_manager(self, opcode: int, arguments: Arguments) -> None:
        """Handle the events of the manager."""
        if opcode == 0:
            number = arguments.number()
            self._windows[number] = window = Window()
            self._objects.adopt(number, lambda op, args: self._on_window(number, window, op, args))

    def _on_window(self, number: int, window: Window, opcode: int, arguments: Arguments) -> None:
        match opcode:
            case 1:
                window.app = arguments.text()
            case 4:
                window.is_active = _ACTIVATED in arguments.numbers()
            case 5:  # done: applies everything since the last one
                self._look()
            case 6:  # closed
                self._windows.pop(number, None)
                self._objects.send(number, _DESTROY_TOPLEVEL)
                self._objects.forget(number)
                self._look()

    def _look(self) -> None:
        active = next((window for window in self._windows.values() if window.is_active), None)
        if active is not self._active:
            self._active = active
            self._on_active(active)
