"""Letters used by only a few languages, which reveal the language of a word. Pure."""

from __future__ import annotations

import re

_LETTERS: dict[str, frozenset[str]] = {
    letter: frozenset(languages.split())
    for letters, languages in (
        ("ß", "de"), ("ñ¿¡", "es"), ("ğ", "tr"), ("ı", "tr"), ("ş", "tr ro"), ("łźżśń", "pl"), ("ęą", "pl lt"),
        ("řůě", "cs"), ("ľĺŕ", "sk"), ("őű", "hu"), ("ãõ", "pt"), ("țţșă", "ro"), ("đ", "hr vi"), ("å", "sv nb da no"),
        ("ø", "nb da no"), ("ä", "de sv fi et sk"),
        ("ö", "de sv fi et hu tr is"), ("ü", "de tr hu et es"), ("œ", "fr"), ("ģķļņ", "lv"),
        ("ėįų", "lt"), ("ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "vi"), ("ÿ", "fr"), ("þð", "is"),
        ("іїєґ", "uk be kk"), ("їєґ", "uk"), ("ў", "be"), ("ы", "ru be kk ky mn"), ("ђјљњћџ", "sr mk"), ("ѓќѕ", "mk"),
        ("ө", "mn ky kk"), ("әұңғқһ", "kk"), ("ќ", "mk"),
    )
    for letter in letters
}  # fmt: skip
# Letters readable only to those who know the language; the rest occur in names everywhere.
RARE = re.compile("[ßğışţłźżśńęąřůěľĺŕőűțșăđœģķļņėįųþð¿¡ạ-ỹơư]")
# A capitalised word with a foreign letter.
NAME = re.compile(
    f"(?<!\\w)[A-ZÀ-Þ\u0100-\u017f]\\w*[{''.join(one for one in _LETTERS if one.isalpha())}áéíóúčšžàèâêîôç]\\w*"
)
TELLING = re.compile(f"[{''.join(_LETTERS)}]")


def languages_of_letters(sample: str) -> frozenset[str]:
    """The languages that the sample's rare letters point to; none if it has no such letters."""
    told: frozenset[str] = frozenset()
    for letter in TELLING.findall(sample.lower()):
        found = _LETTERS[letter]
        told = (told & found if told else found) or told
    return told
