"""Numbers in English words, without hyphens and commas, which a voice can't misread. Pure.

A number of more than 21 digits is said digit by digit: no listener could follow it otherwise.
"""

from __future__ import annotations

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_PARTS = {2: "half", 4: "quarter"}
# From this many digits on, a number without commas is an identifier, not a quantity.
_LONGEST_DIGITS = 10
_MOST_DIGITS = 3 * len(_SCALES)


def digits(number: str) -> str:
    """Digit by digit."""
    return " ".join(_ONES[int(c)] for c in number if c.isdecimal())


def cardinal(number: str) -> str:
    """A whole number of decimal digits, which may be grouped by commas."""
    plain = number.replace(",", "")
    is_name = len(plain) >= _LONGEST_DIGITS and plain == number and not plain.endswith("000")
    if is_name or len(plain) > _MOST_DIGITS or (len(plain) > 1 and plain[0] == "0"):
        return digits(plain)
    value = int(plain)
    groups = []
    for scale in _SCALES:
        value, group = divmod(value, 1000)
        if group:
            groups.append(f"{_below_thousand(group)} {scale}".strip())
    return " ".join(reversed(groups)) or _ONES[0]


def _below_thousand(value: int) -> str:
    words = [_ONES[value // 100], "hundred"] if value >= 100 else []
    value %= 100
    if value >= 20:
        words.append(_TENS[value // 10])
        value %= 10
    if value:
        words.append(_ONES[value])
    return " ".join(words)


def ordinal(number: str) -> str:
    """“third”, “twenty first”."""
    head, _, last = cardinal(number).rpartition(" ")
    last = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return f"{head} {last}".strip()


def year(number: str) -> str:
    """A four-digit year as people say it: “nineteen oh five”, “two thousand seven”."""
    high, low = int(number[:2]), int(number[2:])
    if high % 10 == 0 and low < 10:
        return cardinal(str(int(number)))
    if not low:
        return f"{_below_thousand(high)} hundred"
    return f"{_below_thousand(high)} {'oh ' if low < 10 else ''}{_below_thousand(low)}"


def is_year(number: str) -> bool:
    """Whether a number without sign, comma and unit is most likely a year."""
    return len(number) == 4 and number.isascii() and number.isdecimal() and 1100 <= int(number) < 2100


def number(written: str) -> str:
    """A number as written: “1,250”, “0.6”, “.5”."""
    whole, point, part = written.partition(".")
    said = cardinal(whole) if whole else ""
    return f"{said} point {digits(part)}".strip() if point and part else said


def fraction(top: str, bottom: str) -> str:
    """“three quarters”, “one half”, “five sixteenths”."""
    above, below = int(top), int(bottom)
    name = _PARTS.get(below) or ordinal(bottom)
    many = "halves" if name == "half" else f"{name}s"
    return f"{cardinal(str(above))} {name if above == 1 else many}"


def part_of_one(top: str, bottom: str, name: str) -> str:
    """“half a cup”, “three quarters of an ounce”."""
    one = f"{'an' if name[0] in 'aeio' or name == 'hour' else 'a'} {name}"
    return f"half {one}" if (top, bottom) == ("1", "2") else f"{fraction(top, bottom)} of {one}"


def mixed(whole: str, top: str, bottom: str) -> str:
    """“two and a half”."""
    part = "a half" if (top, bottom) == ("1", "2") else fraction(top, bottom)
    return f"{cardinal(whole)} and {part}"


def decade(number: str) -> str:
    """“1990” or “90” as a decade: “nineteen nineties”, “nineties”."""
    said = year(number) if len(number) == 4 else cardinal(number)
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"
