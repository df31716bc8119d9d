"""The keys in use: taken, tried again, asked for by the desktop, let go of while a window waits for a chord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from reader.core.app import App
from reader.core.bindings import Bindings
from reader.errors import HotkeyError, SettingsError
from reader.flow import Command, Event, KeysChanged, Notice, State
from reader.hotkeys.chord import Chord
from reader.settings.store import Settings
from tests.fakes.device import HandDevice
from tests.fakes.toy_hotkeys import ToyHotkeys, row

READ = Chord.parse("Super+Alt+R")
STOP = Chord.parse("Super+Alt+X")
RIVALS = Chord.parse("Super+Alt+K")


class Keys:
    """The keys of a toy desktop, and what was told of them."""

    def __init__(self, path: Path, toy: ToyHotkeys, retry_s: float, answer_s: float) -> None:
        self.toy = toy
        self.commands: list[Command] = []
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.settings = Settings(path / "settings.toml")
        self.bindings = Bindings(
            self.settings,
            self.commands.append,
            self.events.put_nowait,
            entries=[row(toy)],
            retry_s=retry_s,
            answer_s=answer_s,
        )

    async def notice(self) -> Notice:
        """The next one."""
        while not isinstance(event := await self.events.get(), Notice):
            pass
        return event

    async def changed(self) -> KeysChanged:
        """The next one."""
        while not isinstance(event := await self.events.get(), KeysChanged):
            pass
        return event

    def notices(self) -> list[str]:
        """All until now."""
        events = [self.events.get_nowait() for _ in range(self.events.qsize())]
        return [event.sentence for event in events if isinstance(event, Notice)]


@asynccontextmanager
async def keys_of(
    path: Path, toy: ToyHotkeys | None = None, *, retry_s: float = 60.0, answer_s: float = 60.0
) -> AsyncIterator[Keys]:
    toy = toy or ToyHotkeys()
    toy.rivals.add(RIVALS)
    keys = Keys(path, toy, retry_s, answer_s)
    await keys.bindings.open()
    try:
        yield keys
    finally:
        await keys.bindings.close()


async def test_a_window_that_waits_gets_all_keys(tmp_path: Path) -> None:
    async with keys_of(tmp_path) as keys:
        bindings, toy = keys.bindings, keys.toy
        await bindings.take()
        bindings.follow(State.SPEAKING)
        assert READ in toy.bound
        await bindings.let_go(60)
        assert (toy.bound, toy.escape) == ({}, None)
        await bindings.take()  # another setting was changed meanwhile
        bindings.follow(State.SPEAKING)
        assert (toy.bound, toy.escape) == ({}, None)
        await bindings.take_again()
        assert READ in toy.bound
        assert toy.escape is Command.STOP


async def test_a_window_that_does_not_come_back_keeps_none(tmp_path: Path) -> None:
    async with keys_of(tmp_path) as keys:
        await keys.bindings.let_go(0.05)
        keys.toy.has_bound.clear()
        await keys.toy.has_bound.wait()
        assert READ in keys.toy.bound


async def test_a_chord_of_another_program_is_refused_and_the_others_stay(tmp_path: Path) -> None:
    async with keys_of(tmp_path) as keys:
        await keys.bindings.take()
        before = dict(keys.toy.bound)
        with pytest.raises(HotkeyError, match="is taken"):
            await keys.bindings.try_chord("keys.stop", str(RIVALS))
        assert keys.toy.bound == before
        await keys.bindings.try_chord("keys.stop", "Super+Alt+J")
        assert keys.toy.bound == {chord: c for chord, c in before.items() if chord != STOP} | {
            Chord.parse("Super+Alt+J"): Command.STOP
        }


async def test_a_chord_that_can_not_be_written_down_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise SettingsError("The file can't be written.")

    async with keys_of(tmp_path) as keys:
        app = App(keys.settings, device=HandDevice())
        try:
            app.desktop.bindings = keys.bindings
            await keys.bindings.take()
            before = dict(keys.toy.bound)
            with monkeypatch.context() as full:
                full.setattr(keys.settings, "set", refuse)
                with pytest.raises(SettingsError):
                    await app.desktop.change_chord("keys.stop", "Super+Alt+J")
            assert keys.toy.bound == before
            await app.desktop.change_chord("keys.stop", "Super+Alt+J")
            assert keys.toy.bound[Chord.parse("Super+Alt+J")] is Command.STOP
        finally:
            await app.stop()


class TestMissingKeys:
    NEXT_STEP = "Choose another key on the Keys page of the settings."

    async def test_are_told_with_a_next_step_and_again_when_they_are_free(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, retry_s=0.01) as keys:
            bindings, toy = keys.bindings, keys.toy
            toy.rivals = {READ, STOP}
            await bindings.take()
            missing = await keys.notice()
            assert missing.sentence == f"Super+Alt+R is taken. Super+Alt+X is taken. {self.NEXT_STEP}"
            assert (missing.is_problem, missing.is_aloud) == (True, True)
            for _ in range(3):  # it goes on trying, and says nothing new
                toy.has_bound.clear()
                await toy.has_bound.wait()
            assert keys.events.empty()
            toy.rivals = {STOP}
            free = await keys.notice()
            assert (free.sentence, free.is_problem, free.cause) == ("Super+Alt+R works now.", False, missing.cause)
            toy.rivals = set()
            assert (await keys.notice()).sentence == "Super+Alt+X works now."
            assert bindings.keys.refused == {}
            tried = toy.binds
        assert toy.binds == tried

    async def test_nothing_is_tried_again_while_none_is_missing(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, retry_s=0.01) as keys:
            await keys.bindings.take()
            assert keys.bindings._retrying is None

    async def test_one_lost_to_another_layout_is_told(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path) as keys:
            await keys.bindings.take()
            keys.toy.rivals = {READ}
            lost = await keys.toy.bind({c: chord for chord, c in keys.toy.bound.items()})
            await asyncio.to_thread(keys.toy.on_change, lost)
            assert (await keys.notice()).sentence == f"Super+Alt+R is taken. {self.NEXT_STEP}"
            assert Command.READ_SELECTION not in keys.bindings.keys.names

    async def test_another_key_for_a_command_that_had_none_is_not_told_as_news(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path) as keys:
            keys.toy.rivals = {READ}
            await keys.bindings.take()
            keys.notices()
            keys.settings.set("keys.read_selection", "Super+Alt+J")
            await keys.bindings.take()
            assert keys.notices() == []
            assert keys.bindings.keys.names[Command.READ_SELECTION] == "Super+Alt+J"


class TestADesktopThatAsks:
    """As Wayland's portal on GNOME: a dialog, once, in which the user may choose other keys."""

    @staticmethod
    def toy() -> ToyHotkeys:
        return ToyHotkeys(asks_user=True, sees_conflicts=False, has_escape=False)

    async def test_nothing_waits_for_the_user_and_no_key_is_named_before_the_answer(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, self.toy(), answer_s=0.0) as keys:
            await keys.bindings.take()
            assert (await keys.changed()).keys.is_asking
            asked = await keys.notice()
            assert asked.sentence == (
                "Your desktop is asking whether Harken may use keys. Allow it there to make them work."
            )
            assert not asked.is_problem
            assert keys.bindings.keys.names == {}
            keys.toy.calls[READ] = "Press <Alt><Super>r"
            keys.toy.answer(True)
            bound = (await keys.changed()).keys
            assert bound.names[Command.READ_SELECTION] == "Press <Alt><Super>r"
            assert not bound.is_asking

    async def test_a_refusal_is_shown_and_nothing_is_asked_again(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, self.toy(), answer_s=0.0, retry_s=0.0) as keys:
            await keys.bindings.take()
            await keys.notice()
            keys.toy.answer(False)
            assert (await keys.notice()).sentence == "You refused these keys."
            assert keys.bindings._retrying is None
            assert keys.toy.dialogs == 1

    async def test_another_wish_takes_the_place_of_the_one_that_is_asked_for(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, self.toy(), answer_s=0.0) as keys:
            await keys.bindings.take()
            keys.settings.set("keys.read_selection", "Super+Alt+J")
            keys.toy.answer(True)
            await keys.bindings.take()
            while not keys.bindings.keys.names:
                await keys.changed()
            assert keys.bindings.keys.names[Command.READ_SELECTION] == "Super+Alt+J"
            assert READ not in keys.toy.bound

    async def test_harken_ends_while_the_user_is_asked(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, self.toy(), answer_s=0.0) as keys:
            await keys.bindings.take()
        assert keys.toy.is_closed
        assert keys.commands == []

    async def test_a_key_that_the_user_changes_there_is_told_by_its_new_name(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, self.toy()) as keys:
            keys.toy.answer(True)
            await keys.bindings.take()
            assert keys.notices() == []
            chosen = Chord.parse("Ctrl+F9")
            await asyncio.to_thread(keys.toy.give, Command.READ_SELECTION, chosen, "Ctrl+F9")
            assert (await keys.notice()).sentence == "The key for “Read selection, or stop” is now Ctrl+F9."
            assert keys.bindings.keys.names[Command.READ_SELECTION] == "Ctrl+F9"
            keys.toy.press(chosen)
            assert keys.commands == [Command.READ_SELECTION]

    async def test_a_window_that_waits_for_a_chord_shows_no_dialog(self, tmp_path: Path) -> None:
        """Letting go and taking again would show the dialog twice; the keys mean nothing instead."""
        async with keys_of(tmp_path, self.toy()) as keys:
            keys.toy.answer(True)
            await keys.bindings.take()
            await keys.bindings.let_go(60)
            keys.toy.press(READ)
            assert keys.commands == []
            await keys.bindings.try_chord("keys.stop", str(RIVALS))  # it shows when it is taken
            await keys.bindings.take_again()
            keys.toy.press(READ)
            assert keys.commands == [Command.READ_SELECTION]
            assert keys.toy.dialogs == 1


