"""Why nothing is had of a program in front, and the sentence for it."""

from __future__ import annotations

import os
import sys

import pytest

from reader.capture import unreported
from reader.capture.capture import Capture
from reader.capture.unreported import CHROMIUM, RESTART, SWITCH_ON, UNKNOWN, Kind, kind_of, pid_of, reason
from reader.errors import CaptureError
from reader.flow import Command, Source
from reader.settings.schema import SETTINGS
from tests.fakes.toy_place import ToyPlace


@pytest.mark.parametrize(
    ("kind", "is_on", "reports", "expected"),
    [
        (Kind.QT_OR_FIREFOX, False, False, SWITCH_ON),
        (Kind.QT_OR_FIREFOX, True, False, RESTART),
        (Kind.QT_OR_FIREFOX, False, True, ""),
        (Kind.CHROMIUM, False, False, CHROMIUM),
        (Kind.CHROMIUM, True, True, CHROMIUM),  # its windows are on the bus, its pages are not
        (Kind.OTHER, False, False, ""),
        (None, False, False, UNKNOWN),
        (None, False, True, ""),
        (None, True, False, ""),
    ],
)
def test_the_sentence_is_that_of_what_is_the_reason(
    kind: Kind | None, is_on: bool, reports: bool, expected: str
) -> None:
    assert reason(kind, is_on=is_on, reports=reports) == expected


def test_the_switch_is_called_what_the_settings_call_it() -> None:
    assert SETTINGS["reading.enable_accessibility"].label == unreported.SETTING


@pytest.mark.parametrize(
    ("mapped", "kind"),
    [
        ("libQt6Widgets.so.6", Kind.QT_OR_FIREFOX),
        ("libQt5Gui.so.5.15", Kind.QT_OR_FIREFOX),
        ("libxul.so", Kind.QT_OR_FIREFOX),
        ("v8_context_snapshot.bin", Kind.CHROMIUM),
        ("libgtk-3.so.0", Kind.OTHER),
    ],
)
def test_a_kind_is_known_by_what_is_mapped(mapped: str, kind: Kind, tmp_path: object) -> None:
    """Of a process of its own, which maps a file of that name and tells that it has."""
    import subprocess

    code = (
        "import mmap, sys\nf = open(sys.argv[1], 'w+b'); f.write(b'x' * 4096); f.flush()\n"
        "m = mmap.mmap(f.fileno(), 4096); print('mapped', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, f"{tmp_path}/{mapped}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"mapped\n"
        assert kind_of(process.pid) is kind
        process.communicate()


def test_a_process_that_is_gone_has_no_kind() -> None:
    assert kind_of(2**22 + 1) is Kind.OTHER


def test_a_program_is_found_by_what_a_compositor_calls_it() -> None:
    with open("/proc/self/comm", encoding="utf-8") as file:
        own = file.read().strip()
    assert pid_of(f"org.example.{own}") >= os.getpid()
    assert pid_of("org.example.nobody-is-called-so") == 0
    assert pid_of("") == 0


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("GetAddress: org.freedesktop.DBus.Error.ServiceUnknown", "at-spi2-core is not installed"),
        ("GetAddress: org.freedesktop.DBus.Error.Spawn.ChildExited", "at-spi2-core is not installed"),
        ("no session bus: DBUS_SESSION_BUS_ADDRESS is not set", "no session bus: DBUS_SESSION_BUS_ADDRESS is not set"),
    ],
)
def test_a_bus_that_is_not_there_is_explained(error: str, expected: str) -> None:
    assert unreported.no_bus(error).startswith(expected)


class TestWhatIsTold:
    async def told(self, command: Command, *, of: int = 7, **options: bool) -> str:
        from reader.capture.base import CaptureOptions

        focus, kept = ToyPlace(), ToyPlace()
        kept.pid, focus.reasons = of, {7: "The reason."}
        capture = Capture({Source.FOCUS: [focus], Source.SELECTION: [kept], Source.CLIPBOARD: [kept]})
        await capture.apply(CaptureOptions(**options))
        with pytest.raises(CaptureError) as caught:
            await capture.read(command)
        return caught.value.sentence

    async def test_the_reason_where_there_is_one(self) -> None:
        assert await self.told(Command.READ_SELECTION) == "The reason."
        assert await self.told(Command.READ_FOCUS) == "The reason."

    async def test_what_there_is_not_where_none_is_known(self) -> None:
        assert await self.told(Command.READ_FOCUS, of=8) == "There is nothing here."

    async def test_the_clipboard_has_nothing_to_do_with_it(self) -> None:
        assert await self.told(Command.READ_CLIPBOARD) == "There is nothing here."

    async def test_nor_has_a_user_who_wants_the_selection_alone(self) -> None:
        assert (await self.told(Command.READ_SELECTION, focused_text=False)).startswith("Nothing is selected.")
