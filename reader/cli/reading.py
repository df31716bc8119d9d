"""`harken speak` without a running Harken, once the core is imported: alone.py comes before it.

Text is read as bytes on a separate thread and passed on as it arrives, so that a source may take its time
and reading begins with its first words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from reader import threads
from reader.audio.base import OutputDevice
from reader.audio.file import FileDevice
from reader.audio.stream import StreamDevice
from reader.cli import output
from reader.cli.recording import RecordingNotes
from reader.cli.through import SpeakRequest, told
from reader.core.app import App
from reader.core.feeding import feed
from reader.core.pieces import Text, pieces
from reader.documents.source import TextSource
from reader.errors import NotTextError
from reader.flow import CapturedText, Event, Notice, ReadingEnded, Source
from reader.settings.store import Settings
from reader.voices.base import Engine


async def read(
    request: SpeakRequest,
    source: Text,
    settings: Settings,
    device: OutputDevice,
    opening: asyncio.Future[None] | None,
    local: Mapping[str, Engine],
    wakes: Collection[str],
) -> int:
    """Read it; see alone.py. `opening` opens the device, if that has begun; the engines in `wakes` may be starting."""
    outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    recording = device if isinstance(device, FileDevice | StreamDevice) else None
    if recording:
        recording.on_failure = lambda error: None if outcome.done() else outcome.set_exception(error)
    app = App(settings, device=device, local=local, wakes=wakes)
    app.subscribe(_reporter(outcome))
    notes = RecordingNotes.of(recording, source, is_for_program=request.shows_progress) if recording else None
    texts = pieces(source)
    problems: list[str] = []
    try:
        await (opening or device.open())  # without any sound to begin with there is nothing to wait for
        await app.start(with_desktop=False, warms_voices=False)
        if isinstance(source, TextSource) and not source.is_file:
            await _begun(source, is_plain=request.is_plain)
        if recording:  # made by the voice that is meant, however long it takes to get ready
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
            # A file asked of one voice is made by that voice or not at all, unless the user says otherwise.
            is_strict=bool(request.out and not request.falls_back and (request.voice_id or settings.text("voice.id"))),
        )
        if not request.is_ssml:
            threads.start(feed, "feed text", texts, reading, asyncio.get_running_loop(), problems.append)
        is_whole = await outcome
        code = max(told(source, problems), 0 if is_whole else 1)
        if recording and notes:
            recording.discard() if code else recording.keep(notes.chapters)
        return code
    finally:
        if notes:
            notes.end()
        await app.stop()


async def _begun(source: TextSource, *, is_plain: bool) -> None:
    """Wait, while everything else gets ready, until it is clear what kind of text it is. Raises NotTextError."""
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
    """Shows the user what they should know; sets `outcome` when the reading ends, True if all of it was heard."""

    def watch(event: Event) -> None:
        if isinstance(event, Notice):
            output.complain(event.sentence)
        elif isinstance(event, ReadingEnded) and not outcome.done():
            outcome.set_result(event.is_whole)

    return watch
