"""The user's preferences for reading, and how one text is read, as far as they concern the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reader.support.languages import code_of
from reader.text.choices import MILD, Choices
from reader.text.pronunciations import Pronunciations


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user has chosen. "" leaves the choice to Harken."""

    voice_id: str = ""
    needs_voice: bool = False  # if no voice has that id, nothing is read
    stand_in_id: str = ""
    preferred: Mapping[str, str] = field(default_factory=dict)  # voice ids by the language they are to read
    language: str = ""
    names_language: bool = False  # it was named with the text: if no voice speaks it, the user is told
    expected_language: str = "en"
    may_fall_back: bool = True
    may_wait: bool = True  # for a voice that fails and comes back
    # For a file: only the chosen voice reads, or the reading fails. Another voice says only what it can't say at all.
    is_strict: bool = False
    pronunciations: Pronunciations | None = None  # instead of the user's list, to try out an unsaved one
    speaks_notices: bool = True
    has_screen_reader: bool = False
    says_speed: bool = False
    sounds_pauses: bool = False
    sounds_ends: bool = False
    goes_on: bool = True  # in a text that was stopped, when it is read again
    pitch: float = 0.0  # see SpeechRequest
    choices: Choices = MILD  # changes apply at once, even within a reading

    @property
    def keeps_voice(self) -> bool:
        """Whether no other voice may read when the chosen one can't."""
        return self.is_strict or not self.may_fall_back


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How one text is read, and whose it is."""

    preferences: Preferences
    is_whole: bool = True  # no more text will come
    is_users: bool = True  # the text is the user's, not Harken's own
    speed: float | None = None  # for this text only; None for the player's
    ends_at_once: bool = False  # without a pause after its last word
    is_own_words: bool = False  # Harken's sentence, of which nothing is left out


def preferred(setting: str) -> dict[str, str]:
    """The voices of the setting voice.preferred, such as "de=piper/de_DE-kerstin-low", by their languages."""
    return {
        code_of(code): voice for code, _, voice in (pair.partition("=") for pair in setting.replace(",", " ").split())
    }


def with_preferred(known: str, language: str, voice_id: str) -> str:
    """The setting voice.preferred with the voice for a language replaced."""
    others = {code: voice for code, voice in preferred(known).items() if code != language}
    return " ".join(f"{code}={voice}" for code, voice in sorted({**others, language: voice_id}.items()))
