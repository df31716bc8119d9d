"""Puts the parts together, starts and stops them in order. The only module that knows them all.

Start: sound and voices begin to warm up, then the desktop's parts, then the socket; the first key press may
come before the voices are ready and waits for them. Stop: in the opposite order.

`App` lives on the core thread; `ui/` and the command line reach it through `session.loop.CoreLoop`.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import reader.audio.choose
import reader.capture.choose
import reader.desktop.choose
import reader.hotkeys.choose
import reader.voices.choose
from reader import login, tasks, wishes
from reader.apply import Changes
from reader.audio.base import OutputDevice
from reader.audio.player import Player
from reader.capture.capture import Capture
from reader.capture.none import NoText
from reader.credentials.credentials import Credentials
from reader.desktop.base import ScreenReaderWatch
from reader.desktop.surroundings import Surroundings
from reader.errors import HarkenError, NothingToReadError, SoundError
from reader.flow import (
    CapturedText,
    Command,
    Notice,
    PlaybackEvent,
    QuitWanted,
    ScreenReader,
    ScreenReaderChanged,
    SegmentStarted,
    SettingsWanted,
    SoundOutput,
    Source,
    SpeedChanged,
    State,
    StateChanged,
    Trigger,
    Voice,
    VolumeChanged,
)
from reader.ipc.server import Server
from reader.keys import Keys
from reader.record import Recorder
from reader.remote import Remote
from reader.samples import sample
from reader.session.controller import Controller
from reader.session.engines import Engines
from reader.session.events import Events, Subscriber
from reader.session.history import Entry
from reader.session.preferences import Preferences
from reader.session.reading import Reading
from reader.settings.paths import state_folder
from reader.settings.schema import Value, key_setting
from reader.settings.store import Settings
from reader.text import likeness
from reader.words import translate

log = logging.getLogger(__name__)


class App:
    """Harken without its windows."""

    def __init__(self, settings: Settings, *, device: OutputDevice | None = None, address: str = "") -> None:
        """`device` replaces the sound output, `address` is where commands are received ("" nowhere).

        Made and used on the core thread.
        """
        self.settings = settings
        self._screen_reader = ScreenReader()
        self._screen_readers: ScreenReaderWatch | None = None
        self.credentials = Credentials(*wishes.account(settings), variables=wishes.proxy_variables)
        self.polly = reader.voices.choose.Polly(self.credentials, lambda: wishes.polly(settings))
        self.engines = Engines(reader.voices.choose.engines(), reader.voices.choose.REMOTE, self.polly.engines)
        self._has_given_device = device is not None
        self.events = Events(self._say)
        device = device or wishes.output_device(settings)
        self._player = Player(device, lambda event: self.controller.on_player_event(event))
        nowhere = NoText("no desktop", translate("reader", "There is no desktop here to read from."))
        self.capture: reader.capture.choose.Choice | None = None
        self.controller = Controller(Capture(nowhere, nowhere, nowhere), self.engines, self._player, self.publish)
        self.controller.preferences = self._preferences
        self.controller.history.is_kept = settings.switch("reading.history")
        self._player.set_speed(settings.number("voice.speed"))
        self._player.set_volume(settings.number("sound.volume") / 100)
        self.keys: Keys | None = None
        self.surroundings: Surroundings | None = None
        self._server = Server(address, Remote(self).answer) if address else None
        self._recorder: Recorder | None = None
        self._speaker = ""  # whose voice was heard last
        self._loop = asyncio.get_running_loop()
        self._warming: set[asyncio.Task[None]] = set()
        self._changes = Changes(self)

    # ---- start and stop ----

    async def start(self, *, with_desktop: bool) -> None:
        """Start everything. Raises InstanceError when another Harken is running."""
        if path := os.environ.get("HARKEN_RECORD"):
            self._recorder = Recorder(path, lambda sentence: self.publish(Notice(0, sentence)))
            self.subscribe(self._recorder)
        if self._server:
            await self._server.start()
        self._warm_up(self._player.open(), "sound")
        self._warm_up(asyncio.to_thread(likeness.load), "languages")
        self._warm_up(self._warm_voices(), "voices")
        if with_desktop:
            await self._start_desktop()
        self._changes.tell_problems()
        log.info("keys and commands are taken")

    async def wait_until_warm(self) -> None:
        """Wait until sound and voices are ready, or are known not to be."""
        await asyncio.gather(*self._warming, return_exceptions=True)

    async def stop(self) -> None:
        """Stop everything. A part that can't be stopped keeps none of the others running."""
        await self._changes.close()
        await _close(self.keys, self._server, self.controller, self.surroundings, self._screen_readers)
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        await _close(self._player, self.engines, self.credentials, self.capture.capture if self.capture else None)
        self.events.close()
        if self._recorder:
            self._recorder.close()

    def _warm_up(self, work: Any, name: str) -> None:
        async def warm() -> None:
            try:
                await work
                log.info("%s: warm", name)
            except SoundError as error:
                self.publish(Notice(0, error.sentence, is_aloud=True))
            except HarkenError as error:
                log.error("%s: %s", name, error)

        task = tasks.start(warm(), f"warm {name}")
        self._warming.add(task)
        task.add_done_callback(self._warming.discard)

    async def _warm_voices(self) -> None:
        """Those that the user may need: of a network's, only the chosen one."""
        if self.engines.is_stale and self.state is not State.IDLE:
            return  # they would be made anew, and a reading may have a stream open
        _, problem = await self.engines.ready(self.settings.text("voice.id"))
        if problem and self._server:  # else a single reading is about to say so itself
            self.publish(Notice(0, problem.sentence, is_aloud=True))
        if self.polly.problem and self._server:
            self.publish(Notice(0, self.polly.problem))
            self.polly.problem = ""  # once is enough

    async def _start_desktop(self) -> None:
        """Selections, the focus and keys."""
        new_selection = Trigger(Command.READ_SELECTION, "selection")
        self.capture = await reader.capture.choose.choose(lambda: self._post(new_selection))
        self.controller.use_capture(self.capture.capture)
        choice = await asyncio.to_thread(reader.hotkeys.choose.choose, self._on_key)
        self.keys = Keys(self.settings, self._on_key, self.publish, choice=choice)
        await asyncio.to_thread(reader.desktop.choose.prepare)
        self.surroundings = reader.desktop.choose.surroundings(
            lambda command: self.controller.handle(Trigger(command, "media")),
            self.controller.set_speed,
            self.controller.set_volume,
            self.engines.name_of,
            (self.speed, self.volume),
            state_folder(),
        )
        self.surroundings.behave(wishes.manners(self.settings))
        self.subscribe(self.surroundings.on_event)
        await asyncio.to_thread(login.follow, self.settings)
        self._screen_readers = await reader.desktop.choose.screen_readers(self.set_screen_reader)
        self.subscribe(self._screen_readers.on_event)
        await self.use_desktop()

    def _on_key(self, command: Command) -> None:
        self._post(Trigger(command, "key"))

    def _post(self, trigger: Trigger) -> None:
        """Hand a trigger to the core thread. Any thread; returns at once."""
        self._loop.call_soon_threadsafe(self.controller.handle, trigger)

    def _say(self, sentence: str) -> bool:
        """Where a single text is read for the command line, nothing else is to be heard with it."""
        return self.is_served and self.controller.say(sentence)

    def subscribe(self, subscriber: Subscriber) -> None:
        """Be told of everything, on the core thread, notices merged. Must return at once."""
        self.events.subscribe(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Be told no more."""
        self.events.unsubscribe(subscriber)

    def speak(
        self,
        captured: CapturedText,
        *,
        is_whole: bool = True,
        is_users: bool = True,
        voice_id: str = "",
        language: str = "",
        speed: float | None = None,
        falls_back: bool | None = None,
        is_strict: bool = False,
    ) -> Reading:
        """Read a text now. What is not given is as the user has set it. See Reading for `is_users`."""
        chosen = self.controller.preferences
        preferences = replace(
            chosen,
            voice_id=voice_id or chosen.voice_id,
            needs_voice=bool(voice_id),
            language=language or chosen.language,
            names_language=bool(language) and is_users,
            expected_language=language or chosen.expected_language,
            may_fall_back=chosen.may_fall_back if falls_back is None else falls_back,
            is_strict=is_strict,
        )
        return self.controller.speak(captured, preferences, is_whole=is_whole, is_users=is_users, speed=speed)

    def speak_sample(self, voice_id: str = "") -> Reading:
        """Read a sentence with a voice, the chosen one if it is not given, in its language and as everything is set."""
        chosen = self.controller.preferences
        voice_id = voice_id or chosen.voice_id
        own = next((voice.language for voice in self.voices() if voice.id == voice_id), "")
        text, language = sample(own or chosen.language or chosen.expected_language)
        return self.speak(CapturedText(text, Source.GIVEN), is_users=False, voice_id=voice_id, language=language)

    def history(self) -> list[Entry]:
        """The last readings, the newest first."""
        return self.controller.history.entries()

    def read_again(self, entry_id: int) -> Reading:
        """Read something of the history again, with the voice and speed of now. Raises NothingToReadError."""
        captured = self.controller.history.text(entry_id)
        if captured is None:
            raise NothingToReadError(translate("reader", "This reading is not remembered any more."))
        return self.controller.speak(captured)

    def stop_reading(self, reading: Reading) -> None:
        """Stop a reading, if it is still the one being read."""
        self.controller.stop_reading(reading)

    def open_settings(self) -> None:
        """Ask whoever has windows for that of the settings."""
        self.publish(SettingsWanted(0))

    def quit(self) -> None:
        """Ask whoever runs the app to end it."""
        self.publish(QuitWanted(0))

    def show(self) -> None:
        """Somebody has started Harken again, or looks for it: ask for its window, and say what to do."""
        self.controller.handle(Trigger(Command.SHOW, "cli"))
        chord = self.settings.text(key_setting(Command.READ_SELECTION))
        sentence = translate("reader", "Harken is running. Select text and choose “Read selection”.")
        if chord:
            sentence = translate("reader", "Harken is running. Select text and press {key}.").format(key=chord)
        self.publish(Notice(0, sentence, is_problem=False, is_answer=True))

    def set_screen_reader(self, screen_reader: ScreenReader) -> None:
        """While one runs it says Harken's notices, if it can, and a key of Harken's is not to make it say the focus."""
        self._screen_reader = screen_reader
        self.controller.preferences = self._preferences
        if self.keys:
            self.keys.spare_focus(screen_reader.is_running)
        self.publish(ScreenReaderChanged(0, screen_reader))

    def set_own_window(self, is_in_front: bool, selection: str = "") -> None:
        """While a window of Harken's own is in front, the key reads what is selected there, and Esc is the window's."""
        if self.capture:
            self.capture.capture.own_selection = selection
        if self.keys:
            self.keys.leave_escape(is_in_front)

    @property
    def is_served(self) -> bool:
        """Whether it is the running Harken, which others ask."""
        return self._server is not None

    @property
    def state(self) -> State:
        """What Harken is doing."""
        return self.controller.state

    @property
    def speaker(self) -> str:
        """The id of the voice at the ear, also of a reading that is paused; "" when there is none."""
        return self._speaker if self.state in (State.SPEAKING, State.PAUSED) else ""

    @property
    def speed(self) -> float:
        """The speed in force."""
        return self._player.speed

    @property
    def volume(self) -> float:
        """The volume in force, 0 to 1."""
        return self._player.volume

    @property
    def device(self) -> OutputDevice:
        """The sound output in use."""
        return self._player.device

    async def output_devices(self) -> list[SoundOutput]:
        """The sound outputs there are now. Takes up to five seconds. Raises SoundError."""
        return await reader.audio.choose.output_devices()

    def voices(self) -> list[Voice]:
        """The voices that are ready."""
        return self.engines.voices()

    async def change(self, key: str, value: Value) -> None:
        """Change a setting, and what it is about. Raises SettingsError."""
        await self._changes.change(key, value)

    async def reset(self, keys: Iterable[str]) -> None:
        """Give settings their first values again. Raises SettingsError."""
        await self._changes.reset(keys)

    async def reload_settings(self) -> None:
        """The file was edited by hand: what is in it holds from now on. Mistakes in it are told."""
        await self._changes.reload()

    def renew_account(self) -> None:
        """Another process has changed the keys in the keyring: look for them anew, and begin with what there is."""
        self.credentials.search_anew()
        self.renew_remote()

    # ---- for apply.py ----

    def renew_remote(self) -> None:
        """Another account, region or format: for the next reading, as the one in hand has its streams open."""
        self.engines.forget_remote()
        self.renew_voices()

    def renew_voices(self) -> None:
        """Another voice is chosen: have those that may read ready."""
        self._warm_up(self._warm_voices(), "voices")

    def use_preferences(self) -> None:
        """Read as the settings say from now on."""
        self.controller.preferences = self._preferences
        self.controller.history.is_kept = self.settings.switch("reading.history")
        if self.surroundings:
            self.surroundings.behave(wishes.manners(self.settings))

    async def use_device(self) -> None:
        """Play where the settings say from now on. Raises SoundError."""
        if not self._has_given_device:
            await self._player.change_device(wishes.output_device(self.settings))

    async def use_desktop(self) -> None:
        """Take the keys, and look for text where the user wishes."""
        if self.capture is None or self.keys is None:
            return
        self.capture.capture.wishes = wishes.places(self.settings)
        self.capture.watch_selection(self.settings.switch("reading.every_selection"))
        await self.capture.enable_accessibility(self.settings.switch("reading.enable_accessibility"))
        await self.keys.take()

    @property
    def _preferences(self) -> Preferences:
        return wishes.preferences(self.settings, self._screen_reader)

    def publish(self, event: PlaybackEvent) -> None:
        """Tell everybody. Core thread."""
        if isinstance(event, StateChanged):
            if self.keys:
                self.keys.follow(event.state)
            if event.state is State.IDLE and self.engines.is_stale:
                self._warm_up(self._warm_voices(), "voices")  # what could not be done under a reading
        if isinstance(event, SegmentStarted):
            self._speaker = event.voice_id
        if isinstance(event, SpeedChanged):
            self._changes.note("voice.speed", event.speed)
        if isinstance(event, VolumeChanged):
            self._changes.note("sound.volume", round(100 * event.volume))
        self.events.publish(event)


async def _close(*parts: Any) -> None:
    """Close those that there are, one after the other."""
    for part in filter(None, parts):
        try:
            await part.close()
        except Exception:
            log.exception("%s can't be closed", type(part).__name__)
