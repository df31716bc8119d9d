"""What is said of a control: its name, kind, value, state and place, each as far as its program tells."""

from __future__ import annotations

import pytest

from reader.capture.accessible import Accessibles, Relation
from reader.capture.controls import describe
from reader.capture.roles import Role, State
from reader.errors import CaptureError, CaptureTimeoutError
from tests.fakes.accessible_program import Item, Program

_USABLE = 1 << State.ENABLED | 1 << State.SENSITIVE | 1 << State.SHOWING


def states(*names: State) -> int:
    return _USABLE | sum(1 << name for name in names)


async def said(program: Program) -> str:
    """What is said of the object `it` of a program."""
    objects = Accessibles()
    objects._bus = program  # type: ignore[assignment]
    return await describe(objects, program.object("it"))


CONTROLS = [
    (Item(Role.CHECK_BOX, name="Send reports", states=states(State.CHECKED)), "Send reports, check box, checked"),
    (Item(Role.CHECK_BOX, name="Send reports", states=states()), "Send reports, check box, not checked"),
    (
        Item(Role.CHECK_BOX, name="All of them", states=states(State.INDETERMINATE)),
        "All of them, check box, partially checked",
    ),
    (Item(Role.RADIO_BUTTON, name="Left", states=states(State.CHECKED)), "Left, radio button, selected"),
    (Item(Role.TOGGLE_BUTTON, name="Bold", states=states(State.PRESSED)), "Bold, toggle button, pressed"),
    (Item(Role.SWITCH, name="Wi-Fi", states=states()), "Wi-Fi, switch, off"),
    (Item(Role.BUTTON, name="Save", states=states()), "Save, button"),
    (Item(Role.BUTTON, name="Save", states=1 << State.SHOWING), "Save, button, unavailable"),
    (Item(Role.BUTTON, name="Save", description="Keeps the file."), "Save, button, Keeps the file."),
    (Item(Role.BUTTON, name="Save the file", description="Save"), "Save the file, button"),
    (Item(Role.BUTTON, name="Two\n  lines"), "Two lines, button"),
    (Item(Role.LINK, name="Next page", states=states(State.VISITED)), "Next page, link, visited"),
    (Item(Role.LINK, text="Next \ufffcpage", inner=["/x"]), "Next page, link"),
    (Item(Role.SLIDER, name="Volume", value=40.0), "Volume, slider, 40"),
    (Item(Role.SLIDER, name="Volume", value=0.4, value_range=(0.0, 1.0)), "Volume, slider, 40%"),
    (Item(Role.SLIDER, name="Size", value=2.0, value_text="medium"), "Size, slider, medium"),
    (Item(Role.SLIDER, name="Odd", value=float("nan")), "Odd, slider"),
    (Item(Role.PROGRESS_BAR, name="Copying", value=5.0, value_range=(0.0, 20.0)), "Copying, progress bar, 25%"),
    (Item(Role.SPIN_BUTTON, name="Copies", text="3", value=3.0), "Copies, number field, 3"),
    (Item(Role.ENTRY, name="City", text="Rome"), "City, text field, Rome"),
    (
        Item(Role.ENTRY, name="City", text="", states=states(State.REQUIRED, State.INVALID_ENTRY)),
        "City, text field, required, not valid",
    ),
    (Item(Role.ENTRY, name="Key", text="abc", states=states(State.READ_ONLY)), "Key, text field, abc, read-only"),
    (
        Item(Role.TREE_ITEM, name="Music", states=states(State.EXPANDABLE, State.EXPANDED), attributes={"level": "2"}),
        "Music, tree item, expanded, level 2",
    ),
    (Item(Role.TREE_ITEM, name="Music", states=states(State.EXPANDABLE)), "Music, tree item, collapsed"),
    (
        Item(Role.LIST_ITEM, name="Rome", attributes={"posinset": "3", "setsize": "7"}, states=states(State.SELECTED)),
        "Rome, list item, selected, 3 of 7",
    ),
    (Item(Role.LIST_ITEM, name="Rome", attributes={"posinset": "9", "setsize": "7"}), "Rome, list item"),
    (Item(Role.LIST_ITEM, name="Rome", attributes={"posinset": "x", "setsize": "7"}), "Rome, list item"),
    (Item(Role.HEADING, name="Results", attributes={"level": "2"}), "Results, heading, level 2"),
    (Item(Role.LABEL, name="Ready."), "Ready."),
    (Item(999, role_name="gadget", name="New"), "New, gadget"),
    (Item(Role.PASSWORD, name="Password", text="hunter2"), "Password, password field"),
    (Item(39, role_name="panel"), ""),
]


