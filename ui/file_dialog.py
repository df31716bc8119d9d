"""Adjusts Qt's file dialog, for desktops without their own. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog, QHeaderView, QTreeView

from reader.support.i18n import translate

_SIZE = QSize(800, 500)


def make_room(dialog: QFileDialog) -> None:
    """Make it wide enough for names, sizes, types and dates, which it would cut off."""
    files = dialog.findChild(QTreeView, "treeView")
    if files is None:  # it is the desktop's own dialog
        return
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, translate("ui", "&Look in:"))  # which Qt has in few languages
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, translate("ui", "Files of &type:"))
    dialog.resize(_SIZE.boundedTo(dialog.screen().availableSize()))
    header = files.header()
    header.setStretchLastSection(False)
    for column in range(header.count()):
        mode = QHeaderView.ResizeMode.ResizeToContents if column else QHeaderView.ResizeMode.Stretch
        header.setSectionResizeMode(column, mode)
