"""What the settings window asks about Amazon Polly: regions, voices, permissions, and how a voice sounds.

Each may take as long as a network or a person does, and contacts Amazon, so it is done only when the user wishes it.
Core thread only.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reader.core.app import App
from reader.core.samples import sample
from reader.errors import HarkenError
from reader.flow import CapturedText, Event, Notice, ReadingEnded, SegmentStarted, Source, Voice
from reader.session.preferences import ReadingOptions
from reader.support.i18n import translate
from reader.voices import registry
from reader.voices.service import Examination as Examination
from reader.voices.service import Spent as Spent

if TYPE_CHECKING:
    from reader.voices.polly.regions import Region as Region

_STREAMS = "polly"


def is_polly(voice_id: str) -> bool:
    """Whether a voice is one of Amazon Polly's, which is sent what it reads."""
    return registry.service_of(voice_id) is registry.POLLY


async def spent(app: App) -> Spent:
    """This month's characters, including those that other processes of Harken's wrote down."""
    return await app.services[registry.POLLY.name].spent()


@dataclass(frozen=True, slots=True)
class Heard:
    """A sample that was spoken, and so paid for. `is_whole`: it was not stopped."""

    characters: int
    is_whole: bool


async def regions() -> list[Region]:
    """The regions that have Amazon Polly, as far as is known here. Asks no service."""
    return await asyncio.to_thread(_read_regions)


def _read_regions() -> Any:
    from reader.voices.polly.regions import regions  # so that botocore is imported only if it is used

    return regions()


async def voices(app: App) -> list[Voice]:
    """The account's voices, each technique of a voice by itself. Raises HarkenError if they can't be reached."""
    await app.find_account()  # this may wait for a person, longer than an engine would
    await app.credentials.account()
    _, problem = await app.engines.ready(f"{_STREAMS}/")
    every = [voice for voice in app.voices() if is_polly(voice.id)]
    streaming = {voice.technique for voice in every if voice.engine == _STREAMS}
    found = [voice for voice in every if voice.engine == _STREAMS or voice.technique not in streaming]
    if problem and not found:
        raise problem
    return found


async def examine(app: App) -> Examination:
    """What the account may do, with the chosen voice or any. Costs nothing. Raises AccessRefusedError."""
    await app.credentials.account()
    await app.engines.ready(f"{_STREAMS}/")  # made again if the account has changed
    await app.engines.make_remote(_STREAMS)  # if they could not be made just now, this raises why
    return await app.services[registry.POLLY.name].examine(app.settings.text("voice.id"))


async def hear(app: App, voice: Voice) -> Heard:
    """Have a voice speak a sample with the user's settings, which costs money. Raises HarkenError if it doesn't."""
    _, problem = await app.engines.ready(voice.id)
    if problem:
        raise problem
    text, language = sample(voice.language)
    chosen = replace(
        app.controller.preferences,
        voice_id=voice.id,
        language=language,
        expected_language=language,
        may_fall_back=False,  # another voice would be no answer
        may_wait=False,
    )
    news: asyncio.Queue[Event] = asyncio.Queue()

    def watch(event: Event) -> None:
        if event.utterance_id == reading.utterance_id:
            news.put_nowait(event)

    reading = app.controller.speak(CapturedText(text, Source.GIVEN), ReadingOptions(chosen, is_users=False))
    app.subscribe(watch)
    speakers: set[str] = set()
    try:
        while not isinstance(event := await news.get(), ReadingEnded):
            if isinstance(event, SegmentStarted):
                speakers.add(event.voice_id)
            elif isinstance(event, Notice) and event.is_problem:
                raise HarkenError(event.sentence)
    finally:
        app.unsubscribe(watch)
        app.stop_reading(reading)
    if event.is_whole and speakers != {voice.id}:
        raise HarkenError(translate("reader", "Nothing was heard. Try again."))
    return Heard(len(text), event.is_whole)


def voice_to_try(app: App, found: list[Voice]) -> Voice:
    """The chosen voice, else one in the user's language, else any; one of `found`, which is not empty."""
    chosen = app.settings.text("voice.id")
    language = app.settings.text("voice.language") or app.settings.text("voice.expected_language")
    return min(found, key=lambda voice: (voice.id != chosen, voice.language != language, voice.engine != _STREAMS))
