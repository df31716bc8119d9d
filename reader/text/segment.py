"""Walks a text and cuts it into Segments, on demand.

It looks at only a window of the text, so a book costs no more than a sentence and text may still be arriving; and at
only a slice per turn, so the caller never waits long, whatever the text. Sentence boundaries come from `sentences.py`;
`pieces.py` cuts a sentence that is too long for one call of a voice.

Used by one task at a time; pure.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice

from reader.flow import Ending, Segment
from reader.text.arrived import Arrived
from reader.text.choices import MILD
from reader.text.clean import clean
from reader.text.language import detect, detect_short, is_surely
from reader.text.layout import blocks
from reader.text.left_out import LeftOut, Tally, Why, letters
from reader.text.markup import Markup, may_be_cue
from reader.text.pages import Furniture
from reader.text.pieces import last_clause, last_word, pieces
from reader.text.script import is_speakable
from reader.text.sentences import sentences, settled_starts
from reader.text.traced import Rewriting, moved, through

# How much text to search for the lines of a paragraph. Longer paragraphs are processed in such windows.
WINDOW_CHARS = 1600
# The first window is short, so that a book starts as fast as a single sentence.
FIRST_WINDOW_CHARS = 600
# How much of a block is cut into sentences at once. For any text this takes less than 2 ms: sentencex is quadratic if
# there are quotes and brackets, and each regular expression holds the GIL.
SLICE_CHARS = 600
_FIRST_CHARS = 160  # after which no further sentence is cut off with the first: the listener waits
# How many sentences are made into segments at once: detecting the language of each takes up to 0.2 ms.
_SENTENCES_AT_ONCE = 6
TURN_CHARS = 600  # the budget of one turn; finding lines is twice as fast as finding sentences
_STEP_CHARS = 10  # the fixed cost of a step
# The start of a line that is already cut, but still needed to measure the line's width.
_LINE_CHARS = 200

_PARAGRAPH_END = re.compile(r"\n(?:[ \t>]*\n)+")
_BLANKS = " \t\n>\u00a0\ufeff\u200b"
_LEAD = re.compile(f"[{_BLANKS}]*")
_JUDGED_CHARS = 80
# A model's thoughts are assumed to be shorter than this.
_THOUGHT_CHARS = 20_000
_JUDGED_SENTENCE_CHARS = 24
_JUDGED_TO_CUT_CHARS = 12
# The end of a sentence, when nothing follows to show otherwise.
_COMPLETE = re.compile(r"[.!?…。！？][\"'”’»)\]]*\Z")


class Segmenter:
    """Cuts one utterance's text.

    `language` is what the user fixed ("" detects it for each paragraph); `expected` is the language to assume when
    nothing else is known. `choices` and `on_left_out` may be set: the choices apply to what is cut from then on, and
    the callback gets each piece that will not be said, with its position in the whole text. `tally` counts them. The
    text fed begins at `start_chars` of the whole.
    """

    def __init__(self, utterance_id: int, language: str = "", expected: str = "en", start_chars: int = 0) -> None:
        self._utterance_id = utterance_id
        self._fixed_language = language
        self._expected = expected
        self._goes_on_in = ""  # language of the previous part, if in the same paragraph
        self._judged = -1, 0, ""  # start of a part, how much of it was judged, the language whose rules cut it
        self.choices = MILD
        self.on_left_out: Callable[[LeftOut], None] | None = None
        self.tally = Tally()
        self._arrived = Arrived()
        self._is_closed = False
        self._window = ""  # the beginning of the text that has arrived
        self._is_all = False  # nothing has arrived beyond the window
        self._base = start_chars  # start of the window in the whole text
        self._at = 0  # how much of the window is already cut
        self._widest = 0  # width of the widest line so far in the paragraph being cut
        # Blocks laid out in the window but not cut yet. A paragraph's last one is added when its end is in sight.
        self._blocks: deque[tuple[int, int, Ending]] = deque()
        self._waits_for: tuple[bool, bool] | None = None  # (is_hungry, by_words) of a call that could cut nothing more
        self._due: tuple[int, str, Ending] | None = None  # a part cut off: its start, its text, its ending
        self._made: deque[Iterator[int]] = deque()  # parts whose sentences become segments, a few at a time
        self._ready: deque[Segment] = deque()
        self._marks = Markup()
        self._furniture = Furniture(self._note_furniture)
        self._may_think = True
        self._thoughts: list[tuple[int, str, Ending]] = []  # a model's: start, text and ending of each block
        self._index = 0
        self._sentence = self._paragraph = 0
        self.is_busy = False  # the last turn ended before it found a segment

    def feed(self, text: str) -> None:
        """Add text that has arrived."""
        self._arrived.add(text)
        self._is_all, self._waits_for = False, None

    @property
    def waiting_chars(self) -> int:
        """How much has arrived but is not cut yet."""
        return len(self._arrived)

    def close(self) -> None:
        """Note that nothing more will arrive."""
        self._is_closed = True
        self._is_all, self._waits_for = False, None

    def take(self, *, is_hungry: bool = False, by_words: bool = False) -> Segment | None:
        """Return the next segment, or None if there is none yet (or, once closed, no more).

        Also returns None if a turn's budget was used up without finding one: then `is_busy` is set, and the caller
        should try again after letting others run. With `is_hungry`, words that have arrived are returned even
        though their sentence continues: the source pauses and the listener waits. With `by_words`, so are words that
        are certainly complete: the voice joins them.
        """
        looked_at = 0
        while not self._ready and looked_at < TURN_CHARS:
            step = self._step(is_hungry, by_words)
            if not step:
                break
            looked_at += step + _STEP_CHARS
        self.is_busy = not self._ready and looked_at >= TURN_CHARS
        return self._ready.popleft() if self._ready else None

    def take_all(self) -> Iterator[Segment]:
        """Yield all segments that can be cut now, however long that takes. If others wait, only for short texts."""
        while (segment := self.take()) or self.is_busy:
            if segment:
                yield segment

    # ---- blocks ----

    def _step(self, is_hungry: bool, by_words: bool) -> int:
        """Do a bounded piece of work. Returns how many characters were looked at, 0 if there is nothing to do."""
        if self._made:
            return self._make_segments()
        if self._due:
            (at, raw, ending), self._due, now = self._due, None, self._at
            self._at = at
            self._emit(raw, ending)
            self._at = now
            return len(raw)
        if self._blocks:
            if self._may_be_cue():
                self._blocks.clear()  # found again when there is more to judge by
                return 0
            return self._cut_block()
        if self._waits_for == (is_hungry, by_words):
            return 0
        looked_at = self._lay_out()
        rest = len(self._window) - self._at
        if self._blocks or (not self._is_all and rest < SLICE_CHARS):
            return looked_at
        if rest and (not self._is_all or rest > SLICE_CHARS):
            return looked_at + self._cut_slice(len(self._window))
        if rest and self._cut_open(is_hungry, by_words):
            return looked_at
        if self._is_closed and self._thoughts:
            self._read_thoughts()
            return rest + 1
        self._waits_for = is_hungry, by_words
        return 0

    def _lay_out(self) -> int:
        """Find the blocks whose ends are in sight. Returns how many characters were looked at."""
        looked_at = self._skip_blanks()
        end = _PARAGRAPH_END.search(self._window, self._at)
        size = WINDOW_CHARS if self._index else FIRST_WINDOW_CHARS
        if not end and not self._is_all and len(self._window) - self._at < max(size // 2, SLICE_CHARS):
            self._look_further(size)
            looked_at += self._skip_blanks()
            end = _PARAGRAPH_END.search(self._window, self._at)
        if self._at == len(self._window):
            return looked_at
        begin = self._line_start()
        stop = end.start() if end else len(self._window)
        found, self._widest = blocks(self._window[begin:stop], self._widest)
        spans = [(max(begin + a, self._at), begin + b) for a, b in found if begin + b > self._at]
        while self._is_blank(*spans[-1]):
            spans.pop()
        is_ended = end is not None or (self._is_all and self._is_closed)
        last = spans.pop()
        self._blocks.extend((*span, Ending.LINE) for span in spans)
        if is_ended:
            self._blocks.append((*last, Ending.PARAGRAPH))
        return (looked_at + stop - begin) // 2 + 1

    def _look_further(self, size: int) -> None:
        """Move the window to the current position."""
        begin = self._line_start()
        self._arrived.drop(begin)
        self._base += begin
        self._at -= begin
        self._window = self._arrived.beginning(
            self._at + size,
            is_complete=self._is_closed,
            show=lambda text: self._furniture.hidden(text, self._base, self.choices.pages),
        )
        self._is_all = len(self._arrived) <= self._at + size

    def _line_start(self) -> int:
        """Start of the line being cut, to measure its width; the current position if the line is long."""
        begin = self._window.rfind("\n", 0, self._at) + 1
        return begin if self._at - begin <= _LINE_CHARS else self._at

    def _skip_blanks(self) -> int:
        """Skip blanks to the next text to cut. Returns how many there were."""
        start = self._at
        self._at = _LEAD.match(self._window, start).end()  # type: ignore[union-attr]
        if self._window.count("\n", start, self._at) > 1:
            self._widest = 0  # a new paragraph
        return self._at - start

    def _is_blank(self, start: int, stop: int) -> bool:
        return _LEAD.fullmatch(self._window, start, stop) is not None

    def _cut_block(self) -> int:
        """Cut a block, or as much of it as one turn allows. Returns how many characters were looked at."""
        start, stop, ending = self._blocks[0]
        self._at = max(self._at, start)
        self._skip_blanks()
        if stop - self._at > SLICE_CHARS:
            return self._cut_slice(stop)
        self._blocks.popleft()
        self._emit(self._window[self._at : stop], ending)
        self._at = stop
        return stop - start

    def _may_be_cue(self) -> bool:
        """Whether the first block may be a subtitle's number whose times are still arriving."""
        start, stop, _ = self._blocks[0]
        return not self._is_closed and may_be_cue(self._window[start:stop], self._window[stop:])

    def _cut_slice(self, stop: int) -> int:
        """Cut a few sentences off a block that ends at `stop` or later. Returns how many characters were looked at."""
        part = self._window[self._at : min(self._at + SLICE_CHARS, stop)]
        clause = last_clause(part)
        self._cut_sentences(part, clause or last_word(part) or len(part), Ending.CLAUSE if clause else Ending.CUT)
        return len(part)

    def _cut_open(self, is_hungry: bool, by_words: bool) -> bool:
        """Cut what can be cut off a block that is still arriving. Returns False if nothing can."""
        block = self._window[self._at :].rstrip(_BLANKS)
        line_end = self._window[self._at + len(block) :]
        if is_hungry and ("\n" in line_end or _COMPLETE.search(block)):
            self._emit(block, Ending.SENTENCE)  # a whole line or sentence, as far as can be known
            self._at += len(block)
            return True
        whole_words = last_word(block + line_end[:1]) if is_hungry or by_words else 0
        if is_hungry and not by_words:
            whole_words = last_clause(block) or whole_words
        return self._cut_sentences(block, whole_words, Ending.OPEN)

    def _cut_sentences(self, part: str, boundary: int, ending: Ending) -> bool:
        """Cut the complete sentences at the start of a block, else up to `boundary`. False if nothing is cut."""
        language = self._language_to_cut_in(part)
        starts = settled_starts(part, language, enough=len(part) if self._index else _FIRST_CHARS)
        if starts and language != self._expected and len(part) < _JUDGED_CHARS and not self._fixed_language:
            starts &= {start for start, _ in sentences(part, self._expected)}  # so little may be of either
        whole = max(starts, default=0)
        if whole:
            boundary, ending = whole, Ending.SENTENCE
        if boundary:
            self._due = self._at, part[:boundary], ending
            self._at += boundary
        return boundary > 0

    # ---- sentences and segments ----

    def _emit(self, raw: str, ending: Ending) -> None:
        """Make segments of a part of the window that begins at the current position. `ending` is what follows it."""
        is_plain = self.choices == MILD
        if is_plain and not is_speakable(raw):
            return
        self._marks.choices = self.choices
        language = "" if is_plain else self._fixed_language or detect(raw, self._expected)
        following = self._window[self._at + len(raw) :]
        cleaned = self._marks.rewritten(raw, following, may_think=self._may_think, language=language)
        if self._marks.is_thinking:
            self._pass_over(raw, ending)
            return
        for at, thought, _ in self._thoughts:
            self.tally.letters += (count := letters(thought))
            self._leave_out(LeftOut(at, at + len(thought), Why.THOUGHTS, count))
        self._thoughts.clear()
        offset = self._base + self._at
        self.tally.letters += letters(raw)
        for piece in cleaned.left_out:
            self._leave_out(replace(piece, start_chars=offset + piece.start_chars, end_chars=offset + piece.end_chars))
        cleaned.apply(clean)
        if not is_speakable(cleaned.text):
            return
        language = self._fixed_language or self._detect(cleaned.text)
        self._goes_on_in = "" if ending in (Ending.LINE, Ending.PARAGRAPH) else language
        self._made.append(self._segments(cleaned, language, ending, offset))

    def _note_furniture(self, piece: LeftOut) -> None:
        self.tally.letters += piece.letters
        self._leave_out(piece)

    def _leave_out(self, piece: LeftOut) -> None:
        self.tally.add(piece)
        if self.on_left_out:
            self.on_left_out(piece)

    def _make_segments(self) -> int:
        """Make a few sentences into segments. Returns the equivalent cost in characters."""
        at_once = _SENTENCES_AT_ONCE if self._index else 1  # the listener waits for the first
        made = list(islice(self._made[0], at_once))
        if len(made) < at_once:
            self._made.popleft()
        return sum(made) + 1

    def _segments(self, cleaned: Rewriting, language: str, ending: Ending, offset: int) -> Iterator[int]:
        """Make segments of cleaned text whose source begins at `offset`. Yields the characters of each sentence."""
        others = sentences(cleaned.text, language)
        two = list(islice(others, 2))  # no more at once: the listener is waiting for the first
        for start, stop in chain(two, others):
            spoken_in = self._language_of(cleaned.text[start:stop], language, is_one_of_many=len(two) > 1)
            sentence_ending = ending if stop == len(cleaned.text) else Ending.SENTENCE
            first = self._index
            for a, b, piece_ending in pieces(cleaned.text[start:stop], "" if self._index else spoken_in):
                self._append(cleaned, start + a, start + b, piece_ending or sentence_ending, spoken_in, offset)
            if self._index > first and sentence_ending not in (Ending.CLAUSE, Ending.CUT, Ending.OPEN):
                self._sentence += 1
                self._paragraph += _ends_paragraph(cleaned.text[start:stop], sentence_ending)
            yield stop - start

    def _append(self, cleaned: Rewriting, start: int, stop: int, ending: Ending, language: str, offset: int) -> None:
        text = cleaned.text[start:stop].strip()
        if not is_speakable(text):
            return
        start += cleaned.text[start:stop].index(text[0])
        self._ready.append(
            Segment(
                utterance_id=self._utterance_id,
                index=self._index,
                sentence=self._sentence,
                text=text,
                start_chars=offset + cleaned.source_offset(start),
                end_chars=offset + cleaned.source_offset(start + len(text) - 1) + 1,
                ending=ending,
                language=language,
                paragraph=self._paragraph,
                written=through(moved(offset), cleaned.source_span, moved(start)),
            )
        )
        self._index += 1

    def _pass_over(self, raw: str, ending: Ending) -> None:
        """Hold back a model's thoughts while they may still end: without an end they are ordinary text, and read."""
        self._thoughts.append((self._base + self._at, raw, ending))
        if sum(len(thought) for _, thought, _ in self._thoughts) > _THOUGHT_CHARS:
            self._read_thoughts()

    def _read_thoughts(self) -> None:
        self._may_think = self._marks.is_thinking = False
        thoughts, at = list(self._thoughts), self._at
        self._thoughts.clear()
        for offset, raw, ending in thoughts:
            self._at = offset - self._base
            self._emit(raw, ending)
        self._at = at

    def _language_of(self, sentence: str, block_language: str, *, is_one_of_many: bool) -> str:
        """The language of one sentence of a paragraph. Short ones are assumed to be in the language around them."""
        if self._fixed_language or not is_one_of_many:
            return block_language
        if len(sentence) < _JUDGED_SENTENCE_CHARS:
            return detect_short(sentence, block_language)
        return block_language if is_surely(sentence, block_language) else detect(sentence, block_language)

    def _language_to_cut_in(self, part: str) -> str:
        """The language whose rules cut this part. A part is judged again only when it has doubled in length."""
        likely = self._fixed_language or self._goes_on_in or self._expected
        if self._fixed_language or len(part) < _JUDGED_TO_CUT_CHARS:
            return likely
        start, judged_chars, language = self._judged
        if start != self._base + self._at or len(part) >= 2 * judged_chars:
            language = detect(part, likely)
            self._judged = self._base + self._at, len(part), language
        return language

    def _detect(self, block: str) -> str:
        if self._goes_on_in and len(block) < _JUDGED_SENTENCE_CHARS:
            return detect_short(block, self._goes_on_in)
        found = detect(block, self._expected)
        if len(block) >= _JUDGED_CHARS:
            self._expected = found  # short blocks are assumed to be in the language around them
        return found


def _ends_paragraph(sentence: str, ending: Ending) -> bool:
    """Whether a paragraph ends here. A line ends one only if it ends a sentence; a heading joins what is below it."""
    return ending is Ending.PARAGRAPH or (ending is Ending.LINE and _COMPLETE.search(sentence) is not None)
