"""Harken beside GNOME Shell and its extension, which come and go, on a real bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from jeepney import message_bus

from reader.core.bindings import Bindings
from reader.dbus import connect
from reader.flow import BoundKeys, Command, Event, KeysChanged, Notice, State
from reader.gnome_shell import install
from reader.gnome_shell.extension import ShellExtension
from reader.gnome_shell.state import Status, own_folder
from reader.hotkeys import choose as hotkeys_choose
from reader.hotkeys import gnome_settings
from reader.hotkeys.chord import Chord
from reader.hotkeys.gnome_shell import accelerator
from reader.settings.store import Settings
from tests.desktop.desk import wait_for
from tests.fakes.gnome_shell import gnome_shell
from tests.fakes.toy_hotkeys import ToyHotkeys, row

pytestmark = pytest.mark.usefixtures("gnome")

ROW = next(entry for entry in hotkeys_choose.BACKENDS if entry.name == "gnome shell")
EDITOR, OTHER = (7, 700, "org.example.Editor"), (8, 800, "org.example.Other")
READ = "<Alt><Super>r"


class Keys:
    """Bindings on GNOME, with a portal that asks behind the extension."""

    def __init__(self, folder: Path) -> None:
        self.portal = ToyHotkeys(asks_user=True, sees_conflicts=False, has_escape=False)
        self.portal.name = "portal"
        self.portal.answer(True)
        self.commands: list[Command] = []
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.bindings = Bindings(
            Settings(folder / "settings.toml"),
            self.commands.append,
            self.events.put_nowait,
            entries=[ROW, row(self.portal)],
        )

    @property
    def backend(self) -> str:
        return self.bindings.hotkeys.backend.name

    async def keys(self) -> BoundKeys:
        """The next ones that there are."""
        while not (isinstance(event := await self.events.get(), KeysChanged) and event.keys.names):
            pass
        return event.keys

    async def notice(self) -> Notice:
        while not isinstance(event := await self.events.get(), Notice):
            pass
        return event


@asynccontextmanager
async def keys_on(folder: Path) -> AsyncIterator[Keys]:
    made = Keys(folder)
    await made.bindings.open()
    await made.bindings.take()
    try:
        yield made
    finally:
        await made.bindings.close()


async def until(condition: Callable[[], object]) -> None:
    """Wait until something holds."""
    await asyncio.to_thread(wait_for, condition, "what was waited for")


class TestKeys:
    async def test_they_come_from_the_extension_before_the_portal(self, tmp_path: Path) -> None:
        async with gnome_shell() as shell, keys_on(tmp_path) as keys:
            assert keys.backend == "gnome shell"
            assert keys.bindings.keys.names[Command.READ_SELECTION] == "Super+Alt+R"
            assert keys.bindings.keys.has_escape
            shell.press(READ)
            await until(lambda: keys.commands == [Command.READ_SELECTION])
            assert keys.portal.dialogs == 0
            assert shell.in_front == []

    async def test_one_that_gnome_uses_is_refused_with_its_name(self, tmp_path: Path) -> None:
        async with gnome_shell() as shell:
            shell.taken[READ] = "Switch to Narnia"
            async with keys_on(tmp_path) as keys:
                assert "GNOME uses Super+Alt+R for “Switch to Narnia”." in (await keys.notice()).sentence
                assert Command.READ_SELECTION not in keys.bindings.keys.names
                shell.press(READ)
                assert shell.in_front == [READ]

    async def test_one_that_harken_left_in_gnomes_settings_is_let_go_of_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with gnome_shell() as shell:
            shell.taken[READ] = "Harken: Read selection, or stop"

            async def let_go() -> bool:
                asyncio.get_running_loop().call_later(0.6, shell.taken.clear)  # GNOME follows in its own time
                return True

            monkeypatch.setattr(gnome_settings, "let_go", let_go)
            async with keys_on(tmp_path) as keys:
                assert keys.bindings.keys.refused == {}
                shell.press(READ)
                await until(lambda: keys.commands == [Command.READ_SELECTION])

    async def test_a_held_key_is_said_once_and_one_pressed_again_twice(self, tmp_path: Path) -> None:
        async with gnome_shell() as shell, keys_on(tmp_path) as keys:
            for _ in range(3):
                shell.press("<Alt><Super>n", is_held=True)
            shell.press(READ, is_held=True)  # the extension says it once, however long it is held
            shell.press(READ)
            await until(lambda: len(keys.commands) >= 3)
            assert keys.commands == [Command.NEXT, Command.READ_SELECTION, Command.READ_SELECTION]

    async def test_escape_is_had_only_while_something_is_read(self, tmp_path: Path) -> None:
        async with gnome_shell() as shell, keys_on(tmp_path) as keys:
            shell.press("Escape")
            keys.bindings.follow(State.SPEAKING)
            await until(lambda: any(client.has_escape for client in shell.clients.values()))
            shell.press("Escape")
            await until(lambda: keys.commands == [Command.STOP])
            keys.bindings.follow(State.IDLE)
            await until(lambda: not any(client.has_escape for client in shell.clients.values()))
            shell.press("Escape")
            assert shell.in_front == ["Escape", "Escape"]

    async def test_when_it_is_switched_off_the_portal_has_them_and_the_user_is_told_once(self, tmp_path: Path) -> None:
        async with gnome_shell() as shell, keys_on(tmp_path) as keys:
            await keys.keys()
            await shell.disable()
            told = await keys.notice()
            assert told.sentence.startswith("Harken's extension for GNOME is off.")
            assert told.is_problem
            await keys.keys()
            assert keys.backend == "portal"
            assert keys.bindings.hotkeys.refusals == [
                ("gnome shell", Status.OFF.value),
            ]
            assert keys.portal.bound
            assert keys.events.empty()

    async def test_when_it_is_back_it_has_them_again(self, tmp_path: Path) -> None:
        async with gnome_shell() as shell, keys_on(tmp_path) as keys:
            await shell.disable()
            await until(lambda: bool(keys.portal.bound))
            await shell.enable()
            await until(lambda: keys.backend == "gnome shell" and bool(keys.bindings.keys.names))
            assert keys.portal.bound == {}
            shell.press(READ)
            await until(lambda: keys.commands == [Command.READ_SELECTION])
            assert keys.bindings.hotkeys.refusals == []

    async def test_one_that_is_switched_on_later_is_taken_up(self, tmp_path: Path) -> None:
        async with gnome_shell(is_on=False) as shell, keys_on(tmp_path) as keys:
            assert keys.backend == "portal"
            await shell.enable()
            assert "now handles the keys" in (await keys.notice()).sentence
            await until(lambda: keys.backend == "gnome shell" and bool(keys.bindings.keys.names))

    @pytest.mark.parametrize("tells_enabled", [True, False])
    async def test_a_locked_screen_is_not_the_end_of_it(self, tmp_path: Path, tells_enabled: bool) -> None:
        async with gnome_shell() as shell, keys_on(tmp_path) as keys:
            await until(lambda: bool(keys.bindings.keys.names))
            while not keys.events.empty():
                keys.events.get_nowait()
            if not tells_enabled:  # GNOME 45
                shell.is_enabled = None
            question = "GetExtensionInfo" if tells_enabled else "GetActive"
            await shell.lock()
            asked = shell.calls.count(question)
            # Nobody unlocks a screen before the keys, and what chooses where they come from, know that it is locked.
            await until(lambda: not shell.clients and shell.calls.count(question) >= asked + 2)
            keys.bindings.follow(State.SPEAKING)
            await shell.unlock()
            await until(lambda: any(client.has_escape and client.keys for client in shell.clients.values()))
            assert keys.backend == "gnome shell"
            assert keys.portal.dialogs == 0
            assert keys.events.empty()  # nobody was told of anything
            shell.press(READ)
            await until(lambda: keys.commands == [Command.READ_SELECTION])

    async def test_a_shell_that_is_gone_is_no_way_to_take_keys(self, tmp_path: Path) -> None:
        async with gnome_shell():
            keys = Keys(tmp_path)
            await keys.bindings.open()
            await keys.bindings.take()
            await keys.keys()
        try:
            assert "is off" in (await keys.notice()).sentence
            await keys.keys()
            assert keys.backend == "portal"
            async with gnome_shell():  # it is restarted
                assert "now handles the keys" in (await keys.notice()).sentence
                await keys.keys()
                assert keys.backend == "gnome shell"
        finally:
            await keys.bindings.close()

    async def test_what_is_let_go_of_is_free_at_once(self, tmp_path: Path) -> None:
        async with gnome_shell() as shell, keys_on(tmp_path) as keys:
            await keys.bindings.let_go(60)
            shell.press(READ)
            assert shell.in_front == [READ]
            await keys.bindings.take_again()
            shell.press(READ)
            await until(lambda: keys.commands == [Command.READ_SELECTION])

    async def test_who_only_has_its_name_is_not_believed(self, tmp_path: Path) -> None:
        async with gnome_shell(is_on=False) as shell, connect() as liar, keys_on(tmp_path) as keys:
            await liar.ask(message_bus.RequestName("example.harken.Shell", 4))
            await until(lambda: shell.calls.count("GetExtensionInfo") > 2)
            assert keys.backend == "portal"


class TestWhyNot:
    @pytest.mark.parametrize(
        ("attribute", "value", "why"),
        [
            ("is_known", False, "is not installed"),
            ("version", "44.9", "for GNOME Shell 45 to 51, and this one is 44.9"),
            ("version", "52.0", "for GNOME Shell 45 to 51, and this one is 52.0"),
            ("version", "", "and this one is unknown"),
            ("are_all_off", True, "all extensions are turned off"),
            ("state", 3.0, "could not run the extension (Error: no)"),
            ("state", 4.0, "for other versions"),
            ("state", 2.0, "turned off"),
        ],
    )
    async def test_is_said(self, attribute: str, value: object, why: str) -> None:
        async with gnome_shell(is_on=False) as shell:
            setattr(shell, attribute, value)
            extension = ShellExtension()
            await extension.start()
            assert why in extension.absence
            await extension.close()

    async def test_of_one_that_was_copied_since_the_user_logged_in(self) -> None:
        own_folder().mkdir(parents=True)
        async with gnome_shell(is_on=False) as shell:
            shell.is_known = False
            assert (await install.state()).status is Status.NEEDS_LOGIN

    async def test_of_another_version_that_still_runs(self) -> None:
        async with gnome_shell() as shell:
            shell.protocol = 2
            extension = ShellExtension()
            await extension.start()
            assert "log out and in again" in extension.absence
            await extension.close()

    async def test_where_there_is_no_gnome_at_all(self) -> None:
        extension = ShellExtension()
        await extension.start()
        assert extension.absence == "GNOME Shell is not responding"
        await extension.close()


async def test_where_it_is_not_gnome_it_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    assert ROW.why_not() == "this desktop is not GNOME"
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    assert ROW.why_not() == ""
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    assert ROW.why_not() == "this is not a Wayland session"


def test_a_chord_is_written_as_mutter_reads_it() -> None:
    assert accelerator(Chord.parse("Ctrl+Alt+PgUp")) == "<Alt><Control>Prior"
    assert accelerator(Chord.parse("F9")) == "F9"
