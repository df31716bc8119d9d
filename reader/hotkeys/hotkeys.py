"""The keys of this desktop: asks the first back end that can take any, and never for a key that would type.

Core thread, but for the two calls back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys import choose
from reader.hotkeys.base import HotkeyBackend, OnChange, OnCommand
from reader.hotkeys.choose import HotkeyEntry
from reader.hotkeys.chord import Chord
from reader.hotkeys.none import NoHotkeys
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# One for all, so that a user with nine such keys is told once.
_UNSAFE = QT_TRANSLATE_NOOP(
    "reader",
    "On this desktop, Harken's keys would also reach the program in front and could change its text. Choose F1 to "
    "F24 or Pause in the settings, page Keys.",
)


class Hotkeys:
    """`backend` is the one in use, `refusals` has those before it, each with the reason."""

    def __init__(
        self, on_command: OnCommand, on_change: OnChange = lambda _: None, entries: Iterable[HotkeyEntry] | None = None
    ) -> None:
        """Both are called on any thread. `entries` are what to try; by default every back end there is."""
        self.backend: HotkeyBackend = NoHotkeys()
        self.refusals: list[tuple[str, str]] = []  # (back end, why not)
        self._on_command = on_command
        self._on_change = on_change
        self._entries: Iterator[HotkeyEntry] = iter(choose.BACKENDS if entries is None else entries)
        self._unsafe: dict[Command, str] = {}  # refused without asking
        self._escape: Command | None = None
        self._spares_focus = False

    async def open(self) -> None:
        """Open the first back end that works, or the next one; after the last one there is none that takes keys."""
        for entry in self._entries:
            if not entry.is_here:
                continue
            try:
                if why := entry.why_not():
                    raise HotkeyError(why)
                self.backend = await entry.open(self._on_command)
            except HotkeyError as error:
                self.refusals.append((entry.name, error.sentence))
            else:
                self.backend.on_change = self._changed
                self.backend.spare_focus(self._spares_focus)
                self.bind_escape(self._escape)
                return
        self.backend = NoHotkeys()

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """Take these keys, and let go of all others: see HotkeyBackend."""
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
        """Take Esc as well, where it is available, or release it with None."""
        self._escape = command
        if self.backend.has_escape:
            self.backend.bind_escape(command)

    def spare_focus(self, is_wanted: bool) -> None:
        """Leave the focus to the program in front also while a key is down: see HotkeyBackend."""
        self._spares_focus = is_wanted
        self.backend.spare_focus(is_wanted)

    async def close(self) -> None:
        """Let go of all keys."""
        await self.backend.close()

    def _changed(self, keys: BoundKeys) -> None:
        """Any thread."""
        self._on_change(self._with_unsafe(keys))

    def _with_unsafe(self, keys: BoundKeys) -> BoundKeys:
        return replace(keys, refused={**keys.refused, **self._unsafe}, has_escape=self.backend.has_escape)
