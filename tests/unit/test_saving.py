"""Saving from the player: progress, cancelling, failures, and what is saved of a text."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QProgressBar, QProgressDialog, QPushButton, QWidget

from reader.core import saving
from reader.core.saving import TextToSave
from reader.errors import HarkenError, NothingToReadError
from reader.flow import CapturedText, Notice, Source
from tests.fakes.bridge import FakeBridge
from ui.player.saving import Saving

# Stands for `harken`: does what the text says, which comes through standard input.
HARKEN = """
import signal, sys
out = sys.argv[sys.argv.index("--out") + 1]
text = sys.stdin.read()
print("0%", flush=True)
print("40%", flush=True)
if "fail" in text:
    print("harken: Another thing.\\nharken: The disk is full.", file=sys.stderr)
    sys.exit(1)
if "crash" in text:
    sys.exit("Traceback")
if "wait" in text:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    print("50%", flush=True)
    while True:
        signal.pause()
open(out, "w").write(text)
"""
Until = Callable[[Callable[[], bool]], None]


class Stand:
    def __init__(self, bridge: FakeBridge, window: QWidget, until: Until) -> None:
        self.window, self.until = window, until
        self.saving = Saving(bridge, window)
        self.told: list[Notice] = []
        bridge.happened.connect(self.told.append)
        self.answer: TextToSave | HarkenError = TextToSave("", "Hello.")
        bridge.ask = lambda work, then: then(self.answer)  # type: ignore[method-assign,arg-type]

    def save(self, text: str, path: Path, *, is_part: bool = False) -> None:
        self.answer = TextToSave("", text, is_part=is_part)
        self.saving.open()
        (dialog,) = self.window.findChildren(QFileDialog)
        assert dialog.defaultSuffix() == "mp3"
        dialog.fileSelected.emit(str(path))
        dialog.done(1)

    def shown(self) -> QProgressDialog:
        (dialog,) = (one for one in self.window.findChildren(QProgressDialog) if one.isVisible())
        return dialog

    def sentence(self) -> str:
        self.until(lambda: bool(self.told))
        (notice,) = self.told
        return notice.sentence


@pytest.fixture
def stand(qt: QApplication, bridge: FakeBridge, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    monkeypatch.setattr("ui.player.saving.command", lambda: [sys.executable, "-c", HARKEN])
    return Stand(bridge, QWidget(), until)


def test_what_is_saved_is_told(stand: Stand, tmp_path: Path) -> None:
    stand.save("Hello wörld.", tmp_path / "out.mp3")
    assert stand.sentence() == f"Saved in {tmp_path / 'out.mp3'}."
    assert (tmp_path / "out.mp3").read_text("utf-8") == "Hello wörld."
    assert not any(dialog.isVisible() for dialog in stand.window.findChildren(QProgressDialog))


def test_a_part_is_told(stand: Stand, tmp_path: Path) -> None:
    stand.save("Hello.", tmp_path / "out.mp3", is_part=True)
    assert "the part of the text that had arrived" in stand.sentence()


@pytest.mark.parametrize(("text", "told"), [("fail", "The disk is full."), ("crash", "could not be saved")])
def test_a_failure_is_a_sentence(stand: Stand, tmp_path: Path, text: str, told: str) -> None:
    stand.save(text, tmp_path / "out.mp3")
    assert told in stand.sentence()
    assert stand.told[0].is_problem


def test_progress_is_shown_and_it_can_be_cancelled(stand: Stand, tmp_path: Path) -> None:
    stand.save("wait", tmp_path / "out.mp3")
    dialog = stand.shown()
    bar, cancel = dialog.findChild(QProgressBar), dialog.findChild(QPushButton)
    assert bar is not None
    assert cancel is not None
    assert bar.accessibleName() == dialog.labelText() == "Saving out.mp3…"
    stand.until(lambda: dialog.value() == 50)
    stand.saving.open()  # shows the one there is
    assert not any(one.isVisible() for one in stand.window.findChildren(QFileDialog))
    cancel.click()
    assert stand.sentence() == "Saving was cancelled, and no file was written."


def test_what_is_being_saved_ends_with_harken(stand: Stand, tmp_path: Path) -> None:
    stand.save("wait", tmp_path / "out.mp3")
    stand.until(lambda: stand.shown().value() == 50)
    stand.saving.stop()
    assert stand.sentence() == "Saving was cancelled, and no file was written."


def test_where_there_is_no_text_that_is_told(stand: Stand) -> None:
    stand.answer = NothingToReadError("There is no text to save.")
    stand.saving.open()
    assert stand.sentence() == "There is no text to save."


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("/a/A book.v2.epub", "x", "A book.v2"),
        ("", "Hello: who/what is there?", "Hello who what is there"),
        ("", "../../etc\x1b[1m", "etc"),
        ("", "…", "Harken"),
    ],
)
def test_a_file_is_called_as_its_text(path: str, text: str, name: str) -> None:
    assert TextToSave(path, text).name == name


def test_a_document_is_read_again_and_a_selection_is_sent() -> None:
    assert saving.arguments(TextToSave("/-a.pdf", "x"), "o.mp3")[-4:] == ["--out", "o.mp3", "--", "/-a.pdf"]
    assert saving.arguments(TextToSave("", "x"), "o.mp3")[-2:] == ["--", "-"]
    assert "--plain" in saving.arguments(TextToSave("", "<!doctype html>"), "o.mp3")
    assert "--ssml" in saving.arguments(TextToSave("", "<speak/>", is_ssml=True), "o.mp3")


@pytest.mark.parametrize(
    ("path", "is_complete", "is_part"), [("", True, False), ("", False, True), ("/a.pdf", False, False)]
)
def test_of_a_document_all_is_saved_and_of_other_texts_what_is_there(
    path: str, is_complete: bool, is_part: bool
) -> None:
    text = CapturedText("Hello.", Source.GIVEN, path=path)
    reading = SimpleNamespace(captured=text, whole_text=text, is_complete=is_complete)
    app = SimpleNamespace(controller=SimpleNamespace(current=reading))
    assert saving.text_to_save(app) == TextToSave(path, "Hello.", is_part=is_part)  # type: ignore[arg-type]


def test_without_a_text_there_is_nothing_to_save() -> None:
    app = SimpleNamespace(controller=SimpleNamespace(current=None))
    with pytest.raises(NothingToReadError, match="no text to save"):
        saving.text_to_save(app)  # type: ignore[arg-type]
