"""The page of Amazon Polly with the real core and a real Secret Service: unlocked, locked, silent, and none."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

import reader.core.engines_here
import reader.credentials.credentials
from reader.core.app import App
from reader.core.desktop import Desktop, Levels
from reader.credentials.asking import Limits
from reader.settings.paths import log_file
from reader.support import log as core_log
from tests.desktop import secrets
from tests.desktop.secrets import SessionBus
from tests.fakes.engine import FakeEngine
from tests.integration.test_keyring import workers
from ui.bridge import Bridge
from ui.settings.polly.page import PollyPage
from ui.settings.section import ReportField

KEYS = {"access": "AKIDEXAMPLE", "secret": "EXAMPLESECRETKEY", "token": "EXAMPLETOKEN"}
NO_PLAIN_FILE = "Harken never writes keys to a plain file."
OTHER_WAYS = "choose a profile from ~/.aws above, or start Harken with the variables AWS_ACCESS_KEY_ID"
_TICK_MS = 10
_LIMIT_S = 30.0

pytestmark = pytest.mark.skipif(
    bool(secrets.missing()) and not os.environ.get("CI"), reason=f"not installed: {', '.join(secrets.missing())}"
)


@pytest.fixture(scope="module")
def qt() -> QApplication:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else QApplication(["harken"])


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionBus]:
    """A session without a keyring, so far."""
    with SessionBus(tmp_path) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


@dataclass
class Shown:
    """The page on a screen, and how often Qt had time for something else."""

    qt: QApplication
    page: PollyPage
    folder: Path
    ticks: int = 0
    is_over: bool = False

    def stop(self) -> None:
        """End the core, once."""
        if not self.is_over:
            self.is_over = True
            self.page.bridge.stop()

    def tick(self) -> None:
        self.ticks += 1

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Let Qt work until something is so. Not with QTest, which keeps Python's other threads waiting."""
        end_s = time.monotonic() + _LIMIT_S
        while not condition():
            assert time.monotonic() < end_s, what
            self.qt.processEvents()
            time.sleep(0.002)

    def keyring_says(self, words: str) -> str:
        return self._says(self.page.keys.report, words)

    def account_says(self, words: str) -> str:
        return self._says(self.page.account.report, words)

    def _says(self, report: ReportField, words: str) -> str:
        try:
            self.until(lambda: words in report.toPlainText(), words)
        except AssertionError as error:
            error.add_note(f"it says: {report.toPlainText()}")
            raise
        return report.toPlainText()

    def type_keys(self) -> None:
        keys = self.page.keys
        for line, text in zip((keys.access_key, keys.secret_key, keys.token), KEYS.values(), strict=True):
            QTest.keyClicks(line, text)

    def assert_no_secret(self) -> None:
        """Neither in the accessibility tree nor in any file: settings, log, the keyring's own."""
        told = "\n".join(everything_told(self.page))
        assert "Access key" in told  # it was looked through
        assert not [name for name, key in KEYS.items() if name != "access" and key in told]
        for handler in logging.getLogger().handlers:
            handler.flush()
        files = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        assert log_file() in files
        assert not [path for path, data in files.items() for key in KEYS.values() if key.encode() in data]


def everything_told(page: PollyPage) -> list[str]:
    """Every text that an assistive program can read."""
    found: list[str] = []

    def walk(item: QAccessibleInterface) -> None:
        if not item or not item.isValid():
            return
        kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)
        found.extend(item.text(kind) for kind in kinds)
        if text := item.textInterface():
            found.append(text.text(0, text.characterCount()))
        for index in range(item.childCount()):
            walk(item.child(index))

    walk(QAccessible.queryAccessibleInterface(page))
    return found


async def forget_account(app: App) -> None:
    app.credentials.search_again()


async def no_desktop(desktop: Desktop, levels: Levels) -> None:
    """There are neither keys nor selections here, only a keyring."""


