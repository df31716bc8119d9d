"""Gives each piece of a text the voice that can say it.

The user's chosen voice reads everything it has letters for; otherwise the first voice of the text's
language does. Words in another script, also inside a sentence, go to a voice of that script; a script
no voice here can say is named aloud, so that nothing is dropped silently. Pure, except `request`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from reader.errors import VoiceMissingError
from reader.flow import Ending, Segment, SpeechRequest, Voice, Written
from reader.support import foreign, i18n, timeline
from reader.support.i18n import translate
from reader.support.timeline import Stage
from reader.text import spoken
from reader.text.language import SCRIPT_LANGUAGES, detect, scripts_of
from reader.text.pronunciations import Pronunciations
from reader.text.script import is_speakable, runs
from reader.text.segment import Segmenter
from reader.text.traced import as_one, moved, through
from reader.voices import registry


class VoiceChoice:
    """The available voices and the user's wishes."""

    def __init__(
        self,
        voices: Sequence[Voice],
        chosen_id: str = "",
        language: str = "en",
        stand_in_id: str = "",
        pronunciations: Callable[[], Pronunciations] = Pronunciations,
        pitch: float = 0.0,
        preferred: Mapping[str, str] | None = None,
    ) -> None:
        """`voices` in order of preference.

        `chosen_id` is a voice's id, "engine/" for whichever of an engine's voices speaks the language, "" to
        choose by language alone. `language` is the fallback for texts in a language without a voice.
        `stand_in_id` is an id of the same kind, for what the chosen voice can't read.
        `pronunciations` returns the user's current list. For `pitch` see SpeechRequest.
        `preferred` has ids of voices by the language that they are to read if no other is chosen.
        """
        engine, _, name = chosen_id.partition("/")
        second, _, second_name = stand_in_id.partition("/")
        self._voices = sorted(
            voices,
            key=lambda v: (
                v.engine != engine,
                v.id != stand_in_id if second_name else v.engine != second,
                v.id != (preferred or {}).get(v.language),
            ),
        )
        # A voice without a language speaks any, as far as is known here.
        self._chosen = next(
            (v for v in voices if v.id == chosen_id or (not name and v.engine == engine and not v.language)), None
        )
        self.is_chosen_missing = bool(name) and self._chosen is None
        # The voice that will speak, as far as can be told without the text.
        self.first_voice = self._chosen or next(iter(self._voices), None) or Voice("", "Nobody", "")
        self._language = language
        self._pronunciations = pronunciations
        self._pitch = pitch
        self._ahead: tuple[object, list[SpeechRequest]] | None = None  # what was asked for ahead, and the answer

    def no_voice(self, voice_id: str) -> str:
        """The sentence saying that there is no such voice, with those that may have been meant."""
        return no_voice(voice_id, [voice.id for voice in self._voices])

    def speaks(self, language: str, engine: str = "") -> bool:
        """Whether there is a voice for that language; with `engine`, one of that engine."""
        return any(voice.language == language and engine in ("", voice.engine) for voice in self._voices)

    async def request(
        self, segment: Segment, speed: float, without: frozenset[str] = frozenset(), *, is_said_so: bool = False
    ) -> list[SpeechRequest]:
        """As `requests_for`, but what a new language needs is loaded on another thread. Core thread."""
        timeline.mark(Stage.CUT, segment.utterance_id)
        (asked, requests), self._ahead = self._ahead or (None, []), None
        if asked and asked == self._asked(segment, speed, without, is_said_so=is_said_so):
            requests = [replace(request, utterance_id=segment.utterance_id) for request in requests]
        else:
            voice = self.main_voice(segment.language, without)
            if not registry.is_remote(voice.id) and not spoken.is_loaded(voice.language):
                await asyncio.to_thread(spoken.load, voice.language)
            requests = self.requests_for(segment, speed, without, is_said_so=is_said_so)
        timeline.mark(Stage.REQUEST, segment.utterance_id)
        return requests

    async def request_ahead(self, segment: Segment, speed: float) -> list[SpeechRequest]:
        """As `request`, which then has the answer ready if it is asked next for the same, in an utterance."""
        requests = await self.request(segment, speed)
        self._ahead = self._asked(segment, speed, frozenset(), is_said_so=False), requests
        return requests

    def _asked(self, segment: Segment, speed: float, without: frozenset[str], *, is_said_so: bool) -> object:
        """All that requests depend on, besides the voices and the utterance."""
        return replace(segment, utterance_id=0), speed, without, is_said_so, self._pronunciations()

    def requests_for(
        self, segment: Segment, speed: float, without: frozenset[str] = frozenset(), *, is_said_so: bool = False
    ) -> list[SpeechRequest]:
        """The requests that speak a segment, in order. `without` names engines not to use.

        `is_said_so`: the user's list of pronunciations has been applied to its text.
        Raises VoiceMissingError when there is no voice at all.
        """
        voice = self.main_voice(segment.language, without)
        if segment.markup:
            return self._request_document(segment, voice, speed, without)
        words = Pronunciations() if is_said_so else self._pronunciations()
        said = words.said(segment.text, voice)
        text, ways = said.text, [said.source_span]
        # A service's voices read numbers well by themselves, and its answers refer to the text it was sent.
        if not registry.is_remote(voice.id):
            spelt_out = spoken.spoken(text, voice.language)
            text = spelt_out.text
            ways.append(spelt_out.source_span)
        shares = list(self._share_out(text, segment.language, voice, without, words))
        endings = [Ending.CUT] * (len(shares) - 1) + [segment.ending]
        return [
            SpeechRequest(
                segment.utterance_id,
                segment.index,
                piece,
                piece_voice,
                speed,
                ending,
                pitch=self._pitch,
                written=segment.written and through(segment.written, *ways, way),
            )
            for (piece_voice, piece, way), ending in zip(shares, endings, strict=True)
        ]

    def _request_document(
        self, segment: Segment, voice: Voice, speed: float, without: frozenset[str]
    ) -> list[SpeechRequest]:
        """One request with the markup if the voice takes it; else its sentences, all as parts of the one segment."""
        if voice.takes_ssml:
            whole = segment.utterance_id, segment.index, segment.markup, voice, speed, segment.ending
            return [SpeechRequest(*whole, is_ssml=True)]
        segmenter = Segmenter(segment.utterance_id, segment.language)
        segmenter.feed(segment.text)
        segmenter.close()
        return [
            request
            for piece in segmenter.take_all()
            for request in self.requests_for(_within(piece, segment), speed, without)
        ]

    def _share_out(
        self, text: str, language: str, voice: Voice, without: frozenset[str], words: Pronunciations
    ) -> Iterator[tuple[Voice, str, Written]]:
        """Which voice says what, with the way back from there to `text`."""
        end = 0
        for script, whole in runs(text, scripts_of(voice.language)):
            start, end = end, end + len(whole)
            if not is_speakable(whole):
                continue
            start += len(whole) - len(whole.lstrip())
            piece = whole.strip()
            if not script:
                yield voice, piece, moved(start)
                continue
            other = self._voice_of(detect(piece, language), without)
            other = other or self._voice_of(SCRIPT_LANGUAGES.get(script, ""), without)
            if other and script in scripts_of(other.language):
                said = words.said(piece, other, besides=voice)
                yield other, said.text, through(moved(start), said.source_span)
            else:
                phrase = translate("reader", "({script} text)").format(script=script)
                yield self._voice_of(i18n.language(), without) or voice, phrase, as_one(start, start + len(piece))

    def main_voice(self, language: str, without: frozenset[str] = frozenset()) -> Voice:
        """The voice for a text in that language, except words in another script. Raises VoiceMissingError."""
        if self._chosen and self._chosen.engine not in without:
            return self._chosen
        voice = self._voice_of(language, without) or self._voice_of(self._language, without)
        voice = voice or self._voice_of("en", without)
        if not voice:
            raise VoiceMissingError(translate("reader", "There is no voice on this computer. Reinstall Harken."))
        return voice

    def _voice_of(self, language: str, without: frozenset[str]) -> Voice | None:
        return next((v for v in self._voices if v.language == language and v.engine not in without), None)


def _within(piece: Segment, document: Segment) -> Segment:
    """A sentence of a document as a part of its one segment."""
    written = document.written and piece.written and through(document.written, piece.written)
    return replace(piece, index=document.index, written=written)


def no_voice(voice_id: str, known: Sequence[str]) -> str:
    """The sentence saying that there is no such voice, with those of `known` that may have been meant."""
    engine, _, name = voice_id.partition("/")
    ids = {key: one for one in known for key in (one, one.partition("/")[2])}
    wanted = name if any(one.startswith(f"{engine}/") for one in known) else voice_id
    meant = list(dict.fromkeys(ids[key] for key in foreign.nearest(wanted, list(ids))))
    if not meant:
        sentence = translate("reader", "There is no voice “{voice}” here. “harken voices” lists all voices.")
        return sentence.format(voice=foreign.shown(voice_id))
    sentence = translate("reader", "There is no voice “{voice}” here. Did you mean {voices}?")
    told = ", ".join(f"“{foreign.shown(one)}”" for one in meant)
    return sentence.format(voice=foreign.shown(voice_id), voices=told)
