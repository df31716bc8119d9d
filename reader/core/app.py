"""Puts the parts together, starts and stops them in order. The only module that knows them all.

Start: voices and sound begin to warm up, then the keys are taken, whose first press waits for those; then comes the
rest of the desktop. Stop: in reverse order.

`App` lives on the core thread; `ui/` and the command line reach it through `loop.py`.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

import reader.audio.choose
from reader.audio.base import OutputDevice
from reader.audio.player import Player
from reader.capture.capture import Capture
from reader.capture.none import NoText
from reader.core import bookmarks, engines_here, first_time, from_settings, services
from reader.core.apply import Changes
from reader.core.desktop import Desktop
from reader.core.early_keys import EarlyKeys
from reader.core.events import Events, Subscriber, hand
from reader.core.library import KeptLibrary
from reader.core.pronunciation import PronunciationList
from reader.core.read_later import ReadLater
from reader.core.record import Recorder
from reader.core.sleep_timer import SleepTimer
from reader.core.voice_downloads import VoiceDownloads
from reader.core.voice_offer import VoiceOffer
from reader.core.warming import Warming
from reader.credentials.account import AccountReport
from reader.credentials.credentials import Credentials
from reader.errors import HarkenError, NothingToReadError
from reader.flow import (
    CapturedText,
    Command,
    Event,
    Notice,
    ScreenReader,
    ScreenReaderChanged,
    SegmentStarted,
    SoundOutput,
    SpeedChanged,
    State,
    StateChanged,
    Trigger,
    Voice,
    VolumeChanged,
)
from reader.session.controller import Controller
from reader.session.engines import Engines
from reader.session.history import History, HistoryEntry
from reader.session.preferences import ReadingOptions
from reader.session.reading import Reading
from reader.settings.paths import pronunciations_file
from reader.settings.schema import Value
from reader.settings.store import Settings
from reader.support.closing import close_all
from reader.support.i18n import translate
from reader.text import loading
from reader.voices import registry
from reader.voices.base import Engine

log = logging.getLogger(__name__)


class App:
    """Harken without its windows."""

    def __init__(
        self,
        settings: Settings,
        *,
        device: OutputDevice | None = None,
        is_served: bool = False,
        local: Mapping[str, Engine] | None = None,
        wakes: Collection[str] | None = None,
        early_keys: EarlyKeys | None = None,
    ) -> None:
        """`device` replaces the sound output. `is_served`: this is the running Harken, which others ask (instance.py).

        `local` are this computer's engines, if they have been made already, and `wakes` those that get ready for any
        text, None for all. `early_keys` have been taken already. Made and used on the core thread.
        """
        self.settings = settings
        self.is_served = is_served
        self._screen_reader = ScreenReader()
        self.credentials = Credentials(*from_settings.account(settings), variables=from_settings.proxy_variables)
        self.services = services.make_services(settings, self.credentials)
        local = engines_here.local_engines() if local is None else local
        self.engines = Engines(local, services.remotes(self.services), wakes)
        self._has_given_device = device is not None
        self.events = Events(self._say)
        device = device or from_settings.output_device(settings)
        self._player = Player(device)
        self.pronunciations = PronunciationList(pronunciations_file(), self.publish)
        history = History()
        self.library = KeptLibrary(history, lambda sentence: self.publish(Notice(0, sentence, is_answer=True)))
        self.controller = Controller(
            Capture({}, NoText(translate("reader", "There is no desktop to read from."))),
            self.engines,
            self._player,
            self.publish,
            self.pronunciations,
            history,
            self.library,
            first_time.is_first_left_out,
        )
        self.warming = Warming(
            self.engines,
            self.services,
            lambda: settings.text("voice.id"),
            lambda: self.state is State.IDLE,
            self.publish,
            is_served=is_served,
        )
        self._use_preferences()
        self._player.set_speed(settings.number("voice.speed"))
        self._player.set_volume(settings.number("sound.volume") / 100)
        self._recorder: Recorder | None = None
        self._speaker = ""  # the id of the voice heard last
        self._has_started, self._is_complete = asyncio.Event(), asyncio.Event()
        self._changes = Changes(settings, self.publish)
        self.desktop = Desktop(
            settings,
            self._changes,
            self.controller,
            self.events,
            voice_name=self.engines.name_of,
            on_screen_reader=self.set_screen_reader,
            may_ask=is_served,
            early_keys=early_keys,
        )
        self.sleep = SleepTimer.of(self.controller, self._player, self.publish)
        self.voice_offer = VoiceOffer(settings, self.publish, is_served=is_served)
        self.downloads = VoiceDownloads(self.publish, self.engines.look_again)
        self.later = ReadLater.of(self.controller, self.publish)
        bookmarks.take_key(self.controller, self.library, self.publish)
        for part in (self.sleep, self.later, self.voice_offer):
            self.subscribe(part)
        self._follow_settings()

    # ---- start and stop ----

    async def start(self, *, with_desktop: bool, warms_voices: bool = True) -> None:
        """Start everything, the keys first."""
        if path := os.environ.get("HARKEN_RECORD"):
            self._recorder = Recorder(path, lambda sentence: self.publish(Notice(0, sentence)))
            self.subscribe(self._recorder)
        if warms_voices:
            self.warming.warm_voices()
        self.warming.warm_up(self._player.open(), "sound")
        self.warming.warm_up(self.pronunciations.ready(), "pronunciations")
        await self.library.load()
        self.controller.tell_state()
        if with_desktop:
            await self.desktop.take_keys()
        self._has_started.set()
        log.info("keys and commands are taken")
        self.warming.warm_up(asyncio.to_thread(loading.load), "languages")  # an earlier text loads them itself
        if with_desktop:
            await self.desktop.start((self.speed, self.volume))
        self._changes.tell_problems()
        self._is_complete.set()

    async def wait_until_started(self) -> None:
        """Wait until it is known where text is found, and keys are taken."""
        await self._has_started.wait()

    async def wait_until_warm(self) -> None:
        """Wait until sound, voices and the rest are ready, or are known not to be."""
        await self._is_complete.wait()
        await self.warming.wait()

    async def stop(self) -> None:
        """Stop everything. A part that can't be stopped doesn't keep the others running."""
        await close_all(self._changes)
        await self.desktop.close_keys()
        await close_all(
            self.sleep, self.later, self.voice_offer, self.downloads, self.controller, self.library, self.desktop
        )
        await close_all(self.warming, self._player, self.engines, self.credentials)
        self.events.close()
        if self._recorder:
            self._recorder.close()

    def _say(self, sentence: str) -> bool:
        """Say a sentence; but while a single text is read for the command line, nothing else must be heard."""
        return self.is_served and self.controller.say(sentence)

    def subscribe(self, subscriber: Subscriber) -> None:
        """Receive all events on the core thread, with notices merged. Must return at once."""
        self.events.subscribe(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Receive no more events."""
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
        """Read a text now. What is not given is taken from the user's settings. See ReadingOptions."""
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
        options = ReadingOptions(preferences, is_whole=is_whole, is_users=is_users, speed=speed)
        return self.controller.speak(captured, options)

    def history(self) -> list[HistoryEntry]:
        """The last readings, newest first."""
        return self.controller.history.entries()

    def read_again(self, entry_id: int) -> Reading:
        """Read an entry of the history again, with the current voice and speed. Raises NothingToReadError."""
        captured = self.controller.history.text(entry_id)
        if captured is None:
            raise NothingToReadError(
                translate("reader", "Harken no longer remembers this text. “harken history” lists the ones it does.")
            )
        return self.controller.speak(captured)

    def stop_reading(self, reading: Reading) -> None:
        """Stop a reading, if it is still the one being read."""
        self.controller.stop_reading(reading)

    def show(self) -> None:
        """The user has started Harken again, or is looking for it: ask for its window, and say what to do."""
        self.controller.handle(Trigger(Command.SHOW, "cli"))
        key = self.desktop.keys.names.get(Command.READ_SELECTION)
        sentence = translate("reader", "Harken is running. Select text and choose “Read selection”.")
        if key:
            sentence = translate("reader", "Harken is running. Select text and press {key}.").format(key=key)
        self.publish(Notice(0, sentence, is_problem=False, is_answer=True))

    def set_screen_reader(self, screen_reader: ScreenReader) -> None:
        """While one runs, it says Harken's notices if it can, and Harken's keys must not make it say the focus."""
        self._screen_reader = screen_reader
        self.controller.preferences = from_settings.preferences(self.settings, self._screen_reader)
        self.desktop.live_beside(screen_reader)
        self.publish(ScreenReaderChanged(0, screen_reader))

    @property
    def state(self) -> State:
        """What Harken is doing."""
        return self.controller.state

    @property
    def speaker(self) -> str:
        """The id of the voice being heard, also in a paused reading; "" if there is none."""
        return self._speaker if self.state in (State.SPEAKING, State.PAUSED) else ""

    @property
    def speed(self) -> float:
        """The current speed."""
        return self._player.speed

    @property
    def volume(self) -> float:
        """The current volume, 0 to 1."""
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
        """Change a setting and apply it. Raises SettingsError."""
        await self._changes.change(key, value)

    async def reset(self, keys: Iterable[str]) -> None:
        """Reset settings to their defaults. Raises SettingsError."""
        await self._changes.reset(keys)

    async def reload_settings(self) -> None:
        """Apply the values of a file that was edited by hand. Mistakes in it are reported."""
        await self._changes.reload()

    def renew_account(self) -> None:
        """Another process has changed the keys in the keyring: look for them again, and use what is found."""
        self.credentials.search_again()
        self.warming.renew_service(frozenset().union(*map(registry.engines_of, registry.services())))

    async def find_account(self) -> AccountReport:
        """Look for the AWS account.

        The user asked and may have fixed it, so services that are backing off are tried again.
        """
        backing_off = self.engines.backing_off
        if backing_off:
            self.credentials.search_again()  # what was found before may be what is refused
        report = await self.credentials.report()
        if report.account and backing_off:
            self.warming.renew_service(backing_off)
        return report

    # ---- what follows the settings ----

    def _follow_settings(self) -> None:
        follow = self._changes.follow
        follow(("voice.speed",), lambda: self.controller.rate.set_speed(self.settings.number("voice.speed")))
        follow(("sound.volume",), lambda: self.controller.rate.set_volume(self.settings.number("sound.volume") / 100))
        follow(("sound.awake_s",), lambda: self.device.keep_awake(self.settings.number("sound.awake_s")))
        follow(("sound.device",), self._use_device)
        follow(from_settings.ACCOUNT, lambda: self.credentials.configure(*from_settings.account(self.settings)))
        for entry in registry.services():
            follow(services.keys_of(entry), partial(self.warming.renew_service, registry.engines_of(entry)))
        follow(("voice.id",), self.warming.warm_voices)
        follow((*from_settings.PREFERENCES, *from_settings.KEPT), self._use_preferences)

    def _use_preferences(self) -> None:
        self.controller.preferences = from_settings.preferences(self.settings, self._screen_reader)
        self.controller.history.is_kept = self.settings.switch("reading.history")
        self.library.choose(**from_settings.kept(self.settings))

    async def _use_device(self) -> None:
        """Play where the settings say from now on, or report why not."""
        if self._has_given_device:
            return
        try:
            await self._player.change_device(from_settings.output_device(self.settings))
        except HarkenError as error:
            self.publish(Notice(0, error.sentence))

    def publish(self, event: Event) -> None:
        """Pass an event to every part that follows it. Core thread."""
        hand(event, self.desktop.on_event)
        if isinstance(event, StateChanged):
            self.warming.follow(event.state)
        if isinstance(event, SegmentStarted):
            self._speaker = event.voice_id
        if isinstance(event, SpeedChanged):
            self._changes.note("voice.speed", event.speed)
        if isinstance(event, VolumeChanged):
            self._changes.note("sound.volume", round(100 * event.volume))
        self.events.publish(event)
