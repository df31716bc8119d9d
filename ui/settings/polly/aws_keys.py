"""Keys typed by the user: stored in the system's keyring, shown as their last characters, removed with a button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from reader.core.app import App
from reader.credentials.account import Kept, Keyring
from reader.errors import HarkenError
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.section import ReportField, Section


class KeysSection(Section):
    """What the keyring holds of Harken's. GUI thread."""

    # Keys were stored or removed.
    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Keys for Harken"), parent)
        self._bridge = bridge
        self._has_keys = False  # the keyring's last answer
        self.report = ReportField(translate("ui", "Keyring"), self)
        self.rows.addWidget(self.report)
        self.remove = QPushButton(translate("ui", "&Remove from the keyring"), self)
        self.remove.clicked.connect(self._remove)
        self.ask_again = QPushButton(translate("ui", "Check the ke&yring again"), self)
        self.ask_again.clicked.connect(self._ask_again)
        self.add_buttons(self.remove)
        self.add_buttons(self.ask_again)
        self.access_key, self.secret_key, self.token = (QLineEdit(self) for _ in range(3))
        for line in (self.access_key, self.secret_key, self.token):
            line.returnPressed.connect(self._keep)
        for line in (self.secret_key, self.token):
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText(translate("ui", "Only for temporary keys"))
        self.add_fields(
            (translate("ui", "&Access key:"), translate("ui", "Access key"), self.access_key),
            (translate("ui", "&Secret key:"), translate("ui", "Secret key"), self.secret_key),
            (translate("ui", "Session &token:"), translate("ui", "Session token"), self.token),
        )
        self.keep = QPushButton(translate("ui", "St&ore in the keyring"), self)
        self.keep.clicked.connect(self._keep)
        self.add_buttons(self.keep)
        self._allow(may_keep=False, may_remove=False)
        self.report.show_lines([_asking()])

    def refresh(self) -> None:
        """Check what the keyring holds, without asking for its password."""
        self.report.show_lines([_asking()])
        self._bridge.ask(lambda app: app.credentials.kept(), self._show)

    def forget_typed(self) -> None:
        """Clear the fields."""
        for line in (self.access_key, self.secret_key, self.token):
            line.clear()

    # ---- what the buttons do ----

    def _ask_again(self) -> None:
        def answered(kept: Kept | HarkenError) -> None:
            self._show(kept)
            self.say(self.report.toPlainText())

        self._tell([_asking()])
        self._bridge.ask(lambda app: app.credentials.kept(), answered)

    def _keep(self) -> None:
        keys = tuple(line.text().strip() for line in (self.access_key, self.secret_key, self.token))

        async def keep(app: App) -> Kept:
            await app.credentials.save(*keys)
            app.renew_account()
            return await app.credentials.kept()

        self._wait()
        self._bridge.ask(keep, self._kept)

    def _kept(self, kept: Kept | HarkenError) -> None:
        if isinstance(kept, HarkenError):
            self._tell([kept.sentence, *self._other_ways()])
            self._allow(may_keep=True, may_remove=self._has_keys)
            self.bring(self.access_key)
            return
        self.forget_typed()
        self._show(kept)
        self.say(self.report.toPlainText())
        self.bring(self.remove)
        self.changed.emit()

    def _remove(self) -> None:
        async def forget(app: App) -> Kept:
            await app.credentials.forget()
            app.renew_account()
            return await app.credentials.kept()

        self._wait()
        self._bridge.ask(forget, self._removed)

    def _removed(self, kept: Kept | HarkenError) -> None:
        self._show(kept)
        self.say(self.report.toPlainText())
        if isinstance(kept, Kept):
            self.bring(self.access_key)
            self.changed.emit()

    # ---- what is shown ----

    def _wait(self) -> None:
        self.bring(self.report)  # the buttons are about to be disabled, and would lose the focus
        self._allow(may_keep=False, may_remove=False)
        self._tell([_asking()])

    def _tell(self, lines: list[str]) -> None:
        self.report.show_lines(lines)
        self.say(" ".join(lines))

    def _show(self, kept: Kept | HarkenError) -> None:
        if isinstance(kept, HarkenError):
            self.report.show_lines([kept.sentence, *self._other_ways()])
            self._allow(may_keep=False, may_remove=False, may_ask=True)
        elif kept.keyring is Keyring.NONE:
            self.report.show_lines([_none(kept.why), *self._other_ways()])
            self._allow(may_keep=False, may_remove=False, may_ask=True)
        else:
            self.report.show_lines(_has(kept))
            self._has_keys = kept.keyring is Keyring.HAS_KEYS
            self._allow(may_keep=True, may_remove=self._has_keys, may_ask=kept.is_locked)

    def _other_ways(self) -> list[str]:
        return [
            translate("ui", "Harken never writes keys to a plain file."),
            translate(
                "ui",
                "Without a keyring, choose a profile from ~/.aws above, or start Harken with the variables "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            ),
        ]

    def _allow(self, *, may_keep: bool, may_remove: bool, may_ask: bool = False) -> None:
        for widget in (self.access_key, self.secret_key, self.token, self.keep):
            widget.setEnabled(may_keep)
        self.remove.setVisible(may_remove)
        self.ask_again.setVisible(may_ask)


def _asking() -> str:
    return translate("ui", "Checking the keyring…")


def _none(why: str) -> str:
    return translate("ui", "There is no keyring here to keep keys in: {why}.").format(why=why)


def _has(kept: Kept) -> list[str]:
    """What an available keyring holds."""
    if kept.keyring is Keyring.EMPTY:
        lines = [translate("ui", "The keyring has none of your keys.")]
        if kept.is_locked:
            lines.append(translate("ui", "It is locked: the system asks for its password when you store keys there."))
        return lines
    if kept.is_locked:
        return [
            translate("ui", "The keyring has your keys."),
            translate("ui", "It is locked: the system asks for its password when Harken needs them."),
        ]
    if not kept.key_ending:
        return [translate("ui", "Harken's entry in the keyring is damaged. Remove it, or enter your keys again.")]
    return [translate("ui", "The keyring has your keys: access key {ending}.").format(ending=kept.key_ending)]
