"""`harken settings` as a person or a script uses it: real processes, with and without a running Harken."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import reader.core.engines_here
from reader.core.app import App
from reader.flow import Command, Trigger
from reader.settings.paths import log_file, settings_file, state_folder
from reader.settings.schema import SETTINGS
from reader.settings.store import Settings
from reader.support.app_id import ENTRY
from tests.fakes import instance
from tests.fakes.engine import FakeEngine

HARKEN = [sys.executable, "-m", "reader"]
ROOT = Path(__file__).parents[2]
DAMAGED = [b"x = " + b"[" * 5000, b"speed = " + b"9" * 5000, b"\xff\xfe\xfd", b"\0" * 99, b"[voice]\nspeed = = 2"]


@pytest.fixture(autouse=True)
def without_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARKEN_AUDIO", "none")


def harken(*arguments: str | bytes, given: str = "", **env: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    done = subprocess.run(
        [*HARKEN, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | env,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def write(content: bytes) -> Path:
    path = settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names() -> list[str]:
    return sorted(path.name for path in settings_file().parent.glob("*settings*"))


@asynccontextmanager
async def running(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """A Harken with one voice, that plays nowhere."""
    engines: Mapping[str, FakeEngine] = {"espeak": FakeEngine("espeak")}
    monkeypatch.setattr(reader.core.engines_here, "local_engines", lambda: engines)
    async with instance.running(settings_file()) as made:
        yield made.app


# ---- the file ----


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_told_by_who_reads_and_stays(content: bytes) -> None:
    path = write(content)
    for arguments, answer in ((("get", "voice.speed"), "1\n"), (("list", "--json"), None)):
        code, output, errors = harken("settings", *arguments)
        assert code == 1
        assert output == answer or json.loads(output)["voice.speed"] == 1.0
        assert errors.startswith("harken: ")
        assert "can't be read" in errors
        assert errors.count("\n") == 1
        assert path.read_bytes() == content
        assert names() == ["settings.toml"]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_kept_by_who_writes_who_says_where(content: bytes) -> None:
    write(content)
    code, output, errors = harken("settings", "set", "voice.speed", "2")
    assert (code, output) == (0, "")
    assert "settings.broken.toml" in errors
    assert errors.count("\n") == 1
    assert settings_file().with_suffix(".broken.toml").read_bytes() == content
    assert harken("settings", "get", "voice.speed") == (0, "2\n", "")


@pytest.mark.parametrize("command", [["doctor"], ["voices", "--engine", "espeak"], ["speak", "--text", "One."]])
def test_everything_works_with_a_damaged_file(command: list[str]) -> None:
    path = write(DAMAGED[0])
    assert harken(*command)[0] == 0
    assert path.read_bytes() == DAMAGED[0]
    assert names() == ["settings.toml"]


@pytest.mark.parametrize("content", [b"voice = 3\n", b"[[voice]]\nspeed = 2\n", b'voice = "speed = 2"\n'])
def test_what_stands_in_the_place_of_a_table_is_told(content: bytes) -> None:
    write(content)
    code, output, errors = harken("settings", "get", "voice.speed")
    assert (code, output) == (1, "1\n")
    assert "“voice” in " in errors
    assert errors.count("\n") == 1


def test_a_link_to_what_has_nothing_to_say_keeps_nothing_waiting() -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().symlink_to("/proc/kmsg")
    for _ in range(2):
        code, output, errors = harken("settings", "get", "voice.speed")
        assert (code, output) == (1, "1\n")
        assert "can't be read" in errors


def test_a_pipe_in_its_place_keeps_nothing_waiting() -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(settings_file())
    code, output, errors = harken("settings", "get", "voice.speed")
    assert (code, output) == (1, "1\n")
    assert "not a file" in errors
    code, output, errors = harken("settings", "set", "voice.speed", "2")
    assert (code, output) == (1, "")
    assert "can't be written" in errors


def test_what_is_no_text_leaves_nothing_behind() -> None:
    code, output, errors = harken(b"settings", b"set", b"sound.device", b"\xff")
    assert (code, output) == (1, "")
    assert errors.startswith("harken: sound.device: Use one line")
    assert names() == []


def test_one_wrong_value_is_told_by_who_asks_for_it() -> None:
    write(b'[voice]\nspeed = "fast"\nlanguage = "de"\n')
    assert harken("settings", "get", "voice.language") == (0, "de\n", "")
    code, output, errors = harken("settings", "get", "voice.speed")
    assert (code, output) == (1, "1\n")
    assert "Use a number from 0.36 to 5.5, not “fast”. Harken uses 1." in errors
    assert harken("settings", "list")[0] == 1


def test_several_that_set_at_once_lose_nothing() -> None:
    wanted = {"sound.volume": "40", "sound.others_volume": "50", "polly.monthly_limit": "60", "cues.end": "on"}
    setting = [subprocess.Popen([*HARKEN, "settings", "set", key, value]) for key, value in wanted.items()]
    assert [one.wait(60) for one in setting] == [0] * len(wanted)
    for key, value in wanted.items():
        assert harken("settings", "get", key) == (0, f"{value}\n", "")
    assert names() == ["settings.toml"]


# ---- what is accepted, and what is said of it ----


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("voice.speed", "99", "Use a number from 0.36 to 5.5, not 99."),
        ("voice.speed", "nan", "Use a number from 0.36 to 5.5, not nan."),
        ("voice.speed", "fast", "Use a number from 0.36 to 5.5, not “fast”."),
        ("sound.volume", "4", "Use a number from 5 to 100 %, not 4."),
        ("reading.clipboard", "perhaps", "Use “on” or “off” for reading.clipboard, not “perhaps”."),
        ("system.language", "fr", 'Choose en, de or ar, or "" for automatic, not “fr”.'),
        ("polly.format", "flac", "Choose pcm, mp3 or ogg_vorbis, not “flac”."),
        ("voice.id", "foo", "“foo” is not the name of a voice."),
        ("voice.id", "espeak/xx", "There is no voice “espeak/xx” here."),
        ("voice.id", "neural/hart", "There is no voice “neural/hart” here. Did you mean “neural/heart”?"),
        ("voice.stand_in", "acapela/", "“acapela/” is not the name of a voice."),
        ("voice.language", "xx", "Use a language code such as en or de, not “xx”."),
        ("voice.sped", "2", "There is no setting “voice.sped”. Did you mean “voice.speed”"),
        ("keys.stop", "Hyper+Q", "“Hyper” in “Hyper+Q”"),
        ("keys.stop", "F²", "Harken does not know the key"),
    ],
)
def test_what_can_not_be_is_refused(key: str, value: str, sentence: str) -> None:
    code, output, errors = harken("settings", "set", key, value)
    assert (code, output) == (1, "")
    assert sentence in errors
    assert errors.count("\n") == 1
    assert names() == []


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        (
            "sound.device",
            "Headset 7",
            "There is no sound output “Headset 7” at the moment. Harken will use it when it is connected.",
        ),
        ("polly.profile", "work", "There is no AWS profile “work” at the moment."),
        (
            "polly.region",
            "eu-central-9",
            "As far as Harken knows, Amazon Polly is not available in “eu-central-9”. Did you mean “eu-central-2”?",
        ),
        ("voice.language", "gd", ""),
        ("voice.language", "kw", "No voice here speaks “kw”. Another voice will read it."),
        ("voice.id", "polly/Nobody", ""),
        ("voice.id", "espeak/", ""),
        ("voice.id", "espeak/de", ""),
        ("voice.id", "", ""),
    ],
)
def test_what_is_not_here_now_is_kept_and_told(key: str, value: str, sentence: str) -> None:
    errors = f"harken: {sentence}\n" if sentence else ""
    assert harken("settings", "set", key, value) == (0, "", errors)
    assert harken("settings", "get", key) == (0, f"{value}\n" if value else "“”\n", "")


# ---- what is set is what is told ----


async def test_a_key_s_change_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(monkeypatch) as app:
        for command, key in ((Command.QUIETER, "sound.volume"), (Command.FASTER, "voice.speed")):
            app.controller.handle(Trigger(command, "key"))
            told = await asyncio.to_thread(harken, "settings", "get", key)
            assert told == (0, f"{app.settings.number(key):g}\n", "")
            assert app.settings.number(key) != SETTINGS[key].default


async def test_the_current_value_is_shown_not_that_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write(b"[voice]\nspeed = 2.0\n")
    async with running(monkeypatch) as app:
        write(b"[voice]\nspeed = 77\n")
        await app.reload_settings()
        code, output, errors = await asyncio.to_thread(harken, "settings", "get", "voice.speed")
        assert (code, output) == (1, "2\n")
        assert "not 77. Harken uses 2." in errors


async def test_who_sets_through_the_running_harken_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(monkeypatch) as app:
        assert await asyncio.to_thread(harken, "settings", "set", "sound.device", "Headset 7") == (
            0,
            "",
            "harken: There is no sound output “Headset 7” at the moment. Harken will use it when it is connected.\n",
        )
        code, _, errors = await asyncio.to_thread(harken, "settings", "set", "voice.id", "espeak/xx")
        assert (code, "There is no voice “espeak/xx” here." in errors) == (1, True)
        assert app.settings.text("voice.id") == ""
        write(b"broken = =")
        code, _, errors = await asyncio.to_thread(harken, "settings", "set", "voice.speed", "2")
        assert code == 0
        assert "settings.broken.toml" in errors
        assert Settings(settings_file()).text("sound.device") == "Headset 7"  # which was in force


def test_start_at_login_is_set_without_a_running_harken_too() -> None:
    entry = Path(os.environ["XDG_CONFIG_HOME"]) / "autostart" / ENTRY
    assert harken("settings", "set", "system.start_at_login", "on") == (0, "", "")
    assert entry.exists()
    assert harken("settings", "get", "system.start_at_login")[1] == "on\n"
    entry.unlink()  # as a desktop's own tool does it
    assert harken("settings", "get", "system.start_at_login")[1] == "off\n"


async def test_lists_are_of_the_running_harken(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(monkeypatch):
        _, output, _ = await asyncio.to_thread(harken, "voices", "--json")
        assert [voice["id"] for voice in json.loads(output)] == ["espeak/en"]
        _, output, _ = await asyncio.to_thread(harken, "doctor")
        assert "seen in the running Harken" in output
    assert "seen in this terminal, because Harken is not running" in harken("doctor")[1]


async def test_whose_account_it_is_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    async with running(monkeypatch):
        own = {"AWS_ACCESS_KEY_ID": "AKIDTERMINAL", "AWS_SECRET_ACCESS_KEY": "x"}
        code, output, _ = await asyncio.to_thread(lambda: harken("account", **own))
        assert code == 1
        assert "seen in the running Harken; “harken account --here” looks in this terminal" in output
        code, output, _ = await asyncio.to_thread(lambda: harken("account", "--here", **own))
        assert code == 0
        assert "access key …INAL" in output
        assert "seen in this terminal" in output
        data = json.loads((await asyncio.to_thread(harken, "account", "--json"))[1])
        assert data["seen_in"] == "running Harken"


# ---- the first values again ----


def test_a_setting_is_reset() -> None:
    write(b"# mine\n[voice]\nspeed = 2.0\n[sound]\nvolume = 50.0\nfuture = 7\n")
    assert harken("settings", "reset", "voice.speed") == (0, "", "")
    assert harken("settings", "get", "voice.speed")[1] == "1\n"
    assert harken("settings", "reset", "--all") == (
        1,
        "Nothing was changed.\n",
        "harken: Not a terminal: pass --yes to confirm.\n",
    )
    assert harken("settings", "get", "sound.volume")[1] == "50\n"
    assert harken("settings", "reset", "--all", "--yes") == (0, "", "")
    assert settings_file().read_text() == "# mine\n[voice]\n[sound]\nfuture = 7\n"


def test_what_to_reset_has_to_be_said() -> None:
    for arguments in ((), ("voice.speed", "--all")):
        code, _, errors = harken("settings", "reset", *arguments)
        assert code == 2
        assert errors.endswith("harken: Name a setting to reset, or pass --all.\n")
    assert "Did you mean “voice.speed”" in harken("settings", "reset", "voice.sped")[2]


async def test_a_running_harken_resets_too(monkeypatch: pytest.MonkeyPatch) -> None:
    write(b"[voice]\nspeed = 2.0\n")
    async with running(monkeypatch) as app:
        assert app.speed == 2.0
        assert await asyncio.to_thread(harken, "settings", "reset", "--all", "--yes") == (0, "", "")
        assert app.speed == 1.0


def test_a_list_names_everything_once() -> None:
    _, output, _ = harken("settings", "list")
    assert "\n    Stop.\n" in output
    assert all(f"{key} = " in output for key in SETTINGS)


# ---- disks and environments ----


@pytest.mark.parametrize("value", ["/no/such/folder/file", "9" * 5000, "\x1b[31m", "\udcff", "-1"])
def test_an_environment_of_any_kind_is_survived(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a name of a file may be among them
    names = ("HARKEN_RECORD", "HARKEN_RESTARTS", "HARKEN_DEBUG", "LANG", "LC_ALL", "XDG_CURRENT_DESKTOP")
    code, output, errors = harken("doctor", **dict.fromkeys(names, value))
    assert code == 0
    assert "\x1b" not in output + errors


@pytest.mark.parametrize("place", ["/dev/full", "/no/such/folder/record.jsonl", "."])
def test_what_can_not_be_recorded_is_said_once_and_read_all_the_same(place: str) -> None:
    code, output, errors = harken("speak", "--text", "One. Two.", HARKEN_RECORD=place)
    assert (code, output) == (0, "")
    assert errors.count("so what is read is not recorded") == 1
    assert errors.count("\n") == 1


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/full")])
def test_a_log_that_can_not_be_written_stops_nothing(make: Callable[[Path], object]) -> None:
    log_file().parent.mkdir(parents=True)
    make(log_file())
    assert harken("speak", "--text", "One.")[::2] == (0, "")


def test_a_file_in_the_place_of_the_state_folder_stops_nothing(tmp_path: Path) -> None:
    place = tmp_path / "state"
    place.write_text("mine")
    for arguments in (("speak", "--text", "One."), ("settings", "set", "voice.speed", "2")):
        assert harken(*arguments, XDG_STATE_HOME=str(place)) == (0, "", "")
    assert harken("doctor", XDG_STATE_HOME=str(place))[0] == 0
    assert place.read_text() == "mine"


def test_odd_names_among_crash_reports_are_ignored() -> None:
    folder = state_folder() / "crashes"
    folder.mkdir(parents=True)
    for name in (
        "x.txt",
        "a-b-c-fault.txt",
        "\x1b[31m-fault.txt",
        f"1-{'9' * 200}-fault.txt",
        "20260101-000000-1-fault.txt",
    ):
        (folder / name).write_text("fault")
    (folder / "20260101-000000-2-fault.txt").mkdir()
    os.mkfifo(folder / "20260101-000000-3-fault.txt")
    code, output, _ = harken("doctor")
    assert code == 0
    assert output.count("crash report: ") == 1
    assert "\x1b" not in output


@pytest.mark.parametrize("place", ["/dev/null", "/proc/none", "/"])
def test_where_no_harken_can_listen_commands_work_and_the_doctor_says_why(place: str) -> None:
    env = {"XDG_RUNTIME_DIR": place}
    assert harken("settings", "set", "voice.speed", "2", **env) == (0, "", "")
    assert harken("settings", "get", "voice.speed", **env) == (0, "2\n", "")
    code, output, _ = harken("doctor", **env)
    assert code == 0
    assert "XDG_RUNTIME_DIR" in output or "Other users can open" in output
