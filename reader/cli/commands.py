"""Commands that the running Harken carries out."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from reader.cli import output
from reader.commands import Command
from reader.desktop import launch
from reader.errors import InstanceError, NotRunningError
from reader.ipc.choose import socket_address
from reader.ipc.client import InstanceClient, connected
from reader.support import foreign

if TYPE_CHECKING:
    import argparse
    import subprocess

    from reader.core.library import KeptLibrary

T = TypeVar("T")

_END_LIMIT_S = 15.0  # its parts have some seconds each
_START_LIMIT_S = 30.0  # on a slow machine, at login


def command(command: Command, *, starts: bool = False) -> int:
    """Have it carry out a command; with `starts`, one is started if none is running."""
    with _running(starts=starts) as client:
        by_key = launch.STARTS in os.environ and not sys.stderr.isatty()  # what is said here goes unseen
        client.ask("command", limit_s=_START_LIMIT_S, command=command, by_key=by_key)  # it may be starting
    return 0


def show(_options: argparse.Namespace) -> int:
    """Open its window."""
    with _running() as client:
        client.ask("show")
    return 0


def _running(*, starts: bool = False) -> contextlib.AbstractContextManager[InstanceClient]:
    """The running Harken. It is started if none is running and the caller wants that, or `harken-key` does."""
    return started() if starts or os.environ.get(launch.STARTS) else connected(socket_address())


def end(_options: argparse.Namespace) -> int:
    """Quit it, and return when it has ended. Raises InstanceError if it doesn't."""
    from reader.support import processes

    with connected(socket_address()) as client:
        pid = int(client.ask("quit")["pid"])
    until_s = time.monotonic() + _END_LIMIT_S
    while processes.is_running(pid):
        if time.monotonic() > until_s:
            raise InstanceError("Harken has not quit yet. Wait a moment, or end the process “harken”.")
        time.sleep(0.02)
    return 0


def is_running() -> bool:
    """Whether a running Harken can be asked."""
    client = running_one()
    if client:
        client.close()
    return client is not None


def running_one() -> InstanceClient | None:
    """The running Harken, if one can be asked. The caller closes it."""
    try:
        return InstanceClient(socket_address())
    except InstanceError:
        return None


def ask_running(what: str, *, waits: bool = True, **fields: Any) -> dict[str, Any] | None:
    """The running Harken's answer, however long it takes; None if none is running. Raises InstanceError.

    Without `waits` it has to answer soon.
    """
    try:
        address = socket_address()
    except InstanceError:  # if no Harken can listen here, none is running: the doctor says why
        return None
    try:
        with connected(address) as client:
            return client.ask(what, waits=waits, **fields)
    except NotRunningError:
        return None


def started() -> contextlib.closing[InstanceClient]:
    """The running Harken; if there is none, it is started and the user is told so. Raises InstanceError."""
    process = None
    until_s = time.monotonic() + _START_LIMIT_S
    while True:
        try:
            return contextlib.closing(InstanceClient(socket_address()))
        except NotRunningError:
            has_failed = time.monotonic() > until_s or (process and process.poll() is not None)
            with contextlib.suppress(OSError):
                process = process or _start()
            if has_failed or process is None:
                sentence = "Harken could not be started. Run “harken doctor” to see what is missing."
                raise InstanceError(sentence) from None
        time.sleep(0.05)


def _start() -> subprocess.Popen[bytes]:
    output.complain("Harken was not running and is being started.")
    return launch.start()


def status(options: argparse.Namespace) -> int:
    """What it is doing."""
    with connected(socket_address()) as client:
        answer = client.ask("status")
    answer.pop("ok")
    pace = f"about {answer['words_a_minute']} words a minute"
    sleep = f"sleep in {answer['sleep_minutes']} min" if answer["sleep_minutes"] else ""
    sleep = "sleep at the end of the paragraph" if answer["sleep_at_paragraph"] else sleep
    text = ", ".join(filter(None, (answer["state"], f"speed {answer['speed']:g}", pace, answer["voice"], sleep)))
    output.answer(answer, options.json, "\n".join([text, *_spent(answer["spent"])]))
    return 0


