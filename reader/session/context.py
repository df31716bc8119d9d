"""What all readings have in common: the voices, the player, and who hears of what happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reader.audio.player import Player
from reader.flow import Event
from reader.session.preferences import Preferences
from reader.session.prepared import Prepared
from reader.session.voice_choice import VoiceChoice
from reader.text.pronunciations import Pronunciations
from reader.voices.base import Engine

# Of an utterance and its preferences: waits until the voices are ready, which they are but for the first second.
# Raises HarkenError when the chosen one can't read and no other may.
FindVoiceChoice = Callable[[int, Preferences], Awaitable[VoiceChoice]]


class PronunciationSource(Protocol):
    """Where the user's list of pronunciations comes from."""

    async def ready(self) -> None:
        """Wait until there is one. Never raises."""

    def current(self) -> Pronunciations:
        """The list of this moment."""


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """Made once, for all readings."""

    engines: Mapping[str, Engine]  # it changes: engines of a network come and go
    player: Player
    on_event: Callable[[Event], None]  # gets Notices
    user_preferences: Callable[[], Preferences]  # those of the moment
    find_voice_choice: FindVoiceChoice
    prepared: Prepared = field(default_factory=Prepared)  # what was made before a key was pressed
