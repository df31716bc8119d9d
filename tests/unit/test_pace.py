import pytest

from reader.flow import Ending, Segment, SegmentHeard, Voice
from reader.session.pace import Pace, count_words

VOICES = [Voice("neural/heart", "Heart", "en"), Voice("espeak/de", "German", "de"), Voice("espeak/en-us", "US", "en")]


def heard(words: int, seconds: float, speed: float = 1.0, voice: str = "neural/heart") -> SegmentHeard:
    segment = Segment(1, 0, 0, "word " * words, 0, 1, Ending.SENTENCE, "en")
    return SegmentHeard(1, segment, voice, seconds, speed)


def test_what_is_heard_is_measured_over_the_last_segments() -> None:
    pace = Pace()
    assert pace.heard(1.0) is None
    assert pace.note(heard(10, 3.0)) == 200
    assert pace.note(heard(20, 3.0)) == 300
    for _ in range(6):
        pace.note(heard(10, 4.0))
    assert pace.heard(1.0) == 150


def test_another_speed_or_voice_is_measured_anew() -> None:
    pace = Pace()
    pace.note(heard(10, 3.0))
    assert pace.heard(2.0) is None
    assert pace.note(heard(10, 2.0, speed=2.0)) == 300
    assert pace.note(heard(10, 3.0, speed=2.0, voice="espeak/de")) == 200


@pytest.mark.parametrize("nothing", [heard(0, 3.0), heard(5, 0.1), heard(5, 2.0, speed=0.0)])
def test_what_says_nothing_is_left_out(nothing: SegmentHeard) -> None:
    assert Pace().note(nothing) is None


def test_a_voice_is_remembered_as_it_was_heard() -> None:
    pace = Pace()
    assert pace.expected(2.0, VOICES, "", "en") == 410
    for _ in range(30):
        pace.note(heard(15, 3.0, speed=2.0))  # 300 words a minute at double speed
    assert pace.expected(1.0, VOICES, "", "en") == pytest.approx(150, abs=2)
    assert pace.expected(1.0, VOICES, "espeak/", "en") == 202
    assert pace.expected(1.0, VOICES, "espeak/de", "en") == 202
    assert pace.expected(1.0, VOICES, "polly/Joanna", "en") == 190
    assert pace.expected(1.0, [], "", "en") == 190


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't say 3.5 well-known words.", 5),
        ("", 0),
        ("… – !", 0),
        ("我喜欢看书吗看书", 5),
        ("ein Wort, zwei", 3),
    ],
)
def test_words(text: str, words: int) -> None:
    assert count_words(text) == pytest.approx(words)
