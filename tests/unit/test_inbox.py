"""What a voice process has been asked for: in order, without what was cancelled, and for hours."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest

from reader.voices.local.inbox import Inbox
from reader.workers import frames


def ask(fd: int, tag: int, *, is_cancelled: bool = False, is_held: bool = False) -> None:
    message = {"do": "speak", "text": f"Text {tag}.", "voice": "", "speed": 1.0, "pitch": 0.0, "is_held": is_held}
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


@pytest.mark.parametrize(
    "ends",
    [
        lambda fd: frames.write(fd, 1, {"do": "go"}),
        lambda fd: frames.write(fd, 1, {"do": "cancel"}),
        lambda fd: ask(fd, 2),
        os.close,
    ],
    ids=["wanted", "cancelled", "another one", "the end"],
)
def test_what_is_held_waits_until_something_else_matters(ends: Callable[[int], None]) -> None:
    read, write = os.pipe()
    inbox = Inbox(read)
    ask(write, 1, is_held=True)
    request = inbox.take()
    assert request
    is_waiting, wait_for = threading.Event(), inbox._news.wait_for

    def watched(is_over: Callable[[], bool]) -> bool:
        assert not is_over()
        is_waiting.set()
        return wait_for(is_over)

    inbox._news.wait_for = watched  # type: ignore[method-assign, assignment]
    holding = threading.Thread(target=inbox.hold, args=(request,))
    holding.start()
    assert is_waiting.wait(60)
    ends(write)
    holding.join(60)
    assert not holding.is_alive()
    if ends is not os.close:
        os.close(write)
    while inbox.take():
        pass
    os.close(read)  # its thread reads no more


def test_what_is_wanted_before_its_beginning_is_made_does_not_wait() -> None:
    read, write = os.pipe()
    ask(write, 1, is_held=True)
    frames.write(write, 1, {"do": "go"})
    ask(write, 2)
    os.close(write)
    inbox = Inbox(read)
    first = inbox.take()
    assert first
    inbox.hold(first)
    second = inbox.take()
    assert second
    inbox.hold(second)
    assert not inbox._wanted
    assert inbox.take() is None
    os.close(read)
