"""The tray app with files that people, disks and other programs left: it starts, says so, and loses nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.desk import Desk, wait_for

NESTED = b"x = " + b"[" * 5000


@pytest.fixture(scope="module")
def bare() -> Iterator[Desk]:
    """A desktop without sound, on which each test starts its own Harken."""
    with Desk(sound=False, bus=False) as made:
        yield made


@pytest.fixture
def fresh(bare: Desk) -> Iterator[Desk]:
    bare.begin()
    yield bare
    if bare.harken:
        bare.end(bare.harken)
    for path in settings(bare).parent.glob("settings*"):
        path.unlink()


def settings(desk: Desk) -> Path:
    path = desk.home / ".config" / "harken" / "settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def names(desk: Desk) -> list[str]:
    return sorted(path.name for path in settings(desk).parent.glob("*settings*"))


def told(desk: Desk, words: str) -> str:
    """The notice that has these words, once it is there."""
    found: str = wait_for(lambda: next((n for n in desk.notices() if words in n), ""), words)
    return found


def test_a_damaged_file_is_told_stays_and_is_kept_when_it_is_written_over(fresh: Desk) -> None:
    settings(fresh).write_bytes(NESTED)
    fresh.start_harken(HARKEN_AUDIO="none")
    assert "Harken uses the defaults until you correct the file." in told(fresh, "can't be read")
    assert settings(fresh).read_bytes() == NESTED
    assert names(fresh) == ["settings.toml"]

    assert fresh.harken_call("faster") == 0  # by a key too, behind it
    kept = settings(fresh).with_suffix(".broken.toml")
    wait_for(kept.exists, "the old file beside the new one")
    assert kept.read_bytes() == NESTED
    assert "settings.broken.toml" in told(fresh, "was rewritten")
    assert fresh.harken_output("settings", "get", "voice.speed").strip() == "1.1"


def test_what_is_damaged_while_it_runs_changes_nothing(fresh: Desk) -> None:
    settings(fresh).write_text("[voice]\nspeed = 2.0\n")
    fresh.start_harken(HARKEN_AUDIO="none")
    settings(fresh).write_bytes(NESTED)
    assert "Harken keeps the current settings" in told(fresh, "can't be read")
    assert fresh.ask("status")["speed"] == 2.0
    settings(fresh).write_text("\ufeff[voice]\nspeed = 1.5\n", "utf-8")
    wait_for(lambda: fresh.ask("status")["speed"] == 1.5, "the mended file")


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.symlink_to(path), lambda path: path.symlink_to("/dev/zero")]
)
def test_what_is_not_a_file_does_not_prevent_starting(fresh: Desk, make: Callable[[Path], object]) -> None:
    make(settings(fresh))
    fresh.start_harken(HARKEN_AUDIO="none")
    told(fresh, "can't be read")
    assert fresh.harken_call("settings", "set", "voice.speed", "2") == 1
    assert fresh.harken_call("faster") == 0
    told(fresh, "can't be written")
    assert fresh.harken_output("settings", "get", "voice.speed").strip() == "1.1"  # in force, and so it is told
    assert names(fresh) == ["settings.toml"]
