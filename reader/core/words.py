"""What the page of pronunciations asks of the core: entries, the sentences heard last, and how an entry sounds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from reader.core import pronunciation
from reader.core.app import App
from reader.core.pronunciation import Imported
from reader.flow import CapturedText, Source
from reader.session.preferences import ReadingOptions
from reader.session.recent_sentences import HeardSentence
from reader.text.pronunciation_table import Collected
from reader.text.pronunciations import MAX_CHARS, Entry, Kind, Pronunciations, check_speed, checked

__all__ = ["MAX_CHARS", "Entry", "HeardSentence", "Imported", "Kind"]


async def entries(app: App) -> list[Entry]:
    """The list as it is."""
    await app.pronunciations.ready()
    return list(app.pronunciations.current().entries)


async def heard(app: App) -> list[HeardSentence]:
    """The sentences of the user's texts that were heard last, newest first."""
    return app.controller.last.sentences.entries()


async def add(app: App, entry: Entry, instead_of: Entry | None = None) -> Entry:
    """Add an entry, or replace another with it, and return it as it was saved. Raises SettingsError."""
    await app.pronunciations.make(partial(pronunciation.add, entry=entry, instead_of=instead_of))
    return checked(entry)


async def remove(app: App, entry: Entry) -> None:
    """Remove an entry. Raises SettingsError."""

    def edit(collected: Collected) -> None:
        collected.remove(entry)

    await app.pronunciations.make(partial(pronunciation.change, edit=edit))


async def load(app: App, path: str) -> Imported:
    """Add the entries of a table. Raises NotTextError, SettingsError."""
    imported = await asyncio.to_thread(pronunciation.load_table, app.pronunciations.path, path)
    await app.pronunciations.reload()
    return imported


async def save(app: App, path: str) -> str:
    """Write the list as a table, and return what is wrong with the list, "" for nothing. Raises SettingsError."""
    return await asyncio.to_thread(pronunciation.save_table, app.pronunciations.path, path)


async def hear(app: App, entry: Entry, sentence: str = "") -> int:
    """Say an entry's word as it would sound, or a sentence with it. Returns the utterance's id. Raises SettingsError.

    It is spoken by the voice and in the language that it is for; if it is for all, by the chosen voice.
    """
    entry = checked(entry)
    await asyncio.to_thread(check_speed, entry)
    others = [other for other in app.pronunciations.current().entries if sentence and other.word != entry.word]
    words = await asyncio.to_thread(Pronunciations, [*others, replace(entry, language="", voice="")])
    text = sentence or (entry.spoken if entry.kind is Kind.EXPRESSION else entry.word)
    chosen = app.controller.preferences
    preferences = replace(
        chosen,
        voice_id=entry.voice or chosen.voice_id,
        needs_voice=bool(entry.voice),
        language=entry.language or chosen.language,
        expected_language=entry.language or chosen.expected_language,
        pronunciations=words,
    )
    options = ReadingOptions(preferences, is_users=False)
    return app.controller.speak(CapturedText(text, Source.GIVEN), options).utterance_id
