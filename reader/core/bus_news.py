"""Tells programs on the session bus about readings: Harken's state as properties, and when each starts and ends.

Core thread only.
"""

from __future__ import annotations

from reader import __version__
from reader.core.app import App
from reader.core.events import how_ended
from reader.flow import Event, ReadingEnded, SegmentStarted, SpeedChanged, StateChanged, VolumeChanged, words_a_minute
from reader.ipc.base import BusListener
from reader.ipc.bus_interface import PROPERTY_TYPES, Properties


class BusNews:
    def __init__(self, app: App) -> None:
        self._app = app
        self._can_resume = False
        self._started = 0  # the reading that was heard last

    def tell(self, bus: BusListener) -> None:
        """Report events there as they are published."""
        self._bus = bus
        self._app.subscribe(self._on_event)

    def properties(self) -> Properties:
        """The current values."""
        app = self._app
        values = {
            "State": str(app.state),
            "CanResume": self._can_resume,
            "Speed": app.speed,
            "WordsPerMinute": words_a_minute(app.speed),
            "Volume": app.volume,
            "Voice": app.speaker,
            "Version": __version__,
        }
        return {name: (kind, values[name]) for name, kind in PROPERTY_TYPES.items()}

    def _on_event(self, event: Event) -> None:
        match event:
            case StateChanged():
                self._can_resume = event.can_resume
                self._bus.tell_changes()
            case SegmentStarted():
                if event.utterance_id != self._started:
                    self._started = event.utterance_id
                    self._bus.tell("ReadingStarted", event.utterance_id)
                self._bus.tell_changes()
            case ReadingEnded():
                self._bus.tell("ReadingEnded", event.utterance_id, how_ended(event))
            case SpeedChanged() | VolumeChanged():
                self._bus.tell_changes()
