import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reader.errors import SettingsError
from reader.flow import Command
from reader.hotkeys.chord import DEFAULTS, Chord
from reader.settings import file
from reader.settings.later import Later
from reader.settings.paths import shown
from reader.settings.schema import SETTINGS, key_setting
from reader.settings.store import Settings, setting


@pytest.mark.parametrize("row", SETTINGS.values(), ids=lambda row: row.key)
def test_every_row_is_complete_and_its_default_is_allowed(row) -> None:  # type: ignore[no-untyped-def]
    section, _, name = row.key.partition(".")
    assert section
    assert name
    assert row.label
    assert row.summary
    assert row.check(row.default) == row.default or row.key.startswith("keys.")


def test_every_default_key_has_a_setting() -> None:
    assert all(key_setting(command) in SETTINGS for command in DEFAULTS)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "none.toml")
    assert settings.number("voice.speed") == 1.0
    assert settings.problems == []


def test_what_is_set_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "settings.toml"
    settings = Settings(path)
    settings.set("voice.speed", 2.5)
    settings.set("reading.clipboard", True)
    settings.set("keys.stop", "ctrl+f9")
    again = Settings(path)
    assert again.number("voice.speed") == 2.5
    assert again.switch("reading.clipboard")
    assert again.text("keys.stop") == "Ctrl+F9"
    assert again.problems == []


def test_a_mistake_costs_its_own_key_only_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[voice]\nspeed = "fast"\nlanguage = "de"\n[keys]\nstop = "Hyper+Q"\n')
    settings = Settings(path)
    assert settings.number("voice.speed") == 1.0
    assert settings.text("voice.language") == "de"
    assert len(settings.problems) == 2
    assert all("voice.speed" in p or "keys.stop" in p for p in settings.problems)


def test_a_file_that_cant_be_read_stays_until_it_is_written_and_is_kept_then(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("speed = = 3")
    settings = Settings(path)
    assert len(settings.problems) == 1
    assert not path.with_suffix(".broken.toml").exists()
    assert path.read_text() == "speed = = 3"
    settings.set("voice.speed", 2.0)
    assert (tmp_path / "settings.broken.toml").read_text() == "speed = = 3"
    assert "settings.broken.toml" in settings.problems[0]
    assert Settings(path).number("voice.speed") == 2.0


def test_comments_and_keys_of_other_versions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("# mine\n[voice]\nspeed = 1.5 # brisk\nfuture = 7\n")
    Settings(path).set("voice.speed", 2.0)
    text = path.read_text()
    assert "# mine" in text
    assert "# brisk" in text
    assert "future = 7" in text
    assert "speed = 2.0" in text


def test_nothing_is_half_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    Settings(path).set("voice.speed", 2.0)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".settings")] == []


@pytest.mark.parametrize(
    ("key", "text"),
    [("voice.speed", "9"), ("voice.speed", "x"), ("reading.clipboard", "maybe"), ("keys.stop", "q"), ("no.such", "1")],
)
def test_what_cant_be_is_refused_with_a_sentence(key: str, text: str) -> None:
    with pytest.raises(SettingsError) as error:
        setting(key).parse(text)
    assert error.value.sentence.endswith(".")


def test_what_cant_be_written_does_not_hold(tmp_path: Path) -> None:
    (tmp_path / "no-folder").touch()
    settings = Settings(tmp_path / "no-folder" / "settings.toml")
    with pytest.raises(SettingsError, match="can't be written"):
        settings.set("voice.speed", 2.0)
    assert settings.number("voice.speed") == 1.0


def test_words_for_switches() -> None:
    assert SETTINGS["reading.clipboard"].parse("on") is True
    assert SETTINGS["reading.clipboard"].parse("no") is False


def test_a_mistake_made_by_hand_meanwhile_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings = Settings(path)
    path.write_text("[voice]\nspeed = 2.0\nid = [oops\n")
    settings.set("voice.speed", 1.5)
    assert Settings(path).number("voice.speed") == 1.5
    assert "oops" in path.with_suffix(".broken.toml").read_text()
    assert settings.problems


