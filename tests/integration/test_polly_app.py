"""The app with Amazon Polly behind it: what is changed while it runs, and when that takes effect."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import reader.core.engines_here
import reader.core.polly
from reader import cli
from reader.audio.none import NoDevice
from reader.core import user_voices
from reader.core.app import App
from reader.core.instance import Instance
from reader.flow import (
    CapturedText,
    Command,
    Event,
    Notice,
    ReadingEnded,
    SegmentStarted,
    Source,
    State,
    Trigger,
)
from reader.ipc.choose import socket_address
from reader.settings.paths import state_folder
from reader.settings.store import Settings
from reader.voices.polly.connections import READY, Connections
from reader.voices.polly.engine import PollyEngine
from tests.fakes.engine import FakeEngine
from tests.fakes.polly_service import PollyService

TEXT = "One sentence is here. Another one follows it.\n\nThe third ends this text."


@dataclass
class Harken:
    """The app and what it told."""

    app: App
    service: PollyService
    events: list[Event] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0  # what had happened when the reading in hand began

    def note(self, event: Event) -> None:
        self.events.append(event)
        self.changed.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self.changed.clear()
            await self.changed.wait()

    def begin(self, text: str = TEXT) -> None:
        self.begun = len(self.events)
        self.app.speak(CapturedText(text, Source.GIVEN))

    async def ended(self) -> None:
        """Wait for the end of the reading in hand."""
        await self.until(
            lambda: any(isinstance(e, ReadingEnded) for e in self.events[self.begun :]) and self.app.state is State.IDLE
        )
        await self.settle()

    async def settle(self) -> None:
        """Wait until everything is warm: asyncio leaves sockets behind whose connecting is broken off."""
        await self.app.wait_until_warm()
        engine = self.app.engines.all.get("polly")
        if isinstance(engine, PollyEngine):
            connections = engine._connections
            while _is_connecting(connections):
                connections._change.clear()
                await connections._change.wait()

    async def until_read(self, count: int) -> None:
        """Wait for the end of this reading, whatever becomes of connections."""
        await self.until(lambda: len(self.endings) == count and self.app.state is State.IDLE)

    async def read(self, text: str = TEXT) -> None:
        self.begin(text)
        await self.ended()

    @property
    def endings(self) -> list[bool]:
        return [e.is_whole for e in self.events if isinstance(e, ReadingEnded)]

    @property
    def voices(self) -> set[str]:
        """Of the reading in hand: a notice before it may have been begun to be said by another."""
        return {e.voice_id for e in self.events[self.begun :] if isinstance(e, SegmentStarted)}

    @property
    def notices(self) -> list[str]:
        return [e.sentence for e in self.events if isinstance(e, Notice)]

    @property
    def formats(self) -> list[str]:
        """Of the streams the service saw."""
        return [stream.headers["x-amzn-outputformat"] for stream in self.service.streams]


def _is_connecting(connections: Connections) -> bool:
    """Whether one is missing and being opened, or will be in a moment."""
    timer = connections._filling
    is_due = timer is not None and not timer.cancelled() and timer.when() + 0.05 > asyncio.get_running_loop().time()
    return len(connections._open) < READY and (bool(connections._opening) or is_due)


@asynccontextmanager
async def harken(folder: Path, monkeypatch: pytest.MonkeyPatch, *, has_keys: bool = True) -> AsyncIterator[Harken]:
    """Harken with a voice of Amazon Polly's and a quick listener. Without keys there are none but in a keyring."""
    monkeypatch.setattr(reader.core.engines_here, "local_engines", lambda: {"local": FakeEngine("local")})
    async with PollyService() as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_POLLY", service.endpoint)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(service.write_ca(folder)))
        if has_keys:
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", service.account.access_key)
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", service.account.secret_key)
        stored = Settings(folder / "settings.toml")
        stored.set("voice.id", "polly/Matthew")
        instance = Instance(stored, socket_address(), device=NoDevice(50.0))
        made = Harken(instance.app, service)
        instance.app.subscribe(made.note)
        await instance.start(with_desktop=False)
        try:
            await made.settle()
            yield made
        finally:
            await made.settle()
            await instance.stop()


async def test_another_format_is_that_of_the_next_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        await h.read()
        await h.app.change("polly.format", "mp3")
        await h.read()
        # A stream a passage, as silence says nothing of a format that keeps the end of a word back.
        assert h.formats == ["pcm"] + ["mp3"] * (len(h.formats) - 1)
        assert len(h.formats) > 1
        assert h.endings == [True, True]
        assert h.voices == {"polly/Matthew"}
        assert h.notices == []


async def test_a_current_reading_is_not_disturbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        h.service.pace = 50.0
        h.begin()
        await h.until(lambda: bool(h.voices))
        await h.app.change("polly.format", "ogg_vorbis")
        await h.app.change("voice.id", "polly/Ruth")  # which warms voices
        await h.settle()
        assert h.app.state is State.SPEAKING
        await h.ended()
        assert h.endings == [True]
        assert [stream.end for stream in h.service.streams] == ["closed"]
        await h.read()
        # A stream a sentence, as silence says nothing of a format that keeps sound back.
        assert h.formats == ["pcm"] + ["ogg_vorbis"] * (len(h.formats) - 1)
        assert len(h.formats) > 1
        assert h.service.streams[1].headers["x-amzn-voiceid"] == "Ruth"
        assert h.notices == []