@pytest.fixture
def shown(qt: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shown]:
    """The page with the core behind it; a person has a second to unlock the keyring, which has one to answer."""
    monkeypatch.setenv("HARKEN_AUDIO", "none")
    monkeypatch.setattr(reader.core.engines_here, "local_engines", lambda: {"local": FakeEngine("local")})
    monkeypatch.setattr(Desktop, "start", no_desktop)
    limits = Limits(keyring=1.0, unlock=1.0)
    monkeypatch.setattr(reader.credentials.credentials, "Limits", lambda: limits)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    core_log.start(log_file())
    bridge = Bridge()
    made = Shown(qt, PollyPage(bridge), tmp_path)
    bridge.happened.connect(made.page.on_event)
    timer = QTimer()
    timer.timeout.connect(made.tick)
    timer.start(_TICK_MS)
    started: list[bool] = []
    bridge.started.connect(lambda: started.append(True))
    bridge.start()
    made.until(lambda: bool(started), "the core")
    yield made
    timer.stop()
    made.stop()
    made.page.deleteLater()
    bridge.deleteLater()
    qt.processEvents()
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_keys_are_kept_shown_by_their_ending_and_removed(bus: SessionBus, shown: Shown) -> None:
    bus.start_keyring(is_unlocked=True)
    keys = shown.page.keys
    shown.page.show()
    assert keys.report.toPlainText() == "Checking the keyring…"
    shown.keyring_says("The keyring has none of your keys.")
    assert not keys.remove.isVisible()
    assert keys.secret_key.echoMode() is keys.token.echoMode() is QLineEdit.EchoMode.Password
    shown.type_keys()
    assert KEYS["access"] in everything_told(shown.page)  # which is no secret, and not kept yet
    shown.assert_no_secret()
    QTest.mouseClick(keys.keep, Qt.MouseButton.LeftButton)
    shown.keyring_says("The keyring has your keys: access key …MPLE.")
    assert not keys.access_key.text() + keys.secret_key.text() + keys.token.text()
    shown.account_says("Found: Harken's keys in the keyring, access key …MPLE.")
    shown.assert_no_secret()
    assert KEYS["access"] not in "\n".join(everything_told(shown.page))
    QTest.mouseClick(keys.remove, Qt.MouseButton.LeftButton)
    shown.keyring_says("The keyring has none of your keys.")
    shown.account_says("Harken found no AWS keys.")


def test_keys_that_were_typed_and_not_kept_do_not_stay(bus: SessionBus, shown: Shown) -> None:
    bus.start_keyring(is_unlocked=True)
    shown.page.show()
    shown.keyring_says("none of your keys")
    shown.type_keys()
    shown.page.hide()
    assert not shown.page.keys.secret_key.text()


def test_what_can_be_no_keys_is_said_and_stays_to_be_mended(bus: SessionBus, shown: Shown) -> None:
    bus.start_keyring(is_unlocked=True)
    shown.page.show()
    shown.keyring_says("none of your keys")
    QTest.keyClicks(shown.page.keys.access_key, "AKIDEXAMPLE")
    QTest.mouseClick(shown.page.keys.keep, Qt.MouseButton.LeftButton)
    shown.keyring_says("That is not a secret key")
    assert shown.page.keys.access_key.text() == "AKIDEXAMPLE"
    assert shown.page.keys.keep.isEnabled()


