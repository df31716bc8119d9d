"""`harken speak` without a running Harken: sound and voice get ready while everything else is imported."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Collection, Mapping
from pathlib import Path
from types import ModuleType

from reader import tasks
from reader.audio.base import OutputDevice
from reader.audio.choose import is_same_file, is_terminal, output_device, recorder
from reader.audio.formats import WAV
from reader.cli.through import SpeakRequest
from reader.core import engines_here
from reader.core.pieces import Text
from reader.errors import SoundError
from reader.settings.paths import log_file, settings_file
from reader.settings.store import Settings
from reader.support import display, log, numerics
from reader.support.closing import close_all
from reader.support.languages import code_of
from reader.voices.base import Engine, Sleeping


def check_recording(out: Path, source: Text) -> None:
    """A recording never replaces the text it is made from, whatever their names. Raises SoundError."""
    if is_terminal(out):
        raise SoundError("Sound can't be written to a terminal. Pipe it to a program, as in “--out - | aplay”.")
    if not isinstance(source, str) and is_same_file(source.fd, out):
        raise SoundError(f"{out} is the file being read. Name another file for the recording.")


def alone(request: SpeakRequest, source: Text) -> int:
    """Read without a running Harken. Raises HarkenError."""
    log.start(log_file())
    display.leave_silent_bus()
    if not isinstance(source, str) and source.is_file:
        source.begin(is_plain=request.is_plain)
    return asyncio.run(_alone(request, source))


async def _alone(request: SpeakRequest, source: Text) -> int:
    settings = Settings(settings_file())
    device = _device(request, source, settings)
    # A recording is begun only when it is clear who is told if that fails.
    opening = None if request.out else tasks.start(device.open(), "open the sound output")
    local = engines_here.local_engines()
    wakes = await _likely(request, settings, local)
    waking = [tasks.start(local[name].start(), f"wake {name}") for name in wakes]
    mine = [*local.values(), device]
    try:
        reading = await asyncio.to_thread(_import_reading, request)
        gc.freeze()  # what was loaded stays: scanning it all for garbage held up the loop for 25 ms
        mine = []  # from now on the app closes them
        code: int = await reading.read(request, source, settings, device, opening, local, wakes)
        return code
    finally:
        begun = [task for task in (opening, *waking) if task]
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        await close_all(*mine)


def _device(request: SpeakRequest, source: Text, settings: Settings) -> OutputDevice:
    if request.out:
        title = "" if isinstance(source, str) else source.title
        return recorder(request.out, request.format, title or request.title)
    return output_device(settings.text("sound.device"), settings.number("sound.awake_s"))


async def _likely(request: SpeakRequest, settings: Settings, local: Mapping[str, Engine]) -> Collection[str]:
    """The local engine that will speak, as far as can be told without the text."""
    if chosen := request.voice_id or settings.text("voice.id"):
        return {chosen.partition("/")[0]} & local.keys()
    wishes = request.language, settings.text("voice.language"), settings.text("voice.expected_language")
    language = code_of(next(filter(None, wishes), ""))
    for name, engine in local.items():
        if isinstance(engine, Sleeping):
            await engine.look()
        if any(voice.language == language for voice in engine.voices()):
            return {name}
    return ()


def _import_reading(request: SpeakRequest) -> ModuleType:
    """Import all that takes long. On a thread, because the loop has to start a voice, which takes as long."""
    with numerics.one_thread():
        import reader.cli.reading as reading

        if request.out and request.format is not WAV:
            import reader.audio.compressor  # noqa: F401

    return reading
