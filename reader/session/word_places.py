"""Maps the words that a voice speaks to the words as written, which is what people follow.

What is spoken differs: “$5” is said as “five dollars”, “Dr.” as “doctor”, and the user's list of pronunciations may
put anything in a word's place. Core thread only.
"""

from __future__ import annotations

from dataclasses import replace

from reader.flow import AudioChunk, SpeechRequest, WordMark
from reader.text.words import word_at


class WordPlaces:
    """One for each reading."""

    def __init__(self) -> None:
        self._request: SpeechRequest | None = None
        self._last: tuple[int, int] | None = None  # the place of the last word of the request

    def found(self, chunk: AudioChunk, request: SpeechRequest) -> AudioChunk:
        """The same sound, with its words as they are written in the captured text.

        A written word appears once, however many words it is said in. Words that nobody wrote are left out.
        """
        if request is not self._request:
            self._request, self._last = request, None
        words: list[WordMark] = []
        for word in chunk.words:
            spoken = word_at(request.text, word.start)
            if not spoken or not request.written:
                continue
            place = request.written(*spoken)
            if place != self._last:
                self._last = place
                words.append(WordMark(word.frame, *place))
        return replace(chunk, words=tuple(words))
