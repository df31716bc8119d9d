"""Amounts in languages other than English: money, measures, fractions and ranges, from resources/spoken. Pure."""

from __future__ import annotations

import re
from typing import Any

from reader.text.spoken import cardinals
from reader.text.spoken.numerals import VULGAR
from reader.text.spoken.tables import Rule, one_of

# Scale words that may follow a sum: “R$ 5 milhões”.
_SCALE = (
    r"(?:\s(?P<scale>mil|milh(?:ão|ões)|bilh(?:ão|ões)|mill(?:ón|ones)|mill\.|milion[ei]|miliard[oi]|miljoen|miljard|Million(?:en)?|"
    r"Milliarden?|Mio\.?|Mrd\.?|millions?|milliards?|mln|mld|mrd)(?!\w))?"
)
# Grouped digits: in some languages eSpeak NG reads groups separated by a space as several numbers.
_SPACED = re.compile(r"(?<![\w.,+-])(?<!\d )[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?![\w]|[ -]\d)")
_POINTED = re.compile(
    r"(?<![\w.,])[1-9]\d{0,2}(?:(?:\.\d{3})+(?=,\d{1,2}(?!\d))|(?:\.\d{3}){2,}(?![\w.])|\.\d{3}(?=\s)|(?:['’]\d{3})+(?!\d))"
)
_COMMAED = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")
# “5,- €”
_NO_CENTS = re.compile(r"(?<=\d),[-–—](?=\s?(?:€|EUR|Euro|CHF|Fr|kr|Kč|zł|Ft|lei|[,;)]|\Z)|\s)")
_POINT_BEHIND_SIGN = re.compile(r"(?<=[$£€])(\s?\d+)\.(\d{1,2})(?!\d|\.\d)")  # “$1.5”, as in English
# In Hebrew and Arabic a number may be part of a word, but a unit may not: “3 مارس” is not a length.
_NO_WORD_GOES_ON = r"(?!(?<=[\u0590-\u06ff])[\u0590-\u06ff])"
_DASH = r"(?:\s[–—-]\s|[–—-])"


