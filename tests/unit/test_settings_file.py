"""The settings file as people, disks and other programs leave it: whatever is there, nothing is lost or silent."""

from __future__ import annotations

import os
import socket
import sys
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from reader.errors import SettingsError
from reader.settings import file
from reader.settings.schema import SETTINGS
from reader.settings.store import Settings
from reader.support import files

DAMAGED = {
    "no TOML": b"speed = = 3",
    "nested brackets": b"x = " + b"[" * 5000 + b"]" * 5000,
    "nested brackets over lines": b"x = " + b"[\n" * 5000 + b"]\n" * 5000,
    "nested tables": b"x = " + b"{a=\n" * 500 + b"1" + b"}" * 500,
    "a long number": b"[voice]\nspeed = " + b"9" * 5000,
    "a long hexadecimal number in a wrong place": b"[voice\nspeed = 0x" + b"f" * 3000,
    "no UTF-8": b'[voice]\nid = "\xff"\n',
    "UTF-16 without a mark": "[voice]\nspeed = 2.0\n".encode("utf-16-le"),
    "half a character of UTF-16": b"\xff\xfe[",
    "NULs": b"\0" * 4000,
    "NULs in it": b"[voice]\nspeed\0 = 2.0\n",
    "too large": b"# a comment\n" * 20_000,
    "a key of thousands of parts": b".".join([b"a"] * 60_000) + b" = 1",
    "tables within tables": b".".join([b"a"] * 1000) + b" = 1",
    "twice the same": b"[voice]\nspeed = 1.0\nspeed = 2.0\n",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    return folder / "settings.toml"


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_told_and_changes_nothing_until_a_setting_is_changed(path: Path, name: str) -> None:
    path.write_bytes(DAMAGED[name])
    for _ in range(2):
        settings = Settings(path)
        (problem,) = settings.problems
        assert "can't be read" in problem
        assert settings.number("voice.speed") == 1.0
        assert settings.reload() == []
        assert names(path) == ["settings.toml"]
        assert path.read_bytes() == DAMAGED[name]

    settings.set("voice.speed", 2.0)
    assert "settings.broken.toml" in settings.problems[0]
    assert (path.parent / "settings.broken.toml").read_bytes() == DAMAGED[name]
    assert Settings(path).number("voice.speed") == 2.0
    assert Settings(path).problems == []


def test_what_was_kept_before_is_kept_still(path: Path) -> None:
    for content in ("first = =", "second = ="):
        path.write_text(content)
        Settings(path).set("voice.speed", 2.0)
    assert names(path) == ["settings.broken-2.toml", "settings.broken.toml", "settings.toml"]
    assert (path.parent / "settings.broken.toml").read_text() == "first = ="
    assert (path.parent / "settings.broken-2.toml").read_text() == "second = ="


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_damage(path: Path, encoding: str) -> None:
    path.write_text("# größer\n[voice]\nspeed = 2.0\n", encoding=encoding)
    settings = Settings(path)
    assert (settings.problems, settings.number("voice.speed")) == ([], 2.0)
    settings.set("cues.end", True)
    assert (settings.problems, names(path)) == ([], ["settings.toml"])
    assert path.read_text("utf-8").startswith("# größer\n[voice]\nspeed = 2.0\n")


def test_an_empty_file_is_none(path: Path) -> None:
    path.touch()
    settings = Settings(path)
    settings.set("voice.speed", 2.0)
    assert (settings.problems, names(path)) == ([], ["settings.toml"])


# ---- what is no file ----


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "kept").touch()


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


