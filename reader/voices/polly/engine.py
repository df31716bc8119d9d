"""Amazon Polly's streaming voices as an Engine: warm connections, and what is known about each voice.

The failure of a stream is reported to its reading (see utterance_stream.py). What it means for the next stream is
decided in client.py, except for refusals: a different format or operation may be accepted.

Core thread only.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from reader.errors import AccessRefusedError, RemoteVoiceError, RequestRefusedError
from reader.flow import Voice
from reader.voices.base import SpeechStream
from reader.voices.polly import voice_list
from reader.voices.polly.client import PollyClient
from reader.voices.polly.connections import IDLE_S, Connections
from reader.voices.polly.delivery import Delivery
from reader.voices.polly.events import SpeechParameters
from reader.voices.polly.sentences import Sentences
from reader.voices.polly.spending import Spending
from reader.voices.polly.synthesis_stream import SLEPT, STALLED, Limits, SynthesisStream
from reader.voices.polly.utterance_stream import UtteranceStream
from reader.voices.polly.voice_cache import VoiceCache
from reader.voices.remote.sentence_stream import SentenceStream

log = logging.getLogger(__name__)

# (format, rate in Hz) in the order they are tried. The first is the user's choice; the others are those that published
# clients use, because the service may refuse any other pair.
FORMATS = (("pcm", 16000), ("mp3", 24000), ("ogg_vorbis", 24000))
_NO_SUCH_OPERATION = {"UnknownOperationException", "404"}


class _Shared:
    """What the two engines have in common, and when they should not be used."""

    def __init__(
        self,
        client: PollyClient,
        voice_cache: VoiceCache,
        spending: Spending,
        formats: Sequence[tuple[str, int]],
        lexicons: tuple[str, ...],
    ) -> None:
        self._client = client
        self._voice_cache = voice_cache
        self._spending = spending
        self._formats = tuple(formats)
        self._lexicons = lexicons

    @property
    def is_backing_off(self) -> bool:
        return self._client.is_backing_off or self._spending.is_used_up

    async def wait_until_available(self) -> None:
        await self._client.wait_until_available()

    def _sentences(self, utterance_id: int) -> SentenceStream:
        sentences = Sentences(self._client, self._spending, self._formats, self._lexicons)
        return SentenceStream(sentences, utterance_id)


class PollyEngine(_Shared):
    """Implements Engine. Its voices join the texts they are sent: `synthesis_stream.py` proves what was spoken."""

    name = voice_list.STREAMS
    speeds = (1.0, 1.0)  # the generative voices take no markup for it: the player stretches

    def __init__(
        self,
        client: PollyClient,
        voice_cache: VoiceCache,
        spending: Spending,
        *,
        formats: Sequence[tuple[str, int]] = FORMATS,
        lexicons: tuple[str, ...] = (),
        limits: Limits | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        """Only tests shorten `limits`."""
        self.limits = limits or Limits()
        super().__init__(client, voice_cache, spending, formats, lexicons)
        self._format_of: dict[str, int] = {}  # by voice: the index of the format it accepts
        self._delivery_of: dict[str, Delivery] = {}  # by voice
        self._lacks_streams = False  # this region has no StartSpeechSynthesisStream
        self._is_closed = False
        self._connections = Connections(client.connect, idle_s)

    # ---- Engine ----

    async def start(self) -> None:
        """Waits for the list of voices, but only the first time."""
        await self._voice_cache.load()
        self._spending.check()
        if not self.is_backing_off and not self._is_closed:  # another account may have replaced this one by now
            self._connections.warm()
            self._client.decoders.warm_up(self._formats[0][0])

    def voices(self) -> Sequence[Voice]:
        return voice_list.stream_voices(self._voice_cache.entries)

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> SpeechStream:
        if self._lacks_streams:
            return self._sentences(utterance_id)
        return UtteranceStream(self, utterance_id, is_live=is_live)

    @property
    def is_continuous(self) -> bool:
        """Not continuous when it speaks sentence by sentence."""
        return not self._lacks_streams

    async def close(self) -> None:
        self._is_closed = True
        await self._spending.saved()
        await self._connections.close()
        await self._voice_cache.close()
        await self._client.close()

    @property
    def refused_formats(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """The formats (name, rate in Hz) that the service refused, by its names of voices."""
        return {name: self._formats[:following] for name, following in self._format_of.items() if following}

    # ---- Streams ----

    async def open_synthesis(self, voice: Voice, speech: UtteranceStream) -> SynthesisStream:
        try:
            model = await self._client.model()
            account = await self._client.account()
            connection = await self._connections.take()
        except RemoteVoiceError as error:
            raise self._learned(error) from error
        name, _, language = voice_list.split_name(voice)
        output_format, rate_hz = self._formats[self._format_of.get(name, 0)]
        parameters = SpeechParameters(name, output_format, rate_hz, language, self._lexicons)
        opening = model.opening(parameters, account, self._client.clock.now())
        delivery = self._delivery_of.setdefault(name, Delivery())
        return SynthesisStream(
            connection,
            parameters,
            opening,
            self._client.clock,
            self._client.decoders,
            self.limits,
            delivery,
            speech.note_news,
        )

    def check_spending(self, more_chars: int) -> None:
        self._spending.check(more_chars)

    def note_end(self, stream: SynthesisStream) -> RemoteVoiceError | None:
        self._count(stream)
        if stream.is_cancelled or stream.error:
            self._connections.put_behind(stream.connection)
        if stream.proof.has_proven:
            self._client.note_success()  # even if the stream broke off: the reading made progress
        if stream.error and stream.error.code == STALLED:
            stream.connection.close()  # the reading may be over
        if stream.error and stream.error.code == SLEPT:
            self._connections.drop()
        return (self._other_way(stream, stream.error) or self._learned(stream.error)) if stream.error else None

    # ---- failures ----

    def _learned(self, error: RemoteVoiceError) -> RemoteVoiceError:
        """The failure as the session should see it: one that was fixed here may be retried."""
        self._client.note_failure(error)
        if isinstance(error, AccessRefusedError):
            self._connections.drop()
            if not self.is_backing_off:
                return _again(error)
        return error

    def _other_way(self, stream: SynthesisStream, error: RemoteVoiceError) -> RemoteVoiceError | None:
        """Switch to another format or operation from now on, if one is left that may turn a refusal into an answer."""
        if not isinstance(error, RequestRefusedError) or stream.has_sound:
            return None
        name = stream.parameters.voice
        if error.code in _NO_SUCH_OPERATION:
            log.info("no StartSpeechSynthesisStream here: sentence by sentence from now on")
            self._lacks_streams = True
            return _again(error)
        if (following := self._format_of.get(name, 0) + 1) < len(self._formats):
            self._format_of[name] = following
            log.info(
                "polly/%s does not take %s at %d Hz", name, stream.parameters.output_format, stream.parameters.rate_hz
            )
            return _again(error)
        self._format_of.pop(name, None)  # it was not the format
        return None

    def _count(self, stream: SynthesisStream) -> None:
        if stream.billed_chars is not None:
            self._spending.add(billed=stream.billed_chars)
        elif stream.sent_chars:
            self._spending.add(counted=stream.sent_chars)
        self._spending.save_soon()


def _again(error: RemoteVoiceError) -> RemoteVoiceError:
    """The same failure, as one that another stream may not meet."""
    return RemoteVoiceError(error.sentence, code=error.code, detail=error.detail)


class SentencesEngine(_Shared):
    """Implements Engine. Amazon Polly's other voices, one request per sentence: see sentences.py."""

    name = voice_list.SENTENCES
    speeds = (1.0, 1.0)
    is_continuous = False

    def __init__(
        self,
        client: PollyClient,
        voice_cache: VoiceCache,
        spending: Spending,
        *,
        formats: Sequence[tuple[str, int]] = FORMATS,
        lexicons: tuple[str, ...] = (),
    ) -> None:
        super().__init__(client, voice_cache, spending, formats, lexicons)

    async def start(self) -> None:
        await self._voice_cache.load()
        self._spending.check()

    def voices(self) -> Sequence[Voice]:
        return voice_list.sentence_voices(self._voice_cache.entries)

    def open_stream(self, utterance_id: int, *, is_live: bool = True) -> SpeechStream:
        return self._sentences(utterance_id)

    async def close(self) -> None:
        """Does nothing: the streaming engine closes what both share."""
