"""Harken's side of the child process: one question, one answer, and a time limit for each stage.

Core thread only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Any

from reader.workers.child import Child
from reader.workers.frames import BrokenFrameError, Frame
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

SEARCH = Worker("credentials", "reader.credentials.worker", looks_for_keys=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a stage may take, in seconds."""

    start: float = 20.0  # Python and its modules, from a cold disk
    search: float = 60.0  # files, calls to AWS, a program of the user's that may ask for something
    keyring: float = 10.0  # a local call, which may have to start the keyring first
    unlock: float = 60.0  # a person who is asked for a password

    def of(self, stage: str) -> float:
        """The limit of a stage, by the child's name for it."""
        return float(getattr(self, stage))


# How many processes are tried, if each of them exits unexpectedly.
_STARTS = 3
# Questions that can't be repeated, because the answer would differ the second time.
_ASKED_ONCE = ("forget",)


class TooLateError(Exception):
    """The child was killed in this stage."""

    def __init__(self, stage: str) -> None:
        """`stage` as in Limits."""
        super().__init__(stage)
        self.stage = stage


class BrokenOffError(TooLateError):
    """The child processes exited unexpectedly, the last one in this stage."""


async def ask(question: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """Have a child process answer, and end it.

    Raises TooLateError, BrokenOffError, and OSError when none can be started.
    """
    for _ in range(1 if question["do"] in _ASKED_ONCE else _STARTS):
        try:
            return await _ask_one(question, limits)
        except BrokenOffError as error:
            broken_off = error
    raise broken_off


async def _ask_one(question: dict[str, Any], limits: Limits) -> dict[str, Any]:
    frames: asyncio.Queue[Frame | None] = asyncio.Queue()
    child = await Child.start(SEARCH, frames.put_nowait, lambda: frames.put_nowait(None), is_group=True)
    stage = "start"
    try:
        child.send(1, question)
        while True:
            async with asyncio.timeout(limits.of(stage)):
                frame = await frames.get()
            if frame is None:
                log.error("the search for AWS keys ended by itself, in stage “%s”", stage)
                raise BrokenOffError(stage)
            message = frame.json()
            if message["is"] != "at":
                return message
            stage = message["stage"]
    except TimeoutError:
        log.warning("the search for AWS keys was ended after %g s, in stage “%s”", limits.of(stage), stage)
        raise TooLateError(stage) from None
    except (BrokenFrameError, ValueError, KeyError, AttributeError):
        raise BrokenOffError(stage) from None  # without its cause, which may quote the message
    finally:
        with contextlib.suppress(OSError):
            await child.close()
