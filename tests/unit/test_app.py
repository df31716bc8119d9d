"""The whole core, put together, without a desktop."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.core.app import App
from reader.core.sample_reading import speak_sample
from reader.errors import NothingToReadError
from reader.flow import CapturedText, Event, ScreenReader, Source, VolumeChanged
from reader.settings.store import Settings
from tests.fakes.device import HandDevice


async def test_where_a_screen_reader_runs_harken_does_not_speak_its_notices(tmp_path: Path) -> None:
    app = App(Settings(tmp_path / "settings.toml"), device=HandDevice())
    try:
        for is_running in (True, False):
            app.set_screen_reader(ScreenReader(is_running, is_running))
            assert app.controller.preferences.speaks_notices is not is_running
        await app.change("reading.spoken_notices", False)
        app.set_screen_reader(ScreenReader(False, False))
        assert not app.controller.preferences.speaks_notices
    finally:
        await app.stop()


async def test_the_history_is_read_again_and_forgotten_when_it_is_turned_off(tmp_path: Path) -> None:
    app = App(Settings(tmp_path / "settings.toml"), device=HandDevice())
    try:
        app.controller.history.add(CapturedText("One.", Source.CLIPBOARD))
        assert not speak_sample(app).is_users  # so it is not among them
        (entry,) = app.history()
        assert app.read_again(entry.id).captured.text == "One."
        await app.change("reading.history", False)
        assert app.history() == []
        with pytest.raises(NothingToReadError):
            app.read_again(entry.id)
    finally:
        await app.stop()


@pytest.mark.noisy
async def test_a_part_that_cant_be_closed_keeps_no_other_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    app = App(Settings(tmp_path / "settings.toml"), device=HandDevice())
    closed = []

    async def fail() -> None:
        raise RuntimeError

    async def close() -> None:
        closed.append("engines")

    monkeypatch.setattr(app._changes, "close", fail)
    monkeypatch.setattr(app.controller, "close", fail)
    monkeypatch.setattr(app.engines, "close", close)
    await app.stop()
    assert closed == ["engines"]
    assert noise == [f"reader.support.closing: {part} can't be closed" for part in ("Changes", "Controller")]


@pytest.mark.noisy
async def test_a_desktop_that_fails_keeps_no_event_from_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    app = App(Settings(tmp_path / "settings.toml"), device=HandDevice())
    heard: list[Event] = []
    app.subscribe(heard.append)

    def fail(_: Event) -> None:
        raise RuntimeError

    try:
        with monkeypatch.context() as failing:
            failing.setattr(app.desktop, "on_event", fail)
            app.publish(VolumeChanged(0, 0.5))
    finally:
        await app.stop()
    assert heard == [VolumeChanged(0, 0.5)]
    assert noise == ["reader.core.events: VolumeChanged was not taken"]
