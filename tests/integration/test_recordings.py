"""`harken speak --out`: how far it is, where chapters begin, and nothing that is left of one that is interrupted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC

SPEAK = [sys.executable, "-m", "reader", "speak", "--engine", "espeak", "--progress", "--out"]
BOOK = "<!doctype html><title>A night</title>" + "".join(
    f"<h1>Chapter {number}</h1><p>It rained all night, and the wind blew. It was cold." for number in ("one", "two")
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARKEN_AUDIO", "none")
    (tmp_path / "recordings").mkdir()
    (tmp_path / "book.html").write_text(BOOK)
    return tmp_path / "recordings"


def test_chapters_begin_with_their_headings_and_progress_is_told(folder: Path) -> None:
    out = folder / "book.flac"
    done = subprocess.run([*SPEAK, out, folder.parent / "book.html"], capture_output=True, timeout=100, check=True)
    told = [int(line.removesuffix(b"%")) for line in done.stdout.splitlines()]
    assert (told[0], done.stderr) == (0, b"")
    assert told == sorted(told)
    assert 50 < told[-1] < 100
    tags = FLAC(out).tags
    assert tags["title"] == ["A night"]
    assert [tags[f"CHAPTER00{number}NAME"] for number in (1, 2)] == [["Chapter one"], ["Chapter two"]]
    assert tags["CHAPTER001"] == ["00:00:00.000"]
    sound, rate_hz = soundfile.read(out)
    at = round(float(tags["CHAPTER002"][0].removeprefix("00:00:")) * rate_hz)
    around = [np.abs(sound[at - rate_hz // 5 : at]).max(), np.abs(sound[at : at + rate_hz // 5]).max()]
    assert around[0] < 0.01 < around[1]  # a pause, then the heading


def test_what_is_interrupted_leaves_nothing(folder: Path) -> None:
    (folder.parent / "book.txt").write_text("It rained all night, and the wind blew.\n\n" * 5000)
    (folder / "x.mp3").write_bytes(b"old")
    process = subprocess.Popen([*SPEAK, folder / "x.mp3", folder.parent / "book.txt"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"0%\n"
    assert len(list(folder.iterdir())) == 2  # it is being made beside the old one
    process.terminate()
    assert process.wait(30) == 130
    process.stdout.close()
    assert [path.name for path in folder.iterdir()] == ["x.mp3"]
    assert (folder / "x.mp3").read_bytes() == b"old"


@pytest.mark.parametrize(("out", "why"), [("-", "can't have both"), ("", "Add --out")])
def test_progress_where_there_is_no_place_for_it_is_refused(out: str, why: str) -> None:
    options = ["--out", out] if out else []
    command = [*SPEAK[:-1], *options, "--text", "x"]
    done = subprocess.run(command, capture_output=True, timeout=100, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert why in done.stderr.decode()
