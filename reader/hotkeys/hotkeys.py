"""The keys of this desktop: uses the first back end that works, and never takes a key that would type.

Core thread, except for the two callbacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys import choose
from reader.hotkeys.base import HotkeyBackend, OnChange, OnCommand, Presence
from reader.hotkeys.choose import HotkeyEntry
from reader.hotkeys.chord import Chord
from reader.hotkeys.none import NoHotkeys
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# One message for all of them, so that a user with nine such keys is told only once.
_UNSAFE = QT_TRANSLATE_NOOP(
    "reader",
    "On this desktop, Harken's keys would also reach the program in front and could change its text. Choose F1 to "
    "F24 or Pause on the Keys page of the settings.",
)


class Hotkeys:
    """`backend` is the one in use; `refusals` has those tried before it, each with the reason."""

    def __init__(
        self,
        on_command: OnCommand,
        on_change: OnChange = lambda _: None,
        entries: Iterable[HotkeyEntry] | None = None,
        on_switch: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_command` and `on_change` are called on any thread. `entries` are what to try; by default all.

        `on_switch` is called, on the core thread, when `switch` should be called: the back end has gone, or a better
        one has appeared.
        """
        self.backend: HotkeyBackend = NoHotkeys()
        self.refusals: list[tuple[str, str]] = []  # (back end, why not)
        self._on_command = on_command
        self._on_change = on_change
        self._on_switch = on_switch
        self._entries = list(choose.BACKENDS if entries is None else entries)
        self._left: Iterator[HotkeyEntry] = iter(self._entries)
        self._entry: HotkeyEntry | None = None  # the entry in use
        self._presences: dict[HotkeyEntry, Presence] = {}
        self._unsafe: dict[Command, str] = {}  # refused without asking
        self._escape: Command | None = None
        self._spares_focus = False

    async def open(self) -> None:
        """Open the first back end that works, or the next one; after the last comes one that takes no keys."""
        self._entry = None
        for entry in self._left:
            if not entry.is_here:
                continue
            try:
                if why := entry.why_not():
                    raise HotkeyError(why)
                if entry.comes_and_goes and entry not in self._presences:
                    self._presences[entry] = await entry.watch(partial(self._follow, entry))
                self.backend = await entry.open(self._on_command)
            except HotkeyError as error:
                self.refusals.append((entry.name, error.sentence))
            else:
                self._entry = entry
                self.backend.on_change = self._changed
                self.backend.spare_focus(self._spares_focus)
                self.bind_escape(self._escape)
                return
        self.backend = NoHotkeys()

    async def switch(self) -> tuple[str, bool] | None:
        """Release all keys, and open the first back end that works now. `bind` takes them again.

        Returns what to tell the user, to be translated, and whether it is a problem; None if the back end is unchanged.
        """
        before = self._entry
        await self.backend.close()
        self.refusals.clear()
        self._left = iter(self._entries)
        await self.open()
        if self._entry is before:  # it was only briefly away
            return None
        if self._entry and self._entry.back:
            return self._entry.back, False
        return (before.gone, True) if before and before.gone else None

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """Take these keys, and release all others: see HotkeyBackend."""
        while True:
            safe = {command: chord for command, chord in wanted.items() if self.backend.swallows or not chord.types}
            self._unsafe = dict.fromkeys(wanted.keys() - safe.keys(), translate("reader", _UNSAFE))
            try:
                return self._with_unsafe(await self.backend.bind(safe))
            except HotkeyError as error:
                self.refusals.append((self.backend.name, error.sentence))
                await self.backend.close()
                await self.open()

    def bind_escape(self, command: Command | None) -> None:
        """Take Esc as well, if available, or release it with None."""
        self._escape = command
        if self.backend.has_escape:
            self.backend.bind_escape(command)

    def spare_focus(self, is_wanted: bool) -> None:
        """Choose whether the program in front must keep the focus even while a key is down: see HotkeyBackend."""
        self._spares_focus = is_wanted
        self.backend.spare_focus(is_wanted)

    async def close(self) -> None:
        """Release all keys."""
        for presence in self._presences.values():
            await presence.close()
        await self.backend.close()

    def _follow(self, entry: HotkeyEntry) -> None:
        """Handle a back end coming or going."""
        if self._presences[entry].is_here:
            now = self._entries.index(self._entry) if self._entry else len(self._entries)
            is_due = self._entries.index(entry) < now
        else:
            is_due = entry is self._entry
        if is_due:
            self._on_switch()

    def _changed(self, keys: BoundKeys) -> None:
        """Any thread."""
        self._on_change(self._with_unsafe(keys))

    def _with_unsafe(self, keys: BoundKeys) -> BoundKeys:
        return replace(keys, refused={**keys.refused, **self._unsafe}, has_escape=self.backend.has_escape)
