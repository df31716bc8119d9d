"""What a voice process has been asked for: requests in order, and which of them were cancelled.

A separate thread listens, so that a cancellation is seen while the voice is at work.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any, NamedTuple

from reader import threads
from reader.support import timeline
from reader.workers import frames


class VoiceRequest(NamedTuple):
    """Say `text` at `speed` (1.0 is the voice's own). `voice` is the engine's own name for it.

    For `pitch` see SpeechRequest.
    """

    tag: int
    text: str
    voice: str
    speed: float
    pitch: float


class Inbox:
    """Requests of one voice process. `on_cancel` is called on the listening thread."""

    def __init__(self, fd: int, on_cancel: Callable[[], None] = lambda: None) -> None:
        self._fd = fd
        self._on_cancel = on_cancel
        self._requests: queue.SimpleQueue[VoiceRequest | None] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        threads.start(self._listen, "inbox")

    def take(self) -> VoiceRequest | None:
        """Wait for the next request that still counts; None when Harken is gone."""
        while (request := self._requests.get()) is not None:
            # They come in the order of their tags: nobody will ask about those before.
            self._cancelled.difference_update([tag for tag in tuple(self._cancelled) if tag < request.tag])
            if not self.is_cancelled(request.tag):
                timeline.mark(timeline.Stage.AT_VOICE, request.tag)
                return request
        return None

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be taken."""
        return self._requests.empty()

    def is_cancelled(self, tag: int) -> bool:
        """Whether this request was cancelled. Any thread."""
        return tag in self._cancelled

    def _listen(self) -> None:
        try:
            while (frame := frames.read(self._fd)) is not None:
                message: dict[str, Any] = frame.json()
                if message["do"] == "cancel":
                    self._cancelled.add(frame.tag)
                    self._on_cancel()
                else:
                    values = (message[key] for key in VoiceRequest._fields[1:])
                    self._requests.put(VoiceRequest(frame.tag, *values))
        finally:
            self._requests.put(None)
