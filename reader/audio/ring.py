"""The frames between the thread that writes them and the device callback.

One thread writes, the callback reads; neither waits for the other. The memory is allocated once. Counters only grow,
and each is written by one side, so no lock is needed: a reader that sees an old value finds less sound or less room
than there is, never wrong sound.
"""

from __future__ import annotations


class Ring:
    """Bytes in, bytes out, in order. All sizes in bytes."""

    def __init__(self, capacity: int) -> None:
        self._data = memoryview(bytearray(capacity))
        self._capacity = capacity
        self.written = 0
        self.read = 0

    def write(self, data: bytes) -> bool:
        """Append; False, with nothing written, if there is no room for all of it."""
        size = len(data)
        if self.written + size - self.read > self._capacity:
            return False
        start = self.written % self._capacity
        first = min(size, self._capacity - start)
        self._data[start : start + first] = data[:first]
        self._data[: size - first] = data[first:]
        self.written += size
        return True

    def read_into(self, out: memoryview) -> int:
        """Fill `out` from the front with what is available, and return how much that was.

        Called by the device callback: copies, and nothing else.
        """
        size = min(len(out), self.written - self.read)
        start = self.read % self._capacity
        first = min(size, self._capacity - start)
        out[:first] = self._data[start : start + first]
        out[first:size] = self._data[: size - first]
        self.read += size
        return size

    def clear(self) -> None:
        """Forget everything. Only while no callback is running."""
        self.written = self.read = 0
