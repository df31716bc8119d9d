"""Keys from sway, by bindings added at run time: `bindsym … nop harken WORD`, reported as events of its IPC.

The user's configuration is not changed, and keys bound there are left alone: sway itself would silently overwrite such
a binding. Reloading the configuration removes all bindings added at run time, so they are made again. Bindings that
another program added at run time can't be seen. Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import glob
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reader import tasks
from reader.errors import DesktopError, HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys import sway_ipc
from reader.hotkeys.base import Held, OnChange, OnCommand
from reader.hotkeys.chord import ESCAPE, Chord
from reader.hotkeys.sway_socket import SwaySocket
from reader.support import files
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# Limits for the files that one `include` names: the size of each, and their number.
_MAX_BYTES, _MAX_FILES = 1 << 20, 100


class SwayHotkeys:
    """Implements HotkeyBackend."""

    name = "sway"
    swallows = True
    asks_user = False
    sees_conflicts = True
    has_escape = True

    def __init__(self, on_command: OnCommand, path: str) -> None:
        """`path` is the path of sway's socket."""
        self.on_change: OnChange = lambda _: None
        self._on_command = on_command
        self._path = path
        self._held = Held()
        self._socket: SwaySocket | None = None
        self._wanted: dict[Command, Chord] = {}
        self._escape: Command | None = None
        self._taken: set[Chord] = set()  # by the user's configuration
        self._faulty: set[Chord] = set()  # keys that sway does not know
        self._bound: dict[Chord, Command] = {}  # including those whose state in sway is uncertain
        self._turn = asyncio.Lock()
        self._keeping: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        self._is_closed = False

    async def start(self) -> None:
        """Connect. Raises DesktopError."""
        await self._connect()
        self._keeping = tasks.keep(self._follow, "keys of sway")

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        self._wanted = dict(wanted)
        async with self._turn:
            return await self._look_and_apply()

    def bind_escape(self, command: Command | None) -> None:
        if command is not self._escape and not self._is_closed:
            self._escape = command
            self._following = tasks.start(self._follow_escape(), "take Esc")

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing to do: bindings don't take the focus."""

    async def close(self) -> None:
        self._is_closed = True
        self.on_change = lambda _: None
        for task in (self._keeping, self._following):
            if task:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        async with self._turn:
            self._escape = None
            with contextlib.suppress(DesktopError):
                await self._apply({})
            if self._socket:
                await self._socket.close()
                self._socket = None

    # ---- what sway has, and should have ----

    async def _look_and_apply(self) -> BoundKeys:
        """Read the user's configuration, and bind what is wanted. One call at a time."""
        wanted = dict(self._wanted)
        try:
            self._taken = await self._find_taken() if wanted else self._taken
            self._faulty.clear()
            await self._apply(wanted)
        except DesktopError as error:
            log.warning("no keys: %s", error)
            return self._lost(wanted)
        names, refused = {}, {}
        for command, chord in wanted.items():
            if chord in self._taken:
                refused[command] = translate("reader", "{chord} is taken by {owner}.").format(chord=chord, owner="sway")
            elif chord in self._faulty:
                refused[command] = translate("reader", "This keyboard has no key {key}.").format(key=chord.key)
            else:
                names[command] = str(chord)
        return BoundKeys(names, refused)

    async def _apply(self, wanted: Mapping[Command, Chord]) -> None:
        """Bind exactly these, as far as possible, and Esc if wanted. Raises DesktopError."""
        chords = {chord: command for command, chord in wanted.items()}
        if self._escape:
            chords[ESCAPE] = self._escape
        chords = {chord: command for chord, command in chords.items() if chord not in self._taken | self._faulty}
        for chord in [chord for chord, command in self._bound.items() if chords.get(chord) is not command]:
            await self._run(sway_ipc.unbind(chord))
            del self._bound[chord]
        for chord, command in chords.items():
            if chord not in self._bound:
                self._bound[chord] = command
                if fault := await self._run(sway_ipc.bind(chord, command)):
                    await self._run(sway_ipc.unbind(chord))
                    del self._bound[chord]
                    self._faulty.add(chord)
                    log.warning("sway refused a key: %s", fault)

    def _lost(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        return BoundKeys(refused=dict.fromkeys(wanted, translate("reader", "The display is not responding.")))

    async def _follow_escape(self) -> None:
        async with self._turn:
            with contextlib.suppress(DesktopError):
                await self._apply(self._wanted)

    async def _run(self, command: str) -> str:
        """Run a command in sway. Returns why it failed, or "". Raises DesktopError."""
        return sway_ipc.fault(await self._ask(sway_ipc.RUN_COMMAND, command))

    async def _ask(self, kind: int, text: str = "") -> Any:
        if self._socket is None:
            raise DesktopError("sway: there is no connection")
        return await self._socket.ask(kind, text)

    async def _find_taken(self) -> set[Chord]:
        """The user's own bindings. Raises DesktopError."""
        config = await self._ask(sway_ipc.GET_CONFIG)
        version = await self._ask(sway_ipc.GET_VERSION)
        text = config.get("config", "") if isinstance(config, dict) else ""
        file = version.get("loaded_config_file_name", "") if isinstance(version, dict) else ""
        folder = Path(str(file)).parent
        return await asyncio.to_thread(sway_ipc.taken, str(text), lambda name: _included(folder, name))

    # ---- what sway does ----

    async def _connect(self) -> None:
        self._socket = None
        made = await SwaySocket.open(self._path, self._on_event)
        try:
            if not (await made.ask(sway_ipc.SUBSCRIBE, '["binding", "workspace"]')).get("success"):
                raise DesktopError("sway: no events")
        except BaseException as error:
            await made.close()
            if isinstance(error, AttributeError):
                raise DesktopError("sway: no answer to a subscription") from error
            raise
        self._socket = made

    async def _follow(self) -> None:
        """Stay connected until sway closes the connection. Then bind the keys again on a new one."""
        if self._socket is None:
            try:
                await self._connect()
            except DesktopError as error:
                log.info("no keys: %s", error)
                return
            await self._bind_again()
        if self._socket:
            await self._socket.wait_until_gone()
            await self._socket.close()
            self._socket = None
            self.on_change(self._lost(self._wanted))

    async def _bind_again(self) -> None:
        """Bind again from scratch, since nothing is bound any more."""
        async with self._turn:
            if not self._is_closed:
                self._bound.clear()
                self.on_change(await self._look_and_apply())

    def _on_event(self, kind: int, body: Any) -> None:
        if kind == sway_ipc.WORKSPACE_EVENT and sway_ipc.is_reload(body):
            self._following = tasks.start(self._bind_again(), "bind again")
        elif kind == sway_ipc.BINDING_EVENT and (found := sway_ipc.pressed(body)):
            word, is_released = found
            command = Command(word) if word in {str(command) for command in Command} else None
            if command and is_released:
                self._held.release(command)
            elif command and not self._is_closed and self._held.press(command):
                self._on_command(command)


async def open_hotkeys(on_command: OnCommand) -> SwayHotkeys:
    """Open the back end. `HotkeyEntry` in choose.py says what is raised."""
    backend = SwayHotkeys(on_command, os.environ.get("SWAYSOCK", ""))
    try:
        await backend.start()
    except DesktopError as error:
        raise HotkeyError(str(error)) from error
    return backend


def _included(folder: Path, name: str) -> list[str]:
    """The files that an `include` names, resolved as in sway: relative to the configuration, with patterns."""
    pattern = os.path.join(folder, os.path.expanduser(os.path.expandvars(name.strip("\"'"))))
    found = []
    for path in sorted(glob.glob(pattern))[:_MAX_FILES]:
        with contextlib.suppress(OSError, files.DamagedFileError):
            found.append(files.read_bytes(Path(path), _MAX_BYTES).decode(errors="replace"))
    return found