def test_a_link_to_the_file_stays_one(tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "harken.toml"
    kept.parent.mkdir()
    kept.write_text("[voice]\nspeed = 2.0\n")
    path = tmp_path / "settings.toml"
    path.symlink_to(kept)
    Settings(path).set("voice.speed", 1.5)
    assert path.is_symlink()
    assert "1.5" in kept.read_text()


def test_a_chord_has_one_meaning(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.toml")
    taken = settings.text("keys.read_selection")
    with pytest.raises(SettingsError, match="Read selection, or stop") as error:
        settings.set("keys.stop", taken.lower())
    assert str(Chord.parse(taken)) in error.value.sentence
    assert settings.text("keys.stop") == DEFAULTS[Command.STOP]
    settings.set("keys.stop", settings.text("keys.stop"))  # itself is no rival
    settings.set("keys.louder", "")
    settings.set("keys.quieter", "")


def test_a_chord_written_twice_by_hand_is_told_and_means_the_first(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[keys]\nstop = "Ctrl+F9"\nnext = "ctrl+f9"\n')
    settings = Settings(path)
    assert settings.text("keys.stop") == "Ctrl+F9"
    assert settings.text("keys.next") == ""
    assert len(settings.problems) == 1
    assert all(word in settings.problems[0] for word in ("Ctrl+F9", "“Stop”", "“Next sentence”"))


def test_a_default_gives_way_to_what_was_written_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    taken = DEFAULTS[Command.READ_SELECTION]
    path.write_text(f'[keys]\nstop = "{taken}"\n')
    settings = Settings(path)
    assert settings.text("keys.stop") == str(Chord.parse(taken))
    assert settings.text("keys.read_selection") == ""
    assert len(settings.problems) == 1


async def test_what_is_set_again_and_again_is_written_once(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.toml")
    later = Later(settings, pytest.fail)
    for speed in (1.1, 1.2, 1.3):
        later.set("voice.speed", speed)
    assert settings.number("voice.speed") == 1.3  # in force is what is told
    assert not (tmp_path / "settings.toml").exists()
    await later.flush()
    assert Settings(tmp_path / "settings.toml").number("voice.speed") == 1.3


class TestAKeyThatIsPressedWhileTheFileIsWritten:
    @pytest.fixture
    def slow(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
        """(the file is being written, it may be)."""
        begun, may_go_on, change = threading.Event(), threading.Event(), file.change

        def wait_and_change(*given: Any) -> Any:
            begun.set()
            assert may_go_on.wait(10)
            return change(*given)

        monkeypatch.setattr(file, "change", wait_and_change)
        yield begun, may_go_on
        may_go_on.set()

    @pytest.mark.parametrize("first", ["another", "the same"])
    def test_applies_at_once_and_is_written_next(
        self, first: str, slow: tuple[threading.Event, threading.Event], tmp_path: Path
    ) -> None:
        begun, may_go_on = slow
        settings = Settings(tmp_path / "settings.toml")
        settings.hold("voice.speed", 1.2)
        with ThreadPoolExecutor() as threads:
            write = partial(settings.set, "cues.end", True) if first == "another" else settings.save
            writing = threads.submit(write)
            assert begun.wait(5)
            pressing = threads.submit(settings.hold, "voice.speed", 1.3)
            try:
                pressing.result(5)
            finally:
                may_go_on.set()
            assert settings.number("voice.speed") == 1.3
            writing.result()
        assert settings.number("voice.speed") == 1.3
        settings.save()
        assert Settings(tmp_path / "settings.toml").number("voice.speed") == 1.3


class TestEditedByHand:
    """While Harken runs."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "settings.toml"
        path.write_text('[voice]\nspeed = 2.0\nlanguage = "de"\n')
        return path

    def test_what_is_another_value_now_is_named(self, path: Path) -> None:
        settings = Settings(path)
        path.write_text('[voice]\nspeed = 2.0\nlanguage = "en"\n[reading]\nclipboard = true\n')
        assert settings.reload() == ["voice.language", "reading.clipboard"]
        assert settings.text("voice.language") == "en"
        path.unlink()
        assert settings.reload() == ["voice.speed", "voice.language", "reading.clipboard"]
        assert settings.number("voice.speed") == 1.0

    def test_its_own_writing_is_no_news(self, path: Path) -> None:
        settings = Settings(path)
        settings.set("voice.speed", 1.5)
        assert settings.reload() == []

    def test_a_file_that_can_not_be_read_changes_nothing_and_stays(self, path: Path) -> None:
        settings = Settings(path)
        path.write_text("[voice]\nspeed = 1.2\nid = [oops\n")
        assert settings.reload() == []
        assert settings.number("voice.speed") == 2.0
        assert "oops" in path.read_text()
        assert len(settings.untold_problems()) == 1
        assert settings.reload() == []
        assert settings.untold_problems() == []  # said once
        path.write_text("[voice]\nspeed = 1.2\n")
        assert settings.reload() == ["voice.speed", "voice.language"]
        assert settings.problems == []

    def test_an_impossible_value_leaves_the_current_one(self, path: Path) -> None:
        settings = Settings(path)
        path.write_text('[voice]\nspeed = "fast"\nlanguage = "en"\n')
        assert settings.reload() == ["voice.language"]
        assert settings.number("voice.speed") == 2.0
        (told,) = settings.untold_problems()
        assert "voice.speed" in told
        assert "Harken uses 2." in told
        settings.set("voice.language", "de")
        assert settings.reload() == []
        assert settings.untold_problems() == []

    def test_no_current_value_is_lost_when_a_broken_file_is_overwritten(self, path: Path) -> None:
        settings = Settings(path)
        path.write_text("[oops\n")
        settings.reload()
        settings.set("voice.speed", 1.5)
        again = Settings(path)
        assert (again.number("voice.speed"), again.text("voice.language")) == (1.5, "de")
        assert "oops" in path.with_suffix(".broken.toml").read_text()

    def test_a_future_versions_settings_stay(self, path: Path) -> None:
        path.write_text("[voice]\nspeed = 2.0\nwarmth = 3\n[hologram]\nsize = 7\n")
        settings = Settings(path)
        assert settings.reload() == []
        settings.set("voice.speed", 1.5)
        assert "warmth = 3" in path.read_text()
        assert "[hologram]\nsize = 7" in path.read_text()
        assert settings.problems == []


@pytest.mark.skipif(sys.platform == "win32", reason="there ~ means nothing to people")
def test_a_path_is_shown_without_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "ada"))
    assert shown(tmp_path / "ada" / ".config" / "harken") == "~/.config/harken"
    assert shown(tmp_path / "adam" / "harken.log") == str(tmp_path / "adam" / "harken.log")