class TestAWayThatOnlyListens:
    """The program in front gets the keys as well: no key that would type."""

    @staticmethod
    def toy() -> ToyHotkeys:
        return ToyHotkeys(swallows=False, sees_conflicts=False, has_escape=False)

    async def test_is_not_asked_for_a_key_that_types(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, self.toy()) as keys:
            keys.settings.set("keys.stop", "Ctrl+F9")
            await keys.bindings.take()
            assert keys.toy.bound == {Chord.parse("Ctrl+F9"): Command.STOP}
            assert keys.bindings.keys.names == {Command.STOP: "Ctrl+F9"}
            assert set(keys.bindings.keys.refused) >= {Command.READ_SELECTION, Command.PAUSE_RESUME}
            told = await keys.notice()
            assert told.is_problem
            assert told.sentence == (
                "On this desktop, Harken's keys would also reach the program in front and could change its text. "
                "Choose F1 to F24 or Pause on the Keys page of the settings."
            )
            keys.bindings.follow(State.SPEAKING)
            keys.toy.press(READ)
            keys.toy.press(Chord.parse("Ctrl+F9"))
            assert keys.commands == [Command.STOP]
            assert keys.toy.escape is None

    async def test_a_key_that_types_is_refused_to_the_settings(self, tmp_path: Path) -> None:
        async with keys_of(tmp_path, self.toy()) as keys:
            with pytest.raises(HotkeyError, match="would also reach the program in front"):
                await keys.bindings.try_chord("keys.stop", "Super+Alt+J")
            await keys.bindings.try_chord("keys.stop", "F8")


