"""The output module's process: answers speech-dispatcher, which started it, until that ends it or goes away.

It answers INIT at once, because speech-dispatcher starts nothing else meanwhile, and gets voices ready after that.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from reader import __version__, tasks
from reader.settings.paths import log_file, pronunciations_file, settings_file
from reader.settings.store import Settings
from reader.speechd import protocol, sound_icons, symbols
from reader.speechd.markup import Marked
from reader.speechd.protocol import Conversation, Kind, Message, Order, Parameters, Reply, VoicesWanted, Wanted
from reader.speechd.speaker import Speaker, VoiceParameters, locale_of, name_of
from reader.speechd.symbols import Symbols
from reader.speechd.wording import Manner, worded
from reader.support import files, log
from reader.support.files import DamagedFileError
from reader.text.script import is_speakable

logger = logging.getLogger(__name__)

# How long to wait for a list of voices: speech-dispatcher serves no client meanwhile.
_VOICES_LIMIT_S = 5.0
# Longer texts are turned into words on a thread.
_LONG_CHARS = 2000
_READ_BYTES = 1 << 16
_LISTS = Path("/usr/share/speech-dispatcher/locale")
_LIST_BYTES = 1 << 20
# speech-dispatcher's own marks: it continues a paused message after one of them.
_OWN_MARK = "__spd_"


def run() -> bool:
    """Serve until speech-dispatcher ends this or goes away. False if nothing like it is at the other end."""
    out_fd = os.dup(1)
    os.dup2(2, 1)  # so that what a library prints is not taken for a message
    log.start(log_file().with_name("speechd.log"))
    return asyncio.run(_serve(out_fd))


async def _serve(out_fd: int) -> bool:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=_READ_BYTES)
    try:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        transport, flow = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(out_fd, "wb"))
    except ValueError:  # asyncio raises this for anything but a pipe
        return False
    transport.set_write_buffer_limits(high=0)  # so that `drain` waits for all of it
    module = Module(_Pipe(asyncio.StreamWriter(transport, flow, None, loop)))
    module.start()
    try:
        while not module.is_over and (data := await reader.read(_READ_BYTES)):
            await module.receive(data)
    finally:
        await module.close()
    return True


class _Pipe:
    """The pipe to speech-dispatcher. If that is gone, nothing more is sent, and the input ends."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Send it after everything else. Never waits."""
        self._writer.write(data)

    async def drain(self) -> None:
        """Wait until it is sent."""
        with suppress(ConnectionError):
            await self._writer.drain()


