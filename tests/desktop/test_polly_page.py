"""The settings page of Amazon Polly, worked by keys alone and read from outside as a screen reader reads it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from jeepney.wrappers import DBusErrorResponse

from reader.core.samples import sample
from reader.settings.setting import Page as SettingsPage
from tests.desktop.accessible import Item, Watcher
from tests.desktop.desk import Desk, wait_for
from tests.desktop.test_polly import variables
from tests.fakes.polly_service import PollyService, serving

NO_KEYS = "The keyring has none of your keys."
# What Tab comes to, in order, when nothing has been asked yet. On Linux Qt names a list by what is chosen.
PLACES = (
    ("combo box", "Found automatically"),
    ("text", "Account in use"),
    ("push button", "Find the account"),
    ("text", "Keyring"),
    ("text", "Access key"),
    ("text", "Secret key"),
    ("text", "Session token"),
    ("push button", "Store in the keyring"),
    ("combo box", "Automatic"),
    ("push button", "Check the connection"),
    ("push button", "List the voices"),
    ("text", "Filter the voices"),
    ("combo box", "All languages"),
    ("tree", "Voices"),
    ("text", "Characters this month"),
    ("spin box", "Monthly limit"),
    ("combo box", "PCM (starts soonest)"),
    ("text", "Lexicons"),
    ("push button", "Reset this page…"),
)


@pytest.fixture(scope="module")
def service() -> Iterator[PollyService]:
    made = PollyService()
    with serving(made):
        yield made


@pytest.fixture(scope="module")
def desktop(service: PollyService) -> Iterator[Desk]:
    """Instead of conftest's: Harken is started with AWS's variables, its settings are open at the page."""
    with Desk(tray=True) as made:
        made.env |= variables(service, made.folder)
        keyring = "echo password | exec gnome-keyring-daemon --foreground --components=secrets --unlock"
        made.start_program(["sh", "-c", keyring], "keyring")
        made.start_harken()
        made.open_tray_menu()
        made.keyboard.press("e")
        yield made


class Page:
    """What an assistive program sees of the window."""

    def __init__(self, desk: Desk) -> None:
        self._watcher = Watcher(desk)
        self._desk = desk

    def close(self) -> None:
        self._watcher.close()

    def find(self, name: str) -> Item:
        """What is called so in the settings window, and is shown."""

        def look() -> Item | None:
            try:
                for window in self._watcher.windows():
                    if self._watcher.read(window, "Accessible", "Name") == "Harken settings":
                        return self._below(window, name)
            except (DBusErrorResponse, TimeoutError):
                pass  # it is changing
            return None

        item: Item = wait_for(look, name)
        return item

    def _below(self, item: Item, name: str) -> Item | None:
        if self._watcher.read(item, "Accessible", "Name") == name and self._watcher.has_state(item, _SHOWING):
            return item
        return next((found for child in self._watcher.children(item) if (found := self._below(child, name))), None)

    def text(self, name: str) -> str:
        item = self.find(name)
        try:
            return str(self._watcher.call(item, "Text", "GetText", "ii", 0, -1))
        except DBusErrorResponse:
            return ""  # it is changing

    def rows(self) -> list[str]:
        """The voices listed."""
        table = self.find("Voices")
        cells = [(self._watcher.read(c, "Accessible", "Name"), c) for c in self._watcher.children(table)]
        return [name for name, _ in cells if name.count(", ") >= 2]

    def follow_focus(self) -> None:
        self._watcher.follow_focus()

    def next_focus(self, chord: str) -> tuple[str, str]:
        """(role, name) of what has the focus after a chord."""
        self._desk.keyboard.press(chord)
        return self._watcher.next_focus()


_SHOWING = 25


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    made = Page(desk)
    made.find("Pages")
    yield made
    made.close()


def type_text(desk: Desk, text: str) -> None:
    for key in text:
        desk.keyboard.press(f"shift+{key.lower()}" if key.isupper() else key)


def test_every_part_is_reached_by_tab_in_order(desk: Desk, page: Page, service: PollyService) -> None:
    for _ in range(list(SettingsPage).index(SettingsPage.POLLY)):
        desk.keyboard.press("ctrl+Next")
    wait_for(lambda: page.text("Keyring") == NO_KEYS, "the keyring's answer")
    page.follow_focus()
    assert tuple(page.next_focus("Tab") for _ in PLACES) == PLACES
    assert page.text("Account in use") == "Not checked yet."
    assert service.handshakes == 0  # nor was Amazon


def test_the_connection_is_checked_and_told_step_by_step(desk: Desk, page: Page, service: PollyService) -> None:
    began = time.monotonic()
    page.follow_focus()
    assert page.next_focus("alt+n") == ("text", "Result of the check")
    wait_for(lambda: "Everything works." in page.text("Result of the check"), "the end of the check", 60)
    lines = page.text("Result of the check").splitlines()
    assert lines[0].startswith("1. Account: the environment, access key …MPLE, region us-east-1, https://")
    assert lines[1:5] == [
        "2. Permissions:",
        "Allowed: list the voices (DescribeVoices)",
        "Allowed: stream speech (StartSpeechSynthesisStream)",
        "Allowed: speak sentence by sentence (SynthesizeSpeech)",
    ]
    assert lines[5].startswith("3. A voice: ")
    assert " ".join(desk.spoken()) == sample("en")[0]
    assert {r["voice"].partition("/")[0] for r in desk.records() if r["event"] == "segment"} == {"polly"}
    assert desk.recorder.since(began).any()
    spent = f"Amazon has billed {service.billed_chars} characters."
    wait_for(lambda: page.text("Characters this month") == spent, spent)


def test_a_voice_is_found_heard_and_taken(desk: Desk, page: Page) -> None:
    assert len(page.rows()) > 10
    page.follow_focus()
    assert page.next_focus("alt+i") == ("text", "Filter the voices")
    type_text(desk, "vicki")
    wait_for(lambda: len(page.rows()) == 3, "Vicki's techniques")
    assert page.rows()[0] == "Vicki, German (Germany), female, generative, streams"
    desk.keyboard.press("alt+p")
    assert desk.wait_for_record("segment")["voice"] == "polly/Vicki"
    desk.wait_for_record("ended", whole=True)
    desk.keyboard.press("alt+u")
    wait_for(lambda: desk.setting("voice.id") == "polly/Vicki", "the setting")
    wait_for(lambda: page.rows()[0].startswith("Vicki, in use"), "the row of the voice in use")


def test_keys_are_typed_kept_and_removed(desk: Desk, page: Page) -> None:
    page.follow_focus()
    assert page.next_focus("alt+a") == ("text", "Access key")
    type_text(desk, "AKIDEXAMPLE")
    assert page.next_focus("Tab") == ("text", "Secret key")
    type_text(desk, "EXAMPLESECRET")
    wait_for(lambda: page.text("Secret key") == "●" * len("EXAMPLESECRET"), "the secret key, unseen")
    desk.keyboard.press("alt+o")
    wait_for(lambda: page.text("Keyring") == "The keyring has your keys: access key …MPLE.", "the keys")
    assert page.text("Access key") == page.text("Secret key") == ""
    desk.keyboard.press("alt+r")
    wait_for(lambda: page.text("Keyring") == NO_KEYS, "the keys' removal")
    assert b"EXAMPLESECRET" not in b"".join(path.read_bytes() for path in desk.home.rglob("*") if path.is_file())


def test_a_lost_permission_ends_the_check_with_words(desk: Desk, page: Page, service: PollyService) -> None:
    service.account.denied = {"StartSpeechSynthesisStream", "SynthesizeSpeech"}
    try:
        desk.keyboard.press("alt+n")
        wait_for(lambda: "The check stops here" in page.text("Result of the check"), "the end of the check", 60)
    finally:
        service.account.denied = set()
    told = page.text("Result of the check")
    assert "Allowed: list the voices" in told
    assert "Not possible: stream speech (StartSpeechSynthesisStream): the account lacks the permission" in told
    assert "3. A voice: not tried" in told
