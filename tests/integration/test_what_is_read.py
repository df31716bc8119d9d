"""What of a text is read, as the user has chosen it: `harken speak` writes the very sound of what is left of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HARKEN = [sys.executable, "-m", "ui.launch"]
Record = Callable[..., tuple[int, str, bytes]]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "runtime")}
    return {"PATH": os.environ["PATH"], "HARKEN_AUDIO": "none", "PYTHONPATH": str(ROOT), **home}


@pytest.fixture
def record(env: dict[str, str], tmp_path: Path) -> Record:
    """(exit code, standard error, the file) of a text read with settings."""

    def do(text: str, **settings: str) -> tuple[int, str, bytes]:
        file, out = tmp_path / ".config/harken/settings.toml", tmp_path / "out.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{key} = {value}" for key, value in settings.items()]
        file.write_text("\n".join(["[text]", *lines, ""]), encoding="utf-8")
        out.unlink(missing_ok=True)
        done = subprocess.run(
            [*HARKEN, "speak", "--engine", "espeak", "--lang", "en", "--out", str(out)],
            env=env, input=text.encode(), capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, done.stderr.decode(), out.read_bytes() if out.exists() else b""

    return do


@pytest.mark.parametrize(
    ("text", "settings", "same_as"),
    [
        ("See https://www.example.com/a/b now.", {"addresses": '"host"'}, "See example.com now."),
        ("See https://www.example.com/a/b now.", {"addresses": '"link"'}, "See link now."),
        ("Run:\n```sh\nls -la\n```\nSo.", {"code": '"name"'}, "Run:\ncode.\nSo."),
        ("Run:\n\n```sh\nls -la\n\nrm x\n```\n\nAnd so on.", {"code": '"none"'}, "Run:\n\nAnd so on."),
        ("It is known.[12] It is.", {"footnotes": '"none"'}, "It is known. It is."),
        ("Well done 🎉😀 to all.", {"emoji": '"first"'}, "Well done 🎉 to all."),
        ("Well done 🎉😀 to all.", {"emoji": '"none"'}, "Well done to all."),
        ("It costs %%%% more.", {"repeats": '"once"'}, "It costs % more."),
        ("He left (in haste) today.", {"brackets": "false"}, "He left today."),
        ("A **bold** word.", {"marks": "true"}, "A asterisk bold asterisk word."),
        ("<think>Two and two.</think>Four.", {"thoughts": "true"}, "Two and two. Four."),
    ],
)
def test_each_choice_is_in_the_file(record: Record, text: str, settings: dict[str, str], same_as: str) -> None:
    code, _, chosen = record(text, **settings)
    assert code == 0
    assert chosen == record(same_as)[2]


def test_what_stands_around_the_ends_of_pages(record: Record) -> None:
    inside = "It was a dark and\n12\n\x0cstormy night. It rained."
    assert record(inside)[2] == record("It was a dark and stormy night. It rained.")[2]
    assert len(record(inside, pages='"read"')[2]) > len(record(inside)[2])
    headed = "The Head\nIt rained.\n\x0cThe Head\nIt was cold."
    assert record(headed, pages='"none"')[2] == record("The Head\nIt rained.\n\nIt was cold.")[2]
    assert len(record(headed)[2]) > len(record(headed, pages='"none"')[2])


def test_much_that_is_left_out_is_told_beside_the_file_and_not_in_it(record: Record) -> None:
    first = "See “What is read” in the settings."
    sentence = "Harken left out 67% of this text: the addresses behind links."
    linked = "See [this page](https://example.com/a/long/way/to/go/on) now."
    code, errors, sound = record(linked)
    assert (code, errors) == (0, f"harken: {sentence} {first}\n")
    assert record(linked) == (0, f"harken: {sentence}\n", sound)
    assert record("See this page now.") == (0, "", sound)


def test_a_little_is_told_the_first_time_ever_only(record: Record) -> None:
    text = "These are many words that are read, all but the mark of **this** one footnote[^1] here."
    assert record(text)[1] == (
        "harken: Harken left something out of this text: footnote marks. See “What is read” in the settings.\n"
    )
    assert record(text)[1] == ""


def test_a_text_of_which_all_is_left_out_says_so(record: Record) -> None:
    code, errors, sound = record("(All of it.)", brackets="false")
    assert (code, sound) == (1, b"")
    assert errors == "harken: There is nothing left to read in this text: Harken leaves out text in brackets.\n"