def _spent(by_service: dict[str, Any]) -> list[str]:
    if not by_service:
        return []
    from reader.voices import registry
    from reader.voices.service import Spent

    services = [entry for entry in registry.services() if entry.name in by_service]
    return [f"{entry.title}: {Spent(**by_service[entry.name]).summary}" for entry in services]


def history(options: argparse.Namespace) -> int:
    """The last readings."""
    with connected(socket_address()) as client:
        readings = client.ask("history")["readings"]
    rows = [f"{r['id']:3}  {time.strftime('%H:%M', time.localtime(r['when_s']))}  {r['first_words']}" for r in readings]
    output.answer(readings, options.json, "\n".join(rows))
    return 0


def bookmarks(options: argparse.Namespace) -> int:
    """The bookmarks."""
    answer = ask_running("bookmarks")
    places = answer["places"] if answer else _ask_kept(lambda library: library.listed_bookmarks())
    output.answer(places, options.json, "\n".join(_recent_row(place) for place in places))
    return 0


def bookmark(options: argparse.Namespace) -> int:
    """Go to one of them, or remove it."""
    with _running(starts=True) as client:
        client.ask(f"bookmark-{options.verb}", limit_s=_START_LIMIT_S, number=options.number)
    return 0


def queue(options: argparse.Namespace) -> int:
    """Show what is waiting to be read."""
    with connected(socket_address()) as client:
        texts = client.ask("queue")["texts"]
    output.answer(texts, options.json, "\n".join(f"{number:3}  {words}" for number, words in enumerate(texts, 1)))
    return 0


def clear_queue(_options: argparse.Namespace) -> int:
    """Empty it."""
    with connected(socket_address()) as client:
        client.ask("queue-clear")
    return 0


def sleep(options: argparse.Namespace) -> int:
    """Set the sleep timer."""
    with _running() as client:
        if options.when == "paragraph":
            client.ask("sleep-at-paragraph")
        else:
            client.ask("sleep", minutes=options.when)
    return 0


def recent(options: argparse.Namespace) -> int:
    """The long texts and documents whose places are remembered."""
    answer = ask_running("recent")
    texts = answer["texts"] if answer else _ask_kept(lambda library: library.listed())
    output.answer(texts, options.json, "\n".join(_recent_row(text) for text in texts))
    return 0


def _recent_row(text: dict[str, Any]) -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(text["when_s"]))
    percent = "" if text["percent"] is None else f"{text['percent']}%"
    name = foreign.shown(text["path"]) or text["first_words"] or "a text that was not kept"
    return f"{text['number']:3}  {when}  {percent:>4}  {name}"


def read_recent(options: argparse.Namespace) -> int:
    """Go on with one of them."""
    with _running(starts=True) as client:
        client.ask("recent-read", limit_s=_START_LIMIT_S, number=options.number)
    return 0


def forget(options: argparse.Namespace) -> int:
    """Forget one of them, or all."""

    async def forget_one(library: KeptLibrary) -> None:
        library.forget(options.number)

    if ask_running("recent-forget", number=options.number) is None:
        _ask_kept(forget_one)
    return 0


def _ask_kept(ask: Callable[[KeptLibrary], Awaitable[T]]) -> T:
    """Ask the library while no Harken is running."""
    import asyncio

    from reader.core.library import KeptLibrary
    from reader.session.history import History

    async def answer() -> T:
        library = KeptLibrary(History(), output.complain)
        await library.load()
        try:
            return await ask(library)
        finally:
            await library.close()

    return asyncio.run(answer())


def read_again(options: argparse.Namespace) -> int:
    """Read one of them again."""
    with connected(socket_address()) as client:
        client.ask("read-again", id=options.number)
    return 0
