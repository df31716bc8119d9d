"""What Harken has of a Mac's desktop beside text and keys; the system is in memory, because there is none here."""

from __future__ import annotations

import asyncio
import plistlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from reader.audio import coreaudio
from reader.desktop.base import Playing
from reader.desktop.macos_login import ENABLED, REQUIRES_APPROVAL, LoginItem
from reader.desktop.macos_media import NowPlaying
from reader.desktop.macos_services import MESSAGE, PORT, ServicesMenu
from reader.errors import SettingsError
from reader.flow import Command
from tests.fakes.bridge import FakeBridge
from ui.first_run import FirstSteps
from ui.icons import icon, stencil
from ui.permission_step import PermissionStep

ROOT = Path(__file__).parents[2]
READING = Playing(7, False, "Heart", 1.25, 0.5)


class FakeService:
    """SMAppService, whose methods give back whether they did it, and the error."""

    def __init__(self) -> None:
        self.state = 0
        self.asks_first = False
        self.why = ""

    def status(self) -> int:
        return self.state

    def registerAndReturnError_(self, out: None) -> tuple[bool, object]:  # noqa: N802 - Apple's name
        assert out is None
        return self._set(REQUIRES_APPROVAL if self.asks_first else ENABLED)

    def unregisterAndReturnError_(self, out: None) -> tuple[bool, object]:  # noqa: N802 - Apple's name
        assert out is None
        assert self.state, "what is not registered can't be unregistered"
        return self._set(0)

    def _set(self, state: int) -> tuple[bool, object]:
        if self.why:
            return False, SimpleNamespace(localizedDescription=lambda: self.why)
        self.state = state
        return True, None


class TestLogin:
    @pytest.fixture(autouse=True)
    def home(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
        monkeypatch.setenv("HOME", str(tmp_path))
        return tmp_path

    def test_an_application_is_a_login_item_and_no_agent(self, home: Path) -> None:
        service = FakeService()
        LoginItem(lambda: ["harken"]).set(True)  # a checkout's
        login = LoginItem(lambda: ["harken"], lambda: service)
        for is_on in (True, True, False, False, True):
            login.set(is_on)
            assert login.is_on() is is_on
        assert not list(home.rglob("*.plist"))

    def test_who_has_switched_it_off_in_the_settings_is_sent_there(self) -> None:
        service = FakeService()
        service.asks_first = True
        login = LoginItem(lambda: ["harken"], lambda: service)
        with pytest.raises(SettingsError, match="Login Items"):
            login.set(True)
        assert not login.is_on()
        login.set(False)
        assert service.state == 0

    def test_what_macos_says_is_told(self) -> None:
        service = FakeService()
        service.why = "Operation not permitted."
        with pytest.raises(SettingsError, match=r"starts at login: Operation not permitted\."):
            LoginItem(lambda: ["harken"], lambda: service).set(True)


class FakePlayer:
    def __init__(self, on_command: Callable[[Command], None]) -> None:
        self.on_command = on_command
        self.shown: list[Playing | None] = []

    def show(self, playing: Playing) -> None:
        self.shown.append(playing)

    def hide(self) -> None:
        self.shown.append(None)


async def test_the_keys_are_harkens_only_while_something_is_read() -> None:
    players: list[FakePlayer] = []
    asked: asyncio.Queue[Command] = asyncio.Queue()

    def make(on_command: Callable[[Command], None]) -> FakePlayer:
        players.append(FakePlayer(on_command))
        return players[0]

    media = NowPlaying(asked.put_nowait, lambda _: None, lambda _: None, make, lambda job: job())
    media.show(None)
    assert players == []
    for playing in (READING, READING, replace(READING, is_paused=True), None):
        media.show(playing)
    assert players[0].shown == [READING, replace(READING, is_paused=True), None]
    players[0].on_command(Command.NEXT)
    assert await asked.get() is Command.NEXT
    media.show(READING)
    await media.close()
    assert players[0].shown[-1] is None
    players[0].on_command(Command.NEXT)
    await asyncio.sleep(0)
    assert asked.empty()


def test_the_services_entry_is_the_one_that_the_program_offers() -> None:
    info = plistlib.loads((ROOT / "packaging/macos/Info.plist").read_bytes())
    (entry,) = info["NSServices"]
    assert (entry["NSPortName"], entry["NSMessage"]) == (PORT, MESSAGE)
    assert entry["NSSendTypes"] == ["public.utf8-plain-text"]
    assert entry["NSMenuItem"] == {"default": "Read with Harken"}


def test_without_cocoa_there_is_no_service_and_no_fault() -> None:
    service = ServicesMenu(lambda _: None)
    service.start()
    service.close()
    service.close()


def test_where_there_is_no_core_audio_no_output_is_named() -> None:
    assert coreaudio.default_output() == ""


class TestPermission:
    @pytest.fixture
    def step(self, qt: QApplication, bridge: FakeBridge) -> PermissionStep:
        return PermissionStep(bridge, None)  # type: ignore[arg-type]

    def test_first_steps_have_it_only_where_the_permission_is_missing(
        self, qt: QApplication, bridge: FakeBridge
    ) -> None:
        steps = FirstSteps(bridge, lambda: True)
        for is_given in (None, True):
            steps._on_facts((None, is_given))
            assert not steps.findChildren(PermissionStep)
        steps._on_facts((None, False))
        (step,) = steps.findChildren(PermissionStep)
        assert "Press the button" in steps.told()
        assert step.button.text()
        steps._on_facts((None, True))
        assert steps.told().endswith("Harken can see other programs' text now.")
        steps.deleteLater()

    def test_it_says_once_that_it_was_given_and_asks_again_when_it_was_taken_back(self, step: PermissionStep) -> None:
        said: list[str] = []
        step.given.connect(said.append)
        for is_given in (False, False, True, True):
            step.follow(is_given)
        assert said == ["Harken can see other programs' text now."]
        assert not step.button.isVisibleTo(step)
        step.follow(False)
        assert step.button.isVisibleTo(step)

    def test_it_is_asked_while_it_is_seen(self, step: PermissionStep) -> None:
        step.follow(False)
        assert not step._timer.isActive()
        step.show()
        assert step._timer.isActive()
        step.hide()
        assert not step._timer.isActive()
        step.show()
        step.follow(True)
        assert not step._timer.isActive()
        step.hide()


@pytest.mark.parametrize("name", ["idle", "preparing", "speaking", "paused", "problem"])
def test_the_menu_bars_icons_are_stencils_with_the_sign_left_out(qt: QApplication, name: str) -> None:
    made = stencil(name)
    assert made.isMask()
    assert not icon(name).isMask()
    before, after = (image.pixmap(48, 48).toImage() for image in (icon(name), made))
    places = [(x, y) for x in range(48) for y in range(48)]
    colours = Counter(before.pixelColor(*place).name(QColor.NameFormat.HexArgb) for place in places)
    del colours["#00000000"]
    (ground, _), (sign, _) = colours.most_common(2)
    assert sign == "#ffffffff"
    alphas = {ground: 255, sign: 0}
    for place in places:
        colour = before.pixelColor(*place).name(QColor.NameFormat.HexArgb)
        assert after.pixelColor(*place).alpha() == alphas.get(colour, after.pixelColor(*place).alpha())
