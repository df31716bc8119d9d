"""The places where text is found, each once: picks those of this desktop, and keeps the reason for each refusal."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from reader.capture.base import Place
from reader.capture.capture import Capture
from reader.errors import CaptureError
from reader.flow import Source

OnNewSelection = Callable[[], None]


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """One way to find text: its name in `harken doctor`, what it can hand over, and where there may be one.

    `module` is imported where it is used, on a thread. It has `async def open_place(on_new_selection) -> Place`, which
    raises CaptureError with the reason why there is none; `on_new_selection` may be called on any thread while the
    options say that every selection is to be read.
    """

    name: str
    sources: tuple[Source, ...]
    module: str
    platform: str
    variable: str = ""  # of the environment, without which there is none

    def why_not(self) -> str:
        """Why it need not be tried here, "" when it is to be."""
        return f"{self.variable} is not set" if self.variable and not os.environ.get(self.variable) else ""


# In the order in which they are asked what is selected. A source is the first one's that has it.
PLACES = (
    PlaceEntry("at-spi", (Source.FOCUS,), "reader.capture.atspi", "linux"),
    PlaceEntry("wayland", (Source.SELECTION, Source.CLIPBOARD), "reader.capture.wayland", "linux", "WAYLAND_DISPLAY"),
    PlaceEntry("x11", (Source.SELECTION, Source.CLIPBOARD), "reader.capture.x11", "linux", "DISPLAY"),
)


@dataclass(slots=True)
class Choice:
    """What was chosen for this desktop."""

    capture: Capture
    refusals: list[tuple[str, str]] = field(default_factory=list)  # (place, why not)
    names: dict[Source, str] = field(default_factory=dict)  # of the place that each source is

    @property
    def chosen(self) -> list[str]:
        """What there is, for `harken doctor`."""
        return [
            f"{self.names[source]} {source}" if source in self.names else f"no {source}"
            for source in (Source.SELECTION, Source.CLIPBOARD, Source.FOCUS)
        ]


async def choose(on_new_selection: OnNewSelection) -> Choice:
    """Open what there is. `on_new_selection` is called on any thread, while the options ask for it."""
    names: dict[Source, str] = {}
    places: dict[Source, Place] = {}
    refusals: list[tuple[str, str]] = []
    try:
        for entry in PLACES:
            if entry.platform != sys.platform:
                continue
            wanted = [source for source in entry.sources if source not in places]
            why = entry.why_not() or ("" if wanted else _others(names[source] for source in entry.sources))
            if not why:
                try:
                    places |= dict.fromkeys(wanted, await _open(entry, on_new_selection))
                    names |= dict.fromkeys(wanted, entry.name)
                except CaptureError as error:
                    why = str(error)
            if why:
                refusals.append((entry.name, why))
    except BaseException:  # Harken is quit while it starts
        await Capture(places).close()
        raise
    return Choice(Capture(places), refusals, names)


def _others(names: Iterable[str]) -> str:
    return f"not needed beside {', '.join(dict.fromkeys(names))}"


async def _open(entry: PlaceEntry, on_new_selection: OnNewSelection) -> Place:
    module = await asyncio.to_thread(importlib.import_module, entry.module)  # which takes its time
    place: Place = await module.open_place(on_new_selection)
    return place


def modules() -> list[str]:
    """Those for this system, for packaging."""
    return [entry.module for entry in PLACES if entry.platform == sys.platform]
