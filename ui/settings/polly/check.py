"""The connection check: which account answers, what it may do, and a voice to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

import reader.core.polly
from reader.core.app import App
from reader.core.samples import sample
from reader.credentials.account import AccountReport
from reader.errors import HarkenError
from reader.flow import Voice
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.polly.names import described
from ui.settings.polly.region import RegionField
from ui.settings.section import ReportField, Section

if TYPE_CHECKING:
    from reader.core.polly import Examination, Heard


class CheckSection(Section):
    """The region, and the check in three steps, each shown when done; it stops at the first failure. GUI thread."""

    # The result of the search for the account, for the section that shows it.
    found = Signal(object)
    # The account's voices.
    listed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Connection"), parent)
        self._bridge = bridge
        self._lines: list[str] = []
        self.region = RegionField(bridge, self)
        self.rows.addWidget(self.region)
        text, _ = sample("en")
        cost = translate(
            "ui",
            "A voice says a sentence of about %n character(s), which Amazon bills; the rest is free.",
            None,
            len(text),
        )
        self.add_text(cost)
        self.button = QPushButton(translate("ui", "Check the co&nnection"), self)
        self.button.setAccessibleDescription(cost)
        self.button.clicked.connect(self.start)
        self.add_buttons(self.button)
        self.report = ReportField(translate("ui", "Result of the check"), self)
        self.report.hide()
        self.rows.addWidget(self.report)

    def start(self) -> None:
        """Begin with the first step."""
        self._lines = []
        self.report.show()
        self.bring(self.report)  # the button is about to be disabled
        self.button.setEnabled(False)
        self._wait(translate("ui", "1. Looking for the account…"))
        self._bridge.ask(lambda app: app.find_account(), self._account_found)

    def _account_found(self, found: AccountReport | HarkenError) -> None:
        if isinstance(found, HarkenError):
            self._fail(translate("ui", "1. Account: {sentence}").format(sentence=found.sentence))
            return
        self.found.emit(found)
        if not found.account:
            self._fail(translate("ui", "1. Account: {sentence}").format(sentence=found.problem))
            return
        answered = translate("ui", "1. Account: {source}, access key {ending}, region {region}, {endpoint}")
        account = found.account
        self._done(
            answered.format(
                source=account.source,
                ending=account.key_ending,
                region=account.region,
                endpoint=account.endpoint,
            )
        )
        self._wait(translate("ui", "2. Checking what the account may do…"))
        self._bridge.ask(reader.core.polly.examine, self._examined)

    def _examined(self, examination: Examination | HarkenError) -> None:
        if isinstance(examination, HarkenError):
            self._fail(translate("ui", "2. Permissions: {sentence}").format(sentence=examination.sentence))
            return
        lines = []
        for check in examination.checks:
            if not check.is_allowed:
                row = translate("ui", "Not possible: {what} ({operation}): {why}")
            elif check.why:
                row = translate("ui", "Allowed, but: {what} ({operation}): {why}")
            else:
                row = translate("ui", "Allowed: {what} ({operation})")
            lines.append(row.format(what=_purpose(check.operation), operation=check.operation, why=check.why))
        self._done(translate("ui", "2. Permissions:"), *lines, *examination.refused_formats)
        if not any(check.is_allowed for check in examination.checks[1:]):
            self._fail(translate("ui", "3. A voice: not tried, because the account is not allowed to use one."))
            return
        self._wait(translate("ui", "3. Getting the voices…"))
        self._bridge.ask(reader.core.polly.voices, self._voices_listed)

    def _voices_listed(self, voices: list[Voice] | HarkenError) -> None:
        if isinstance(voices, HarkenError):
            self._fail(translate("ui", "3. A voice: {sentence}").format(sentence=voices.sentence))
            return
        self.listed.emit(voices)
        self._wait(translate("ui", "3. A voice speaks…"))

        async def hear(app: App) -> tuple[Voice, Heard]:
            voice = reader.core.polly.voice_to_try(app, voices)
            return voice, await reader.core.polly.hear(app, voice)

        self._bridge.ask(hear, self._voice_heard)

    def _voice_heard(self, answer: tuple[Voice, Heard] | HarkenError) -> None:
        if isinstance(answer, HarkenError):
            self._fail(translate("ui", "3. A voice: {sentence}").format(sentence=answer.sentence))
            return
        voice, heard = answer
        if not heard.is_whole:
            self._fail(translate("ui", "3. A voice: {voice} was stopped.").format(voice=described(voice)))
            return
        spoke = translate("ui", "3. A voice: {voice} spoke %n character(s).", None, heard.characters)
        self._done(spoke.format(voice=described(voice)))
        self._end(translate("ui", "Everything works."))

    # ---- what is shown ----

    def _wait(self, line: str) -> None:
        self.report.show_lines([*self._lines, line])
        self.say(line)

    def _done(self, *lines: str) -> None:
        self._lines += lines
        self.say(" ".join(lines))

    def _fail(self, line: str) -> None:
        self._done(line)
        self._end(translate("ui", "The check stops here: Amazon Polly can't be used like this."))

    def _end(self, line: str) -> None:
        self._done(line)
        self.report.show_lines(self._lines)
        self.reveal(self.report)
        self.button.setEnabled(True)


def _purpose(operation: str) -> str:
    return {
        "DescribeVoices": translate("ui", "list the voices"),
        "StartSpeechSynthesisStream": translate("ui", "stream speech"),
        "SynthesizeSpeech": translate("ui", "speak sentence by sentence"),
    }.get(operation, operation)
