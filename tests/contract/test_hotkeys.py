"""What holds for everything that takes keys: X11's grabs, the one that listens, none, and the toys that tests use.

Each stands on a desktop with a program in front, which says which keys it got.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from Xlib import XK, X
from Xlib.display import Display

from reader.flow import BoundKeys, Command
from reader.hotkeys.base import HotkeyBackend, OnCommand
from reader.hotkeys.chord import ESCAPE, Chord
from reader.hotkeys.none import NoHotkeys
from tests.desktop.desk import Desk, wait_for
from tests.fakes.toy_hotkeys import ToyHotkeys

# Keys that change no text: one that only listens may be asked for them, too.
READ, OTHER, LAST, SENTINEL = (Chord(key) for key in ("F9", "F7", "F6", "F8"))


class Stand(ABC):
    """A back end on a desktop. `heard` are the commands that came."""

    backend: HotkeyBackend

    def __init__(self) -> None:
        self.heard: list[Command] = []

    @abstractmethod
    async def open(self) -> None:
        """Make the back end."""

    @abstractmethod
    def press(self, chord: Chord) -> None:
        """Press keys as a person does."""

    @abstractmethod
    def in_front(self) -> list[Chord]:
        """What the program in front got, the sentinel that is pressed for this not counted."""

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        """Returns what lets go of it."""
        raise AssertionError(f"{self.backend.name} sees conflicts, and nobody can make one")

    async def expect(self, *commands: Command) -> None:
        """These came, in this order, and no others."""
        await asyncio.to_thread(wait_for, lambda: len(self.heard) >= len(commands), f"{commands}")
        assert self.heard == list(commands)


class ToyStand(Stand):
    """In memory."""

    def __init__(self, **facts: bool) -> None:
        super().__init__()
        self._facts = facts

    async def open(self) -> None:
        self.toy = ToyHotkeys(**self._facts)
        self.toy.answer(True)
        self.toy.on_command = self.heard.append
        self.backend = self.toy

    def press(self, chord: Chord) -> None:
        self.toy.press(chord)

    def in_front(self) -> list[Chord]:
        return self.toy.in_front

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        self.toy.rivals.add(chord)
        return lambda: self.toy.rivals.discard(chord)


class NoStand(ToyStand):
    """Where nothing can be taken."""

    async def open(self) -> None:
        await super().open()
        self.toy.on_command = lambda _: None
        self.backend = NoHotkeys()


class Front:
    """A program in front, of which the X server says which keys it got."""

    def __init__(self, name: str) -> None:
        self.display = Display(name)
        root = self.display.screen().root
        self._window = root.create_window(
            0, 0, 9, 9, 0, X.CopyFromParent, override_redirect=True, event_mask=X.KeyPressMask
        )
        self._window.map()
        wait_for(self._has_focus, "the focus")

    def _has_focus(self) -> bool:
        self._window.set_input_focus(X.RevertToParent, X.CurrentTime)
        return bool(self.display.get_input_focus().focus == self._window)

    def keys(self) -> list[Chord]:
        """Those that have come since the last time, without modifiers."""
        found = []
        while self.display.pending_events():
            event = self.display.next_event()
            if event.type == X.KeyPress and (name := _NAMES.get(self.display.keycode_to_keysym(event.detail, 0))):
                found.append(Chord(name))
        return found


class X11Stand(Stand):
    """A real X server, and a program in front of it."""

    def __init__(self, desk: Desk, front: Front, make: Callable[[OnCommand], HotkeyBackend]) -> None:
        super().__init__()
        self._keyboard = desk.keyboard
        self._front = front
        self._make = make
        self._got: list[Chord] = []
        self.in_front()  # what came before is not this test's
        self._got.clear()

    async def open(self) -> None:
        self.backend = await asyncio.to_thread(self._make, self.heard.append)

    def press(self, chord: Chord) -> None:
        self._keyboard.press("+".join([*(modifier.lower() for modifier in sorted(chord.modifiers)), chord.key]))

    def in_front(self) -> list[Chord]:
        before = self._got.count(SENTINEL)
        self._keyboard.press(SENTINEL.key)
        wait_for(lambda: self._sentinels() > before, "a key in front")
        return [chord for chord in self._got if chord != SENTINEL]

    def _sentinels(self) -> int:
        self._got += self._front.keys()
        return self._got.count(SENTINEL)

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        rival = Display(self._front.display.get_display_name())
        code = rival.keysym_to_keycode(XK.string_to_keysym(chord.key))
        rival.screen().root.grab_key(code, X.AnyModifier, True, X.GrabModeAsync, X.GrabModeAsync)
        rival.sync()

        def let_go() -> None:
            rival.screen().root.ungrab_key(code, X.AnyModifier)
            rival.sync()
            rival.close()

        return let_go


_NAMES = {XK.XK_Escape: "Escape", **{XK.string_to_keysym(f"F{number}"): f"F{number}" for number in range(1, 13)}}
WANTED = {Command.READ_SELECTION: READ, Command.STOP: OTHER, Command.NEXT: LAST}
TOYS = {
    "toy": {},
    "toy that asks": {"asks_user": True, "sees_conflicts": False, "has_escape": False},
    "toy that listens": {"swallows": False, "sees_conflicts": False, "has_escape": False},
}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with Desk(sound=False) as made:
        yield made


@pytest.fixture(scope="module")
def front(desk: Desk) -> Iterator[Front]:
    made = Front(desk.display)
    yield made
    made.display.close()


@pytest.fixture(
    params=[
        "none",
        *TOYS,
        *(pytest.param(name, marks=pytest.mark.desktop) for name in ("x11 grabs", "pynput listener")),
    ]
)
def stand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Stand:
    match request.param:
        case "none":
            return NoStand()
        case toy if toy in TOYS:
            return ToyStand(**TOYS[toy])
    desk: Desk = request.getfixturevalue("desk")
    monkeypatch.setenv("DISPLAY", desk.display)
    make = _make_grabs if request.param == "x11 grabs" else _make_listener
    return X11Stand(desk, request.getfixturevalue("front"), make)


def _make_grabs(on_command: OnCommand) -> HotkeyBackend:
    from reader.hotkeys.x11 import X11Hotkeys

    return X11Hotkeys(on_command)


def _make_listener(on_command: OnCommand) -> HotkeyBackend:
    from reader.hotkeys.listen import ListeningHotkeys

    made = ListeningHotkeys(on_command)
    made._listener.wait()
    return made


@asynccontextmanager
async def opened(stand: Stand) -> AsyncIterator[BoundKeys]:
    """The back end with READ_SELECTION on F9, STOP on F7 and NEXT on F6, and what it says of them."""
    await stand.open()
    try:
        keys = await stand.backend.bind(WANTED)
        if keys.names and not stand.backend.swallows:  # it listens, and its system may not send keys to it yet
            await asyncio.to_thread(wait_for, lambda: stand.press(READ) or stand.heard, "the listener")
            stand.press(OTHER)
            await asyncio.to_thread(wait_for, lambda: stand.heard[-1] is Command.STOP, "the listener")
            stand.heard.clear()
        yield keys
    finally:
        await stand.backend.close()


async def test_every_wish_is_answered_with_a_name_or_a_reason(stand: Stand) -> None:
    async with opened(stand) as keys:
        assert keys.names.keys() | keys.refused.keys() == WANTED.keys()
        assert not keys.names.keys() & keys.refused.keys()
        assert all(keys.names.values())
        assert all(why.endswith(".") for why in keys.refused.values())
        assert not keys.is_asking


async def test_a_named_key_gives_its_command_and_is_seen_in_front_where_that_is_said(stand: Stand) -> None:
    async with opened(stand) as keys:
        before = len(stand.in_front())
        stand.press(READ)
        stand.press(OTHER)
        await stand.expect(*([Command.READ_SELECTION, Command.STOP] if keys.names else []))
        got = stand.in_front()[before:]
        assert got == ([] if keys.names and stand.backend.swallows else [READ, OTHER])


async def test_modifiers_make_another_key_of_it(stand: Stand) -> None:
    async with opened(stand):
        chord = Chord(READ.key, frozenset({"Ctrl", "Super"}))
        keys = await stand.backend.bind({Command.REPEAT: chord, Command.STOP: OTHER})
        for pressed in (READ, chord, OTHER):
            stand.press(pressed)
        await stand.expect(*([Command.REPEAT, Command.STOP] if keys.names else []))


async def test_what_is_not_wanted_any_more_is_let_go_of(stand: Stand) -> None:
    async with opened(stand):
        before = len(stand.in_front())
        keys = await stand.backend.bind({Command.STOP: OTHER})
        assert Command.READ_SELECTION not in keys.names
        stand.press(READ)
        stand.press(OTHER)
        await stand.expect(*([Command.STOP] if keys.names else []))
        assert READ in stand.in_front()[before:]


async def test_a_command_gets_another_key(stand: Stand) -> None:
    async with opened(stand):
        keys = await stand.backend.bind({Command.READ_SELECTION: LAST, Command.STOP: OTHER})
        for chord in (READ, LAST, OTHER):
            stand.press(chord)
        await stand.expect(*([Command.READ_SELECTION, Command.STOP] if keys.names else []))


async def test_a_wish_that_is_taken_back_leaves_the_next_one(stand: Stand) -> None:
    async with opened(stand):
        wish = asyncio.ensure_future(stand.backend.bind({Command.READ_SELECTION: READ, Command.NEXT: LAST}))
        await asyncio.sleep(0)
        wish.cancel()
        await asyncio.gather(wish, return_exceptions=True)
        keys = await stand.backend.bind({Command.READ_SELECTION: LAST, Command.STOP: OTHER})
        for chord in (READ, LAST, OTHER):
            stand.press(chord)
        await stand.expect(*([Command.READ_SELECTION, Command.STOP] if keys.names else []))


async def test_a_key_of_another_program_is_refused_until_it_is_free(stand: Stand) -> None:
    async with opened(stand):
        if not stand.backend.sees_conflicts:
            pytest.skip("it does not see who else has a key")
        await stand.backend.bind({})
        let_go = stand.have_another_program_take(READ)
        keys = await stand.backend.bind(WANTED)
        assert keys.names.keys() == {Command.STOP, Command.NEXT}
        assert keys.refused[Command.READ_SELECTION].endswith(".")
        stand.press(OTHER)
        await stand.expect(Command.STOP)
        let_go()
        keys = await stand.backend.bind(WANTED)
        assert keys.names.keys() == WANTED.keys()
        stand.press(READ)
        await stand.expect(Command.STOP, Command.READ_SELECTION)


async def test_escape_is_taken_only_while_asked_for_and_only_where_it_can_be_had(stand: Stand) -> None:
    async with opened(stand) as keys:
        stand.backend.bind_escape(Command.PAUSE)
        await stand.backend.bind({Command.STOP: OTHER})  # behind it, in order
        before = len(stand.in_front())
        stand.press(ESCAPE)
        stand.press(OTHER)
        expected = [Command.PAUSE] if stand.backend.has_escape else []
        expected += [Command.STOP] if keys.names else []
        await stand.expect(*expected)
        assert (ESCAPE in stand.in_front()[before:]) is not stand.backend.has_escape
        stand.backend.bind_escape(None)
        await stand.backend.bind({Command.STOP: OTHER})
        stand.heard.clear()
        before = len(stand.in_front())
        stand.press(ESCAPE)
        stand.press(OTHER)
        await stand.expect(*([Command.STOP] if keys.names else []))
        assert ESCAPE in stand.in_front()[before:]


async def test_no_command_comes_after_it_is_closed(stand: Stand) -> None:
    async with opened(stand):
        await stand.backend.close()
        await stand.backend.close()
        before = len(stand.in_front())
        # An X server may hear of the end of a connection behind a key.
        await asyncio.to_thread(wait_for, lambda: stand.press(READ) or READ in stand.in_front()[before:], "F9")
        assert stand.heard == []
