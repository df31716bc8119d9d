"""What all readings share: the voices, the player, and the receiver of events."""

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

# Takes an utterance and its preferences. Waits until the voices are ready, as they usually are after the first second.
# Raises HarkenError if the chosen one can't read and no other may.
FindVoiceChoice = Callable[[int, Preferences], Awaitable[VoiceChoice]]


class PronunciationSource(Protocol):
    """Where the user's list of pronunciations comes from."""

    async def ready(self) -> None:
        """Wait until there is a list. Never raises."""

    def current(self) -> Pronunciations:
        """The list as it is now."""


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """Made once, for all readings."""

    engines: Mapping[str, Engine]  # it changes: engines on a network come and go
    player: Player
    on_event: Callable[[Event], None]  # gets Notices
    user_preferences: Callable[[], Preferences]  # returns the current ones
    find_voice_choice: FindVoiceChoice
    prepared: Prepared = field(default_factory=Prepared)  # what was made before a key was pressed
