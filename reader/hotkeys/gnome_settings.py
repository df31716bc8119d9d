"""Keys for GNOME before 48, which has no portal for them: custom keys in its settings, which run `harken-key`.

They are in GNOME's list only while Harken is running. What the user changes there is kept, also when Harken starts
again, until the key is changed in Harken. Keys already bound by GNOME or the user are left alone. GNOME does not report
releases, and handles repetition itself. The program in front does not get the keys, because GNOME Shell grabs them.
Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from jeepney import MatchRule, Message, message_bus

from reader import tasks
from reader.dbus import Bus, open_bus
from reader.errors import DesktopError, HotkeyError
from reader.flow import BoundKeys, Command
from reader.gsettings import gsettings
from reader.hotkeys import gnome_bindings
from reader.hotkeys.base import OnChange, OnCommand
from reader.hotkeys.chord import Chord
from reader.hotkeys.gnome_bindings import CUSTOM, LIST, MEDIA_KEYS, OWN_PATHS, Entry, Keys
from reader.hotkeys.labels import label
from reader.support import foreign, key_client
from reader.support.i18n import translate

log = logging.getLogger(__name__)
T = TypeVar("T")

_SETTLED_S = 0.2  # one change in a settings window arrives as several
_DAEMON = "org.gnome.SettingsDaemon.MediaKeys"


class GnomeSettingsHotkeys:
    """Implements HotkeyBackend. Its commands come from `harken-key`, over the session bus."""

    name = "gnome settings"
    swallows = True
    asks_user = False
    sees_conflicts = True
    has_escape = False

    def __init__(self, program: str, bus: Bus) -> None:
        """`program` is the path of harken-key."""
        self.on_change: OnChange = lambda _: None
        self._program = program
        self._bus = bus
        self._wanted: dict[Command, Chord] = {}
        self._keys: BoundKeys | None = None  # the current keys, None while they may have changed
        self._news = 0  # how many changes were reported
        self._told: BoundKeys | None = None  # last value returned or reported
        self._in_list: dict[str, tuple[Command, Chord]] = {}  # what we have added to GNOME's list
        self._taken_away: set[tuple[Command, Chord]] = set()  # by the user, in GNOME's settings
        self._turn = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._following: asyncio.Task[None] | None = None
        self._end_listening = bus.listen(_DCONF, self._on_dconf)

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        async with self._turn:
            with contextlib.suppress(DesktopError):  # a round trip, after which earlier changes are known
                await self._bus.ask(message_bus.GetId())
            if self._keys is None or dict(wanted) != self._wanted:
                self._wanted, self._keys = dict(wanted), None  # None until known, in case this is cancelled
                self._told = await self._look_and_apply()
                return self._told
            return self._keys

    def bind_escape(self, command: Command | None) -> None:
        """Not available: it can't be taken just while something is being read."""

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing to do: these keys don't take the focus."""

    async def close(self) -> None:
        self.on_change = lambda _: None
        self._end_listening()
        if self._timer:
            self._timer.cancel()
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        async with self._turn:
            if not self._bus.is_gone:
                self._wanted = {}
                with contextlib.suppress(DesktopError):
                    await let_go()
                await self._bus.close()

    # ---- what GNOME has, and should have ----

    async def _look_and_apply(self) -> BoundKeys:
        """Return the current keys. Looks again later if Harken or another program changes something in the meantime."""
        news = self._news
        try:
            keys = await self._apply()
        except DesktopError as error:
            log.warning("no keys: %s", error)
            sentence = translate("reader", "GNOME's settings can't be changed: {why}.").format(why=error)
            keys = BoundKeys(refused=dict.fromkeys(self._wanted, sentence))
        self._keys = keys if news == self._news else None
        return keys

    async def _apply(self) -> BoundKeys:
        """Make GNOME's settings match the wanted keys. Raises DesktopError."""
        listed = await _get_list()
        self._taken_away |= {wish for path, wish in self._in_list.items() if path not in listed}
        others = await _find_taken([path for path in listed if path not in OWN_PATHS])
        own = await _all([_read(gnome_bindings.path(command)) for command in self._wanted])
        names: dict[Command, str] = {}
        refused: dict[Command, str] = {}
        kept: dict[str, tuple[Command, Chord]] = {}
        for (command, chord), found in zip(self._wanted.items(), own, strict=True):
            entry = gnome_bindings.entry(self._program, command, chord, label(command))
            has_changed = found.wish == entry.wish and found.binding != entry.binding  # by the user, there
            name = gnome_bindings.shown(found.binding) if has_changed else str(chord)
            used = "" if has_changed else gnome_bindings.owner(chord, others)
            is_taken_away = not name or (command, chord) in self._taken_away
            if used:
                sentence = translate("reader", "{chord} is taken by {owner}.")
                refused[command] = sentence.format(chord=chord, owner=foreign.shown(used))
                continue
            if is_taken_away:
                sentence = translate("reader", "You have removed the key for “{command}” in GNOME's settings.")
                refused[command] = sentence.format(command=label(command))
            else:
                names[command] = name
            if name and is_taken_away:
                continue
            path = gnome_bindings.path(command)
            kept[path] = (command, chord)
            await _write(path, found, replace(entry, binding=found.binding) if has_changed else entry)
        latest = await _get_list()  # another program may have changed it in the meantime
        gone = set(listed) - set(latest)
        now = [*(path for path in latest if path not in OWN_PATHS), *(path for path in kept if path not in gone)]
        if now != latest:
            await _set_list(now)
        self._in_list = kept
        return BoundKeys(names, refused)

    # ---- what the user does in GNOME's settings ----

    def _on_dconf(self, message: Message) -> None:
        prefix, changes, _ = message.body
        at = [prefix + change for change in changes] or [prefix]
        if any(one.startswith(folder) or folder.startswith(one) for one in at for folder in gnome_bindings.FOLDERS):
            self._keys = None
            self._news += 1
            if self._timer:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(_SETTLED_S, self._follow)

    def _follow(self) -> None:
        self._following = tasks.start(self._look_again(), "GNOME's settings")

    async def _look_again(self) -> None:
        async with self._turn:
            if self._keys is None and self._wanted:
                keys, told = await self._look_and_apply(), self._told
                if keys != told:
                    self._told = keys
                    self.on_change(keys)


