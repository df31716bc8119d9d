"""The settings of the player window: when it opens, and how the text in it looks."""

from __future__ import annotations

from reader.settings.setting import Page, choice, number, switch
from reader.support.i18n import QT_TRANSLATE_NOOP

PLAYER = (
    switch(
        "player.opens",
        False,
        Page.PLAYER,
        QT_TRANSLATE_NOOP("settings", "Open the player when a reading begins"),
        QT_TRANSLATE_NOOP("settings", "Without taking the keyboard from the program in front."),
    ),
    switch(
        "player.on_top",
        False,
        Page.PLAYER,
        QT_TRANSLATE_NOOP("settings", "Keep the player on top of other windows"),
        QT_TRANSLATE_NOOP("settings", "Not on Wayland, where programs can't ask for that."),
    ),
    choice(
        "player.colours",
        "",
        Page.PLAYER,
        QT_TRANSLATE_NOOP("settings", "Colors of the text"),
        QT_TRANSLATE_NOOP("settings", "Those of Harken's windows include the system's high contrast."),
        (
            ("", QT_TRANSLATE_NOOP("settings", "Same as Harken's windows")),
            ("paper", QT_TRANSLATE_NOOP("settings", "Paper")),
            ("dark", QT_TRANSLATE_NOOP("settings", "Dark")),
            ("yellow", QT_TRANSLATE_NOOP("settings", "Yellow on black")),
        ),
    ),
    number(
        "player.type_pt",
        18.0,
        Page.PLAYER,
        QT_TRANSLATE_NOOP("settings", "Type size"),
        QT_TRANSLATE_NOOP("settings", "In the player, Ctrl with + and - changes it too."),
        low=12,
        high=96,
        step=2,
        unit=QT_TRANSLATE_NOOP("settings", "pt"),
    ),
    number(
        "player.line_chars",
        66.0,
        Page.PLAYER,
        QT_TRANSLATE_NOOP("settings", "Line length"),
        QT_TRANSLATE_NOOP("settings", "As far as the window is wide enough."),
        low=20,
        high=120,
        step=2,
        unit=QT_TRANSLATE_NOOP("settings", "characters"),
    ),
    number(
        "player.line_spacing",
        150.0,
        Page.PLAYER,
        QT_TRANSLATE_NOOP("settings", "Line spacing"),
        QT_TRANSLATE_NOOP("settings", "100%: as close as the typeface has it."),
        low=100,
        high=300,
        step=10,
        unit="%",
    ),
    number(
        "player.letter_spacing",
        0.0,
        Page.PLAYER,
        QT_TRANSLATE_NOOP("settings", "Letter spacing"),
        QT_TRANSLATE_NOOP("settings", "Of the type size, added between letters."),
        low=0,
        high=50,
        step=1,
        unit="%",
    ),
    number(
        "player.word_spacing",
        0.0,
        Page.PLAYER,
        QT_TRANSLATE_NOOP("settings", "Word spacing"),
        QT_TRANSLATE_NOOP("settings", "Of the type size, added between words."),
        low=0,
        high=100,
        step=5,
        unit="%",
    ),
)
