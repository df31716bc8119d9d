"""The time that tests have: it passes when everything waits, however slow the machine is."""

from __future__ import annotations

import asyncio
import sys
import time

import pytest

from tests.own_time import settle

pytestmark = pytest.mark.own_time


async def test_who_computes_is_not_late() -> None:
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    async with asyncio.timeout(0.01):
        time.sleep(0.05)  # noqa: ASYNC251 - as if the machine were slow
        await asyncio.sleep(0)
    assert loop.time() - begun_s < 0.01


async def test_timers_come_in_their_order_at_their_time() -> None:
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    come: list[float] = []
    for wait_s in (7200.0, 3600.0, 0.5):
        loop.call_later(wait_s, lambda: come.append(round(loop.time() - begun_s, 2)))
    await asyncio.sleep(10_000.0)
    assert come == [0.5, 3600.0, 7200.0]


async def test_what_comes_by_a_socket_comes_before_the_next_timer() -> None:
    got = bytearray()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.extend(await reader.read())
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        for _ in range(50):
            async with asyncio.timeout(0.01):
                _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
                writer.write(b"x")
                writer.close()
                await writer.wait_closed()
        await asyncio.sleep(0.001)
    assert got == b"x" * 50


async def test_threads_and_children_are_waited_for() -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(30.0):
        await asyncio.to_thread(time.sleep, 0.05)
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(1)", stdout=asyncio.subprocess.PIPE)
        assert (await child.communicate())[0] == b"1\n"
    begun_s = loop.time()
    await asyncio.sleep(3600.0)
    assert loop.time() - begun_s == pytest.approx(3600.0, abs=0.01)


async def test_settled_is_when_every_task_waits() -> None:
    steps: list[int] = []
    end = asyncio.Event()

    async def work() -> None:
        for step in range(100):
            steps.append(step)
            await asyncio.sleep(0)
        await end.wait()

    task = asyncio.create_task(work())
    await settle()
    assert len(steps) == 100
    end.set()
    await task
