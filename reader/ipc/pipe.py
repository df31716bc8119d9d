"""A Windows named pipe that only this user may open, and that no other computer can reach.

Its name contains the user's SID. A mutex of the same name decides which Harken is the running one, because creating a
pipe whose name is taken does not always fail. Both are released when the process exits.
"""

from __future__ import annotations

import _winapi
import contextlib
import ctypes
import sys
import time
from ctypes import byref, c_void_p, c_wchar_p, wintypes
from typing import TYPE_CHECKING, Any

from reader.errors import InstanceError, NotRunningError
from reader.support.i18n import translate

if TYPE_CHECKING:
    import asyncio

    from reader.ipc.base import OnClient

assert sys.platform == "win32"

_PREFIX = "\\\\.\\pipe\\"
# winbase.h, winnt.h
_DUPLEX, _OVERLAPPED = 0x3, 0x40000000
_REJECT_REMOTE = 0x8
_READ_WRITE = _winapi.GENERIC_READ | _winapi.GENERIC_WRITE
# Another user's server of this name, created before ours, may see who connects but not act on our behalf.
_IDENTIFICATION_ONLY = 0x00100000 | 0x00010000
_EXISTS = 183
_BUFFER_BYTES = 1 << 16
_RETRY_S = 0.02
# How many turns of the loop pass before an accepted client is known.
_TURNS = 3
_NOT_CONNECTED = 233
_GONE = (_winapi.ERROR_BROKEN_PIPE, _winapi.ERROR_NO_DATA, _NOT_CONNECTED)

_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_advapi = ctypes.WinDLL("advapi32", use_last_error=True)
for _function in (_kernel.CreateNamedPipeW, _kernel.CreateMutexW, _kernel.OpenProcess, _kernel.GetCurrentProcess):
    _function.restype = wintypes.HANDLE
_kernel.CloseHandle.argtypes = [wintypes.HANDLE]
_kernel.LocalFree.argtypes = [c_void_p]
_kernel.CreateNamedPipeW.argtypes = [wintypes.LPCWSTR, *[wintypes.DWORD] * 6, c_void_p]
_kernel.CreateMutexW.argtypes = [c_void_p, wintypes.BOOL, wintypes.LPCWSTR]
_kernel.GetNamedPipeServerProcessId.argtypes = [wintypes.HANDLE, c_void_p]
_advapi.OpenProcessToken.argtypes = [wintypes.HANDLE, wintypes.DWORD, c_void_p]
_advapi.GetTokenInformation.argtypes = [wintypes.HANDLE, ctypes.c_int, c_void_p, wintypes.DWORD, c_void_p]
_advapi.ConvertSidToStringSidW.argtypes = [c_void_p, c_void_p]
_advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW.argtypes = [
    wintypes.LPCWSTR,
    wintypes.DWORD,
    c_void_p,
    c_void_p,
]
_QUERY, _QUERY_LIMITED, _TOKEN_USER, _REVISION = 0x0008, 0x1000, 1, 1


class _Attributes(ctypes.Structure):
    """SECURITY_ATTRIBUTES."""

    _fields_ = (("length", wintypes.DWORD), ("descriptor", c_void_p), ("inherits", wintypes.BOOL))


