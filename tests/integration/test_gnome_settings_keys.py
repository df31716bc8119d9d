"""Keys in GNOME's settings, which the user changes there too: the real settings, on a bus of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

import reader.cli as cli
from reader.core.bindings import Bindings
from reader.errors import HotkeyError
from reader.flow import BoundKeys, Command, Event, KeysChanged, Notice
from reader.hotkeys import choose, gnome_bindings, gnome_settings
from reader.hotkeys.chord import Chord
from reader.hotkeys.gnome_bindings import CUSTOM, LIST, MEDIA_KEYS, Keys
from reader.settings.paths import settings_file
from reader.settings.store import Settings
from tests.fakes.gnome_daemon import GnomeDaemon, gnome_daemon, gsettings, no_gnome_settings
from tests.fakes.session_bus import session_bus

READ, STOP = Chord.parse("Super+Alt+R"), Chord.parse("Super+Alt+X")
WANTED = {Command.READ_SELECTION: READ, Command.STOP: STOP}
ENTRY = next(entry for entry in choose.BACKENDS if entry.name == "gnome settings")

pytestmark = pytest.mark.skipif(bool(no_gnome_settings()), reason=no_gnome_settings())


@pytest.fixture(autouse=True)
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


class News:
    """What a back end tells by itself."""

    def __init__(self) -> None:
        self._told: asyncio.Queue[BoundKeys] = asyncio.Queue()

    def __call__(self, keys: BoundKeys) -> None:
        self._told.put_nowait(keys)

    async def until(self, names: dict[Command, str]) -> BoundKeys:
        """Wait until exactly these are told."""
        async with asyncio.timeout(20):
            while (keys := await self._told.get()).names != names:
                pass
        return keys


@asynccontextmanager
async def opened(address: str) -> AsyncIterator[tuple[gnome_settings.GnomeSettingsHotkeys, GnomeDaemon, News]]:
    async with gnome_daemon(address) as daemon:
        backend = await gnome_settings.open_hotkeys(lambda _: None)
        backend.on_change = news = News()
        try:
            yield backend, daemon, news
        finally:
            await backend.close()


async def kill(backend: gnome_settings.GnomeSettingsHotkeys) -> None:
    """It has no time to tidy up."""
    if backend._timer:
        backend._timer.cancel()
    await backend._bus.close()


def own(command: Command) -> str:
    return gnome_bindings.path(command)


async def test_the_users_own_keys_stay_where_they_are_and_none_of_harkens_is_left(bus: str) -> None:
    path = GnomeDaemon.add('it\'s "mine" \\', "<Primary><Alt>t", "notify-send 'a b' # <Super>")
    before = gsettings("list-recursively", MEDIA_KEYS), gsettings("list-recursively", f"{CUSTOM}:{path}")
    async with opened(bus) as (backend, daemon, _):
        await backend.bind(WANTED)
        assert daemon.listed() == [path, own(Command.READ_SELECTION), own(Command.STOP)]
        assert daemon.value(own(Command.STOP), "name") == "Harken: Stop"
    assert (gsettings("list-recursively", MEDIA_KEYS), gsettings("list-recursively", f"{CUSTOM}:{path}")) == before


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ((f"{CUSTOM}:{gnome_bindings.FOLDER}custom0/", "binding", "<Mod4><Mod1>X"), "Super+Alt+X is taken by x."),
        (("org.gnome.desktop.wm.keybindings", "close", "['<Super><Alt>x']"), "Super+Alt+X is taken by GNOME (close)."),
        ((MEDIA_KEYS, "screensaver", "['<Alt><Super>x']"), "Super+Alt+X is taken by GNOME (screensaver)."),
    ],
)
async def test_what_is_taken_is_refused_with_whose_it_is(bus: str, place: tuple[str, str, str], why: str) -> None:
    GnomeDaemon.add("x", "<Primary>F12", "true")
    gsettings("set", *place)
    async with opened(bus) as (backend, daemon, news):
        keys = await backend.bind(WANTED)
        assert (keys.names, keys.refused) == ({Command.READ_SELECTION: "Super+Alt+R"}, {Command.STOP: why})
        assert own(Command.STOP) not in daemon.listed()
        gsettings("reset", *place[:2])  # and that it is free again is known without asking
        await news.until({Command.READ_SELECTION: "Super+Alt+R", Command.STOP: "Super+Alt+X"})
        assert own(Command.STOP) in daemon.listed()


async def test_what_is_changed_while_it_is_looked_at_is_not_missed(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, look = GnomeDaemon.add("terminal", "<Super><Alt>r", "true"), gnome_settings._find_taken

    async def change_meanwhile(paths: list[str]) -> dict[Keys, str]:
        found = await look(paths)
        monkeypatch.setattr(gnome_settings, "_find_taken", look)
        GnomeDaemon.remove(path)
        return found

    async with opened(bus) as (backend, daemon, _):
        monkeypatch.setattr(gnome_settings, "_find_taken", change_meanwhile)
        assert (await backend.bind(WANTED)).refused.keys() == {Command.READ_SELECTION}
        assert (await backend.bind(WANTED)).names.keys() == WANTED.keys()
        assert path not in daemon.listed()


async def test_what_is_removed_while_it_is_looked_at_stays_removed(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    look, faster = gnome_settings._find_taken, Chord.parse("Super+Alt+F")

    async def remove_meanwhile(paths: list[str]) -> dict[Keys, str]:
        found = await look(paths)
        monkeypatch.setattr(gnome_settings, "_find_taken", look)
        GnomeDaemon.remove(own(Command.STOP))
        return found

    async with opened(bus) as (backend, daemon, _):
        await backend.bind(WANTED)
        monkeypatch.setattr(gnome_settings, "_find_taken", remove_meanwhile)
        await backend.bind({**WANTED, Command.FASTER: faster})
        keys = await backend.bind({**WANTED, Command.FASTER: faster})
        assert keys.refused == {Command.STOP: "You have removed the key for “Stop” in GNOME's settings."}
        assert daemon.listed() == [own(Command.READ_SELECTION), own(Command.FASTER)]


async def test_what_the_user_changes_there_holds_and_is_named_also_next_time(bus: str) -> None:
    changed = {Command.READ_SELECTION: "Super+Alt+R", Command.STOP: "Ctrl+Super+Page_Up"}
    async with opened(bus) as (backend, _, news):
        await backend.bind(WANTED)
        gsettings("set", f"{CUSTOM}:{own(Command.STOP)}", "binding", "<Super><Control>Prior")
        await news.until(changed)
    async with opened(bus) as (backend, daemon, _):
        assert (await backend.bind(WANTED)).names == changed
        assert daemon.value(own(Command.STOP), "binding") == "<Super><Control>Prior"
        other = Chord.parse("Super+Alt+K")
        keys = await backend.bind({**WANTED, Command.STOP: other})  # the newer wish
        assert keys.names[Command.STOP] == "Super+Alt+K"
        assert gnome_bindings.keys_of(daemon.value(own(Command.STOP), "binding")) == gnome_bindings.keys_of(
            "<Alt><Super>k"
        )


async def test_a_key_that_the_user_removes_there_is_not_forced_on_them(bus: str) -> None:
    async with opened(bus) as (backend, daemon, news):
        await backend.bind(WANTED)
        daemon.remove(own(Command.STOP))
        keys = await news.until({Command.READ_SELECTION: "Super+Alt+R"})
        assert keys.refused == {Command.STOP: "You have removed the key for “Stop” in GNOME's settings."}
        assert (await backend.bind(WANTED)).names == {Command.READ_SELECTION: "Super+Alt+R"}
        gsettings("set", f"{CUSTOM}:{own(Command.READ_SELECTION)}", "binding", "")
        await news.until({})
        assert daemon.listed() == [own(Command.READ_SELECTION)]  # where a new one can be given
        gsettings("set", f"{CUSTOM}:{own(Command.READ_SELECTION)}", "binding", "<Super>F7")
        await news.until({Command.READ_SELECTION: "Super+F7"})


async def test_what_a_harken_that_was_killed_has_left_is_its_own(bus: str) -> None:
    async with gnome_daemon(bus) as daemon:
        killed = await gnome_settings.open_hotkeys(lambda _: None)
        await killed.bind({**WANTED, Command.NEXT: Chord.parse("Super+Alt+N")})
        await kill(killed)
        assert len(daemon.listed()) == 3
    async with opened(bus) as (backend, daemon, _):
        keys = await backend.bind(WANTED)
        assert keys.names.keys() == WANTED.keys()
        assert daemon.listed() == [own(Command.READ_SELECTION), own(Command.STOP)]


async def test_what_was_left_is_let_go_of_for_gnomes_extension(bus: str) -> None:
    path = GnomeDaemon.add("x", "<Primary>F12", "true")
    async with gnome_daemon(bus) as daemon:
        killed = await gnome_settings.open_hotkeys(lambda _: None)
        await killed.bind(WANTED)
        await kill(killed)
        assert await gnome_settings.let_go()
        assert daemon.listed() == [path]
        assert not await gnome_settings.let_go()


async def test_the_user_is_told_what_gnome_calls_a_key_now(bus: str) -> None:
    events: asyncio.Queue[Event] = asyncio.Queue()
    async with gnome_daemon(bus):
        bindings = Bindings(Settings(settings_file()), lambda _: None, events.put_nowait, entries=[ENTRY])
        try:
            await bindings.open()
            await bindings.take()
            assert bindings.keys.names[Command.READ_SELECTION] == "Super+Alt+R"
            gsettings("set", f"{CUSTOM}:{own(Command.STOP)}", "binding", "<Super>F7")
            async with asyncio.timeout(20):
                while not isinstance(event := await events.get(), Notice):
                    assert isinstance(event, KeysChanged)
            assert event.sentence == "The key for “Stop” is now Super+F7."
        finally:
            await bindings.close()
    assert gsettings("get", MEDIA_KEYS, LIST) in ("@as []", "[]")


@pytest.mark.parametrize("desktop", ["KDE", "", "X-Cinnamon"])
async def test_on_other_desktops_it_is_not_tried(monkeypatch: pytest.MonkeyPatch, desktop: str) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    assert ENTRY.why_not().endswith("not GNOME")


async def test_without_what_runs_gnomes_keys_it_is_refused(bus: str) -> None:
    with pytest.raises(HotkeyError, match="gnome-settings-daemon"):
        await gnome_settings.open_hotkeys(lambda _: None)


async def test_without_the_program_it_is_refused(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with gnome_daemon(bus):
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(HotkeyError, match="gsettings"):
            await gnome_settings.open_hotkeys(lambda _: None)


@pytest.mark.noisy
async def test_settings_that_can_not_be_changed_are_told(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(bus) as (backend, _, _news):
        monkeypatch.setenv("GSETTINGS_SCHEMA_DIR", "/nowhere")
        monkeypatch.setenv("XDG_DATA_DIRS", "/nowhere")
        keys = await backend.bind(WANTED)
        assert keys.refused.keys() == WANTED.keys()
        assert "GNOME's settings can't be changed" in keys.refused[Command.STOP]


def test_purge_removes_all_of_it(bus: str, capsys: pytest.CaptureFixture[str]) -> None:
    mine = GnomeDaemon.add("mine", "<Primary>F12", "true")

    async def leave() -> None:
        async with opened(bus) as (backend, _, _news):
            await backend.bind(WANTED)

    asyncio.run(leave())
    assert cli.main(["purge", "--yes"], lambda: 3) == 0
    assert "Harken's keys were removed from the desktop's settings." in capsys.readouterr().out
    assert GnomeDaemon.listed() == [mine]
    assert GnomeDaemon.value(own(Command.STOP), "command") == ""
    assert cli.main(["purge", "--yes"], lambda: 3) == 0
    assert "Harken's keys" not in capsys.readouterr().out
