"""What `harken speak` is given to read, of every kind: files, standard input, arguments of real processes."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import pty
import re
import subprocess
import sys
import wave
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import reader.core.engines_here
import reader.session.engines
from reader.cli.alone import alone
from reader.cli.through import SpeakRequest
from reader.errors import VoiceError
from reader.flow import Voice
from tests.desktop.desk import wait_for
from tests.fakes.engine import FakeEngine

ROOT = Path(__file__).parents[2]
HARKEN = [sys.executable, "-m", "ui.launch"]
Speak = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path / "runtime"),
        "HARKEN_AUDIO": "none",
        "HARKEN_RECORD": str(tmp_path / "record.jsonl"),
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def said(env: dict[str, str]) -> list[str]:
    record = Path(env["HARKEN_RECORD"])
    lines = record.read_text().splitlines() if record.exists() else []
    return [event["text"] for event in map(json.loads, lines) if event["event"] == "segment"]


@pytest.fixture
def speak(env: dict[str, str], folder: Path) -> Speak:
    """(exit code, standard error, what was said) of `harken speak` with a recording."""

    def do(*arguments: str | bytes, data: bytes | None = None, out: str = "out.wav") -> tuple[int, str, list[str]]:
        done = subprocess.run(
            [*HARKEN, "speak", *arguments, "--engine", "espeak", "--out", str(folder / out)],
            env=env, input=data, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stderr.decode(), said(env)

    return do


def document(folder: Path) -> bytes:
    path = folder.parent / "x.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("docProps/thumbnail.jpeg", os.urandom(100_000))
        archive.writestr("word/document.xml", "<w/>")
    return path.read_bytes()


@pytest.mark.parametrize("is_file", [True, False])
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("PDF", lambda folder: b"%PDF-1.4\n" + os.urandom(300_000)),
        ("DOCX", document),
        ("gzip", lambda folder: gzip.compress(b"Hello there.")),
        ("JPEG", lambda folder: b"\xff\xd8\xff\xe0" + os.urandom(300_000)),
        ("program", lambda folder: Path(os.path.realpath(sys.executable)).read_bytes()[:300_000]),
        ("HTML", lambda folder: b"<!DOCTYPE html><title>Hi</title><img src=x>"),
        ("binary", lambda folder: os.urandom(10_000)),
    ],
)
def test_what_is_no_text_is_named_and_nothing_is_said_or_written(
    speak: Speak, folder: Path, name: str, make: Callable[[Path], bytes], is_file: bool
) -> None:
    data = make(folder)
    (folder / "book.txt").write_bytes(data)
    (folder / "out.wav").write_bytes(b"old")
    code, errors, texts = speak(str(folder / "book.txt")) if is_file else speak("-", data=data)
    assert (code, texts) == (1, [])
    assert errors.startswith("harken: ")
    assert name in errors
    assert errors.count("\n") == 1
    assert (folder / "out.wav").read_bytes() == b"old"
    assert sorted(os.listdir(folder)) == ["book.txt", "out.wav"]


@pytest.mark.parametrize("is_file", [True, False])
@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (
            b"<!DOCTYPE html><nav>Up</nav><h1>A night</h1><p>It rained.<p>It snowed.",
            ["A night", "It rained.", "It snowed."],
        ),
        (
            b"From: a@b.example\nTo: c@b.example\nSubject: A night\n\nIt rained.",
            ["A night", "From: a@b.example", "To: c@b.example", "It rained."],
        ),
    ],
)
def test_a_document_is_read(speak: Speak, folder: Path, data: bytes, texts: list[str], is_file: bool) -> None:
    (folder / "x.txt").write_bytes(data)
    code, errors, found = speak(str(folder / "x.txt")) if is_file else speak("-", data=data)
    assert (code, errors) == (0, "")
    assert found == texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "mac-roman"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_text_is_read_whatever_its_bytes(speak: Speak, folder: Path, encoding: str, line_end: str) -> None:
    text = f"Der Bär fährt früh los.{line_end}Die Größe zählt für Müller, äußerst schön.{line_end}"
    (folder / "text.txt").write_bytes(text.encode(encoding))
    expected = ["Der Bär fährt früh los.", "Die Größe zählt für Müller, äußerst schön."]
    assert speak(str(folder / "text.txt"), "--lang", "de")[0] == 0
    code, errors, texts = speak("-", "--lang", "de", data=text.encode(encoding))
    assert (code, errors) == (0, "")
    assert " ".join(texts) == " ".join(expected * 2)


def test_names_and_texts_of_any_bytes(speak: Speak, folder: Path) -> None:
    name = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_bytes(b"A name.")
    assert speak(name)[2] == ["A name."]
    assert speak("--text", b"The caf\xe9 is closed.")[2][1:] == ["The café is closed."]
    code, errors, _ = speak(os.fsencode(folder) + b"/\xff")
    assert code == 1
    assert "can't be read" in errors


def test_words_in_place_of_a_file_are_told_of_their_option(speak: Speak) -> None:
    code, errors, _ = speak("Hello there.")
    assert code == 1
    assert errors.endswith("To hear these words, put --text in front of them.\n")
    assert "--text" not in speak("/no/such/file")[1]


def test_a_shells_own_descriptors(env: dict[str, str], folder: Path) -> None:
    line = f"{' '.join(HARKEN)} speak <(echo From a shell.) --engine espeak --out >(cat >{folder}/x.wav)"
    assert subprocess.run(["bash", "-c", line], env=env, timeout=60, check=False).returncode == 0
    assert said(env) == ["From a shell."]
    wait_for(lambda: (folder / "x.wav").stat().st_size > 44, "the sound")


@pytest.mark.parametrize("link", [os.link, os.symlink])
@pytest.mark.parametrize("is_file", [True, False])
def test_a_text_is_never_its_own_recording(
    env: dict[str, str], folder: Path, link: Callable[[Path, Path], None], is_file: bool
) -> None:
    book, out = folder / "book.txt", folder / "out.wav"
    book.write_text("A book of one sentence.")
    link(book, out)
    with book.open("rb") as text:
        done = subprocess.run(
            [*HARKEN, "speak", str(book) if is_file else "-", "--engine", "espeak", "--out", str(out)],
            env=env, stdin=text, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert b"Name another file" in done.stderr
    assert book.read_text() == out.read_text() == "A book of one sentence."


@pytest.mark.parametrize("data", [b"", b"***", b"\0\0\0"])
def test_a_run_that_fails_leaves_the_old_recording(speak: Speak, folder: Path, data: bytes) -> None:
    (folder / "out.wav").write_bytes(b"old")
    assert speak("-", data=data)[:2] == (1, "harken: There is nothing in this text that can be read aloud.\n")
    assert speak("/no/such/text")[0] == 1
    assert (folder / "out.wav").read_bytes() == b"old"
    assert os.listdir(folder) == ["out.wav"]


@pytest.mark.parametrize("name", ["x.aac", "x", "wav", "x.wav.txt", ""])
def test_no_other_kind_of_file_is_written(speak: Speak, folder: Path, name: str) -> None:
    code, errors, texts = speak("--text", "Hello.", out=name)
    assert (code, texts) == (2, [])
    assert "ends in .wav, .mp3" in errors or "needs a file name" in errors
    assert os.listdir(folder) == []


def test_a_wav_on_standard_output(env: dict[str, str], folder: Path) -> None:
    command = [*HARKEN, "speak", "--text", "Hello there.", "--engine", "espeak", "--out"]
    done = subprocess.run([*command, "-"], env=env, cwd=folder, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert subprocess.run([*command, "X.WAV"], env=env, cwd=folder, timeout=60, check=False).returncode == 0
    with wave.open(str(folder / "X.WAV")) as file:
        frames = file.readframes(file.getnframes())
    assert done.stdout[:4] == b"RIFF"
    assert done.stdout[44:] == frames
    assert os.listdir(folder) == ["X.WAV"]


@pytest.mark.parametrize("reader", ["head -c 50", "true"])
def test_a_listener_of_a_stream_may_leave(env: dict[str, str], reader: str) -> None:
    line = (
        f"set -o pipefail; yes Hello there. | {' '.join(HARKEN)} speak - --engine espeak --out - | {reader} >/dev/null"
    )
    done = subprocess.run(["bash", "-c", line], env=env, capture_output=True, timeout=60, check=False)
    assert done.stderr == b""


def test_a_terminal_is_told_what_is_waited_for(env: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*HARKEN, "speak", "--engine", "espeak"], env=env, stdin=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    assert process.stderr is not None
    assert process.stderr.readline() == (
        b"harken: Type or paste your text. Harken reads it line by line. Ctrl+D on its own line ends it.\n"
    )
    os.write(ours, b"A first line.\n")
    wait_for(lambda: said(env) == ["A first line."], "the first line")
    os.write(ours, b"\x04")
    assert process.wait(60) == 0
    process.stderr.close()
    os.close(ours)


def test_a_terminal_is_not_shown_sound(env: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    command = [*HARKEN, "speak", "--text", "Hello.", "--out", "-"]
    done = subprocess.run(command, env=env, stdout=theirs, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 1
    assert b"terminal" in done.stderr


@pytest.mark.parametrize(
    ("options", "text", "processes"),
    [
        (["--engine", "espeak"], "Hello there.", {"espeak"}),
        ([], "Hello there.", {"neural"}),
        ([], "Das ist ein ganz gewöhnlicher deutscher Satz.", {"neural", "espeak"}),
    ],
)
def test_only_voices_that_are_needed_are_started(
    env: dict[str, str], folder: Path, options: list[str], text: str, processes: set[str]
) -> None:
    command = [*HARKEN, "speak", *options, "--text", text, "--out", str(folder / "out.wav")]
    env = {**env, "HARKEN_DEBUG": "1", "LANG": "en_US.UTF-8"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert set(re.findall(r"workers\.child: (\w+) started as", done.stderr)) == processes


class LateEngine(FakeEngine):
    """Gets ready later than a reading waits, or never."""

    def __init__(self, error: VoiceError | None = None) -> None:
        super().__init__("neural")
        self._error = error
        self._is_ready = False

    async def start(self) -> None:
        await asyncio.sleep(0.05)
        if self._error:
            raise self._error
        self._is_ready = True

    def voices(self) -> Sequence[Voice]:
        return super().voices() if self._is_ready else []


@pytest.mark.noisy
@pytest.mark.parametrize("error", [None, VoiceError("The voice “neural” does not start.")])
def test_a_recording_waits_for_the_voice_that_is_meant_or_says_that_it_is_another(
    folder: Path,
    error: VoiceError | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    noise: list[str],
) -> None:
    late, other = LateEngine(error), FakeEngine("espeak")
    monkeypatch.setattr(reader.session.engines, "_CHOSEN_LIMIT_S", 0.0)
    monkeypatch.setattr(reader.core.engines_here, "local_engines", lambda: {"neural": late, "espeak": other})
    assert alone(SpeakRequest(out=folder / "out.wav"), "Hello there.") == 0
    assert (late.asked, other.asked) == (([], ["Hello there."]) if error else (["Hello there."], []))
    assert capsys.readouterr().err == ("harken: The voice “neural” does not start.\n" if error else "")
    assert set(noise) == {"reader.session.engines: neural does not get ready"}


def test_a_text_that_goes_on_as_something_else(speak: Speak, folder: Path) -> None:
    data = b"A text that is one." + b" " * 300_000 + os.urandom(200_000)
    code, errors, texts = speak("-", data=data)
    assert code == 1
    assert "is not text" in errors
    assert texts == ["A text that is one."]
    assert os.listdir(folder) == []


def test_what_is_made_for_terminals_and_programs_is_heard_as_it_is_meant(speak: Speak, folder: Path) -> None:
    (folder / "log.txt").write_bytes(b"\x1b[32mOK\x1b[0m test one passed.\nN\x08NA\x08AME here\0.\n" * 2)
    assert speak(str(folder / "log.txt"))[2] == ["OK test one passed.", "NAME here ."] * 2
    (folder / "names").write_bytes(b"first name is here\0second name is there\0third name follows\0")
    code, errors, texts = speak(str(folder / "names"))
    assert (code, len(texts)) == (1, 4)
    assert "binary file" in errors


def test_a_pipe_that_answers_at_once_is_waited_for(env: dict[str, str], folder: Path) -> None:
    ear, mouth = os.pipe()
    os.set_blocking(ear, False)
    command = [*HARKEN, "speak", "-", "--engine", "espeak", "--out", str(folder / "out.wav")]
    process = subprocess.Popen(command, env=env, stdin=ear, stderr=subprocess.PIPE)
    os.close(ear)
    assert process.stderr is not None
    os.write(mouth, b"The first sentence is here. And ")
    wait_for(lambda: said(env) or process.poll() is not None, "the first sentence")
    os.write(mouth, b"the second one.")
    os.close(mouth)
    assert process.stderr.read() == b""
    assert process.wait(60) == 0
    process.stderr.close()
    assert said(env) == ["The first sentence is here.", "And the second one."]
