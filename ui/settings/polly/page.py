"""The page: its sections in order, and the connections between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from reader.core import polly
from reader.core.app import App
from reader.errors import HarkenError
from reader.flow import Event, ReadingEnded, SettingChanged
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.page import SettingsPage
from ui.settings.polly.account import AccountSection
from ui.settings.polly.aws_keys import KeysSection
from ui.settings.polly.check import CheckSection
from ui.settings.polly.voices import VoicesSection
from ui.settings.section import ReportField, Section

if TYPE_CHECKING:
    from reader.core.polly import Spent

_ACCOUNT = ("polly.profile", "polly.source", "polly.region")


class PollyPage(SettingsPage):
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(Page.POLLY, bridge)
        self._is_fresh = False
        bridge.started.connect(self._refresh_if_shown)

    def build(self) -> None:
        self._privacy = self.add_paragraph("")
        self.account = AccountSection(self.bridge, self.inside)
        self.fields["polly.profile"] = self.fields["polly.source"] = self.account.source
        self.keys = KeysSection(self.bridge, self.inside)
        self.check = CheckSection(self.bridge, self.inside)
        self.fields["polly.region"] = self.check.region
        self.voices = VoicesSection(self.bridge, self.inside)
        self.spending = SpendingSection(self.bridge, self.inside)
        for widget in (self.account, self.keys, self.check, self.voices, self.spending):
            self.rows.addWidget(widget)
        limit = self.add_field("polly.monthly_limit")
        self.spending.rows.addWidget(limit)  # from the end of the page
        self.add_settings()
        self.keys.changed.connect(self.account.look)
        self.check.found.connect(self.account.show_report)
        self.check.listed.connect(self.voices.show_voices)
        self._follow_voice()

    def on_event(self, event: Event) -> None:
        super().on_event(event)
        if isinstance(event, SettingChanged):
            if event.key == "polly.monthly_limit":
                self.spending.refresh()
            if event.key in _ACCOUNT:
                self._follow_account()
            if event.key == "voice.id":
                self._follow_voice()
                self.voices.follow()
        elif isinstance(event, ReadingEnded) and self.isVisible():
            self.spending.refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Check what may have changed meanwhile."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Drop keys that were typed but not stored."""
        super().hideEvent(event)
        self.keys.forget_typed()

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        """Query what is known on this computer; the account only if it is already in use."""
        self.account.refresh()
        self.keys.refresh()
        self.check.region.refresh()
        self.spending.refresh()
        if self._is_chosen and not self._is_fresh:
            self._is_fresh = True
            self.account.look()
            self.voices.ask()

    @property
    def _is_chosen(self) -> bool:
        return polly.is_polly(self.bridge.settings.text("voice.id"))

    def _follow_account(self) -> None:
        """The account or region has changed. If it was searched for before, search again."""
        self.account.source.follow()
        self.voices.forget()
        if self.account.is_asked and self.isVisible():
            self.account.look()

    def _follow_voice(self) -> None:
        if self._is_chosen:
            text = translate("ui", "An Amazon Polly voice is chosen: the text it reads aloud is sent to Amazon.")
        else:
            text = translate("ui", "No Amazon Polly voice is chosen, so none of your text is sent to Amazon.")
        more = translate("ui", "Its voices need an AWS account. Amazon bills each character spoken.")
        self._privacy.setText(f"{text} {more}")


class SpendingSection(Section):
    """What was spent this month, and the limit."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Used this month"), parent)
        self._bridge = bridge
        self.report = ReportField(translate("ui", "Characters this month"), self)
        self.rows.addWidget(self.report)

    def refresh(self) -> None:
        """Read the recorded amounts."""

        async def spent(app: App) -> Spent:
            return await polly.spent(app)

        self._bridge.ask(spent, self._show)

    def _show(self, spent: Spent | HarkenError) -> None:
        if isinstance(spent, HarkenError):
            self.report.show_lines([spent.sentence])
            return
        lines = [translate("ui", "Amazon has billed %Ln character(s).", None, spent.billed)]
        if spent.counted:
            cut_off = translate(
                "ui",
                "Up to %Ln more character(s) were sent for readings that you stopped. Amazon does not say how "
                "many of these it bills.",
                None,
                spent.counted,
            )
            lines.append(cut_off)
        if limit := round(self._bridge.settings.number("polly.monthly_limit")):
            left = limit - spent.billed - spent.counted
            if left > 0:
                lines.append(translate("ui", "%Ln character(s) are left of the monthly limit.", None, left))
            else:
                lines.append(
                    translate("ui", "The monthly limit has been reached. A voice on this computer reads instead.")
                )
        self.report.show_lines(lines)
