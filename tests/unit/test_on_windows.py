"""Windows' own side of keys, clipboard and desktop, on Windows itself or in Wine: `make test-windows` runs it there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from reader import win32
from reader.capture.copying import Format
from reader.capture.windows_clipboard import WindowsClipboard, window_in_front
from reader.capture.windows_copying import DIB, UNICODE
from reader.desktop.base import Playing
from reader.desktop.windows import ExecutionState, RunKey
from reader.desktop.windows_media import MediaKeys
from reader.errors import DesktopError
from reader.flow import BoundKeys, Command
from reader.hotkeys.chord import ESCAPE, WINDOWS, Chord
from reader.hotkeys.windows import RegisteredHotkeys, virtual_key
from reader.support.held_keys import held_modifiers
from tests.desktop.desk import wait_for

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="this is Windows' own")

MODIFIERS = {"Ctrl": win32.VK_CTRL, "Alt": win32.VK_ALT, "Super": win32.VK_LWIN, "Shift": win32.VK_SHIFT}
MEDIA_PLAY_PAUSE = 0xB3
STOP, NEXT, OTHER = Chord.parse("Super+Alt+Q"), Chord.parse("Ctrl+Alt+F9"), Chord.parse("Ctrl+Alt+F8")


class Keys(RegisteredHotkeys):
    """Also says what came."""

    def __init__(self) -> None:
        self.heard: list[Command] = []
        self._came = threading.Semaphore(0)
        super().__init__(self._hear)

    def _hear(self, command: Command) -> None:
        self.heard.append(command)
        self._came.release()

    async def expect(self, *commands: Command) -> None:
        for _ in commands:
            assert await asyncio.to_thread(self._came.acquire, timeout=20)
        assert self.heard[-len(commands) :] == list(commands)


def press(chord: Chord) -> None:
    assert win32.send(win32.strokes(*(MODIFIERS[name] for name in sorted(chord.modifiers)), virtual_key(chord)))


async def bind(keys: Keys, **wanted: Chord) -> BoundKeys:
    return await keys.bind({Command(name.replace("_", "-")): chord for name, chord in wanted.items()})


async def bound() -> Keys:
    made = Keys()
    assert (await bind(made, stop=STOP, next=NEXT)).names == {Command.STOP: "Win+Alt+Q", Command.NEXT: "Ctrl+Alt+F9"}
    return made


async def test_a_registered_key_gives_its_command_until_it_is_let_go_of() -> None:
    keys = await bound()
    press(STOP)
    press(NEXT)
    await keys.expect(Command.STOP, Command.NEXT)
    await bind(keys, next=NEXT)
    press(STOP)
    press(NEXT)
    await keys.expect(Command.NEXT)
    assert keys.heard.count(Command.STOP) == 1
    await keys.close()
    await keys.close()
    assert (await bind(keys, next=NEXT)).names == {}


async def test_a_key_of_another_program_is_refused_until_it_is_free() -> None:
    rival, keys = await bound(), Keys()
    refused = await bind(keys, stop=STOP, read_selection=OTHER)
    assert refused.refused == {Command.STOP: "Win+Alt+Q is taken by another program."}
    assert refused.names == {Command.READ_SELECTION: "Ctrl+Alt+F8"}
    await rival.close()
    assert not (await bind(keys, stop=STOP, read_selection=OTHER)).refused
    await keys.close()


async def test_escape_is_taken_only_while_asked_for() -> None:
    keys = await bound()
    press(ESCAPE)
    keys.bind_escape(Command.PAUSE)
    await bind(keys, stop=STOP, next=NEXT)  # behind it, in order
    press(ESCAPE)
    await keys.expect(Command.PAUSE)
    keys.bind_escape(None)
    await bind(keys, stop=STOP, next=NEXT)
    press(ESCAPE)
    press(STOP)
    await keys.expect(Command.STOP)
    assert keys.heard.count(Command.PAUSE) == 1
    await keys.close()


async def test_every_default_can_be_had_and_no_modifier_is_left_down() -> None:
    keys = Keys()
    wanted = {command: Chord.parse(text) for command, text in WINDOWS.items()}
    assert (await keys.bind(wanted)).names.keys() == wanted.keys()
    for command, chord in wanted.items():
        press(chord)
        await keys.expect(command)
    assert held_modifiers() == frozenset()
    await keys.close()


def test_a_clipboard_of_three_formats_comes_back_byte_for_byte() -> None:
    mine = {
        Format(UNICODE): "é\0".encode("utf-16-le"),
        Format(DIB): bytes(range(200)),
        Format(0, "HTML Format"): b"<b>",
    }
    clipboard = WindowsClipboard()
    before = clipboard.sequence()
    assert clipboard.open()
    clipboard.put(mine.items(), {"Harken's own": b"\0"})
    found = {Format(0, f.name) if f.name else f: clipboard.data(f) for f in clipboard.formats()}
    clipboard.close()
    assert mine.items() <= found.items()
    assert found[Format(0, "Harken's own")] == b"\0"
    assert clipboard.sequence() != before
    clipboard.end()


def test_jobs_of_a_thread_are_done_in_order_and_refused_behind_its_end() -> None:
    thread = win32.MessageThread("test")
    done: list[int] = []
    for number in range(50):
        last = thread.submit(lambda number=number: done.append(number))  # type: ignore[misc]
    last.result(20)
    assert done == list(range(50))
    with pytest.raises(ZeroDivisionError):
        thread.submit(lambda: 1 // 0).result(20)
    thread.close()
    with pytest.raises(DesktopError):
        thread.submit(lambda: None).result(20)


def test_the_desktop_is_asked_without_a_fault() -> None:
    assert window_in_front().pid >= 0
    lock = ExecutionState()
    lock.hold()
    lock.release()


def test_a_program_has_more_rights_where_windows_says_so_or_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert win32._integrity(win32.kernel32().GetCurrentProcess()) in range(0x1000, 0x5000)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as another:
        assert not win32.has_more_rights(another.pid)
        for theirs, is_above in ((0x3000, True), (None, True), (0x2000, False), (0x1000, False)):
            answers = iter([theirs, 0x2000])
            monkeypatch.setattr(win32, "_integrity", lambda _process, answers=answers: next(answers))
            assert win32.has_more_rights(another.pid) is is_above


async def test_a_media_key_is_harkens_while_it_reads_and_only_then() -> None:
    came: asyncio.Queue[Command] = asyncio.Queue()
    media = MediaKeys(came.put_nowait, lambda _: None, lambda _: None)
    keys = await bound()
    for _ in range(2):
        media.show(Playing(1, False, "", 1.0))
        await asyncio.to_thread(wait_for, lambda: media._is_taken, "the keys")
        win32.send(win32.strokes(MEDIA_PLAY_PAUSE))
        assert await came.get() is Command.PAUSE_RESUME
        media.show(None)
        await asyncio.to_thread(wait_for, lambda: not media._is_taken, "the keys")
        win32.send(win32.strokes(MEDIA_PLAY_PAUSE))
        press(STOP)
        await keys.expect(Command.STOP)
    assert came.empty()
    await media.close()
    await keys.close()


def test_start_at_login_is_in_the_registry() -> None:
    autostart = RunKey(lambda: ["C:\\A folder\\pythonw.exe", "-c", "print('ü')"])
    for is_on in (True, False, True, False):
        autostart.set(is_on)
        assert autostart.is_on() is is_on
