"""What to show in which state: icon, words, available actions. No Qt, so that all of it can be tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reader.flow import Command, State, words_a_minute
from reader.support.i18n import QT_TRANSLATE_NOOP, translate

# Steps of the speed menu, as factors of a voice's normal speed.
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0)

_TITLES = {
    State.IDLE: QT_TRANSLATE_NOOP("ui", "Harken – ready"),
    State.PREPARING: QT_TRANSLATE_NOOP("ui", "Harken – looking for text"),
    State.SPEAKING: QT_TRANSLATE_NOOP("ui", "Harken – reading"),
    State.PAUSED: QT_TRANSLATE_NOOP("ui", "Harken – paused"),
}
# The most important key in each state, and what it does.
_HINTS = {
    State.IDLE: (Command.READ_SELECTION, QT_TRANSLATE_NOOP("ui", "{key} reads the selection")),
    State.PREPARING: (Command.STOP, QT_TRANSLATE_NOOP("ui", "{key} stops")),
    State.SPEAKING: (Command.STOP, QT_TRANSLATE_NOOP("ui", "{key} stops")),
    State.PAUSED: (Command.PAUSE_RESUME, QT_TRANSLATE_NOOP("ui", "{key} resumes")),
}
# Commands that need a text being read, or stopped before its end.
_ON_A_PLACE = frozenset(
    {
        Command.PAUSE_RESUME,
        Command.NEXT,
        Command.PREVIOUS,
        Command.NEXT_PARAGRAPH,
        Command.PREVIOUS_PARAGRAPH,
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """How Harken looks at a given moment. `icon` names a file in resources/icons."""

    icon: str
    title: str
    tooltip: str
    pause_label: str
    enabled: frozenset[Command]


def look(state: State, problem: str, keys: Mapping[Command, str], *, told: str = "", can_resume: bool = False) -> Look:
    """The look for a state. `problem` is the last unsolved one ("" for none), `keys` those that work now.

    `told` is the latest message that is not a problem; `can_resume`: a reading was stopped before its end.
    """
    icon = "problem" if problem and state is State.IDLE else state.value
    title = translate("ui", _TITLES[state])
    hint = told or problem or _hint(state, keys)
    enabled = {Command.READ_SELECTION, Command.READ_CLIPBOARD, Command.REPEAT, Command.FASTER, Command.SLOWER}
    if state is not State.IDLE:
        enabled |= {Command.STOP, *_ON_A_PLACE}
    elif can_resume:
        enabled |= _ON_A_PLACE
    is_resumed = state is State.PAUSED or (state is State.IDLE and can_resume)
    pause = translate("ui", "Res&ume") if is_resumed else translate("ui", "&Pause")
    return Look(icon, title, f"{title}\n{hint}" if hint else title, pause, frozenset(enabled))


def _hint(state: State, keys: Mapping[Command, str]) -> str:
    command, text = _HINTS[state]
    return translate("ui", text).format(key=keys[command]) if keys.get(command) else ""


def speed_label(speed: float, factor: str) -> str:
    """A speed in words. `factor` is the speed, formatted in the user's language."""
    text = translate("ui", "{factor}× (about %n words a minute)", None, words_a_minute(speed))
    return text.format(factor=factor)
