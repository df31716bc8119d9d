"""What a setting's new value means on this computer: nonsense is refused; what is missing now is reported.

The schema knows what is valid anywhere. A headset that is not plugged in, a profile that doesn't exist yet and a voice
of an account that is not asked now may all be set; a missing voice of this computer may not. Core thread only.
"""

from __future__ import annotations

import asyncio

from reader.core import polly
from reader.core.app import App
from reader.errors import HarkenError, SettingsError
from reader.session.engines import not_ready
from reader.session.voice_choice import no_voice
from reader.settings.schema import LOOKED_UP, Value
from reader.support import foreign
from reader.support.i18n import translate
from reader.voices import registry

# Long enough for a busy machine; nothing is being read meanwhile.
_START_LIMIT_S = 30.0


async def on(app: App, key: str, value: Value) -> str:
    """Returns what the user should know about a value that the schema allows, "" for nothing. Raises SettingsError."""
    if key not in LOOKED_UP or not isinstance(value, str) or not value:
        return ""
    look = {"voice": _voice, "sound": _device, "polly": _polly}[key.partition(".")[0]]
    if key.endswith("language"):
        look = _language
    try:
        return await look(app, key, value)
    except SettingsError:
        raise
    except HarkenError as error:  # it can't be looked up now, which is worth knowing too
        return error.sentence


async def _voice(app: App, _key: str, value: str) -> str:
    engine, _, name = value.partition("/")
    if service := registry.service_of(value):
        known = [voice.id for voice in app.voices() if registry.service_of(voice.id) is service]
        return no_voice(value, known) if name and known and value not in known else ""
    if engine not in app.engines.all:
        raise SettingsError(no_voice(value, [voice.id for voice in app.voices()]))
    try:
        async with asyncio.timeout(_START_LIMIT_S):
            await app.engines.all[engine].start()
    except TimeoutError:
        return not_ready(engine).sentence
    known = [voice.id for voice in app.voices()]
    if name and value not in known:
        raise SettingsError(no_voice(value, known))
    return ""


async def _language(app: App, _key: str, value: str) -> str:
    voices, _ = await app.engines.ready(app.settings.text("voice.id"))
    if any(voice.language == value for voice in voices):
        return ""
    return translate("reader", "No voice here speaks “{language}”. Another voice will read it.").format(language=value)


async def _device(app: App, _key: str, value: str) -> str:
    outputs = await app.output_devices()
    if any(value in (output.id, output.name) for output in outputs):
        return ""
    if meant := foreign.nearest(value, [output.id for output in outputs], 1):
        sentence = translate("reader", "There is no sound output “{name}” at the moment. Did you mean “{other}”?")
        return sentence.format(name=value, other=foreign.shown(meant[0]))
    sentence = translate(
        "reader", "There is no sound output “{name}” at the moment. Harken will use it when it is connected."
    )
    return sentence.format(name=value)


async def _polly(app: App, key: str, value: str) -> str:
    if key == "polly.profile":
        known = [profile.name for profile in (await app.credentials.places()).profiles]
        sentence = translate("reader", "There is no AWS profile “{name}” at the moment.")
        other = translate("reader", "There is no AWS profile “{name}” at the moment. Did you mean “{other}”?")
    else:
        known = [region.name for region in await polly.regions()]
        sentence = translate("reader", "As far as Harken knows, Amazon Polly is not available in “{name}”.")
        other = translate(
            "reader", "As far as Harken knows, Amazon Polly is not available in “{name}”. Did you mean “{other}”?"
        )
    if value in known:
        return ""
    meant = foreign.nearest(value, known, 1)
    return (other if meant else sentence).format(name=value, other=foreign.shown(meant[0] if meant else ""))
