"""A sentence in which a voice introduces itself, in the voice's own language. Pure.

Not translated: it belongs to the voice, not to the language of the windows. Short, because some voices cost money.
"""

from __future__ import annotations

_SAMPLES = {
    "ar": "مرحبًا، هذا صوتي وأنا أقرأ لك.",
    "ca": "Hola, aquesta és la meva veu quan et llegeixo.",
    "cs": "Dobrý den, takhle zní můj hlas, když vám čtu.",
    "cy": "Helo, dyma fy llais wrth i mi ddarllen i chi.",
    "da": "Hej, sådan lyder min stemme, når jeg læser op for dig.",
    "de": "Guten Tag, so klingt meine Stimme, wenn ich Ihnen vorlese.",
    "en": "Hello, this is how my voice sounds when I read to you.",
    "es": "Hola, así suena mi voz cuando te leo.",
    "fi": "Hei, tältä ääneni kuulostaa, kun luen sinulle.",
    "fr": "Bonjour, voici ma voix quand je vous lis un texte.",
    "hi": "नमस्ते, मेरी आवाज़ में पाठ ऐसा सुनाई देता है।",
    "is": "Halló, svona hljómar röddin mín þegar ég les fyrir þig.",
    "it": "Ciao, questa è la mia voce quando leggo per te.",
    "ja": "こんにちは。これが、文章を読むときの私の声です。",
    "ko": "안녕하세요. 글을 읽어 드릴 때 제 목소리는 이렇습니다.",
    "nb": "Hei, slik høres stemmen min ut når jeg leser for deg.",
    "nl": "Hallo, zo klinkt mijn stem als ik je voorlees.",
    "pl": "Dzień dobry, tak brzmi mój głos, kiedy czytam.",
    "pt": "Olá, é assim que a minha voz soa quando leio para você.",
    "ro": "Bună ziua, așa sună vocea mea când vă citesc.",
    "ru": "Здравствуйте, так звучит мой голос, когда я читаю.",
    "sv": "Hej, så här låter min röst när jag läser för dig.",
    "tr": "Merhaba, size okurken sesim böyle duyuluyor.",
    "zh": "你好，这就是我为你朗读时的声音。",
}


def sample(language: str) -> tuple[str, str]:
    """(a sentence, the language it is in). English if there is none in `language` (ISO 639-1)."""
    language = {"no": "nb"}.get(language, language)
    return (_SAMPLES[language], language) if language in _SAMPLES else (_SAMPLES["en"], "en")
