import pytest

from reader.flow import Ending, Segment, SegmentHeard
from reader.session.pace import Pace, count_words


def heard(words: int, seconds: float, speed: float = 1.0, voice: str = "neural/heart") -> SegmentHeard:
    segment = Segment(1, 0, 0, "word " * words, 0, 1, Ending.SENTENCE, "en")
    return SegmentHeard(1, segment, voice, seconds, speed)


def test_what_is_heard_is_measured_over_the_last_segments() -> None:
    pace = Pace()
    assert pace.note(heard(10, 3.0)) == 200
    assert pace.note(heard(20, 3.0)) == 300
    assert pace.heard(1.0) is None  # thirty words say little
    for _ in range(6):
        pace.note(heard(10, 4.0))
    assert pace.heard(1.0) == 150


def test_a_changed_speed_or_voice_is_measured_again() -> None:
    pace = Pace()
    pace.note(heard(10, 3.0))
    assert pace.heard(2.0) is None
    assert pace.note(heard(10, 2.0, speed=2.0)) == 300
    assert pace.note(heard(10, 3.0, speed=2.0, voice="espeak/de")) == 200


@pytest.mark.parametrize("nothing", [heard(0, 3.0), heard(5, 0.1), heard(5, 2.0, speed=0.0)])
def test_what_says_nothing_is_left_out(nothing: SegmentHeard) -> None:
    assert Pace().note(nothing) is None


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
