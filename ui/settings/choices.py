"""The available voices and languages, in the order in which windows offer them."""

from __future__ import annotations

from collections.abc import Sequence

from reader.flow import Voice
from reader.support.i18n import translate
from reader.voices import registry
from reader.voices.registry import ServiceEntry
from ui.languages import both_names, voice_name, voice_name_in_its_language
from ui.settings.chooser import ChooserEntry


def languages(voices: Sequence[Voice], *, with_automatic: bool) -> list[ChooserEntry]:
    """The languages that these voices speak, by name."""
    codes = {voice.language for voice in voices if voice.language}
    entries = sorted(
        (ChooserEntry(code, both_names(code), also=code) for code in codes), key=lambda e: e.name.casefold()
    )
    automatic = [ChooserEntry("", translate("ui", "Automatic"))] if with_automatic else []
    return [*automatic, *entries]


def voices_by_place(voices: Sequence[Voice]) -> list[ChooserEntry]:
    """Voices in groups, by language."""
    here = translate("ui", "On this computer")

    def entry(voice: Voice) -> ChooserEntry:
        service = registry.service_of(voice.id)
        group = _title(service) if service else here
        language = both_names(voice.language)
        name = translate("ui", "{language}: {voice}").format(language=language, voice=voice_name_in_its_language(voice))
        has_name = language not in ("", voice.language)  # else the voice's own name says more than a code
        return ChooserEntry(voice.id, name if has_name else voice_name(voice), group, voice.id)

    any_voices = [
        ChooserEntry(f"{engine.name}/", translate("reader", engine.any_voice), here, engine.name)
        for engine in registry.local()
        if engine.any_voice
    ]
    here_count = len(any_voices)
    theirs = {voice.engine for voice in voices if not voice.language}
    any_voices += [
        ChooserEntry(f"{engine.name}/", translate("reader", engine.any_voice), _title(engine.service), engine.name)
        for engine in registry.ENGINES
        if engine.service and engine.any_voice and engine.name in theirs
    ]
    order = {engine.name: place for place, engine in enumerate(registry.local())}
    groups = [here, *(translate("reader", service.title) for service in registry.services())]

    def place(entry: ChooserEntry) -> tuple[int, int, str]:
        return groups.index(entry.group), order.get(entry.value.partition("/")[0], 0), entry.name

    found = [entry(voice) for voice in voices if voice.language]
    first, others = any_voices[:here_count], any_voices[here_count:]
    return [ChooserEntry("", translate("ui", "Automatic")), *first, *sorted([*found, *others], key=place)]


def _title(service: ServiceEntry) -> str:
    return translate("reader", service.title)


def whole_engines(voices: Sequence[Voice]) -> list[ChooserEntry]:
    """An entry for “all voices of an engine”, for each engine with any of these."""
    there = {voice.engine for voice in voices}
    return [ChooserEntry(f"{name}/", voice_or_engine(f"{name}/")) for name in registry.names() if name in there]


def voice_or_engine(voice_id: str) -> str:
    """The name for "engine/", meaning all voices of an engine, or for a voice's id."""
    engine = registry.engine_of(voice_id)
    if not engine or voice_id != f"{engine.name}/":
        return voice_id
    return translate("ui", "All voices: {engine}").format(engine=translate("reader", engine.title))
