"""Which account is used: the choice of a source, which one has keys now, and why the others do not."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from reader.credentials.account import Account, AccountReport, Places, Profile
from reader.errors import HarkenError
from reader.settings.schema import SETTINGS
from reader.settings.setting import Value
from reader.support.i18n import QT_TRANSLATE_NOOP, translate
from ui.bridge import Bridge
from ui.settings.field import Field
from ui.settings.section import ReportField, Section

_ENVIRONMENT, _KEYRING, _PROFILE = "source:environment", "source:keyring", "profile:"
_SETTING = replace(
    SETTINGS["polly.profile"],
    label=QT_TRANSLATE_NOOP("settings", "Source of AWS keys"),
    summary=QT_TRANSLATE_NOOP(
        "settings", "Automatic uses the first source that has keys. A source you choose is the only one used."
    ),
)


class SourceField(Field):
    """The settings polly.profile and polly.source as one choice."""

    # The source has changed.
    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(_SETTING, bridge, parent)
        self._places = Places((), "")
        self.box = QComboBox(self)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.box.activated.connect(lambda index: self.change(self.box.itemData(index)))
        self.place(self.box)

    def show_places(self, places: Places) -> None:
        """Offer these profiles, and show whether the environment has keys."""
        self._places = places
        self.box.clear()
        self.follow()

    @property
    def value(self) -> Value:
        """Either "", one of the two sources, or "profile:" and its name."""
        settings = self.bridge.settings
        if profile := settings.text("polly.profile"):
            return _PROFILE + profile
        source = settings.text("polly.source")
        return f"source:{source}" if source else ""

    def show_value(self, value: Value) -> None:
        """A profile that doesn't exist is shown too, as missing."""
        if not self.box.count():
            for data in ("", *(_PROFILE + profile.name for profile in self._places.profiles), _KEYRING, _ENVIRONMENT):
                self.box.addItem(self.told(data), data)
        if self.box.findData(value) < 0:
            self.box.addItem(self.told(value), value)
        self.box.setCurrentIndex(self.box.findData(value))

    def told(self, value: Value) -> str:
        if value == "":
            return translate("ui", "Found automatically")
        if value == _KEYRING:
            return translate("ui", "Harken's keys in the keyring")
        if value == _ENVIRONMENT:
            if self._places.environment:
                return translate("ui", "Environment ({name} is set)").format(name=self._places.environment)
            return translate("ui", "Environment (no key is set)")
        name = str(value).removeprefix(_PROFILE)
        profile = next((profile for profile in self._places.profiles if profile.name == name), None)
        return _told_profile(profile or Profile(name, "missing"))

    def change(self, value: Value) -> None:
        """Two settings are sent; the second one reports when both apply."""
        if value == self.value:
            self.follow()
            return
        profile = str(value).removeprefix(_PROFILE) if str(value).startswith(_PROFILE) else ""
        source = str(value).removeprefix("source:") if value in (_KEYRING, _ENVIRONMENT) else ""

        def then(error: HarkenError | None) -> None:
            if error:
                self.answered(error)
            else:
                self.bridge.change("polly.profile", profile, self._chosen)

        self.bridge.change("polly.source", source, then)

    def _chosen(self, error: HarkenError | None) -> None:
        self.answered(error)
        self.changed.emit()


def _told_profile(profile: Profile) -> str:
    kinds = {
        "keys": translate("ui", "Profile “{name}” (keys)"),
        "sso": translate("ui", "Profile “{name}” (AWS sign-in, SSO)"),
        "login": translate("ui", "Profile “{name}” (AWS sign-in)"),
        "role": translate("ui", "Profile “{name}” (a role)"),
        "process": translate("ui", "Profile “{name}” (keys from a program)"),
        "missing": translate("ui", "Profile “{name}” (does not exist)"),
        "": translate("ui", "Profile “{name}” (no keys)"),
    }
    return kinds[profile.kind].format(name=profile.name)


class AccountSection(Section):
    """The choice of a source, and the report of the search. GUI thread."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "AWS account"), parent)
        self._bridge = bridge
        self.source = SourceField(bridge, self)
        self.rows.addWidget(self.source)
        self.report = ReportField(translate("ui", "Account in use"), self)
        self.rows.addWidget(self.report)
        self.find_button = QPushButton(translate("ui", "&Find the account"), self)
        self.find_button.clicked.connect(self.look)
        self.add_buttons(self.find_button)
        self.source.changed.connect(self.look)
        self.report.show_lines([translate("ui", "Not checked yet.")])
        self.is_asked = False
        self._is_asking = False
        self._is_stale = False  # the settings changed during the search

    def refresh(self) -> None:
        """Read which profiles exist. Asks for no keys."""
        self._bridge.ask(lambda app: app.credentials.places(), self._show_places)

    def look(self) -> None:
        """Search for the account, which may have to wait for a network or a person."""
        self._is_stale = self._is_asking
        if self._is_asking:
            return
        self.is_asked = self._is_asking = True
        self._tell([translate("ui", "Looking for the account…")])
        self._bridge.ask(lambda app: app.find_account(), self._found)

    def _show_places(self, places: Places | HarkenError) -> None:
        if isinstance(places, Places):
            self.source.show_places(places)
        else:
            self.source.say(places.sentence)

    def _found(self, found: AccountReport | HarkenError) -> None:
        self._is_asking = False
        if self._is_stale:
            self.look()
        else:
            self.say(self.show_report(found)[0])

    def show_report(self, found: AccountReport | HarkenError) -> list[str]:
        """Show the result of a search, and return the lines. The caller has searched."""
        self.is_asked = True
        lines = told(found) if isinstance(found, AccountReport) else [found.sentence]
        self.report.show_lines(lines)
        return lines

    def _tell(self, lines: list[str]) -> None:
        self.report.show_lines(lines)
        self.say(lines[0])


def told(found: AccountReport) -> list[str]:
    """A search in words: first the source that was found, or what is wrong; then why the others were not used."""
    lines = _told_account(found.account) if found.account else [found.problem]
    others = [source for source in found.sources if not source.is_chosen]
    if others:
        lines += ["", translate("ui", "Not used:")]
        row = translate("ui", "{source}: {why}")
        lines += [row.format(source=source.name[:1].upper() + source.name[1:], why=source.why) for source in others]
    return lines


def _told_account(account: Account) -> list[str]:
    answers = translate("ui", "Found: {source}, access key {ending}.")
    lines = [answers.format(source=account.source, ending=account.key_ending)]
    if account.expires_at:
        moment = QDateTime.fromSecsSinceEpoch(int(account.expires_at.timestamp()))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        lines.append(translate("ui", "These keys are valid until {when}.").format(when=when))
    if account.region_source:
        named = translate("ui", "Region {region}, set by {source}.")
        lines.append(named.format(region=account.region, source=account.region_source))
    else:
        lines.append(translate("ui", "Region {region} (default).").format(region=account.region))
    lines.append(translate("ui", "Address of the service: {endpoint}").format(endpoint=account.endpoint))
    return lines
