"""The page Keys. For each unavailable key, it says why, and which key the desktop assigned instead."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from reader.flow import Command, Event, KeysChanged, SettingChanged
from reader.gnome_shell.state import why_not_here
from reader.settings.schema import SETTINGS, key_setting
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.chord_field import ChordField
from ui.settings.gnome_extension import GnomeExtension
from ui.settings.page import SettingsPage

_COMMANDS = {key_setting(command): command for command in Command if key_setting(command) in SETTINGS}


class KeysPage(SettingsPage):
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        self._intro: QLabel
        super().__init__(Page.KEYS, bridge)
        self._follow_keys()

    def build(self) -> None:
        self._intro = self.add_paragraph("")
        super().build()
        if not why_not_here():
            self.rows.addWidget(GnomeExtension(self.bridge, self.inside))

    def on_event(self, event: Event) -> None:
        super().on_event(event)
        if isinstance(event, KeysChanged) or (isinstance(event, SettingChanged) and event.key in _COMMANDS):
            self._follow_keys()

    def _follow_keys(self) -> None:
        """Other programs take and release keys, and the desktop may assign others than were wanted."""
        keys = self.bridge.keys
        change = translate(
            "ui", "To change a key, press its button and then the new keys. Esc cancels, Delete removes the keys."
        )
        works = translate(
            "ui",
            "These keys work in every program. To change one, press its button and then the new keys. Esc "
            "cancels, Delete removes the keys.",
        )
        given = translate("ui", "These keys work in every program.")
        first = translate("ui", "To assign keys to a command that has none, press its button and then the keys.")
        if keys.names and keys.advice:  # this says where they can be changed
            texts = [given, keys.advice, first]
        else:
            texts = [works if keys.names else change, keys.advice]
        self._intro.setText(" ".join(filter(None, texts)))
        for key, command in _COMMANDS.items():
            field = self.fields[key]
            assert isinstance(field, ChordField)
            name, why = keys.names.get(command, ""), keys.refused.get(command, "")
            if name and field.value and name != field.value:
                why = translate("ui", "Your desktop uses {key} for this.").format(key=name)
            field.say_of_desktop(why if field.value else "")
        told = translate("ui", "On this desktop, Esc always goes to the program in front, so it does not stop reading.")
        is_left = bool(keys.names) and not keys.has_escape
        self.fields["keys.escape_stops"].say(told if is_left else "", is_news=False)
