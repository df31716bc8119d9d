"""The menu entry for a crash report. Visible while there is a report; a crash is announced once."""

from __future__ import annotations

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QAction, QDesktopServices

from reader.flow import Notice
from reader.settings.paths import crash_folder, shown
from reader.support.crashes import reports, untold
from reader.support.i18n import translate
from ui.bridge import Bridge


class CrashReport(QAction):
    """GUI thread."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(translate("ui", "Show &crash report…"), parent)
        self._bridge = bridge
        self.triggered.connect(self._open)
        self.setVisible(bool(reports(crash_folder())))

    def tell(self) -> None:
        """Announce a crash that has not been announced yet."""
        if report := untold(crash_folder()):
            sentence = translate(
                "ui",
                ("Harken crashed last time. A report without any of your text is in {file}. It was not sent anywhere."),
            )
            self._bridge.tell(Notice(0, sentence.format(file=shown(report)), is_problem=False))

    @Slot()
    def _open(self) -> None:
        """Show it in the user's own editor, or its path if there is none."""
        found = reports(crash_folder())
        self.setVisible(bool(found))  # the user may have removed them
        if found and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(found[-1]))):
            sentence = translate("ui", "No program here can open the report. It is in {file}.")
            self._bridge.tell(Notice(0, sentence.format(file=shown(found[-1])), is_problem=False))
