"""`harken speak`, `voices` and `doctor`: the core run from the command line, without a tray.

Text is read as bytes on a separate thread and passed on as it arrives, so that a source may take its time
and reading begins with its first words.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from reader import threads
from reader.audio.choose import is_same_file, is_terminal, output_device, recorder
from reader.audio.file import FileDevice
from reader.audio.formats import WAV, SoundFormat
from reader.audio.stream import StreamDevice
from reader.cli import output
from reader.cli.recording import RecordingNotes
from reader.core.app import App
from reader.core.feeding import Text, feed, pieces
from reader.documents.source import TextSource
from reader.errors import InstanceError, NotTextError, SoundError
from reader.flow import CapturedText, Event, Notice, ReadingEnded, Source
from reader.ipc.client import InstanceClient
from reader.ipc.protocol import TEXTS_AHEAD, VERSION
from reader.settings.paths import log_file, settings_file
from reader.settings.store import Settings
from reader.support import display, log
from reader.text.ssml import MAX_CHARS, spoken

# By how a reading ended: see ipc/protocol.py.
_EXIT_CODES = {"whole": 0, "failed": 1, "stopped": 130}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SpeakRequest:
    """How to speak. "" and None leave it to the settings."""

    voice_id: str = ""
    language: str = ""
    speed: float | None = None
    out: Path | None = None
    format: SoundFormat = WAV  # of what is recorded
    title: str = ""
    path: str = ""  # of the file that is read, whose place is kept
    is_ssml: bool = False  # the text is a whole document of speech markup
    is_plain: bool = False  # the text is read as it is, whatever it looks like
    falls_back: bool | None = None  # whether another voice may go on when this one can't
    shows_progress: bool = False  # on standard output, for a program


def check_recording(out: Path, source: Text) -> None:
    """A recording never replaces the text it is made from, whatever names they have. Raises SoundError."""
    if is_terminal(out):
        raise SoundError("Sound can't be written to a terminal. Pipe it to a program, as in “--out - | aplay”.")
    if isinstance(source, TextSource) and is_same_file(source.fd, out):
        raise SoundError(f"{out} is the file being read. Name another file for the recording.")


def document(source: Text) -> str:
    """A whole document of speech markup (SSML). Raises MarkupError if it is not SSML or too long, and NotTextError."""
    if isinstance(source, TextSource):
        source.begin(is_plain=True)
    text = ""
    for piece in pieces(source):
        text += piece
        if len(text) > MAX_CHARS:
            break
    text = text.removeprefix("\ufeff")
    spoken(text)
    return text


# ---- through the running instance ----


def through_instance(client: InstanceClient, request: SpeakRequest, source: Text) -> int:
    """Have the running Harken read, and wait until it has. Returns the exit code. Raises InstanceError.

    Who stops the reading with a key, or has something else read, has interrupted this one as with Ctrl+C here.
    """
    room = threading.Semaphore(TEXTS_AHEAD)
    try:
        client.send(
            {
                "v": VERSION,
                "do": "speak",
                "voice": request.voice_id,
                "language": request.language,
                "speed": request.speed,
                "falls_back": request.falls_back,
                **({"path": request.path} if request.path else {}),
                **({"ssml": source} if request.is_ssml else {}),
            }
        )
        if not request.is_ssml:
            threads.start(_send, "send text", client, source, room)
        while "ended" not in (answer := client.receive(waits=True)):
            if "more" in answer:
                room.release()
            if "notice" in answer:
                output.complain(answer["notice"])
        return max(_EXIT_CODES[answer["ended"]], _told(source))
    finally:
        client.close()
        room.release()  # the thread notices that nothing reads its text


def _told(source: Text) -> int:
    """The exit code for what became of the text itself, and a sentence if it was not read to its end."""
    if isinstance(source, str) or not source.problem:
        return 0
    output.complain(source.problem)
    return 1


def _send(client: InstanceClient, source: Text, room: threading.Semaphore) -> None:
    """Send text as the reading has room for it: what it can't take yet stays where it comes from."""
    try:
        for text in pieces(source):
            room.acquire()
            client.send({"text": text})
        client.send({"end": True})
    except InstanceError:
        pass  # raised where the answer is awaited