NO_FILES: dict[str, Callable[[Path], object]] = {
    "folder": _folder,
    "pipe": os.mkfifo if sys.platform != "win32" else _folder,
    "socket": _socket,
    "link to itself": lambda path: path.symlink_to(path),
    "link to endless zeros": lambda path: path.symlink_to("/dev/zero"),
    "link to a terminal": lambda path: path.symlink_to("/dev/tty"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="has none of these")
@pytest.mark.parametrize("make", NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file_is_told_and_left_alone(path: Path, make: Callable[[Path], object]) -> None:
    make(path)
    before = path.lstat()
    settings = Settings(path)
    assert len(settings.problems) == 1
    with pytest.raises(SettingsError, match="can't be written"):
        settings.set("voice.speed", 2.0)
    assert settings.number("voice.speed") == 1.0
    settings.hold("voice.speed", 2.0)
    with pytest.raises(SettingsError, match="can't be written"):
        settings.save()
    assert settings.number("voice.speed") == 2.0  # a key's change holds as long as Harken runs
    after = path.lstat()
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)
    assert names(path) == ["settings.toml"]


def test_a_link_to_a_file_that_is_not_there_is_followed(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "dotfiles.toml")
    assert Settings(path).problems == []
    Settings(path).set("voice.speed", 2.0)
    assert path.is_symlink()
    assert (tmp_path / "dotfiles.toml").exists()


def test_a_link_to_where_no_folder_is_makes_none(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "not-mounted" / "settings.toml")
    settings = Settings(path)
    with pytest.raises(SettingsError, match="can't be written"):
        settings.set("voice.speed", 2.0)
    assert not (tmp_path / "not-mounted").exists()


def test_a_disk_that_takes_nothing_loses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path.write_text("broken = =")
    settings = Settings(path)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SettingsError, match="No space left on device"):
        settings.set("voice.speed", 2.0)
    assert names(path) == ["settings.toml"]
    assert path.read_text() == "broken = ="


# ---- what people write ----


