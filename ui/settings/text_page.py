"""The page about what is read of a text: each setting has a button that plays an example."""

from __future__ import annotations

from reader.flow import Event
from reader.settings.setting import Page
from reader.settings.text_settings import PAGE_END
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.field import Field
from ui.settings.hear import HearIt
from ui.settings.page import SettingsPage


class TextPage(SettingsPage):
    """Which parts of a text are read, and which are left out."""

    def __init__(self, bridge: Bridge) -> None:
        self.samples: dict[str, HearIt] = {}
        super().__init__(Page.TEXT, bridge)

    def add_field(self, key: str) -> Field:
        """Also adds its sample."""
        field = super().add_field(key)
        if not field.setting.sample:
            return field
        text = translate("settings", field.setting.sample).replace(PAGE_END, "\n\x0c")
        self.samples[key] = HearIt(self.bridge, self.inside, text, field.name)
        self.add_button(self.samples[key])
        return field

    def on_event(self, event: Event) -> None:
        super().on_event(event)
        for sample in self.samples.values():
            sample.on_event(event)
