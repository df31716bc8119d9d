"""Each window in German and in Arabic: translated, mirrored where it has to be, every text whole, no key used twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QGroupBox, QLabel, QMenu, QWidget

from reader.core.offers import Offers
from reader.flow import State
from reader.voices.offered import own
from tests.fakes.bridge import FakeBridge
from tests.fakes.words import show_heard
from ui.first_run import FirstSteps
from ui.get_voices.window import GetVoicesWindow
from ui.menu.menu import Menu, MenuActions
from ui.player.window import PlayerWindow
from ui.presenter import look
from ui.privacy import PrivacyWindow
from ui.settings.window import SettingsWindow


def settings(bridge: FakeBridge) -> SettingsWindow:
    """With the part of a page that is there once something was read."""
    window = SettingsWindow(bridge)
    show_heard(window)
    return window


def player(bridge: FakeBridge) -> PlayerWindow:
    """With what it offers, and its text shown."""
    window = PlayerWindow(bridge)
    window.set_menu(Menu(bridge, MenuActions(*[nothing] * len(fields(MenuActions))), window))
    window.show_look(look(State.PAUSED, "", {}))
    return window


def get_voices(bridge: FakeBridge) -> GetVoicesWindow:
    """With the list of the program, one of them here, and a voice of the user's own."""
    window = GetVoicesWindow(bridge)
    sizes = {"de_DE-kerstin-low": 65_000_000, "xx-mine": 1_000_000}
    window.show_offers((Offers(own.own_index(), sizes, (Path("/voices/de_DE-other-low.onnx"),)), ["fr"]))
    return window


def nothing() -> None:
    """What no entry of the menu is chosen for here."""


DIRECTIONS = {"de": Qt.LayoutDirection.LeftToRight, "ar": Qt.LayoutDirection.RightToLeft}
MAKE: dict[str, Callable[[FakeBridge], QWidget]] = {
    "settings": settings,
    "privacy": PrivacyWindow,
    "get voices": get_voices,
    "player": player,
    "first steps": lambda bridge: FirstSteps(bridge, lambda: True),
}
# Texts that are the same in every language, or in these: names, keys, numbers, files.
SAME = re.compile(r"^(\W*|Super\+.*|~?/.*|English|Deutsch|العربية|Amazon Polly|Player|[\d\s]+pt|Region|[\d\s]+%?)$")
MNEMONIC = re.compile("&([^& ])")


def text_of(widget: QWidget) -> str:
    match widget:
        case QGroupBox():
            return widget.title()
        case QLabel() | QAbstractButton():
            return widget.text()
    return ""


def seen(window: QWidget) -> list[QWidget]:
    """What shows a text just now."""
    return [child for child in window.findChildren(QWidget) if child.isVisible() and text_of(child)]


def views(window: QWidget) -> Iterator[None]:
    """Turn to each page of a window; once where it has none."""
    if isinstance(window, SettingsWindow):
        for page in window.pages:
            window.open_page(page)
            yield
    else:
        window.show()
        yield


def texts(window: QWidget) -> set[str]:
    found = {window.windowTitle()}
    for _ in views(window):
        found |= {text_of(widget) for widget in seen(window)}
    return found


@pytest.mark.parametrize("language", DIRECTIONS)
@pytest.mark.parametrize("name", MAKE)
class TestWindow:
    def test_is_translated_and_mirrored(
        self, qt: QApplication, bridge: FakeBridge, speak: Callable[[str], None], name: str, language: str
    ) -> None:
        english = texts(MAKE[name](bridge))
        speak(language)
        window = MAKE[name](bridge)
        same = {text for text in english & texts(window) if not SAME.search(text)}
        assert not same
        assert window.layoutDirection() == DIRECTIONS[language]

    def test_shows_every_text_whole(
        self, qt: QApplication, bridge: FakeBridge, speak: Callable[[str], None], name: str, language: str
    ) -> None:
        speak(language)
        window = MAKE[name](bridge)
        for _ in views(window):
            qt.processEvents()
            for widget in seen(window):
                assert not cut(widget), text_of(widget)

    def test_uses_no_letter_twice(
        self, qt: QApplication, bridge: FakeBridge, speak: Callable[[str], None], name: str, language: str
    ) -> None:
        speak(language)
        window = MAKE[name](bridge)
        for _ in views(window):
            assert not twice(text_of(widget) for widget in seen(window))


def cut(widget: QWidget) -> bool:
    """Whether a text has less room than it needs."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() < widget.heightForWidth(widget.width())
    return widget.width() < widget.minimumSizeHint().width() or widget.height() < widget.minimumSizeHint().height()


def twice(texts: Iterator[str]) -> set[str]:
    letters = Counter(letter.lower() for text in texts for letter in MNEMONIC.findall(text))
    return {letter for letter, count in letters.items() if count > 1}


@pytest.mark.parametrize("language", ["en", *DIRECTIONS])
def test_no_menu_uses_a_letter_twice(bridge: FakeBridge, speak: Callable[[str], None], language: str) -> None:
    speak(language)
    parent = QWidget()
    menu = Menu(bridge, MenuActions(*[nothing] * len(fields(MenuActions))), parent)
    menus: list[QMenu] = [menu, *menu.findChildren(QMenu)]
    for state in (State.IDLE, State.PAUSED):
        menu.show_look(look(state, "", {}))
        for each in menus:
            assert not twice(action.text().partition("\t")[0] for action in each.actions()), each.title()
