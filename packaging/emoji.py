"""Makes resources/emoji/LANGUAGE.tsv, the names of emoji and of Markdown's marks, from Unicode CLDR's annotations.

    npm pack cldr-annotations-full@48.2.0 cldr-annotations-derived-full@48.2.0   # in an empty folder; then unpack both
    python packaging/emoji.py FOLDER

A line is an emoji without variation selectors, a tab, and its name. Skin tones have no lines: they are not said.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "resources" / "emoji"
LANGUAGES = [
    "ar",
    "bg",
    "bn",
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "gu",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ka",
    "ko",
    "lt",
    "lv",
    "mk",
    "ml",
    "mr",
    "nl",
    "no",
    "pa",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sq",
    "sr",
    "sv",
    "sw",
    "ta",
    "te",
    "th",
    "tr",
    "uk",
    "ur",
    "vi",
    "zh",
]
_PLAIN = 0x2190  # below it are letters, figures and punctuation, which have other names
_MARKS = "*#_`~"  # of Markdown, for those who want to hear them


def main(folder: Path) -> None:
    """Write all files."""
    TARGET.mkdir(exist_ok=True)
    for language in LANGUAGES:
        names: dict[str, str] = {}
        for package, inside in (("", "annotations"), ("-derived", "annotationsDerived")):
            source = next(folder.glob(f"cldr-annotations{package}-full*/**/{inside}/{language}/annotations.json"))
            entries = json.loads(source.read_text(encoding="utf-8"))[inside]["annotations"]
            for emoji, said in entries.items():
                plain = emoji.replace("\ufe0f", "")
                if (
                    "tts" in said
                    and (ord(plain[0]) >= _PLAIN or plain in _MARKS)
                    and not any("\U0001f3fb" <= c <= "\U0001f3ff" for c in plain)
                ):
                    names[plain] = said["tts"][0]
        lines = [f"{emoji}\t{name}\n" for emoji, name in sorted(names.items())]
        (TARGET / f"{language}.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
