"""Amazon Polly's streaming voices as an Engine: warm connections, and what is known of each voice.

The failure of one stream is a reading's to hear of (see speech.py). What it means for the next one is decided in
client.py, but for refusals: another format, or another operation, may be taken.

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from reader import tasks
from reader.errors import AccessRefusedError, RemoteVoiceError, RequestRefusedError
from reader.flow import Voice
from reader.voices.base import SpeechStream
from reader.voices.polly import voice_list
from reader.voices.polly.calls import Calls
from reader.voices.polly.client import Client
from reader.voices.polly.connections import IDLE_S, Connections
from reader.voices.polly.delivery import Delivery
from reader.voices.polly.events import SpeechParameters
from reader.voices.polly.leg import SLEPT, STALLED, Leg, Limits
from reader.voices.polly.speech import Speech
from reader.voices.polly.spending import Spending
from reader.voices.polly.voice_cache import VoiceCache

log = logging.getLogger(__name__)

# (format, rate in Hz) in the order they are tried. The first is the user's; the others are those that published clients
# use, for the service may refuse any other pair.
FORMATS = (("pcm", 16000), ("mp3", 24000), ("ogg_vorbis", 24000))
_NO_SUCH_OPERATION = {"UnknownOperationException", "404"}


class _Shared:
    """What both engines are made of, and when they are not to be asked."""

    def __init__(
        self,
        client: Client,
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
        """See Engine."""
        return self._client.is_backing_off or self._spending.is_used_up

    async def wait_until_available(self) -> None:
        """See Engine."""
        await self._client.wait_until_available()


class PollyEngine(_Shared):
    """See Engine. Its voices join what they are sent: `leg.py` proves what was spoken."""

    name = voice_list.STREAMS
    speeds = (1.0, 1.0)  # the generative voices take no markup for it: the player stretches

    def __init__(
        self,
        client: Client,
        voice_cache: VoiceCache,
        spending: Spending,
        *,
        formats: Sequence[tuple[str, int]] = FORMATS,
        lexicons: tuple[str, ...] = (),
        limits: Limits | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        """`limits` are shortened by tests only."""
        self.limits = limits or Limits()
        super().__init__(client, voice_cache, spending, formats, lexicons)
        self._format_of: dict[str, int] = {}  # by voice: which of the formats it takes
        self._delivery_of: dict[str, Delivery] = {}  # by voice
        self._lacks_streams = False  # this region has no StartSpeechSynthesisStream
        self._is_closed = False
        self._connections = Connections(client.connect, idle_s)
        self._saving: set[asyncio.Task[None]] = set()

    # ---- Engine ----

    async def start(self) -> None:
        """See Engine. The list of voices is waited for the first time only."""
        await self._voice_cache.load()
        self._spending.check()
        if not self.is_backing_off and not self._is_closed:  # another account may have replaced this one meanwhile
            self._connections.warm()
            self._client.decoders.warm_up(self._formats[0][0])

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return voice_list.stream_voices(self._voice_cache.entries)

    def open_stream(self, utterance_id: int) -> SpeechStream:
        """See Engine."""
        if self._lacks_streams:
            return Calls(self._client, self._spending, self._formats, self._lexicons, utterance_id)
        return Speech(self, utterance_id)

    @property
    def is_continuous(self) -> bool:
        """See Engine. Sentence by sentence it is not."""
        return not self._lacks_streams

    async def close(self) -> None:
        """See Engine."""
        self._is_closed = True
        await asyncio.gather(*self._saving, return_exceptions=True)
        await self._connections.close()
        await self._voice_cache.close()
        await self._client.close()

    @property
    def refused_formats(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """Formats (name, rate in Hz) that the service did not take, by its names of voices."""
        return {name: self._formats[:following] for name, following in self._format_of.items() if following}

    # ---- Legs ----

    async def open_leg(self, voice: Voice, speech: Speech) -> Leg:
        """See Legs."""
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
        return Leg(
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
        """See Legs."""
        self._spending.check(more_chars)

    def note_end(self, leg: Leg) -> None:
        """See Legs."""
        self._count(leg)
        if leg.is_cancelled or leg.error:
            self._connections.put_behind(leg.connection)
        if leg.proof.has_proven:
            self._client.note_success()  # also of a stream that broke off: reading goes forward
        if leg.error and leg.error.code == STALLED:
            leg.connection.close()  # nobody may be there any more
        if leg.error and leg.error.code == SLEPT:
            self._connections.drop()
        if leg.error:
            leg.error = self._other_way(leg, leg.error) or self._learned(leg.error)

    # ---- failures ----

    def _learned(self, error: RemoteVoiceError) -> RemoteVoiceError:
        """A failure as the session has to take it: what was mended here may be tried again."""
        self._client.note_failure(error)
        if isinstance(error, AccessRefusedError):
            self._connections.drop()
            if not self.is_backing_off:
                return _again(error)
        return error

    def _other_way(self, leg: Leg, error: RemoteVoiceError) -> RemoteVoiceError | None:
        """Take another format or operation from now on, if one is left that may turn a refusal into an answer."""
        if not isinstance(error, RequestRefusedError) or leg.has_sound:
            return None
        name = leg.parameters.voice
        if error.code in _NO_SUCH_OPERATION:
            log.info("no StartSpeechSynthesisStream here: sentence by sentence from now on")
            self._lacks_streams = True
            return _again(error)
        if (following := self._format_of.get(name, 0) + 1) < len(self._formats):
            self._format_of[name] = following
            log.info("polly/%s does not take %s at %d Hz", name, leg.parameters.output_format, leg.parameters.rate_hz)
            return _again(error)
        self._format_of.pop(name, None)  # it was not the format
        return None

    def _count(self, leg: Leg) -> None:
        if leg.billed_chars is not None:
            self._spending.add(billed=leg.billed_chars)
        elif leg.sent_chars:
            self._spending.add(counted=leg.sent_chars)
        task = tasks.start(asyncio.to_thread(self._spending.save), "save what was spent")
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)


def _again(error: RemoteVoiceError) -> RemoteVoiceError:
    """The same failure, as one after which another stream may do."""
    return RemoteVoiceError(error.sentence, code=error.code, detail=error.detail)


class SentencesEngine(_Shared):
    """See Engine. Amazon Polly's other voices, which are asked sentence by sentence: see calls.py."""

    name = voice_list.SENTENCES
    speeds = (1.0, 1.0)
    is_continuous = False

    def __init__(
        self,
        client: Client,
        voice_cache: VoiceCache,
        spending: Spending,
        *,
        formats: Sequence[tuple[str, int]] = FORMATS,
        lexicons: tuple[str, ...] = (),
    ) -> None:
        super().__init__(client, voice_cache, spending, formats, lexicons)

    async def start(self) -> None:
        """See Engine."""
        await self._voice_cache.load()
        self._spending.check()

    def voices(self) -> Sequence[Voice]:
        """See Engine."""
        return voice_list.sentence_voices(self._voice_cache.entries)

    def open_stream(self, utterance_id: int) -> SpeechStream:
        """See Engine."""
        return Calls(self._client, self._spending, self._formats, self._lexicons, utterance_id)

    async def close(self) -> None:
        """See Engine. The streaming engine closes what both share."""
