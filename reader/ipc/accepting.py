"""Closes an asyncio server so that no client is left accepted but unknown to us. Core thread only."""

from __future__ import annotations

import asyncio

# asyncio reports an accepted client this many loop turns later: one makes its transport, one connects it.
_TURNS = 3


async def end(server: asyncio.Server) -> None:
    """Stop accepting, let accepted clients become known, and close the server.

    In this order, because asyncio can't make a transport for a closed server (Server._attach asserts that it is not):
    the socket would stay open until garbage collection.
    """
    loop = asyncio.get_running_loop()
    for socket in server.sockets:
        loop.remove_reader(socket.fileno())
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    server.close()