@pytest.mark.noisy
def test_a_locked_keyring(bus: SessionBus, shown: Shown, noise: list[str]) -> None:
    bus.start_keyring(is_unlocked=True)
    shown.page.show()
    shown.keyring_says("none of your keys")
    shown.type_keys()
    QTest.mouseClick(shown.page.keys.keep, Qt.MouseButton.LeftButton)
    shown.keyring_says("…MPLE")
    shown.account_says("…MPLE")  # else that search goes on in the locked one
    bus.start_keyring(is_unlocked=False)
    shown.page.bridge.ask(forget_account, lambda _: None)  # as after a log-out
    shown.page.keys.refresh()
    told = shown.keyring_says("The keyring has your keys.\nIt is locked: the system asks for its password")
    assert "MPLE" not in told
    QTest.mouseClick(shown.page.account.find_button, Qt.MouseButton.LeftButton)
    shown.account_says("Your keyring is locked and was not unlocked.")  # nothing here can show a dialogue
    bus.start_silent_prompter()
    before = shown.ticks
    QTest.mouseClick(shown.page.account.find_button, Qt.MouseButton.LeftButton)  # and the dialogue comes again
    shown.account_says("Your keyring is locked and was not unlocked within 1 s. Unlock it, then try again.")
    assert shown.ticks - before > 10  # there was a dialogue for a second
    shown.type_keys()
    QTest.mouseClick(shown.page.keys.keep, Qt.MouseButton.LeftButton)
    told = shown.keyring_says("was not unlocked")
    assert NO_PLAIN_FILE in told
    assert OTHER_WAYS in told
    assert shown.page.keys.secret_key.text() == KEYS["secret"]  # to be tried again
    shown.assert_no_secret()
    assert all("ended after 1 s, in stage “unlock”" in line for line in noise)


@pytest.mark.noisy
def test_a_keyring_that_never_answers(bus: SessionBus, shown: Shown, noise: list[str]) -> None:
    bus.start_keyring(is_unlocked=True)
    bus.freeze_keyring()
    before = shown.ticks
    shown.page.show()
    assert shown.page.keys.report.toPlainText() == "Checking the keyring…"
    told = shown.keyring_says("Your keyring did not answer within 1 s. Restart it, then try again.")
    assert shown.ticks - before > 10
    assert NO_PLAIN_FILE in told
    assert OTHER_WAYS in told
    assert not shown.page.keys.keep.isEnabled()
    assert shown.page.keys.ask_again.isVisible()
    assert any("ended after 1 s, in stage “keyring”" in line for line in noise)
    bus.start_keyring(is_unlocked=True)
    QTest.mouseClick(shown.page.keys.ask_again, Qt.MouseButton.LeftButton)
    shown.keyring_says("The keyring has none of your keys.")


def test_no_keyring(bus: SessionBus, shown: Shown, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(
        "[profile work]\nsso_start_url=https://localhost\nsso_region=eu-central-1\nsso_account_id=1\nsso_role_name=r\n"
    )
    shown.page.show()
    told = shown.keyring_says("There is no keyring here to keep keys in: no program on this desktop provides one.")
    assert NO_PLAIN_FILE in told
    assert OTHER_WAYS in told
    keys = shown.page.keys
    assert not [w for w in (keys.access_key, keys.secret_key, keys.token, keys.keep) if w.isEnabled()]
    assert not keys.remove.isVisible()
    # And the other way works: the profile is there to choose, and says what it needs.
    source = shown.page.account.source
    shown.until(lambda: source.box.findData("profile:work") > 0, "the profile")
    assert source.box.itemText(source.box.findData("profile:work")) == "Profile “work” (AWS sign-in, SSO)"
    source.change("profile:work")
    told = shown.account_says("Run “aws sso login --profile work”, then try again.")
    assert "Environment: not checked, because the profile “work” comes first" in told
    assert shown.page.bridge.settings.text("polly.profile") == "work"
    source.change("source:environment")
    shown.account_says("The settings select the environment, but it has no AWS keys for Harken. Choose another source.")
    settings = shown.page.bridge.settings
    assert (settings.text("polly.profile"), settings.text("polly.source")) == ("", "environment")
    source.reset()
    shown.account_says("Harken found no AWS keys.")
    shown.page.bridge.change("polly.profile", "work")  # as a command line does
    shown.account_says("Run “aws sso login --profile work”, then try again.")
    assert source.box.currentData() == "profile:work"


def test_harken_ends_while_the_keyring_is_asked(bus: SessionBus, shown: Shown) -> None:
    bus.start_keyring(is_unlocked=True)
    bus.freeze_keyring()
    shown.page.show()
    shown.until(lambda: bool(workers()), "the question")
    shown.stop()
    shown.until(lambda: not workers(), "the end of the question")
    assert shown.page.keys.report.toPlainText() == "Checking the keyring…"
