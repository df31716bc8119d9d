"""Tells intended line ends in a paragraph from those that only come from wrapping.

Text from PDFs, e-mails and terminals is cut into lines of about one width. A line end is wrapping if the next line's
first word would not have fitted; every other one (headings, lists, verse, short labels) is intentional and is read as
such.
"""

from __future__ import annotations

import re

from reader.text.script import UNSPACED, script_of

_ITEM = re.compile(r"[ \t>]*(?:[-*•‣◦▪·–—+]|\(?\d{1,3}[.)]|\(?(?:[a-zA-Z]|[ivx]{2,4})[.)]|#{1,6})[ \t]")
# What lines of logs, subtitles and tables of contents begin or end with.
_STAMP = re.compile(
    r"[ \t>]*\[(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL|OK|FAILED|NOTICE|[+*!-])\] "
    r"|[ \t>]*\[?(?:\d{4}-\d\d-\d\d[ T]\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:|\d+\.\d{6}\])"
    r"|[ \t]*File \"[^\"\n]+\", line \d|(?:\w+\.)*\w*(?:Error|Exception|Warning): |[-dlbcps][-rwxsStT]{9}[.+@]? "
)
# Mail header lines, in several languages.
_MAIL_HEAD = re.compile(
    r"[ \t>]*(?:From|To|Cc|CC|Bcc|Date|Sent|Subject|Reply-To|Attachments?|Von|An|Gesendet|Datum|Betreff|De|À|Envoyé|"
    r"Objet|Para|Enviado|Asunto|Fecha|Da|A|Inviato|Oggetto|Data|Assunto|Verzonden|Aan|Onderwerp): \S"
)
_LEADER = re.compile(r"(?:\.[ \t]?){4,}[ \t]*[\divxlc]+[ \t]*\Z")
_HYPHENED = re.compile(r"[^\W\d_]{2}[-\u2010\u00ad\x02][ \t]*\Z")
_BOX = re.compile(r"[ \t]*[─-╿]")
_LINE = re.compile(r"[^\n]+")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)*")
# A line does not end after these if the next one continues in lower case.
_UNFINISHED = re.compile(
    r"\s(?:that|this|into|than|is|are|was|were|its|their|our|your|my|his|which|who|be|the|a|an|of|and|or|to|with|for|from|by|at|der|die|das|dem|den|ein|eine|und|oder|von|mit|für|le|la|les|un|une|des|du|"
    r"et|ou|de|el|los|las|y|o|del|con|por|il|gli|di|da|e|het|een|van|voor|i|z|na|od|och|av|för|и|в|на|с|из|для)[ \t]*\Z"
)
# A command typed at a terminal; its output is below it.
_TYPED = re.compile(r"[ \t]*(?:[$%] [a-z./]|>>> \S|[\w.-]+@[\w.-]+:\S*?[$#%] \S|PS [A-Z]:\\|[A-Z]:\\[^\s>]*>\s?\S)")
_SHORTEST_CHARS = 20  # for an unfinished line; shorter ones may be verse
_TITLE_LAST = re.compile(
    r"\b(?:e\.g|i\.e|cf|vs|approx|[Ff]igs?|[Nn]os?|[Vv]ols?|pp|[Ee]qs?|[Rr]efs|z\.\s?B|d\.\s?h|Nr|Abb|bzw|p\.\s?ex"
    r"|Mr|Mrs|Ms|Dr|Prof|Mme|Mlle|Sr|Sra|Sig|Hr|Fr)\.[ \t]*\Z"
)
# Text narrower than this is labels, not prose; lines longer than this were never wrapped.
_NARROW_CHARS = 30
_ENDLESS_CHARS = 200
# Proportional type and hyphenation vary the length of full lines: a line this full may be wrapped.
_FULL = 0.78