class PipeSocket:
    """Implements SocketKind."""

    def address(self) -> str:
        try:
            return f"{_PREFIX}harken-{_user(_kernel.GetCurrentProcess())}"
        except OSError as error:
            sentence = translate("reader", "Commands can't be received at {address}: {reason}.")
            raise InstanceError(sentence.format(address=f"{_PREFIX}harken", reason=error.strerror)) from error

    def connect(self, address: str, limit_s: float) -> PipeClient:
        until_s = time.monotonic() + limit_s
        while True:
            try:
                handle = _winapi.CreateFile(
                    address, _READ_WRITE, 0, 0, _winapi.OPEN_EXISTING, _OVERLAPPED | _IDENTIFICATION_ONLY, 0
                )
            except OSError as error:
                if error.winerror != _winapi.ERROR_PIPE_BUSY:
                    raise NotRunningError from error
                if time.monotonic() > until_s:  # it is running, but others are ahead of us
                    raise TimeoutError from error
                time.sleep(_RETRY_S)
                continue
            if _is_own(handle):
                return PipeClient(handle, limit_s)
            _winapi.CloseHandle(handle)
            raise NotRunningError

    async def listen(self, address: str, on_client: OnClient, limit_bytes: int) -> PipeListener:
        handle = _kernel.CreateMutexW(None, False, f"Local\\{address.removeprefix(_PREFIX)}")
        if not handle or ctypes.get_last_error() == _EXISTS:
            if handle:
                _kernel.CloseHandle(handle)
            raise InstanceError(translate("reader", "Harken is already running."))
        listener = PipeListener(address, on_client, limit_bytes, handle)
        try:
            listener.start()
        except OSError as error:
            await listener.close()
            sentence = translate("reader", "Commands can't be received at {address}: {reason}.")
            raise InstanceError(sentence.format(address=address, reason=error.strerror)) from error
        return listener


class PipeClient:
    """Implements ClientSocket. Overlapped, so that one thread can send while another receives."""

    def __init__(self, handle: int, limit_s: float) -> None:
        self._handle = handle
        self._limit_s = limit_s
        self._got = b""

    def send(self, data: bytes) -> None:
        self._wait(_winapi.WriteFile(self._handle, data, overlapped=True)[0], self._limit_s)

    def receive_line(self, limit_bytes: int, limit_s: float | None) -> bytes:
        until_s = None if limit_s is None else time.monotonic() + limit_s
        while b"\n" not in self._got[:limit_bytes] and len(self._got) < limit_bytes:
            left_s = None if until_s is None else max(until_s - time.monotonic(), 0.0)
            try:
                reading = _winapi.ReadFile(self._handle, _BUFFER_BYTES, overlapped=True)[0]
                self._wait(reading, left_s)
            except OSError as error:
                if error.winerror not in _GONE:
                    raise
                break
            self._got += reading.getbuffer() or b""
        end = self._got.find(b"\n", 0, limit_bytes) + 1 or min(limit_bytes, len(self._got))
        line, self._got = self._got[:end], self._got[end:]
        return line

    def close(self) -> None:
        handle, self._handle = self._handle, 0
        if handle:
            _winapi.CloseHandle(handle)

    def _wait(self, action: Any, limit_s: float | None) -> None:
        """Wait until it is done. Raises TimeoutError and OSError, and then nothing is left pending."""
        limit_ms = _winapi.INFINITE if limit_s is None else round(limit_s * 1000)
        if _winapi.WaitForMultipleObjects([action.event], False, limit_ms) == _winapi.WAIT_TIMEOUT:
            action.cancel()
        if action.GetOverlappedResult(True)[1] == _winapi.ERROR_OPERATION_ABORTED:
            raise TimeoutError


