"""What a command to the running Harken imports, by name: who gives one waits for every module of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.cli import parser, plain
from reader.commands import Command
from tests.architecture.test_imports import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there, the socket is a pipe")

# Those of every command.
COMMON = {
    *("reader", "reader.commands", "reader.desktop", "reader.desktop.launch", "reader.errors"),
    *("reader.cli", "reader.cli.commands", "reader.cli.main", "reader.cli.output", "reader.cli.plain"),
    *("reader.cli.streams", "reader.cli.usage"),
    *("reader.ipc", "reader.ipc.choose", "reader.ipc.client", "reader.ipc.protocol", "reader.ipc.unix"),
    *("reader.support", "reader.support.core_dumps", "reader.support.foreign", "reader.support.i18n"),
    *("ui", "ui.launch"),
}
PARSED = COMMON | {"reader.cli.argument_parser", "reader.cli.parser"}
SPOKEN = PARSED | {
    *("reader.audio", "reader.audio.formats", "reader.cli.speak", "reader.cli.through", "reader.core"),
    *("reader.core.pieces", "reader.documents", "reader.documents.printed", "reader.voices", "reader.voices.registry"),
}
# Of the standard library, what takes as long as all of the above.
HEAVY = {"asyncio", "inspect", "logging", "pathlib", "shutil", "subprocess", "tempfile", "threading", "urllib"}
_RUN = (
    "import sys\n"
    "before = set(sys.modules)\n"
    "from ui.launch import main\n"
    "code = main()\n"
    "print(*set(sys.modules) - before, file=sys.stderr)\n"
    "sys.exit(code)\n"
)


@pytest.fixture
def running() -> Iterator[dict[str, str]]:
    """A Harken that does and has read whatever it is asked; the environment in which it is found."""
    folder = tempfile.mkdtemp()  # pytest's has a path that is too long for a socket
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(Path(folder) / "harken.sock"))
        listener.listen()
        serving = threading.Thread(target=_serve, args=(listener,))
        serving.start()
        kept = {key: value for key, value in os.environ.items() if key != "HARKEN_HOLDS"}
        yield {**kept, "XDG_RUNTIME_DIR": folder, "PYTHONPATH": str(ROOT)}
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()
    shutil.rmtree(folder)


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            client = listener.accept()[0]
        except OSError:  # it is closed
            return
        with client, client.makefile("rb") as lines:
            is_speaking = b'"speak"' in lines.readline()
            while is_speaking and b'"end"' not in lines.readline():
                pass
            client.sendall(b'{"ok": true, "ended": "whole"}\n')


def loaded(environment: dict[str, str], *arguments: str) -> set[str]:
    """What `harken` with these arguments imports."""
    command = [sys.executable, "-c", _RUN, *arguments]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "most"),
    [
        ("stop", COMMON),
        ("read", COMMON),
        ("read document", COMMON),
        ("show", PARSED),
        ("speak --text hi --engine espeak", SPOKEN),
    ],
    ids=["stop", "read", "read document", "show", "speak"],
)
def test_it_imports_next_to_nothing(words: str, most: set[str], running: dict[str, str]) -> None:
    found = loaded(running, *words.split())
    ours = {name for name in found if name.partition(".")[0] in ("reader", "ui")}
    assert ours == most
    others = {name.partition(".")[0] for name in found - ours}
    # argparse wants one of them, dataclasses the other.
    assert not others & (HEAVY if most is COMMON else HEAVY - {"shutil", "inspect"})
    assert not others - sys.stdlib_module_names


def test_every_plain_command_is_parsed_in_the_same_way() -> None:
    asked: dict[tuple[str, ...], Command] = {("read",): Command.READ_SELECTION}
    asked |= {("read", what): command for what, command in plain.READ.items()}
    asked |= {(name,): command for name, (command, _) in plain.PLAIN.items()}
    assert {words: plain.asked(words) for words in asked} == asked
    for words in asked:
        assert parser.make_parser(words[0]).parse_args(words).do


@pytest.mark.parametrize("words", [(), ("read", "x"), ("stop", "now"), ("reading",), ("speak",), ("-h",)])
def test_all_else_is_parsed(words: tuple[str, ...]) -> None:
    assert plain.asked(words) is None


def test_each_part_of_the_command_line_adds_the_commands_that_it_names() -> None:
    assert _commands(parser.make_parser()) == [*(name for names, _ in parser.PARTS for name in names), "help"]
    for names, _ in parser.PARTS:
        assert all(_commands(parser.make_parser(name)) == list(names) for name in names)


def _commands(made: object) -> list[str]:
    action = next(a for a in made._actions if isinstance(a, parser.Commands))  # type: ignore[attr-defined]
    return list(action.choices)
