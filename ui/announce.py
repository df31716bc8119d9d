"""Says things through a screen reader, where one runs: Harken's own voice would talk over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QApplication, QWidget

from reader.app import App
from reader.flow import Notice, PlaybackEvent, ReadingEnded, SpeedChanged, State, StateChanged
from reader.words import translate
from ui.bridge import Bridge
from ui.screen_reader.choose import watch


def announce(source: QWidget, sentence: str) -> None:
    """Have a screen reader say a sentence, as coming from a widget. Nothing happens where none runs."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, sentence))


class Announcer(QObject):
    """Tells the core whether a screen reader runs, and says through it what the core reports. GUI thread."""

    def __init__(self, bridge: Bridge, source: QWidget) -> None:
        """`source` announces when none of Harken's windows is in front."""
        super().__init__()
        self._bridge = bridge
        self._source = source
        self._state = State.IDLE
        self._reader = watch(self)
        self._reader.changed.connect(self._on_changed)
        bridge.started.connect(self._on_changed)
        bridge.happened.connect(self._on_event)

    @property
    def is_heard(self) -> bool:
        """Whether a screen reader runs, and says what is announced."""
        return self._reader.is_running

    def say(self, sentence: str) -> bool:
        """Say a sentence, or answer that no screen reader runs."""
        if self.is_heard:
            announce(QApplication.activeWindow() or self._source, sentence)
        return self.is_heard

    @Slot()
    def _on_changed(self) -> None:
        is_running = self._reader.is_running

        async def tell(app: App) -> None:
            app.set_screen_reader_running(is_running)

        self._bridge.ask(tell, lambda _: None)

    @Slot(object)
    def _on_event(self, event: PlaybackEvent) -> None:
        before = self._state
        if isinstance(event, StateChanged):
            self._state = event.state
        if isinstance(event, SpeedChanged) and isinstance(
            QApplication.focusWidget(), QAbstractSlider | QAbstractSpinBox
        ):
            return  # whose values a screen reader says by itself
        if sentence := _sentence(event, before, self._bridge.settings.switch):
            self.say(sentence)


def _sentence(event: PlaybackEvent, before: State, is_on: Callable[[str], bool]) -> str:
    """What to say of an event, "" for nothing. What is being read is not talked over."""
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
