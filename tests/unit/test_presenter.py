from importlib.resources import files

import pytest

from reader.flow import Command, State
from ui.presenter import look, speed_label

KEYS = {Command.READ_SELECTION: "Super+Alt+R", Command.STOP: "Super+Alt+X", Command.PAUSE_RESUME: "Super+Alt+Space"}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("problem", ["", "Nothing is selected."])
def test_every_state_has_an_icon_and_words(state: State, problem: str) -> None:
    shown = look(state, problem, KEYS)
    assert files("resources").joinpath(f"icons/{shown.icon}.svg").is_file()
    assert shown.title.startswith("Harken – ")
    assert (problem or "Super+Alt") in shown.tooltip


def test_states_differ_by_shape_and_words() -> None:
    icons = [files("resources").joinpath(f"icons/{look(s, '', KEYS).icon}.svg").read_text() for s in State]
    shapes = {icon.split("\n", 2)[2] for icon in icons}
    assert len(shapes) == len(list(State))
    assert len({look(s, "", KEYS).title for s in State}) == len(list(State))


def test_only_what_makes_sense_can_be_chosen() -> None:
    assert Command.STOP not in look(State.IDLE, "", KEYS).enabled
    assert Command.READ_SELECTION in look(State.IDLE, "", KEYS).enabled
    assert {Command.STOP, Command.NEXT, Command.PAUSE_RESUME} <= look(State.SPEAKING, "", KEYS).enabled
    assert look(State.PAUSED, "", KEYS).pause_label == "Res&ume"


def test_a_problem_is_shown_when_idle_only() -> None:
    assert look(State.IDLE, "No sound.", KEYS).icon == "problem"
    assert look(State.SPEAKING, "No sound.", KEYS).icon == "speaking"


def test_speeds() -> None:
    assert speed_label(1.0, "1") == "1× (about 200 words a minute)"
    assert speed_label(1.21, "1.21") == "1.21× (about 242 words a minute)"