@pytest.mark.parametrize(("item", "expected"), CONTROLS, ids=[expected or "nothing" for _, expected in CONTROLS])
async def test_a_control_is_said(item: Item, expected: str) -> None:
    assert await said(Program(it=item)) == expected


async def test_a_label_beside_it_is_its_name() -> None:
    entry = Item(Role.ENTRY, text="Rome", relations={Relation.LABELLED_BY: ["/label"]})
    assert await said(Program(it=entry, label=Item(Role.LABEL, name="City"))) == "City, text field, Rome"


async def test_the_place_among_others_of_its_kind_is_counted() -> None:
    items = {name: Item(Role.MENU_ITEM, name=name, parent="/menu") for name in ("it", "c")}
    menu = Item(Role.MENU, children=["/sub", "/line", "/it", "/c"])
    others = {"menu": menu, "sub": Item(Role.MENU), "line": Item(Role.SEPARATOR)}
    assert await said(Program(**items, **others)) == "it, menu item, 2 of 3"


async def test_among_very_many_it_is_not_looked_for() -> None:
    program = Program(it=Item(Role.LIST_ITEM, name="It", parent="/list"), list=Item(31, children=["/it"] * 5000))
    assert await said(program) == "It, list item"
    assert "GetChildren" not in program.asked


@pytest.mark.parametrize("where", ["it", "menu"])
async def test_what_is_chosen_in_a_drop_down_list_is_said(where: str) -> None:
    items = {"it": Item(Role.COMBO_BOX, name="Paper", children=["/menu"]), "menu": Item(Role.MENU)}
    items[where].chosen = "/a4"
    assert await said(Program(**items, a4=Item(Role.MENU_ITEM, name="A4"))) == "Paper, drop-down list, A4"


async def test_the_button_of_a_drop_down_list_is_that_list() -> None:
    """In GTK it has the focus."""
    button, box = Item(Role.TOGGLE_BUTTON, parent="/box"), Item(20, parent="/list")
    menu, a4 = Item(Role.MENU, chosen="/a4"), Item(Role.MENU_ITEM, name="A4")
    combo = Item(Role.COMBO_BOX, name="Paper", children=["/menu"])
    program = Program(it=button, box=box, list=combo, menu=menu, a4=a4)
    assert await said(program) == "Paper, drop-down list, A4"


async def test_a_cell_has_its_headers_and_its_place() -> None:
    cell = Item(Role.TABLE_CELL, name="3.6 million", cell=(1, 2), headers={"Row": ["/row"], "Column": ["/column"]})
    program = Program(it=cell, row=Item(name="Berlin"), column=Item(name="People"))
    assert await said(program) == "Berlin, People, 3.6 million, cell, row 2, column 3"


async def test_a_passwords_text_is_never_asked_for() -> None:
    program = Program(it=Item(Role.PASSWORD, name="Password", text="hunter2", value_text="hunter2"))
    await said(program)
    assert not {"GetText", "CharacterCount"} & set(program.asked)


async def test_a_program_that_hangs_is_told_of() -> None:
    with pytest.raises(CaptureTimeoutError):
        await said(Program(it=Item(Role.BUTTON, name="Save", hangs=True)))


async def test_an_object_that_is_gone_is_told_of() -> None:
    with pytest.raises(CaptureError):
        await said(Program())


async def test_parts_that_are_gone_are_left_out() -> None:
    item = Item(Role.COMBO_BOX, name="Paper", children=["/gone"], chosen="/gone", relations={2: ["/gone"]})
    assert await said(Program(it=item)) == "Paper, drop-down list"
