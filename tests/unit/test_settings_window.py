"""The settings window without a core: what a field shows, sends and says, and what the search finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QSpinBox

from reader.flow import Command, ReadingEnded, SpeedChanged, Voice
from reader.settings.schema import SETTINGS
from reader.settings.setting import Page, Setting, SettingKind
from tests.fakes.bridge import FakeBridge
from ui.settings.choices import voices_by_place
from ui.settings.chooser import Chooser
from ui.settings.chord_field import ChordField
from ui.settings.chord_names import chord_name
from ui.settings.fields import make_field
from ui.settings.hear import HearIt
from ui.settings.pick_fields import LanguageField, VoiceField
from ui.settings.reading_page import ReadingPage
from ui.settings.search import find, page_title
from ui.settings.text_page import TextPage
from ui.settings.window import SettingsWindow


@pytest.fixture
def window(bridge: FakeBridge) -> SettingsWindow:
    return SettingsWindow(bridge)


def press(widget: object, key: Qt.Key) -> None:
    QTest.keyClick(widget, key)  # type: ignore[call-overload]


class TestFields:
    @pytest.mark.parametrize("key", SETTINGS)
    def test_every_setting_has_a_field_with_name_and_meaning(self, bridge: FakeBridge, key: str) -> None:
        field = make_field(SETTINGS[key], bridge)
        assert SETTINGS[key].label in field.control.accessibleName()
        assert field.control.accessibleDescription() or SETTINGS[key].summary == SETTINGS[key].label
        assert field.label.buddy() is field.control
        assert field.is_default
        assert field.told(SETTINGS[key].default)

    def test_a_change_holds_at_once(self, bridge: FakeBridge) -> None:
        field = make_field(SETTINGS["cues.end"], bridge)
        assert isinstance(field.control, QCheckBox)
        press(field.control, Qt.Key.Key_Space)
        assert bridge.settings.switch("cues.end")
        assert not field.is_default

    def test_a_value_that_can_not_be_is_told_and_the_old_one_stays(self, bridge: FakeBridge) -> None:
        field = make_field(SETTINGS["polly.region"], bridge)
        field.change("nowhere")
        assert "Use the name of a region" in field.message
        assert field.message in field.control.accessibleDescription()
        assert bridge.settings.text("polly.region") == ""
        field.change("eu-central-1")
        assert field.message == ""
        assert bridge.settings.text("polly.region") == "eu-central-1"

    def test_a_refusal_of_the_core_is_told_and_the_old_value_shown(self, bridge: FakeBridge) -> None:
        bridge.refusals["cues.end"] = "The disk is full."
        field = make_field(SETTINGS["cues.end"], bridge)
        assert isinstance(field.control, QCheckBox)
        press(field.control, Qt.Key.Key_Space)
        assert "The disk is full." in field.message
        assert not field.control.isChecked()

    def test_it_goes_back_to_the_default(self, bridge: FakeBridge) -> None:
        bridge.settings.set("polly.format", "mp3")
        field = make_field(SETTINGS["polly.format"], bridge)
        assert isinstance(field.control, QComboBox)
        assert field.control.currentText() == "MP3 (fuller sound)"
        field.reset()
        assert field.is_default
        assert field.control.currentText() == "PCM (starts soonest)"

    def test_a_text_is_taken_when_it_is_done(self, bridge: FakeBridge) -> None:
        field = make_field(SETTINGS["polly.lexicons"], bridge)
        assert isinstance(field.control, QLineEdit)
        QTest.keyClicks(field.control, "names")
        assert bridge.settings.text("polly.lexicons") == ""
        press(field.control, Qt.Key.Key_Return)
        assert bridge.settings.text("polly.lexicons") == "names"

    def test_speed_is_in_words_a_minute(self, bridge: FakeBridge, until: Callable[[Callable[[], bool]], None]) -> None:
        field = make_field(SETTINGS["voice.speed"], bridge)
        spin = field.findChild(QSpinBox)
        assert isinstance(spin, QSpinBox)
        assert spin.text() == "200 words a minute"
        spin.setValue(998)
        until(lambda: bridge.settings.number("voice.speed") > 4.9)
        assert field.told(bridge.settings.number("voice.speed")) == "998 words a minute"

    @pytest.mark.parametrize("key", [key for key, s in SETTINGS.items() if isinstance(s.default, float)])
    def test_both_ends_of_a_range_can_be_chosen(
        self, bridge: FakeBridge, key: str, until: Callable[[Callable[[], bool]], None]
    ) -> None:
        setting = SETTINGS[key]
        field = make_field(setting, bridge)
        spin = field.findChild(QSpinBox)
        assert isinstance(spin, QSpinBox)
        for shown, value in ((spin.minimum(), setting.low), (spin.maximum(), setting.high)):
            spin.setValue(shown)
            expected = pytest.approx(value, rel=0.01)
            until(lambda expected=expected: bool(bridge.settings.number(key) == expected))  # type: ignore[misc]
            assert field.message == ""


class TestWindow:
    def test_every_setting_is_on_its_page(self, window: SettingsWindow) -> None:
        assert {key for page in window.pages.values() for key in page.fields} == SETTINGS.keys()
        for page, widget in window.pages.items():
            assert all(SETTINGS[key].page is page for key in widget.fields)

    def test_fields_follow_changes_made_elsewhere(self, window: SettingsWindow, bridge: FakeBridge) -> None:
        box = window.pages[Page.READING].fields["cues.end"].control
        assert isinstance(box, QCheckBox)
        bridge.change("cues.end", True)
        assert box.isChecked()
        bridge.happened.emit(SpeedChanged(0, 2.0))
        spin = window.pages[Page.VOICE].fields["voice.speed"].findChild(QSpinBox)
        assert isinstance(spin, QSpinBox)
        assert spin.value() == 400

    def test_a_page_goes_back_to_its_defaults(self, window: SettingsWindow, bridge: FakeBridge) -> None:
        bridge.change("cues.end", True)
        bridge.change("voice.fall_back", False)
        window.pages[Page.READING].reset()
        assert not bridge.settings.switch("cues.end")
        assert not bridge.settings.switch("voice.fall_back")


class TestSearch:
    def test_it_finds_by_parts_of_words_across_pages(self) -> None:
        assert {setting.key for setting in find("tone")} == {"cues.pause", "cues.end"}
        assert [setting.key for setting in find("SPEED")][:2] == ["voice.speed", "cues.speed"]
        assert {setting.page for setting in find("louder")} == {Page.KEYS}
        assert find("no such thing anywhere") == []
        assert find("  ") == []

    def test_a_page_is_found_by_its_title(self) -> None:
        assert {s.key for s in find(page_title(Page.POLLY))} >= {k for k, s in SETTINGS.items() if s.page is Page.POLLY}

    def test_the_number_found_is_told_and_return_goes_there(self, window: SettingsWindow) -> None:
        window.open_page()
        window.search.setFocus()
        QTest.keyClicks(window.search, "monthly")
        assert window.found.text() == "1 setting(s) found"
        press(window.search, Qt.Key.Key_Return)
        assert window.focusWidget() is window.pages[Page.POLLY].fields["polly.monthly_limit"].control
        assert window.search.text() == ""
        window.close()

    def test_esc_leaves_the_search_and_then_the_window(self, window: SettingsWindow) -> None:
        window.open_page(Page.SOUND)
        QTest.keyClicks(window.search, "zzz")
        assert window.found.text() == "Nothing found"
        press(window.search, Qt.Key.Key_Escape)
        assert window.isVisible()
        assert window.found.text() == ""
        press(window.search, Qt.Key.Key_Escape)
        assert not window.isVisible()


VOICES = [
    Voice("neural/heart", "Heart", "en"),
    Voice("espeak/de", "German (eSpeak)", "de"),
    Voice("espeak/en-us", "English (eSpeak)", "en"),
    Voice("polly/Vicki", "Vicki", "de"),
]


class TestChoosers:
    def test_voices_are_in_groups_and_found_by_their_language(self, bridge: FakeBridge, window: SettingsWindow) -> None:
        chooser = Chooser("Voice", voices_by_place(VOICES), "espeak/de", window)
        names = [chooser.list.item(row).text() for row in range(chooser.list.count())]
        assert names.index("On this computer") < names.index("English: Heart") < names.index("Amazon Polly")
        assert names[-1] == "Deutsch (German): Vicki"
        assert chooser.value == "espeak/de"
        QTest.keyClicks(chooser.search, "german vic")
        assert chooser.found.text() == "1 found"
        assert chooser.value == "polly/Vicki"

    def test_a_voice_is_chosen_with_keys(self, bridge: FakeBridge, window: SettingsWindow) -> None:
        field = window.pages[Page.VOICE].fields["voice.id"]
        assert isinstance(field, VoiceField)
        bridge.voices = VOICES
        press(field.control, Qt.Key.Key_Space)
        assert field.dialog
        QTest.keyClicks(field.dialog.search, "heart")
        press(field.dialog.search, Qt.Key.Key_Return)
        assert bridge.settings.text("voice.id") == "neural/heart"
        assert field.control.accessibleName() == "Voice: English: Heart"

    def test_nothing_changes_when_it_is_left(self, bridge: FakeBridge, window: SettingsWindow) -> None:
        field = window.pages[Page.VOICE].fields["voice.language"]
        assert isinstance(field, LanguageField)
        bridge.voices = VOICES
        press(field.control, Qt.Key.Key_Space)
        assert field.dialog
        QTest.keyClicks(field.dialog.search, "german")
        press(field.dialog, Qt.Key.Key_Escape)
        assert bridge.settings.text("voice.language") == ""

    def test_what_is_not_there_is_said(self, window: SettingsWindow) -> None:
        chooser = Chooser("Voice", voices_by_place(VOICES), "", window)
        QTest.keyClicks(chooser.search, "klingon")
        assert chooser.found.text() == "Nothing found"
        press(chooser.search, Qt.Key.Key_Return)
        assert chooser.result() == 0


def test_hear_it_begins_and_stops(bridge: FakeBridge, window: SettingsWindow) -> None:
    button = window.pages[Page.VOICE].findChild(HearIt).button  # type: ignore[union-attr]
    press(button, Qt.Key.Key_Space)
    assert button.text() == "&Stop"
    press(button, Qt.Key.Key_Space)
    assert bridge.commands == [Command.STOP]
    bridge.happened.emit(ReadingEnded(7, is_whole=False))
    assert button.text() == "&Hear it"


def test_each_choice_of_what_is_read_is_heard_in_its_own_sample(bridge: FakeBridge, window: SettingsWindow) -> None:
    page = window.pages[Page.TEXT]
    assert isinstance(page, TextPage)
    assert page.samples.keys() == page.fields.keys()
    for key, sample in page.samples.items():
        assert sample.button.accessibleName() == f"Hear it: {page.fields[key].name}"
        press(sample.button, Qt.Key.Key_Space)
        assert sample.button.text() == "Stop"
        bridge.happened.emit(ReadingEnded(7, is_whole=True))
        assert sample.button.text() == "Hear it"
    assert len(set(bridge.heard)) == len(page.samples)
    assert any("\n12\n\x0c" in text for text in bridge.heard)


class TestChords:
    @pytest.fixture
    def field(self, bridge: FakeBridge, window: SettingsWindow) -> ChordField:
        window.open_page(Page.KEYS)
        field = window.pages[Page.KEYS].fields["keys.read_clipboard"]
        assert isinstance(field, ChordField)
        field.setFocus()
        press(field.button, Qt.Key.Key_Space)
        assert field.button.text() == "Press the keys…"
        assert not bridge.are_keys_taken
        return field

    def test_a_chord_is_recorded(self, bridge: FakeBridge, field: ChordField) -> None:
        held = Qt.KeyboardModifier.MetaModifier | Qt.KeyboardModifier.AltModifier
        QTest.keyClick(field.button, Qt.Key.Key_V, held)
        assert bridge.settings.text("keys.read_clipboard") == "Super+Alt+V"
        assert field.button.accessibleName() == "Read clipboard: Super+Alt+V"
        assert bridge.are_keys_taken

    def test_a_screen_reader_hears_which_chord_was_taken(
        self, bridge: FakeBridge, field: ChordField, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard: list[str] = []
        monkeypatch.setattr("ui.settings.chord_field.announce", lambda source, sentence: heard.append(sentence))
        field.button.pressed_chord.emit("Super+Alt+Z")
        assert heard == [f"{field.name}: Super+Alt+Z"]

    @pytest.mark.parametrize(
        ("key", "why"), [(Qt.Key.Key_V, "would fire while you type"), (Qt.Key.Key_Eacute, "Harken received no key")]
    )
    def test_what_can_not_be_a_chord_is_told(
        self, bridge: FakeBridge, field: ChordField, key: Qt.Key, why: str
    ) -> None:
        press(field.button, key)
        assert why in field.message
        assert field.button.text() == "None"
        assert bridge.are_keys_taken

    def test_a_chord_of_another_command_is_refused_by_name(self, bridge: FakeBridge, field: ChordField) -> None:
        held = Qt.KeyboardModifier.MetaModifier | Qt.KeyboardModifier.AltModifier
        QTest.keyClick(field.button, Qt.Key.Key_X, held)
        assert "Stop" in field.message
        assert field.value == ""

    @pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
    def test_it_is_left_as_it_is(self, bridge: FakeBridge, field: ChordField, key: Qt.Key) -> None:
        press(field.button, key)
        assert field.button.text() == "None"
        assert bridge.are_keys_taken
        assert field.window().isVisible()

    @pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
    def test_it_is_taken_away(self, bridge: FakeBridge, window: SettingsWindow, key: Qt.Key) -> None:
        field = window.pages[Page.KEYS].fields["keys.stop"]
        press(field.control, key)
        assert bridge.settings.text("keys.stop") == ""
        press(field.control, Qt.Key.Key_Space)
        press(field.control, key)
        assert field.value == ""

    def test_closing_the_window_ends_it(self, bridge: FakeBridge, field: ChordField) -> None:
        field.window().close()
        assert bridge.are_keys_taken
        assert field.button.text() == "None"


@pytest.mark.parametrize("setting", [s for s in SETTINGS.values() if s.kind is SettingKind.CHORD and s.default])
def test_every_default_chord_can_be_recorded(setting: Setting) -> None:
    chord = str(setting.default)
    combination = QKeySequence(chord.replace("Super", "Meta"))[0]  # type: ignore[index]
    event = QKeyEvent(QKeyEvent.Type.KeyPress, combination.key(), combination.keyboardModifiers())
    assert chord_name(event) == chord


def test_what_is_remembered_of_texts_is_forgotten_by_a_button(window: SettingsWindow, bridge: FakeBridge) -> None:
    page = window.pages[Page.READING]
    assert isinstance(page, ReadingPage)
    counts = iter([3, 0])
    bridge.ask = lambda work, then: then(next(counts))  # type: ignore[method-assign,arg-type]
    (button,) = (made for made in page.findChildren(QPushButton) if "Forget" in made.text())
    told = []
    for _ in range(2):
        press(button, Qt.Key.Key_Space)
        assert page.told_forgotten
        told.append(page.told_forgotten.text())
    assert told == ["3 text(s) forgotten. Bookmarks stay.", "There was nothing to forget."]
