"""A few of the kills of tests/kills: voices while a file is written, the decoder while Amazon Polly speaks."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests import kills
from tests.kills import polly

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds children in /proc")
Run = Callable[[Coroutine[Any, Any, Any]], Any]
PROGRAM = [sys.executable, "-m", "ui.launch"]
ENV = {"PYTHONPATH": str(Path(__file__).parents[2])}


def test_a_file_is_the_same_when_the_neural_voice_is_killed(tmp_path: Path) -> None:
    env, sentences = os.environ | ENV, kills.english(30)
    _, whole = kills.write_file(sentences, tmp_path, PROGRAM, env, kills=0, seed=1, name="whole")
    outcome, found = kills.write_file(
        sentences, tmp_path, PROGRAM, env, kills=12, seed=1, kinds=["neural"], name="killed"
    )
    outcome.check()
    assert outcome.killed["neural"]
    assert found == whole


def test_a_file_is_as_long_when_espeak_is_killed(tmp_path: Path) -> None:
    env, sentences = os.environ | ENV, kills.german(60)
    _, whole = kills.write_file(sentences, tmp_path, PROGRAM, env, kills=0, seed=2, name="whole")
    outcome, found = kills.write_file(
        sentences, tmp_path, PROGRAM, env, kills=40, seed=2, kinds=["espeak"], name="killed"
    )
    outcome.check()
    assert outcome.killed["espeak"]
    assert outcome.voices == {"espeak/de"}
    # What is spoken again varies by 5 ms.
    assert len(found) == pytest.approx(len(whole), abs=1000 * outcome.killed["espeak"])


@pytest.mark.parametrize("output_format", ["mp3", "ogg_vorbis"])
def test_every_word_is_heard_once_when_the_decoder_is_killed(run: Run, tmp_path: Path, output_format: str) -> None:
    outcome = run(polly.read(tmp_path, output_format, 30, kills=8, seed=3, pace=20.0))
    outcome.check()
    assert outcome.kills
    assert outcome.heard == outcome.wanted
