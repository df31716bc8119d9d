"""`harken voices add` and `remove`: voices that the user has as files. A running Harken then looks again."""

from __future__ import annotations

import argparse
from pathlib import Path

from reader.cli import output
from reader.cli.commands import ask_running
from reader.errors import VoiceFileError


def add(options: argparse.Namespace) -> int:
    """Add the voice of a file, or put it in place of one of the same name. Raises VoiceFileError."""
    import asyncio

    from reader.core import user_voices
    from reader.support.voice_folder import voices_folder
    from reader.voices.piper import installation

    path, _ = installation.pair_of(Path(options.file))  # which may not be there
    if not options.json:
        output.say("The voice is being tried. This takes some seconds.")
    added = asyncio.run(installation.add(path, voices_folder()))
    ask_running("voices-changed")
    told = f"Added: {added[0].id}" if len(added) == 1 else f"Added: {len(added)} voices, the first is {added[0].id}"
    output.answer([user_voices.row(voice) for voice in added], options.json, told)
    return 0


def remove(options: argparse.Namespace) -> int:
    """Remove a voice that was added. Raises VoiceFileError."""
    from reader.session.voice_choice import no_voice
    from reader.support import files
    from reader.support.voice_folder import voices_folder
    from reader.voices.piper import folder

    place = voices_folder()
    name = options.voice.removeprefix(f"{folder.ENGINE}/").partition(folder.SPEAKER_MARK)[0]
    size_bytes = folder.size_bytes(place, name)
    try:
        is_gone = folder.remove(place, name)
    except OSError as error:
        raise VoiceFileError(f"The voice “{name}” can't be removed: {files.reason(error)}.") from error
    if not is_gone:
        known = [f"{folder.ENGINE}/{one}" for one in folder.names(place)]
        raise VoiceFileError(no_voice(f"{folder.ENGINE}/{name}", known))
    ask_running("voices-changed")
    answer = {"id": f"{folder.ENGINE}/{name}", "bytes": size_bytes}
    output.answer(answer, options.json, f"Removed: {folder.ENGINE}/{name}, {size_bytes / 1e6:.0f} MB")
    return 0
