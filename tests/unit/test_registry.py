"""An engine on this computer and a service on a network are added by their rows, and are everywhere they should be."""

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu, QWidget

from reader.audio.none import NoDevice
from reader.cli.parser import make_parser
from reader.core import doctor, user_voices
from reader.core.app import App
from reader.errors import SettingsError
from reader.flow import CapturedText, Event, ReadingEnded, SegmentStarted, Source, Voice
from reader.settings.store import Settings
from reader.voices import registry
from reader.voices.registry import EngineEntry, ServiceEntry
from tests.fakes.bridge import FakeBridge
from ui.menu.voices import VoiceMenu
from ui.privacy_text import sections
from ui.recent import RecentVoices
from ui.settings.choices import voices_by_place

ROOT = Path(__file__).parents[2]

TOY = EngineEntry("toy", "Toy", (0.5, 2.0), "tests.fakes.toy_engine", any_voice="Toy, in the text's language")
TOYNET = ServiceEntry("toynet", "Toy Network", "Toys Incorporated", "tests.fakes.toy_service")
ROWS = (TOY, EngineEntry("toynet", "Toynet", (0.5, 2.0), service=TOYNET))


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ENGINES", (*registry.ENGINES, *ROWS))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.toml")


async def heard(app: App, voice_id: str) -> set[str]:
    """Whose voices read a text."""
    speakers: set[str] = set()
    is_over: list[bool] = []

    def watch(event: Event) -> None:
        if isinstance(event, SegmentStarted):
            speakers.add(event.voice_id)
        elif isinstance(event, ReadingEnded):
            is_over.append(event.is_whole)
            reading_over.set()

    reading_over = asyncio.Event()
    app.subscribe(watch)
    app.speak(CapturedText("A toy speaks.", Source.GIVEN), voice_id=voice_id, falls_back=False)
    await reading_over.wait()
    assert is_over == [True]
    return speakers


@pytest.mark.parametrize("voice_id", ["toy/tlh", "toynet/eo"])
async def test_it_speaks(settings: Settings, voice_id: str) -> None:
    app = App(settings, device=NoDevice(1000.0))
    try:
        await app.start(with_desktop=False)
        assert await heard(app, voice_id) == {voice_id}
    finally:
        await app.stop()


async def test_the_command_line_has_it(settings: Settings) -> None:
    parser = make_parser()
    for name in ("toy", "toynet"):
        assert parser.parse_args(["speak", "--engine", name, "a"]).engine == name
    assert parser.parse_args(["doctor", "--toynet"]).toynet
    app = App(settings, device=NoDevice(1000.0))
    try:
        for name, voice in (("toy", "toy/tlh"), ("toynet", "toynet/eo")):
            found, problem = await user_voices.find(app, name)
            assert ([v.id for v in found], problem) == ([voice], "")
    finally:
        await app.stop()


def test_the_settings_take_it(settings: Settings) -> None:
    for voice_id in ("toy/tlh", "toynet/eo", "toy/"):
        settings.set("voice.id", voice_id)
    with pytest.raises(SettingsError):
        settings.set("voice.id", "nobody/x")


async def test_the_doctor_looks_at_it(settings: Settings) -> None:
    app = App(settings, device=NoDevice(1000.0))
    try:
        await app.engines.ready("")
        rows = {row["part"]: row for row in await doctor.report(app)}
        assert rows["voice toy"]["chosen"] == "1 voice"
        assert rows["Toy Network"]["chosen"] == "not asked"
        assert "“harken doctor --toynet”" in rows["Toy Network"]["notes"][0]
        rows = {row["part"]: row for row in await doctor.report(app, asks=["toynet"])}
        assert rows["Toy Network"]["chosen"] == "reached"
        assert rows["Toy Network"]["notes"] == ["may call Speak", "7 characters billed this month"]
    finally:
        await app.stop()


def test_the_privacy_page_says_who_gets_the_text(settings: Settings) -> None:
    settings.set("voice.id", "toy/tlh")
    here = " ".join(sections(settings)[0].sentences)
    assert here.startswith("Nowhere.")
    assert "Toy Network" in here
    settings.set("voice.id", "toynet/eo")
    there = " ".join(sections(settings)[0].sentences)
    assert there.startswith("To Toys Incorporated. You have chosen a voice of Toy Network")
    assert "Amazon" not in there
    assert "AWS" not in there


def test_the_privacy_page_names_no_region_of_another_service(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    billed = ServiceEntry("billed", "Billed", "Company", "tests.fakes.toy_service", needs_account=True)
    monkeypatch.setattr(registry, "ENGINES", (EngineEntry("billed", "Billed", (0.5, 2.0), service=billed),))
    settings.set("polly.region", "eu-central-1")
    settings.set("voice.id", "billed/eo")
    there = " ".join(sections(settings)[0].sentences)
    assert "Company bills your AWS account" in there
    assert "region" not in there


def test_the_chooser_and_the_menu_offer_it(bridge: FakeBridge, tmp_path: Path) -> None:
    voices = [Voice("toynet/eo", "Far", "eo"), Voice("toy/tlh", "Near", "tlh")]
    entries = {entry.value: entry.group for entry in voices_by_place(voices)}
    assert entries["toy/tlh"] == entries["toy/"] == "On this computer"
    assert entries["toynet/eo"] == "Toy Network"
    parent = QWidget()
    menu = VoiceMenu(bridge, RecentVoices(tmp_path), lambda: None, lambda: None, parent)
    menu._show(voices)
    texts = [action.text() for action in everything(menu)]
    assert "Toy, in the text's language" in texts
    assert texts.index("On this computer") < texts.index("Toy Network")


def everything(menu: QMenu) -> list[Any]:
    found = []
    for action in menu.actions():
        found.append(action)
        if isinstance(inner := action.menu(), QMenu):
            found += everything(inner)
    return found


def test_what_is_packed_has_it() -> None:
    spec = importlib.util.spec_from_file_location("hidden", ROOT / "packaging" / "hidden.py")
    assert spec
    assert spec.loader
    hidden = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hidden)
    found = hidden.modules(ROOT / "reader")
    assert {"tests.fakes.toy_engine", "tests.fakes.toy_service"} <= set(found)
    assert "reader.voices.local.neural_worker" in found
