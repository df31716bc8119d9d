"""Harken as the voice of others on Debian 13: spd-say 0.12 and Orca 48 speak with it, and it reads beside Orca."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.desktop.desk import wait_for
from tests.desktop.hearing import count, voiced_text
from tests.desktop.orca import as_said_with_harken, settings_file
from tests.desktop.recorder import RATE_HZ, Samples
from tests.wayland.desk import WaylandDesk

pytestmark = [pytest.mark.desktop, pytest.mark.usefixtures("wayland_root")]
LONG = f"{'This is a long story that nobody wants to hear to its end. ' * 8}Here it ends at last."
SHORT = "The short line comes last."
_SILENCE = 0.004


@pytest.fixture(scope="module")
def desk(wayland_root: Path) -> Iterator[WaylandDesk]:
    """A desktop on which speech-dispatcher has Harken's voices, and no Harken runs."""
    with WaylandDesk("sway", wayland_root) as desk:
        speak_with_harken(desk)
        yield desk
        print(desk.notices(), desk.spoken(), desk.report())


@pytest.fixture(scope="module")
def orca(desk: WaylandDesk) -> WaylandDesk:
    """With Orca, started by hand, and a running Harken."""
    start_orca(desk)
    desk.start_harken()
    return desk


def speak_with_harken(desk: WaylandDesk) -> None:
    """Have speech-dispatcher run, with Harken's voices."""
    assert desk.harken_run("speechd", "install", "--default").returncode == 0
    desk.start(["speech-dispatcher", "-s", "-L", "/desk/home", "-t", "0"], "speech-dispatcher")
    socket = desk.folder / "run/speech-dispatcher/speechd.sock"
    wait_for(socket.exists, "speech-dispatcher", 60.0)  # before a client starts another one, which ends after 5 s
    wait_for(lambda: "Heart" in desk.output("spd-say", "-o", "harken", "-L"), "voices", 60.0)


def start_orca(desk: WaylandDesk) -> None:
    """Until it has said that it is there."""
    settings = desk.write("user-settings.conf", settings_file())
    begun_s = time.monotonic()
    desk.start(["orca", "-u", str(settings.parent)], "orca")
    (said,) = as_said_with_harken("Screen reader on.")
    wait_for_end(desk, begun_s, said)


def wait_until_begun(desk: WaylandDesk, since_s: float) -> None:
    """Until some words were heard. Which one is looked at in the end: that keeps a processor busy."""
    wait_for(lambda: (np.abs(desk.recorder.since(since_s)) > _SILENCE).sum() > 2 * RATE_HZ, "sound", 60.0)


def is_still(desk: WaylandDesk) -> bool:
    """Whether nothing was heard for a second."""
    return bool(np.abs(desk.recorder.sound()[-RATE_HZ:]).max() < _SILENCE)


def wait_for_end(desk: WaylandDesk, since_s: float, piece: Samples) -> Samples:
    """Wait until this was said, the beginning of it at least: a busy PipeWire leaves holes. Returns what was heard."""
    beginning = piece[: RATE_HZ // 2]
    wait_for(lambda: is_still(desk) and count(beginning, desk.recorder.since(since_s)), "what is said last", 60.0)
    return desk.recorder.since(since_s)


def check_that_it_was_cut(heard: Samples, cut: list[Samples], last: Samples) -> None:
    """Of a text the beginning and not the end, and once what came instead."""
    assert any(count(piece[: RATE_HZ // 2], heard) for piece in cut[:3])
    assert count(cut[-1], heard) == 0
    assert count(last[: RATE_HZ // 2], heard) == 1


def test_spd_say_is_heard_and_the_next_message_cuts_it(desk: WaylandDesk) -> None:
    begun_s = time.monotonic()
    assert desk.run("spd-say", LONG).returncode == 0
    wait_until_begun(desk, begun_s)
    assert desk.run("spd-say", "--wait", SHORT).returncode == 0
    long, (last,) = map(voiced_text, (LONG, SHORT))
    check_that_it_was_cut(wait_for_end(desk, begun_s, last), long, last)


def test_the_next_line_cuts_the_one_that_orca_reads(orca: WaylandDesk) -> None:
    long, (last,) = map(as_said_with_harken, (LONG, SHORT))
    orca.open_text(f"First.\n{LONG}\n{SHORT}\n", "mousepad")
    orca.press("ctrl+home")
    wait_for(lambda: is_still(orca), "silence", 60.0)
    begun_s = time.monotonic()
    orca.press("down")
    wait_until_begun(orca, begun_s)
    orca.press("down")
    check_that_it_was_cut(wait_for_end(orca, begun_s, last), long, last)
    orca.close_windows()


def test_harken_reads_beside_it_in_its_own_voice(orca: WaylandDesk) -> None:
    (said,) = voiced_text(SHORT)
    orca.open_text(SHORT, "mousepad")
    wait_for(lambda: is_still(orca), "silence", 60.0)
    orca.begin()
    begun_s = time.monotonic()
    orca.press("super+alt+r")
    wait_for_end(orca, begun_s, said)
    assert orca.spoken() == [SHORT]
    assert orca.selection() == SHORT  # the key did not reach the editor
    orca.close_windows()
