"""Speaks through a screen reader if one runs: Harken's own voice would talk over it."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QApplication, QWidget

from reader.core.app import App
from reader.errors import HarkenError
from reader.flow import Event, Notice, ReadingEnded, SpeedChanged, State, StateChanged
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.screen_reader.choose import watch

# How many sentences wait until nothing is being read; if there are more, the oldest are out of date.
_WAITING = 5


def announce(source: QWidget, sentence: str) -> None:
    """Have a screen reader speak a sentence on behalf of a widget. Does nothing if none runs."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, sentence))


@contextlib.contextmanager
def unannounced() -> Iterator[None]:
    """Hide what is done here from screen readers: they would announce it, although the user did nothing. GUI thread."""
    was_active = QAccessible.isActive()
    QAccessible.setActive(False)
    try:
        yield
    finally:
        QAccessible.setActive(was_active)


class Announcer(QObject):
    """Has a screen reader speak what the core reports, or Harken's voice if it speaks no announcements. GUI thread."""

    def __init__(self, bridge: Bridge, source: QWidget) -> None:
        """`source` announces if none of Harken's windows is active."""
        super().__init__()
        self._bridge = bridge
        self._source = source
        self._state = State.IDLE
        self._waiting: deque[str] = deque(maxlen=_WAITING)  # for Harken's own voice to speak
        self._watched = watch(bridge, self)
        self._watched.changed.connect(self._on_changed)
        bridge.happened.connect(self._on_event)

    @property
    def is_used(self) -> bool:
        """Whether a screen reader runs: then nothing may be shown without also being spoken."""
        return self._watched.found.is_running

    @Slot()
    def _on_changed(self) -> None:
        found = self._watched.found

        async def tell(app: App) -> None:
            app.set_screen_reader(found)

        self._bridge.ask(tell, lambda _: None)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        before = self._state
        if isinstance(event, StateChanged):
            self._state = event.state
        if isinstance(event, SpeedChanged) and isinstance(
            QApplication.focusWidget(), QAbstractSlider | QAbstractSpinBox
        ):
            return  # a screen reader speaks their values by itself
        if self._watched.found.says_announcements:
            if sentence := _sentence(event, before, self._bridge.settings.switch):
                announce(QApplication.activeWindow() or self._source, sentence)
        elif self.is_used and isinstance(event, Notice) and not event.is_spoken and event.sentence not in self._waiting:
            self._waiting.append(event.sentence)
        if self._waiting and self._state is State.IDLE:
            self._speak(self._waiting.popleft())

    def _speak(self, sentence: str) -> None:
        """Have Harken's own voice speak what the screen reader doesn't; later, if something is being read."""

        async def say(app: App) -> bool:
            return app.controller.say(sentence)

        def then(is_said: bool | HarkenError) -> None:
            if is_said is not True:
                self._waiting.appendleft(sentence)

        self._bridge.ask(say, then)


def _sentence(event: Event, before: State, is_on: Callable[[str], bool]) -> str:
    """The sentence for an event, "" for none. What is being read is not talked over."""
    match event:
        case Notice():
            return event.sentence
        case StateChanged(state=State.PAUSED) if before is not State.PAUSED and is_on("cues.pause"):
            return translate("ui", "Paused")
        case ReadingEnded(is_whole=True) if is_on("cues.end"):
            return translate("ui", "End of the text")
        case SpeedChanged() if before in (State.IDLE, State.PAUSED) and is_on("cues.speed"):
            return translate("ui", "%n words a minute", None, event.words_a_minute)
    return ""
