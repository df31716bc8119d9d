import pytest

from reader.text.script import runs, script_of


@pytest.mark.parametrize(
    ("char", "script"),
    [
        ("a", "Latin"), ("É", "Latin"), ("ª", "Latin"), ("7", ""), (" ", ""), ("😀", ""), ("µ", ""), ("Ω", "Greek"),
        ("ж", "Cyrillic"), ("か", "Kana"), ("カ", "Kana"), ("ｶ", "Kana"), ("日", "Cjk"), ("한", "Hangul"),
        ("א", "Hebrew"), ("ش", "Arabic"), ("ก", "Thai"), ("ក", "Khmer"), ("\ud800", ""),
    ],
)  # fmt: skip
def test_script_of(char: str, script: str) -> None:
    assert script_of(char) == script


LATIN = frozenset({"Latin"})


def test_text_in_one_script_is_one_run() -> None:
    assert list(runs("Plain text, 42.", LATIN)) == [("", "Plain text, 42.")]


def test_a_foreign_word_is_a_run_of_its_own() -> None:
    assert list(runs("The word Привет means hello", LATIN)) == [
        ("", "The word "), ("Cyrillic", "Привет "), ("", "means hello"),
    ]  # fmt: skip


def test_kana_and_characters_stay_together() -> None:
    assert [script for script, _ in runs("see 日本の車 now", LATIN)] == ["", "Cjk", ""]


def test_what_the_voice_can_say_is_not_cut_off() -> None:
    assert list(runs("слово word слово", frozenset({"Latin", "Cyrillic"}))) == [("", "слово word слово")]


@pytest.mark.parametrize("text", ["", "a я b", "日本語 abc ру", "…", "я"])
def test_the_runs_are_the_whole(text: str) -> None:
    assert "".join(piece for _, piece in runs(text, LATIN)) == text
