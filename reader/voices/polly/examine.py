"""Asks the service what this account may do, for `harken doctor`. Free of charge.

Listing voices is free. A stream is closed before any text is sent, so there is nothing to bill. SynthesizeSpeech gets
an empty text: the service checks permissions before it checks the text, so a refusal of the text shows that the
account has the permission.

The result is only reported; it neither stops nor restarts reading. Core thread only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

from reader.errors import (
    AccessRefusedError,
    PermissionMissingError,
    RemoteVoiceError,
    RequestRefusedError,
    UnreachableError,
)
from reader.flow import Voice
from reader.support.i18n import translate
from reader.voices.polly import voice_list
from reader.voices.polly.client import PollyClient
from reader.voices.polly.delivery import Delivery
from reader.voices.polly.events import OPERATION, SpeechParameters
from reader.voices.polly.synthesis_stream import Limits, SynthesisStream
from reader.voices.polly.voice_list import PollyVoice
from reader.voices.service import Check

LISTS, STREAMS, SPEAKS = "DescribeVoices", OPERATION, "SynthesizeSpeech"
# The voice to ask for if the user has chosen none and the service lists none. It has the generative engine.
_ANY_VOICE = "Matthew"
_NO_SUCH_OPERATION = {"UnknownOperationException", "404"}


async def examine(
    client: PollyClient, voice_id: str, output: tuple[str, int], lexicons: Sequence[str]
) -> tuple[Check, ...]:
    """Try the three operations in turn, at most some ten seconds each. Raises none of Harken's errors.

    `voice_id` is the user's choice, perhaps another engine's voice; `output` is (format, rate in Hz).
    """
    examiner = _Examiner(client, Voice(voice_id, "", ""), output, tuple(lexicons))
    checks: list[Check] = []
    for operation, ask in ((LISTS, examiner.list), (STREAMS, examiner.stream), (SPEAKS, examiner.speak)):
        if examiner.ended_by:
            why = translate("reader", "not checked, because {operation} failed").format(operation=examiner.ended_by)
            checks.append(Check(operation, False, why))
        else:
            checks.append(await examiner.check(operation, ask()))
    return tuple(checks)


class _Examiner:
    """`ended_by` is the operation that failed in a way that would make the others fail, too."""

    def __init__(self, client: PollyClient, chosen: Voice, output: tuple[str, int], lexicons: tuple[str, ...]) -> None:
        self.ended_by = ""
        self._client = client
        self._chosen = chosen
        self._output = output
        self._lexicons = lexicons
        self._entries: list[PollyVoice] = []

    async def check(self, operation: str, asking: Awaitable[str]) -> Check:
        try:
            return Check(operation, True, await asking)
        except RequestRefusedError as error:
            if error.code in _NO_SUCH_OPERATION:
                return Check(operation, False, translate("reader", "this region does not have it"))
            why = translate("reader", "it does not accept {what}: {reason}")
            return Check(operation, True, why.format(what=self._what, reason=error.detail or error.code))
        except AccessRefusedError as error:
            if isinstance(error, PermissionMissingError):
                why = translate("reader", "the account lacks the permission polly:{operation}.")
                if error.detail:
                    why = translate("reader", "the account lacks the permission polly:{operation}. Amazon says: {said}")
                return Check(operation, False, why.format(operation=operation, said=error.detail))
            self.ended_by = operation
            return Check(operation, False, _told(error))
        except RemoteVoiceError as error:
            if isinstance(error, UnreachableError):
                self.ended_by = operation
            return Check(operation, False, _told(error))

    # Each returns what is wrong although it was allowed, or "". Raises RemoteVoiceError.

    async def list(self) -> str:
        self._entries = await voice_list.ask(lambda values: self._client.call(LISTS, values))
        voices = [*voice_list.stream_voices(self._entries), *voice_list.sentence_voices(self._entries)]
        engine, _, name = self._chosen.id.partition("/")
        if engine not in (voice_list.STREAMS, voice_list.SENTENCES) or not name:
            return ""
        if any(voice.id == self._chosen.id for voice in voices):
            return ""
        return translate("reader", "there is no voice {voice}").format(voice=self._chosen.id)

    async def stream(self) -> str:
        name, language = self._voice(voice_list.STREAMS)
        parameters = SpeechParameters(name, *self._output, language, self._lexicons)
        model, account = await self._client.model(), await self._client.account()
        try:
            opening = model.opening(parameters, account, self._client.clock.now())
        except RequestRefusedError as error:
            return f"{error} (polly.lexicons, polly.format, voice.id)"
        connection = await self._client.connect(lambda _: None)
        news = asyncio.Event()
        try:
            stream = SynthesisStream(
                connection,
                parameters,
                opening,
                self._client.clock,
                self._client.decoders,
                Limits(),
                Delivery(),
                news.set,
            )
            stream.close()
            while not stream.is_over:
                news.clear()
                await news.wait()
        finally:
            connection.close()
        if stream.error:
            raise stream.error
        return ""

    async def speak(self) -> str:
        name, _ = self._voice(voice_list.SENTENCES)
        values = {"Text": "", "VoiceId": name, "OutputFormat": self._output[0], "SampleRate": str(self._output[1])}
        try:
            await self._client.call(SPEAKS, values)
        except RequestRefusedError as error:
            if error.code in _NO_SUCH_OPERATION:
                raise
        return ""

    @property
    def _what(self) -> str:
        output_format, rate_hz = self._output
        what = translate("reader", "{voice} in {format} at {rate} Hz")
        if self._lexicons:
            what = translate("reader", "{voice} in {format} at {rate} Hz with the lexicons {lexicons}")
        name, lexicons = self._voice(voice_list.STREAMS)[0], ", ".join(self._lexicons)
        return what.format(voice=name, format=output_format, rate=rate_hz, lexicons=lexicons)

    def _voice(self, engine: str) -> tuple[str, str]:
        """(the service's name of the chosen voice or of any that may be tried, the language to ask for or "")."""
        if self._chosen.engine == engine and self._chosen.id != f"{engine}/":
            name, _, language = voice_list.split_name(self._chosen)
            return name, language
        return next((e.id for e in self._entries if voice_list.GENERATIVE in e.engines), _ANY_VOICE), ""


def _told(error: RemoteVoiceError) -> str:
    return f"{error.sentence} ({error.detail})" if error.detail else error.sentence
