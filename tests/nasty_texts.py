"""Texts that people select by mistake and that programs of this kind choke on, each as long as is wanted."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

_PROSE = (
    "The committee met on Tuesday, to discuss (see Dr. Smith's paper) the budget for 2026. It was “fine”, he said! "
)
_CHINESE = "委员会星期二开会讨论明年的预算"
_THAI = "คณะกรรมการประชุมกันเมื่อวันอังคารเพื่อหารือ"
_JAVASCRIPT = 'function(a,b){return a+b;}var c=[1,2,3];if(!d){e.f("g",h?i:j)}'
_LOG = "2026-01-01 12:00:00.123 INFO  [main-17] o.e.s.Server@1f2e3d - Started in 1234ms, 0x7ffe\n"
_ANSWER = "### Step 1\n\n- **Do** `this`:\n\n```py\nprint('x')\n```\n\n> quoted [link](https://a.b/c?d=e) $x^2$\n\n"


def _repeated(pattern: str) -> Callable[[int], str]:
    return lambda chars: (pattern * (chars // len(pattern) + 1))[:chars]


def _around(opening: str, middle: str, closing: str) -> Callable[[int], str]:
    return lambda chars: opening * (chars // 2) + middle + closing * (chars // 2)


def _wrapped(width: int) -> Callable[[int], str]:
    line = ("lorem ipsum dolor sit amet consectetur adipiscing elit sed do " * 4)[:width].strip() + "\n"
    return _repeated(line)


def _base64(chars: int) -> str:
    return base64.b64encode(random.Random(1).randbytes(chars)).decode()[:chars]


def _anything(chars: int) -> str:
    chosen = random.Random(2)
    return "".join(chr(chosen.randrange(0x110000)) for _ in range(chars))


def _marked_letters(chars: int) -> str:
    chosen = random.Random(3)
    marks = [chr(c) for c in range(0x300, 0x370)]
    return "".join(c + "".join(chosen.choices(marks, k=15)) for c in "zalgo" * (chars // 80 + 1))[:chars]


# Of each kind, a function from a length in characters to a text of about that length.
NASTY: dict[str, Callable[[int], str]] = {
    # Nothing in it makes a sound, or hardly anything.
    "lines of dashes": _repeated("-\n"),
    "lines of braces": _repeated("    }\n"),
    "paragraphs of dashes": _repeated("-\n\n"),
    "empty cells of a table": _repeated("| - | - |\n"),
    "icons": _repeated("\ue001"),
    "lines of icons": _repeated("\uf0e0\n"),
    "icons and joiners": _repeated("\ue001\u200d"),
    "dots": _repeated("."),
    "dots and spaces": _repeated(". "),
    "pipes": _repeated("|"),
    "pipes and spaces": _repeated("| "),
    "opening brackets": _repeated("["),
    "nested brackets": _around("([{", "x", "}])"),
    "nested quotes": _around("“‘", "x", "’”"),
    "straight quotes": _repeated('"'),
    "opening quotes": _repeated("“"),
    "quote marks of mails": _repeated("> > > >\n"),
    "quoting without end": _repeated(">"),
    "rules": _repeated("----====____"),
    "drawn boxes": _repeated("─│┌┐└┘├┤┬┴┼"),
    "ellipses": _repeated("…"),
    "marks": _repeated("?!"),
    "spaces": _repeated(" "),
    "tabs": _repeated("\t"),
    "line ends": _repeated("\r\n"),
    "carriage returns": _repeated("\r"),
    "no-break spaces": _repeated("\u00a0"),
    "control characters": _repeated("".join(map(chr, range(1, 32)))),
    "zeros": _repeated("\0"),
    "zero width": _repeated("\u200b\ufeff\u2060"),
    "joiners": _repeated("\u200d\u200c"),
    "right to left": _repeated("\u200f\u202b\u2067"),
    "soft hyphens": _repeated("\u00ad"),
    "lone surrogates": _repeated("\ud83d"),
    "variation selectors": _repeated("\ufe0f"),
    "combining marks": _repeated("\u0301"),
    # No word or sentence ends in it.
    "a word without end": _repeated("x"),
    "a number without end": _repeated("1234567890"),
    "a sentence without end": _repeated("and then we went on and "),
    "clauses without end": _repeated("and on, "),
    "base64": _base64,
    "address": _repeated("https://example.org/a-b_c/d?e=f&g=%20h#i/"),
    "mail addresses": _repeated("a.b+c@example.org; "),
    "minified JavaScript": _repeated(_JAVASCRIPT),
    "Chinese": _repeated(_CHINESE),
    "Chinese stops": _repeated("是。"),
    "Chinese quotes": _repeated("「是。"),
    "Thai": _repeated(_THAI),
    "Khmer": _repeated("គណៈកម្មការបានជួបគ្នា"),
    "Tibetan": _repeated("བོད་ཡིག།"),
    "Jamo": _repeated("\u1100\u1161\u11a8"),
    "fake bold": _repeated("𝐀𝓫𝕮"),
    "Arabic forms": _repeated("\ufe8d\ufef3\ufedf "),
    "marked letters": _marked_letters,
    "alphabets mixed": _repeated("aа"),
    # It ends all the time.
    "letters with dots": _repeated("a. "),
    "initials": _repeated("A."),
    "numbers of items": _repeated("1. "),
    "marks of items": _repeated("- x\n"),
    "hyphens at line ends": _repeated("exam-\n"),
    "letters between tags": _repeated("<b>a</b>"),
    "words between joiners": _repeated("a\u200db\u200c "),
    "dandas": _repeated("क। "),
    "emoji": _repeated("😀"),
    "families": _repeated("👨‍👩‍👧‍👦🏳️‍🌈1️⃣"),
    "flags": _repeated("🇩🇪🇫🇷"),
    # What people do select.
    "prose": _repeated(_PROSE),
    "prose in lines": _wrapped(72),
    "verse": _wrapped(28),
    "table of numbers": _repeated('12,34.5,"a b",,-\n'),
    "markdown table": _repeated("| a | 1 | b |\n|---|:-:|--:|\n"),
    "log": _repeated(_LOG),
    "escape codes": _repeated("\x1b[31mred\x1b[0m "),
    "progress": _repeated("\r 42% [####    ]"),
    "an assistant's answer": _repeated(_ANSWER),
    "HTML": _repeated('<p class="a">b &amp; c<br/></p>'),
    "SSML": _repeated("<speak><p><s>a</s></p>"),
    "entities": _repeated("&#x41;&amp;&nbsp;"),
    "LaTeX": _repeated(r"\frac{a}{b} \begin{x} $y_1$ "),
    "JSON": _repeated('{"a": ["b", {"c": 1.5e-3}], '),
    "Arabic": _repeated("اجتمعت اللجنة يوم الثلاثاء، لمناقشة الميزانية. "),
    "languages mixed": _repeated("one два 三 τέσσερα пять ששה "),
    "anything": _anything,
}
