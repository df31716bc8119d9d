"""A reading by one call for each sentence ends, whatever a call ends with."""

from __future__ import annotations

import pytest

from reader.errors import RemoteVoiceError, RequestRefusedError
from reader.flow import SpeechRequest, Voice
from reader.voices.remote.sentence_stream import Call, SentenceStream

REQUEST = SpeechRequest(1, 0, "One is first.", Voice("some/one", "One", "en"), 1.0)


class Speaker:
    """One whose calls end with an error."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.noted: list[RemoteVoiceError] = []

    def check(self, more_chars: int) -> None:
        pass

    async def speak(self, call: Call) -> None:
        raise self._error

    def note_failure(self, error: RemoteVoiceError) -> None:
        self.noted.append(error)


@pytest.mark.noisy
async def test_a_call_that_fails_in_an_unforeseen_way_is_no_endless_silence(noise: list[str]) -> None:
    speaker = Speaker(ValueError("unforeseen"))
    stream = SentenceStream(speaker, 1)
    await stream.send(REQUEST)
    with pytest.raises(RequestRefusedError) as caught:  # so that another voice says it
        await anext(aiter(stream))
    assert "harken doctor" in caught.value.sentence
    assert speaker.noted == [caught.value]
    assert noise == ["reader.voices.remote.sentence_stream: a sentence failed"]


async def test_a_call_that_fails_as_foreseen_is_told_as_it_is() -> None:
    error = RemoteVoiceError("gone")
    stream = SentenceStream(Speaker(error), 1)
    await stream.send(REQUEST)
    with pytest.raises(RemoteVoiceError) as caught:
        await anext(aiter(stream))
    assert caught.value is error