class PipeListener:
    """Implements Listener. One instance of the pipe waits for the next client."""

    def __init__(self, address: str, on_client: OnClient, limit_bytes: int, mutex: int) -> None:
        import asyncio

        self._loop: Any = asyncio.get_running_loop()
        self._address, self._on_client, self._limit_bytes = address, on_client, limit_bytes
        self._mutex = mutex
        self._waiting: Any = None  # the instance, and the future that says when a client has connected
        self._accepting: asyncio.Future[Any] | None = None

    def start(self) -> None:
        """Wait for the next client. Raises OSError."""
        from asyncio.windows_utils import PipeHandle

        waiting = PipeHandle(_make(self._address))
        try:
            self._accepting = self._loop._proactor.accept_pipe(waiting)  # as the loop's own start_serving_pipe does
        except OSError:  # a client came and left meanwhile
            waiting.close()
            raise
        self._waiting = waiting
        self._accepting.add_done_callback(self._accept)

    async def close(self) -> None:
        import asyncio

        mutex, self._mutex = self._mutex, 0
        if not mutex:
            return
        accepting, self._accepting = self._accepting, None
        if accepting and not accepting.done():
            accepting.cancel()
            with contextlib.suppress(BaseException):
                await accepting
        if waiting := self._waiting:
            self._waiting = None
            waiting.close()
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        _kernel.CloseHandle(mutex)

    def _accept(self, accepting: asyncio.Future[Any]) -> None:
        if self._accepting is not accepting:
            return
        pipe, self._waiting = self._waiting, None
        self._wait_for_next()
        if accepting.cancelled() or accepting.exception():
            pipe.close()
        else:
            self._meet(pipe)

    def _wait_for_next(self) -> None:
        if not self._mutex or self._waiting is not None:
            return
        try:
            self.start()
        except OSError:  # too many clients at once, or one that came and left
            self._loop.call_later(_RETRY_S, self._wait_for_next)

    def _meet(self, pipe: Any) -> None:
        import asyncio

        reader = asyncio.StreamReader(limit=self._limit_bytes, loop=self._loop)
        protocol = asyncio.StreamReaderProtocol(reader, self._on_client, loop=self._loop)
        self._loop._make_duplex_pipe_transport(pipe, protocol, extra={"addr": self._address})


def _make(address: str) -> int:
    """Create another instance of the pipe. Raises OSError."""
    descriptor = c_void_p()
    # Only this user gets any access, not even to read, which everybody has by default.
    rights = f"D:P(A;;GA;;;{_user(_kernel.GetCurrentProcess())})"
    _need(_advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(rights, _REVISION, byref(descriptor), None))
    try:
        attributes = _Attributes(ctypes.sizeof(_Attributes), descriptor, False)
        handle = _kernel.CreateNamedPipeW(
            address, _DUPLEX | _OVERLAPPED, _REJECT_REMOTE, 255, _BUFFER_BYTES, _BUFFER_BYTES, 0, byref(attributes)
        )
    finally:
        _kernel.LocalFree(descriptor)
    _need(handle not in (None, c_void_p(-1).value))
    return int(handle)


def _is_own(pipe: int) -> bool:
    """Whether the other end is a process of this user's."""
    server = wintypes.DWORD()
    if not _kernel.GetNamedPipeServerProcessId(pipe, byref(server)):
        return False
    process = _kernel.OpenProcess(_QUERY_LIMITED, False, server.value)
    if not process:
        return False
    try:
        return _user(process) == _user(_kernel.GetCurrentProcess())
    except OSError:
        return False
    finally:
        _kernel.CloseHandle(process)


def _user(process: Any) -> str:
    """The SID of the user who owns the process. Raises OSError."""
    token, size, text = wintypes.HANDLE(), wintypes.DWORD(), c_wchar_p()
    _need(_advapi.OpenProcessToken(process, _QUERY, byref(token)))
    try:
        _advapi.GetTokenInformation(token, _TOKEN_USER, None, 0, byref(size))
        found = ctypes.create_string_buffer(size.value)
        _need(_advapi.GetTokenInformation(token, _TOKEN_USER, found, size, byref(size)))
        number = ctypes.cast(found, ctypes.POINTER(c_void_p))[0]  # TOKEN_USER starts with a pointer to the SID
        _need(_advapi.ConvertSidToStringSidW(number, byref(text)))
        try:
            return text.value or ""
        finally:
            _kernel.LocalFree(ctypes.cast(text, c_void_p))
    finally:
        _kernel.CloseHandle(token)


def _need(is_done: object) -> None:
    """Raises OSError for the Windows call that just failed."""
    if not is_done:
        raise ctypes.WinError(ctypes.get_last_error())
