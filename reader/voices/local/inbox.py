"""The requests that a voice process has received, in order, and which of them were cancelled.

A separate thread listens, so that a cancellation is noticed while the voice is working.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from reader import threads
from reader.support import timeline
from reader.workers import frames


class VoiceRequest(NamedTuple):
    """Say `text` at `speed` (1.0 is the voice's own). `voice` is the engine's own name for it.

    For `pitch` see SpeechRequest. `is_held`: it may never be wanted, see `Inbox.hold`.
    """

    tag: int
    text: str
    voice: str
    speed: float
    pitch: float
    is_held: bool


class Inbox:
    """The requests of one voice process. `on_cancel` is called on the listening thread."""

    def __init__(self, fd: int, on_cancel: Callable[[], None] = lambda: None) -> None:
        self._fd = fd
        self._on_cancel = on_cancel
        self._requests: queue.SimpleQueue[VoiceRequest | None] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._wanted: set[int] = set()  # of those that were held
        self._news = threading.Condition()
        threads.start(self._listen, "inbox")

    def take(self) -> VoiceRequest | None:
        """Wait for the next request that is still wanted; None when Harken is gone."""
        while (request := self._requests.get()) is not None:
            # Requests come in the order of their tags, so nobody will ask about earlier ones.
            for tags in self._cancelled, self._wanted:
                tags.difference_update([tag for tag in tuple(tags) if tag < request.tag])
            if not self.is_cancelled(request.tag):
                timeline.mark(timeline.Stage.AT_VOICE, request.tag)
                return request
        return None

    @property
    def is_idle(self) -> bool:
        """Whether no request is waiting."""
        return self._requests.empty()

    def is_cancelled(self, tag: int) -> bool:
        """Whether this request was cancelled. Any thread."""
        return tag in self._cancelled

    def hold(self, request: VoiceRequest) -> None:
        """Wait, after making the start of a held request, until it is wanted or cancelled, or another one arrives."""
        if request.is_held:
            with self._news:
                self._news.wait_for(
                    lambda: request.tag in self._wanted or self.is_cancelled(request.tag) or not self.is_idle
                )

    def _listen(self) -> None:
        try:
            while (frame := frames.read(self._fd)) is not None:
                self._note(frame.tag, frame.json())
                with self._news:
                    self._news.notify()
        finally:
            self._requests.put(None)
            with self._news:
                self._news.notify()

    def _note(self, tag: int, message: dict[str, Any]) -> None:
        match message["do"]:
            case "cancel":
                self._cancelled.add(tag)
                self._on_cancel()
            case "go":
                self._wanted.add(tag)
            case _:
                values = (message[key] for key in VoiceRequest._fields[1:])
                self._requests.put(VoiceRequest(tag, *values))
