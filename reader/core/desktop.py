"""What Harken uses of the desktop: where text is found, the keys, a screen reader, and what follows a reading.

Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import reader.capture.choose
import reader.desktop.choose
from reader import tasks
from reader.capture.base import Following
from reader.core import accessibility, from_settings, login
from reader.core.apply import Changes
from reader.core.bindings import Bindings
from reader.core.early_keys import EarlyKeys
from reader.core.events import Events
from reader.desktop.base import AccessibilitySwitch, Permission, ScreenLock, ScreenReaderWatch, TextService
from reader.desktop.reading_follower import ReadingFollower
from reader.errors import HarkenError
from reader.flow import (
    BoundKeys,
    CapturedText,
    Command,
    Event,
    Notice,
    PronunciationsChanged,
    ScreenReader,
    SettingChanged,
    Source,
    SpeedChanged,
    State,
    StateChanged,
    Trigger,
)
from reader.gnome_shell import install
from reader.session.controller import Controller
from reader.session.preparing import Preparer
from reader.settings.paths import state_folder
from reader.settings.store import Settings
from reader.support import timeline
from reader.support.closing import close_all
from reader.support.i18n import translate

Levels = tuple[float, float]

_NEW_SELECTION = Trigger(Command.READ_SELECTION, "selection")


class Desktop:
    """Its parts exist from `start` on; those that find text and take keys, from `take_keys` on."""

    def __init__(
        self,
        settings: Settings,
        changes: Changes,
        controller: Controller,
        events: Events,
        *,
        voice_name: Callable[[str], str],
        on_screen_reader: Callable[[ScreenReader], None],
        may_ask: bool,
        early_keys: EarlyKeys | None = None,
    ) -> None:
        """`may_ask`: the desktop may ask the user for the keys. `early_keys` have been taken already.

        `voice_name` returns a voice's name for its id; `on_screen_reader` is called with the running screen reader.
        """
        self.capture: reader.capture.choose.Choice | None = None
        self.bindings: Bindings | None = None
        self.follower: ReadingFollower | None = None
        self.accessibility: AccessibilitySwitch | None = None
        self.permission: Permission | None = None
        self._text_service: TextService | None = None
        self._switching: asyncio.Task[Notice] | None = None
        self.following: Following | None = None
        self.preparer: Preparer | None = None
        self._screen_lock: ScreenLock | None = None
        self._watching: asyncio.Task[ScreenReaderWatch] | None = None
        self._screen_readers: ScreenReaderWatch | None = None
        self._screen_reader = ScreenReader()
        self._adapting: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._settings = settings
        self._changes = changes
        self._controller = controller
        self._events = events
        self._voice_name = voice_name
        self._may_ask = may_ask
        self._early_keys = early_keys
        self._on_screen_reader = on_screen_reader
        self._loop = asyncio.get_running_loop()

    async def take_keys(self) -> None:
        """Find out where text is found, and take the keys: the least it takes to answer a press. `start` follows."""
        choose = reader.desktop.choose
        self._watching = tasks.start(choose.screen_readers(self._on_screen_reader), "look for a screen reader")
        self.capture = await reader.capture.choose.choose(lambda: self._post(_NEW_SELECTION))
        self._controller.search.capture = self.capture.capture
        await self.capture.capture.apply(from_settings.places(self._settings, self._screen_reader))
        if self._early_keys:
            self.bindings = await self._early_keys.hand_over(self._on_key, self._events.publish)
            self.bindings.spare_focus(self._screen_reader.is_running)
        else:
            self.bindings = Bindings(self._settings, self._on_key, self._events.publish, may_ask=self._may_ask)
            await self.bindings.open()
            await self.bindings.take()

    async def start(self, levels: Levels) -> None:
        """Set up the rest of the desktop. `levels` are the current speed and volume."""
        assert self.bindings
        assert self._watching
        await asyncio.to_thread(reader.desktop.choose.prepare)
        self.permission = reader.desktop.choose.permission()
        self.accessibility = accessibility.switch()
        switching = accessibility.obey(self._settings, self.accessibility)
        self._switching = tasks.start(switching, "switch accessibility")  # nothing waits for it
        self.follower = reader.desktop.choose.follower(
            lambda command: self._controller.handle(Trigger(command, "media")),
            self._controller.rate.set_speed,
            self._controller.rate.set_volume,
            self._voice_name,
            levels,
            state_folder(),
        )
        self._follow_reading()
        self._events.subscribe(self._on_reading)
        if self._controller.state is not State.IDLE:
            self._controller.tell_state()  # a key was pressed before they were ready
        self.following = await reader.capture.choose.following(
            self._controller.follow, lambda: self._post(_NEW_SELECTION)
        )
        self._prepare_selections()
        if not self._changes.has_changed(login.KEY):  # else the entry must follow the setting
            await asyncio.to_thread(login.follow, self._settings)
        await asyncio.to_thread(install.update)
        self._screen_readers = await self._watching
        self._events.subscribe(self._screen_readers.on_event)
        self._text_service = reader.desktop.choose.text_service(self._read_given)
        await asyncio.to_thread(self._text_service.start)
        await self._find_text()
        self._follow_settings()
        await self._changes.catch_up()  # commands, which may change settings, have been accepted for a while

    def _follow_settings(self) -> None:
        assert self.bindings
        follow = self._changes.follow
        follow(from_settings.PLACES, self._find_text)
        follow(from_settings.FOLLOWED, self._tell_following)
        follow(from_settings.KEYS, self.bindings.take)
        follow(("keys.escape_stops",), lambda: self._take_escape(self._controller.state))
        follow(from_settings.DESKTOP_OPTIONS, self._follow_reading)
        follow((accessibility.KEY,), self._switch_accessibility)
        follow((login.KEY,), lambda: asyncio.to_thread(login.obey, self._settings))

    def _prepare_selections(self) -> None:
        """Have a voice prepare each selection before a key is pressed, unless there is a reason against it."""
        assert self.capture
        self._screen_lock = lock = reader.desktop.choose.screen_lock()
        battery = reader.desktop.choose.battery()

        async def is_reason_against() -> bool:
            return await asyncio.to_thread(battery.is_low) or await lock.is_locked()

        controller = self._controller
        self.preparer = preparer = Preparer(
            controller.maker, controller.search, lambda: controller.state is State.IDLE, is_reason_against
        )

        def on_selection(is_there: bool) -> None:
            self._loop.call_soon_threadsafe(preparer.on_selection, is_there)

        self.capture.tell(on_selection)

    async def _find_text(self) -> None:
        """Look for text where the user wishes, and follow what they wish to be followed."""
        assert self.capture
        assert self.following
        async with self._one_at_a_time:
            options = from_settings.places(self._settings, self._screen_reader)
            await self.capture.capture.apply(options)
            if self.preparer:
                self.preparer.is_wanted = options.prepares
                self.preparer.forget()
            for problem in await self.following.apply(options):
                self._events.publish(Notice(0, problem, is_answer=True))

    def _tell_following(self) -> None:
        """Report why nothing is followed while a screen reader runs."""
        if self._screen_reader.is_running and any(map(self._settings.switch, from_settings.FOLLOWED)):
            sentence = translate(
                "reader",
                "While a screen reader is running, Harken leaves this to it and reads nothing by itself.",
            )
            self._events.publish(Notice(0, sentence, is_problem=False, cause="follow"))

    async def _switch_accessibility(self) -> None:
        """Apply the user's change, and report what comes of it."""
        assert self.accessibility
        self._events.publish(await accessibility.obey(self._settings, self.accessibility))

    @property
    def keys(self) -> BoundKeys:
        """The current keys, by the desktop's names for them."""
        return self.bindings.keys if self.bindings else BoundKeys()

    def _take_escape(self, state: State) -> None:
        if self.bindings:
            self.bindings.follow(state)

    def _follow_reading(self) -> None:
        assert self.follower
        self.follower.apply(from_settings.desktop_options(self._settings))

    def _on_key(self, command: Command) -> None:
        timeline.mark(timeline.Stage.KEY)
        self._post(Trigger(command, "key"))

    def _read_given(self, text: str) -> None:
        """Read a text that another program passes on. Any thread; returns at once."""
        self._loop.call_soon_threadsafe(self._controller.speak, CapturedText(text, Source.SELECTION))

    def _post(self, trigger: Trigger) -> None:
        """Pass a trigger to the core thread. Any thread; returns at once."""
        self._loop.call_soon_threadsafe(self._controller.handle, trigger)

    def on_event(self, event: Event) -> None:
        """Take Esc while a text is heard, but not for each control. Called before the event goes anywhere else."""
        if isinstance(event, SettingChanged | SpeedChanged | PronunciationsChanged) and self.preparer:
            self.preparer.forget()
        if isinstance(event, StateChanged):
            self._take_escape(State.IDLE if self._controller.is_following else event.state)

    def _on_reading(self, event: Event) -> None:
        """Pass a reading's events to the rest of the desktop, but not those of each control the user moves to."""
        if self.follower and not self._controller.is_following:
            self.follower.on_event(event)

    async def close_keys(self) -> None:
        """Release the keys for good."""
        await close_all(self.bindings)

    async def close(self) -> None:
        """Close everything. A part that can't be closed doesn't keep the others open."""
        try:
            if self._text_service:
                self._text_service.close()
        finally:
            for task in (self._switching, self._adapting, self._watching):
                if task:
                    task.cancel()
            capture = self.capture.capture if self.capture else None
            parts = (self.preparer, self.following, self.follower, self._screen_readers, capture, self._screen_lock)
            await close_all(*parts)

    def live_beside(self, screen_reader: ScreenReader) -> None:
        """While one runs, Harken's keys must not make it say the focus, and Harken follows nothing."""
        if self.bindings:
            self.bindings.spare_focus(screen_reader.is_running)
        is_other = screen_reader.is_running is not self._screen_reader.is_running
        self._screen_reader = screen_reader
        if is_other and self.following:
            self._adapting = tasks.start(self._find_text(), "follow beside a screen reader")
            self._tell_following()

    def set_own_window(self, is_in_front: bool, selection: str = "") -> None:
        """While one of Harken's own windows is in front, the key reads its selection, and Esc is the window's."""
        if self.capture:
            self.capture.capture.own_selection, self.capture.capture.own_window = selection, is_in_front
        if self.bindings:
            self.bindings.leave_escape(is_in_front)

    async def let_go_of_keys(self, limit_s: float) -> None:
        """Release all keys until `take_keys_again`, for at most `limit_s`: a window waits for a chord."""
        if self.bindings:
            await self.bindings.let_go(limit_s)

    async def take_keys_again(self) -> None:
        """The window has stopped waiting."""
        if self.bindings:
            await self.bindings.take_again()

    async def change_chord(self, key: str, chord: str) -> None:
        """Give a command another chord, or "" for none. Raises HarkenError, leaving setting and keys as they were."""
        await self.take_keys_again()
        if chord and self.bindings:
            await self.bindings.try_chord(key, chord)
        try:
            await self._changes.change(key, chord)
        except HarkenError:
            if self.bindings:
                await self.bindings.take()  # the new chord has replaced the old one
            raise
