"""The page of a speech server without a core: what it says of where the text goes, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu, QWidget

from reader.credentials.account import Kept, Keyring
from reader.errors import HarkenError, KeyringError
from reader.flow import Voice
from reader.settings.schema import SETTINGS
from tests.fakes.bridge import FakeBridge
from ui.menu.voices import VoiceMenu
from ui.privacy_text import sections
from ui.recent import RecentVoices
from ui.settings.choices import voices_by_place
from ui.settings.fields import make_field
from ui.settings.server_page import ServerPage

ALLOY = Voice("server/alloy", "alloy (speech server)", "", given_name="alloy")


@pytest.fixture
def answers(bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the core answers next."""
    given: list[Any] = []

    def ask(_: object, then: Callable[[Any], None]) -> None:
        if given:
            then(given.pop(0))

    monkeypatch.setattr(bridge, "ask", ask)
    return given


def told(bridge: FakeBridge) -> str:
    return " ".join(sections(bridge.settings)[0].sentences + sections(bridge.settings)[2].sentences)


def test_the_privacy_page_says_where_the_text_goes(bridge: FakeBridge) -> None:
    assert told(bridge).startswith("Nowhere.")
    assert "to the speech server at http://127.0.0.1:8880/v1 only if you choose its voice" in told(bridge)
    bridge.change("voice.id", "server/")
    assert told(bridge).startswith("To the speech server at http://127.0.0.1:8880/v1.")
    assert "a program on this computer" in told(bridge)
    assert "Amazon" not in told(bridge)
    bridge.change("server.url", "https://speech.example/v1")
    assert "another computer. Its operator can read the text" in told(bridge)
    assert "The speech server at https://speech.example/v1, for speech." in told(bridge)


def test_an_address_without_https_is_refused_with_the_reason(bridge: FakeBridge) -> None:
    field = make_field(SETTINGS["server.url"], bridge)
    field.change("http://192.168.1.5:8880/v1")
    assert "must begin with https://" in field.message
    assert bridge.settings.text("server.url") == "http://127.0.0.1:8880/v1"


def test_the_page_says_whether_the_server_gets_the_text(bridge: FakeBridge, answers: list[Any]) -> None:
    page = ServerPage(bridge)
    bridge.happened.connect(page.on_event)
    assert "none of your text is sent to it" in page._privacy.text()
    page.voice.use.click()
    assert bridge.settings.text("voice.id") == "server/"
    assert "is sent to http://127.0.0.1:8880/v1" in page._privacy.text()
    assert "From now on" in page.voice.status.text()
    page.voice.hear.click()
    assert bridge.heard == [""]


def test_a_key_is_kept_and_removed_and_never_shown(bridge: FakeBridge, answers: list[Any]) -> None:
    page = ServerPage(bridge)
    answers.append(Kept(Keyring.EMPTY))
    page.key.refresh()
    assert page.key.report.toPlainText() == "The keyring has no key for the server."
    assert page.key.remove.isHidden()
    answers.append(Kept(Keyring.HAS_KEYS, "…1234"))
    page.key.line.setText("secret-1234")
    page.key.keep.click()
    assert page.key.report.toPlainText() == "The keyring has the server's key: …1234."
    assert page.key.line.text() == ""
    assert not page.key.remove.isHidden()
    answers.append(Kept(Keyring.EMPTY))
    page.key.remove.click()
    assert page.key.remove.isHidden()


def test_without_a_keyring_it_says_so(bridge: FakeBridge, answers: list[Any]) -> None:
    page = ServerPage(bridge)
    answers.append(Kept(Keyring.NONE, why="no program on this desktop provides one"))
    page.key.refresh()
    assert "There is no keyring here" in page.key.report.toPlainText()
    assert not page.key.line.isEnabled()
    answers.append(KeyringError("Your keyring is locked."))
    page.key.refresh()
    assert page.key.report.toPlainText() == "Your keyring is locked."


def test_a_sample_that_fails_says_why(bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ServerPage(bridge)
    monkeypatch.setattr(bridge, "hear", lambda voice_id, then, text="": then(HarkenError(f"{voice_id} is down.")))
    page.voice.hear.click()
    assert page.voice.status.text() == "server/ is down."


def test_the_chooser_and_the_menu_offer_its_voice_by_the_settings(bridge: FakeBridge, tmp_path: Any) -> None:
    entries = {entry.value: entry for entry in voices_by_place([ALLOY, Voice("espeak/de", "German", "de")])}
    assert entries["server/"].group == "Speech server"
    assert "server/alloy" not in entries
    assert "server/" not in {entry.value for entry in voices_by_place([])}
    parent = QWidget()
    menu = VoiceMenu(bridge, RecentVoices(tmp_path), lambda: None, lambda: None, parent)
    menu._show([ALLOY])
    assert "Speech server, the voice in the settings" in [action.text() for action in menu.actions()]
    bridge.change("voice.id", "server/")
    menu.show_setting()
    assert isinstance(menu, QMenu)
    assert menu.words == "Speech server, the voice in the settings"
