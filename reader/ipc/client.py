"""The command line's end of the socket. Blocking, and quick: it imports only the standard library."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reader.errors import InstanceError
from reader.ipc.choose import socket_kind
from reader.ipc.protocol import MAX_LINE_BYTES, VERSION, BadMessageError, decode, encode
from reader.support.i18n import translate

if TYPE_CHECKING:
    from reader.ipc.base import SocketKind

_ANSWER_LIMIT_S = 5.0


class InstanceClient:
    """A connection to the running instance."""

    def __init__(self, address: str, kind: SocketKind | None = None) -> None:
        """Raises NotRunningError if no Harken is running, InstanceError if it does not answer."""
        try:
            self._socket = (kind or socket_kind()).connect(address, _ANSWER_LIMIT_S)
        except TimeoutError as error:
            raise InstanceError(_no_answer()) from error

    def send(self, message: dict[str, Any]) -> None:
        """Send a message. Raises InstanceError when the instance is gone."""
        try:
            self._socket.send(encode(message))
        except OSError as error:
            raise InstanceError(translate("reader", "The running Harken has closed the connection.")) from error

    def receive(self, *, waits: bool = False, limit_s: float = _ANSWER_LIMIT_S) -> dict[str, Any]:
        """The next answer; with `waits`, without a time limit. Raises InstanceError, also for a refusal."""
        try:
            message = decode(self._socket.receive_line(MAX_LINE_BYTES, None if waits else limit_s))
        except TimeoutError as error:
            raise InstanceError(_no_answer()) from error
        except (OSError, BadMessageError) as error:
            raise InstanceError(translate("reader", "The running Harken has closed the connection.")) from error
        if not message.get("ok", True):
            raise InstanceError(
                str(message.get("sentence") or translate("reader", "The running Harken refused the command."))
            )
        return message

    def ask(self, what: str, *, waits: bool = False, limit_s: float = _ANSWER_LIMIT_S, **fields: Any) -> dict[str, Any]:
        """Send a request and wait for its answer, with `waits` without a time limit. Raises InstanceError."""
        self.send({"v": VERSION, "do": what, **fields})
        return self.receive(waits=waits, limit_s=limit_s)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _no_answer() -> str:
    return translate("reader", "The running Harken is not responding. Quit it and start it again.")


@contextlib.contextmanager
def connected(address: str) -> Iterator[InstanceClient]:
    """A client that is closed at the end. Raises InstanceError."""
    client = InstanceClient(address)
    try:
        yield client
    finally:
        client.close()
