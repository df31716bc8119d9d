"""“Save as sound…”: asks for a file, has the current text written to it, and shows progress. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QDir, QObject, QProcess, QProcessEnvironment, QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QProgressBar, QProgressDialog, QWidget

from reader.core import saving
from reader.core.app import App
from reader.core.saving import SUFFIXES, TextToSave
from reader.desktop.launch import command
from reader.errors import HarkenError
from reader.flow import Notice
from reader.support import foreign
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.file_dialog import make_room
from ui.raise_window import bring_to_front

# A process that is told to stop first removes its incomplete file.
_END_LIMIT_MS = 3000
_ERROR = "harken: "
_WIDTH_PX = 400


class Saving(QObject):
    """Saves one file at a time."""

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._dialog: QFileDialog | None = None
        self._job: _Job | None = None
        self._folder = ""  # that of the last file saved

    def open(self) -> None:
        """Ask for the file; if one is being saved, show its progress."""
        if self._job:
            bring_to_front(self._job.dialog)
        elif self._dialog:
            bring_to_front(self._dialog)
        else:
            self._bridge.ask(_text, self._ask)

    def _ask(self, what: TextToSave | HarkenError) -> None:
        if isinstance(what, HarkenError):
            self._bridge.tell_refusal(what)
            return
        self._dialog = dialog = QFileDialog(self._window, translate("ui", "Save as sound"), self._begin_in())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        filters = {f"{name.upper()} (*{suffix})": suffix for name, suffix in SUFFIXES.items()}
        dialog.setNameFilters(list(filters))
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(filters[chosen]))
        dialog.setDefaultSuffix(next(iter(filters.values())))
        dialog.selectFile(what.name)
        dialog.fileSelected.connect(lambda path: self._save(what, path))
        make_room(dialog)
        dialog.finished.connect(self._forget)
        bring_to_front(dialog)

    def _begin_in(self) -> str:
        music = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.MusicLocation)
        return self._folder or (music if QDir(music).exists() else QDir.homePath())

    def _forget(self) -> None:
        if self._dialog:
            self._folder = self._dialog.directory().absolutePath()
            self._dialog.deleteLater()
            self._dialog = None

    def _save(self, what: TextToSave, path: str) -> None:
        self._job = _Job(what, path, self._window)
        self._job.told.connect(self._on_end)
        self._job.start()

    @Slot(str, bool)
    def _on_end(self, sentence: str, is_problem: bool) -> None:
        if self._job:
            self._job.deleteLater()
            self._job = None
        self._bridge.tell(Notice(0, sentence, is_problem=is_problem, is_answer=True, is_passing=True))

    def stop(self) -> None:
        """Harken is quitting: stop saving and clean up."""
        if self._job:
            self._job.stop()


class _Job(QObject):
    """A file being written by its own process, and the display of its progress."""

    # It has ended: the sentence for the user, and whether that reports a problem.
    told = Signal(str, bool)

    def __init__(self, what: TextToSave, path: str, window: QWidget) -> None:
        super().__init__(window)
        self._what = what
        self._path = path
        self._is_cancelled = False
        label = translate("ui", "Saving {file}…").format(file=foreign.shown(path.rpartition("/")[2]))
        self.dialog = QProgressDialog(label, translate("ui", "&Cancel"), 0, 0, window)
        self.dialog.setWindowTitle(translate("ui", "Save as sound"))
        self.dialog.setMinimumWidth(_WIDTH_PX)
        self.dialog.setAutoClose(False)
        self.dialog.setAutoReset(False)
        self.dialog.setMinimumDuration(0)
        if bar := self.dialog.findChild(QProgressBar):
            bar.setAccessibleName(label)
        self.dialog.canceled.connect(self._cancel)
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.remove("HARKEN_RECORD")  # meant for the running Harken
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._show)
        self._process.finished.connect(self._on_end)
        self._process.errorOccurred.connect(self._on_error)

    def start(self) -> None:
        """Begin."""
        self.dialog.show()
        program, *before = command()
        self._process.start(program, [*before, *saving.arguments(self._what, self._path)])
        if not self._what.path:
            self._process.write(self._what.text.encode("utf-8", "replace"))
        self._process.closeWriteChannel()

    def stop(self) -> None:
        """Stop it, and wait until it has cleaned up."""
        self._is_cancelled = True
        self._process.terminate()
        if not self._process.waitForFinished(_END_LIMIT_MS):
            self._process.kill()

    @Slot()
    def _cancel(self) -> None:
        self._is_cancelled = True
        self._process.terminate()

    @Slot()
    def _show(self) -> None:
        told = bytes(self._process.readAllStandardOutput().data()).split()
        if told and told[-1].removesuffix(b"%").isdigit():
            self.dialog.setMaximum(100)
            self.dialog.setValue(int(told[-1].removesuffix(b"%")))

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(translate("ui", "Harken could not start saving. Try again, or restart Harken."), is_problem=True)

    @Slot(int)
    def _on_end(self, code: int) -> None:
        file = foreign.shown(self._path)
        if self._is_cancelled and code:
            self._end(translate("ui", "Saving was cancelled, and no file was written."))
        elif code:
            told = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").splitlines()
            reasons = [line.removeprefix(_ERROR) for line in told if line.startswith(_ERROR)]
            unknown = translate("ui", "{file} could not be saved. Run “harken doctor” to find the log.")
            self._end(reasons[-1] if reasons else unknown.format(file=file), is_problem=True)
        elif self._what.is_part:
            sentence = translate(
                "ui", "Saved in {file}: the part of the text that had arrived when you chose to save it."
            )
            self._end(sentence.format(file=file))
        else:
            self._end(translate("ui", "Saved in {file}.").format(file=file))

    def _end(self, sentence: str, *, is_problem: bool = False) -> None:
        self.dialog.canceled.disconnect(self._cancel)
        self.dialog.close()
        self.dialog.deleteLater()
        self.told.emit(sentence, is_problem)


async def _text(app: App) -> TextToSave:
    return saving.text_to_save(app)
