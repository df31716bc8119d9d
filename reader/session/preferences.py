"""How the user wants to be read to, as far as the session is concerned."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user has chosen. "" leaves the choice to Harken."""

    voice_id: str = ""
    stand_in_id: str = ""
    language: str = ""
    expected_language: str = "en"
    may_fall_back: bool = True
    may_wait: bool = True  # for a voice that fails and comes back
    speaks_notices: bool = True
    has_screen_reader: bool = False
    says_speed: bool = False
    sounds_pauses: bool = False
    sounds_ends: bool = False
