"""Every setting, once. The file, the command line, the settings window and the guide all go by this table."""

from __future__ import annotations

import locale

from reader.errors import SettingsError
from reader.flow import MAX_SPEED, MIN_SPEED, Command
from reader.hotkeys.chord import DEFAULTS
from reader.settings.setting import (
    Kind,
    Page,
    Setting,
    Value,
    any_text,
    choice,
    chord,
    number,
    pattern,
    switch,
    text,
)
from reader.support import foreign
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.support.languages import CODES
from reader.voices import registry

__all__ = ["POLLY_FORMATS", "SETTINGS", "Setting", "Value", "key_setting"]

# What Amazon Polly sends and Harken decodes.
POLLY_FORMATS = ("pcm", "mp3", "ogg_vorbis")


def _user_language() -> str:
    """The language of the user's desktop, as a two-letter code."""
    try:
        name = locale.getlocale()[0] or ""
    except ValueError:  # a locale that Python knows no name of
        name = ""
    code = name.partition("_")[0].lower()
    return code if code in CODES else "en"


def key_setting(command: Command) -> str:
    """The name of the setting that holds a command's chord."""
    return "keys." + command.replace("-", "_")


def _voice(value: Value) -> Value:
    """A voice's id, an engine's name with a stroke for whichever of its voices speaks the language, or nothing."""
    engine, stroke, name = str(any_text(value)).partition("/")
    if value and (registry.engine_of(engine) is None or not stroke or "/" in name):
        sentence = translate(
            "reader", "“{value}” is no voice's name. “harken voices” lists them, such as neural/heart or espeak/de."
        )
        raise SettingsError(sentence.format(value=foreign.shown(value)))
    return value


def _language(value: Value) -> Value:
    if any_text(value) and value not in CODES:
        sentence = translate("settings", "It is a language's code, such as en or de, not “{value}”.")
        raise SettingsError(sentence.format(value=foreign.shown(value)))
    return value


# Amazon Polly's documentation of StartSpeechSynthesisStream: at most five names of letters and digits.
_LEXICON = "[0-9A-Za-z]{1,20}"
_LEXICONS = pattern(
    rf"\s*{_LEXICON}(?:[,\s]+{_LEXICON}){{0,4}}\s*",
    QT_TRANSLATE_NOOP("settings", "It is up to five names of letters and digits, with commas, not “{value}”."),
)
_REGION = pattern(
    "[a-z]{2,4}(-[a-z]+)+-[0-9]+",
    QT_TRANSLATE_NOOP("settings", "It is a region's name, such as eu-central-1, not “{value}”."),
)

_VOICE = (
    text(
        "voice.id",
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Voice"),
        QT_TRANSLATE_NOOP("settings", "The voice for everything it can say. Automatic: by the text's language."),
        Kind.VOICE,
        _voice,
    ),
    number(
        "voice.speed",
        1.0,
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Speed"),
        QT_TRANSLATE_NOOP("settings", "1 is the voice's own speed, about 200 words a minute."),
        low=MIN_SPEED,
        high=MAX_SPEED,
        step=0.05,
        unit="×",
    ),
    text(
        "voice.language",
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Language of all texts"),
        QT_TRANSLATE_NOOP("settings", "Automatic: found for each part of a text."),
        Kind.LANGUAGE,
        _language,
    ),
    Setting(
        "voice.expected_language",
        _user_language(),
        Page.VOICE,
        Kind.LANGUAGE,
        QT_TRANSLATE_NOOP("settings", "Language of short texts"),
        QT_TRANSLATE_NOOP("settings", "For texts too short to tell their language."),
        _language,
    ),
    switch(
        "voice.fall_back",
        True,
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "When a voice fails, another one reads on"),
        QT_TRANSLATE_NOOP("settings", "Otherwise Harken says what happened and waits."),
    ),
    text(
        "voice.stand_in",
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Voice that reads on"),
        QT_TRANSLATE_NOOP("settings", "When the chosen one can't. Automatic: the best one on this computer."),
        Kind.VOICE,
        _voice,
    ),
)