async def test_one_that_replaces_it_has_the_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        h.service.pace = 2.0
        h.begin()
        await h.until(lambda: bool(h.voices))
        await h.app.change("polly.format", "mp3")
        h.service.pace = float("inf")
        await h.read("Quite another text.")
        await h.until(lambda: len(h.endings) == 2)
        assert h.endings == [False, True]
        # A stream a passage, as silence says nothing of a format that keeps the end of a word back.
        assert h.formats == ["pcm"] + ["mp3"] * (len(h.formats) - 1)
        assert len(h.formats) > 1
        assert h.service.streams[0].end == "reset: CANCEL"
        assert h.notices == []


async def test_lexicons_and_the_wrong_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        h.service.lexicons = {"names", "places"}
        await h.app.change("polly.lexicons", "names, places")
        await h.read()
        assert h.service.streams[0].headers["x-amzn-lexiconnames"] == "names,places"
        assert h.voices == {"polly/Matthew"}


@pytest.mark.noisy
async def test_another_region_has_its_own_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        assert (state_folder() / "polly-voices-us-east-1.json").exists()
        asked = len(h.service.requests)
        await h.app.change("polly.region", "eu-west-2")
        await h.settle()
        assert len(h.service.requests) > asked  # and refused, for it is that of us-east-1
        assert not (state_folder() / "polly-voices-eu-west-2.json").exists()
        assert "Amazon does not accept your AWS keys." in h.notices[0]
        await h.app.change("polly.region", "us-east-1")
        await h.settle()
        await h.read()
        assert h.voices == {"polly/Matthew"}


async def test_the_status_says_who_speaks_and_what_was_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def status(*arguments: str) -> str:
        assert await asyncio.to_thread(cli.main, ["status", *arguments], lambda: 1) == 0
        return capsys.readouterr().out

    async with harken(tmp_path, monkeypatch) as h:
        assert (await status()).startswith("idle, speed 1, about ")
        found = json.loads(await status("--json"))
        assert (found["voice"], found["spent"]) == ("", {})

        h.service.pace = 2.0
        h.begin()
        await h.until(lambda: bool(h.voices))
        told = await status()
        assert told.startswith("speaking, speed 1, about ")
        assert told.endswith(" words a minute, polly/Matthew\n")
        h.app.controller.handle(Trigger(Command.PAUSE))
        assert json.loads(await status("--json"))["voice"] == "polly/Matthew"
        h.app.controller.handle(Trigger(Command.STOP))
        h.service.pace = float("inf")
        await h.ended()
        await h.read()
        # What was sent on the stream that was cut off, and what the service said at the end of the other.
        cut, whole = h.service.streams
        sent = sum(len(event.text.strip()) for event in cut.events)
        assert json.loads(await status("--json"))["spent"] == {"polly": {"billed": whole.billed_chars, "counted": sent}}
        assert (await status()).endswith(
            f" words a minute\nAmazon Polly: {whole.billed_chars} characters billed this month, "
            f"and up to {sent} more for readings that were stopped\n"
        )


@pytest.mark.noisy
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AWS_CA_BUNDLE", "/no/such.pem", "The certificates in /no/such.pem (AWS_CA_BUNDLE) can't be read."),
        ("AWS_ENDPOINT_URL_POLLY", "http://localhost", "The address of the voice service must begin with https://"),
    ],
)
async def test_what_is_set_wrong_is_told_and_another_voice_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        monkeypatch.setenv(name, value)
        h.app.renew_account()  # the list of voices is there
        await h.settle()
        await h.read()
        assert h.voices == {"local/en"}
        assert h.endings == [True]
        assert h.notices[0].startswith(sentence)


async def find_account(app: App) -> bool:
    return (await app.find_account()).account is not None


async def list_voices(app: App) -> bool:
    found, problem = await user_voices.find(app, "polly")
    return bool(found) and not problem


async def show_voices(app: App) -> bool:
    return bool(await reader.core.polly.voices(app))


@pytest.mark.noisy
@pytest.mark.parametrize("ask", [find_account, list_voices, show_voices])
async def test_a_service_that_refused_the_account_is_asked_again_when_a_person_asks(
    ask: Callable[[App], Awaitable[bool]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        h.app.renew_account()
        await h.app.wait_until_warm()
        for count in (1, 2):
            h.begin()
            await h.until_read(count)
        assert h.voices == {"local/en"}
        assert h.app.engines.all["polly"].is_backing_off

        h.events.clear()
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", h.service.account.secret_key)
        assert await ask(h.app)
        await h.app.wait_until_warm()
        await h.read()
        assert h.voices == {"polly/Matthew"}
        assert h.notices == []
