"""`harken speak`: through the running Harken if there is one, whose voices are warm, else by itself."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from pathlib import Path

from reader.cli.usage import UsageError
from reader.errors import InstanceError, SettingsError
from reader.ipc.client import Client
from reader.settings.paths import socket_address
from reader.support import foreign

_USUAL_ENGINE = "espeak"


def speak(options: argparse.Namespace) -> int:
    """Read a file, a text or standard input. Raises UsageError, HarkenError."""
    if options.text is not None and options.file is not None:
        raise UsageError("Give a file or --text, not both.", options.parser)
    voice_id = _voice_id(options)

    from reader import speak as reading

    source = _source(options)
    if options.out:
        reading.check_recording(options.out, source)
    if options.ssml:
        source = reading.document(source)
    request = reading.Request(voice_id, options.lang, options.rate, options.out, options.ssml, options.fall_back)
    if request.out is None:
        try:
            client = Client(socket_address())
        except InstanceError:
            pass
        else:
            return reading.through_instance(client, request, source)
    return reading.alone(request, source)


def _source(options: argparse.Namespace) -> str | int:
    """The text to read, or the file descriptor it comes from. Raises SettingsError."""
    if options.text is not None:
        return str(options.text)
    if options.file is None or options.file == "-":
        return sys.stdin.fileno()
    try:
        if Path(options.file).is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        return os.open(options.file, os.O_RDONLY)
    except OSError as error:
        raise SettingsError(f"{options.file} can't be read: {error.strerror}.") from error


def _voice_id(options: argparse.Namespace) -> str:
    """The voice asked for: a whole id, or a name within an engine, or an engine's own."""
    voice, engine = options.voice, options.engine
    if voice is None:
        return f"{engine}/" if engine else ""
    if not voice or foreign.fault_in(voice, foreign.NAME_CHARS):
        raise UsageError("--voice needs a voice's name; “harken voices” lists them.", options.parser)
    if "/" not in voice:
        return f"{engine or _USUAL_ENGINE}/{voice}"
    if engine and not voice.startswith(f"{engine}/"):
        raise UsageError(f"“{foreign.shown(voice)}” is no voice of --engine {engine}.", options.parser)
    return str(voice)