_READING = (
    switch(
        "reading.focused_text",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "With nothing selected, read the focused text"),
        QT_TRANSLATE_NOOP("settings", "From the caret's paragraph on; or the focused control is described."),
    ),
    switch(
        "reading.clipboard",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "With nothing else to read, read the clipboard"),
        QT_TRANSLATE_NOOP("settings", "What was copied last."),
    ),
    switch(
        "reading.every_selection",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Read new selections automatically"),
        QT_TRANSLATE_NOOP("settings", "Each one as soon as it is made, without a key."),
    ),
    switch(
        "reading.history",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Remember the last twenty readings"),
        QT_TRANSLATE_NOOP("settings", "Until Harken ends, to read them again. They are never written to a file."),
    ),
    switch(
        "reading.spoken_notices",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Say aloud why nothing is read"),
        QT_TRANSLATE_NOOP("settings", "Otherwise it is shown only. Where a screen reader runs, that says it."),
    ),
    switch(
        "cues.pause",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "A tone when reading pauses and goes on"),
        QT_TRANSLATE_NOOP("settings", "Low for the pause, high for going on."),
    ),
    switch(
        "cues.end",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "A tone when a text has been read to its end"),
        QT_TRANSLATE_NOOP("settings", "So that a long pause is not taken for the end."),
    ),
    switch(
        "cues.speed",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Say a new speed"),
        QT_TRANSLATE_NOOP("settings", "When it is changed while nothing is read."),
    ),
    switch(
        "reading.enable_accessibility",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Ask all programs to report their focused text"),
        QT_TRANSLATE_NOOP("settings", "Turns the desktop's accessibility on while Harken runs."),
    ),
)

_KEYS = (
    *(
        chord(key_setting(command), DEFAULTS.get(command, ""), label)
        for command, label in {
            Command.READ_SELECTION: QT_TRANSLATE_NOOP("settings", "Read what is selected; again: stop"),
            Command.READ_FOCUS: QT_TRANSLATE_NOOP("settings", "Read the focused text"),
            Command.READ_CLIPBOARD: QT_TRANSLATE_NOOP("settings", "Read the clipboard"),
            Command.PAUSE_RESUME: QT_TRANSLATE_NOOP("settings", "Pause, and go on"),
            Command.STOP: QT_TRANSLATE_NOOP("settings", "Stop"),
            Command.NEXT: QT_TRANSLATE_NOOP("settings", "Next sentence"),
            Command.PREVIOUS: QT_TRANSLATE_NOOP("settings", "Previous sentence"),
            Command.REPEAT: QT_TRANSLATE_NOOP("settings", "This sentence again"),
            Command.FASTER: QT_TRANSLATE_NOOP("settings", "Faster"),
            Command.SLOWER: QT_TRANSLATE_NOOP("settings", "Slower"),
            Command.LOUDER: QT_TRANSLATE_NOOP("settings", "Louder"),
            Command.QUIETER: QT_TRANSLATE_NOOP("settings", "Quieter"),
            Command.SHOW: QT_TRANSLATE_NOOP("settings", "Show Harken's window"),
        }.items()
    ),
    switch(
        "keys.escape_stops",
        True,
        Page.KEYS,
        QT_TRANSLATE_NOOP("settings", "Esc stops, while something is read"),
        QT_TRANSLATE_NOOP("settings", "At other times Esc belongs to the program in front."),
    ),
    switch(
        "keys.media_keys",
        True,
        Page.KEYS,
        QT_TRANSLATE_NOOP("settings", "Media keys and headset buttons"),
        QT_TRANSLATE_NOOP("settings", "Play, pause, next and previous work while something is read."),
    ),
)

_SOUND = (
    text(
        "sound.device",
        Page.SOUND,
        QT_TRANSLATE_NOOP("settings", "Output device"),
        QT_TRANSLATE_NOOP("settings", "Automatic: the system's."),
        Kind.DEVICE,
    ),
    number(
        "sound.volume",
        100.0,
        Page.SOUND,
        QT_TRANSLATE_NOOP("settings", "Volume"),
        QT_TRANSLATE_NOOP("settings", "Harken's own, beside the system's."),
        low=5,
        high=100,
        step=5,
        unit="%",
    ),
    number(
        "sound.others_volume",
        100.0,
        Page.SOUND,
        QT_TRANSLATE_NOOP("settings", "Other programs' volume while reading"),
        QT_TRANSLATE_NOOP("settings", "100: they stay as loud as they are."),
        low=0,
        high=100,
        step=5,
        unit="%",
    ),
    number(
        "sound.awake_s",
        0.0,
        Page.SOUND,
        QT_TRANSLATE_NOOP("settings", "Keep the output awake after speech"),
        QT_TRANSLATE_NOOP("settings", "For headsets that swallow the first word after a silence."),
        low=0,
        high=3600,
        step=10,
        unit=QT_TRANSLATE_NOOP("settings", "s"),
    ),
)

