"""`harken speak`: through the running Harken if there is one, whose voices are warm, else by itself."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from typing import TYPE_CHECKING

from reader.cli import output
from reader.cli.commands import is_running
from reader.cli.usage import UsageError, not_one_of
from reader.errors import NotRunningError, NotTextError
from reader.ipc.choose import socket_address
from reader.ipc.client import InstanceClient
from reader.support import foreign
from reader.voices import registry

if TYPE_CHECKING:
    from reader.documents.source import TextSource


def speak(options: argparse.Namespace) -> int:
    """Read a file, a text or standard input. Raises UsageError, HarkenError."""
    if options.text is not None and options.file is not None:
        raise UsageError("Give a file or --text, not both.", options.parser)
    voice_id = _voice_id(options)

    from reader.cli import reading as reading

    source = _source(options)
    if options.out:
        reading.check_recording(options.out, source)
    if not isinstance(source, str) and source.is_terminal:
        end = "Ctrl+Z and Enter" if sys.platform == "win32" else "Ctrl+D"
        output.complain(f"Type or paste your text. Harken reads it line by line. {end} on its own line ends it.")
    if options.ssml:
        source = reading.document(source)
    request = reading.SpeakRequest(voice_id, options.lang, options.rate, options.out, options.ssml, options.fall_back)
    if request.out is None and is_running():
        if not isinstance(source, str):
            source.begin()  # before what is being read is interrupted for it
        with contextlib.suppress(NotRunningError):
            return reading.through_instance(InstanceClient(socket_address()), request, source)
    return reading.alone(request, source)


def _source(options: argparse.Namespace) -> str | TextSource:
    """The text to read, or where it comes from. Raises NotTextError."""
    from reader.documents.source import TextSource

    if options.text is not None:
        return _characters(options.text)
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
