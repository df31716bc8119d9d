import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.session.state import CAPTURING, SHOWN, TABLE, Action, Input, Mode, step

READING = {Mode.SPEAKING, Mode.PAUSED, Mode.PREPARING, Mode.CAPTURING_OVER_SPEECH, Mode.CAPTURING_OVER_PAUSE}


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("happened", list(Input))
def test_every_pair_is_defined(mode: Mode, happened: Input) -> None:
    after, actions = step(mode, happened)
    assert after in SHOWN
    assert all(isinstance(action, Action) for action in actions)


@pytest.mark.parametrize("mode", list(Mode))
def test_stop_always_stops(mode: Mode) -> None:
    after, actions = step(mode, Input.STOP)
    assert after is Mode.IDLE
    assert (Action.DISCARD in actions) is (mode in READING)


@pytest.mark.parametrize("mode", list(Mode))
def test_a_given_text_is_always_read_next(mode: Mode) -> None:
    after, actions = step(mode, Input.GIVEN)
    assert after is Mode.PREPARING
    assert actions[-1] is Action.START
    assert (Action.DISCARD in actions) is (mode in READING)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("happened", [happened for happened in Input if not happened.name.startswith("CAPTURE")])
def test_no_search_goes_on_whose_text_is_not_wanted(mode: Mode, happened: Input) -> None:
    after, actions = step(mode, happened)
    begins = {Action.CAPTURE, Action.REOPEN}  # a new search ends the one before
    assert (Action.STOP_SEARCH in actions) is (mode in CAPTURING and after not in CAPTURING)
    assert after not in CAPTURING or mode in CAPTURING or begins & set(actions)


@pytest.mark.parametrize("mode", [Mode.PREPARING, Mode.SPEAKING])
def test_a_press_silences_before_it_looks(mode: Mode) -> None:
    assert step(mode, Input.READ)[1] == (Action.HOLD, Action.CAPTURE)


def test_every_mode_can_be_reached() -> None:
    reached = {Mode.IDLE}
    for _ in Mode:
        reached |= {step(mode, happened)[0] for mode in reached for happened in Input}
    assert reached == set(Mode)


@given(st.lists(st.sampled_from(list(Input)), max_size=60))
def test_there_is_a_reading_exactly_in_the_modes_that_have_one(inputs: list[Input]) -> None:
    mode, is_reading = Mode.IDLE, False
    for happened in inputs:
        mode, actions = step(mode, happened)
        for action in actions:
            if action in (Action.START, Action.READ_LAST):
                assert not is_reading
                is_reading = True
            elif action in (Action.DISCARD, Action.GIVE_UP):
                assert is_reading
                is_reading = False
            elif action in (Action.HOLD, Action.PAUSE, Action.RELEASE, Action.SKIP):
                assert is_reading
        if happened is Input.ENDED and mode is Mode.IDLE:
            is_reading = False
        assert is_reading is (mode in READING)


@pytest.mark.parametrize(
    ("action", "inputs"),
    [
        (Action.CAPTURE, {Input.READ}),
        (Action.START, {Input.GIVEN, Input.CAPTURED_NEW}),
        (Action.SKIP, {Input.SKIP}),
        (Action.READ_LAST, {Input.AGAIN}),
        (Action.EXPLAIN, {Input.CAPTURE_FAILED}),
        (Action.EXPLAIN_FAULT, {Input.CAPTURE_FAILED}),
        (Action.GIVE_UP, {Input.FAILED}),
    ],
)
def test_an_action_follows_only_inputs_that_bring_its_value(action: Action, inputs: set[Input]) -> None:
    assert {happened for (_, happened), (_, actions) in TABLE.items() if action in actions} == inputs


def test_the_table_names_no_mode_twice_for_nothing() -> None:
    assert not [pair for pair, (after, actions) in TABLE.items() if after is pair[0] and not actions]
