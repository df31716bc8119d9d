"""Whatever the text: nothing raises, nothing is lost, positions lead back."""

import itertools
from dataclasses import fields

from hypothesis import given, settings
from hypothesis import strategies as st

from reader.flow import Ending, Segment
from reader.text.choices import MILD, Choices
from reader.text.clean import clean
from reader.text.language import detect
from reader.text.left_out import LeftOut, letters
from reader.text.pieces import MAX_CHARS
from reader.text.segment import Segmenter

anything = st.text(st.characters(codec=None), max_size=400) | st.text(
    st.sampled_from("ab. \n-,\u00ad\u200b>1é日я😀\ud800\x00\r\t"), max_size=400
)
prose = st.lists(
    st.sampled_from(["word", "another", "Dr.", "end.", "Really?", "\n", "\n\n", "and,", "(so)", "3.5", "U.S.", "-"]),
    max_size=120,
).map(" ".join)

_MARKED = (
    "(|)|[1]|[a](https://a.de/b)|\n```\n|\n|\x0c|12|\n12\n\x0c|Head\n|😀|%%%|**b**|\n# |<think>|</think>|word¹|word| "
    "|. |www.a.com/b|1\ufe0f\u20e3|🇩🇪|（é）|\u0640"
)
marked = st.lists(st.sampled_from(_MARKED.split("|")), max_size=80).map("".join)
choices_made = st.just(MILD) | st.builds(Choices, **dict.fromkeys((field.name for field in fields(Choices)), ...))


@given(anything)
@settings(max_examples=300, deadline=None)
def test_clean_never_raises_and_its_offsets_are_in_the_text(raw: str) -> None:
    cleaned = clean(raw)
    offsets = [cleaned.source_offset(i) for i in range(len(cleaned.text))]
    assert all(0 <= offset < len(raw) for offset in offsets)
    assert offsets == sorted(offsets)


@given(anything | marked, st.lists(st.integers(0, 400), max_size=5), choices_made)
@settings(max_examples=400, deadline=None)
def test_segments_are_short_in_order_and_within_the_text(raw: str, cuts: list[int], choices: Choices) -> None:
    segmenter = Segmenter(1)
    segmenter.choices = choices
    left_out: list[LeftOut] = []
    segmenter.on_left_out = left_out.append
    bounds = [0, *sorted(min(c, len(raw)) for c in cuts), len(raw)]
    found: list[Segment] = []
    for start, stop in itertools.pairwise(bounds):
        segmenter.feed(raw[start:stop])
        found += segmenter.take_all()
    segmenter.close()
    found += segmenter.take_all()
    assert [s.index for s in found] == list(range(len(found)))
    position = 0
    for segment in found:
        assert 0 < len(segment.text) <= MAX_CHARS + 60
        assert position <= segment.start_chars < segment.end_chars <= len(raw)
        position = segment.start_chars
        assert isinstance(segment.ending, Ending)
    assert all(0 <= piece.start_chars < piece.end_chars <= len(raw) for piece in left_out)
    assert segmenter.tally.letters <= letters(raw)


@given(prose)
@settings(max_examples=200, deadline=None)
def test_no_word_is_lost_or_doubled(raw: str) -> None:
    segmenter = Segmenter(1, language="en")
    segmenter.feed(raw)
    segmenter.close()
    said = [word for segment in segmenter.take_all() for word in segment.text.split()]
    spoken = [word for word in said if any(c.isalnum() for c in word)]
    written = [word for word in raw.split() if any(c.isalnum() for c in word)]
    assert spoken == written


@given(anything)
@settings(max_examples=200, deadline=None)
def test_detect_never_raises(raw: str) -> None:
    assert detect(raw, "en")
