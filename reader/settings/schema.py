"""Every setting, defined once. The file, the command line, the settings window and the guide all use this table."""

from __future__ import annotations

import locale

from reader.errors import SettingsError
from reader.flow import MAX_SPEED, MIN_SPEED, Command
from reader.hotkeys.chord import DEFAULTS
from reader.hotkeys.labels import LABELS
from reader.settings.player_settings import PLAYER
from reader.settings.server_settings import SERVER
from reader.settings.setting import (
    Page,
    Setting,
    SettingKind,
    Value,
    any_text,
    choice,
    chord,
    number,
    pattern,
    switch,
    text,
)
from reader.settings.system_settings import SYSTEM
from reader.settings.text_settings import TEXT
from reader.support import foreign
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from reader.support.languages import CODES, code_of
from reader.voices import registry

__all__ = ["SETTINGS", "Setting", "Value", "key_setting"]


def _user_language() -> str:
    """The language of the user's desktop, as a two-letter code."""
    try:
        name = locale.getlocale()[0] or ""
    except ValueError:  # Python doesn't know the locale's name
        name = ""
    code = code_of(name)
    return code if code in CODES else "en"


def key_setting(command: Command) -> str:
    """The name of the setting that holds a command's chord."""
    return "keys." + command.replace("-", "_")


def _voice(value: Value) -> Value:
    """A voice's id, an engine's name followed by a slash for any of its voices that speaks the language, or nothing."""
    engine, stroke, name = str(any_text(value)).partition("/")
    if value and (registry.engine_of(engine) is None or not stroke or "/" in name):
        sentence = translate(
            "reader",
            "“{value}” is not the name of a voice. “harken voices” lists them, for example neural/heart or espeak/de.",
        )
        raise SettingsError(sentence.format(value=foreign.shown(value)))
    return value


def _language(value: Value) -> Value:
    if any_text(value) and value not in CODES:
        sentence = translate("settings", "Use a language code such as en or de, not “{value}”.")
        raise SettingsError(sentence.format(value=foreign.shown(value)))
    return value


# Amazon Polly's documentation of StartSpeechSynthesisStream: at most five names of letters and digits.
_LEXICON = "[0-9A-Za-z]{1,20}"
_LEXICONS = pattern(
    rf"\s*{_LEXICON}(?:[,\s]+{_LEXICON}){{0,4}}\s*",
    QT_TRANSLATE_NOOP(
        "settings", "Use up to five names, made of letters and digits and separated by commas, not “{value}”."
    ),
)
_PAIR = "[a-z]{2,3}=[a-z-]+/[^ ,/=]+"
_PREFERRED = pattern(
    rf"\s*{_PAIR}(?:[,\s]+{_PAIR})*\s*",
    QT_TRANSLATE_NOOP("settings", "Use languages and voices, such as de=piper/de_DE-kerstin-low, not “{value}”."),
)
_REGION = pattern(
    "[a-z]{2,4}(-[a-z]+)+-[0-9]+",
    QT_TRANSLATE_NOOP("settings", "Use the name of a region, such as eu-central-1, not “{value}”."),
)

_VOICE = (
    text(
        "voice.id",
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Voice"),
        QT_TRANSLATE_NOOP(
            "settings", "A voice that you choose reads every language it knows. Automatic: the text's language decides."
        ),
        SettingKind.VOICE,
        _voice,
    ),
    number(
        "voice.speed",
        1.0,
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Speed"),
        QT_TRANSLATE_NOOP("settings", "1 is the voice's normal speed, about 200 words a minute."),
        low=MIN_SPEED,
        high=MAX_SPEED,
        step=0.05,
        unit="×",
    ),
    text(
        "voice.language",
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Always read as"),
        QT_TRANSLATE_NOOP("settings", "Automatic: detected for each part of a text."),
        SettingKind.LANGUAGE,
        _language,
    ),
    Setting(
        "voice.expected_language",
        _user_language(),
        Page.VOICE,
        SettingKind.LANGUAGE,
        QT_TRANSLATE_NOOP("settings", "Assume for very short texts"),
        QT_TRANSLATE_NOOP("settings", "Used when a text is too short to detect its language."),
        _language,
    ),
    switch(
        "voice.fall_back",
        True,
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "When a voice fails, continue with another"),
        QT_TRANSLATE_NOOP("settings", "Otherwise Harken says what happened and waits."),
    ),
    text(
        "voice.stand_in",
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Backup voice"),
        QT_TRANSLATE_NOOP("settings", "Used when the chosen voice fails. Automatic: the best one on this computer."),
        SettingKind.VOICE,
        _voice,
    ),
    text(
        "voice.preferred",
        Page.VOICE,
        QT_TRANSLATE_NOOP("settings", "Voices for particular languages"),
        QT_TRANSLATE_NOOP("settings", "For example de=piper/de_DE-kerstin-low. Used while the voice is automatic."),
        SettingKind.TEXT,
        _PREFERRED,
    ),
)

