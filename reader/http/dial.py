"""Connects to a host over TCP, by whichever of its addresses answers first (RFC 8305).

asyncio can do that too, but when several addresses fail it reports only that several failed. Core thread.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import encodings.idna  # noqa: F401 - otherwise the first connection would import it on the loop
import itertools
import socket
from collections import deque
from collections.abc import Sequence

from reader import tasks, threads

# Below tls.CONNECT_LIMIT_S: a name server that does not answer must not be taken for a host that does not.
_LOOKUP_LIMIT_S = 4.0
# How long to wait for an address before trying the next one as well.
_NEXT_AFTER_S = 0.25
# A refused connection shows that the host exists, which says more than that its other address is unreachable from here.
_TELLING = (ConnectionRefusedError, PermissionError, ConnectionError, TimeoutError)

_Address = tuple[int, int, int, str, "tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]"]


async def dial(host: str, port: int) -> socket.socket:
    """Return a connected socket. Raises OSError (the most telling of all addresses), socket.gaierror, UnicodeError."""
    waiting = deque(_interleaved(await _look_up(host, port)))
    attempts: set[asyncio.Task[socket.socket | OSError]] = set()
    failures: list[OSError] = []
    try:
        while waiting or attempts:
            if waiting:
                attempts.add(tasks.start(_connect(waiting.popleft()), "connect"))
            limit_s = _NEXT_AFTER_S if waiting else None
            done, attempts = await asyncio.wait(attempts, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if not isinstance(result := task.result(), OSError):
                    attempts |= done - {task}
                    return result
                failures.append(result)
    finally:
        await _give_up(attempts)
    raise min(failures, key=_rank, default=OSError("no address"))


async def _look_up(host: str, port: int) -> Sequence[_Address]:
    """All addresses of `host`. Raises socket.gaierror, with EAI_AGAIN if no name server answers in time; UnicodeError.

    On a thread of its own, because a lookup can't be ended: it may take the system half a minute to give up, and
    nothing waits for this thread when Harken ends, as it would for one of the loop's own.
    """
    found: concurrent.futures.Future[Sequence[_Address]] = concurrent.futures.Future()

    def ask() -> None:
        found.set_running_or_notify_cancel()
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.set_exception(error)

    threads.start(ask, "look up a name")
    try:
        async with asyncio.timeout(_LOOKUP_LIMIT_S):
            return await asyncio.wrap_future(found)
    except TimeoutError:
        raise socket.gaierror(socket.EAI_AGAIN, "no name server answered in time") from None


async def _connect(address: _Address) -> socket.socket | OSError:
    """Return a connected socket, or the reason why there is none."""
    family, kind, protocol, _, where = address
    try:
        made = socket.socket(family, kind, protocol)
    except OSError as error:  # an address family that this computer lacks
        return error
    try:
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, where)
    except OSError as error:
        made.close()
        return error
    except BaseException:
        made.close()
        raise
    return made


async def _give_up(attempts: set[asyncio.Task[socket.socket | OSError]]) -> None:
    """Cancel the attempts that are no longer needed, and close what they opened."""
    for task in attempts:
        task.cancel()
    for result in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(result, socket.socket):
            result.close()


def _interleaved(addresses: Sequence[_Address]) -> list[_Address]:
    """Alternate between the address families, starting with the one the system prefers."""
    families: dict[int, list[_Address]] = {}
    for address in addresses:
        families.setdefault(address[0], []).append(address)
    turns = itertools.zip_longest(*families.values())
    return [address for turn in turns for address in turn if address]


def _rank(error: OSError) -> int:
    return next((rank for rank, kind in enumerate(_TELLING) if isinstance(error, kind)), len(_TELLING))
