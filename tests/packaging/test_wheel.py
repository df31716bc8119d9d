"""The wheel in a fresh environment without the checkout, as pipx installs it."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.desk import Desk
from tests.packaging import smoke
from tests.packaging.conftest import ROOT, made

TEXT = "This sentence is read by a Harken that was installed with pip."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    # The same versions as everywhere, but found by what the wheel itself asks for.
    lines = (ROOT / "packaging/requirements/run.txt").read_text("utf-8").splitlines()
    pins = folder / "pins.txt"
    pins.write_text("\n".join(line.rstrip(" \\") for line in lines if "==" in line), "utf-8")
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--no-compile", "--constraint", str(pins)]
    subprocess.run([*pip, str(made("*.whl"))], check=True, cwd=folder)
    with Desk(tray=True) as made_desk:
        del made_desk.env["PYTHONPATH"], made_desk.env["PYTHONDONTWRITEBYTECODE"]
        made_desk.program = [str(folder / "bin/harken")]
        made_desk.start_harken()
        yield made_desk


def test_it_reads_with_a_key(desk: Desk) -> None:
    desk.open_text(TEXT)
    desk.select_all(TEXT)
    desk.begin()
    desk.keyboard.press("super+alt+r")
    desk.wait_for_record("ended", whole=True)
    assert " ".join(desk.spoken()) == TEXT


@pytest.mark.parametrize("check", [smoke.all_parts, smoke.german_windows], ids=lambda check: check.__name__)
def test_nothing_is_missing(desk: Desk, check: Callable[[Desk], None]) -> None:
    check(desk)


def test_harken_key_is_beside_it_and_asks_it(desk: Desk) -> None:
    key = Path(desk.program[0]).with_name("harken-key")
    code, said = desk.complain([str(key), "next"])
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("harken: Gerade wird nichts gelesen.")  # the windows are German since they were looked at
    assert desk.complain([str(key), "louder"]) == (0, "")


def test_it_lists_voices_and_speaks_into_a_file(desk: Desk) -> None:
    assert "neural/heart" in desk.harken_output("voices", "--engine", "neural")
    path = desk.home / "spoken.wav"
    assert desk.harken_call("speak", "--text", TEXT, "--out", str(path)) == 0
    with wave.open(str(path)) as file:
        assert file.getnframes() > file.getframerate()


def test_nothing_of_the_checkout_is_used(desk: Desk) -> None:
    assert desk.harken
    mapped = Path(f"/proc/{desk.harken.pid}/maps").read_text()
    assert str(ROOT / "reader") not in mapped
    assert not os.path.samefile(f"/proc/{desk.harken.pid}/cwd", ROOT)
