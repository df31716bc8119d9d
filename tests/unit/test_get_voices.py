"""The window “Get more voices”, and for which texts a natural voice is offered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from reader.core.offers import Offers
from reader.core.voice_downloads import VoiceDownloaded, VoiceDownloading
from reader.core.voice_offer import VoiceOffer, VoiceOffered
from reader.flow import Ending, Event, ReadingEnded, Segment, SegmentStarted, Voice
from reader.session.preferences import preferred, with_preferred
from reader.session.voice_choice import VoiceChoice
from reader.settings.store import Settings
from reader.voices.offered import own
from tests.fakes.bridge import FakeBridge
from ui.get_voices.window import GetVoicesWindow

HERE = "de_DE-kerstin-low"


@pytest.fixture
def window(bridge: FakeBridge) -> Iterator[GetVoicesWindow]:
    bridge.settings.set("voice.expected_language", "de")
    made = GetVoicesWindow(bridge)
    found = Path("/voices/de_DE-other-low.onnx")
    made.show_offers((Offers(own.own_index(), {HERE: 65_000_000}, (found,)), ["fr"]))
    yield made
    made.close()


def rows(window: GetVoicesWindow) -> list[list[str]]:
    table = window.table
    items = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    return [[item.text(column) for column in range(5)] for item in items if item]


def choose(window: GetVoicesWindow, name: str) -> None:
    (item,) = window.table.findItems(name, Qt.MatchFlag.MatchExactly, 0)
    window.table.setCurrentItem(item)


def test_the_users_languages_come_first_and_the_best_voices(window: GetVoicesWindow) -> None:
    codes = [window.language.itemData(row) for row in range(3)]
    assert codes[0] == "de"
    assert "fr" in codes
    assert rows(window)[0] == ["Kerstin", "German", "65 MB", "CC0 1.0", "installed"]
    assert rows(window)[1][4] == "recommended"
    assert rows(window)[-1][4] == "on this computer, not added"
    assert window.status.text() == "The voices you have added take up 65 MB."
    window.language.setCurrentIndex(window.language.findData("ru"))
    assert {row[3] for row in rows(window)} == {"not stated"}
    assert "Its licence is not stated." in window.details.toPlainText()
    window.language.setCurrentIndex(window.language.findData(""))
    assert len(rows(window)) > 100


def test_what_a_licence_asks_and_who_is_to_be_named_is_told(window: GetVoicesWindow) -> None:
    choose(window, "MLS")
    told = window.details.toPlainText()
    assert "Licence: CC BY 4.0, credit its makers" in told
    assert "Credit: MLS, http://openslr.org/94/, CC BY 4.0" in told


def test_only_what_can_be_done_with_a_voice_is_offered(window: GetVoicesWindow) -> None:
    choose(window, "Kerstin")
    assert [button.isEnabled() for button in (window.get, window.cancel, window.hear, window.remove)] == [
        False,
        False,
        True,
        True,
    ]
    choose(window, "Thorsten (low)")
    assert [button.isEnabled() for button in (window.get, window.cancel, window.hear, window.remove)] == [
        True,
        False,
        False,
        False,
    ]
    choose(window, "de_DE-other-low")
    assert window.get.text() == "A&dd it"


def test_a_download_is_followed_and_can_be_stopped(window: GetVoicesWindow, bridge: FakeBridge) -> None:
    choose(window, "Thorsten (low)")
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    assert window.status.text() == "Thorsten (low) is being downloaded."
    bridge.happened.emit(VoiceDownloading(0, "de_DE-thorsten-low", 42))
    (row,) = [row for row in rows(window) if row[0] == "Thorsten (low)"]
    assert row[4] == "42% downloaded"
    assert window.progress.value() == 42
    assert window.cancel.isEnabled()
    assert not window.get.isEnabled()
    bridge.happened.emit(VoiceDownloaded(0, "de_DE-thorsten-low", problem="The download was interrupted."))
    assert window.status.text() == "The download was interrupted."
    assert not window.cancel.isEnabled()
    assert window.get.isEnabled()
    bridge.happened.emit(VoiceDownloaded(0, "de_DE-thorsten-low", "piper/de_DE-thorsten-low"))
    assert window.status.text() == "Thorsten (low) was added. It reads texts in its language."


def test_a_button_that_was_pressed_leaves_the_focus_where_it_is_of_use(
    window: GetVoicesWindow, bridge: FakeBridge
) -> None:
    window.show()
    choose(window, "Thorsten (low)")
    window.get.setFocus()
    QTest.keyClick(window.get, Qt.Key.Key_Space)
    assert window.focusWidget() is window.cancel
    bridge.happened.emit(VoiceDownloaded(0, "de_DE-thorsten-low", problem="Stopped."))
    assert window.focusWidget() is window.table
    choose(window, "Kerstin")
    window.remove.setFocus()
    window.show_offers((Offers(own.own_index(), {}, ()), []))
    assert window.focusWidget() is window.table


def test_where_a_language_has_a_natural_voice_it_is_told_how_another_one_gets_to_read_it(
    window: GetVoicesWindow, bridge: FakeBridge
) -> None:
    window._name([Voice("neural/heart", "Heart", "en"), Voice("espeak/en-gb", "English", "en")])
    window.language.setCurrentIndex(window.language.findData("en"))
    assert [row[0] for row in rows(window)][:4] == ["Emma", "Fable", "Fenrir", "Kore"]
    assert rows(window)[0][2:] == ["8 MB", "Apache 2.0", "recommended"]
    bridge.happened.emit(VoiceDownloaded(0, "en_GB-emma", "neural/en_GB-emma"))
    assert window.status.text() == "Emma was added. To have it read English, press “Use this voice”."
    window.show_offers((Offers(own.own_index(), {"en_GB-emma": 7_900_000}, ()), []))
    window.language.setCurrentIndex(window.language.findData("en"))
    choose(window, "Emma")
    window.use.click()
    assert bridge.settings.text("voice.preferred") == "en=neural/en_GB-emma"


def test_a_voice_is_heard_and_preferred_for_its_language(window: GetVoicesWindow, bridge: FakeBridge) -> None:
    bridge.settings.set("voice.preferred", "fr=espeak/fr")
    choose(window, "Kerstin")
    QTest.keyClick(window.table, Qt.Key.Key_Return)
    assert len(bridge.heard) == 1
    window.use.click()
    assert bridge.settings.text("voice.preferred") == f"de=piper/{HERE} fr=espeak/fr"
    assert window.status.text() == "From now on, Kerstin reads German."


def test_everything_has_a_name_and_is_reached_with_tab(window: GetVoicesWindow) -> None:
    window.show()
    for widget in (window.language, window.table, window.details, window.progress):
        assert widget.accessibleName()
    for button in window.findChildren(QAbstractButton):
        if button.text():
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    row = window.table.topLevelItem(0)
    assert row is not None
    told = str(row.data(0, Qt.ItemDataRole.AccessibleTextRole))
    assert told == "Kerstin, German, 65 MB, CC0 1.0, installed"
    assert QAccessible.queryAccessibleInterface(window.table) is not None
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert QApplication.focusWidget() is not window


def test_the_preferred_voice_of_a_language_reads_it() -> None:
    voices = [Voice("piper/a", "A", "de"), Voice("piper/b", "B", "de"), Voice("espeak/de", "E", "de")]
    setting = with_preferred("en=neural/heart, de=piper/a", "de", "piper/b")
    assert setting == "de=piper/b en=neural/heart"
    chosen = VoiceChoice(voices, preferred=preferred(setting))
    assert chosen.main_voice("de").id == "piper/b"
    assert chosen.main_voice("de", frozenset(("piper",))).id == "espeak/de"
    assert VoiceChoice(voices, "piper/a", preferred=preferred(setting)).main_voice("de").id == "piper/a"
    assert VoiceChoice(voices, preferred=preferred("de=piper/gone")).main_voice("de").id == "piper/a"


def segment(language: str, voice_id: str, chars: int = 100) -> SegmentStarted:
    return SegmentStarted(1, Segment(1, 0, 0, "a" * chars, 0, chars, Ending.SENTENCE, language), voice_id)


async def offered(tmp_path: Path, *events: Event, is_served: bool = True, voice: str = "") -> list[str]:
    """The languages for which a voice is offered."""
    settings = Settings(tmp_path / "settings.toml")
    settings.set("voice.id", voice)
    told: list[Event] = []
    offer = VoiceOffer(settings, told.append, is_served=is_served)
    for event in events:
        offer(event)
        if offer.looking:
            await offer.looking
    await offer.close()
    return [event.language for event in told if isinstance(event, VoiceOffered)]


async def test_a_voice_is_offered_once_for_a_language_that_only_espeak_reads(tmp_path: Path) -> None:
    german, end = segment("de", "espeak/de"), ReadingEnded(1, True)
    assert await offered(tmp_path, german, end, voice="espeak/") == []
    assert await offered(tmp_path, german, end, is_served=False) == []
    assert await offered(tmp_path, segment("de", "espeak/de", 10), end) == []
    assert await offered(tmp_path, segment("ru", "espeak/ru"), end) == [], "its licences are not clear"
    assert await offered(tmp_path, segment("de", "piper/de"), end) == []
    assert await offered(tmp_path, german, segment("fr", "espeak/fr"), end, german, end, german, end) == ["de", "fr"]
    assert await offered(tmp_path, german, end) == [], "it was offered before"


async def test_a_reading_that_ends_with_harken_has_nothing_looked_for(tmp_path: Path) -> None:
    offer = VoiceOffer(Settings(tmp_path / "settings.toml"), lambda _: None, is_served=True)
    offer(segment("de", "espeak/de"))
    await offer.close()
    offer(ReadingEnded(1, False))
    assert offer.looking is None