@pytest.mark.parametrize(
    "text",
    [
        "voice = {speed = 1.5, future = 7} # mine\n",
        "voice.speed = 1.5 # mine\nvoice.future = 7\n",
        "[voice]\nspeed = 1.5 # mine\n[sound]\nvolume = 50\n[voice.more]\nfuture = 7\n",
        "[voice]\r\nspeed = 1.5 # mine\r\nfuture = nan\r\n",
        '# mine\n[[hologram]]\nsize = 7\n[[hologram]]\nsize = 8\n["odd name"]\n"" = 2020-01-01\n',
        "[voice] # mine\nspeed = '''x'''\nfuture = [1, [2, {a = 3}]]\n",
    ],
)
def test_a_change_changes_its_own_key_only(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
    before = tomllib.loads(text)
    settings = Settings(path)
    settings.set("voice.speed", 2.5)
    after = tomllib.loads(path.read_text("utf-8"))
    assert after.setdefault("voice", {}).pop("speed") == 2.5
    before.setdefault("voice", {}).pop("speed", None)
    assert repr(after) == repr(before)
    assert "mine" in path.read_text("utf-8")
    assert names(path) == ["settings.toml"]
    settings.reset(["voice.speed"])
    assert "speed" not in tomllib.loads(path.read_text("utf-8")).get("voice", {})


def test_a_value_in_the_place_of_a_table_is_kept_aside_when_it_has_to_go(path: Path) -> None:
    path.write_text('voice = "Heart"\n[sound]\nvolume = 50.0\n')
    settings = Settings(path)
    settings.set("voice.speed", 2.0)
    assert "“voice” in it is not a table" in settings.problems[0]
    assert 'voice = "Heart"' in (path.parent / "settings.broken.toml").read_text()
    assert Settings(path).number("sound.volume") == 50


def test_what_can_not_be_changed_in_place_is_rewritten_beside_the_old_one(
    path: Path, monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    path.write_text("# mine\n[voice]\nfuture = 7\n")
    monkeypatch.setattr("tomlkit.parse", lambda _: {})  # a fault of the library's
    settings = Settings(path)
    settings.set("voice.speed", 2.0)
    assert tomllib.loads(path.read_text()) == {"voice": {"future": 7, "speed": 2.0}}
    assert "# mine" in (path.parent / "settings.broken.toml").read_text()
    assert "comments" in settings.problems[0]
    noise.clear()


@pytest.mark.parametrize("value", ["\udcff", "a\nb", "a\0b", "\x1b[31m", "\u202eabc", "x" * 1000])
@pytest.mark.parametrize("key", [key for key, row in SETTINGS.items() if isinstance(row.default, str)])
def test_a_text_that_can_not_be_shown_is_no_value_and_leaves_nothing_behind(path: Path, key: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(path).set(key, value)
    assert caught.value.sentence.isprintable()
    assert names(path) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -5.0, 10**400, True, "1", [], {}, None])
@pytest.mark.parametrize("key", [key for key, row in SETTINGS.items() if isinstance(row.default, float)])
def test_a_number_beyond_its_limits_is_no_value(path: Path, key: str, value: object) -> None:
    with pytest.raises(SettingsError):
        Settings(path).set(key, value)  # type: ignore[arg-type]
    assert names(path) == []


def test_wrong_values_of_every_kind_cost_only_their_own_key(path: Path) -> None:
    wrong = ("0x" + "f" * 4000, "nan", "inf", "1979-05-27", "[]", "{a = 1}", '"\\u202E"', "-1", "07:32:00")
    for value in wrong:
        lines = "".join(f"{key.partition('.')[2]} = {value}\n" for key in SETTINGS if key.startswith("voice."))
        path.write_text(f"[voice]\n{lines}[sound]\nvolume = 50\n")
        settings = Settings(path)
        assert settings.number("sound.volume") == 50
        assert len(settings.problems) == len([key for key in SETTINGS if key.startswith("voice.")])
        assert all(problem.isprintable() for problem in settings.problems)


# ---- several at once ----


def _set(path: Path, key: str, values: list[float]) -> None:
    for value in values:
        Settings(path).set(key, value)


NUMBERS = ["voice.speed", "sound.volume", "sound.others_volume", "sound.awake_s", "polly.monthly_limit"]


@pytest.fixture(params=["threads", "processes"])
def pool(request: pytest.FixtureRequest) -> Iterator[ThreadPoolExecutor | ProcessPoolExecutor]:
    made: ThreadPoolExecutor | ProcessPoolExecutor
    if request.param == "threads":
        made = ThreadPoolExecutor(len(NUMBERS))
    else:
        made = ProcessPoolExecutor(len(NUMBERS), mp_context=get_context("spawn"))
    with made:
        yield made


def test_several_that_write_at_once_lose_nothing(path: Path, pool: ThreadPoolExecutor | ProcessPoolExecutor) -> None:
    path.write_text("# mine\n[voice]\nfuture = 7\n")
    ends = {key: float(SETTINGS[key].low + 3) for key in NUMBERS}
    for done in [pool.submit(_set, path, key, [end - 1, end - 2, end]) for key, end in ends.items()]:
        done.result()
    settings = Settings(path)
    assert {key: settings.number(key) for key in NUMBERS} == ends
    assert "# mine" in path.read_text()
    assert names(path) == ["settings.toml"]


def test_one_that_holds_the_lock_forever_is_reported(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_LOCK_LIMIT_S", 0.0)
    with files.locked(path.parent), pytest.raises(SettingsError, match="another program is changing it"):
        Settings(path).set("voice.speed", 2.0)


def test_it_is_read_while_it_is_written(path: Path) -> None:
    settings = Settings(path)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(_set, path, "voice.speed", [1.0 + step / 100 for step in range(60)])
        while not done.done():
            assert set(file.read(path)) <= {"voice"}
            settings.reload()
            assert settings.problems == []


# ---- the first values again ----


def test_a_setting_is_reset(path: Path) -> None:
    path.write_text("# mine\n[voice]\nspeed = 2.0 # fast\nfuture = 7\n")
    settings = Settings(path)
    assert settings.reset(["voice.speed", "cues.end"]) == ["voice.speed"]
    assert settings.number("voice.speed") == 1.0
    assert path.read_text() == "# mine\n[voice]\nfuture = 7\n"


def test_a_chord_that_has_another_meaning_now_is_not_reset(path: Path) -> None:
    settings = Settings(path)
    taken = settings.text("keys.read_selection")
    settings.set("keys.read_selection", "Ctrl+F9")
    settings.set("keys.stop", taken)
    with pytest.raises(SettingsError, match="“Stop”"):
        settings.reset(["keys.read_selection"])
    settings.reset([key for key in SETTINGS if key.startswith("keys.")])
    assert settings.text("keys.read_selection") == taken
    assert settings.problems == []