_READING = (
    switch(
        "reading.focused_text",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "If nothing is selected, read the focused text"),
        QT_TRANSLATE_NOOP("settings", "Starts at the paragraph with the cursor. Buttons and lists are described."),
    ),
    switch(
        "reading.clipboard",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "If there is nothing else to read, read the clipboard"),
        QT_TRANSLATE_NOOP("settings", "Whatever you copied last."),
    ),
    switch(
        "reading.every_selection",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Read new selections automatically"),
        QT_TRANSLATE_NOOP("settings", "As soon as you select something, without a key."),
    ),
    switch(
        "reading.prepare",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Prepare each new selection"),
        QT_TRANSLATE_NOOP(
            "settings", "Its first words are ready when you press the key. Only with a voice on this computer."
        ),
    ),
    switch(
        "reading.follow_focus",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Say what gets the focus"),
        QT_TRANSLATE_NOOP("settings", "Each control as you move to it, with a voice on this computer."),
    ),
    switch(
        "reading.follow_pointer",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Say what the pointer rests on"),
        QT_TRANSLATE_NOOP("settings", "Not on Wayland, where programs can't see where the pointer is."),
    ),
    switch(
        "reading.history",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Remember the last twenty texts"),
        QT_TRANSLATE_NOOP("settings", "Until Harken quits, so that you can hear them again. Never written to a file."),
    ),
    switch(
        "reading.go_on",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Continue where you stopped"),
        QT_TRANSLATE_NOOP(
            "settings", "When you have the same text read again. Press the key twice to start from the beginning."
        ),
    ),
    switch(
        "reading.places",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Remember the place in long texts and documents"),
        QT_TRANSLATE_NOOP("settings", "Even after Harken quits: positions and fingerprints, not the texts."),
    ),
    switch(
        "reading.keep_texts",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Keep the texts as well"),
        QT_TRANSLATE_NOOP("settings", "In files that only you can read, so that Harken can continue them by itself."),
    ),
    switch(
        "reading.spoken_notices",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Speak messages"),
        QT_TRANSLATE_NOOP("settings", "Otherwise they are only shown. A running screen reader speaks them instead."),
    ),
    switch(
        "cues.pause",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "A tone on pause and resume"),
        QT_TRANSLATE_NOOP("settings", "Low for pause, high for resume."),
    ),
    switch(
        "cues.end",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "A tone at the end of a text"),
        QT_TRANSLATE_NOOP("settings", "So that you can tell the end from a long pause."),
    ),
    switch(
        "cues.speed",
        True,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Say the new speed"),
        QT_TRANSLATE_NOOP("settings", "When you change it while nothing is being read."),
    ),
    switch(
        "reading.enable_accessibility",
        False,
        Page.READING,
        QT_TRANSLATE_NOOP("settings", "Ask all programs to report their focused text"),
        QT_TRANSLATE_NOOP("settings", "Turns on the desktop's accessibility. Some programs must then be restarted."),
    ),
)

_KEYS = (
    *(chord(key_setting(command), DEFAULTS.get(command, ""), label) for command, label in LABELS.items()),
    switch(
        "keys.escape_stops",
        True,
        Page.KEYS,
        QT_TRANSLATE_NOOP("settings", "Esc stops reading"),
        QT_TRANSLATE_NOOP("settings", "When nothing is being read, Esc goes to the program in front."),
    ),
    switch(
        "keys.media_keys",
        True,
        Page.KEYS,
        QT_TRANSLATE_NOOP("settings", "Media keys and headset buttons"),
        QT_TRANSLATE_NOOP("settings", "Play, pause, next and previous work while something is being read."),
    ),
)

_SOUND = (
    text(
        "sound.device",
        Page.SOUND,
        QT_TRANSLATE_NOOP("settings", "Sound output"),
        QT_TRANSLATE_NOOP("settings", "Automatic: the system's default."),
        SettingKind.DEVICE,
    ),
    number(
        "sound.volume",
        100.0,
        Page.SOUND,
        QT_TRANSLATE_NOOP("settings", "Volume"),
        QT_TRANSLATE_NOOP("settings", "Affects Harken only."),
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
        QT_TRANSLATE_NOOP("settings", "100%: unchanged."),
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
        QT_TRANSLATE_NOOP("settings", "For headsets that cut off the first word after a silence."),
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
        QT_TRANSLATE_NOOP("settings", "Automatic: the account is found the way AWS's own tools find it."),
        SettingKind.PROFILE,
    ),
    choice(
        "polly.source",
        "",
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Source of AWS keys"),
        QT_TRANSLATE_NOOP("settings", "Used when no profile is chosen."),
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
        QT_TRANSLATE_NOOP("settings", "Where the speech is generated. Automatic: the profile's region."),
        SettingKind.REGION,
        _REGION,
    ),
    choice(
        "polly.format",
        "pcm",
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Sound format"),
        QT_TRANSLATE_NOOP("settings", "What is sent over the network."),
        (
            ("pcm", QT_TRANSLATE_NOOP("settings", "PCM (starts soonest)")),
            ("mp3", QT_TRANSLATE_NOOP("settings", "MP3 (fuller sound)")),
            ("ogg_vorbis", QT_TRANSLATE_NOOP("settings", "Ogg Vorbis (fuller sound)")),
        ),
    ),
    text(
        "polly.lexicons",
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Lexicons"),
        QT_TRANSLATE_NOOP("settings", "Up to five of the account's pronunciation lexicons, separated by commas."),
        SettingKind.TEXT,
        _LEXICONS,
    ),
    number(
        "polly.monthly_limit",
        0.0,
        Page.POLLY,
        QT_TRANSLATE_NOOP("settings", "Monthly limit"),
        QT_TRANSLATE_NOOP("settings", "After this many characters, a voice on this computer takes over. 0: no limit."),
        low=0,
        high=1e9,
        step=10_000,
        unit=QT_TRANSLATE_NOOP("settings", "characters"),
    ),
)

SETTINGS: dict[str, Setting] = {
    setting.key: setting for setting in (*_VOICE, *_READING, *TEXT, *PLAYER, *_KEYS, *_SOUND, *_POLLY, *SERVER, *SYSTEM)
}

# Settings whose values are things of this computer or of an account, which may be missing now: see
# reader/core/advice.py.
LOOKED_UP = frozenset(
    key
    for key, setting in SETTINGS.items()
    if setting.kind
    in (SettingKind.VOICE, SettingKind.LANGUAGE, SettingKind.DEVICE, SettingKind.PROFILE, SettingKind.REGION)
)
