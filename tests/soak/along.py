"""Follows what is heard, and says what is wrong with it: a word lost, doubled, late, or of another text.

A course is what is heard between two beginnings of the player: of one reading, from one place on. In it, the words of
the text are heard in their order without a gap, from a sentence that was asked for. Only what a voice that failed says
again, a sentence at most, may be heard twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import groupby

from reader.flow import (
    CapturedText,
    Command,
    Event,
    ReadingEnded,
    Segment,
    SegmentStarted,
    StateChanged,
    WordStarted,
)
from tests.soak import words
from tests.soak.children import Run
from tests.soak.story import SoakError, Story
from tests.soak.words import OTHER, WORD_S, Text, Tone

_SLACK_S, _SLACK_OF_A_RUN_S = 0.03, 0.004
# By then a device has heard of a cut.
_TOLD_S = 0.01
_KEPT_TEXTS, _KEPT_READINGS = 300, 50


@dataclass
class Course:
    """`starts` are the words it may begin with. `again` says how often a sentence may be heard again."""

    utterance_id: int
    text: Text | None
    speed: float
    starts: set[int]
    runs: list[Run] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    voices: set[str] = field(default_factory=set)
    again: int = 0
    is_steady: bool = True  # its speed stays, and it was not faded
    is_whole: bool = False
    may_be_empty: bool = False  # the user has gone to its end
    is_sent: bool = False  # in parts, by a client that may hang up within a word

    @property
    def heard(self) -> list[Tone]:
        """What was heard in it."""
        found: list[Tone] = []
        for run in self.runs:
            for tone in words.hear(run.sound, run.rate_hz):
                same = found and found[-1].word == tone.word
                found.append(Tone(tone.word, found.pop().duration_s + tone.duration_s) if same else tone)
        return found


class Along:
    """Reads along. Raises SoakError out of what it is told, so keep that to `trouble`."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._texts: dict[str, Text] = {}
        self._of: dict[int, Text | None] = {}  # by utterance: its text
        self._ended: set[int] = set()
        self._course: Course | None = None
        self._at: dict[int, set[int]] = {}  # by utterance: the sentences where it may be
        self._is_at_rest = False  # nothing was heard since the last move
        self._state = ""
        self._segment: Segment | None = None
        self._arriving: set[int] = set()  # readings whose text comes in parts
        self._going_on: set[int] = set()  # readings that begin where another one of the same text was
        self._clicked: dict[str, None] = {}  # texts in which the user has gone to words
        self._out: set[int] = set()  # readings whose last move led behind their end, perhaps
        self._sent: set[int] = set()  # of these, those whose text a client sends
        self._marked: dict[int, set[int]] = {}  # by utterance: words that the user has gone to
        self.whole: list[int] = []  # readings that were heard to their end, the last ones
        self.troubles: list[SoakError] = []

    # ---- what there is to read ----

    def know(self, text: Text) -> None:
        """A text that may be read."""
        self._texts[text.text.strip()] = text
        while len(self._texts) > _KEPT_TEXTS:
            del self._texts[next(iter(self._texts))]

    def know_part(self, part: str, text: Text) -> None:
        """A text of which this part is found at first."""
        self._texts[part.strip()] = text

    def note_made(self, utterance_id: int, captured: CapturedText, *, may_go_on: bool) -> None:
        """A reading is made."""
        text = self._texts.get(captured.text.strip())
        self._forget_before(utterance_id - _KEPT_READINGS)
        self._of[utterance_id] = text
        self._at[utterance_id] = set(range(len(text.sentences))) if text and may_go_on else {0}
        if captured.more:
            self._arriving.add(utterance_id)
        elif text and captured.text.strip() != text.text.strip():
            self._sent.add(utterance_id)  # of a document only what had come before it was stopped is remembered
        if may_go_on:
            self._going_on.add(utterance_id)
        if text:
            self._story.readings += 1

    def note_text(self, utterance_id: int, text: Text) -> None:
        """The text of a reading that a client is about to send."""
        self._of[utterance_id] = text
        self._at[utterance_id] = {0}
        self._arriving.add(utterance_id)
        self._sent.add(utterance_id)
        self._story.readings += 1

    def _forget_before(self, oldest: int) -> None:
        for known in (self._of, self._at, self._marked):
            for utterance_id in [one for one in known if one < oldest]:
                del known[utterance_id]
        for ids in (self._ended, self._arriving, self._sent, self._out, self._going_on):
            ids.difference_update([one for one in ids if one < oldest])

    # ---- what is done to it ----

    def note_move(self, command: Command, utterance_id: int) -> None:
        """The user moves about in a reading."""
        text = self._of.get(utterance_id)
        if text is None:
            return
        at = self._at[utterance_id]
        moved = {to for sentence in at for to in _moved(text, command, sentence)}
        if command is Command.PREVIOUS_PARAGRAPH and utterance_id in self._marked:
            # Where a text is cut again, its paragraph begins there as well.
            moved = set(range(min(moved), max(at) + 1))
        self._at[utterance_id] = moved | at if self._is_at_rest or utterance_id in self._arriving else moved
        self._is_at_rest = True
        if _leads_out(text, command, max(at)):
            self._out.add(utterance_id)

    def note_place(self, word: int, utterance_id: int) -> None:
        """The user goes to a word of a reading."""
        text = self._of.get(utterance_id)
        if text and word in text.words:
            self._marked.setdefault(utterance_id, set()).add(word)
            self._clicked[text.text] = None
            while len(self._clicked) > _KEPT_TEXTS:
                del self._clicked[next(iter(self._clicked))]
            self._at[utterance_id] = {text.sentence_of(word)}

    def note_begin(self, utterance_id: int, speed: float) -> None:
        """The player begins, or is silenced (0)."""
        self.close_course()
        if utterance_id:
            self._ended.discard(utterance_id)  # one that is over may be moved about in
            text = self._of.get(utterance_id)
            sentences = text.sentences if text else []
            starts = {sentences[at][0] for at in self._at[utterance_id] if at < len(sentences)}
            starts |= self._marked.get(utterance_id, set())
            if text and utterance_id in self._going_on and text.text in self._clicked:
                starts |= set(text.words)  # where a click was, it may have been stopped, or have a bookmark
            self._course = Course(utterance_id, text, speed, starts, is_sent=utterance_id in self._sent)
            self._course.may_be_empty = utterance_id in self._out

    def note_run(self, run: Run) -> None:
        """The sound output begins a run."""
        if self._course and run.utterance_id == self._course.utterance_id:
            self._course.runs.append(run)

    def note_speed(self) -> None:
        """The speed is another one, or the sound is faded."""
        if self._course:
            self._course.is_steady = False

    def note_failure(self) -> None:
        """A voice has failed at something, which is said again."""
        if self._course:
            self._course.again += 1

    # ---- what is told ----

    def on_event(self, event: Event) -> None:
        """Something happened. Core thread."""
        if not isinstance(event, WordStarted):
            self._story.note_answer(event)
        try:
            self._look(event)
        except SoakError as error:
            self.troubles.append(error)

    def _look(self, event: Event) -> None:
        course = self._course
        match event:
            case SegmentStarted(segment=segment):
                _check(event.utterance_id not in self._ended, f"{event.utterance_id} goes on behind its end")
                _check(course is not None and course.utterance_id == event.utterance_id, "a segment of another text")
                assert course
                self._note_segment(course, segment, event.voice_id)
            case WordStarted(segment=segment):
                _check(segment is self._segment, "a word of another segment than the one that is heard")
                inside = segment.start_chars <= event.start_chars < event.end_chars <= segment.end_chars
                _check(inside, f"a word outside its segment: {event}")
            case ReadingEnded():
                _check(event.utterance_id not in self._ended, f"{event.utterance_id} ends twice")
                self._ended.add(event.utterance_id)
                if event.is_whole:
                    self.whole = [*self.whole[-20:], event.utterance_id]
                    _check(course is not None and course.utterance_id == event.utterance_id, "the end of another text")
                    assert course
                    course.is_whole = True
                    self.close_course()
            case StateChanged():
                self._state = event.state

    def _note_segment(self, course: Course, segment: Segment, voice_id: str) -> None:
        self._segment = segment
        self._is_at_rest = False
        self._out.discard(course.utterance_id)
        course.voices.add(voice_id.partition("/")[0])
        if course.segments:
            last = course.segments[-1].index
            # Of a service not every segment is told: where one begins within a sentence may not be known.
            is_next = segment.index == last + 1 or (voice_id.startswith("polly") and segment.index > last)
            _check(is_next or course.again > 0, f"segment {segment.index} behind {last}")
        course.segments.append(segment)
        numbers = words.numbers(segment.text)
        if course.text and numbers and numbers[0] != OTHER:
            at = course.text.sentence_of(numbers[0])
            near = {at - 1, at, at + 1} if any(voice.startswith("polly") for voice in course.voices) else {at}
            self._at[course.utterance_id] = {max(sentence, 0) for sentence in near}

    # ---- what was heard ----

    def close_course(self) -> None:
        """It is over: look at what was heard of it, when the device has been told."""
        course, self._course = self._course, None
        if course:
            asyncio.get_running_loop().call_later(_TOLD_S, self._judge, course)

    def _judge(self, course: Course) -> None:
        heard = course.heard
        try:
            if course.text:
                _check_words(course, course.text, [tone.word for tone in heard])
                _check_lengths(course, heard)
            _check_told(course, [tone.word for tone in heard])
        except SoakError as error:
            told = [(segment.index, segment.text) for segment in course.segments]
            course.segments = []
            runs = [(run.heard, run.told, len(run.pcm) // 2, run.is_lost) for run in course.runs]
            details = f"{error}\n  {course.text!r}\n  told {told}\n  heard {_spelt(heard)}\n  runs {runs} {course}"[
                :6000
            ]
            self.troubles.append(SoakError(details))


def _check_words(course: Course, text: Text, heard: list[int]) -> None:
    """They are those of the text, in its order."""
    wanted = text.words
    if not heard:
        _check(not course.is_whole or course.may_be_empty, "nothing was heard of a text that ended")
        return
    if course.is_sent and heard[0] == OTHER:
        return  # what has come of its last word
    starts = [_name(word) for word in course.starts]
    _check(heard[0] in course.starts, f"began with {_name(heard[0])}, not {starts}")
    again, i = course.again, wanted.index(heard[0])
    if course.is_sent and heard[-1] == OTHER:
        heard = heard[:-1]  # it breaks off within a word
    for word in heard[1:]:
        i += 1
        if i < len(wanted) and word == wanted[i]:
            continue
        _check(word in wanted, f"{_name(word)} is of another text")
        back = i - wanted.index(word)
        # It may also be cut again within the word that broke off.
        is_said_again = again > 0 and back > 0 and text.sentence_of(wanted[i - 1]) - text.sentence_of(word) <= 1
        _check(is_said_again, f"{_name(word)} behind {_name(wanted[i - 1])}")
        again, i = again - 1, wanted.index(word)
    if course.is_whole and not course.is_sent:
        _check(i == len(wanted) - 1, f"ended with {_name(wanted[i])} instead of {_name(wanted[-1])}")


def _check_told(course: Course, heard: list[int]) -> None:
    """What is heard is what Harken says is heard. A service does not know it so well."""
    if course.again or any(voice.startswith("polly") for voice in course.voices):
        return
    told = [word for word, _ in groupby(n for segment in course.segments for n in words.numbers(segment.text))]
    last = words.numbers(course.segments[-1].text) if course.segments else []
    # Of the next one a moment may be heard before it is told.
    _check(heard == told[: len(heard)] or heard[:-1] == told, f"was told {[_name(word) for word in told]}")
    _check(len(heard) >= len(told) - len(last), "more was told than was heard")


def _check_lengths(course: Course, heard: list[Tone]) -> None:
    """Words are as long as the voice made them: nothing within them is lost or doubled."""
    if not course.is_steady or course.again:
        return
    inner = heard[:-1] if not course.is_whole else heard
    made_s = WORD_S / course.speed
    for tone in inner:
        # Between the runs of a pause the sound fades in.
        far = abs(tone.duration_s - made_s) > _SLACK_S + 0.1 * made_s + _SLACK_OF_A_RUN_S * len(course.runs)
        _check(not far, f"{_name(tone.word)} was heard for {tone.duration_s:.3f} s instead of {made_s:.3f}")


def _moved(text: Text, command: Command, at: int) -> set[int]:
    starts = text.paragraph_starts
    last = len(text.sentences) - 1
    own = max((start for start in starts if start <= at), default=0)
    before = max((start for start in starts if start < own), default=0)
    after = [start for start in starts if start > at]
    match command:
        case Command.NEXT:
            return {at + 1 if at < last else at}  # behind the last one it is over
        case Command.PREVIOUS:
            return {at, max(at - 1, 0)}
        case Command.NEXT_PARAGRAPH:
            return set(after[:1]) or {at}
        case Command.PREVIOUS_PARAGRAPH:
            return {own, before}
    return {at}


def _leads_out(text: Text, command: Command, at: int) -> bool:
    """Whether there is nothing to go to behind the sentence `at`."""
    is_last_sentence, is_last_paragraph = at >= len(text.sentences) - 1, at >= text.paragraph_starts[-1]
    return is_last_sentence if command is Command.NEXT else command is Command.NEXT_PARAGRAPH and is_last_paragraph


def _name(word: int) -> str:
    return words.WORDS[word] if 0 <= word < len(words.WORDS) else "another word"


def _spelt(tones: list[Tone]) -> str:
    return ", ".join(f"{_name(tone.word)} {tone.duration_s:.2f}" for tone in tones)


def _check(is_so: bool, what: str) -> None:
    if not is_so:
        raise SoakError(what)
