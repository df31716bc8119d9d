"""Which of the things that the user comes to are described, and how many of a flood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from reader.capture.accessible import Accessibles
from reader.capture.follow import APART_S, Follow, shortened
from reader.capture.roles import Role, State
from tests.fakes.accessible_program import Item, Program
from tests.own_time import settle

pytestmark = pytest.mark.own_time
_ROOT = "org/a11y/atspi/accessible/root"


def window(role: int = Role.FRAME, *, active: bool = True) -> Item:
    return Item(role=role, states=(1 << State.ACTIVE) * active, parent=f"/{_ROOT}")


def button(name: str, parent: str = "/window") -> Item:
    return Item(role=Role.BUTTON, name=name, parent=parent)


@asynccontextmanager
async def followed(program: Program) -> AsyncIterator[tuple[Follow, list[str]]]:
    objects = Accessibles()
    objects._bus = program  # type: ignore[assignment]
    said: list[str] = []
    follow = Follow(objects, said.append)
    follow.start()
    try:
        yield follow, said
    finally:
        await follow.close()


async def test_what_has_the_focus_in_the_active_window_is_said() -> None:
    program = Program(window=window(), panel=Item(role=39, parent="/window"), ok=button("OK", "/panel"))
    async with followed(program) as (follow, said):
        follow.meet(program.object("ok"))
        await settle()
        assert said == ["OK, button"]
        follow.meet(program.object("ok"))  # again
        await settle()
        assert said == ["OK, button"]


@pytest.mark.parametrize("role", [Role.FRAME, Role.DIALOG])
async def test_what_a_window_behind_reports_changes_nothing(role: int) -> None:
    items = {
        "window": window(role, active=False),
        "front": window(),
        "ok": button("OK"),
        _ROOT: Item(children=["/front"]),
    }
    async with followed(Program(**items)) as (follow, said):
        follow.meet(Program().object("ok"))
        await settle()
        assert said == []


async def test_a_menu_belongs_to_its_programs_active_window() -> None:
    items = {"menu": Item(role=Role.MENU, parent=f"/{_ROOT}"), "front": window(), "entry": button("Open", "/menu")}
    for children, expected in ((["/menu", "/front"], ["Open, button"]), (["/menu"], [])):
        async with followed(Program(**items, **{_ROOT: Item(children=children)})) as (follow, said):
            follow.meet(Program().object("entry"))
            await settle()
            assert said == expected


async def test_the_pointer_may_rest_on_any_window() -> None:
    async with followed(Program(window=window(active=False), ok=button("OK"))) as (follow, said):
        follow.meet(Program().object("ok"), in_front=False)
        await settle()
        assert said == ["OK, button"]


async def test_nothing_more_to_say_is_said() -> None:
    program = Program(window=window(), panel=Item(role=39, parent="/window"))
    async with followed(program) as (follow, said):
        for item in (program.object("panel"), None, program.object("gone")):
            follow.meet(item)
            await asyncio.sleep(APART_S)
            await settle()
        assert said == ["", "", ""]


@pytest.mark.parametrize(("role", "kind"), [(Role.ENTRY, "text field"), (Role.PASSWORD, "password")])
async def test_a_field_without_name_and_text_is_said_to_be_one(role: int, kind: str) -> None:
    program = Program(window=window(), field=Item(role=role, text="", parent="/window"))
    async with followed(program) as (follow, said):
        follow.meet(program.object("field"))
        await settle()
        assert kind in said[0]


async def test_a_password_is_not_asked_for_its_text() -> None:
    secret = Item(role=Role.PASSWORD, name="Password", text="hunter2", parent="/window")
    program = Program(window=window(), secret=secret)
    async with followed(program) as (follow, said):
        follow.meet(program.object("secret"))
        await settle()
        assert said
        assert "hunter2" not in said[0]
        assert "GetText" not in program.asked


async def test_of_a_flood_the_first_and_the_newest_are_described() -> None:
    program = Program(window=window(), **{f"b{number}": button(f"Button {number}") for number in range(1000)})
    async with followed(program) as (follow, said):
        follow.meet(program.object("b0"))
        await settle()
        for number in range(1, 1000):  # within no time at all
            follow.meet(program.object(f"b{number}"))
        await asyncio.sleep(APART_S)
        await settle()
        assert said == ["Button 0, button", "Button 999, button"]


async def test_a_flood_of_a_second_costs_no_more_than_the_steps_there_are_in_it() -> None:
    program = Program(window=window(), **{f"b{number}": button(f"Button {number}") for number in range(1000)})
    async with followed(program) as (follow, said):
        for number in range(1000):
            follow.meet(program.object(f"b{number}"))
            await asyncio.sleep(0.001)
        assert len(said) <= 1.0 / APART_S + 1
        assert program.asked.count("GetRole") <= 2 * (1.0 / APART_S + 1)


async def test_a_newer_one_does_not_wait_for_a_program_that_hangs() -> None:
    gate = asyncio.Event()
    program = Program(window=window(), ok=button("OK"), slow=button("Slow"))
    ask = program.ask

    async def hang(message: object, limit_s: float) -> object:
        if "/slow" in str(message):
            await gate.wait()
        return await ask(message, limit_s)

    program.ask = hang  # type: ignore[method-assign,assignment]
    async with followed(program) as (follow, said):
        follow.meet(program.object("slow"))
        await asyncio.sleep(APART_S)
        follow.meet(program.object("ok"))
        await settle()
        assert said == ["OK, button"]


def test_a_long_text_is_shortened_to_whole_words() -> None:
    assert shortened("Short.") == "Short."
    said = shortened("word " * 1000)
    assert said.endswith("word…")
    assert len(said) <= 301
    assert len(shortened("x" * 1000)) == 301
