"""What a voice says of itself."""

from __future__ import annotations

import pytest

from reader.core.samples import _SAMPLES, sample
from reader.text.language import detect


@pytest.mark.parametrize("language", sorted(_SAMPLES))
def test_a_sample_is_short_and_in_its_language(language: str) -> None:
    text, told = sample(language)
    assert told == language
    assert len(text) < 60
    assert detect(text, language) == language
    if language not in ("nb", "ca", "cy"):  # too like others, or too seldom, to be told by so few words
        assert detect(text, "") == language


def test_other_languages_are_greeted_in_english() -> None:
    assert sample("xx") == sample("en")
    assert sample("no") == sample("nb")
