"""Every setting, once: its name in the file, what it is, its default and what it may be.

The file, the command line and the settings window all go by this table.
"""

from __future__ import annotations

import locale
from collections.abc import Callable
from dataclasses import dataclass

from reader.errors import SettingsError
from reader.flow import Command
from reader.hotkeys.keys import DEFAULTS, Chord

Value = str | bool | float


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. `check` returns the value as it is kept, or raises SettingsError with the user's sentence."""

    key: str
    default: Value
    summary: str
    check: Callable[[Value], Value]

    def parse(self, text: str) -> Value:
        """Read a value from a command line. Raises SettingsError."""
        value: Value = text
        if isinstance(self.default, bool):
            if text.lower() not in _WORDS:
                raise SettingsError(f"{self.key} is “on” or “off”, not “{text}”.")
            value = _WORDS[text.lower()]
        elif isinstance(self.default, float):
            try:
                value = float(text)
            except ValueError:
                raise SettingsError(f"{self.key} is a number, not “{text}”.") from None
        return self.check(value)


_WORDS = {"on": True, "off": False, "true": True, "false": False, "yes": True, "no": False}


def _number(low: float, high: float, unit: str) -> Callable[[Value], Value]:
    def check(value: Value) -> Value:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise SettingsError(f"It is a number from {low:g} to {high:g} {unit}, not “{value}”.")
        return float(value)

    return check


def _switch(value: Value) -> Value:
    if not isinstance(value, bool):
        raise SettingsError(f"It is true or false, not “{value}”.")
    return value


def _text(value: Value) -> Value:
    if not isinstance(value, str):
        raise SettingsError(f"It is a text, not “{value}”.")
    return value


def _one_of(*allowed: str) -> Callable[[Value], Value]:
    def check(value: Value) -> Value:
        if value not in allowed:
            raise SettingsError(f"It is one of {', '.join(allowed)}, not “{value}”.")
        return value

    return check


def _chord(value: Value) -> Value:
    """A chord, or "" for none."""
    return str(Chord.parse(value)) if isinstance(value, str) and value else _text(value)


def _user_language() -> str:
    """The language of the user's desktop, as a two-letter code."""
    name = locale.getlocale()[0] or ""
    code = name.partition("_")[0].lower()
    return code if len(code) == 2 else "en"


def key_setting(command: Command) -> str:
    """The name of the setting that holds a command's chord."""
    return "keys." + command.replace("-", "_")


_KEY_SUMMARIES = {
    Command.READ_SELECTION: "Read what is selected; again: stop",
    Command.PAUSE_RESUME: "Pause, and go on",
    Command.STOP: "Stop",
    Command.NEXT: "Next sentence",
    Command.PREVIOUS: "Previous sentence",
    Command.REPEAT: "This sentence again",
    Command.FASTER: "Faster",
    Command.SLOWER: "Slower",
}

# What Amazon Polly sends and Harken decodes.
POLLY_FORMATS = ("pcm", "mp3", "ogg_vorbis")

SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("voice.id", "", "The voice for everything it can say; empty: by the text's language", _text),
        Setting("voice.language", "", "The language of all texts (de, en, …); empty: found for each", _text),
        Setting("voice.expected_language", _user_language(), "The language of texts too short to tell", _text),
        Setting("voice.speed", 1.0, "Speed: 1 is the voice's own, about 175 words a minute", _number(0.5, 5, "")),
        Setting("voice.stand_in", "", "The voice that reads on when the chosen one can't; empty: the best here", _text),
        Setting("voice.fall_back", True, "When a voice fails, another one reads on", _switch),
        Setting("reading.focused_text", True, "With nothing selected, read the focused text", _switch),
        Setting("reading.clipboard", False, "With nothing else to read, read the clipboard", _switch),
        Setting("reading.every_selection", False, "Read each new selection as soon as it is made", _switch),
        Setting("reading.spoken_notices", True, "Say aloud why nothing is read", _switch),
        Setting(
            "reading.enable_accessibility",
            False,
            "Ask all programs to report their focused text (turns the desktop's accessibility on)",
            _switch,
        ),
        Setting("polly.profile", "", "Amazon Polly: the AWS profile; empty: as AWS's other programs find it", _text),
        Setting("polly.region", "", "Amazon Polly: the region (eu-central-1, …); empty: the profile's", _text),
        Setting("polly.format", "pcm", "pcm is heard first; mp3 and ogg_vorbis sound fuller", _one_of(*POLLY_FORMATS)),
        Setting("polly.lexicons", "", "Names of the account's lexicons, up to five, with commas", _text),
        Setting("sound.device", "", "The sound output; empty: the system's", _text),
        Setting("sound.awake_s", 0.0, "Seconds to keep the output awake after speech", _number(0, 3600, "seconds")),
        Setting("keys.escape_stops", True, "Esc stops, while something is read", _switch),
        *(
            Setting(key_setting(command), DEFAULTS[command], summary, _chord)
            for command, summary in _KEY_SUMMARIES.items()
        ),
    )
}
