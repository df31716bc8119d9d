"""The running Harken: the app, and the socket and the bus through which others ask it. There is one for each user.

Core thread only.
"""

from __future__ import annotations

from reader.audio.base import OutputDevice
from reader.core.app import App
from reader.core.bus_news import BusNews
from reader.core.early_keys import EarlyKeys
from reader.core.remote import Remote
from reader.ipc.base import BusListener
from reader.ipc.choose import bus_listener
from reader.ipc.server import Server
from reader.settings.store import Settings
from reader.support.closing import close_all


class Instance:
    def __init__(
        self,
        settings: Settings,
        address: str,
        *,
        device: OutputDevice | None = None,
        early_keys: EarlyKeys | None = None,
    ) -> None:
        """`address` is where commands are received; `device` replaces the sound output.

        `early_keys` have been taken already, and come with the server that listens there.
        """
        self.app = App(settings, device=device, is_served=True, early_keys=early_keys)
        self.bus: BusListener | None = None  # from `start` on
        self._remote = Remote(self.app)
        self._early_keys = early_keys
        self.server = early_keys.server if early_keys else Server(address)

    async def start(self, *, with_desktop: bool) -> None:
        """Start everything. Raises InstanceError when another Harken is running."""
        if self._early_keys:
            await self._early_keys.listening()
        else:
            await self.server.start()
        self.server.answer_with(self._remote.answer)
        await self.app.start(with_desktop=with_desktop)
        news = BusNews(self.app)
        self.bus = await bus_listener(self._remote.obey, news.properties)
        self._remote.tell_of(self.bus)
        news.tell(self.bus)
        self.bus.start()

    async def stop(self) -> None:
        """Stop everything. A part that can't be stopped doesn't keep the others running."""
        await close_all(self.server, self.bus)
        await self.app.stop()