def blocks(paragraph: str, widest_chars: int = 0) -> tuple[list[tuple[int, int]], int]:
    """Split a paragraph (no blank line inside) at its intended line ends: ([(start, end) in characters], width).

    The spans cover the paragraph in order; the line ends between them belong to none. The width is that of the widest
    line. If the paragraph is processed in parts, `widest_chars` is the width of the parts before.
    """
    lines = [(m.start(), m.end()) for m in _LINE.finditer(paragraph)]
    widths = [_width(paragraph, *line) for line in lines]
    widest = max(widest_chars, *widths) if widths else widest_chars
    found = []
    first = 0
    for i in range(len(lines)):
        if i + 1 == len(lines) or (
            not ("$$" in paragraph and _is_in_formula(paragraph[lines[first][0] : lines[i][1]]))
            and not _hangs(paragraph, lines[first], lines[i + 1])
            and _is_meant(paragraph, lines[i], lines[i + 1], widths[i], widest)
        ):
            found.append((lines[first][0], lines[i][1]))
            first = i + 1
    return found, widest


def _is_in_formula(lines: str) -> bool:
    """Whether the lines open with the “$$” of a formula that has not ended."""
    return lines.lstrip().startswith("$$") and lines.count("$$") == 1 and len(lines) < _ENDLESS_CHARS * 2


def _hangs(text: str, item: tuple[int, int], following: tuple[int, int]) -> bool:
    """Whether a line continues a list item: indented to its text, in lower case."""
    mark, after = _ITEM.match(text, *item), text[slice(*following)]
    if not mark or mark.end() - item[0] != len(after) - len(after.lstrip(" \t")):
        return False
    return after.lstrip()[:1].islower() and not _ITEM.match(after) and "  " not in after.strip()


def _is_meant(text: str, line: tuple[int, int], following: tuple[int, int], width: int, widest: int) -> bool:
    """Whether the writer intended the end of `line`."""
    after = text[slice(*following)]
    if _goes_on_in_quotation(text, line, after) or _is_unfinished(text[slice(*line)], after):
        return False
    if _TYPED.match(text, *line):
        return not text[slice(*line)].rstrip().endswith("\\")
    if _HYPHENED.search(text[slice(*line)]) and after[_QUOTE.match(after).end() :][:1].islower():  # type: ignore[union-attr]
        return False
    if widest < _NARROW_CHARS or widest > _ENDLESS_CHARS or _ITEM.match(after):
        return True
    if _STAMP.match(after) or _MAIL_HEAD.match(after) or _BOX.match(after) or _LEADER.search(text[slice(*line)]):
        return True
    if _depth(text[slice(*line)]) != _depth(after):
        return True
    if text[slice(*line)].rstrip().endswith(("-", "\u2010", "\u00ad")):
        return False
    script, next_script = _first_script(text[slice(*line)]), _first_script(after)
    if script and next_script and script != next_script:
        return True
    if next_script in UNSPACED:
        return width + 1 <= _FULL * widest
    first_word = after[_QUOTE.match(after).end() :].split(maxsplit=1)[:1]  # type: ignore[union-attr]
    return bool(first_word) and width + 1 + len(first_word[0]) <= _FULL * widest


def _is_unfinished(line: str, after: str) -> bool:
    """Whether nobody would end a line there: after an article or a title, before what belongs to it."""
    if _ITEM.match(after):
        return False
    return _TITLE_LAST.search(line) is not None or (
        len(line) >= _SHORTEST_CHARS and after.lstrip()[:1].islower() and _UNFINISHED.search(line) is not None
    )


def _depth(line: str) -> int:
    """The quoting depth of a line."""
    return _QUOTE.match(line).group().count(">")  # type: ignore[union-attr]


def _goes_on_in_quotation(text: str, line: tuple[int, int], after: str) -> bool:
    """Whether a short line of a mail continues in the next one: after a comma, in lower case."""
    depth = _depth(after)
    if not depth or _depth(text[slice(*line)]) != depth or _ITEM.match(after):
        return False
    first = after[_QUOTE.match(after).end() :].lstrip()[:1]  # type: ignore[union-attr]
    return text[slice(*line)].rstrip().endswith(",") and first.islower()


def _first_script(line: str) -> str:
    """The script of the line's first letter."""
    return next(filter(None, map(script_of, line[:80])), "")


def _width(text: str, start: int, end: int) -> int:
    """The length of a line without indentation and quote marks."""
    return len(text[_QUOTE.match(text, start, end).end() : end].rstrip())  # type: ignore[union-attr]
