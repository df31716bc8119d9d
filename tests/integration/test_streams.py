"""Standard streams that are narrow, full, closed or gone, as a shell makes them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desktop.desk import wait_for

HARKEN = f"{sys.executable} -m ui.launch"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path / "runtime"),
        "HARKEN_AUDIO": "none",
        "PYTHONPATH": str(ROOT),
    }


def shell(env: dict[str, str], line: str, **more: str) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        ["bash", "-c", line.replace("harken", HARKEN, 1)], env=env | more, capture_output=True, timeout=60, check=False
    )
    return done.returncode, done.stdout, done.stderr


# The C locale, Latin-1, a pipe on Windows, and one more that has no letters of ours at all.
NARROW = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C"},
    *({"PYTHONIOENCODING": name} for name in ("ascii", "latin-1", "cp1252", "koi8-r", "utf-8", "utf-16")),
]


@pytest.mark.parametrize("narrow", NARROW, ids=str)
class TestEncodings:
    def test_reports_are_written(self, env: dict[str, str], narrow: dict[str, str]) -> None:
        for line in ("harken settings list", "harken voices --engine espeak", "harken --help"):
            code, output, errors = shell(env, line, **narrow)
            assert (code, errors) == (0, b"")
            assert output

    def test_reports_for_programs_are_json(self, env: dict[str, str], narrow: dict[str, str]) -> None:
        code, output, _ = shell(env, "harken voices --json --engine espeak", **narrow)
        names = {voice["name"] for voice in json.loads(output)}
        assert code == 0
        assert len(names) > 90
        assert not [name for name in names if not name.isascii()] or any("ā" in name for name in names)

    def test_sentences_are_written(self, env: dict[str, str], narrow: dict[str, str]) -> None:
        code, _, errors = shell(env, "harken settings get 'no.such.“ā”'", **narrow)
        assert code == 1
        assert b"Traceback" not in errors
        assert b"\n" in errors


def test_what_an_encoding_does_not_have_becomes_what_is_near(env: dict[str, str]) -> None:
    _, _, errors = shell(env, "harken settings get ‘Māori–中’", PYTHONIOENCODING="ascii")
    assert b"\"'Maori-?'\"" in errors


class TestOutputThatTakesNothing:
    def test_a_reader_that_has_enough(self, env: dict[str, str]) -> None:
        ear, mouth = os.pipe()
        os.close(ear)
        command = [*HARKEN.split(), "voices", "--engine", "espeak"]
        done = subprocess.run(command, env=env, stdout=mouth, stderr=subprocess.PIPE, timeout=60, check=False)
        os.close(mouth)
        assert (done.returncode, done.stderr) == (1, b"")

    @pytest.mark.parametrize("where", [">&-", ">/dev/full"])
    @pytest.mark.parametrize("command", ["voices --engine espeak --json", "--help", "settings get voice.speed"])
    def test_that_it_was_written_is_not_announced(self, env: dict[str, str], command: str, where: str) -> None:
        code, _, errors = shell(env, f"harken {command} {where}")
        assert code == 1
        assert errors.startswith(b"harken: The output can't be written: ")
        assert errors.count(b"\n") == 1

    @pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
    def test_sentences_do_not_go_elsewhere(self, env: dict[str, str], where: str) -> None:
        assert shell(env, f"harken status {where}") == (1, b"", b"")

    def test_nothing_is_said_and_nothing_is_needed(self, env: dict[str, str]) -> None:
        assert shell(env, "harken settings set voice.speed 2 <&- >&-") == (0, b"", b"")


@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
def test_wrong_usage_is_one_even_if_it_cant_be_shown(env: dict[str, str], where: str) -> None:
    assert shell(env, f"harken no-such-command {where}") == (2, b"", b"")


def test_an_interrupt_at_any_moment_of_the_start_is_no_error_to_show(env: dict[str, str], tmp_path: Path) -> None:
    code = (
        "import builtins, os, signal, runpy\n"
        "real = builtins.__import__\n"
        "def interrupt(name, *more, **rest):\n"
        "    if name == 'reader.cli': os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(name, *more, **rest)\n"
        "builtins.__import__ = interrupt\n"
        "runpy.run_module('ui.launch', run_name='__main__')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, "--help"], env=env, capture_output=True, timeout=60, check=False)
    assert done.stderr == b""
    assert done.returncode in (-signal.SIGINT, 130)


def test_no_file_takes_the_number_of_a_closed_stream(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    code, _, _ = shell(env, f"harken speak --text Hello. --engine espeak --out {path} <&- >&- 2>&-")
    assert code == 0
    assert path.read_bytes().startswith(b"RIFF")


def test_the_words_of_a_stream_are_recorded_where_they_stand_in_it(env: dict[str, str], tmp_path: Path) -> None:
    text = "Dr. Lee paid **$5** today.\n\nA “new” paragraph, for 3 km."
    record = tmp_path / "record.jsonl"
    command = [*HARKEN.split(), "speak", "-", "--engine", "espeak", "--lang", "en", "--out", str(tmp_path / "out.wav")]
    with subprocess.Popen(command, env=env | {"HARKEN_RECORD": str(record)}, stdin=subprocess.PIPE) as process:
        assert process.stdin
        for part in (text[:9], text[9:17], text[17:]):
            process.stdin.write(part.encode())
            process.stdin.flush()
    assert process.returncode == 0
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    told = [text[line["start"] : line["end"]] for line in lines if line["event"] == "word"]
    assert told == ["Dr.", "Lee", "paid", "$5", "today", "A", "new", "paragraph", "for", "3 km"]
    segments = {line["index"]: line for line in lines if line["event"] == "segment"}
    for line in lines:
        if line["event"] == "word":
            segment = segments[line["index"]]
            assert segment["start"] <= line["start"] < line["end"] <= segment["end"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1])
def test_an_interrupted_recording_leaves_the_old_one_and_nothing_else(
    env: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    path = folder / "out.wav"
    path.write_bytes(b"old")
    command = [*HARKEN.split(), "speak", "-", "--engine", "espeak", "--out", str(path)]
    record = tmp_path / "record.jsonl"
    process = subprocess.Popen(
        command,
        env=env | {"HARKEN_RECORD": str(record)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # As a terminal starts it: what runs the tests may have been told to pass over a hang-up (nohup).
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL) and None,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(b"This is the first sentence. This is the second one. ")
    process.stdin.flush()
    wait_for(lambda: record.exists() and '"segment"' in record.read_text(), "something recorded")
    process.send_signal(number)
    assert process.stderr.read() == b""
    assert process.wait(60) == 130
    process.stdin.close()
    process.stderr.close()
    assert path.read_bytes() == b"old"
    assert os.listdir(folder) == ["out.wav"]