_DCONF = MatchRule(
    type="signal", interface="ca.desrt.dconf.Writer", path="/ca/desrt/dconf/Writer/user", member="Notify"
)


async def open_hotkeys(on_command: OnCommand) -> GnomeSettingsHotkeys:
    """Open the back end. `HotkeyEntry` in choose.py says what is raised."""
    program = await asyncio.to_thread(key_client.path)
    if not program:
        raise HotkeyError(translate("reader", "The program “harken-key” is not installed."))
    try:
        bus = await open_bus()
        try:
            (has_daemon,) = await bus.ask(message_bus.NameHasOwner(_DAEMON))
            if not has_daemon:
                raise DesktopError("gnome-settings-daemon, which runs GNOME's own keys, is not running")
            await _get_list()
            await bus.follow(_DCONF)
        except BaseException:
            await bus.close()
            raise
    except DesktopError as error:
        raise HotkeyError(str(error)) from error
    return GnomeSettingsHotkeys(program, bus)


async def let_go() -> bool:
    """Remove from GNOME's list what a killed Harken left there. Returns whether it had. Raises DesktopError."""
    listed = await _get_list()
    others = [path for path in listed if path not in OWN_PATHS]
    if others != listed:
        await _set_list(others)
    return others != listed


async def forget() -> bool:
    """Remove all that Harken has put into GNOME's settings. Returns whether there was anything. Raises DesktopError."""
    listed = await _get_list()
    found = await _all([_read(path) for path in sorted(OWN_PATHS)])
    if all(entry == Entry() for entry in found) and not OWN_PATHS & set(listed):
        return False
    await _set_list([path for path in listed if path not in OWN_PATHS])
    for path, entry in zip(sorted(OWN_PATHS), found, strict=True):
        if entry != Entry():
            await gsettings("reset-recursively", f"{CUSTOM}:{path}")
    return True


# ---- gsettings ----


async def _get_list() -> list[str]:
    return gnome_bindings.paths(await gsettings("get", MEDIA_KEYS, LIST))


async def _set_list(paths: list[str]) -> None:
    await gsettings("set", MEDIA_KEYS, LIST, gnome_bindings.listed(paths))


async def _read(path: str) -> Entry:
    return gnome_bindings.read_entry(await gsettings("list-recursively", f"{CUSTOM}:{path}"))


async def _write(path: str, found: Entry, entry: Entry) -> None:
    for key in ("name", "command", "binding"):
        if (value := getattr(entry, key)) != getattr(found, key):
            await gsettings("set", f"{CUSTOM}:{path}", key, gnome_bindings.quoted(value))


async def _find_taken(custom: list[str]) -> dict[Keys, str]:
    """The keys that others have, with their owners. A schema missing from this GNOME has none."""
    found: dict[Keys, str] = {}
    for printed in await _all([_schema(name) for name in gnome_bindings.OTHERS]):
        found |= {keys: f"GNOME ({use})" for keys, use in gnome_bindings.taken(printed).items()}
    for entry in await _all([_read(path) for path in custom]):
        if keys := gnome_bindings.keys_of(entry.binding):
            found[keys] = entry.name or entry.command
    return found


async def _schema(name: str) -> str:
    with contextlib.suppress(DesktopError):
        return await gsettings("list-recursively", name)
    return ""


async def _all(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Run all of them and return their results. Raises what any of them raises."""
    found = await asyncio.gather(*work, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return [one for one in found if not isinstance(one, BaseException)]
