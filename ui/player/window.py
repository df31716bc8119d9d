"""The player: the bar alone, with the text above it, or both full screen.

It replaces the icon if no panel shows one, so everything Harken can do is reachable from here. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QFont,
    QFontInfo,
    QHideEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from reader.core.app import App
from reader.errors import HarkenError
from reader.flow import Command, Event, ReadingEnded, Segment, SegmentStarted, SettingChanged, WordStarted
from reader.session import omissions
from reader.session.current_text import CurrentText, TextArrived, TextLeftOut
from reader.settings.paths import state_folder
from reader.settings.schema import SETTINGS
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.icons import icon
from ui.menu.menu import Menu
from ui.plain_window import PlainWindow
from ui.player import faces, incoming, placement
from ui.player.bar import Bar
from ui.player.colours import reading_colours
from ui.player.left_out_marks import Piece
from ui.player.view import ReadingView
from ui.presenter import Look
from ui.raise_window import bring_to_front

if TYPE_CHECKING:
    from ui.player.saving import Saving

_SIZE = QSize(900, 600)
_ZOOM = 1.15
_TYPE = "player.type_pt"
_RULER = "player.ruler"


class PlayerWindow(PlainWindow):
    # The user has closed it: the owner decides what that means, and it stays open until then.
    close_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._menu: Menu | None = None
        self._utterance_id = 0
        self._segment: SegmentStarted | None = None  # the one being heard
        self._sentence_start = 0
        self._type_pt = bridge.settings.number(_TYPE)
        self.setWindowIcon(icon("harken"))
        # The title changes when a reading starts, and a screen reader would speak over it.
        self.setAccessibleName(translate("ui", "Harken"))
        self.view = ReadingView(self)
        self.bar = Bar(self)
        self.files = incoming.FileChooser(bridge, self)
        self.setAcceptDrops(True)
        self._saving: Saving | None = None
        self._back_to_place: QPushButton | None = None  # exists while following is paused
        rows = QVBoxLayout(self.content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.view, 1)
        rows.addWidget(self.bar)
        self._placement = placement.load(state_folder())
        self.resize_within_screen(_SIZE)
        self.restoreGeometry(QByteArray.fromHex(self._placement.geometry.encode()))
        self.bar.text.setChecked(self._placement.shows_text)
        self._show_text(self._placement.shows_text)
        self.bar.text_wanted.connect(self._show_text)
        self.bar.close_wanted.connect(self.close_wanted)
        self.view.place_chosen.connect(self._read_from)
        self.view.zoomed.connect(self._zoom)
        self.view.following_changed.connect(self._on_following)
        self._take_keys()
        self._dress()
        self._keep_on_top()
        bridge.happened.connect(self._on_event)

    def set_menu(self, menu: Menu) -> None:
        """Offer what the menu has."""
        self._menu = menu
        self.bar.use(menu)
        for command, action in menu.commands.by_command.items():
            shortcut = self._shortcut("", action.trigger)
            self._follow_mnemonic(shortcut, command)
        for part, button in ((menu.speed, self.bar.speed), (menu.voice, self.bar.voice)):
            self._shortcut(QKeySequence.mnemonic(part.title()).toString(), button.click)

    def open(self) -> None:
        """Show it with what is being read, and give it the keyboard focus."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)
        bring_to_front(self)

    def save(self) -> None:
        """Save the text as a sound file."""
        if self._saving is None:
            from ui.player.saving import Saving

            self._saving = Saving(self._bridge, self)
        self._saving.open()

    def stop(self) -> None:
        """Harken is quitting: leave no incomplete file behind."""
        if self._saving:
            self._saving.stop()

    def show_above(self) -> None:
        """Show it above other windows, without taking the keyboard focus."""
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()

    # ---- keys ----

    def _take_keys(self) -> None:
        for keys, do in (
            ("Space", self.bar.go),
            ("Ctrl+O", self.files.open),
            ("Ctrl+S", self.save),
            ("F11", self._toggle_full_screen),
            ("Esc", self._on_escape),
            ("Ctrl++", lambda: self._zoom(1)),
            ("Ctrl+=", lambda: self._zoom(1)),
            ("Ctrl+-", lambda: self._zoom(-1)),
            ("Ctrl+0", lambda: self._zoom(0)),
            ("Ctrl+L", self._toggle_ruler),
        ):
            self._shortcut(keys, do)

    def _shortcut(self, keys: str, do: Callable[[], object]) -> QShortcut:
        made = QShortcut(QKeySequence(keys), self)
        made.activated.connect(lambda: do())
        return made

    def _follow_mnemonic(self, shortcut: QShortcut, command: Command) -> None:
        """Follow a command's letter, which depends on its current name."""
        assert self._menu
        action = self._menu.commands.by_command[command]

        def show() -> None:
            shortcut.setKey(QKeySequence.mnemonic(action.text()))

        action.changed.connect(show)
        show()

    def _on_escape(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()

    # ---- what it follows ----

    def show_look(self, look: Look) -> None:
        """Follow the state."""
        self.setWindowTitle(look.title)
        self.bar.show_look(look)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        match event:
            case TextArrived():
                self._on_text(event)
            case TextLeftOut() if event.utterance_id == self._utterance_id:
                self.view.leave_out(_pieces(event))
            case SegmentStarted() if event.utterance_id == self._utterance_id:
                self._show_segment(event)
            case WordStarted() if event.utterance_id == self._utterance_id:
                self.view.show_place(self._sentence(event.segment), (event.start_chars, event.end_chars))
            case ReadingEnded(is_whole=True) if event.utterance_id == self._utterance_id:
                self._segment = None
                self.view.show_place(None)
                self._on_following(is_following=True)
            case SettingChanged() if event.key.startswith("player."):
                self._type_pt = self._bridge.settings.number(_TYPE)
                self._dress()
                self._keep_on_top()
            case SettingChanged(key="system.appearance"):
                self._dress()

    def _on_text(self, event: TextArrived) -> None:
        if not event.start_chars and not self.isVisible() and self._bridge.settings.switch("player.opens"):
            self.show_above()  # this also asks for the text
        elif not self.isVisible():
            self._utterance_id = 0  # not needed until it is shown
        elif not event.start_chars:
            self._show(CurrentText(event.utterance_id, event.text, None))
        elif event.utterance_id == self._utterance_id and event.start_chars == self.view.chars:
            self.view.add_text(event.text)

    def _show(self, current: CurrentText | HarkenError | None) -> None:
        if not isinstance(current, CurrentText) or (
            current.utterance_id == self._utterance_id and len(current.text) == self.view.chars
        ):
            return
        self._utterance_id, self._segment = current.utterance_id, None
        self.view.show_text(current.text)
        self.view.leave_out(_pieces(current))
        if current.heard:
            self._show_segment(SegmentStarted(current.utterance_id, current.heard, ""))

    def _show_segment(self, started: SegmentStarted) -> None:
        segment, before = started.segment, self._segment.segment if self._segment else None
        is_same = before and segment.sentence == before.sentence and segment.index == before.index + 1
        if not is_same:
            self._sentence_start = segment.start_chars
        # A voice that reports words reports the first at once: until then the place must not jump back.
        keeps_word = is_same and self._segment and self._segment.voice_id == started.voice_id
        self._segment = started
        self.view.show_place(self._sentence(segment), self.view.word if keeps_word else None)

    def _sentence(self, segment: Segment) -> tuple[int, int]:
        """Its start and end, as far as it has been split."""
        return self._sentence_start, segment.end_chars

    def _read_from(self, chars: int) -> None:
        utterance_id = self._utterance_id

        async def read(app: App) -> None:
            if app.controller.current and app.controller.current.utterance_id == utterance_id:
                app.controller.read_from(chars)

        self._bridge.ask(read, lambda _: None)

    def _follow_again(self) -> None:
        self.view.follow_again()
        self.view.setFocus()

    # ---- what is dropped on it ----

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Accept what can be read."""
        if incoming.can_take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)  # the source keeps its copy
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Have it read."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        incoming.take(event.mimeData(), self._bridge)

    # ---- how it looks ----

    def _dress(self) -> None:
        settings = self._bridge.settings
        font = faces.font(settings.text("player.face"), self.font())
        font.setPointSizeF(self._type_pt)
        em = QFontInfo(font).pixelSize()
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, em * settings.number("player.letter_spacing") / 100)
        font.setWordSpacing(em * settings.number("player.word_spacing") / 100)
        own = settings.text("player.ink"), settings.text("player.ground")
        self.view.set_colours(reading_colours(settings.text("player.colours"), self.palette(), own))
        self.view.set_type(
            font,
            line_chars=settings.number("player.line_chars"),
            line_spacing=settings.number("player.line_spacing"),
        )
        self.view.set_ruler(is_shown=settings.switch(_RULER))
        key = self._bridge.keys.names.get(Command.READ_SELECTION)
        hint = translate("ui", "Select some text anywhere and have Harken read it. It appears here.")
        if key:
            hint = translate("ui", "Select some text anywhere and press {key}. It appears here.").format(key=key)
        self.view.setPlaceholderText(hint)

    def _zoom(self, step: int) -> None:
        """Make the type larger, smaller, or (0) the default size. Remembered."""
        setting = SETTINGS[_TYPE]
        wanted = self._type_pt * _ZOOM**step if step else float(setting.default)
        self._bridge.change(_TYPE, min(max(round(wanted), setting.low), setting.high))

    def _toggle_ruler(self) -> None:
        self._bridge.change(_RULER, not self._bridge.settings.switch(_RULER))

    def _keep_on_top(self) -> None:
        wanted = self._bridge.settings.switch("player.on_top")
        if wanted is not bool(self.windowFlags() & Qt.WindowType.WindowStaysOnTopHint):
            was_visible = self.isVisible()
            self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, wanted)
            if was_visible:
                self.show()

    def _show_text(self, is_shown: bool) -> None:
        """The bar alone, or with the text."""
        if self.isFullScreen() and not is_shown:
            self._toggle_full_screen()
        if is_shown is self.view.isVisibleTo(self):
            return
        if is_shown:
            self.view.show()
            self.setMaximumHeight(16_777_215)
            self.resize(self.width(), max(self._placement.height_px, self.height(), _SIZE.height() // 2))
        else:
            if self.isVisible():
                self._placement = placement.Placement(self._placement.geometry, self.height(), shows_text=False)
            self.view.hide()
            self.setMaximumHeight(self.bar.sizeHint().height())
            self.resize(self.width(), self.bar.sizeHint().height())

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.bar.text.setChecked(True)
            self.showFullScreen()

    @Slot(bool)
    def _on_following(self, is_following: bool) -> None:
        if self._back_to_place:
            self._back_to_place.deleteLater()
            self._back_to_place = None
        if not is_following and self._segment:
            self._back_to_place = QPushButton(translate("ui", "Go to what is b&eing read"), self.view)
            self._back_to_place.clicked.connect(self._follow_again)
            self._place_button()
            self._back_to_place.show()

    def _place_button(self) -> None:
        button = self._back_to_place
        if not button:
            return
        button.adjustSize()
        button.move((self.view.width() - button.width()) // 2, self.view.height() - button.height() - 12)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the button over the text where people expect it."""
        super().resizeEvent(event)
        self._place_button()

    # ---- coming and going ----

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what is being read, or was last."""
        super().showEvent(event)

        async def text_so_far(app: App) -> CurrentText | None:
            return app.controller.current.text_so_far if app.controller.current else None

        self._bridge.ask(text_so_far, self._show)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Remember its place and size."""
        super().hideEvent(event)
        if not event.spontaneous():
            shows_text = self.bar.text.isChecked()
            height = self.height() if shows_text and not self.isFullScreen() else self._placement.height_px
            geometry = bytes(self.saveGeometry().toHex().data()).decode()
            self._placement = placement.Placement(geometry, height, shows_text=shows_text)
            placement.keep(state_folder(), self._placement)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """The window was closed, by the user or, when Harken quits, by Qt."""
        if event.spontaneous():
            event.ignore()
            self.close_wanted.emit()
        else:
            event.accept()


def _pieces(told: TextLeftOut | CurrentText) -> list[Piece]:
    return [(piece.start_chars, piece.end_chars, omissions.named(piece.why)) for piece in told.left_out]
