"""The voices: recently used on top, then by service and by language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from reader.errors import HarkenError
from reader.flow import Voice
from reader.support.i18n import translate
from reader.voices import registry
from reader.voices.registry import ServiceEntry
from ui.bridge import Bridge
from ui.languages import both_names, user_languages, voice_name
from ui.menu.choices import Choices, plain
from ui.recent import RecentVoices


class VoiceMenu(QMenu):
    """GUI thread."""

    def __init__(
        self,
        bridge: Bridge,
        recent: RecentVoices,
        on_more: Callable[[], None],
        on_get: Callable[[], None],
        parent: QWidget,
    ) -> None:
        """`on_more` shows all voices, `on_get` those that can be downloaded."""
        super().__init__(parent)
        self._bridge = bridge
        self._recent = recent
        self._on_more = on_more
        self._on_get = on_get
        self._choices = Choices(lambda value: bridge.change("voice.id", value))
        self._voices: Sequence[Voice] = ()
        self._parts: list[QObject] = []  # submenus
        self._build()
        self.aboutToShow.connect(lambda: self._bridge.find_voices(self._show))

    @property
    def words(self) -> str:
        """The chosen voice, in plain words."""
        chosen = self._bridge.settings.text("voice.id")
        return self._name(chosen) if chosen else translate("ui", "Automatic voice")

    def show_setting(self) -> None:
        """Follow the setting."""
        chosen = self._bridge.settings.text("voice.id")
        if chosen:
            self._recent.used(chosen, self._name(chosen))
        self._build()
        # Fetched now, so that the menu doesn't grow under the pointer once it is open.
        self._bridge.find_voices(self._show, waits=True)

    def _show(self, voices: list[Voice] | HarkenError) -> None:
        if isinstance(voices, HarkenError) or list(voices) == list(self._voices):
            return
        self._voices = voices
        self._build()

    def _name(self, voice_id: str) -> str:
        if voice_id.endswith("/") and (engine := registry.engine_of(voice_id)):
            return translate("reader", engine.any_voice)
        known = {voice.id: voice_name(voice) for voice in self._voices}
        return known.get(voice_id) or self._recent.names().get(voice_id) or voice_id

    def _build(self) -> None:
        self._choices.forget()
        self.clear()
        for part in self._parts:
            part.deleteLater()
        self._parts = []
        chosen = self._bridge.settings.text("voice.id")
        recent = list(self._recent.names())
        if chosen and chosen not in recent:
            recent.insert(0, chosen)
        self._choices.add(self, translate("ui", "&Automatic, by the text's language"), "")
        self._section(translate("ui", "Recently used"), recent)
        any_voices = [f"{engine.name}/" for engine in registry.local() if engine.any_voice]
        self._section(translate("ui", "On this computer"), any_voices, self._voices_of(None))
        for service in registry.services():
            self._section(translate("reader", service.title), *self._offered_by(service))
        self.addSeparator()
        self.addAction(translate("ui", "&More voices…")).triggered.connect(lambda: self._on_more())
        self.addAction(translate("ui", "&Get more voices…")).triggered.connect(lambda: self._on_get())
        self._choices.mark(chosen)
        self.setTitle(translate("ui", "V&oice: {name}").format(name=plain(self.words)))

    def _offered_by(self, service: ServiceEntry) -> tuple[list[str], list[Voice]]:
        """The ids of its "any voice", and its voices. If their languages are unknown, "any voice" is used."""
        voices = self._voices_of(service)
        engines = [engine for engine in registry.ENGINES if engine.service == service and engine.any_voice]
        there = [f"{engine.name}/" for engine in engines if any(voice.engine == engine.name for voice in voices)]
        return there, [voice for voice in voices if voice.language]

    def _voices_of(self, service: ServiceEntry | None) -> list[Voice]:
        return [voice for voice in self._voices if registry.service_of(voice.id) is service]

    def _section(self, title: str, ids: Iterable[str], voices: Sequence[Voice] = ()) -> None:
        """Voices by id, then others by language: the user's first, then the rest."""
        if not ids and not voices:
            return
        self.addSection(title)
        for voice_id in ids:
            self._choices.add(self, plain(self._name(voice_id)), voice_id)
        by_language: dict[str, list[Voice]] = {}
        for voice in voices:
            by_language.setdefault(voice.language, []).append(voice)
        first = [code for code in self._languages() if code in by_language]
        for code in first:
            self._add_language(self, code, by_language.pop(code))
        if by_language:
            more = self._submenu(self, translate("ui", "More &languages"))
            for code in sorted(by_language, key=lambda code: both_names(code).casefold()):
                self._add_language(more, code, by_language[code])

    def _languages(self) -> list[str]:
        settings = self._bridge.settings
        return user_languages(settings.text("voice.expected_language"), settings.text("voice.language"))

    def _add_language(self, menu: QMenu, code: str, voices: Sequence[Voice]) -> None:
        if len(voices) > 1:
            menu = self._submenu(menu, plain(both_names(code)))
        for voice in voices:
            self._choices.add(menu, plain(voice_name(voice)), voice.id)

    def _submenu(self, menu: QMenu, title: str) -> QMenu:
        made = QMenu(title, self)
        menu.addMenu(made)
        self._parts.append(made)
        return made
