"""What follows which setting."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest

from reader.core import accessibility, from_settings, login
from reader.core.app import App
from reader.core.apply import Changes
from reader.errors import SettingsError
from reader.flow import Event, Notice, ScreenReader, SettingChanged
from reader.settings.player_settings import PLAYER
from reader.settings.schema import SETTINGS, Value
from reader.settings.store import Settings
from reader.settings.text_settings import TEXT
from reader.text.choices import MILD
from tests.fakes.device import HandDevice

# Read by windows, by speech-dispatcher's module, or when something is made; no part of the core has to be told.
READ_WHEN_WANTED = {
    *("system.language", "system.appearance", "system.check_updates", "system.services_for_programs"),
    *(setting.key for setting in PLAYER),
}
# Followed from when the desktop is there.
DESKTOPS = {
    *(*from_settings.PLACES, *from_settings.KEYS, *from_settings.DESKTOP_OPTIONS),
    *("keys.escape_stops", accessibility.KEY, login.KEY),
}


class Watched(Settings):
    """Settings that note what is asked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked: set[str] = set()

    def get(self, key: str) -> Value:
        self.asked.add(key)
        return super().get(key)


@pytest.mark.parametrize(
    ("read", "declared"),
    [
        (lambda s: from_settings.preferences(s, ScreenReader()), from_settings.PREFERENCES),
        (from_settings.bindings, from_settings.KEYS),
        (from_settings.desktop_options, from_settings.DESKTOP_OPTIONS),
        (from_settings.account, from_settings.ACCOUNT),
    ],
)
def test_a_part_follows_what_it_is_made_from(
    read: Callable[[Settings], object], declared: tuple[str, ...], tmp_path: Path
) -> None:
    settings = Watched(tmp_path / "settings.toml")
    read(settings)
    assert settings.asked == set(declared)


async def test_every_setting_is_followed(tmp_path: Path) -> None:
    app = App(Settings(tmp_path / "settings.toml"), device=HandDevice())
    try:
        followed = {key for keys, _ in app._changes._followers for key in keys}
        assert followed.isdisjoint(DESKTOPS)
        assert followed | DESKTOPS | READ_WHEN_WANTED == SETTINGS.keys()
    finally:
        await app.stop()


async def test_followers_are_told_in_order_and_only_of_theirs(tmp_path: Path) -> None:
    told: list[str] = []
    events: list[Event] = []
    changes = Changes(Settings(tmp_path / "settings.toml"), events.append)

    async def second() -> None:
        told.append("second")

    changes.follow(("cues.end", "cues.pause"), lambda: told.append("first"))
    changes.follow(("cues.end",), second)
    await changes.change("cues.end", True)
    await changes.change("cues.pause", True)
    assert told == ["first", "second", "first"]
    assert events == [SettingChanged(0, "cues.end"), SettingChanged(0, "cues.pause")]


async def test_who_follows_after_a_change_catches_up_with_it(tmp_path: Path) -> None:
    told: list[str] = []
    changes = Changes(Settings(tmp_path / "settings.toml"), lambda _: None)
    changes.follow(("cues.end",), lambda: told.append("in time"))
    await changes.change("cues.end", True)
    changes.follow(("cues.end", "cues.pause"), lambda: told.append("late"))
    changes.follow(("cues.pause",), lambda: told.append("of another"))
    for _ in range(2):
        await changes.catch_up()
    assert told == ["in time", "late"]


async def test_who_cant_follow_says_so(tmp_path: Path) -> None:
    events: list[Event] = []
    changes = Changes(Settings(tmp_path / "settings.toml"), events.append)

    def refuse() -> None:
        raise SettingsError("The desktop refuses.")

    changes.follow(("cues.end",), refuse)
    with pytest.raises(SettingsError):
        await changes.change("cues.end", True)
    await changes.reset(["cues.end"])
    assert events == [Notice(0, "The desktop refuses."), SettingChanged(0, "cues.end")]


def test_every_choice_of_what_is_read_is_a_value_that_the_reading_knows(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.toml")
    assert from_settings.choices(settings) == MILD
    for setting in TEXT:
        name = setting.key.removeprefix("text.")
        values: list[Value] = [value for value, _ in setting.choices] or [True, False]
        kind = type(getattr(MILD, name))
        assert {kind(value) for value in values} == set(kind if issubclass(kind, StrEnum) else (True, False))
        for value in values:
            settings.set(setting.key, value)
            assert getattr(from_settings.choices(settings), name) == value
