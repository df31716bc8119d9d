"""Where no keys can be taken: commands come from the tray and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reader.flow import Command
from reader.hotkeys.chord import Chord
from reader.support.i18n import translate


class NoHotkeys:
    """See HotkeyBackend."""

    name = "no hotkeys"
    swallows = False

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None

    def bind(self, bindings: Mapping[Chord, Command]) -> dict[Chord, str]:
        """See HotkeyBackend."""
        return dict.fromkeys(
            bindings,
            translate(
                "reader",
                "Harken can't set up keys on this desktop. Bind “harken read” to a key in the desktop's own settings.",
            ),
        )

    def bind_escape(self, command: Command | None) -> None:
        """See HotkeyBackend."""

    def spare_focus(self, is_wanted: bool) -> None:
        """See HotkeyBackend. Nothing here takes it."""

    def close(self) -> None:
        """See HotkeyBackend."""
