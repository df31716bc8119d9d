"""A session on a desk of windows, whose selections are told of and prepared as on a real one."""

from __future__ import annotations

import asyncio

from reader.capture.quiet import QUIET_S, Quiet
from reader.flow import State
from reader.session.preparing import Preparer
from tests.fakes.device import HandDevice
from tests.fakes.engine import FakeEngine
from tests.fakes.session import Session


class PreparingSession(Session):
    """`is_against` is a reason not to prepare: the screen is locked, say."""

    def __init__(self, engines: dict[str, FakeEngine] | None = None, device: HandDevice | None = None) -> None:
        super().__init__(engines, device)
        self.is_against = False
        controller = self.controller
        self.preparer = Preparer(
            controller.maker, controller.search, lambda: controller.state is State.IDLE, self._is_reason_against
        )
        self.preparer.is_wanted = True
        self.quiet = Quiet(self.preparer.on_selection)
        self.quiet.is_wanted = True

    async def __aexit__(self, *error: object) -> None:
        await self.preparer.close()
        await super().__aexit__(*error)

    async def _is_reason_against(self) -> bool:
        return self.is_against

    @property
    def is_prepared(self) -> bool:
        return self.controller.maker.prepared.is_there

    def change(self, text: str) -> None:
        """The selection has changed, as it does while a mouse is dragged."""
        self.place.text = text
        self.quiet.change(asyncio.get_running_loop().time(), is_there=bool(text))

    async def wait(self, seconds: float) -> None:
        """Let time pass, as a place does that sleeps until a selection is made."""
        now_s = asyncio.get_running_loop().time
        until_s = now_s() + seconds
        if self.quiet.due_s and self.quiet.due_s <= until_s:
            await asyncio.sleep(self.quiet.due_s - now_s())
            self.quiet.look(now_s())
        await asyncio.sleep(until_s - now_s())
        await self.settle()

    async def select(self, text: str) -> None:
        """Select a text, and let go of the mouse."""
        self.change(text)
        await self.wait(QUIET_S + 0.001)