class Module:
    """One conversation with speech-dispatcher. Core thread only."""

    def __init__(self, output: _Pipe) -> None:
        self._output = output
        self._conversation = Conversation()
        self._values: dict[str, str] = {}  # the settings for what is said
        self._settings = Settings(settings_file())
        self._speaker = Speaker(self._settings, self._report_mark, self._on_spoken)
        self._is_speaking = False
        self._is_pausing = False  # at the next of speech-dispatcher's own marks
        self._has_listed = False
        self._wording: asyncio.Task[None] | None = None
        self._following: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._following.set_result(None)
        self._dates = _dates()
        self.is_over = False  # it was told to go

    def start(self) -> None:
        """Get voices ready."""
        tasks.start(self._speaker.warm_up(), "warm voices")

    async def close(self) -> None:
        """Close everything."""
        self._stop()
        await self._output.drain()
        await self._speaker.close()

    async def receive(self, data: bytes) -> None:
        """Handle a piece of the conversation."""
        for wanted in self._conversation.receive(data):
            await self._do(wanted)

    async def _do(self, wanted: Wanted) -> None:
        match wanted:
            case Reply(data=data):
                self._output.write(data)
            case Parameters(values=values):
                self._values |= values
            case VoicesWanted(language=language, variant=variant):
                self._output.write(protocol.voices(await self._voices(language, variant)))
            case Message() as message:
                self._speak(message)
            case Order.INIT:
                self._output.write(protocol.initialised(__version__))
            case Order.STOP if self._is_speaking:
                self._stop()
                self._output.write(protocol.STOPPED)
            case Order.PAUSE if self._is_speaking:
                self._is_pausing = True
            case Order.QUIT:
                self._stop()
                self._output.write(protocol.GOODBYE)
                self.is_over = True
                await self._output.drain()

    # ---- voices ----

    async def _voices(self, language: str, variant: str) -> list[tuple[str, str]]:
        """Names and languages. The first list has only what is ready first, because others wait for it."""
        if variant.lower() not in ("", "none"):
            return []
        with suppress(TimeoutError):
            async with asyncio.timeout(_VOICES_LIMIT_S):
                await (self._speaker.voices() if self._has_listed else self._speaker.first_voices())
        self._has_listed = True
        found = [(name_of(voice), locale_of(voice)) for voice in self._speaker.usable(self._speaker.engines.voices())]
        wanted = language.lower()
        return [row for row in found if wanted in ("", row[1].lower(), row[1].partition("-")[0].lower())]

    # ---- speaking ----

    def _speak(self, message: Message) -> None:
        if self._is_speaking:  # it never asks for that
            self._stop()
            self._output.write(protocol.STOPPED)
        self._is_speaking = True
        self._output.write(protocol.SPEAKING + protocol.BEGIN)
        parameters = VoiceParameters.of(self._values, is_echo=message.kind in (Kind.CHAR, Kind.KEY))
        manner = Manner.of(self._values, parameters.language or "en")
        if self._has_news() or message.kind is Kind.SOUND_ICON or len(message.text) > _LONG_CHARS:
            self._wording = tasks.start(self._speak_later(message, manner, parameters), "wording")
            return
        try:
            self._say(worded(message, manner, _symbols(manner.language)), parameters)
        except Exception:
            self._give_up()

    async def _speak_later(self, message: Message, manner: Manner, parameters: VoiceParameters) -> None:
        await asyncio.wait([self._following])  # if that failed, the old settings hold
        try:
            await self._speak_on_thread(message, manner, parameters)
        except Exception:
            self._give_up()

    def _give_up(self) -> None:
        """End a message that failed, or speech-dispatcher would wait for its end, and say nothing more."""
        logger.exception("a message failed")
        self._wording = None
        self._speaker.stop()
        if self._is_speaking:
            self._on_spoken()

    async def _speak_on_thread(self, message: Message, manner: Manner, parameters: VoiceParameters) -> None:
        if message.kind is Kind.SOUND_ICON and (sound := await asyncio.to_thread(sound_icons.load, message.text)):
            self._wording = None
            self._speaker.play(sound, parameters)
            return
        words = await asyncio.to_thread(lambda: worded(message, manner, _symbols(manner.language)))
        self._say(words, parameters)

    def _say(self, words: Marked, parameters: VoiceParameters) -> None:
        self._wording = None
        if is_speakable(words.text):
            self._speaker.speak(words, parameters)
            return
        for _, name in words.marks:
            self._report_mark(name)
        if self._is_speaking:
            self._on_spoken()

    def _report_mark(self, name: str) -> None:
        if not self._is_speaking:
            return
        self._output.write(protocol.mark(name))
        if self._is_pausing and name.startswith(_OWN_MARK):
            self._stop()
            self._output.write(protocol.PAUSED)

    def _on_spoken(self) -> None:
        self._is_speaking = self._is_pausing = False
        self._output.write(protocol.END)

    def _stop(self) -> None:
        self._is_speaking = self._is_pausing = False
        if self._wording:
            self._wording.cancel()
            self._wording = None
        self._speaker.stop()

    # ---- settings ----

    def _has_news(self) -> bool:
        """Whether the user has changed something in Harken: it may be where texts go, so it applies to this message."""
        if (dates := _dates()) != self._dates:
            self._dates = dates
            self._following = tasks.start(self._follow_user(), "read settings again")
        return not self._following.done()

    async def _follow_user(self) -> None:
        await asyncio.to_thread(self._settings.reload)
        self._speaker.follow_settings()
        tasks.start(self._speaker.change_output(), "change output")
        await self._speaker.pronunciations.reload()


def _dates() -> tuple[int, ...]:
    """When the user's files were last written."""
    dates = []
    for path in (settings_file(), pronunciations_file()):
        try:
            dates.append(path.stat().st_mtime_ns)
        except OSError:
            dates.append(0)
    return tuple(dates)


@lru_cache(maxsize=8)
def _symbols(language: str) -> Symbols:
    """The symbols of a language, or else those of English."""
    for name in (language, "en"):
        with suppress(OSError, DamagedFileError, ValueError):
            return symbols.parse(files.read_text(_LISTS / Path(name).name / "symbols.dic", _LIST_BYTES))
    return symbols.parse("")
