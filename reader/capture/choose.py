"""Lists the places where text is found, opens those of this desktop, and keeps the reason for each refusal."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from reader.capture.base import Following, Place, Telling
from reader.capture.capture import Capture
from reader.errors import CaptureError
from reader.flow import Source
from reader.gnome_shell.state import why_not_here

OnNewSelection = Callable[[], None]


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """One way to find text: its name in `harken doctor`, what it can deliver, and where it may exist.

    `module` is imported when it is used, on a thread. It has `async def open_place(on_new_selection) -> Place`, which
    raises CaptureError with the reason if there is none; `on_new_selection` may be called on any thread while the
    options say that every selection is to be read. `session` says why it need not be tried in this session, "" if it
    should be. A place that comes and goes is opened even while it is absent, and so is the next one with its sources.
    """

    name: str
    sources: tuple[Source, ...]
    module: str
    platform: str
    variable: str = ""  # an environment variable, without which there is no such place
    comes_and_goes: bool = False
    session: Callable[[], str] = lambda: ""

    @property
    def is_here(self) -> bool:
        """Whether this system may have such a place."""
        return sys.platform == self.platform

    def why_not(self) -> str:
        """Why it need not be tried here, "" if it should be."""
        return f"{self.variable} is not set" if self.variable and not os.environ.get(self.variable) else self.session()


# In the order in which they are asked for the selection. A source belongs to the first place that has it.
PLACES = (
    PlaceEntry("at-spi", (Source.FOCUS,), "reader.capture.atspi", "linux"),
    PlaceEntry(
        "gnome shell",
        (Source.SELECTION, Source.CLIPBOARD),
        "reader.capture.gnome_shell",
        "linux",
        comes_and_goes=True,
        session=why_not_here,
    ),
    PlaceEntry("wayland", (Source.SELECTION, Source.CLIPBOARD), "reader.capture.wayland", "linux", "WAYLAND_DISPLAY"),
    PlaceEntry("x11", (Source.SELECTION, Source.CLIPBOARD), "reader.capture.x11", "linux", "DISPLAY"),
    # What it says about a selection is trusted, and nothing is copied.
    PlaceEntry("ui automation", (Source.SELECTION, Source.FOCUS), "reader.capture.uia", "win32"),
    PlaceEntry("copying", (Source.SELECTION, Source.CLIPBOARD), "reader.capture.windows", "win32"),
    PlaceEntry("accessibility", (Source.SELECTION, Source.FOCUS), "reader.capture.ax", "darwin"),
    PlaceEntry("pasteboard", (Source.SELECTION, Source.CLIPBOARD), "reader.capture.macos", "darwin"),
)


# What follows the user without a key press, by sys.platform: a module with `Following`.
_FOLLOWING = {"linux": "reader.capture.following"}


@dataclass(slots=True)
class Choice:
    """The choice for this desktop: each place that was opened, by its row, and why the others were not."""

    capture: Capture
    opened: Mapping[PlaceEntry, Place] = field(default_factory=dict)
    not_opened: list[tuple[str, str]] = field(default_factory=list)  # (place, why not)

    def tell(self, on_selection: Callable[[bool], None]) -> None:
        """Have `on_selection` called as in `Telling.tell`; if several places can tell, the first present one does."""

        def pass_on(place: Place, is_there: bool) -> None:
            there = [p for entry, p in self.opened.items() if Source.SELECTION in entry.sources and not p.absence()]
            if place in there[:1]:
                on_selection(is_there)

        for place in self.opened.values():
            if isinstance(place, Telling):
                place.tell(partial(pass_on, place))

    @property
    def chosen(self) -> list[str]:
        """What is available now, for `harken doctor`."""
        found = []
        for source in (Source.SELECTION, Source.CLIPBOARD, Source.FOCUS):
            names = [e.name for e, place in self.opened.items() if source in e.sources and not place.absence()]
            found.append(f"{names[0]} {source}" if names else f"no {source}")
        return found

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """(place, why not), including places that are absent now or only on standby."""
        absent = [(entry.name, why) for entry, place in self.opened.items() if (why := place.absence())]
        return [*absent, *self.not_opened]


async def choose(on_new_selection: OnNewSelection) -> Choice:
    """Open every place there is. `on_new_selection` is called on any thread, while the options ask for it."""
    opened: dict[PlaceEntry, Place] = {}
    refusals: list[tuple[str, str]] = []

    def tell(entry: PlaceEntry) -> None:
        """Any thread. If several places noticed the same selection, the first one reports it."""
        there = [e for e, place in opened.items() if Source.SELECTION in e.sources and not place.absence()]
        if entry in there[:1]:
            on_new_selection()

    try:
        for entry in PLACES:
            if not entry.is_here:
                continue
            before = [e for e in opened if not e.comes_and_goes and set(entry.sources) <= set(e.sources)]
            why = entry.why_not() or (f"not needed beside {before[0].name}" if before else "")
            if not why:
                try:
                    opened[entry] = await _open(entry, partial(tell, entry))
                except CaptureError as error:
                    why = str(error)
            if why:
                refusals.append((entry.name, why))
    except BaseException:  # Harken was quit while starting
        await Capture(_by_source(opened)).close()
        raise
    return Choice(Capture(_by_source(opened)), opened, refusals)


def _by_source(opened: Mapping[PlaceEntry, Place]) -> dict[Source, list[Place]]:
    """The places that offer each source, in order."""
    found: dict[Source, list[Place]] = {}
    for entry, place in opened.items():
        for source in entry.sources:
            found.setdefault(source, []).append(place)
    return found


async def _open(entry: PlaceEntry, on_new_selection: OnNewSelection) -> Place:
    """Raises CaptureError."""
    try:
        module = await asyncio.to_thread(importlib.import_module, entry.module)  # slow
    except ImportError as error:  # the system lacks a library
        raise CaptureError(f"{entry.module}: {error}") from error
    place: Place = await module.open_place(on_new_selection)
    return place


async def following(on_text: Callable[[str], None], on_new_selection: OnNewSelection) -> Following:
    """What says, without a key press, where the user goes. `on_text` gets what to say; "" for nothing more."""
    module = _FOLLOWING.get(sys.platform, "reader.capture.none")
    made: Following = (await asyncio.to_thread(importlib.import_module, module)).Followed(on_text, on_new_selection)
    return made


def modules() -> list[str]:
    """The modules for this system, for packaging."""
    own = [_FOLLOWING[sys.platform]] if sys.platform in _FOLLOWING else []
    return own + [entry.module for entry in PLACES if entry.is_here]
