"""The only link between the core and Qt.

Core to GUI: events arrive on the core thread and leave as a queued signal. GUI to core: `handle` and `change` post to
the core's loop and return at once.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from reader.core.app import App
from reader.core.early_keys import EarlyKeys
from reader.core.instance import Instance
from reader.core.loop import CoreLoop
from reader.core.sample_reading import speak_sample
from reader.errors import HarkenError
from reader.flow import BoundKeys, Command, Event, KeysChanged, Notice, SoundOutput, State, StateChanged, Trigger, Voice
from reader.ipc.choose import socket_address
from reader.settings.paths import pronunciations_file, settings_file
from reader.settings.schema import Value
from reader.settings.store import Settings
from reader.support.i18n import translate
from ui.file_watch import FileWatch

log = logging.getLogger(__name__)
T = TypeVar("T")

_STOP_LIMIT_S = 5.0
# If the first word is heard sooner than this after a key press, no window shows the change.
_PREPARING_S = 0.15


class Bridge(QObject):
    """Runs the core on its own thread. Made and used on the GUI thread."""

    # An Event, on the GUI thread.
    happened = Signal(object)
    # The core could not start; the sentence for the user.
    failed = Signal(str)
    # The core is ready for key presses.
    started = Signal()
    _crossed = Signal(object)

    def __init__(self, early_keys: EarlyKeys | None = None) -> None:
        """`early_keys` are the keys that were grabbed already."""
        super().__init__()
        self._early_keys = early_keys
        self._core = early_keys.core if early_keys else CoreLoop()
        self._instance: Instance | None = None
        self._app: App | None = None
        self._starting: Future[None] | None = None
        self._is_shown = asyncio.Event()  # set once Harken's icon or window is shown
        self._holding: asyncio.TimerHandle | None = None
        self._held: list[Event] = []
        self.settings = early_keys.settings if early_keys else Settings(settings_file())
        self.keys = BoundKeys()  # the current ones, by the desktop's names
        self._crossed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._watch = FileWatch(settings_file(), self)
        self._watch.changed.connect(self._on_file_changed)
        self._words_watch = FileWatch(pronunciations_file(), self)
        self._words_watch.changed.connect(self._on_words_changed)

    def start(self) -> None:
        """Start the core. `started` or `failed` follows."""
        self._starting = self._core.submit(self._start())

    async def _start(self) -> None:
        try:
            instance = Instance(self.settings, socket_address(), early_keys=self._early_keys)
            instance.app.subscribe(self._forward)
            self._instance, self._app = instance, instance.app
            instance.app.warming.warm_up(self._is_shown.wait(), "windows")
            await instance.start(with_desktop=True)
            gc.freeze()  # what exists now stays, and must not be scanned again while the user waits for a word
        except HarkenError as error:
            self._cross(partial(self.failed.emit, error.sentence))
        except Exception:
            log.exception("the core did not start")
            sentence = translate("ui", "Harken could not start. Run “harken doctor” to see what is missing.")
            self._cross(partial(self.failed.emit, sentence))
        else:
            self._cross(self.started.emit)

    def _forward(self, event: Event) -> None:
        """Core thread. While Harken looks for text, what happens is only shown if that takes a while.

        The first word is usually heard sooner, and must not wait for windows to be painted: only one thread runs at a
        time, and the core would wait for this one's turn.
        """
        is_state = isinstance(event, StateChanged)
        if is_state:
            self._held = [held for held in self._held if not isinstance(held, StateChanged)]
        if isinstance(event, StateChanged) and event.state is State.PREPARING:
            self._held.append(event)
            if not self._holding:
                self._holding = asyncio.get_running_loop().call_later(_PREPARING_S, self._let_go)
        elif self._holding:
            self._held.append(event)
            if is_state:
                self._let_go()
        else:
            self._crossed.emit(event)

    def _let_go(self) -> None:
        """Core thread. Pass on what was held back, in order."""
        if self._holding:
            self._holding.cancel()
            self._holding = None
        held, self._held = self._held, []
        for event in held:
            self._crossed.emit(event)

    def _cross(self, action: Callable[[], object]) -> None:
        self._crossed.emit(action)

    @Slot(object)
    def _deliver(self, crossed: object) -> None:
        if isinstance(crossed, KeysChanged):
            self.keys = crossed.keys
        if isinstance(crossed, Event):
            self.happened.emit(crossed)
        elif callable(crossed):
            crossed()

    # ---- GUI thread ----

    def tell_shown(self) -> None:
        """Everything that the user sees of Harken is now shown."""
        self._core.post(self._is_shown.set)

    def handle(self, command: Command) -> None:
        """Carry out a menu entry or a button."""
        if self._app:
            self._core.post(self._app.controller.handle, Trigger(command, "menu"))

    def change(self, key: str, value: Value, then: Callable[[HarkenError | None], None] | None = None) -> None:
        """Change a setting for the user. A refusal becomes a Notice, or goes to `then`, which gets None on success."""
        self.ask(lambda app: app.change(key, value), then or self.tell_refusal)

    def tell_refusal(self, error: HarkenError | None) -> None:
        """Turn an error into a Notice."""
        if error:
            self.tell(Notice(0, error.sentence, is_answer=True))

    def tell(self, notice: Notice) -> None:
        """Show the user a message."""
        if self._app:
            self._core.post(self._app.publish, notice)
        else:
            self.happened.emit(notice)

    def click(self) -> None:
        """The icon was clicked."""
        if self._app:
            self._core.post(self._app.controller.click)

    @Slot()
    def _on_file_changed(self) -> None:
        if self._app:
            self.ask(lambda app: app.reload_settings(), self.tell_refusal)

    @Slot()
    def _on_words_changed(self) -> None:
        self.ask(lambda app: app.pronunciations.reload(), self.tell_refusal)

    def ask(self, work: Callable[[App], Awaitable[T]], then: Callable[[T | HarkenError], None]) -> None:
        """Have the core do some work; `then` gets the result, or the error, on the GUI thread."""
        if self._app:
            self._core.submit(self._answer(self._app, work, then))

    async def _answer(
        self, app: App, work: Callable[[App], Awaitable[T]], then: Callable[[T | HarkenError], None]
    ) -> None:
        answer: T | HarkenError
        try:
            answer = await work(app)
        except HarkenError as error:
            answer = error
        except Exception:
            log.exception("a question to the core failed")
            sentence = translate("ui", "Harken could not do this. Run “harken doctor” to find the log.")
            answer = HarkenError(sentence)
        self._cross(partial(then, answer))

    def hear(self, voice_id: str, then: Callable[[int | HarkenError], None], text: str = "") -> None:
        """Read a sample, or `text`, with a voice ("": the chosen one). `then` gets the id of the utterance."""

        async def speak(app: App) -> int:
            return speak_sample(app, voice_id, text).utterance_id

        self.ask(speak, then)

    def change_chord(self, key: str, chord: str, then: Callable[[HarkenError | None], None]) -> None:
        """Give a command another chord, or "" for none. `then` gets the refusal, also another program's, or None."""
        self.ask(lambda app: app.desktop.change_chord(key, chord), then)

    def let_go_of_keys(self, limit_s: float) -> None:
        """Have the core release its keys, until `take_keys_again` and for at most `limit_s`."""
        self.ask(lambda app: app.desktop.let_go_of_keys(limit_s), self.tell_refusal)

    def take_keys_again(self) -> None:
        """Have the core grab its keys again."""
        self.ask(lambda app: app.desktop.take_keys_again(), self.tell_refusal)

    def find_outputs(self, then: Callable[[list[SoundOutput] | HarkenError], None]) -> None:
        """Pass the sound outputs to `then`."""
        self.ask(lambda app: app.output_devices(), then)

    def find_voices(self, then: Callable[[list[Voice] | HarkenError], None], *, waits: bool = False) -> None:
        """Pass the voices that are ready to `then`: now, or with `waits` once all are warm."""

        async def voices(app: App) -> list[Voice]:
            if waits:
                await app.wait_until_warm()
            return app.voices()

        self.ask(voices, then)

    def stop(self) -> None:
        """Stop the core and wait for it, within a limit."""
        if self._starting:
            self._starting.cancel()  # in case it is quit this early
        if self._instance:
            try:
                self._core.submit(self._instance.stop()).result(_STOP_LIMIT_S)
            except Exception:
                log.exception("the core did not stop")
        self._app = None  # windows that are closed after this make no requests
        self._core.stop()
