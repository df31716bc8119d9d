"""Removes marks that are not said: of Markdown, HTML, LaTeX, terminals and subtitles. The marked text stays.

Pure. Only recognised marks are removed: a lone "<", "*" or "$" stays. `Markup` remembers across the blocks of one
text whether it is skipping a model's thoughts.
"""

from __future__ import annotations

import html
import re

from reader.text import chosen
from reader.text.choices import MILD, Choices, Code, Footnotes
from reader.text.latex import AROUND, BARE, FOR_COMPUTERS, plain
from reader.text.left_out import Why
from reader.text.traced import Rewriting

_ANSI = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-_])|\[\d{0,3}(?:;\d{1,3})*m(?=\S|\s|\Z)(?<!\[m)"
)
_TIMES = re.compile(
    r"\AWEBVTT[^\n]*(?=\n|\Z)|"
    r"(?:\A|(?<=\n))[ \t]*(?:\d+[ \t]*\n[ \t]*)?(?:\d+:)?\d\d:\d\d[,.]\d{3} --> (?:\d+:)?\d\d:\d\d[,.]\d{3}[^\n]*"
)
_CUE_NUMBER = re.compile(r"\s*\d{1,5}\s*")
_CUE_TIMES = re.compile(r"\s*(?:\d+:)?\d\d:\d\d[,.]\d{3} -->")
_CUE_TIMES_BEGIN = re.compile(r"\s*\d[\d:,.]*(?:[ ]-{0,2})?")
_FENCE = re.compile(r"(?:\A|(?<=\n))[ \t>]*(?:```+|~~~+)[ \t]*[\w+#.-]*[ \t]*(?=\n|\Z)")
_LINE = re.compile(r"[^\n]+")
_FENCE_LINE = re.compile(r"[ \t>]*(?P<fence>```+|~~~+)[ \t]*(?P<info>[^`\s]*)[^`]*")
_DEFINITION = re.compile(
    r"(?:\A|(?<=\n))[ \t]*\[(?!\^)[^\]\n]{1,80}\]:[ \t]+<?(?:\w+://|www\.|/|#)\S*(?:[ \t]+\"[^\"\n]*\")?[ \t]*(?=\n|\Z)"
)
_IMAGE_OR_LINK = re.compile(
    r"(?<!\\)!?\[(?P<text>(?:[^\[\]\n\\]|\\.|\n(?!\n)|!?\[[^\[\]\n]{0,200}\](?:\([^()\n]{0,500}\))?){0,250})\]"
    r"\((?P<to>[^()\s]{0,800}(?:\([^()\s]{0,200}\)[^()\s]{0,200})*)(?:\s+[\"'][^\"'\n]{0,200}[\"'])?\)"
)
_REFERENCE = re.compile(r"!?\[(?!\d{1,3}\]\[\d)(?P<text>[^\[\]\n]{1,200})\]\[[^\[\]\n]{0,80}\]")
_AUTOLINK = re.compile(r"<(?P<to>(?:https?://|mailto:)?[^\s<>@]*[@:/.][^\s<>]*)>")
_FOOTNOTE = re.compile(r"\[\^(?P<name>[^\]\s]{1,40})\]:?")
_CHECKBOX = re.compile(r"(?:\A|(?<=\n))(?P<mark>[ \t]*[-*+][ \t]+)\[[ xX]\][ \t]")
_TABLE_RULE = re.compile(r"(?:\A|(?<=\n))[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?::?-+:?)?[ \t]*(?=\n|\Z)")
_PICTURE = re.compile(
    r"<img\s[^<>]{0,400}?\balt=(?P<quote>[\"'])(?P<text>[^\"'<>]{0,200})(?P=quote)[^<>]{0,400}>", re.I
)
_HEADING = re.compile(r"(?:\A|(?<=\n))[ \t>]*#{1,6}[ \t]+|[ \t]+#{1,6}[ \t]*(?=\n|\Z)")
_MATH = re.compile(
    r"\$\$(?P<block>[^$]{1,600}?)\$\$|\\\[(?P<display>(?:(?!\\\[)[^$]){1,400}?)\\\]|\\\((?P<inline>(?:(?!\\\()[^$]){1,400}?)\\\)"
    r"|(?<![\w$\\])\$(?P<one>(?=[^$\n]*[\\^_{}=]|[A-Za-z]\$)[^\s$](?:[^$\n]{0,300}[^\s$\\])?)\$(?![\w$])"
)
_CODE = re.compile(r"(?P<ticks>`{1,3})(?P<code>[^`\n]{1,400})(?P=ticks)")
_STRONG = re.compile(
    r"(?<![\\\w*_])(?P<mark>\*{1,3}|_{1,3})(?=[^\s*_])(?P<text>[^\n*_]{1,400}?)(?<![\s\\])(?P=mark)(?![\w*_])|(?<!\w)\*\*(?=\S)|(?<=\S)\*\*(?!\w)"
)
_STARS_IN_WORD = re.compile(
    r"(?<=\w)\*{2}(?P<text>[^\s*][^*\n]{0,200})\*{2}|(?<!~)~~(?P<struck>[^\s~][^~\n]{0,400})~~(?!~)|==(?P<lit>[^\s=][^=\n]{0,200})=="
)
# “H~2~O”, “x^2^”.
_RAISED = re.compile(r"(?<=[A-Za-z])~(?P<low>\d{1,2})~(?!~)|(?<=[A-Za-z\d)])\^(?P<high>\d{1,2})\^")
_LOW, _HIGH = (str.maketrans("0123456789", figures) for figures in ("₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
_HARD_BREAK = re.compile(r"(?<=[^\s\\])[ \t]*\\(?=\n|\Z)")
_ESCAPE = re.compile(r"\\(?P<sign>[!\"#$%&'()*+,./:;<=>?@\[\]^_`{|}~-])")
_COMMENT = re.compile(
    r"<!--(?:(?!<!--).){0,2000}?-->|<(?P<tag>script|style)\b[^>]{0,300}>(?:(?!<(?:script|style)).){0,4000}?</(?P=tag)>",
    re.S | re.I,
)
_BLOCK_TAGS = (
    "p|br|div|li|ul|ol|h[1-6]|tr|table|tbody|thead|section|article|header|footer|nav|main|aside|"
    "blockquote|pre|hr|dt|dd|dl|title|head|body|html|form|fieldset|option|summary|details|figure|"
    "figcaption"
)
_INLINE_TAGS = (
    "a|abbr|b|big|bdi|bdo|button|cite|code|data|del|dfn|em|font|i|img|input|ins|kbd|label|mark|meta|link|"
    "q|rp|rt|ruby|s|samp|select|small|span|strike|strong|sub|sup|td|th|time|tt|u|var|wbr|video|audio|"
    "source|svg|path|iframe|center|col|colgroup|caption|noscript|textarea"
)
_TAG = re.compile(
    rf"</?(?:(?P<block>{_BLOCK_TAGS})|(?P<inline>{_INLINE_TAGS}))(?:\s[^<>]{{0,600}})?/?>|<!doctype[^<>]{{0,200}}>",
    re.I,
)
_WRITTEN_TAG = re.compile(rf"&lt;(?P<tag>/?(?:{_BLOCK_TAGS}|{_INLINE_TAGS})(?:\s[^<>&]{{0,200}})?/?)&gt;", re.I)
# Speakers and styling in subtitles; and the tags around a model's thoughts.
_VOICE_TAG = re.compile(r"<(?:v|c|lang)(?:\.[\w.]{1,40})?(?:\s[^<>\n]{1,80})?>|</(?:v|c|lang)>")
_THOUGHT_TAG = re.compile(r"</?(?:think|thinking|reasoning|thought|answer)>", re.I)
_ANGLES = re.compile(r"<(?P<word>/?[^\W\d][\w .-]{0,40})>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BOX_SIDE = re.compile(r"[ \t]*[│┃║┆┇┊┋▏▕╎╏](?:[ \t]*[│┃║┆┇┊┋▏▕╎╏])*[ \t]*")
_BOX = re.compile(r"[─-╿▀-▟]+[ \t]?")
_POWERSHELL = re.compile(r"(?:\A|(?<=\n))PS (?=[A-Z]:\\[^\n<>|?*\"]{0,200}> ?\S)")
_PROMPT = re.compile(
    r"(?:\A|(?<=\n))(?P<where>[A-Z]:\\[^\n<>|?*\"]{0,200})> ?(?=\S)|"
    r"(?:\A|(?<=\n))(?P<who>[\w.-]+@[\w.-]+:\S*?)[$#%][ \t](?=\S)"
    r"|(?:\A|(?<=\n))[$%] (?=[a-z./])|(?:\A|(?<=\n))>>> (?=\S)"
)
_HUNK = re.compile(r"(?:\A|(?<=\n))@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")  # of a diff
_CODE_COMMENT = re.compile(r"(?:\A|(?<=\n))[ \t]*(?://+|/\*+)(?=[ \t]\S)|[ \t]\*+/(?=[ \t]*(?:\n|\Z))")
# Turn markers in a chat with a language model.
_TURN = re.compile(r"<\|(?:im_start|start_header_id)\|>(?:system|user|assistant|tool)?|<\|[a-z_]{2,30}\|>")
_PROGRESS = re.compile(r"\[[=#*.\->_█▓▒░ ]{4,}\]")
_ASCII_BOX = re.compile(r"(?:\A|(?<=\n))[ \t]*\+(?:[-=]{2,}\+)+[ \t]*(?=\n|\Z)")
_BROKEN_WORD = re.compile(
    r"(?<=[a-zß-öø-ÿ]{2})- (?=[a-zß-öø-ÿ]{2})"
    r"(?!(?:and|or|to|und|oder|bis|sowie|et|ou|y|e|o|en|of|och|eller|as|than|but|i|lub)\b)"
)
_LEADER = re.compile(r"[ \t]*(?:\.[ \t]?){5,}[ \t]*|[ \t]*…{2,}[ \t]*|[ \t]*(?:·[ \t]?){4,}")
_OPEN_THOUGHT = re.compile(r"\s*<(?:think|thinking|reasoning|thought)>", re.I)
_CLOSE_THOUGHT = re.compile(r"</(?:think|thinking|reasoning|thought)>", re.I)
# Signs that a block may contain markup: most contain none, and this rules them out quickly.
_MAY_BE = re.compile(
    r"[\x1b<&\\`*_~$#|\[=─-▟]|-->|- [a-zß-ÿ]|\.{4}|(?:\. ){4}|…{2}|·{2}|>>>|% |\+[-=]{2}|@@ -|WEBVTT|/[/*] "
)


def may_be_cue(block: str, following: str) -> bool:
    """Whether a block may be a subtitle's number whose times have only begun to arrive."""
    return _CUE_NUMBER.fullmatch(block) is not None and _CUE_TIMES_BEGIN.fullmatch(following) is not None


class Markup:
    """Removes the markup of one text. `choices` are the current ones."""

    def __init__(self) -> None:
        self.choices: Choices = MILD
        self.is_thinking = False
        self._fence = ""  # what opened the code block being left out

    def rewritten(self, raw: str, following: str, *, may_think: bool, language: str = "en") -> Rewriting:
        """Return a block without its marks, as the user wants to hear it.

        `following` is the text after it; `may_think`: look for a model's thoughts; `language`: that of the words
        Harken adds.
        """
        text = Rewriting(raw)
        if _CUE_NUMBER.fullmatch(raw) and _CUE_TIMES.match(following):
            text.replace(_CUE_NUMBER, lambda _: "", Why.TIMES)
        if self.choices.code is not Code.READ or self._fence:
            text.replace(_LINE, lambda m: self._code_left_out(m, language), Why.CODE)
        if self.is_thinking or _MAY_BE.search(text.text):
            self._pass_over_thoughts(text, may_think=may_think and not self.choices.thoughts)
            _terminal(text)
            _formulas(text)
            _footnotes(text, self.choices.footnotes)
            if self.choices.marks:
                _named(text, language)
            else:
                _markdown(text)
            _tags(text)
        chosen.rewrite(text, language, self.choices)
        return text

    def _code_left_out(self, m: re.Match[str], language: str) -> str:
        """A line, unless it belongs to a fenced code block."""
        fence = _FENCE_LINE.fullmatch(m.group())
        if not self._fence and fence:
            self._fence = fence["fence"]
            return f"{chosen.word('code', language)}." if self.choices.code is Code.NAME else ""
        if not self._fence:
            return m.group()
        if fence and fence["fence"].startswith(self._fence) and not fence["info"]:
            self._fence = ""
        return ""

    def _pass_over_thoughts(self, text: Rewriting, *, may_think: bool) -> None:
        if not self.is_thinking and (not may_think or not _OPEN_THOUGHT.match(text.text)):
            return
        end = _CLOSE_THOUGHT.search(text.text)
        self.is_thinking = end is None
        text.replace(_THOUGHT_TO_END if end is None else _THOUGHT, lambda _: "", Why.THOUGHTS)


_THOUGHT = re.compile(r"\A.*?</(?:think|thinking|reasoning|thought)>", re.S | re.I)
_THOUGHT_TO_END = re.compile(r"\A.*\Z", re.S)


def _terminal(text: Rewriting) -> None:
    text.replace(_ANSI, lambda _: "", Why.CODES)
    text.replace(_TIMES, lambda _: "", Why.TIMES)
    text.replace(_POWERSHELL, lambda _: "", Why.MARKS)
    text.replace(_PROMPT, lambda m: f"{m['who'] or m['where']}: " if m["who"] or m["where"] else "")
    text.replace(_HUNK, lambda _: "", Why.MARKS)
    text.replace(_CODE_COMMENT, lambda _: "")
    text.replace(_TURN, lambda _: "", Why.MARKS)
    text.replace(_BOX_SIDE, _side)
    text.replace(_BOX, lambda _: " ")
    text.replace(_ASCII_BOX, lambda _: "")
    text.replace(_PROGRESS, lambda _: " ")
    text.replace(_LEADER, lambda m: ", " if m.string[m.end() : m.end() + 1].isalnum() else m.group())
    text.replace(_BROKEN_WORD, lambda _: "")


def _side(m: re.Match[str]) -> str:
    """A comma between two cells; nothing at the edge of a table or tree."""
    line = m.string[m.string.rfind("\n", 0, m.start()) + 1 : m.start()]
    rest = m.string[m.end() :].partition("\n")[0]
    has_cells = any(map(str.isalnum, line)) and any(map(str.isalnum, rest))
    return ", " if has_cells else " "


def _formulas(text: Rewriting) -> None:
    text.replace(_MATH, lambda m: plain(m["block"] or m["display"] or m["inline"] or m["one"]), Why.SIGNS)
    text.replace(BARE, lambda m: f" {plain(m.group())} ", Why.SIGNS)
    text.replace(FOR_COMPUTERS, lambda _: "", Why.CODES)
    text.replace(AROUND, lambda m: m["text"], Why.CODES)
    text.replace(AROUND, lambda m: m["text"], Why.CODES)  # nested ones


def _footnotes(text: Rewriting, choice: Footnotes) -> None:
    if choice is Footnotes.READ:
        text.replace(_FOOTNOTE, lambda m: f" [{m['name']}]")
    else:
        text.replace(_FOOTNOTE, lambda _: "", Why.FOOTNOTES)


def _named(text: Rewriting, language: str) -> None:
    """Markdown as written: its marks by name, and the addresses of links."""
    for pattern in (_FENCE, _HEADING, _CODE, _STRONG, _STARS_IN_WORD):
        text.replace(pattern, lambda m: chosen.named(m, language))


def _markdown(text: Rewriting) -> None:
    text.replace(_FENCE, lambda _: "", Why.MARKS)
    text.replace(_DEFINITION, lambda _: "", Why.LINKS)
    text.replace(_TABLE_RULE, lambda _: "")
    text.replace(_CHECKBOX, lambda m: m["mark"], Why.MARKS)
    text.replace(_IMAGE_OR_LINK, lambda m: _IMAGE_OR_LINK.sub(r"\g<text>", m["text"]), Why.LINKS)
    text.replace(_REFERENCE, lambda m: m["text"], Why.LINKS)
    text.replace(_CODE, lambda m: m["code"])
    text.replace(_STRONG, lambda m: m["text"] or "")
    text.replace(_STRONG, lambda m: m["text"] or "")  # “***both***” and nested ones
    text.replace(_STARS_IN_WORD, lambda m: m["text"] or m["struck"] or m["lit"])
    text.replace(_RAISED, lambda m: m["low"].translate(_LOW) if m["low"] else m["high"].translate(_HIGH))
    text.replace(_HEADING, lambda _: "")
    text.replace(_HARD_BREAK, lambda _: "")
    text.replace(_ESCAPE, lambda m: "" if m["sign"] in "*_`#" else m["sign"])


def _tags(text: Rewriting) -> None:
    text.replace(_WRITTEN_TAG, lambda m: f"<{m['tag']}>", Why.TAGS)  # HTML within HTML, as in feeds
    text.replace(_COMMENT, lambda _: " ", Why.HIDDEN)
    text.replace(_PICTURE, lambda m: f"{m['text']} ", Why.TAGS)
    text.replace(_THOUGHT_TAG, lambda _: " ", Why.MARKS)
    text.replace(_VOICE_TAG, lambda _: "", Why.TAGS)
    text.replace(_TAG, _tag, Why.TAGS)
    text.replace(_AUTOLINK, lambda m: m["to"].removeprefix("mailto:"), Why.LINKS)
    text.replace(_ANGLES, _angles)
    text.replace(_ENTITY, lambda m: html.unescape(m.group()), Why.SIGNS)


def _angles(m: re.Match[str]) -> str:
    """The text in angle brackets, kept apart from its neighbour: “vector<int>”."""
    before, after = m.string[: m.start()][-1:], m.string[m.end() : m.end() + 1]
    return f"{' ' if before.isalnum() else ''}{m['word']}{' ' if after.isalnum() else ''}"


def _tag(m: re.Match[str]) -> str:
    """End a sentence where a paragraph or an item ends."""
    if not m["block"]:
        return " " if (m["inline"] or "").lower() in ("td", "th", "img") else ""
    before = m.string[: m.start()].rstrip()
    if m["block"].lower() == "br" and m.string[m.end() :].lstrip()[:1].islower():
        return " "  # a line end within a sentence
    return ". " if before and before[-1].isalnum() and m.string[m.end() :].strip() else " "
