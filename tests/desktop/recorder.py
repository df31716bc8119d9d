"""Listens at the sound server, and knows when each piece of sound was rendered."""

from __future__ import annotations

import os
import subprocess
import threading
import time

import numpy as np
import numpy.typing as npt

RATE_HZ = 48000

_AROUND_S = 0.5

Samples = npt.NDArray[np.float32]


class Recorder:
    """Listens at the sound server and notes when each piece of sound was rendered."""

    def __init__(self, env: dict[str, str], source: str = "test.monitor", latency_ms: int = 5) -> None:
        """PipeWire serves everybody as often as this one needs, and leaves holes where that is too often."""
        form = ["--format=s16le", f"--rate={RATE_HZ}", "--channels=1", f"--latency-msec={latency_ms}"]
        command = ["parec", "-d", source, *form]
        self._process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._lock = threading.Lock()
        self._parts: list[bytes] = []
        self._samples = 0
        self._arrivals: list[tuple[float, int]] = []  # (when, samples there were then)
        self._thread = threading.Thread(target=self._listen, name="recorder", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        fd = self._process.stdout.fileno()
        while data := os.read(fd, 1 << 16):
            now = time.monotonic()
            with self._lock:
                self._parts.append(data)
                self._samples += len(data) // 2
                self._arrivals.append((now, self._samples))

    @property
    def seconds(self) -> float:
        """How much was recorded."""
        return self._samples / RATE_HZ

    def sound(self) -> Samples:
        """Everything recorded so far, -1 to 1."""
        with self._lock:
            data = b"".join(self._parts)
            self._parts = [data]
        return np.frombuffer(data[: len(data) // 2 * 2], np.int16) * np.float32(1 / 32768)

    def time_of(self, sample: int) -> float:
        """When a sample was rendered (time.monotonic).

        No piece arrives before it was made, so the quickest of the pieces around tells when that was. Only of
        those around: the server's clock stands still when it hangs or restarts.
        """
        around = [(at, n) for at, n in self._arrivals if sample <= n <= sample + _AROUND_S * RATE_HZ]
        return min((at - (n - sample) / RATE_HZ for at, n in around), default=time.monotonic())

    def sample_at(self, moment_s: float) -> int:
        """The sample rendered at a time."""
        around = [(at, n) for at, n in self._arrivals if moment_s <= at <= moment_s + _AROUND_S]
        return max((round(n - (at - moment_s) * RATE_HZ) for at, n in around), default=self._samples)

    def since(self, moment_s: float) -> Samples:
        """What was rendered since a time."""
        return self.sound()[self.sample_at(moment_s) :]

    def stop(self) -> None:
        """Stop listening."""
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
