"""What the user has chosen to hear of a text, each choice in its effect on what goes to a voice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.text.choices import MILD, Addresses, Choices, Code, Emoji, Footnotes, Pages, Repeats
from reader.text.left_out import Why, letters
from reader.text.segment import Segmenter


def _cut(text: str, choices: Choices, language: str = "en", piece_chars: int = 0) -> Segmenter:
    segmenter = Segmenter(1, "", language)
    segmenter.choices = choices
    for i in range(0, len(text), piece_chars or len(text)):
        segmenter.feed(text[i : i + (piece_chars or len(text))])
        _take(segmenter)
    segmenter.close()
    _take(segmenter)
    return segmenter


def _take(segmenter: Segmenter) -> None:
    segmenter.said = [*getattr(segmenter, "said", []), *(s.text for s in segmenter.take_all())]  # type: ignore[attr-defined]


def _said(text: str, choices: Choices, language: str = "en", piece_chars: int = 0) -> str:
    return " ".join(_cut(text, choices, language, piece_chars).said)  # type: ignore[attr-defined]


HOST, LINK = Choices(addresses=Addresses.HOST), Choices(addresses=Addresses.LINK)
NAMED, NO_CODE = Choices(code=Code.NAME), Choices(code=Code.NONE)
ALL_NOTES, NO_NOTES = Choices(footnotes=Footnotes.READ), Choices(footnotes=Footnotes.NONE)
FIRST, NO_EMOJI = Choices(emoji=Emoji.FIRST), Choices(emoji=Emoji.NONE)
ONCE, NO_REPEATS = Choices(repeats=Repeats.ONCE), Choices(repeats=Repeats.NONE)
NO_BRACKETS, MARKS, THOUGHTS = Choices(brackets=False), Choices(marks=True), Choices(thoughts=True)
NO_PAGES, ALL_PAGES = Choices(pages=Pages.NONE), Choices(pages=Pages.READ)
PAGES = (
    "Moby Dick\nIt was a long and\n12\n\x0cMoby Dick\nwindy night. The end.\n\x0c13\nMoby Dick\nAnother chapter begins."
)


@pytest.mark.parametrize(
    ("text", "choices", "said"),
    [
        ("See https://www.example.com/a/b?c=1#d, please.", MILD, "See https://www.example.com/a/b?c=1#d, please."),
        ("See https://www.example.com/a/b?c=1#d, please.", HOST, "See example.com, please."),
        ("See https://me:pw@host.example:8080/x now.", HOST, "See host.example now."),
        ("See http://[::1]:80/x and www.example.org/y.", HOST, "See [::1] and example.org."),
        ("See github.com/a/b and example.com.", HOST, "See github.com and example.com."),
        ("See https://de.example.org/wiki/A_(b), or (www.a.org/b).", HOST, "See de.example.org, or (a.org)."),
        ("Go to HTTPS://EXAMPLE.COM/A?b=(c)! Or ssh://git@a.org/b.", HOST, "Go to example.com! Or a.org."),
        ("参照https://example.com/a/bです。", HOST, "参照example.comです。"),
        ("https://例え.jp/a です。", HOST, "例え.jp です。"),
        (
            "At https://a.org and http://localhost:80/, [::1] or https://b.org?c=d.",
            LINK,
            "At link and link, [::1] or link.",
        ),
        ("See https://www.example.com/a, please.", LINK, "See link, please."),
        ("See github.com/a/b and example.com or me@example.com.", LINK, "See link and example.com or me@example.com."),
        ("Choose and/or, i.e./e.g. the file a/b.com here.", LINK, "Choose and/or, i.e./e.g. the file a/b.com here."),
        ("<https://example.com/a> is it.", LINK, "link is it."),
        ("Run:\n\n```python\nprint(1)\n\nprint(2)\n```\n\nAnd go on.", MILD, "Run: print(1) print(2) And go on."),
        ("Run:\n\n```python\nprint(1)\n\nprint(2)\n```\n\nAnd go on.", NAMED, "Run: code. And go on."),
        ("Run:\n\n```python\nprint(1)\n\nprint(2)\n```\n\nAnd go on.", NO_CODE, "Run: And go on."),
        ("Run:\n```\nprint(1). Print.\n```\nAnd `go` on.", NO_CODE, "Run: And go on."),
        ("~~~~ sh\n```\nls\n~~~\n~~~~\nAnd go on.", NO_CODE, "And go on."),
        ("Use ```x``` here.", NO_CODE, "Use x here."),
        ("As told.[^a] So,² he said[3] here¹,² now.[4][5]", MILD, "As told. So, he said[3] here now.[4][5]"),
        ("As told.[^a] So,² he said[3] it here.", ALL_NOTES, "As told. [a] So, [2] he said[3] it here."),
        ("As told.[^a] So,² he said[3] it.[4][5, 6] And [note 7].", NO_NOTES, "As told. So, he said it. And."),
        ("So it is.[a] Here²⁾ and there[b], in x[c].", NO_NOTES, "So it is. Here and there, in x[c]."),
        ("The word² is, x² and m² are.", MILD, "The word is, x² and m² are."),
        ("Here sin²(x) is, and arr[1] = 5 too.", NO_NOTES, "Here sin²(x) is, and arr[1] = 5 too."),
        ("So good 😀 😃🎉! Yes 🇩🇪.", MILD, "So good 😀 😃🎉! Yes 🇩🇪."),
        ("So good 😀 😃🎉! Yes 🇩🇪.", FIRST, "So good 😀! Yes 🇩🇪."),
        ("So good 😀 😃🎉! Yes 👨‍👩‍👧.", NO_EMOJI, "So good! Yes."),
        ("1️⃣ First one", NO_EMOJI, "1 First one"),
        ("It costs $$$$ or %%%%% here!!!", MILD, "It costs $$$$ or %%%%% here!!!"),
        ("It costs $$$$ or %%%%% here!!!", ONCE, "It costs $ or % here!!!"),
        ("It costs $$$$ or %%%%% here!!!", NO_REPEATS, "It costs or here!!!"),
        ("Rated ★★★☆☆ and a && b.", ONCE, "Rated ★★★☆☆ and a && b."),
        ("He left (in a hurry (I think)), it [sic] was.", MILD, "He left (in a hurry (I think)), it [sic] was."),
        ("He left (in a hurry (I think)), it [sic] was.", NO_BRACKETS, "He left, it was."),
        ("Call (030) 123456 or f(x), use arr[1].", NO_BRACKETS, "Call (030) 123456 or f(x), use arr[1]."),
        ("(a) First item.\n(b) Second item.", NO_BRACKETS, "(a) First item. (b) Second item."),
        ("<think>Hm, four.</think>It is four.", MILD, "It is four."),
        ("<think>Hm, four.</think>It is four.", THOUGHTS, "Hm, four. It is four."),
        ("## A **bold** [word](https://a.com/b)", MILD, "A bold word"),
        ("## A **bold** word", MARKS, "hash sign A asterisk bold asterisk word"),
        (
            "A [word](https://a.com/b) of `co_de`.",
            MARKS,
            "A [word](https://a.com/b) of grave accent co_de grave accent.",
        ),
        (
            PAGES,
            MILD,
            "Moby Dick It was a long and 12 Moby Dick windy night. The end. 13 Moby Dick Another chapter begins.",
        ),
        (PAGES, NO_PAGES, "Moby Dick It was a long and windy night. The end. Another chapter begins."),
        ("It was a long and\n12\n\x0cwindy night.", MILD, "It was a long and windy night."),
        ("It was a long and\n12\n\x0cwindy night.", NO_PAGES, "It was a long and windy night."),
        ("It was a long and\n12\n\x0cwindy night.", ALL_PAGES, "It was a long and 12 windy night."),
        ("The first page.\nPage 1 of 2\n\x0cThe second.\n- 2 -\n\x0c", NO_PAGES, "The first page. The second."),
        (
            "In all there were\n1200 of them.\n\x0cAnother page.",
            NO_PAGES,
            "In all there were 1200 of them. Another page.",
        ),
    ],
)
def test_each_choice(text: str, choices: Choices, said: str) -> None:
    assert _said(text, choices) == said


@pytest.mark.parametrize(("language", "word"), [("de", "Link"), ("fr", "lien"), ("ru", "ссылка"), ("eo", "link")])
def test_the_word_for_a_link_is_of_the_texts_language(language: str, word: str) -> None:
    segmenter = Segmenter(1, language)
    segmenter.choices = LINK
    segmenter.feed("A b c https://example.com/a/b/c")
    segmenter.close()
    assert [segment.text for segment in segmenter.take_all()] == [f"A b c {word}"]


@pytest.mark.parametrize("choices", [NAMED, NO_CODE])
@pytest.mark.parametrize("piece_chars", [0, 7, 40])
def test_long_code_that_arrives_in_pieces_is_left_out_whole(choices: Choices, piece_chars: int) -> None:
    code = "\n\n".join(f"value_{i} = compute({i})  # a comment. And more." for i in range(60))
    said = _said(f"Before it.\n\n```\n{code}\n```\n\nBehind it.", choices, piece_chars=piece_chars)
    assert said == ("Before it. code. Behind it." if choices is NAMED else "Before it. Behind it.")


@pytest.mark.parametrize("piece_chars", [0, 400])
def test_running_heads_of_a_book_are_left_out_on_every_page_but_the_first(piece_chars: int) -> None:
    page = "The Book, page {}\n" + "It is a sentence of many words that fills one line.\n" * 30
    text = "\x0c".join(page.format(i) for i in range(1, 20))
    segmenter = _cut(text, NO_PAGES, piece_chars=piece_chars)
    said = " ".join(segmenter.said)  # type: ignore[attr-defined]
    assert said.count("The Book") == 1
    assert said.count("many words") == 30 * 19
    assert segmenter.tally.left_out == {Why.PAGES: sum(letters(f"The Book, page {i}") for i in range(2, 20))}
    assert segmenter.tally.letters == letters(text)


@pytest.mark.parametrize(
    ("text", "choices", "why", "count"),
    [
        ("See https://example.com/ab now.", LINK, Why.ADDRESSES, 17),
        ("See https://example.com/ab now.", HOST, Why.ADDRESSES, 7),
        ("```\nabc\n```\nSo.", NO_CODE, Why.CODE, 3),
        ("As told.[12] So.", NO_NOTES, Why.FOOTNOTES, 2),
        ("He left (at once).", NO_BRACKETS, Why.BRACKETS, 6),
    ],
)
def test_what_is_left_out_is_counted(text: str, choices: Choices, why: Why, count: int) -> None:
    assert _cut(text, choices).tally.left_out == {why: count}


def test_another_choice_holds_from_what_is_cut_next() -> None:
    segmenter = Segmenter(1, "en")
    segmenter.feed("First (one) here.\n\nSecond (one) here.\n\n")
    segmenter.close()
    first = segmenter.take()
    segmenter.choices = replace(MILD, brackets=False)
    assert first is not None
    assert [first.text, *(s.text for s in segmenter.take_all())] == ["First (one) here.", "Second here."]


def test_offsets_lead_back_to_the_text() -> None:
    text = "See https://www.example.com/a/b?c=1 now. He left (at once), it ends."
    segmenter = Segmenter(1, "en")
    segmenter.choices = Choices(addresses=Addresses.HOST, brackets=False)
    segmenter.feed(text)
    segmenter.close()
    found = [(s.text, text[s.start_chars : s.end_chars]) for s in segmenter.take_all()]
    assert found[0][0].startswith("See example.com now")
    assert found[-1][1].endswith("it ends.")
