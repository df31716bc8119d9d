"""`make demo`, as it is run where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
from PySide6.QtGui import QColor, QImage

from tests.desktop import hearing
from tests.desktop.demo import TEXT
from tests.desktop.recorder import RATE_HZ

ROOT = Path(__file__).parents[2]


def test_it_leaves_what_was_heard_seen_and_spoken(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.desktop.demo", "--picture", "shown.png"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    output = tmp_path / "demo-output"
    lines = (output / "spoken.txt").read_text().splitlines()
    assert [line.split()[1:3] for line in lines] == [["ms", "neural/heart"]] * 3 + [["ms", "espeak/de"]]
    spoken = " ".join(line.split(maxsplit=3)[3] for line in lines)
    assert spoken.replace("paragraphs", "para-graphs") == " ".join(TEXT.split()).replace("para- ", "para-")
    with wave.open(str(output / "heard.wav")) as file:
        assert file.getframerate() == RATE_HZ
        heard = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32)
    for sound in hearing.voiced(["Harken reads this aloud."]):
        assert hearing.find(sound, heard).likeness > 0.98
    assert QImage(str(output / "desktop.png")).width() == 1280
    assert (tmp_path / "shown.png").read_bytes() == (output / "desktop.png").read_bytes()


def test_the_readme_shows_no_warning_of_the_editors() -> None:
    """An editor that root has opened has a banner of this colour over its text."""
    banner = QColor("#b4254b").rgb()
    picture = QImage(str(ROOT / "resources/screenshots/desktop.png"))
    assert not picture.isNull()
    assert not any(
        picture.pixel(x, y) == banner for y in range(picture.height()) for x in range(0, picture.width(), 16)
    )
