"""Which connections are kept, opened again and let go of, with connections made by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from reader.errors import ConnectionBrokenError, UnreachableError
from reader.http.h2_connection import Connection
from reader.voices.polly import connections
from reader.voices.polly.connections import READY, Connections
from tests.own_time import settle

pytestmark = pytest.mark.own_time

OnClosed = Callable[[Connection], None]


class FakeConnection:
    """As far as one is looked at."""

    def __init__(self, on_closed: OnClosed) -> None:
        self._on_closed = on_closed
        self.can_open = True
        self.is_over = False
        self.silent_s = 0.0
        self.pings = 0

    def ping(self) -> None:
        self.pings += 1

    def close(self) -> None:
        if not self.is_over:
            self.is_over = True
            self.can_open = False
            self._on_closed(cast(Connection, self))


@dataclass
class Service:
    """Makes connections. `failures` are raised first; `is_deadly`: what it makes is over at once."""

    made: list[FakeConnection] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    attempts: int = 0
    is_deadly: bool = False
    gate: asyncio.Event | None = None  # until it is set, nobody answers

    async def open(self, on_closed: OnClosed) -> Connection:
        self.attempts += 1
        assert self.attempts < 100, "in a loop"
        if self.gate:
            await self.gate.wait()
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        made = FakeConnection(on_closed)
        if self.is_deadly:
            made.close()
        self.made.append(made)
        return cast(Connection, made)

    @property
    def alive(self) -> list[FakeConnection]:
        return [one for one in self.made if not one.is_over]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second connection follows the first one at once."""
    monkeypatch.setattr(connections, "_NEXT_AFTER_S", 0.0)


