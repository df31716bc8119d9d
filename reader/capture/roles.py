"""The names of controls and their states. The numbers are those of atspi-constants.h: AtspiRole, AtspiStateType."""

from __future__ import annotations

from enum import IntEnum

from reader.support.i18n import QT_TRANSLATE_NOOP


class Role(IntEnum):
    """The roles that some code depends on."""

    ALERT = 2
    CHECK_BOX = 7
    CHECK_MENU_ITEM = 8
    COLUMN_HEADER = 10
    COMBO_BOX = 11
    DIAL = 15
    DIALOG = 16
    FILE_CHOOSER = 19
    FRAME = 23
    ICON = 26
    IMAGE = 27
    LABEL = 29
    LIST_ITEM = 32
    MENU = 33
    MENU_ITEM = 35
    PAGE_TAB = 37
    PANEL = 39
    PASSWORD = 40
    PROGRESS_BAR = 42
    BUTTON = 43
    RADIO_BUTTON = 44
    RADIO_MENU_ITEM = 45
    ROOT_PANE = 46
    ROW_HEADER = 47
    SCROLL_BAR = 48
    SEPARATOR = 50
    SLIDER = 51
    SPIN_BUTTON = 52
    TABLE_CELL = 56
    TABLE_COLUMN_HEADER = 57
    TABLE_ROW_HEADER = 58
    TERMINAL = 60
    TEXT = 61
    TOGGLE_BUTTON = 62
    WINDOW = 69
    APPLICATION = 75
    ENTRY = 79
    DOCUMENT_FRAME = 82
    HEADING = 83
    LINK = 88
    TREE_ITEM = 91
    DOCUMENT_SPREADSHEET = 92
    DOCUMENT_PRESENTATION = 93
    DOCUMENT_TEXT = 94
    DOCUMENT_WEB = 95
    DOCUMENT_EMAIL = 96
    LEVEL_BAR = 103
    RATING = 114
    STATIC = 116
    SUBSCRIPT = 119
    SUPERSCRIPT = 120
    MARK = 127
    BUTTON_MENU = 129
    SWITCH = 130


class State(IntEnum):
    """The bits of `Accessibles.states`."""

    ACTIVE = 1
    BUSY = 3
    CHECKED = 4
    DEFUNCT = 6
    EDITABLE = 7
    ENABLED = 8
    EXPANDABLE = 9
    EXPANDED = 10
    FOCUSED = 12
    PRESSED = 20
    SELECTABLE = 22
    SELECTED = 23
    SENSITIVE = 24
    SHOWING = 25
    INDETERMINATE = 32
    REQUIRED = 33
    INVALID_ENTRY = 36
    VISITED = 40
    READ_ONLY = 43

    def is_in(self, states: int) -> bool:
        """Whether it is one of them."""
        return bool(states >> self & 1)


# Names as people know them. For other roles, the program's own name is used.
ROLE_NAMES: dict[int, str] = {
    2: QT_TRANSLATE_NOOP("controls", "alert"),
    Role.CHECK_BOX: QT_TRANSLATE_NOOP("controls", "check box"),
    Role.CHECK_MENU_ITEM: QT_TRANSLATE_NOOP("controls", "menu item"),
    Role.COLUMN_HEADER: QT_TRANSLATE_NOOP("controls", "column header"),
    Role.COMBO_BOX: QT_TRANSLATE_NOOP("controls", "drop-down list"),
    Role.DIAL: QT_TRANSLATE_NOOP("controls", "dial"),
    16: QT_TRANSLATE_NOOP("controls", "dialog"),
    Role.FRAME: QT_TRANSLATE_NOOP("controls", "window"),
    Role.ICON: QT_TRANSLATE_NOOP("controls", "icon"),
    Role.IMAGE: QT_TRANSLATE_NOOP("controls", "image"),
    Role.LABEL: "",  # its text says it all
    31: QT_TRANSLATE_NOOP("controls", "list"),
    Role.LIST_ITEM: QT_TRANSLATE_NOOP("controls", "list item"),
    Role.MENU: QT_TRANSLATE_NOOP("controls", "menu"),
    34: QT_TRANSLATE_NOOP("controls", "menu bar"),
    Role.MENU_ITEM: QT_TRANSLATE_NOOP("controls", "menu item"),
    Role.PAGE_TAB: QT_TRANSLATE_NOOP("controls", "tab"),
    Role.PASSWORD: QT_TRANSLATE_NOOP("controls", "password field"),
    Role.PROGRESS_BAR: QT_TRANSLATE_NOOP("controls", "progress bar"),
    Role.BUTTON: QT_TRANSLATE_NOOP("controls", "button"),
    Role.RADIO_BUTTON: QT_TRANSLATE_NOOP("controls", "radio button"),
    Role.RADIO_MENU_ITEM: QT_TRANSLATE_NOOP("controls", "menu item"),
    Role.ROW_HEADER: QT_TRANSLATE_NOOP("controls", "row header"),
    Role.SCROLL_BAR: QT_TRANSLATE_NOOP("controls", "scroll bar"),
    Role.SLIDER: QT_TRANSLATE_NOOP("controls", "slider"),
    Role.SPIN_BUTTON: QT_TRANSLATE_NOOP("controls", "number field"),
    55: QT_TRANSLATE_NOOP("controls", "table"),
    Role.TABLE_CELL: QT_TRANSLATE_NOOP("controls", "cell"),
    Role.TABLE_COLUMN_HEADER: QT_TRANSLATE_NOOP("controls", "column header"),
    Role.TABLE_ROW_HEADER: QT_TRANSLATE_NOOP("controls", "row header"),
    Role.TERMINAL: QT_TRANSLATE_NOOP("controls", "terminal"),
    Role.TEXT: QT_TRANSLATE_NOOP("controls", "text field"),
    Role.TOGGLE_BUTTON: QT_TRANSLATE_NOOP("controls", "toggle button"),
    65: QT_TRANSLATE_NOOP("controls", "tree"),
    66: QT_TRANSLATE_NOOP("controls", "tree"),
    69: QT_TRANSLATE_NOOP("controls", "window"),
    Role.ENTRY: QT_TRANSLATE_NOOP("controls", "text field"),
    Role.HEADING: QT_TRANSLATE_NOOP("controls", "heading"),
    Role.LINK: QT_TRANSLATE_NOOP("controls", "link"),
    Role.TREE_ITEM: QT_TRANSLATE_NOOP("controls", "tree item"),
    Role.DOCUMENT_WEB: QT_TRANSLATE_NOOP("controls", "web page"),
    Role.LEVEL_BAR: QT_TRANSLATE_NOOP("controls", "level bar"),
    Role.STATIC: "",
    Role.BUTTON_MENU: QT_TRANSLATE_NOOP("controls", "button"),
    Role.SWITCH: QT_TRANSLATE_NOOP("controls", "switch"),
}

