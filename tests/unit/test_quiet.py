"""When a selection is made, and when it counts no more."""

from __future__ import annotations

from reader.capture.quiet import QUIET_S, Quiet


def quiet() -> tuple[Quiet, list[bool]]:
    told: list[bool] = []
    made = Quiet(told.append)
    made.is_wanted = True
    return made, told


def test_one_that_is_dragged_over_a_book_is_told_of_once() -> None:
    made, told = quiet()
    now_s = 10.0
    for _ in range(1000):
        made.look(now_s)
        made.change(now_s, is_there=True)
        now_s += QUIET_S / 2
    assert told == []
    made.look(now_s + QUIET_S)
    made.look(now_s + 10)
    assert told == [True]
    assert made.due_s == 0.0


def test_it_is_not_looked_at_before_its_time() -> None:
    made, told = quiet()
    made.change(10.0, is_there=True)
    assert made.due_s == 10.0 + QUIET_S
    made.look(10.0 + QUIET_S / 2)
    assert told == []


def test_the_next_one_is_told_of_at_its_first_change_and_once() -> None:
    made, told = quiet()
    made.change(10.0, is_there=True)
    made.look(11.0)
    made.change(12.0, is_there=True)
    made.change(12.01, is_there=True)
    assert told == [True, False]


def test_another_window_ends_what_was_told_of() -> None:
    made, told = quiet()
    made.change(12.0, is_there=True)
    made.look(13.0)
    made.leave()
    made.leave()
    made.look(14.0)
    assert told == [True, False]


def test_a_window_that_comes_to_the_front_with_its_selection_is_told_of() -> None:
    made, told = quiet()
    made.change(10.0, is_there=True)
    made.leave()
    made.look(11.0)
    assert told == [True]


def test_that_nothing_is_selected_any_more_is_no_selection() -> None:
    made, told = quiet()
    made.change(10.0, is_there=True)
    made.look(11.0)
    made.change(12.0, is_there=False)
    made.look(13.0)
    assert told == [True, False]


def test_nobody_wants_it() -> None:
    made, told = quiet()
    made.is_wanted = False
    made.change(10.0, is_there=True)
    made.look(11.0)
    assert told == []
    assert made.due_s == 0.0
