"""What to show in which state: icon, words, which actions can be used. No Qt, so that it can be tested whole."""

from __future__ import annotations

from dataclasses import dataclass

from reader.flow import NORMAL_WPM, Command, State

# Steps of the speed menu, as factors of a voice's own pace.
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0)

# The voices offered in the menu: what they are called, and the value of the setting voice.id.
VOICES = (
    ("By the text's language", ""),
    ("Heart (natural, English)", "neural/heart"),
    ("eSpeak NG (all languages, clear when very fast)", "espeak/"),
)

_WORDS = {
    State.IDLE: "ready",
    State.PREPARING: "looking for text",
    State.SPEAKING: "reading",
    State.PAUSED: "paused",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How Harken looks in one moment. `icon` names a file in resources/icons."""

    icon: str
    title: str
    tooltip: str
    pause_label: str
    enabled: frozenset[Command]


def look(state: State, problem: str, keys: dict[Command, str]) -> Look:
    """The look for a state. `problem` is the last one not yet got over ("" for none), `keys` the chords."""
    icon = "problem" if problem and state is State.IDLE else state.value
    title = f"Harken – {_WORDS[state]}"
    hint = problem or _hint(state, keys)
    enabled = {Command.READ_SELECTION, Command.REPEAT, Command.FASTER, Command.SLOWER}
    if state is not State.IDLE:
        enabled |= {Command.PAUSE_RESUME, Command.STOP, Command.NEXT, Command.PREVIOUS}
    pause = "Res&ume" if state is State.PAUSED else "&Pause"
    return Look(icon, title, f"{title}\n{hint}" if hint else title, pause, frozenset(enabled))


def _hint(state: State, keys: dict[Command, str]) -> str:
    """The key that matters most now."""
    command, what = {
        State.IDLE: (Command.READ_SELECTION, "reads what is selected"),
        State.PAUSED: (Command.PAUSE_RESUME, "goes on"),
    }.get(state, (Command.STOP, "stops"))
    return f"{keys[command]} {what}" if keys.get(command) else ""


def speed_label(speed: float) -> str:
    """A step of the speed menu in words."""
    return f"{speed:g}× (about {round(NORMAL_WPM * speed / 5) * 5} words a minute)"


def nearest_speed(speed: float) -> float:
    """The step of the menu that a speed is nearest to."""
    return min(SPEEDS, key=lambda step: abs(step - speed))
