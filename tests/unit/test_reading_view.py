"""The player's text: what is marked in it, and what lies over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette, QTextCharFormat
from PySide6.QtWidgets import QApplication

from ui.appearance import MIN_CONTRAST, contrast, own_palette
from ui.player import faces
from ui.player import view as view_module
from ui.player.colours import reading_colours
from ui.player.view import ReadingView

TEXT = "First line of it.\n\nSee https://example.org/ for 😀 more.\n\nLast line of it."
DOTS = QTextCharFormat.UnderlineStyle.DotLine


@pytest.fixture
def view(qt: QApplication) -> Iterator[ReadingView]:
    made = ReadingView()
    made.resize(700, 500)
    made.set_colours(reading_colours("paper", own_palette(Qt.ColorScheme.Light)))
    made.set_type(QFont(), line_chars=66, line_spacing=150)
    made.show()
    yield made
    made.deleteLater()


def span(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def dotted(view: ReadingView) -> str:
    """What has dots under it, in order."""
    found = []
    block = view.document().begin()
    while block.isValid():
        for parts in block.textFormats():
            if parts.format.underlineStyle() == DOTS:
                units = block.text().encode("utf-16-le")[2 * parts.start : 2 * (parts.start + parts.length)]
                found.append(units.decode("utf-16-le"))
        block = block.next()
    return "|".join(found)


class TestLeftOut:
    def test_what_is_not_read_has_dots_under_it_in_any_type(self, view: ReadingView) -> None:
        view.show_text(TEXT)
        view.leave_out([(*span(TEXT, "https://example.org/"), "web addresses")])
        view.leave_out([(*span(TEXT, " 😀 "), "emoji")])
        assert dotted(view) == "https://example.org/|😀"
        view.set_type(QFont(), line_chars=40, line_spacing=200)
        assert dotted(view) == "https://example.org/|😀"

    def test_of_another_text_it_is_forgotten(self, view: ReadingView) -> None:
        view.show_text(TEXT)
        assert view.accessibleDescription() == ""
        view.leave_out([(0, 5, "code")])
        assert view.accessibleDescription() == "Text with a dotted underline is not read aloud."
        view.show_text(TEXT)
        assert dotted(view) == view.accessibleDescription() == ""

    def test_what_is_laid_out_later_is_marked_then_and_no_more_than_that(
        self, qt: QApplication, view: ReadingView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(view_module, "_PART_CHARS", 30)
        view.show_text(TEXT)
        view.leave_out([(*span(TEXT, "https://example.org/"), "web addresses")])
        while len(view.toPlainText()) < len(TEXT):
            qt.processEvents()
        assert dotted(view) == "https://example.org/"

    def test_who_comes_to_it_is_told_once_and_who_only_listens_is_not(
        self, view: ReadingView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[str] = []
        monkeypatch.setattr(view_module, "announce", lambda _, sentence: told.append(sentence))
        view.show_text(TEXT)
        start, end = span(TEXT, "https://example.org/")
        view.leave_out([(start, end, "web addresses")])
        view.show_place((start, end))
        assert told == []
        cursor = view.textCursor()
        for at in (0, start, start + 5, end - 1, end, start):
            cursor.setPosition(at)
            view.setTextCursor(cursor)
        assert told == ["Not read aloud: web addresses"] * 2

    @pytest.mark.parametrize("name", ["", "paper", "dark", "yellow"])
    @pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
    def test_it_can_be_read_on_every_ground(self, qt: QApplication, name: str, scheme: Qt.ColorScheme) -> None:
        colours = reading_colours(name, own_palette(scheme))
        assert min(contrast(colours.dim, ground) for ground in (colours.ground, colours.sentence)) >= MIN_CONTRAST
        assert colours.dim != colours.ink

    def test_the_place_is_seen_where_the_theme_marks_with_a_colour_as_dark_as_the_ground(self) -> None:
        palette = own_palette(Qt.ColorScheme.Dark)
        palette.setColor(QPalette.ColorRole.Highlight, QColor("#10304f"))
        colours = reading_colours("", palette)
        assert contrast(colours.sentence, colours.ground) > 1.15
        assert contrast(colours.word, colours.sentence) > 1.15


class TestRuler:
    def test_only_the_line_that_is_heard_is_clear(self, qt: QApplication, view: ReadingView) -> None:
        view.show_text(TEXT)
        view.set_ruler(is_shown=True)
        for words in ("First", "Last"):
            view.show_place(span(TEXT, f"{words} line of it."), span(TEXT, words))
            qt.processEvents()
            assert clear_lines(view) == [f"{words} line of it."]

    def test_it_goes_where_the_user_goes(self, qt: QApplication, view: ReadingView) -> None:
        view.show_text(TEXT)
        view.set_ruler(is_shown=True)
        view.show_place(span(TEXT, "Last line of it."))
        cursor = view.textCursor()
        cursor.setPosition(3)
        view.setTextCursor(cursor)
        qt.processEvents()
        assert clear_lines(view) == ["First line of it."]


def clear_lines(view: ReadingView) -> list[str]:
    """The lines in which the ink has its full strength."""
    image = view.viewport().grab().toImage()
    found = []
    block = view.document().begin()
    while block.isValid():
        rect = view.document().documentLayout().blockBoundingRect(block)
        top = int(rect.top()) - view.verticalScrollBar().value()
        colours = {
            image.pixelColor(x, y).lightness()
            for y in range(max(top, 0), min(top + int(rect.height()), image.height()))
            for x in range(0, image.width(), 2)
        }
        if colours and min(colours) < 90:
            found.append(block.text())
        block = block.next()
    return found


class TestLooks:
    def test_your_own_pair_is_kept_apart_for_the_word_and_the_sentence(self, qt: QApplication) -> None:
        for ink, ground in (("#204060", "#fbf3dc"), ("#777777", "#ffffff"), ("#ffffff", "#ffffff")):
            colours = reading_colours("own", own_palette(Qt.ColorScheme.Light), (ink, ground))
            assert (colours.ink.name(), colours.ground.name()) == (ink, ground)
            assert (colours.word, colours.word_ink) == (colours.ink, colours.ground)
            kept = contrast(colours.ink, colours.sentence)
            assert kept >= min(7, 0.84 * contrast(colours.ink, colours.ground))

    @pytest.mark.parametrize("face", faces.FILES)
    def test_each_face_is_there_and_leaves_other_scripts_to_the_system(self, qt: QApplication, face: str) -> None:
        made = faces.font(face, qt.font())
        assert QFontInfo(made).family() == made.families()[0] != QFontInfo(qt.font()).family()
        assert made.families()[-1] == qt.font().family()

    @pytest.mark.noisy
    def test_a_face_that_can_not_be_loaded_changes_nothing(
        self,
        qt: QApplication,
        monkeypatch: pytest.MonkeyPatch,
        noise: list[str],
        tmp_path: Path,
    ) -> None:
        monkeypatch.setattr(faces, "_FOLDER", tmp_path)
        faces._load.cache_clear()
        assert faces.font("opendyslexic", qt.font()) == qt.font()
        assert ["can't be used" in message for message in noise] == [True]
        faces._load.cache_clear()
