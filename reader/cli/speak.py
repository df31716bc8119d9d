"""`harken speak`: through the running Harken if there is one, whose voices are warm, else by itself."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from reader.audio import formats
from reader.cli import output
from reader.cli.commands import is_running, running_one
from reader.cli.through import SpeakRequest, through_instance
from reader.cli.usage import UsageError, not_one_of
from reader.core.pieces import pieces
from reader.errors import NotRunningError, NotTextError
from reader.ipc.choose import socket_address
from reader.ipc.client import InstanceClient
from reader.support import foreign
from reader.voices import registry

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from reader.audio.formats import SoundFormat
    from reader.core.pieces import Text
    from reader.documents.source import TextSource

_SUFFIXES = "{} or {}".format(", ".join(formats.SUFFIXES[:-1]), formats.SUFFIXES[-1])


def speak(options: argparse.Namespace) -> int:
    """Read a file, a text or standard input. Raises UsageError, HarkenError."""
    if options.text is not None and options.file is not None:
        raise UsageError("Give a file or --text, not both.", options.parser)
    voice_id = _voice_id(options)
    out, made = _recording(options)
    source = _source(options)
    if out:
        from reader.cli.alone import check_recording

        check_recording(out, source)
    if not isinstance(source, str) and source.is_terminal:
        end = "Ctrl+Z and Enter" if sys.platform == "win32" else "Ctrl+D"
        output.complain(f"Type or paste your text. Harken reads it line by line. {end} on its own line ends it.")
    if options.ssml:
        source = _document(source)
    request = SpeakRequest(
        voice_id=voice_id,
        language=options.lang,
        speed=options.rate,
        out=out,
        format=made,
        title=_title(options),
        path="" if out or options.ssml or isinstance(source, str) else source.path,
        is_ssml=options.ssml,
        is_plain=options.plain,
        shows_progress=options.progress,
        falls_back=options.fall_back,
    )
    is_own = request.out is not None or options.trace is not None
    if not is_own and (client := _running(source, is_plain=options.plain)):
        return through_instance(client, request, source)
    from reader.cli.alone import alone

    return alone(request, source)


def _running(source: Text, *, is_plain: bool) -> InstanceClient | None:
    """The running Harken, if there is one. Raises NotTextError, and InstanceError if it no longer answers."""
    if isinstance(source, str):
        return running_one()
    if is_running():
        source.begin(is_plain=is_plain)  # before the current reading is interrupted for it
        with contextlib.suppress(NotRunningError):
            return InstanceClient(socket_address())
    return None


def _recording(options: argparse.Namespace) -> tuple[Path | None, SoundFormat]:
    """Where to record to, and in what format. Nothing is written under a name that promises something else."""
    if options.out is None:
        if options.format:
            raise UsageError("--format sets the kind of file for --out. Add --out.", options.parser)
        if options.progress:
            raise UsageError("--progress shows how far a recording is. Add --out.", options.parser)
        return None, formats.WAV
    if options.out == "-" and options.progress:
        raise UsageError("Standard output can't have both the sound and --progress.", options.parser)
    from pathlib import Path

    out, text = Path(options.out), foreign.shown(options.out)
    if options.out.endswith(("/", os.sep)):
        raise UsageError(f"--out needs a file name, not a folder: “{text}”.", options.parser)
    if options.format:
        return out, formats.named(options.format)
    made = formats.asked_by(out)
    if made is None:
        from reader.audio.choose import is_stream

        if not is_stream(out):
            raise UsageError(f"Use a name that ends in {_SUFFIXES}, not “{text}”, or add --format.", options.parser)
    return out, made or formats.WAV


def _title(options: argparse.Namespace) -> str:
    """A recording's title in its tags: the name of the file that was read."""
    if options.file in (None, "", "-"):
        return ""
    from pathlib import Path

    return foreign.sentence(Path(options.file).stem)


def _source(options: argparse.Namespace) -> str | TextSource:
    """The text to read, or where it comes from. Raises NotTextError."""
    if options.text is not None:
        return _characters(options.text)
    from reader.documents.source import TextSource

    if options.file is None or options.file == "-":
        return TextSource(sys.stdin.fileno())
    if not options.file:
        raise UsageError("Name the file to read, or - for standard input.", options.parser)
    try:
        return TextSource.at(options.file)
    except OSError as error:
        is_words = isinstance(error, FileNotFoundError) and os.sep not in options.file
        hint = " To hear these words, put --text in front of them." if is_words else ""
        raise NotTextError(f"{options.file} can't be read: {error.strerror}.{hint}") from error


def _document(source: Text) -> str:
    """A whole document of speech markup (SSML). Raises MarkupError if it is not SSML or too long, and NotTextError."""
    from reader.text.ssml import MAX_CHARS, spoken

    if not isinstance(source, str):
        source.begin(is_plain=True)
    text = ""
    for piece in pieces(source):
        text += piece
        if len(text) > MAX_CHARS:
            break
    text = text.removeprefix("\ufeff")
    spoken(text)
    return text


def _characters(text: str) -> str:
    """An argument's characters: Python marks bytes that are not in the terminal's encoding, and keeps them."""
    if text.isascii() or not any("\udc80" <= character <= "\udcff" for character in text):
        return text
    from reader.documents.decoding import Decoder

    return Decoder().decode(os.fsencode(text), is_last=True)


def _voice_id(options: argparse.Namespace) -> str:
    """The voice asked for: a whole id, or a name within an engine, or an engine's own."""
    voice, engine = options.voice, options.engine
    if voice is None:
        return f"{engine}/" if engine else ""
    if not voice or foreign.fault_in(voice, foreign.NAME_CHARS):
        raise UsageError("--voice needs the name of a voice; “harken voices” lists them.", options.parser)
    if "/" not in voice:
        return f"{engine or registry.usual()}/{voice}"
    if registry.engine_of(voice) is None:
        engines = registry.names()
        raise UsageError(not_one_of(voice.partition("/")[0], engines, "the part of --voice before “/”"), options.parser)
    if engine and not voice.startswith(f"{engine}/"):
        raise UsageError(f"“{foreign.shown(voice)}” is not a voice of --engine {engine}.", options.parser)
    return str(voice)
