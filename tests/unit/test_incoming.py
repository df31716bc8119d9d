"""What is dropped on the player, or opened from it, is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from reader.core import file_reading
from reader.errors import HarkenError
from reader.flow import CapturedText, Source, State, StateChanged
from tests.fakes.bridge import FakeBridge
from ui.player.window import PlayerWindow


class Core:
    """Notes what is to be read."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.texts: list[CapturedText] = []

    def speak(self, captured: CapturedText) -> None:
        self.texts.append(captured)


@pytest.fixture
def core(bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch) -> Core:
    made = Core()

    def ask(work: Callable[[Any], Any], then: Callable[[Any], None]) -> None:
        with pytest.raises(StopIteration):
            work(made).send(None)

    monkeypatch.setattr(file_reading, "read_file", lambda app, path: app.files.append(path))
    monkeypatch.setattr(bridge, "ask", ask)
    return made


@pytest.fixture
def window(core: Core, bridge: FakeBridge) -> Iterator[PlayerWindow]:
    monkey = bridge.ask
    bridge.ask = lambda *asked: None  # type: ignore[method-assign]
    made = PlayerWindow(bridge)
    made.show()
    bridge.ask = monkey  # type: ignore[method-assign]
    yield made
    made.deleteLater()


def drop(on: QWidget, what: QMimeData) -> bool:
    """Bring it there and let go, as Qt does when another program does so. Returns whether it was taken."""
    actions, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    while not on.acceptDrops() and (parent := on.parentWidget()):
        on = parent
    enter = QDragEnterEvent(QPoint(5, 5), actions, what, button, none)
    QApplication.sendEvent(on, enter)
    if not enter.isAccepted():
        return False
    dropped = QDropEvent(QPointF(5, 5), actions, what, button, none)
    QApplication.sendEvent(on, dropped)
    return dropped.isAccepted()


def mime(*, paths: tuple[str, ...] = (), text: str = "") -> QMimeData:
    made = QMimeData()
    if paths:
        made.setUrls([QUrl.fromLocalFile(path) for path in paths])
    if text:
        made.setText(text)
    return made


def test_a_file_that_is_dropped_is_read(window: PlayerWindow, core: Core) -> None:
    for part in (window, window.bar, window.view, window.view.viewport()):
        assert drop(part, mime(paths=("/tmp/a b.pdf", "/tmp/c.pdf")))
    assert core.files == ["/tmp/a b.pdf"] * 4
    assert core.texts == []


def test_a_text_that_is_dropped_is_read(window: PlayerWindow, core: Core) -> None:
    assert drop(window.view.viewport(), mime(text="  Hello there. "))
    assert core.texts == [CapturedText("Hello there.", Source.SELECTION)]


def test_what_is_neither_is_not_taken(window: PlayerWindow, core: Core) -> None:
    picture = QMimeData()
    picture.setData("image/png", b"x")
    assert not drop(window, picture)


def test_ctrl_o_asks_for_a_file(window: PlayerWindow, core: Core, tmp_path: Path, qt: QApplication) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    (shortcut,) = (made for made in window.findChildren(QShortcut) if made.key() == QKeySequence("Ctrl+O"))
    shortcut.activated.emit()
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.windowTitle() == "Open a document"
    dialog.setDirectory(str(tmp_path))
    name = dialog.findChild(QLineEdit)
    assert isinstance(name, QLineEdit)
    name.setText("a.pdf")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert core.files == [str(tmp_path / "a.pdf")]
    window.files.open()
    (again,) = (made for made in window.findChildren(QFileDialog) if made.isVisible())
    assert again.directory().absolutePath() == str(tmp_path)


class App:
    """As much of the core as opens a file."""

    def __init__(self, at_chars: int, path: str = "") -> None:
        self.notices: list[Any] = []
        self.opened: list[tuple[str, bool]] = []
        self.subscribers: list[Callable[[Any], None]] = []
        place = SimpleNamespace(at_chars=at_chars)
        self.controller = SimpleNamespace(
            current=SimpleNamespace(utterance_id=7, captured=SimpleNamespace(path=path)),
            preferences=SimpleNamespace(goes_on=True),
            reopen=self.reopen,
        )

        def place_in_file(path: str, *, goes_on: bool) -> Any:
            self.opened.append((path, goes_on))
            return place

        self.library = SimpleNamespace(place_in_file=place_in_file)
        self.subscribe = self.subscribers.append
        self.unsubscribe = self.subscribers.remove
        self.publish = self.notices.append

    def reopen(self, _: object) -> None:
        """A sentence of Harken's own falls silent for it."""
        for subscriber in list(self.subscribers):
            subscriber(StateChanged(3, State.IDLE))


@pytest.mark.parametrize(("heard", "told"), [(7, 1), (8, 0)])
def test_going_on_is_told_once_it_is_heard(heard: int, told: int) -> None:
    app = App(at_chars=40)
    file_reading.read_file(app, "/a")  # type: ignore[arg-type]
    (watch,) = app.subscribers
    watch(StateChanged(0, State.PREPARING))
    watch(StateChanged(heard, State.SPEAKING))
    assert (app.opened, len(app.notices), app.subscribers) == ([("/a", True)], told, [])


def test_a_file_that_is_opened_again_starts_over() -> None:
    app = App(at_chars=0, path="/a")
    file_reading.read_file(app, "/a")  # type: ignore[arg-type]
    assert (app.opened, app.subscribers) == ([("/a", False)], [])


def test_a_refusal_is_a_sentence(bridge: FakeBridge) -> None:
    told: list[str] = []
    bridge.happened.connect(lambda event: told.append(event.sentence))
    bridge.tell_refusal(HarkenError("It can't be read."))
    assert told == ["It can't be read."]