class Measures:
    """The rules of one language."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._table = table
        self._minus_word = table.get("minus", "")
        point, group = (r"\.", ",") if table.get("decimal") == "." else (",", r".\u00a0\u202f ")
        # In an unspaced script a number may stand within a word.
        is_joined = bool(table.get("joined"))
        self._front = r"(?<![A-Za-z\d.,])" if is_joined else r"(?<![\w.,])"
        self._end = rf"(?![A-Za-z\d/²³]){_NO_WORD_GOES_ON}" if is_joined else r"(?![\w/²³])"
        self._n = rf"(?P<n>\d{{1,3}}(?:[{group}]\d{{3}})+(?!\d)|\d+)(?:{point}(?P<part>\d+))?"
        not_behind = r"(?<![A-Za-z\d.,)\u0590-\u06ff])" if is_joined else r"(?<![\w.,)])"
        self._sign = rf"(?P<minus>{not_behind}[-−–])?"
        self._minus = re.compile(rf"{not_behind}[-−](?=\d)")
        self._point_sign = "." if point == r"\." else ","

    def first(self) -> list[Rule]:
        """Before all other rules: join each number into one piece."""
        if self._table.get("decimal") == ".":
            return [(_COMMAED, lambda m: m.group().replace(",", ""))]
        return [
            (_NO_CENTS, lambda _: ""),
            (_POINT_BEHIND_SIGN, lambda m: f"{m[1]},{m[2]}"),
            (_SPACED, _digits),
            (_POINTED, _digits),
        ]

    def money(self) -> list[Rule]:
        """Before the abbreviations, some of which are also currency signs."""
        return self._money()

    def rules(self) -> list[Rule]:
        """The remaining rules, in order."""
        table = self._table
        return [
            *self._figured(),
            *self._ranges(),
            *self._fractions(),
            *self._percent(),
            *self._sizes(),
            *self._measure(),
            *self._square(),
            *self._named_signs(),
            *([(self._minus, lambda _: f"{self._minus_word} ")] if self._minus_word else []),
            *(
                [(re.compile(rf"(?<![\w.,]){self._n}(?!\w)"), lambda m: self._number(m["n"], m["part"]))]
                if "point" in table
                else []
            ),
        ]

    # ---- numbers ----

    def _number(self, n: str, part: str | None) -> str:
        """A number; two decimals are said as one number if that is usual: “deux virgule soixante-quinze”."""
        if not part:
            return n
        if "point" not in self._table:
            return f"{n}{self._point_sign}{part}"
        said = part if len(part) == 2 and part[0] != "0" else " ".join(part)
        return f"{n} {self._table['point']} {said}"

    def _of(self, amount: str, forms: list[str], n: str, part: str | None) -> str:
        """An amount of something; the form may have a placeholder for the number: “百分之{n}”."""
        form = self._form(forms, n, part)
        return form.replace("{n}", amount) if "{n}" in form else f"{amount} {form}"

    def _form(self, forms: list[str], n: str, part: str | None) -> str:
        """The noun form a number requires: one, few, many, or a fraction of one."""
        if len(forms) < 3:
            return forms[n != "1" or bool(part)]
        if part:
            return forms[3] if len(forms) > 3 else forms[1]
        form = cardinals.plural(self._table, int(re.sub(r"\D", "", n)))
        return forms[("one", "few", "other").index(form)]

    def _less(self, m: re.Match[str]) -> str:
        return f"{self._minus_word} " if m["minus"] else ""

    # ---- rules ----

    def scales(self) -> Rule:
        """The right form of abbreviated thousands and millions."""
        names: dict[str, list[str]] = self._table["scales"]
        pattern = re.compile(
            rf"(?P<amount>{self._front}{self._n})\s?(?P<scale>{one_of(names)})(?!\w)"
            r"(?:\.(?=\s+[^\W\d_A-ZÀ-ÞА-Я]|[,;)]))?"
        )
        return pattern, lambda m: f"{m['amount']} {self._form(names[m['scale']], m['n'], m['part'])}"

    def _figured(self) -> list[Rule]:
        """Numbers read figure by figure; dashes in them are not minus signs."""
        if "figured" not in self._table:
            return []
        figures = str.maketrans("0123456789", self._table["figures"]) if "figures" in self._table else {}

        def said(m: re.Match[str]) -> str:
            return m.group().replace("-", "，").translate(figures) if figures else " ".join(m.group().replace("-", ""))

        return [(re.compile(rf"(?<!\d)(?:{self._table['figured']})(?!\d)"), said)]

    def _ranges(self) -> list[Rule]:
        if "to" not in self._table:
            return []
        front = self._front.replace(".,", ".,/–-")
        signs = one_of(("%", "°C", *self._table.get("units", {}), *self._table.get("currencies", {})))
        pattern = re.compile(
            rf"{front}(?P<a>\d{{1,4}}(?:[.,]\d{{1,2}})?)(?P<dash>{_DASH})(?P<b>\d{{1,4}}(?:[.,]\d{{1,2}})?)(?![\d/–-]|[.,]\d)(?P<unit>\s?(?:{signs}))?"
        )

        def said(m: re.Match[str]) -> str:
            a, b = (float(one.replace(",", ".")) for one in (m["a"], m["b"]))
            is_same = len(m["a"]) == len(m["b"]) or m["unit"] or ("–" in m["dash"])
            if m["a"][0] == "0" or ("–" not in m["dash"] and (a >= b or not is_same) and not (a < b < 200)):
                return m.group()
            return f"{m['a']} {self._table['to']} {m['b']}{m['unit'] or ''}"

        return [(pattern, said)]

    def _fractions(self) -> list[Rule]:
        names = self._table.get("fractions")
        if not names:
            return []
        vulgar = "".join(sign for sign, parts in VULGAR.items() if "/".join(parts) in names)
        written = "|".join(one for one in names if "/" in one)
        pattern = re.compile(
            rf"(?:{self._front}(?P<whole>\d{{1,4}})\s?)?(?:(?P<v>[{vulgar}])|(?<!\d)(?<![/.,])(?P<w>{written})(?![\d/]|[.,]\d))"
        )

        def said(m: re.Match[str]) -> str:
            name = names[m["w"] or "/".join(VULGAR[m["v"]])]
            if m["whole"] and m["w"] and not m.group().removesuffix(m["w"])[-1].isspace():
                return m.group()  # 21/2
            return f"{m['whole']} {names['and']} {name}" if m["whole"] else name

        return [(pattern, said)]

    def _percent(self) -> list[Rule]:
        forms = self._table.get("percent")
        if not forms:
            return []
        pattern = re.compile(rf"{self._sign}{self._front}{self._n}\s?[%٪]")
        return [
            (pattern, lambda m: f"{self._less(m)}{self._of(self._number(m['n'], m['part']), forms, m['n'], m['part'])}")
        ]

    def _sizes(self) -> list[Rule]:
        if "times" not in self._table:
            return []
        word = self._table["times"]
        return [(re.compile(r"(?<=\d)\s?[x×]\s?(?=\d)|(?<=\d)\s\*\s(?=\d)"), lambda _: f" {word} ")]

    def _money(self) -> list[Rule]:
        table = self._table
        names: dict[str, list[str]] = table.get("currencies", {})
        if not names:
            return []
        signs = one_of(names)
        behind = self._n.replace("P<n>", "P<n2>").replace("P<part>", "P<part2>")
        edge = rf"(?![A-Za-z]){_NO_WORD_GOES_ON}" if table.get("joined") else r"(?![\w])"
        pattern = re.compile(
            rf"{self._sign}(?:(?<![A-Za-z])(?<!\w(?=[^\W\d_]))(?P<front>{signs})\s?{self._n}{_SCALE}(?:(?<=\d)[元円원])?|{self._front}{behind}"
            rf"(?:\s(?P<scale2>тыс\.?|млн|млрд|tys\.|mil\.|mld\.))?\s?(?P<behind>{signs})){edge}"
        )

        def said(m: re.Match[str]) -> str:
            forms = names[m["front"] or m["behind"]]
            n, part = m["n"] or m["n2"], m["part"] or m["part2"] or ""
            if part == "00":
                part = ""
            less, name = self._less(m), self._form(forms, n, part)
            if m["scale2"]:
                return f"{less}{n}{',' + part if part else ''} {m['scale2']} {forms[min(2, len(forms) - 1)]}"
            if m["scale"]:
                of = "" if m["scale"] in ("mil", "mln", "mld") or "of" not in table else f"{table['of']} "
                return f"{less}{n}{',' + part if part else ''} {m['scale']} {of}{forms[1]}"
            if table.get("money") == "unit" and len(part) == 2:
                return f"{less}{n} {name}{f' {int(part)}' if int(part) else ''}"
            if "of" in table and not part and n.endswith("000000"):  # “un millón de euros”
                of = table["of_vowel"] if "of_vowel" in table and forms[1][0] in "aeiouéh" else f"{table['of']} "
                return f"{less}{n} {of}{forms[1]}"
            return f"{less}{self._of(self._number(n, part), forms, n, part)}"

        return [(pattern, said)]

    def _measure(self) -> list[Rule]:
        names: dict[str, list[str]] = self._table.get("units", {})
        if not names:
            return []
        pattern = re.compile(rf"{self._sign}{self._front}{self._n}\s?(?P<unit>°\s?[CF]|{one_of(names)}){self._end}")

        def said(m: re.Match[str]) -> str:
            unit = re.sub(r"\A°\s", "°", m["unit"])
            if unit not in names:
                return m.group()
            return f"{self._less(m)}{self._of(self._number(m['n'], m['part']), names[unit], m['n'], m['part'])}"

        return [(pattern, said)]

    def _square(self) -> list[Rule]:
        """A square or cubic measure without a number, as in prices per unit."""
        names = {
            unit: forms[0] for unit, forms in self._table.get("units", {}).items() if unit[-1] in "²³" or " " in unit
        }
        if not names or "per" not in self._table:
            return []
        pattern = re.compile(rf"(?P<per>\s?/\s?)?(?<![\w²³])(?P<unit>{one_of(names)})(?!\w)")
        per = f" {self._table['per']} "
        return [(pattern, lambda m: f"{per if m['per'] else ''}{names[m['unit']]}")]

    def _named_signs(self) -> list[Rule]:
        """Signs between numbers that eSpeak NG has only in English, and § before one."""
        names: dict[str, str] = self._table.get("signs", {})
        rules: list[Rule] = []
        if names:
            pattern = re.compile(rf"(?<=\d)\s?(?P<sign>{one_of(names)})\s?(?=\d)")
            rules.append((pattern, lambda m: f" {names[m['sign']]} "))
        if "section" in self._table:
            rules.append((re.compile(r"§\s?(?=\d)"), lambda _: f"{self._table['section']} "))
        return rules


def _digits(m: re.Match[str]) -> str:
    return re.sub(r"\D", "", m.group())
