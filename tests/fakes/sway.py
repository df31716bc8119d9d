"""sway's socket, as far as Harken uses it, with keys and a program in front in memory: `man 7 sway-ipc`, sway 1.10.

A binding that is there is overwritten without a word, what it does not know is a parse_error with a sentence, and a
reload ends what was bound meanwhile. It runs on the test's loop.
"""

from __future__ import annotations

import asyncio
import json
import struct
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_HEAD = struct.Struct("=6sII")
_KEYS = {
    *(f"F{number}" for number in range(1, 25)), *"abcdefghijklmnopqrstuvwxyz0123456789",
    *("Escape", "space", "Prior", "Next", "Pause"),
}  # fmt: skip
_MODIFIERS = ("Ctrl", "Mod1", "Mod4", "Shift")


class Sway:
    """`bindings` are what it has now: (keys, whether on release) -> command."""

    def __init__(self, folder: Path, config: str) -> None:
        self.path = str(folder / "sway.sock")
        self.config = config
        self.file = folder / "config"
        self.bindings: dict[tuple[str, bool], str] = {}
        self.in_front: list[str] = []  # keys that went to the program in front
        self.is_silent = False
        self._writers: dict[asyncio.StreamWriter, set[str]] = {}  # what each client follows
        self._server: asyncio.Server | None = None
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, self.path)

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await self._server.wait_closed()
        Path(self.path).unlink(missing_ok=True)

    # ---- what the user does ----

    def press(self, keys: str, times: int = 1) -> None:
        """Press a key, hold it for so many repeats, and release it. Any thread."""
        if self._thread == threading.get_ident():
            self._press(keys, times)
        else:
            self._loop.call_soon_threadsafe(self._press, keys, times)

    def _press(self, keys: str, times: int) -> None:
        if (keys, False) not in self.bindings:
            self.in_front.append(keys)
            return
        for is_release in (*[False] * times, True):
            if command := self.bindings.get((keys, is_release)):
                binding = {"command": command, "symbol": keys.split("+")[-1], "input_type": "keyboard"}
                self._tell("binding", 0x80000005, {"change": "run", "binding": binding})

    def reload(self) -> None:
        """The configuration is read again."""
        self.bindings.clear()
        self._tell("workspace", 0x80000000, {"change": "reload", "old": None, "current": None})

    # ---- its socket ----

    def _tell(self, name: str, kind: int, body: object) -> None:
        for writer, followed in self._writers.items():
            if name in followed:
                _send(writer, kind, body)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers[writer] = set()
        try:
            while True:
                magic, size, kind = _HEAD.unpack(await reader.readexactly(_HEAD.size))
                assert magic == b"i3-ipc"
                text = (await reader.readexactly(size)).decode()
                if not self.is_silent:
                    _send(writer, kind, self._answer(writer, kind, text))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            del self._writers[writer]
            writer.close()

    def _answer(self, writer: asyncio.StreamWriter, kind: int, text: str) -> object:
        match kind:
            case 0:
                return [self._run(command.strip()) for command in text.split(";")]
            case 2:
                self._writers[writer] |= set(json.loads(text))
                return {"success": True}
            case 7:
                return {"human_readable": "1.10.1", "loaded_config_file_name": str(self.file)}
            case 9:
                return {"config": self.config}
        raise AssertionError(f"asked for {kind}")

    def _run(self, command: str) -> object:
        match command.split():
            case ["bindsym", *rest]:
                is_release, (keys, *what) = _release(rest)
                if fault := _fault_of(keys):
                    return {"success": False, "parse_error": True, "error": fault}
                assert what
                self.bindings[keys, is_release] = " ".join(what)
                return {"success": True}
            case ["unbindsym", *rest]:
                is_release, (keys,) = _release(rest)
                if self.bindings.pop((keys, is_release), None) is None:
                    return {"success": False, "parse_error": True, "error": f"Could not find binding for '{keys}'"}
                return {"success": True}
        return {"success": False, "parse_error": True, "error": f"Unknown/invalid command '{command}'"}


def _release(words: list[str]) -> tuple[bool, list[str]]:
    return (True, words[1:]) if words[0] == "--release" else (False, words)


def _fault_of(keys: str) -> str:
    unknown = [name for name in keys.split("+") if name not in _MODIFIERS and name not in _KEYS]
    return f"Unknown key or button '{unknown[0]}'" if unknown else ""


def _send(writer: asyncio.StreamWriter, kind: int, body: object) -> None:
    data = json.dumps(body).encode()
    writer.write(_HEAD.pack(b"i3-ipc", len(data), kind) + data)


@asynccontextmanager
async def sway(folder: Path, config: str = "") -> AsyncIterator[Sway]:
    """One that runs."""
    made = Sway(folder, config)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
