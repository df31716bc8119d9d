"""The voices and languages there are, in the order in which a window offers them."""

from __future__ import annotations

from collections.abc import Sequence

from reader.core.polly import is_polly
from reader.flow import Voice
from reader.support.i18n import translate
from ui.languages import both_names, voice_name, voice_name_in_its_language
from ui.settings.chooser import Entry


def languages(voices: Sequence[Voice], *, with_automatic: bool) -> list[Entry]:
    """The languages that these voices speak, by name."""
    codes = {voice.language for voice in voices if voice.language}
    entries = sorted((Entry(code, both_names(code), also=code) for code in codes), key=lambda e: e.name.casefold())
    automatic = [Entry("", translate("ui", "Automatic"))] if with_automatic else []
    return [*automatic, *entries]


def voices_by_place(voices: Sequence[Voice]) -> list[Entry]:
    """Voices in groups, by language."""
    here, polly = translate("ui", "On this computer"), translate("ui", "Amazon Polly")

    def entry(voice: Voice) -> Entry:
        group = polly if is_polly(voice.id) else here
        language = both_names(voice.language)
        name = translate("ui", "{language}: {voice}").format(language=language, voice=voice_name_in_its_language(voice))
        has_name = language not in ("", voice.language)  # else the voice's own says more than a code
        return Entry(voice.id, name if has_name else voice_name(voice), group, voice.id)

    named = [entry(voice) for voice in voices]
    return [
        Entry("", translate("ui", "Automatic")),
        Entry("espeak/", translate("ui", "eSpeak NG, in the text's language"), here, "espeak"),
        *sorted((e for e in named if e.group == here), key=lambda e: (not e.value.startswith("neural"), e.name)),
        *sorted((e for e in named if e.group == polly), key=lambda e: e.name),
    ]
