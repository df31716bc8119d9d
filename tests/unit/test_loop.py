"""The core's loop at its end."""

from __future__ import annotations

import os
import sys
import threading
import time

import pytest

from reader.core.loop import CoreLoop
from reader.credentials.asking import SEARCH
from reader.workers.child import Child


def _ignore(_: object = None) -> None:
    pass


async def _leave(loop: CoreLoop) -> None:
    """A process that is still being waited for when the loop stops."""
    child = await Child.start(SEARCH, _ignore, _ignore)
    loop.post(loop._loop.stop)
    await child.close()


@pytest.mark.skipif(sys.platform == "win32", reason="another kind of loop, which waits on handles")
def test_a_process_that_a_cancelled_task_leaves_is_gone_before_it_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    wait = os.waitpid

    def wait_late(pid: int, options: int) -> tuple[int, int]:
        found = wait(pid, options)
        time.sleep(0.2)  # as on a busy machine, before asyncio's own thread can say so
        return found

    monkeypatch.setattr(os, "waitpid", wait_late)
    loop = CoreLoop()
    loop.submit(_leave(loop))
    loop._thread.join(10)
    assert not loop._thread.is_alive()
    for thread in threading.enumerate():
        if "waitpid" in thread.name:
            thread.join(10)  # it would complain, which fails a test
