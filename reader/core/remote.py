"""Answers the command line and the session bus: has the running app do what they ask. Core thread only."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from reader import tasks
from reader.core import advice, doctor, user_voices
from reader.core.app import App
from reader.core.events import Events, how_ended
from reader.errors import InstanceError
from reader.flow import (
    CapturedText,
    Command,
    Event,
    Notice,
    QuitWanted,
    ReadingEnded,
    SettingsWanted,
    Source,
    Trigger,
    words_a_minute,
)
from reader.ipc import messages
from reader.ipc.base import BusListener
from reader.ipc.protocol import TEXTS_AHEAD
from reader.ipc.server import Connection, Message
from reader.session.reading import Reading
from reader.settings.schema import SETTINGS, Value
from reader.settings.store import setting
from reader.support.i18n import translate
from reader.support.languages import code_of
from reader.text.ssml import spoken

# How many messages of a client may wait to be taken: its texts, and their end.
_MESSAGES_AHEAD = TEXTS_AHEAD + 1


class Remote:
    """The running instance, as clients see it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._bus: BusListener | None = None
        self._answers: dict[str, Callable[..., Awaitable[Message]]] = {
            "command": self._command,
            "show": self._show,
            "quit": self._quit,
            "open-settings": self._open_settings,
            "settings": self._settings,
            "set": self._set,
            "reset": self._reset,
            "pronunciations": self._reload_pronunciations,
            "account": self._account,
            "account-report": self._account_report,
            "status": self._status,
            "doctor": self._doctor,
            "voices": self._voices,
            "voices-changed": self._look_for_voices,
            "devices": self._devices,
            "history": self._history,
            "read-again": self._read_again,
            "bookmarks": self._bookmarks,
            "bookmark-go": self._go_to_bookmark,
            "bookmark-remove": self._remove_bookmark,
            "queue": self._queue,
            "queue-clear": self._clear_queue,
            "sleep": self._sleep,
            "sleep-at-paragraph": self._sleep_at_paragraph,
            "recent": self._recent,
            "recent-read": self._read_recent,
            "recent-forget": self._forget_recent,
            "say": self._say,
        }

    def tell_of(self, bus: BusListener) -> None:
        """Have reports include this bus."""
        self._bus = bus

    async def answer(self, message: Message, connection: Connection) -> Message:
        """Do what a message asks. Raises HarkenError with the sentence for the user, or BadMessageError."""
        what, fields = messages.request(message)
        if what == "speak":
            return await self._speak(fields, connection)
        return {"ok": True, **await self._answers[what](**fields)}

    async def obey(self, message: Mapping[str, Any]) -> Message:
        """Do what a message asks that needs no conversation. Raises as `answer`."""
        what, fields = messages.request(message)
        return await self._answers[what](**fields)

    async def _command(self, command: Command, by_key: bool | None) -> Message:
        """Do it, or say why it can do nothing now: to the caller at a terminal, or to a user who only pressed a key."""
        await self._app.wait_until_started()  # it may have been started for this
        refusal = self._app.controller.refusal(command)
        if by_key or not refusal:
            self._app.controller.handle(Trigger(command, "key" if by_key else "cli"))
        if refusal:
            raise refusal
        return {}

    async def _say(self, text: str) -> Message:
        return {"reading": self._app.speak(CapturedText(text, Source.GIVEN)).utterance_id}

    async def _show(self) -> Message:
        self._app.show()
        return {"pid": os.getpid()}

    async def _quit(self) -> Message:
        self._app.publish(QuitWanted(0))
        return {"pid": os.getpid()}

    async def _open_settings(self) -> Message:
        self._app.publish(SettingsWanted(0))
        return {"pid": os.getpid()}

    async def _doctor(self, ask: list[str] | None) -> Message:
        await self._app.wait_until_warm()
        return {"report": await doctor.report(self._app, asks=ask or (), bus=self._bus)}

    async def _history(self) -> Message:
        return {"readings": [asdict(entry) for entry in self._app.history()]}

    async def _read_again(self, id: int) -> Message:  # noqa: A002 - the protocol's name
        self._app.read_again(id)
        return {}

    async def _bookmarks(self) -> Message:
        return {"places": await self._app.library.listed_bookmarks()}

    async def _go_to_bookmark(self, number: int) -> Message:
        await self._app.wait_until_started()
        self._app.controller.reopen(self._app.library.numbered_bookmark(number))
        return {}

    async def _remove_bookmark(self, number: int) -> Message:
        self._app.library.remove_bookmark(number)
        return {}

    async def _queue(self) -> Message:
        return {"texts": self._app.later.listed()}

    async def _clear_queue(self) -> Message:
        self._app.later.clear()
        return {}

    async def _sleep(self, minutes: int) -> Message:
        self._app.sleep.set_minutes(minutes)
        return {}

    async def _sleep_at_paragraph(self) -> Message:
        self._app.sleep.set_paragraph()
        return {}

    async def _recent(self) -> Message:
        return {"texts": await self._app.library.listed()}

    async def _read_recent(self, number: int) -> Message:
        await self._app.wait_until_started()
        self._app.controller.reopen(self._app.library.numbered(number))
        return {}

    async def _forget_recent(self, number: int | None) -> Message:
        self._app.library.forget(number)
        self._app.controller.tell_state()
        return {}

    # ---- settings ----

    async def _settings(self) -> Message:
        settings = self._app.settings
        return {"values": {key: settings.get(key) for key in SETTINGS}, "problems": settings.problems}

    async def _set(self, key: str, value: Value) -> Message:
        warning = await advice.on(self._app, key, setting(key).check(value))
        notices = await self._listen(self._app.change(key, value))
        return {"notices": list(dict.fromkeys(filter(None, [warning, *notices])))}

    async def _reset(self, keys: list[str]) -> Message:
        return {"notices": await self._listen(self._app.reset(keys))}

    async def _reload_pronunciations(self) -> Message:
        """Another process has changed the list."""
        return {"notices": await self._listen(self._app.pronunciations.reload())}

    async def _listen(self, change: Awaitable[None]) -> list[str]:
        """Make a change, and return what the user is shown meanwhile."""
        told: list[str] = []

        def watch(event: Event) -> None:
            if isinstance(event, Notice):
                told.append(event.sentence)

        self._app.events.subscribe(watch, merges=False)
        try:
            await change
        finally:
            self._app.unsubscribe(watch)
        return told

    # ---- reports ----

    async def _account(self) -> Message:
        self._app.renew_account()
        return {}

    async def _account_report(self) -> Message:
        report = await self._app.find_account()
        return {"row": doctor.account(report), "account": doctor.account_data(report), "problem": report.problem}

    async def _voices(self, engine: str | None) -> Message:
        voices, problem = await user_voices.find(self._app, engine or "")
        return {"voices": [user_voices.row(voice) for voice in voices], "problem": problem}

    async def _look_for_voices(self) -> Message:
        await self._app.engines.look_again()
        return {}

    async def _devices(self) -> Message:
        outputs = await self._app.output_devices()
        return {"outputs": [{"id": out.id, "name": out.name, "default": out.is_default} for out in outputs]}

    async def _status(self) -> Message:
        spent = {name: await service.spent() for name, service in self._app.services.items()}
        return {
            "state": self._app.state,
            "speed": self._app.speed,
            "words_a_minute": words_a_minute(self._app.speed),
            "heard_words_a_minute": self._app.controller.pace.heard(self._app.speed),
            "volume": round(100 * self._app.volume),
            "voice": self._app.speaker,
            "sleep_minutes": self._app.sleep.minutes_left,
            "sleep_at_paragraph": self._app.sleep.is_at_paragraph,
            "spent": {name: asdict(month) for name, month in spent.items() if month.summary},
            "pid": os.getpid(),
        }

    async def _speak(self, request: Message, connection: Connection) -> Message:
        """Read a text as it arrives, and answer when it is over. A client that hangs up stops it."""
        document: str | None = request["ssml"]
        if document is not None:
            spoken(document)
        reading = self._app.speak(
            CapturedText(document or "", Source.GIVEN, is_ssml=document is not None, path=request["path"] or ""),
            is_whole=document is not None,
            voice_id=request["voice"] or "",
            language=code_of(request["language"] or ""),
            speed=request["speed"],
            falls_back=request["falls_back"],
        )
        news: asyncio.Queue[Event | None] = asyncio.Queue()  # of this reading; None: the client has gone

        own = Events()  # what others were sent in the last minute is new to this client
        own.subscribe(news.put_nowait)

        def watch(event: Event) -> None:
            if event.utterance_id == reading.utterance_id:
                own.publish(event)

        self._app.events.subscribe(watch, merges=False)
        arrived: asyncio.Queue[Message] = asyncio.Queue(_MESSAGES_AHEAD)
        receiving = tasks.start(_receive_text(arrived, connection), "text from a client")
        feeding = tasks.start(_feed(reading, arrived, connection), "text for a reading")
        for task in (receiving, feeding):
            task.add_done_callback(lambda _: news.put_nowait(None))
        try:
            while event := await news.get():
                if isinstance(event, Notice):
                    await connection.send({"ok": True, "notice": event.sentence})
                elif isinstance(event, ReadingEnded):
                    return {"ok": True, "ended": how_ended(event)}
            raise InstanceError(translate("reader", "The client has disconnected."))
        finally:
            self._app.unsubscribe(watch)
            own.close()
            self._app.stop_reading(reading)
            reading.close()  # what has not been sent by now never will be
            receiving.cancel()
            feeding.cancel()
            await asyncio.gather(receiving, feeding, return_exceptions=True)


async def _receive_text(arrived: asyncio.Queue[Message], connection: Connection) -> None:
    """Take messages until the client hangs up.

    A client that sends no more than it was asked for is always listened to, so its hanging up is noticed even while the
    text has to wait. Any other waits at its end of the socket.
    """
    while (message := await connection.receive()) is not None:
        await arrived.put(message)


async def _feed(reading: Reading, arrived: asyncio.Queue[Message], connection: Connection) -> None:
    """Feed a reading as it has room, and ask for as much as it has taken."""
    while message := await arrived.get():
        text, is_last = messages.more_text(message)
        if text:
            await reading.feed_in_time(text)
        if "text" in message:
            await connection.send({"ok": True, "more": True})
        if is_last:
            reading.close()