_POLLY = (
    text(
        "polly.profile",
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "AWS profile"),
        QT_TRANSLATE_NOOP("settings", "Automatic: the account is found as AWS's own programs find it."),
        Kind.PROFILE,
    ),
    choice(
        "polly.source",
        "",
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Source of AWS keys"),
        QT_TRANSLATE_NOOP("settings", "Where no profile is chosen."),
        (
            ("", QT_TRANSLATE_NOOP("settings", "Automatic: the first that has keys")),
            ("environment", QT_TRANSLATE_NOOP("settings", "The environment only")),
            ("keyring", QT_TRANSLATE_NOOP("settings", "Harken's keys in the keyring only")),
        ),
    ),
    text(
        "polly.region",
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Region"),
        QT_TRANSLATE_NOOP("settings", "Where the voices are computed. Automatic: the profile's."),
        Kind.REGION,
        _REGION,
    ),
    choice(
        "polly.format",
        "pcm",
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Sound format"),
        QT_TRANSLATE_NOOP("settings", "What is sent over the network."),
        (
            ("pcm", QT_TRANSLATE_NOOP("settings", "PCM, heard first")),
            ("mp3", QT_TRANSLATE_NOOP("settings", "MP3, fuller sound")),
            ("ogg_vorbis", QT_TRANSLATE_NOOP("settings", "Ogg Vorbis, fuller sound")),
        ),
    ),
    text(
        "polly.lexicons",
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Lexicons"),
        QT_TRANSLATE_NOOP("settings", "Names of the account's pronunciation lexicons, up to five, with commas."),
        Kind.TEXT,
        _LEXICONS,
    ),
    number(
        "polly.monthly_limit",
        0.0,
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Monthly limit"),
        QT_TRANSLATE_NOOP("settings", "After so many characters a voice on this computer reads. 0: no limit."),
        low=0,
        high=1e9,
        step=10_000,
        unit=QT_TRANSLATE_NOOP("settings", "characters"),
    ),
)

_SYSTEM = (
    switch(
        "system.start_at_login",
        False,
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Start at login"),
        QT_TRANSLATE_NOOP("settings", "Harken is in the tray when the desktop is there."),
    ),
    switch(
        "system.keep_unlocked",
        True,
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Keep the screen from locking during a reading"),
        QT_TRANSLATE_NOOP("settings", "So that a long text is not cut off."),
    ),
    choice(
        "system.language",
        "",
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Language of Harken's windows"),
        QT_TRANSLATE_NOOP("settings", "Holds when Harken is started again."),
        (
            ("", QT_TRANSLATE_NOOP("settings", "The system's")),
            ("en", "English"),
            ("de", "Deutsch"),
            ("ar", "العربية"),
        ),
    ),
    choice(
        "system.appearance",
        "",
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Appearance"),
        QT_TRANSLATE_NOOP("settings", "Light on dark, or dark on light."),
        (
            ("", QT_TRANSLATE_NOOP("settings", "The system's")),
            ("light", QT_TRANSLATE_NOOP("settings", "Light")),
            ("dark", QT_TRANSLATE_NOOP("settings", "Dark")),
        ),
    ),
    switch(
        "system.check_updates",
        False,
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Look for a new version once a week"),
        QT_TRANSLATE_NOOP("settings", "Harken tells you and installs nothing."),
    ),
)

SETTINGS: dict[str, Setting] = {
    setting.key: setting for setting in (*_VOICE, *_READING, *_KEYS, *_SOUND, *_POLLY, *_SYSTEM)
}

# Those whose values are things of this computer or of an account, which may be away now: see reader/core/advice.py.
LOOKED_UP = frozenset(
    key
    for key, setting in SETTINGS.items()
    if setting.kind in (Kind.VOICE, Kind.LANGUAGE, Kind.DEVICE, Kind.PROFILE, Kind.REGION)
)
