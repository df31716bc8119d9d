"""The back end for when no keys can be taken: commands come from the tray and the command line."""

from __future__ import annotations

from collections.abc import Mapping

from reader.flow import BoundKeys, Command
from reader.hotkeys import by_hand
from reader.hotkeys.base import OnChange
from reader.hotkeys.chord import Chord
from reader.support import display
from reader.support.i18n import translate


class NoHotkeys:
    """Implements HotkeyBackend."""

    name = "no hotkeys"
    swallows = True
    asks_user = False
    sees_conflicts = False
    has_escape = False

    def __init__(self) -> None:
        self.on_change: OnChange = lambda _: None

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        sentence = translate(
            "reader",
            "Harken can't set up keys on this desktop. Assign a key to the command “harken-key read” in the"
            " desktop's own settings.",
        )
        if not display.is_there():
            sentence = translate("reader", "This session has no desktop that could give Harken keys.")
        return BoundKeys(refused=dict.fromkeys(wanted, sentence), advice=by_hand.advice())

    def bind_escape(self, command: Command | None) -> None:
        pass

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing to do: there are no keys."""

    async def close(self) -> None:
        pass
