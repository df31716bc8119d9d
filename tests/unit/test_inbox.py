"""What a voice process has been asked for: in order, without what was cancelled, and for hours."""

from __future__ import annotations

import os

from reader.voices.local.inbox import Inbox
from reader.workers import frames


def ask(fd: int, tag: int, *, is_cancelled: bool) -> None:
    message = {"do": "speak", "text": f"Text {tag}.", "voice": "", "speed": 1.0, "pitch": 0.0}
    frames.write(fd, tag, message)
    if is_cancelled:
        frames.write(fd, tag, {"do": "cancel"})


def test_cancellations_are_not_kept_for_ever() -> None:
    read, write = os.pipe()
    for tag in range(1, 200):
        ask(write, tag, is_cancelled=True)
    ask(write, 200, is_cancelled=False)
    os.close(write)
    inbox = Inbox(read)
    while (request := inbox.take()) is not None and request.tag != 200:
        pass  # some were taken before their cancellation was there
    assert request is not None
    assert request.text == "Text 200."
    assert not inbox.is_cancelled(200)
    assert not inbox._cancelled
    assert inbox.take() is None
    os.close(read)
