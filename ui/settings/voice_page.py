"""The pages whose settings can be heard: Voice and Sound. “Hear it” is next to them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton

from reader.core.app import App
from reader.errors import HarkenError
from reader.flow import Event
from reader.settings.setting import Page
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.settings.hear import HearIt
from ui.settings.page import SettingsPage
from ui.settings.pick_fields import VoiceField


class HeardPage(SettingsPage):
    """A page with “Hear it”."""

    # The settings that stand above the button.
    above: tuple[str, ...] = ()

    def build(self) -> None:
        for key in self.above:
            self.add_field(key)
        self._hear = HearIt(self.bridge, self.inside)
        self.add_button(self._hear)
        self.add_more()
        self.add_settings()

    def add_more(self) -> None:
        """Add what goes below the button."""

    def on_event(self, event: Event) -> None:
        super().on_event(event)
        self._hear.on_event(event)


class VoicePage(HeardPage):
    """Which voice reads, and how fast."""

    above = ("voice.id", "voice.speed")
    more_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(Page.VOICE, bridge)
        bridge.started.connect(self._name_voices)

    def add_more(self) -> None:
        more = QPushButton(translate("ui", "Get more &voices…"), self.inside)
        more.setAutoDefault(True)
        more.clicked.connect(self.more_wanted)
        self.add_button(more)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Voices may have changed."""
        self._name_voices()
        super().showEvent(event)

    def _name_voices(self) -> None:
        for field in self.fields.values():
            if isinstance(field, VoiceField):
                field.name_voices()


class SoundPage(HeardPage):
    """Where the sound goes, and how loud it is."""

    above = ("sound.device", "sound.volume")

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(Page.SOUND, bridge)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Say what is unavailable on this system."""
        self.bridge.ask(_can_lower_others, self._tell_of_others)
        super().showEvent(event)

    def _tell_of_others(self, can_lower: bool | HarkenError) -> None:
        if can_lower is False:
            told = translate("ui", "Other programs' volume can't be changed on this system.")
            self.fields["sound.others_volume"].say(told, is_news=False)


async def _can_lower_others(app: App) -> bool:
    return app.desktop.follower is not None and app.desktop.follower.others.is_supported