# Controls that can be checked, with the words for both states.
CHECKED_NAMES: dict[int, tuple[str, str]] = {
    **dict.fromkeys(
        (Role.CHECK_BOX, Role.CHECK_MENU_ITEM),
        (QT_TRANSLATE_NOOP("controls", "checked"), QT_TRANSLATE_NOOP("controls", "not checked")),
    ),
    **dict.fromkeys(
        (Role.RADIO_BUTTON, Role.RADIO_MENU_ITEM),
        (QT_TRANSLATE_NOOP("controls", "selected"), QT_TRANSLATE_NOOP("controls", "not selected")),
    ),
    Role.TOGGLE_BUTTON: (QT_TRANSLATE_NOOP("controls", "pressed"), QT_TRANSLATE_NOOP("controls", "not pressed")),
    Role.SWITCH: (QT_TRANSLATE_NOOP("controls", "on"), QT_TRANSLATE_NOOP("controls", "off")),
}
PARTLY_CHECKED = QT_TRANSLATE_NOOP("controls", "partially checked")
EXPANDED = QT_TRANSLATE_NOOP("controls", "expanded")
COLLAPSED = QT_TRANSLATE_NOOP("controls", "collapsed")

# The words for other states, in the order in which they are said.
STATE_NAMES = {
    State.SELECTED: QT_TRANSLATE_NOOP("controls", "selected"),
    State.VISITED: QT_TRANSLATE_NOOP("controls", "visited"),
    State.READ_ONLY: QT_TRANSLATE_NOOP("controls", "read-only"),
    State.REQUIRED: QT_TRANSLATE_NOOP("controls", "required"),
    State.INVALID_ENTRY: QT_TRANSLATE_NOOP("controls", "not valid"),
    State.BUSY: QT_TRANSLATE_NOOP("controls", "busy"),
}

# What the user acts on rather than reads: described, even if it has a text.
CONTROLS = frozenset(
    {
        *CHECKED_NAMES,
        *(Role.COLUMN_HEADER, Role.ROW_HEADER, Role.TABLE_COLUMN_HEADER, Role.TABLE_ROW_HEADER, Role.TABLE_CELL),
        *(Role.COMBO_BOX, Role.DIAL, Role.ICON, Role.LINK, Role.LIST_ITEM, Role.TREE_ITEM, Role.MENU, Role.MENU_ITEM),
        *(Role.PAGE_TAB, Role.PROGRESS_BAR, Role.BUTTON, Role.BUTTON_MENU, Role.SCROLL_BAR, Role.SLIDER),
        *(Role.SPIN_BUTTON, Role.LEVEL_BAR, Role.RATING),
    }
)
# Items in a group of their kind, whose position is said.
ITEMS = frozenset(
    {
        *(Role.LIST_ITEM, Role.TREE_ITEM, Role.PAGE_TAB, Role.MENU_ITEM, Role.CHECK_MENU_ITEM, Role.RADIO_MENU_ITEM),
        *(Role.MENU, Role.RADIO_BUTTON),
    }
)
CELLS = frozenset({Role.TABLE_CELL, Role.COLUMN_HEADER, Role.ROW_HEADER})
# Controls whose description includes a number.
RANGES = frozenset(
    {Role.SLIDER, Role.SPIN_BUTTON, Role.DIAL, Role.SCROLL_BAR, Role.PROGRESS_BAR, Role.LEVEL_BAR, Role.RATING}
)
FIELDS = frozenset({Role.TEXT, Role.ENTRY, Role.TERMINAL})
