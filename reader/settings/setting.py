"""What a setting is: its name, its meaning and its valid values. `schema.py` has them all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from reader.errors import SettingsError
from reader.hotkeys.chord import Chord
from reader.support import foreign
from reader.support.i18n import translate

Value = str | bool | float
Check = Callable[[Value], Value]

MAX_TEXT_CHARS = 300


class SettingKind(StrEnum):
    """What is chosen, and so which control a window uses for it."""

    SWITCH = "switch"
    NUMBER = "number"
    CHOICE = "choice"  # one of `choices`
    TEXT = "text"
    CHORD = "chord"
    VOICE = "voice"  # the id of an available voice
    LANGUAGE = "language"  # an ISO 639-1 code
    DEVICE = "device"  # the name of a sound output
    PROFILE = "profile"  # a profile of ~/.aws
    REGION = "region"  # a region of AWS
    COLOUR = "colour"  # as HTML writes it: #rrggbb


class Page(StrEnum):
    """The page of the settings window that a setting is on."""

    VOICE = "voice"
    READING = "reading"
    TEXT = "text"
    WORDS = "words"
    PLAYER = "player"
    KEYS = "keys"
    SOUND = "sound"
    POLLY = "polly"
    SERVER = "server"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. `label` names it and `summary` explains it to people; both are marked for translation.

    `check` returns the value as it is stored, or raises SettingsError with a sentence for the user. `choices` are
    (value, label). A number lies between `low` and `high`, in `unit`, and changes by `step`. `sample`, marked too, is a
    text that lets people hear what it does.
    """

    key: str
    default: Value
    page: Page
    kind: SettingKind
    label: str
    summary: str
    check: Check
    choices: tuple[tuple[str, str], ...] = ()
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    unit: str = ""
    sample: str = ""

    @property
    def told(self) -> str:
        """A description, in one line of English."""
        return f"{self.label}." if self.summary == self.label else f"{self.label}. {self.summary}"

    def parse(self, text: str) -> Value:
        """Read a value from a command line. Raises SettingsError."""
        value: Value = text
        if isinstance(self.default, bool):
            if text.lower() not in _WORDS:
                raise SettingsError(
                    translate("reader", "Use “on” or “off” for {key}, not “{text}”.").format(
                        key=self.key, text=foreign.shown(text)
                    )
                )
            value = _WORDS[text.lower()]
        elif isinstance(self.default, float):
            try:
                value = float(text)
            except ValueError:
                value = text  # `check` reports what it should have been
        try:
            return self.check(value)
        except SettingsError as error:
            raise SettingsError(
                translate("reader", "{key}: {problem}").format(key=self.key, problem=error.sentence)
            ) from None


_WORDS = {"on": True, "off": False, "true": True, "false": False, "yes": True, "no": False}


def switch(key: str, default: bool, page: Page, label: str, summary: str, sample: str = "") -> Setting:
    """A setting that is on or off."""

    def check(value: Value) -> Value:
        if not isinstance(value, bool):
            raise SettingsError(translate("reader", "Use true or false, not {value}.").format(value=quoted(value)))
        return value

    return Setting(key, default, page, SettingKind.SWITCH, label, summary, check, sample=sample)


def number(
    key: str,
    default: float,
    page: Page,
    label: str,
    summary: str,
    *,
    low: float,
    high: float,
    step: float = 1.0,
    unit: str = "",
) -> Setting:
    """A setting that is a number within limits."""

    def check(value: Value) -> Value:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            if unit and unit != "×":
                sentence = translate("reader", "Use a number from {low:g} to {high:.10g} {unit}, not {value}.")
            else:
                sentence = translate("reader", "Use a number from {low:g} to {high:.10g}, not {value}.")
            unit_word = translate("settings", unit)
            raise SettingsError(sentence.format(low=low, high=high, unit=unit_word, value=quoted(value)))
        return float(value)

    return Setting(key, default, page, SettingKind.NUMBER, label, summary, check, (), low, high, step, unit)


def choice(
    key: str,
    default: str,
    page: Page,
    label: str,
    summary: str,
    choices: tuple[tuple[str, str], ...],
    sample: str = "",
) -> Setting:
    """A setting that is one of a few values."""
    allowed = [value for value, _ in choices]

    def check(value: Value) -> Value:
        if value not in allowed:
            named = [value for value in allowed if value]
            sentence = translate("reader", "Choose {values} or {last}, not {value}.")
            if "" in allowed:
                sentence = translate("reader", 'Choose {values} or {last}, or "" for automatic, not {value}.')
            values = ", ".join(named[:-1])
            raise SettingsError(sentence.format(values=values, last=named[-1], value=quoted(value)))
        return value

    return Setting(key, default, page, SettingKind.CHOICE, label, summary, check, choices, sample=sample)


def text(
    key: str, page: Page, label: str, summary: str, kind: SettingKind = SettingKind.TEXT, check: Check | None = None
) -> Setting:
    """A setting that is text, empty by default."""
    return Setting(key, "", page, kind, label, summary, check or any_text)


def colour(key: str, default: str, page: Page, label: str, summary: str) -> Setting:
    """A setting that is a colour, such as "#fbf3dc"."""

    def check(value: Value) -> Value:
        if not re.fullmatch("#[0-9a-fA-F]{6}", str(any_text(value))):
            sentence = translate("reader", "Use a colour such as #fbf3dc: “#” and six digits or letters from a to f.")
            raise SettingsError(sentence)
        return str(value).lower()

    return Setting(key, default, page, SettingKind.COLOUR, label, summary, check)


def chord(key: str, default: str, label: str) -> Setting:
    """A setting that holds a chord, or "" for none."""

    def check(value: Value) -> Value:
        return str(Chord.parse(str(value))) if any_text(value) else value

    return Setting(key, default, Page.KEYS, SettingKind.CHORD, label, label, check)


def any_text(value: Value) -> Value:
    """Check that it is a single line of text that can be written and shown. Raises SettingsError."""
    if not isinstance(value, str):
        raise SettingsError(translate("reader", "Use text, not {value}.").format(value=quoted(value)))
    if foreign.fault_in(value, MAX_TEXT_CHARS):
        sentence = translate("reader", "Use one line of at most {limit} characters, not {value}.")
        raise SettingsError(sentence.format(limit=MAX_TEXT_CHARS, value=quoted(value)))
    return value


def quoted(value: object) -> str:
    """Any value, as shown to people."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        return f"“{foreign.shown(value)}”"
    try:
        return foreign.shown(value)
    except (ValueError, RecursionError):  # integers of thousands of digits
        return "…"


def pattern(wanted: str, sentence: str) -> Check:
    """Make a check for text that is empty or matches `wanted`. `sentence`, marked, says what “{value}” should be."""

    def check(value: Value) -> Value:
        if not re.fullmatch(wanted, str(any_text(value))) and value != "":
            raise SettingsError(translate("settings", sentence).format(value=foreign.shown(value)))
        return value

    return check
