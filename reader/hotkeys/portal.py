"""Keys from the desktop itself, through its portal (GlobalShortcuts): GNOME 48 and later, KDE Plasma 6, Hyprland.

The desktop keeps them from the program in front, may ask the user first, and remembers the answer. They last for a
session with the portal, so they are requested at every start, and again if the portal restarts, ends the session, or
the bus changes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reader import tasks
from reader.errors import DesktopError, HotkeyError, NoAnswerError
from reader.flow import BoundKeys, Command
from reader.hotkeys import by_hand, kde, portal_session, portal_shortcuts
from reader.hotkeys.base import Held, OnChange, OnCommand
from reader.hotkeys.chord import Chord
from reader.hotkeys.portal_session import PortalSession, UnknownProgramError
from reader.support.i18n import translate

log = logging.getLogger(__name__)

_REFUSED = 1  # the response code when the user refused


class PortalHotkeys:
    """Implements HotkeyBackend."""

    name = "portal"
    swallows = True
    asks_user = True
    sees_conflicts = False
    has_escape = False

    def __init__(self, on_command: OnCommand) -> None:
        """Contacts nothing yet."""
        self.on_change: OnChange = lambda _: None
        self._on_command = on_command
        self._held = Held()
        self._wanted: dict[Command, Chord] = {}
        self._session: PortalSession | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._changing: asyncio.Task[None] | None = None  # running until a change by the user is reported
        self._is_declined = False  # the user refused, so don't ask again

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """If the portal does not answer, or does not know Harken yet, keep asking until it does."""
        await self._end()
        self._wanted = dict(wanted)
        if not wanted:
            return BoundKeys()
        try:
            keys = await self._ask()
        except NoAnswerError as error:
            log.warning("no keys yet: %s", error)
            keys = self._none(
                translate("reader", "Your desktop is not responding. Harken keeps asking it for its keys.")
            )
        except UnknownProgramError as error:
            log.warning("no keys yet: %s", error)
            why = translate(
                "reader", "Your desktop does not know Harken yet, so Harken has no keys. Log out and in again."
            )
            keys = replace(self._none(why), advice=by_hand.advice())
        except DesktopError as error:
            raise HotkeyError(str(error)) from error
        if not self._is_declined:
            self._keeping = tasks.keep(self._follow, "keys of the portal")
        return keys

    def bind_escape(self, command: Command | None) -> None:
        pass

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing to do: a portal's keys don't take the focus."""

    async def close(self) -> None:
        self.on_change = lambda _: None
        await self._end()

    async def _end(self) -> None:
        for task in filter(None, (self._keeping, self._changing)):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._keeping = self._changing = None
        await self._end_session()

    async def _end_session(self) -> None:
        session, self._session = self._session, None
        if session:
            await session.close()

    async def _ask(self) -> BoundKeys:
        """Open a session in which the portal grants what is wanted. Raises DesktopError."""
        self._is_declined = False
        session = await portal_session.open_session(self._on_signal)
        try:
            code, results = await session.bind(portal_shortcuts.shortcuts(self._wanted))
            self._session = session  # changes are reported from here on
            # GNOME 48 returns a non-zero code even on success: what counts is what was granted.
            keys = await self._given(session, results.get("shortcuts", ("", ()))[1])
        except BaseException:
            self._session = None
            await session.close()
            raise
        if keys:
            return keys
        await self._end_session()
        if session.unregistered and code != _REFUSED:
            raise UnknownProgramError(session.unregistered)
        self._is_declined = True
        why = translate("reader", "Your desktop gave Harken no keys. Quit Harken and start it again to be asked again.")
        return replace(self._none(why), advice=by_hand.advice())

    async def _given(self, session: PortalSession, answer: object) -> BoundKeys | None:
        """The keys granted according to the portal and, for KDE's portal, to kglobalaccel."""
        keys = portal_shortcuts.bound(self._wanted, answer)
        if keys is None:
            return None
        return await kde.corrected(session.bus, self._wanted, replace(keys, advice=by_hand.kept()))

    def _none(self, why: str) -> BoundKeys:
        return BoundKeys(refused=dict.fromkeys(self._wanted, why))

    async def _follow(self) -> None:
        """Keep the session until it is lost; without one, request the keys first. Ends once the user refuses."""
        if not self._session:
            try:
                self.on_change(await self._ask())
            except DesktopError as error:
                log.info("no keys: %s", error)
        if self._session:
            await self._session.wait_until_lost()
            log.info("the portal has let go of the keys; they are asked for again")
            await self._end_session()
            self.on_change(BoundKeys())
        elif self._is_declined and self._keeping:
            self._keeping.cancel()

    def _on_signal(self, name: str, body: tuple[Any, ...]) -> None:
        session = self._session.path if self._session else ""
        command = portal_shortcuts.command_of(body, session)
        if name == "Activated" and command in self._wanted:
            if self._held.press(command):
                self._on_command(command)
        elif name == "Deactivated" and command:
            self._held.release(command)
        elif name == "ShortcutsChanged" and len(body) == 2 and body[0] == session:
            if self._changing:
                self._changing.cancel()  # superseded by this change
            self._changing = tasks.start(self._tell_change(body[1]), "changed keys of the portal")

    async def _tell_change(self, answer: object) -> None:
        if self._session:
            keys = await self._given(self._session, answer)
            self.on_change(
                keys
                or self._none(
                    translate(
                        "reader",
                        "Your desktop has taken Harken's keys away. Quit Harken and start it again to be asked again.",
                    )
                )
            )


async def open_hotkeys(on_command: OnCommand) -> PortalHotkeys:
    """Open the back end. `HotkeyEntry` in choose.py says what is raised. A portal that is slow to start is fine."""
    try:
        await portal_session.look()
    except NoAnswerError as error:
        log.warning("the portal is slow: %s", error)
    except DesktopError as error:
        raise HotkeyError(str(error)) from error
    return PortalHotkeys(on_command)
