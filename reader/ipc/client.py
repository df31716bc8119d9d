"""The command line's end of the socket. Blocking, and quick: it imports nothing but the standard library."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from reader.errors import InstanceError, NotRunningError
from reader.ipc.protocol import MAX_LINE_BYTES, VERSION, BadMessageError, decode, encode
from reader.support.i18n import translate

_ANSWER_LIMIT_S = 5.0
_RETRY_S = 0.02


class InstanceClient:
    """A connection to the running instance."""

    def __init__(self, address: str) -> None:
        """Raises NotRunningError when nobody is there, InstanceError when that one has no time."""
        self._socket = _connect(address)
        self._file: BinaryIO = self._socket.makefile("rb")

    def send(self, message: dict[str, Any]) -> None:
        """Send a message. Raises InstanceError when the instance is gone."""
        try:
            self._socket.sendall(encode(message))
        except OSError as error:
            raise InstanceError(translate("reader", "The running Harken has closed the connection.")) from error

    def receive(self, *, waits: bool = False) -> dict[str, Any]:
        """The next answer; with `waits` however long it takes. Raises InstanceError, also for a refusal."""
        self._socket.settimeout(None if waits else _ANSWER_LIMIT_S)
        try:
            message = decode(self._file.readline(MAX_LINE_BYTES))
        except TimeoutError as error:
            raise InstanceError(_no_answer()) from error
        except (OSError, BadMessageError) as error:
            raise InstanceError(translate("reader", "The running Harken has closed the connection.")) from error
        if not message.get("ok", True):
            raise InstanceError(
                str(message.get("sentence") or translate("reader", "The running Harken refused the command."))
            )
        return message

    def ask(self, what: str, *, waits: bool = False, **fields: Any) -> dict[str, Any]:
        """Send a request and wait for its answer, with `waits` however long. Raises InstanceError."""
        self.send({"v": VERSION, "do": what, **fields})
        return self.receive(waits=waits)

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()


def _connect(address: str) -> socket.socket:
    if sys.platform == "win32":
        raise NotRunningError
    until_s = time.monotonic() + _ANSWER_LIMIT_S
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_ANSWER_LIMIT_S)
        try:
            connection.connect(address)
        except BlockingIOError as error:  # it is there, and others are before us
            connection.close()
            if time.monotonic() > until_s:
                raise InstanceError(_no_answer()) from error
            time.sleep(_RETRY_S)
        except OSError as error:
            connection.close()
            raise NotRunningError from error
        else:
            return connection


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