async def test_a_back_end_that_can_not_after_all_leaves_the_keys_to_the_next(tmp_path: Path) -> None:
    first, second, third = ToyHotkeys(), ToyHotkeys(), ToyHotkeys()
    first.name, second.name, third.name = "first", "second", "third"
    second.why_never = "This desktop gives no keys to a program that it does not know."
    bindings = Bindings(
        Settings(tmp_path / "settings.toml"),
        lambda _: None,
        lambda _: None,
        entries=[row(first, "there is no first one"), row(second), row(third)],
    )
    await bindings.open()
    assert bindings.hotkeys.backend is second
    bindings.spare_focus(True)
    bindings.follow(State.SPEAKING)
    await bindings.take()
    assert bindings.hotkeys.backend is third
    assert (third.spares_focus, third.escape) == (True, Command.STOP)  # it knows what the one before it knew
    assert second.is_closed
    assert bindings.hotkeys.refusals == [("first", "there is no first one"), ("second", second.why_never)]
    await asyncio.to_thread(third.on_change, bindings.keys)
    assert bindings.keys.names[Command.READ_SELECTION] == "Super+Alt+R"
    await bindings.close()


@pytest.mark.parametrize(
    ("display", "sentence"),
    [
        (
            ":0",
            "Harken can't set up keys on this desktop. Assign a key to the command “harken-key read” in the"
            " desktop's own settings.",
        ),
        ("", "This session has no desktop that could give Harken keys."),
    ],
)
async def test_where_no_key_can_be_had_the_one_line_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, display: str, sentence: str
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    told: list[Event] = []
    bindings = Bindings(Settings(tmp_path / "settings.toml"), lambda _: None, told.append, entries=[])
    await bindings.open()
    await bindings.take()
    await bindings.take()
    sentences = [event.sentence for event in told if isinstance(event, Notice)]
    assert sentences == [sentence]
    assert bindings.keys.names == {}
    await bindings.close()
