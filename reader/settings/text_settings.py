"""The settings for what is read of a text. Their values are those of reader/text/choices.py.

A sample is a text in which the setting can be heard. “{page_end}” in it stands for the end of a printed page, which
translation files can't contain.
"""

from __future__ import annotations

from reader.settings.setting import Page, choice, switch
from reader.support.i18n import QT_TRANSLATE_NOOP

PAGE_END = "{page_end}"
_READ = QT_TRANSLATE_NOOP("settings", "Read them")
_NONE = QT_TRANSLATE_NOOP("settings", "Leave them out")

TEXT = (
    choice(
        "text.addresses",
        "whole",
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Web addresses"),
        QT_TRANSLATE_NOOP("settings", "In example.com/a/b, the site's name is example.com."),
        (
            ("whole", QT_TRANSLATE_NOOP("settings", "Read them in full")),
            ("host", QT_TRANSLATE_NOOP("settings", "Read the site's name")),
            ("link", QT_TRANSLATE_NOOP("settings", "Say “link”")),
        ),
        QT_TRANSLATE_NOOP("settings", "The guide is at https://www.example.com/books/guide.html, in three languages."),
    ),
    choice(
        "text.code",
        "read",
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Code blocks"),
        QT_TRANSLATE_NOOP("settings", "In Markdown, between lines of ```."),
        (
            ("read", _READ),
            ("name", QT_TRANSLATE_NOOP("settings", "Say “code”")),
            ("none", _NONE),
        ),
        QT_TRANSLATE_NOOP("settings", "Type this line:\n```\nharken settings list\n```\nThen press Enter."),
    ),
    choice(
        "text.footnotes",
        "inline",
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Footnote marks"),
        QT_TRANSLATE_NOOP("settings", "Small raised numbers, and numbers in square brackets."),
        (
            ("inline", QT_TRANSLATE_NOOP("settings", "Leave out raised ones")),
            ("read", _READ),
            ("none", _NONE),
        ),
        QT_TRANSLATE_NOOP("settings", "This was found early.¹ Later it was shown again.[2]"),
    ),
    choice(
        "text.emoji",
        "name",
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Emoji"),
        QT_TRANSLATE_NOOP("settings", "If the same one comes several times in a row, it is named only once."),
        (
            ("name", QT_TRANSLATE_NOOP("settings", "Say their names")),
            ("first", QT_TRANSLATE_NOOP("settings", "Name only the first of several")),
            ("none", _NONE),
        ),
        QT_TRANSLATE_NOOP("settings", "Well done 🎉😀👍, see you soon."),
    ),
    choice(
        "text.repeats",
        "each",
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Repeated symbols"),
        QT_TRANSLATE_NOOP("settings", "Such as %%%%. Lines such as ----- are never read."),
        (
            ("each", QT_TRANSLATE_NOOP("settings", "Read each")),
            ("once", QT_TRANSLATE_NOOP("settings", "Read one of them")),
            ("none", _NONE),
        ),
        QT_TRANSLATE_NOOP("settings", "The prices are good %%%% in this shop."),
    ),
    choice(
        "text.pages",
        "between",
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Page numbers and running heads"),
        QT_TRANSLATE_NOOP("settings", "In texts with pages, at each page break."),
        (
            ("between", QT_TRANSLATE_NOOP("settings", "Read only between sentences")),
            ("read", _READ),
            ("none", _NONE),
        ),
        QT_TRANSLATE_NOOP(
            "settings",
            "The Garden\nA page may end in the\n12{page_end}middle of a sentence.\n13{page_end}The Garden\nIt grows.",
        ),
    ),
    switch(
        "text.brackets",
        True,
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Read text in brackets"),
        QT_TRANSLATE_NOOP("settings", "Otherwise (this) and [this] are left out."),
        QT_TRANSLATE_NOOP("settings", "The guide (which has pictures) is short."),
    ),
    switch(
        "text.marks",
        False,
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Read Markdown marks"),
        QT_TRANSLATE_NOOP("settings", "Marks such as ** and # by name, and the addresses behind links."),
        QT_TRANSLATE_NOOP("settings", "This is **important**, says [the guide](https://example.com/guide)."),
    ),
    switch(
        "text.thoughts",
        False,
        Page.TEXT,
        QT_TRANSLATE_NOOP("settings", "Read the thoughts of language models"),
        QT_TRANSLATE_NOOP("settings", "Anything between <think> and </think> before an answer."),
        QT_TRANSLATE_NOOP("settings", "<think>The question is two plus two.</think>It is four."),
    ),
)
