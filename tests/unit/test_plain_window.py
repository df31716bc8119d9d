"""What all of Harken's windows have in common, and what it does to Qt's dialog for files."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QFileDialog, QHeaderView, QLabel, QTreeView, QVBoxLayout

from ui.file_dialog import make_room
from ui.plain_window import PlainWindow
from ui.settings.wrapping import WrappingRow


def test_a_window_is_one_to_screen_readers(qt: QApplication) -> None:
    window = PlainWindow()
    window.setWindowTitle("Harken")
    QVBoxLayout(window.content).addWidget(QLabel("Text"))
    window.show()
    told = QAccessible.queryAccessibleInterface(window)
    assert told is not None
    assert told.role() is QAccessible.Role.Window
    assert told.text(QAccessible.Text.Name) == "Harken"


def test_the_dialog_for_files_shows_sizes_and_dates_whole(qt: QApplication) -> None:
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    make_room(dialog)
    files = dialog.findChild(QTreeView, "treeView")
    assert files is not None
    modes = [files.header().sectionResizeMode(column) for column in range(files.header().count())]
    assert modes == [QHeaderView.ResizeMode.Stretch] + [QHeaderView.ResizeMode.ResizeToContents] * (len(modes) - 1)


def test_a_row_has_low_things_in_the_middle_of_high_ones(qt: QApplication) -> None:
    window = PlainWindow()
    low, high = QLabel("low"), QLabel("high")
    low.setFixedSize(50, 10)
    high.setFixedSize(50, 30)
    row = WrappingRow()
    for label in (low, high):
        row.addWidget(label)
    rows = QVBoxLayout(window.content)
    rows.addLayout(row)
    window.show()
    qt.processEvents()
    assert low.geometry().center().y() == high.geometry().center().y()
