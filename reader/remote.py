"""Answers the command line: what a client of the socket asks, done by the running app. Core thread only."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from reader import doctor, tasks
from reader.errors import InstanceError, SettingsError
from reader.flow import CapturedText, Command, Notice, PlaybackEvent, ReadingEnded, Source, Trigger, words_a_minute
from reader.ipc.protocol import BadMessageError
from reader.ipc.server import Connection, Message
from reader.session.events import Events
from reader.session.reading import Reading
from reader.settings.schema import SETTINGS
from reader.text.ssml import spoken
from reader.words import translate

if TYPE_CHECKING:
    from reader.app import App


class Remote:
    """The running instance, as clients see it."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def answer(self, message: Message, connection: Connection) -> Message:
        """Do what a message asks. Raises HarkenError with the sentence for the user, or BadMessageError."""
        match message.get("do"):
            case "command":
                self._handle(_command(message))
                return {"ok": True}
            case "status":
                return {"ok": True, **await self._status()}
            case "show" | "quit" | "open-settings" as wanted:
                do = {"show": self._app.show, "quit": self._app.quit, "open-settings": self._app.open_settings}
                do[wanted]()
                return {"ok": True, "pid": os.getpid()}
            case "doctor":
                await self._app.wait_until_warm()
                report = await doctor.report(self._app, asks_polly=message.get("polly") is True)
                return {"ok": True, "report": report}
            case "set":
                await self._set(message)
                return {"ok": True}
            case "account":
                self._app.renew_account()
                return {"ok": True}
            case "history":
                return {"ok": True, "readings": [asdict(entry) for entry in self._app.history()]}
            case "read-again":
                self._app.read_again(_whole_number(message.get("id")))
                return {"ok": True}
            case "speak":
                return await self._speak(message, connection)
            case _:
                raise BadMessageError("no such request")

    def _handle(self, command: Command) -> None:
        """Do it, or say why it can do nothing now: to who asked, who may be at a terminal."""
        if refusal := self._app.controller.refusal(command):
            raise refusal
        self._app.controller.handle(Trigger(command, "cli"))

    async def _status(self) -> Message:
        spent = await self._app.polly.spent()
        return {
            "state": self._app.state,
            "speed": self._app.speed,
            "words_a_minute": words_a_minute(self._app.speed),
            "heard_words_a_minute": self._app.controller.heard_words_a_minute,
            "volume": round(100 * self._app.volume),
            "voice": self._app.speaker,
            "polly": asdict(spent) if spent.told else None,
            "pid": os.getpid(),
        }

    async def _set(self, message: Message) -> None:
        key, value = message.get("key"), message.get("value")
        if key not in SETTINGS or not isinstance(value, str | bool | float | int):
            raise SettingsError(translate("reader", "There is no setting “{key}”.").format(key=key))
        await self._app.change(key, value)

    async def _speak(self, request: Message, connection: Connection) -> Message:
        """Read a text as it arrives, and answer when it is over. A client that hangs up stops it."""
        speed, document = request.get("speed"), request.get("ssml")
        is_ssml = isinstance(document, str)
        if isinstance(document, str):
            spoken(document)
        reading = self._app.speak(
            CapturedText(document if isinstance(document, str) else "", Source.GIVEN, is_ssml=is_ssml),
            is_whole=is_ssml,
            voice_id=str(request.get("voice") or ""),
            language=str(request.get("language") or ""),
            speed=float(speed) if isinstance(speed, int | float) else None,
        )
        news: asyncio.Queue[PlaybackEvent | None] = asyncio.Queue()  # of this reading; None: the client has gone

        own = Events()  # what others were told in this minute is new to this client
        own.subscribe(news.put_nowait)

        def watch(event: PlaybackEvent) -> None:
            if event.utterance_id == reading.utterance_id:
                own.publish(event)

        self._app.events.subscribe(watch, merges=False)
        receiving = tasks.start(_receive_text(reading, connection), "text from a client")
        receiving.add_done_callback(lambda _: news.put_nowait(None))
        try:
            while event := await news.get():
                if isinstance(event, Notice):
                    await connection.send({"ok": True, "notice": event.sentence})
                elif isinstance(event, ReadingEnded):
                    return {"ok": True, "ended": _how(event)}
            raise InstanceError(translate("reader", "The client has gone."))
        finally:
            self._app.unsubscribe(watch)
            own.close()
            self._app.stop_reading(reading)
            reading.close()  # what was not sent until now does not come any more
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)


def _command(message: Message) -> Command:
    try:
        return Command(message.get("command", ""))
    except ValueError as error:
        raise BadMessageError("no such command") from error


def _whole_number(value: object) -> int:
    if not isinstance(value, int):
        raise BadMessageError("no number")
    return value


def _how(ending: ReadingEnded) -> str:
    """How a reading has ended, as the protocol says it."""
    if ending.is_whole:
        return "whole"
    return "failed" if ending.is_failed else "stopped"


async def _receive_text(reading: Reading, connection: Connection) -> None:
    """Feed a reading until the client hangs up."""
    while (message := await connection.receive()) is not None:
        if isinstance(text := message.get("text"), str):
            reading.feed(text)
        if message.get("end"):
            reading.close()
