"""Which engines there are, and when those on a network are made and made again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from reader.errors import HarkenError, VoiceMissingError
from reader.session import engines as module
from reader.session.engines import Engines, Remote
from reader.voices.base import Engine
from tests.fakes.engine import FakeEngine


class Distant(FakeEngine):
    """One that tells what becomes of it."""

    def __init__(self, name: str, told: list[str]) -> None:
        super().__init__(name)
        self._told = told

    async def start(self) -> None:
        self._told.append("start")

    async def close(self) -> None:
        self._told.append("close")


class Far:
    """A network with one engine, and what was done there."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def make(self) -> Mapping[str, Engine]:
        self.told.append("make")
        return {"far": Distant("far", self.told)}


async def test_one_on_a_network_is_made_for_who_chose_it() -> None:
    far = Far()
    engines = Engines({"near": FakeEngine("near")}, [Remote(frozenset({"far"}), far.make)])
    voices, problem = await engines.ready("near/en")
    assert ([v.id for v in voices], problem, far.told) == (["near/en"], None, [])
    voices, problem = await engines.ready("far/en")
    assert ([v.id for v in voices], problem) == (["near/en", "far/en"], None)
    await engines.ready("far/en")
    assert far.told == ["make", "start", "start"]
    await engines.close()


async def test_what_has_changed_is_made_again_for_the_next_caller() -> None:
    far = Far()
    engines = Engines({}, [Remote(frozenset({"far"}), far.make)])
    await engines.ready("far/")
    used = engines.all["far"]
    engines.forget_remote({"far"})
    await engines.make_remote("far")
    assert engines.all["far"] is used  # a reading may have it
    far.told.clear()
    await engines.ready("far/")
    assert far.told == ["close", "make", "start"]
    assert engines.all["far"] is not used
    far.told.clear()
    await engines.ready("far/")
    assert far.told == ["start"]
    await engines.close()


async def test_a_change_before_there_was_any_costs_nothing() -> None:
    far = Far()
    engines = Engines({}, [Remote(frozenset({"far"}), far.make)])
    engines.forget_remote({"far"})
    await engines.ready("")
    assert far.told == []
    await engines.ready("far/")
    assert far.told == ["make", "start"]
    await engines.close()


async def test_one_that_can_not_be_made_is_told_of_and_made_for_the_next_caller() -> None:
    far, refused = Far(), HarkenError("The service is not there.")

    async def make() -> Mapping[str, Engine]:
        made = await far.make()
        if far.told == ["make"]:
            raise refused
        return made

    engines = Engines({"near": FakeEngine("near")}, [Remote(frozenset({"far"}), make)])
    voices, problem = await engines.ready("far/en")
    assert ([v.id for v in voices], problem) == (["near/en"], refused)  # whose voice may read instead
    voices, problem = await engines.ready("far/en")
    assert ([v.id for v in voices], problem) == (["near/en", "far/en"], None)
    await engines.close()


@pytest.mark.noisy
async def test_one_that_fails_unforeseen_while_it_is_made_is_told_of_too(noise: list[str]) -> None:
    async def make() -> Mapping[str, Engine]:
        raise ZeroDivisionError

    voices, problem = await Engines({"near": FakeEngine("near")}, [Remote(frozenset({"far"}), make)]).ready("far/en")
    assert [v.id for v in voices] == ["near/en"]
    assert isinstance(problem, VoiceMissingError)
    assert any("make remote voices" in message for message in noise)


async def test_voices_are_looked_for_again_while_those_of_a_service_are_made() -> None:
    far = Far()
    engines = Engines({}, [Remote(frozenset({"far"}), far.make)])

    class Collection(FakeEngine):
        has_voices = True

        async def renew(self) -> None:
            await engines.make_remote("far")

    engines.all["near"] = Collection("near")
    await engines.look_again()
    assert list(engines.all) == ["near", "far"]
    await engines.close()


class Sleeper(FakeEngine):
    """One that tells whether it was woken."""

    is_known = is_awake = False

    async def look(self) -> None:
        self.is_known = True

    async def start(self) -> None:
        self.is_awake = True


@pytest.mark.parametrize(
    ("wakes", "chosen", "awake"),
    [(None, "", ["one", "two"]), ((), "", []), (["one"], "", ["one"]), (["one"], "two/en", ["one", "two"])],
)
async def test_who_is_not_needed_sleeps(wakes: list[str] | None, chosen: str, awake: list[str]) -> None:
    one, two = Sleeper("one"), Sleeper("two")
    engines = Engines({"one": one, "two": two}, wakes=wakes)
    voices, problem = await engines.ready(chosen)
    assert ([voice.id for voice in voices], problem) == (["one/en", "two/en"], None)
    assert [engine.name for engine in (one, two) if engine.is_awake] == awake
    assert all(engine.is_known or engine.is_awake for engine in (one, two))
    assert await engines.started() == []
    assert [engine.name for engine in (one, two) if engine.is_awake] == awake


@pytest.mark.noisy
async def test_an_engine_that_does_not_get_ready_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_START_LIMIT_S", 0.0)

    class Slow(FakeEngine):
        async def start(self) -> None:
            raise TimeoutError

    voices, problem = await Engines({"slow": Slow("slow")}).ready("slow/en")
    assert [v.id for v in voices] == ["slow/en"]
    assert isinstance(problem, VoiceMissingError)
    assert problem.sentence == "The voices of “slow” are not ready yet. Try again in a moment."


@pytest.mark.noisy
@pytest.mark.parametrize("chosen", ["slow/", "slow/en", ""])
async def test_the_chosen_one_of_this_computer_is_waited_for_longer(
    chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_START_LIMIT_S", 0.0)

    class Slow(FakeEngine):
        is_ready = False

        async def start(self) -> None:
            for _ in range(5):
                await asyncio.sleep(0)
            self.is_ready = True

    slow, other = Slow("slow"), Slow("other")
    _, problem = await Engines({"slow": slow, "other": other}).ready(chosen)
    assert (problem, slow.is_ready, other.is_ready) == (None, True, False)


@pytest.mark.noisy
async def test_one_that_can_not_be_closed_keeps_no_other_running(noise: list[str]) -> None:
    told: list[str] = []

    class Stubborn(FakeEngine):
        async def close(self) -> None:
            raise RuntimeError

    await Engines({"near": Stubborn("near"), "nearer": Distant("nearer", told)}).close()
    assert told == ["close"]
    assert noise == ["reader.support.closing: Stubborn can't be closed"]
