"""The article of a web page, as paragraphs and headings."""

from __future__ import annotations

import pytest

from reader.documents import html_page
from reader.documents.document import TITLE, Block, Heading, chapters

LOREM = "It was a dark and stormy night, and the rain fell in torrents, except at occasional intervals. " * 3


def read(page: str) -> list[Block]:
    return [block for block in html_page.of_text(page) if block.level != TITLE]


def texts(page: str) -> list[str]:
    return [block.text for block in read(page)]


def test_headings_paragraphs_and_the_title() -> None:
    found = list(
        html_page.parse(b"<title>T &amp; U</title><h1>One</h1>\n<p>First\n<b>bold</b>.<p>Second.<h2>Two</h2>x")
    )
    assert found == [
        Block("T & U", TITLE),
        Block("One", 1),
        Block("First bold."),
        Block("Second."),
        Block("Two", 2),
        Block("x"),
    ]


@pytest.mark.parametrize(
    ("levels", "begun"),
    [([1, 2, 3, 2], [1, 2, 2]), ([1, 1, 2, 2], [1, 1]), ([2, 3, 3], [2, 3, 3]), ([1], []), ([1, 2], []), ([], [])],
)
def test_chapters_begin_at_the_highest_headings_of_which_there_are_several(levels: list[int], begun: list[int]) -> None:
    headings = [Heading("x", level, at) for at, level in enumerate(levels)]
    assert [heading.level for heading in chapters(headings)] == begun


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><a href=x>Home</a></nav>",
        "<header><a href=x>Home</a> <a href=y>News</a></header>",
        "<footer>All rights reserved.</footer>",
        "<aside>Buy this.</aside>",
        "<div role=navigation>Where</div>",
        "<div class='site-sidebar wide'>More</div>",
        "<ul class=breadcrumbs><li>Up</li></ul>",
        "<div id=menu><a href=x>One</a><a href=y>Two</a></div>",
        "<div class='cookie-banner'>We use cookies.</div>",
        "<form><input name=q><button>Search</button> Find</form>",
        "<script>var a = '<p>no</p>';</script>",
        "<style>p {color: red}</style>",
        "<p hidden>Not shown.</p>",
        "<p style='display: none'>Not shown.</p>",
        "<span aria-hidden=true>*</span>",
        "<template><p>Later</p></template>",
        "<!-- a remark -->",
        "<select><option>One<option>Two</select>",
        "<noscript>Turn on scripts.</noscript>",
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_furniture_is_not_read(furniture: str, *, is_first: bool) -> None:
    article = f"<h1>A night</h1><p>{LOREM}</p>"
    page = f"<body>{furniture}{article}</body>" if is_first else f"<body>{article}{furniture}</body>"
    assert texts(page) == ["A night", LOREM.strip()]


def test_the_article_is_what_says_so() -> None:
    page = f"<div>Around</div><main><p>{LOREM}</p></main><div>After</div>"
    assert texts(page) == [LOREM.strip()]
    assert texts(page.replace("main", "article")) == [LOREM.strip()]


def test_a_heading_beside_the_article_is_its_heading() -> None:
    assert texts(f"<div><h1>A night</h1></div><main><p>{LOREM}</p></main>") == ["A night", LOREM.strip()]


@pytest.mark.parametrize(
    "page",
    [
        f"<nav><p>{LOREM}</p></nav>",
        f"<form id=aspnetForm><p>{LOREM * 2}</p></form>",
        f"<div class=sidebar><p>{LOREM}</p></div><p>x</p>",
        f"<body class='has-sidebar menu'><div>{LOREM}</div></body>",
        f"<main><p>Little.</p></main><p>{LOREM * 3}</p>",
    ],
)
def test_what_is_most_of_the_page_is_never_furniture(page: str) -> None:
    assert LOREM.strip()[:80] in "\n".join(texts(page))


def test_a_page_of_links_is_read() -> None:
    assert texts("<h1>Contents</h1><nav><ul><li><a href=a>One</a><li><a href=b>Two</a></ul></nav>") == [
        "Contents",
        "One",
        "Two",
    ]


def test_lists_have_their_numbers() -> None:
    assert texts("<ol start=3><li>c<li><p>d</p><p>e</p><li value=9>i</ol><ul><li>x</ul>") == [
        "3. c",
        "4. d",
        "e",
        "9. i",
        "x",
    ]


def test_a_row_of_a_table_is_a_line() -> None:
    page = "<table><tr><th>Name<th>Age<tr><td>Ann<td>7<tr><td>Ben.<td></table>"
    assert texts(page) == ["Name, Age", "Ann, 7", "Ben."]
    assert texts("<table><tr><td><p>One.</p><p>Two.</p></td><td><div>Three</div></td></tr></table>") == [
        "One.",
        "Two.",
        "Three",
    ]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<pre>if x:\n    y()\n</pre>", "if x:\ny()"),
        ("x<sup>2</sup> H<sub>2</sub>O 1<sup>st</sup>", "x² H₂O 1st"),
        ("see <img src=x alt='a cat'> here", "see a cat here"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字", "漢字"),
        ("A&nbsp;b &lt;c&gt; &#8217;", "A b <c> ’"),
        ("<h1>Install<a class=headerlink href=#x>¶</a></h1>", "Install"),
        ("<p>one<div>two</div>three", "one|two|three"),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a|b|c|d"),
        ("<![CDATA[raw]]> text", "raw text"),
        ("<![if x]>shown<![endif]><![CDAT x]> text", "shown text"),
        ("<p>left open <b>and <i>nested</p><p>on", "left open and nested|on"),
        ("<math alttext='x+1'><mi>x</mi></math>", "x+1"),
        ("<title/><p>xhtml</p>", "xhtml"),
        ("<script src='x'/><p>xhtml</p>", "xhtml"),
    ],
)
def test_lines(page: str, text: str) -> None:
    assert "|".join(texts(page)) == text


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset=koi8-r><p>Привет, мир".encode("koi8-r"),
        "<p>Привет, мир. Это ещё одно предложение для проверки.".encode("cp1251"),
        "<p>Привет, мир".encode(),
        "<meta charset=utf-8><p>Привет, мир".encode(),
        "<meta charset=iso-8859-1><p>Привет, мир".encode("utf-16"),
        "<meta charset=nonsense><p>Привет, мир".encode(),
        "<meta charset=utf-16><p>Привет, мир".encode(),
        "<meta charset=unicode_escape><p>Привет, мир".encode(),
    ],
)
def test_encodings(data: bytes) -> None:
    (block,) = html_page.parse(data)
    assert block.text.startswith("Привет, мир")


def test_depth_is_no_danger() -> None:
    assert texts("<div>" * 20_000 + "deep" + "</div>" * 20_000 + "<p>after") == ["deep", "after"]
    assert texts("<b>" * 20_000 + "bold") == ["bold"]