@asynccontextmanager
async def warmed() -> AsyncIterator[tuple[Service, Connections]]:
    """Two are ready."""
    service = Service()
    kept = Connections(service.open)
    kept.warm()
    await settle()
    assert len(service.alive) == READY
    yield service, kept
    await kept.close()
    assert service.alive == []


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection is too young to be opened again."""
    monkeypatch.setattr(connections, "_SHORT_LIFE_S", -1.0)


def taken(connection: Connection) -> FakeConnection:
    """What `take` gave, with a stream on it."""
    fake = cast(FakeConnection, connection)
    fake.can_open = False
    return fake


async def test_two_are_ready_when_they_are_wanted() -> None:
    service = Service()
    kept = Connections(service.open)
    await settle()
    assert (service.attempts, service.alive) == (0, [])
    kept.warm()
    kept.warm()
    await settle()
    assert (service.attempts, len(service.alive)) == (READY, READY)
    await kept.close()
    assert service.alive == []


async def test_the_one_used_last_is_used_again_and_the_other_one_when_it_is_busy() -> None:
    async with warmed() as (service, kept):
        first = taken(await kept.take())
        first.can_open = True  # its stream is over
        assert await kept.take() is cast(Connection, first)
        first.can_open = False
        second = taken(await kept.take())
        assert second is not first
        assert service.attempts == READY
        third = taken(await kept.take())  # both are busy
        assert third not in (first, second)


async def test_one_whose_stream_was_reset_goes_behind() -> None:
    async with warmed() as (service, kept):
        first = taken(await kept.take())
        kept.put_behind(cast(Connection, first))
        first.can_open = True
        second = taken(await kept.take())
        assert second is not first
        second.can_open = True
        assert await kept.take() is cast(Connection, second)
        stranger = FakeConnection(lambda _: None)
        kept.put_behind(cast(Connection, stranger))  # that is over since
        assert stranger not in service.made
        assert await kept.take() is cast(Connection, second)


@pytest.mark.usefixtures("old")
async def test_one_that_dies_is_opened_again() -> None:
    async with warmed() as (service, kept):
        service.made[0].close()
        await settle()
        assert len(service.alive) == READY
        kept.drop()
        await settle()
        assert len(service.alive) == READY
        assert service.attempts == 2 * READY + 1


async def test_short_lived_ones_are_opened_when_they_are_needed_and_not_before() -> None:
    async with warmed() as (service, kept):
        for one in service.alive:
            one.close()
        await settle()
        assert (service.attempts, service.alive) == (READY, [])
        taken(await kept.take())
        await settle()
        assert service.attempts == 2 * READY


async def test_one_that_dies_before_the_second_follows_is_not_opened_in_a_loop() -> None:
    service = Service()

    async def open_one(on_closed: OnClosed) -> Connection:
        connection = await service.open(on_closed)
        asyncio.get_running_loop().call_soon(connection.close)
        return connection

    kept = Connections(open_one)
    kept.warm()
    await settle()
    assert service.attempts == 1
    await kept.close()


async def test_one_that_is_over_before_it_is_known_is_an_error_and_no_loop() -> None:
    service = Service(is_deadly=True)
    kept = Connections(service.open)
    with pytest.raises(ConnectionBrokenError):
        await kept.take()
    await settle()
    assert service.attempts <= 2 * READY
    assert service.alive == []
    service.is_deadly = False
    taken(await kept.take())
    await settle()
    assert len(service.alive) == READY  # the dead ones do not stand in anybody's place
    await kept.close()


async def test_one_that_fails_and_ends_while_it_is_opened_is_no_loop() -> None:
    # As one does that meets somebody who speaks no HTTP/2.
    service = Service()

    async def open_one(on_closed: OnClosed) -> Connection:
        connection = await service.open(on_closed)
        connection.close()
        raise UnreachableError("no HTTP/2")

    kept = Connections(open_one)
    with pytest.raises(UnreachableError):
        await kept.take()
    await settle()
    assert service.attempts <= 2 * READY
    await kept.close()


@pytest.mark.usefixtures("old")
async def test_idle_ones_are_closed_and_opened_again_on_use() -> None:
    async with warmed() as (service, kept):
        kept._rest()
        await settle()
        assert (service.alive, service.attempts) == ([], READY)
        taken(await kept.take())
        await settle()
        assert len(service.alive) == READY


async def test_a_client_that_listens_is_not_cut_off_as_idle() -> None:
    service = Service()
    kept = Connections(service.open)
    used = taken(await kept.take())
    await settle()
    kept._rest()
    assert len(service.alive) == READY
    used.can_open = True
    kept._rest()
    assert service.alive == []
    await kept.close()


async def test_an_error_is_raised_to_who_waits_and_the_next_one_tries_again() -> None:
    service = Service(failures=[UnreachableError("gone")])
    kept = Connections(service.open)
    with pytest.raises(UnreachableError):
        await kept.take()
    await settle()
    taken(await kept.take())
    await kept.close()


@pytest.mark.noisy
async def test_an_unforeseen_error_is_raised_to_who_waits_and_no_loop(noise: list[str]) -> None:
    service = Service(failures=[ValueError("unforeseen")] * 50)
    kept = Connections(service.open)
    with pytest.raises(UnreachableError):
        await kept.take()
    await settle()
    assert service.attempts == 1
    assert noise == ["reader.voices.polly.connections: connecting failed"]
    await kept.close()


async def test_one_that_can_not_be_opened_does_not_matter_while_another_works() -> None:
    service = Service()
    kept = Connections(service.open)
    used = await kept.take()
    service.failures = [UnreachableError("gone")]
    await settle()
    assert service.failures == []
    assert await kept.take() is used
    await settle()
    assert len(service.alive) == READY
    await kept.close()


async def test_one_that_was_silent_for_long_is_asked_for_a_sign_of_life() -> None:
    service = Service()
    kept = Connections(service.open)
    used = cast(FakeConnection, await kept.take())
    assert used.pings == 0
    used.silent_s = 60.0
    assert await kept.take() is cast(Connection, used)
    assert used.pings == 1
    await kept.close()


async def test_closing_does_not_wait_for_a_connection_that_does_not_come() -> None:
    service = Service(gate=asyncio.Event())
    kept = Connections(service.open)
    kept.warm()
    await settle()
    await kept.close()
    assert (service.attempts, service.made) == (1, [])