# ---- alone ----


def alone(request: SpeakRequest, source: Text) -> int:
    """Read without a running Harken. Raises HarkenError."""
    log.start(log_file())
    display.leave_silent_bus()
    if isinstance(source, TextSource) and source.is_file:
        source.begin(is_plain=request.is_plain)
    title = "" if isinstance(source, str) else source.title
    recording = recorder(request.out, request.format, title or request.title) if request.out else None
    return asyncio.run(_alone(request, source, recording))


async def _alone(request: SpeakRequest, source: Text, recording: FileDevice | StreamDevice | None) -> int:
    settings = Settings(settings_file())
    outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    if recording:
        recording.on_failure = lambda error: None if outcome.done() else outcome.set_exception(error)
    device = recording or output_device(settings.text("sound.device"), settings.number("sound.awake_s"))
    app = App(settings, device=device)
    app.subscribe(_reporter(outcome))
    notes = RecordingNotes.of(recording, source, is_for_program=request.shows_progress) if recording else None
    texts = pieces(source)
    try:
        await device.open()  # without any sound to begin with there is nothing to wait for
        await app.start(with_desktop=False)
        if isinstance(source, TextSource) and not source.is_file:
            await _begun(source, is_plain=request.is_plain)
        if recording:  # it is made by the voice that is meant, however long that takes to get ready
            chosen = (request.voice_id or settings.text("voice.id")).partition("/")[0]
            for problem in await app.engines.started(chosen):
                if not chosen:  # otherwise the search for the voice reports it
                    output.complain(problem.sentence)
        if notes:
            app.subscribe(notes.watch)
            texts = await notes.follow(texts, is_all_there=isinstance(source, str) or source.is_file)
        captured = CapturedText(
            str(source) if request.is_ssml else "", Source.GIVEN, is_ssml=request.is_ssml, path=request.path
        )
        reading = app.speak(
            captured,
            is_whole=request.is_ssml,
            voice_id=request.voice_id,
            language=request.language,
            speed=request.speed,
            falls_back=request.falls_back,
            # A file that was asked of one voice is made by that voice, or not at all, unless the user says otherwise.
            is_strict=bool(request.out and not request.falls_back and (request.voice_id or settings.text("voice.id"))),
        )
        if not request.is_ssml:
            threads.start(feed, "feed text", texts, reading, asyncio.get_running_loop())
        is_whole = await outcome
        code = max(_told(source), 0 if is_whole else 1)
        if recording and notes:
            recording.discard() if code else recording.keep(notes.chapters)
        return code
    finally:
        if notes:
            notes.end()
        await app.stop()


async def _begun(source: TextSource, *, is_plain: bool) -> None:
    """Wait, while everything else gets ready, until it is clear what the text is. Raises NotTextError."""
    loop = asyncio.get_running_loop()
    is_begun: asyncio.Future[None] = loop.create_future()

    def look() -> None:
        error: NotTextError | None = None
        try:
            source.begin(is_plain=is_plain)
        except NotTextError as found:
            error = found
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(tell, error)

    def tell(error: NotTextError | None) -> None:
        if not is_begun.done():
            is_begun.set_exception(error) if error else is_begun.set_result(None)

    threads.start(look, "look at the text")
    await is_begun


def _reporter(outcome: asyncio.Future[bool]) -> Callable[[Event], None]:
    """Shows the user what they should know; ends with the reading, True when all of it was heard."""

    def watch(event: Event) -> None:
        if isinstance(event, Notice):
            output.complain(event.sentence)
        elif isinstance(event, ReadingEnded) and not outcome.done():
            outcome.set_result(event.is_whole)

    return watch
