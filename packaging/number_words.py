"""Makes resources/numbers/LANGUAGE.txt, how numbers are said in words, from Unicode CLDR's rules (RBNF).

    npm pack cldr-rbnf@48.2.0   # in an empty folder; then unpack it
    python packaging/number_words.py FOLDER

Kept are the rules that whole numbers below 10¹⁸ need, in CLDR's own notation, the sets to begin with first.
reader/text/spoken/cardinals.py understands them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "resources" / "numbers"
# Cardinals where eSpeak NG says figures wrongly, or otherwise than the words and not better (which of them: `in_words`
# in resources/spoken); years and ordinals, or what they are made of, where it can't tell them from cardinals. French
# ordinals are not kept: CLDR has “quatre-vingt-et-unième”.
LANGUAGES = {
    **dict.fromkeys(("es", "it", "nl", "pl", "pt", "ru", "sv", "uk"), ("%spellout-numbering",)),
    "de": ("%spellout-numbering-year", "%spellout-ordinal", "%spellout-ordinal-n", "%spellout-ordinal-r"),
    "fr": ("%spellout-cardinal-masculine",),
}
_RULE = re.compile(r"\d+(?:/\d+)?: ")


def main(folder: Path) -> None:
    """Write all files."""
    TARGET.mkdir(exist_ok=True)
    for language, first in LANGUAGES.items():
        source = next(folder.glob(f"**/rbnf/{language}-SpelloutRules.txt")).read_text(encoding="utf-8")
        sets = _sets(source.replace("\u00ad", "").replace("\u02bc", "'"))
        kept: dict[str, list[str]] = {}
        wanted = [*first]
        while wanted:
            one = wanted.pop(0)
            if one not in kept:
                kept[one] = [rule for rule in sets[one] if _RULE.match(rule) and "#" not in rule]
                wanted += re.findall(r"%%?[\w-]+", " ".join(kept[one]))
        lines = [line for one, rules in kept.items() for line in (f"{one}:", *rules)]
        (TARGET / f"{language}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _sets(source: str) -> dict[str, list[str]]:
    sets: dict[str, list[str]] = {}
    rules: list[str] = []
    for line in source.splitlines():
        if line.startswith("%"):
            rules = sets.setdefault(line.rstrip(":"), [])
        else:
            rules.append(line)
    return sets


if __name__ == "__main__":
    main(Path(sys.argv[1]))
