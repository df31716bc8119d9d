"""Shows a text as it is read: the sentence on a soft background, the word on a stronger one and underlined.

It is a QTextEdit because that has a caret, selection, and what screen readers and magnifiers need (AT-SPI's Text
interface, UI Automation's text pattern), and scrolls by pixels, with line spacing: QPlainTextEdit scrolls by lines and
has no spacing, and Qt Quick exposes less to assistive technology. The caret is in the word being heard: if the focus is
elsewhere, no screen reader speaks that. It is the user's once they move it.

A text is laid out part by part between other work, so a book opens as fast as a page. GUI thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QToolTip, QWidget

from reader.support.i18n import translate
from ui.announce import announce
from ui.player import ruler
from ui.player.colours import ReadingColours, scroll_bar_style
from ui.player.follow import Follow
from ui.player.left_out_marks import LeftOutMarks, Piece
from ui.player.shown_text import ShownText

# How much is laid out at once: about three milliseconds.
_PART_CHARS = 6000
# The average character width is measured on this.
_SAMPLE = "the quick brown fox jumps over the lazy dog and reads on "
_MARGIN_PX = 24
# The fraction of the view's height up to which a sentence is shown whole.
_ROOM = 0.6

Span = tuple[int, int]


class ReadingView(QTextEdit):
    """Read-only. Positions in and out are characters of the captured text."""

    # A word was clicked, or Enter was pressed on it: read from there.
    place_chosen = Signal(int)
    # Whether the place being heard is followed.
    following_changed = Signal(bool)
    # The user wants larger (1) or smaller (-1) type.
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("ui", "Text being read"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)  # also beside the column
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setAccessibleName(translate("ui", "Place in the text"))
        self.setTabChangesFocus(True)
        for part in (self, self.viewport()):
            part.setAcceptDrops(False)  # the window takes what is dropped
        self._line_chars = 66.0
        self._line_spacing = 150.0
        self._font = QFont()
        self._colours: ReadingColours | None = None
        self._document: QTextDocument | None = None  # referenced here: the first one is Qt's own
        self._text: list[str] = []
        self._coming: deque[str] = deque()  # parts that are not in the document yet
        self._shown = ShownText()
        self._left_out = LeftOutMarks()
        self._has_ruler = False
        self._sentence: Span | None = None
        self._word: Span | None = None
        self._pressed_at: int | None = None
        self._has_own_caret = False  # the user has moved it
        self._caret_is_in = ""  # what is left out at the caret
        self._is_moving_caret = False
        self._laying_out = QTimer(self)
        self._laying_out.setInterval(0)
        self._laying_out.timeout.connect(self._lay_out)
        self._follow = Follow(self)
        self._follow.changed.connect(self.following_changed)
        self.cursorPositionChanged.connect(self._on_caret)

    # ---- the text ----

    def show_text(self, text: str) -> None:
        """Show another text, from its start."""
        self._text = [text]
        self._left_out.clear()
        self.setAccessibleDescription("")
        self._sentence = self._word = None
        self._begin()
        self._follow.begin()

    def add_text(self, text: str) -> None:
        """Add text that has arrived."""
        self._text.append(text)
        self._coming.extend(_parts(text))
        self._laying_out.start()

    def leave_out(self, pieces: Iterable[Piece]) -> None:
        """Mark these pieces, which will not be read."""
        self._left_out.add(pieces)
        self._mark_left_out()
        if not self._left_out.is_empty:
            self.setAccessibleDescription(translate("ui", "Text with a dotted underline is not read aloud."))

    def _mark_left_out(self) -> None:
        with self._follow.moving():
            self._left_out.mark(self.document(), self._shown, self._colours)

    @property
    def chars(self) -> int:
        """The length of the text."""
        return sum(map(len, self._text))

    def _begin(self) -> None:
        """Rebuild the document. It is filled before it is attached to the view, without being laid out."""
        self._shown = ShownText()
        self._coming = deque(part for text in self._text for part in _parts(text))
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(self._font)
        document.setDocumentMargin(_MARGIN_PX)
        with self._follow.moving():
            cursor = QTextCursor(document)
            block = QTextBlockFormat()
            block.setLineHeight(self._line_spacing, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(block)
            if self._coming:
                cursor.insertText(self._shown.add(self._coming.popleft()))
            self._is_moving_caret = True
            self.setDocument(document)
            self._is_moving_caret = False
        if self._document:
            self._document.deleteLater()
        self._document = document
        self._has_own_caret = False
        self._left_out.begin()
        self._mark_left_out()
        self._show_place()
        if self._coming:
            self._laying_out.start()

    @Slot()
    def _lay_out(self) -> None:
        """Add the next part, and show the place being read once it has been reached."""
        if not self._coming:
            self._laying_out.stop()
            return
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        is_waited_for = self._sentence is not None and self._sentence[1] > self._shown.chars
        cursor.insertText(self._shown.add(self._coming.popleft()), QTextCharFormat())
        self._mark_left_out()
        if is_waited_for and self._sentence and self._sentence[1] <= self._shown.chars:
            self._show_place()

    # ---- the place ----

    def show_place(self, sentence: Span | None, word: Span | None = None) -> None:
        """Show what is being heard: the start and end of each."""
        self._sentence, self._word = sentence, word
        self._show_place()

    @property
    def word(self) -> Span | None:
        """The word that is shown as being heard."""
        return self._word

    def follow_again(self) -> None:
        """Scroll to what is being heard, and keep it in view."""
        self._has_own_caret = False
        self._follow.begin()
        self._show_place()

    def _show_place(self) -> None:
        selections = []
        if self._colours:
            if self._sentence:
                selections.append(self._selection(self._sentence, self._colours.sentence))
            if self._word:
                selection = self._selection(self._word, self._colours.word)
                selection.format.setForeground(self._colours.word_ink)
                selection.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                selection.format.setUnderlineColor(self._colours.line)
                selections.append(selection)
        self.setExtraSelections(selections)
        if place := self._word or self._sentence:
            self._move_caret(self._shown.unit(place[0]))
            self._follow.come_to(self._rect_to_see(), self.viewport().height())
        if self._has_ruler:
            self.viewport().update()

    def _selection(self, span: Span, ground: QColor) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = self._cursor(span)
        selection.format.setBackground(ground)
        return selection

    def _cursor(self, span: Span) -> QTextCursor:
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(self._shown.unit(span[0]), last))
        cursor.setPosition(min(self._shown.unit(span[1]), last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _rect_to_see(self) -> QRectF | None:
        """From the word to its sentence's end if there is room, in viewport coordinates; None if not laid out."""
        place = self._word or self._sentence
        if place is None or place[0] >= self._shown.chars:
            return None
        begin = self._rect_at(place[0])
        whole = begin.united(self._rect_at(self._sentence[1])) if self._sentence else begin
        return whole if whole.height() < _ROOM * self.viewport().height() else begin

    def _rect_at(self, chars: int) -> QRectF:
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(self._shown.unit(chars), self.document().characterCount() - 1))
        return QRectF(self.cursorRect(cursor))

    # ---- the caret ----

    def _move_caret(self, units: int) -> None:
        """Report the caret's position to assistive technology, without scrolling there."""
        if self._has_own_caret or units >= self.document().characterCount():
            return
        cursor = self.textCursor()
        cursor.setPosition(units)
        self._is_moving_caret = True
        with self._follow.staying():
            self.setTextCursor(cursor)
        self._is_moving_caret = False

    @Slot()
    def _on_caret(self) -> None:
        if self._is_moving_caret:
            return
        self._has_own_caret = True
        left_out = self._left_out.at(self._shown.char(self.textCursor().position()))
        if left_out != self._caret_is_in:
            self._caret_is_in = left_out
            if left_out:
                announce(self, not_read(left_out))
        if self._has_ruler:
            self.viewport().update()

    def _choose(self, cursor: QTextCursor) -> None:
        """Read from the word there, or from the next one."""
        document = self.document()
        cursor.movePosition(QTextCursor.MoveOperation.StartOfWord)
        while document.characterAt(cursor.position()).isspace() and cursor.movePosition(
            QTextCursor.MoveOperation.NextCharacter
        ):
            pass
        chars = self._shown.char(cursor.position())
        if chars < self._shown.chars:
            self.follow_again()
            self.place_chosen.emit(chars)

    # ---- how it looks ----

    def set_type(self, font: QFont, *, line_chars: float, line_spacing: float) -> None:
        """Set the type: `line_chars` per line, and `line_spacing` in percent of the font's own."""
        self._font, self._line_chars, self._line_spacing = font, line_chars, line_spacing
        self.setFont(font)  # for the hint shown without a text
        self._set_column()
        self._begin()

    def set_colours(self, colours: ReadingColours) -> None:
        """Set the colours."""
        self._colours = colours
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, colours.ground)
        palette.setColor(QPalette.ColorRole.Window, colours.ground)
        palette.setColor(QPalette.ColorRole.Text, colours.ink)
        palette.setColor(QPalette.ColorRole.Highlight, colours.ink)
        palette.setColor(QPalette.ColorRole.HighlightedText, colours.ground)
        self.setPalette(palette)
        self.verticalScrollBar().setStyleSheet(scroll_bar_style(colours))
        self._show_place()

    def set_ruler(self, *, is_shown: bool) -> None:
        """Show one line at a time: the one being heard, or the one the user has moved to."""
        self._has_ruler = is_shown
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Also paint what lies over the text."""
        super().paintEvent(event)
        if self._has_ruler and self._colours:
            painter = QPainter(self.viewport())
            lines = ruler.lines_rect(self.document(), *self._ruled())
            lines.moveTop(lines.top() - self.verticalScrollBar().value())
            ruler.paint(painter, QRectF(self.viewport().rect()), lines, self._colours)
            painter.end()

    def _ruled(self) -> Span:
        """The start and end of the lines that the ruler shows."""
        place = self._word or self._sentence
        if place is None or self._has_own_caret:
            caret = self.textCursor().position()
            return caret, caret
        last = self.document().characterCount() - 1
        return min(self._shown.unit(place[0]), last), min(self._shown.unit(place[1] - 1), last)

    def _set_column(self) -> None:
        """Centre one column of `line_chars` characters."""
        width = QFontMetricsF(self._font).horizontalAdvance(_SAMPLE) / len(_SAMPLE) * self._line_chars + 2 * _MARGIN_PX
        room = self.width() - self.verticalScrollBar().sizeHint().width()
        side = max(0, int(room - width) // 2)
        self.setViewportMargins(side, 0, side, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the column centred, and what is being heard in view."""
        with self._follow.moving():
            self._set_column()
            super().resizeEvent(event)
        self._show_place()

    # ---- keys and mouse ----

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter reads from the caret; space is left to the window."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.textCursor())
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click may mean a word, or start a selection."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = self.cursorForPosition(event.position().toPoint()).position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """If nothing was selected, the word is meant."""
        super().mouseReleaseEvent(event)
        cursor = self.cursorForPosition(event.position().toPoint())
        is_click = event.button() == Qt.MouseButton.LeftButton and self._pressed_at == cursor.position()
        self._pressed_at = None
        if is_click and not self.textCursor().hasSelection():
            self._choose(cursor)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """With Ctrl it changes the size of the type, which is remembered."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """The tooltip for text that is not read says why it looks different."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            left_out = self._left_out.at(self._shown.char(self.cursorForPosition(event.pos()).position()))
            QToolTip.showText(event.globalPos(), not_read(left_out) if left_out else "", self.viewport())
            return True
        return super().viewportEvent(event)


def not_read(what: str) -> str:
    """The description of text with dots under it."""
    return translate("ui", "Not read aloud: {what}").format(what=what)


def _parts(text: str) -> list[str]:
    return [text[at : at + _PART_CHARS] for at in range(0, len(text), _PART_CHARS)]
