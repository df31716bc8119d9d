"""What the command line learns from the running instance: both ends, and the session between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

import reader.cli.alone
import reader.core.engines_here
from reader import cli
from reader.audio.base import OutputDevice
from reader.audio.none import NoDevice
from reader.cli.through import SpeakRequest, through_instance
from reader.core.app import App
from reader.errors import InstanceError
from reader.flow import CapturedText, Command, Event, Notice, Source, State, StateChanged, Trigger
from reader.ipc.choose import socket_address
from reader.ipc.client import InstanceClient
from tests.fakes import instance
from tests.fakes.device import HandDevice
from tests.fakes.engine import FakeEngine

Spoken = Callable[..., Awaitable[tuple[int, str]]]
TEXT = "One sentence is here. Another one follows it."


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, FakeEngine]:
    """Those of the computer."""
    made = {name: FakeEngine(name) for name in ("first", "second")}
    monkeypatch.setattr(reader.core.engines_here, "local_engines", lambda: made)
    return made


@asynccontextmanager
async def running(folder: Path, device: OutputDevice) -> AsyncIterator[App]:
    async with instance.running(folder / "settings.toml", device) as made:
        yield made.app


async def speak(text: str = TEXT, **options: Any) -> int:
    """`harken speak`; returns its exit code."""
    return await asyncio.to_thread(
        lambda: through_instance(InstanceClient(socket_address()), SpeakRequest(**options), text)
    )


@pytest.fixture
def spoken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Spoken:
    """`harken speak` to a listener who is quick; (exit code, what it wrote to standard error)."""

    async def do(**options: Any) -> tuple[int, str]:
        async with running(tmp_path, NoDevice(1000.0)):
            code = await speak(options.pop("text", TEXT), **options)
        return code, capsys.readouterr().err

    return do


async def test_a_text_that_was_read(spoken: Spoken, engines: Mapping[str, FakeEngine]) -> None:
    assert await spoken() == (0, "")
    assert " ".join(engines["first"].asked) == TEXT


async def test_a_document_is_read_without_its_markup(spoken: Spoken, engines: Mapping[str, FakeEngine]) -> None:
    markup = f"<speak>{TEXT.replace('here', '<emphasis>here</emphasis>')}</speak>"
    assert await spoken(text=markup, is_ssml=True) == (0, "")
    assert " ".join(engines["first"].asked) == TEXT


async def test_a_document_that_is_none_is_told_by_the_instance_too(tmp_path: Path) -> None:
    async with running(tmp_path, NoDevice(1000.0)) as app:
        with pytest.raises(InstanceError, match="not well-formed"):
            await speak("<speak>Hello", is_ssml=True)
        assert app.state is State.IDLE


@pytest.mark.parametrize("is_running", [False, True])
async def test_a_document_from_the_command_line(
    tmp_path: Path,
    engines: Mapping[str, FakeEngine],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_running: bool,
) -> None:
    monkeypatch.setattr(reader.cli.alone, "output_device", lambda *_: NoDevice(1000.0))
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(f"\ufeff<speak><p>{TEXT}</p></speak>", "utf-8")
    bad.write_text("<speak>" + "a" * 7000, "utf-8")

    def harken(*arguments: str) -> int:
        return cli.main(["speak", "--ssml", *arguments], lambda: 3)

    calls = [(str(good),), ("--text", "<speak>One.</speak>"), (str(bad),), ("--text", "<speak>One.")]
    async with running(tmp_path, NoDevice(1000.0)) if is_running else nullcontext():
        assert [await asyncio.to_thread(harken, *arguments) for arguments in calls] == [0, 0, 1, 1]
    assert " ".join(engines["first"].asked) == f"{TEXT} One."
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert "too long" in errors[0]
    assert "not well-formed" in errors[1]


async def test_a_voice_that_fails_is_told_and_another_reads_on(
    spoken: Spoken, engines: Mapping[str, FakeEngine]
) -> None:
    engines["first"].fails_on = "Another"
    assert await spoken() == (0, "harken: The voice “first” keeps failing. second en continues.\n")
    assert engines["second"].asked == ["Another one follows it."]


async def test_a_text_that_no_voice_could_read(spoken: Spoken, engines: Mapping[str, FakeEngine]) -> None:
    for engine in engines.values():
        engine.fails_on = "Another"
    code, errors = await spoken()
    assert code == 1
    first, second = errors.splitlines()
    assert first == "harken: The voice “first” keeps failing. second en continues."
    assert second == "harken: The voice “second” keeps failing."


async def test_a_voice_that_is_not_there(spoken: Spoken, engines: Mapping[str, FakeEngine]) -> None:
    code, errors = await spoken(voice_id="third/nobody")
    assert code == 1
    assert errors == "harken: There is no voice “third/nobody” here. “harken voices” lists all voices.\n"
    assert not any(engine.asked for engine in engines.values())


async def test_a_voice_whose_name_is_mistyped(spoken: Spoken, engines: Mapping[str, FakeEngine]) -> None:
    assert await spoken(voice_id="frist/en") == (
        1,
        "harken: There is no voice “frist/en” here. Did you mean “first/en”?\n",
    )


async def test_a_language_that_no_voice_here_speaks(spoken: Spoken, engines: Mapping[str, FakeEngine]) -> None:
    assert await spoken(language="gd") == (0, "harken: No voice here speaks “gd”. Another voice will read it.\n")


async def test_nothing_to_say(spoken: Spoken, engines: Mapping[str, FakeEngine]) -> None:
    assert await spoken(text="***") == (1, "harken: There is nothing in this text that can be read aloud.\n")


async def interrupted(folder: Path, act: Callable[[App], object]) -> int:
    """The exit code of a `harken speak` during which something happens."""

    async with running(folder, HandDevice()) as app:
        begun = asyncio.Event()

        def watch(event: Event) -> None:
            if isinstance(event, StateChanged) and event.state is State.PREPARING:
                begun.set()

        app.subscribe(watch)
        speaking = asyncio.create_task(speak())
        await begun.wait()
        app.unsubscribe(watch)
        act(app)
        return await speaking


@pytest.mark.usefixtures("engines")
class TestInterruptions:
    """Which are the user's wish, and no failure."""

    async def test_a_key_stops_it(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code = await interrupted(tmp_path, lambda app: app.controller.handle(Trigger(Command.STOP)))
        assert (code, capsys.readouterr().err) == (130, "")

    async def test_something_newer_is_read(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code = await interrupted(tmp_path, lambda app: app.speak(CapturedText("Newer.", Source.GIVEN)))
        assert (code, capsys.readouterr().err) == (130, "")

    async def test_notices_of_others_stay_with_them(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        def act(app: App) -> None:
            for utterance_id, sentence in ((0, "Of nobody."), (1, "Of this one."), (2, "Of another.")):
                app.publish(Notice(utterance_id, sentence))
            app.controller.handle(Trigger(Command.STOP))

        assert await interrupted(tmp_path, act) == 130
        assert capsys.readouterr().err == "harken: Of this one.\n"
