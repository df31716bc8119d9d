"""No task and no thread ends unheard."""

from __future__ import annotations

import asyncio

import pytest

from reader import tasks, threads
from reader.errors import CaptureError


@pytest.mark.noisy
async def test_a_failure_is_logged_when_it_happens_though_the_task_is_held(noise: list[str]) -> None:
    async def fail() -> None:
        raise KeyError("of a peer")

    task = tasks.start(fail(), "following")
    await asyncio.wait([task])
    assert noise == ["reader.tasks: the task “following” failed"]
    assert isinstance(task.exception(), KeyError)


async def test_a_failure_that_is_harkens_own_is_for_who_awaits_it() -> None:
    async def fail() -> None:
        raise CaptureError("nothing")

    with pytest.raises(CaptureError):
        await tasks.start(fail(), "reading")


@pytest.mark.noisy
async def test_what_is_kept_running_is_begun_again_after_a_failure_and_after_an_end(noise: list[str]) -> None:
    begun: list[int] = []
    is_third = asyncio.Event()

    async def work() -> None:
        begun.append(len(begun))
        if len(begun) == 1:
            raise ValueError("of a peer")
        if len(begun) == 3:
            is_third.set()
            await asyncio.Event().wait()

    task = tasks.keep(work, "following", rest_s=0.0)
    await is_third.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert noise == ["reader.tasks: the task “following” failed and is begun again"]


@pytest.mark.noisy
def test_a_thread_that_fails_is_logged(noise: list[str]) -> None:
    def fail(key: str) -> None:
        raise KeyError(key)

    threads.start(fail, "listening", "of a peer").join()
    assert noise == ["reader.threads: the thread “listening” failed"]
