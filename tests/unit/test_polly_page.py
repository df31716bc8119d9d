"""Parts of the page of Amazon Polly without a core: what they show, and what a choice sends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from reader.aws.signing import AwsKeys
from reader.core.polly import Heard
from reader.credentials.account import Account, AccountReport, Kept, Keyring, KeySource, Places, Profile
from reader.errors import HarkenError
from reader.flow import Voice
from reader.support import i18n
from reader.voices.polly.regions import Region
from reader.voices.service import Spent
from tests.fakes.bridge import FakeBridge
from ui.settings.polly.account import SourceField, told
from ui.settings.polly.aws_keys import KeysSection
from ui.settings.polly.names import described, language_name
from ui.settings.polly.page import PollyPage
from ui.settings.polly.region import RegionField

VOICES = [
    Voice("polly/Matthew", "", "en", given_name="Matthew", locale="en-US", gender="male", technique="generative"),
    Voice("polly/Vicki", "", "de", given_name="Vicki", locale="de-DE", gender="female", technique="generative"),
    Voice("polly-sentences/Zeina-standard", "", "ar", given_name="Zeina", locale="ar", technique="standard"),
]


@pytest.fixture
def inside(bridge: FakeBridge) -> QWidget:
    return QWidget()


class TestTheSource:
    def test_each_place_is_named_by_what_it_has(self, bridge: FakeBridge, inside: QWidget) -> None:
        field = SourceField(bridge, inside)
        field.show_places(Places((Profile("default", "keys"), Profile("work", "sso"), Profile("old", "")), ""))
        assert [field.box.itemText(index) for index in range(field.box.count())] == [
            "Found automatically",
            "Profile “default” (keys)",
            "Profile “work” (AWS sign-in, SSO)",
            "Profile “old” (no keys)",
            "Harken's keys in the keyring",
            "Environment (no key is set)",
        ]
        field.show_places(Places((), "AWS_ACCESS_KEY_ID"))
        assert field.box.itemText(field.box.count() - 1) == "Environment (AWS_ACCESS_KEY_ID is set)"

    def test_a_choice_is_two_settings(self, bridge: FakeBridge, inside: QWidget) -> None:
        field = SourceField(bridge, inside)
        changes: list[bool] = []
        field.changed.connect(lambda: changes.append(True))

        def settings() -> tuple[str, str]:
            return bridge.settings.text("polly.profile"), bridge.settings.text("polly.source")

        field.change("profile:work")
        assert settings() == ("work", "")
        field.change("source:keyring")
        assert settings() == ("", "keyring")
        assert field.box.currentData() == "source:keyring"
        field.reset()
        assert settings() == ("", "")
        assert field.is_default
        field.change("")
        assert len(changes) == 3

    def test_a_profile_that_is_gone_is_shown_and_said_to_be(self, bridge: FakeBridge, inside: QWidget) -> None:
        bridge.settings.set("polly.profile", "gone")
        field = SourceField(bridge, inside)
        field.show_places(Places((Profile("default", "keys"),), ""))
        assert field.box.currentText() == "Profile “gone” (does not exist)"


class TestTheReport:
    SOURCES = (KeySource("environment", False, "AWS_ACCESS_KEY_ID is not set"), KeySource("profile “work”", True, ""))

    def test_says_who_answers_and_why_others_do_not(self, bridge: FakeBridge) -> None:
        keys = AwsKeys("AKIDEXAMPLE", "EXAMPLEKEY", "")
        end = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
        account = Account(keys, "eu-central-1", "https://localhost", "", end, "profile “work” (keys)", "AWS_REGION")
        lines = told(AccountReport(self.SOURCES, account))
        assert lines[0] == "Found: profile “work” (keys), access key …MPLE."
        assert lines[1].startswith("These keys are valid until ")
        assert lines[2] == "Region eu-central-1, set by AWS_REGION."
        assert lines[-2:] == ["Not used:", "Environment: AWS_ACCESS_KEY_ID is not set"]
        assert not [line for line in lines if "EXAMPLEKEY" in line or "AKIDEXAMPLE" in line]

    def test_begins_with_what_is_wrong(self, bridge: FakeBridge) -> None:
        assert told(AccountReport(self.SOURCES[:1], problem="There is none."))[0] == "There is none."
        assert told(AccountReport((), problem="There is none.")) == ["There is none."]


def test_keys_that_cant_be_kept_leave_those_there_are_to_be_removed(bridge: FakeBridge, inside: QWidget) -> None:
    part = KeysSection(bridge, inside)
    part._show(Kept(Keyring.HAS_KEYS, key_ending="…MPLE"))
    part.keep.click()
    assert not part.remove.isVisibleTo(part)  # while the keyring is asked
    part._kept(HarkenError("It is full."))
    assert part.remove.isVisibleTo(part)


class TestTheRegion:
    @pytest.fixture
    def field(self, bridge: FakeBridge, inside: QWidget) -> RegionField:
        made = RegionField(bridge, inside)
        made._show_regions(
            [Region("eu-west-2", "Europe (London)", True), Region("eu-west-1", "Europe (Ireland)", False)]
        )
        return made

    def test_says_what_is_known_of_each(self, field: RegionField) -> None:
        assert [field.box.itemText(index) for index in range(field.box.count())] == [
            "Automatic",
            "eu-west-2 – Europe (London) – streams",
            "eu-west-1 – Europe (Ireland) – sentence by sentence",
        ]

    def test_one_is_chosen_from_the_list(self, bridge: FakeBridge, field: RegionField) -> None:
        field.box.setCurrentIndex(2)
        field.box.activated.emit(2)
        assert bridge.settings.text("polly.region") == "eu-west-1"

    def test_what_is_being_typed_stays_when_the_list_comes(self, bridge: FakeBridge, inside: QWidget) -> None:
        field = RegionField(bridge, inside)
        inside.show()
        inside.activateWindow()
        assert QTest.qWaitForWindowActive(inside)
        line = field.box.lineEdit()
        assert line is not None
        line.setFocus()
        assert line.hasFocus()
        line.selectAll()
        QTest.keyClicks(line, "eu-we")
        field._show_regions([Region("eu-west-2", "Europe (London)", True)])
        QTest.keyClicks(line, "st-2")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert bridge.settings.text("polly.region") == "eu-west-2"
        assert field.box.currentText() == "eu-west-2 – Europe (London) – streams"

    def test_any_can_be_typed(self, bridge: FakeBridge, field: RegionField) -> None:
        line = field.box.lineEdit()
        assert line
        for typed, region, shown in (
            ("xx-north-9", "xx-north-9", "xx-north-9 – unknown"),
            ("eu-west-2", "eu-west-2", "eu-west-2 – Europe (London) – streams"),
            ("", "", "Automatic"),
        ):
            line.clear()
            QTest.keyClicks(line, typed)
            line.editingFinished.emit()
            assert bridge.settings.text("polly.region") == region
            assert field.box.currentText() == shown

    def test_what_can_be_none_is_refused_in_words(self, bridge: FakeBridge, field: RegionField) -> None:
        field.box.setEditText("Frankfurt")
        line = field.box.lineEdit()
        assert line
        line.editingFinished.emit()
        assert "Use the name of a region" in field.message
        assert bridge.settings.text("polly.region") == ""


class TestTheVoices:
    @pytest.fixture
    def page(self, bridge: FakeBridge) -> PollyPage:
        made = PollyPage(bridge)
        made.voices.show_voices(list(VOICES))
        return made

    def names(self, page: PollyPage) -> list[str]:
        table = page.voices.table
        items = [table.topLevelItem(index) for index in range(table.topLevelItemCount())]
        return [item.text(0) for item in items if item]

    def test_are_found_by_words_and_by_language(self, page: PollyPage) -> None:
        assert self.names(page) == ["Zeina", "Matthew", "Vicki"]
        page.voices.filter.setText("fem german")
        assert self.names(page) == ["Vicki"]
        assert page.voices.status.text() == "1 voice(s) found."
        page.voices.filter.setText("nobody")
        assert self.names(page) == []
        assert not page.voices.use.isEnabled()
        page.voices.filter.clear()
        page.voices.language.setCurrentIndex(page.voices.language.findData("ar"))
        assert self.names(page) == ["Zeina"]

    def test_the_current_one_is_taken_and_said_to_be_in_use(self, bridge: FakeBridge, page: PollyPage) -> None:
        bridge.happened.connect(page.on_event)
        page.voices.filter.setText("vicki")
        page.voices.use.click()
        assert bridge.settings.text("voice.id") == "polly/Vicki"
        assert self.names(page) == ["Vicki, in use"]
        assert page.voices.status.text().startswith("From now on, Vicki (German (Germany), female")

    def test_what_a_sample_has_cost_or_why_there_was_none(self, page: PollyPage) -> None:
        page.voices._heard(Heard(54, True))
        assert page.voices.status.text() == "Spoken: about 54 character(s), which Amazon bills."
        page.voices._heard(HarkenError("The network is gone."))
        assert page.voices.status.text() == "The network is gone."

    def test_what_was_spent(self, page: PollyPage) -> None:
        page.spending._show(Spent(12345, 0))
        assert page.spending.report.toPlainText() == "Amazon has billed 12,345 character(s)."
        page.spending._show(Spent(12345, 67))
        assert "Up to 67 more character(s) were sent" in page.spending.report.toPlainText()

    @pytest.mark.parametrize(
        ("limit", "told"),
        [
            (0.0, "how many of these it bills."),
            (20_000.0, "7,588 character(s) are left of the monthly limit."),
            (12_412.0, "The monthly limit has been reached. A voice on this computer reads instead."),
        ],
    )
    def test_what_is_left_of_the_limit(self, bridge: FakeBridge, page: PollyPage, limit: float, told: str) -> None:
        bridge.settings.set("polly.monthly_limit", limit)
        page.spending._show(Spent(12345, 67))
        assert page.spending.report.toPlainText().endswith(told)


def test_voices_are_described_in_words(bridge: FakeBridge) -> None:
    assert described(VOICES[0]) == "Matthew (English (United States), male, generative, streams)"
    assert described(VOICES[2]) == "Zeina (Arabic, standard)"
    assert language_name("zz-ZZ") == "zz-ZZ"


def test_languages_are_named_by_themselves_where_the_windows_are_not_english(
    bridge: FakeBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "_language", "ar")
    assert language_name("de-DE") == "Deutsch (Deutschland) – German"
    assert language_name("en-GB") == "English (United Kingdom)"
    assert language_name("ar") == "العربية – Arabic"
