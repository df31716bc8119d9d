"""A few of the kills of tests/kills: voices while a file is written, the decoder while Amazon Polly speaks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests import kills
from tests.fakes.workers import WORKERS
from tests.kills import aloud, polly

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds children in /proc")
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
async def test_every_word_is_heard_once_when_the_decoder_is_killed(tmp_path: Path, output_format: str) -> None:
    outcome = await polly.read(tmp_path, output_format, 30, kills=8, seed=3, pace=20.0)
    outcome.check()
    assert outcome.kills
    assert outcome.heard == outcome.wanted


@pytest.mark.parametrize("output_format", ["pcm", "mp3", "ogg_vorbis"])
def test_a_file_has_every_word_once_when_the_search_for_keys_and_the_decoder_are_killed(
    tmp_path: Path, output_format: str
) -> None:
    outcome = polly.into_file(tmp_path, output_format, kills.english(30), kills=12, seed=6)
    outcome.check()
    assert outcome.repeated == 0
    assert outcome.voices == {"polly/Matthew"}
    assert outcome.killed["credentials"]
    assert (outcome.killed["decoder"] > 0) == (output_format != "pcm")


def test_every_kind_of_child_is_killed_in_some_mode() -> None:
    """Processes that are none of `workers/child.py` have tests of their own: see the comments."""
    elsewhere = {"piper", "documents", "examiner"}  # contract/test_engines, test_documents, test_added_voices
    assert set(WORKERS) == {*aloud.IN_TRAY, *polly.IN_FILE, *elsewhere}
    root = Path(__file__).parents[2]
    starts = ("child_process.start(", "create_subprocess", "Popen(", "os.fork", "os.spawn", "QProcess(")
    files = [path for room in ("reader", "ui") for path in (root / room).rglob("*.py")]
    found = {str(path.relative_to(root)) for path in files if any(start in path.read_text() for start in starts)}
    assert found == {
        "reader/workers/child.py",
        "reader/documents/parsing.py",  # test_a_reader_that_fails_is_a_sentence
        "reader/gsettings.py",  # test_a_gsettings_that_is_killed_is_asked_again
        "reader/support/child_process.py",  # for these and `workers/child.py`
        "reader/support/crashes.py",  # test_who_would_start_it_again_may_be_killed
        "reader/support/restart_worker.py",  # tests/windows: it starts another Harken, and ends
        "ui/player/saving.py",  # test_a_failure_is_a_sentence
        "reader/desktop/launch.py",  # another Harken, which is nobody's child
        "reader/desktop/macos.py",  # the system's, which keeps the screen on
    }
