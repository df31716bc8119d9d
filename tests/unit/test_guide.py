"""The guide: complete, in every language, without a dead link, and plain enough for everybody."""

from __future__ import annotations

import importlib
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

from reader.cli.parser import make_parser
from reader.hotkeys.chord import LINUX
from reader.settings.schema import SETTINGS

if not os.environ.get("CI"):
    pytest.importorskip("markdown_it", reason="run packaging/setup.sh")

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "docs" / "guide"
LANGUAGES = ("en", "de", "ar")
TRANSLATED = LANGUAGES[1:]
NAMES = sorted(path.stem for path in SOURCES.glob("*.md"))
MAX_WORDS = 700
# Modules that the documents name like settings.
NO_SETTINGS = {"keys.py"}
# What every Markdown file of the project may link to, besides the web.
DOCUMENTS = [path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if path.stem != "LICENSE"]


class Document(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.prose: list[str] = []
        self.text: list[str] = []
        self._tables = 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._tables += tag in ("table", "style", "nav")

    def handle_endtag(self, tag: str) -> None:
        self._tables -= tag in ("table", "style", "nav")

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if not self._tables:
            self.prose.append(data)

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch("h[1-6]", tag)]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for tag, attributes in self.tags if tag == "a" and "href" in attributes]


def builder(name: str) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "packaging"))
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def guide() -> ModuleType:
    return builder("guide")


@pytest.fixture(scope="module")
def facts() -> ModuleType:
    return builder("guide_facts")


@pytest.fixture(scope="module")
def built(guide: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("help")
    guide.build(folder)
    return folder


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, dict[str, Document]]:
    return {
        language: {path.stem: Document(path) for path in (built / language).glob("*.html")} for language in LANGUAGES
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_the_documents_leads_somewhere(path: Path) -> None:
    text = re.sub(r"^(    |```).*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    assert not [link for link in links if "://" not in link and not (path.parent / link.partition("#")[0]).exists()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_the_pages_leads_to_a_page_and_a_place_on_it(
    language: str, pages: dict[str, dict[str, Document]]
) -> None:
    there = {f"{name}.html": page for name, page in pages[language].items()}
    dead = []
    for page in there.values():
        for link in page.links:
            name, _, anchor = link.partition("#")
            target = there.get(name) if name else page
            if target is None or (anchor and anchor not in target.ids):
                dead.append(f"{page.path.name}: {link}")
    assert not dead


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_reached_from_the_first_one(language: str, pages: dict[str, dict[str, Document]]) -> None:
    first = {link.partition("#")[0] for link in pages[language]["index"].links}
    assert {f"{name}.html" for name in NAMES} - {"index.html"} <= first
    back = [name for name, page in pages[language].items() if name != "index" and "index.html" not in page.links]
    assert not back


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_has_its_place(language: str, pages: dict[str, dict[str, Document]], facts: ModuleType) -> None:
    page = pages[language]["settings"]
    assert set(SETTINGS) <= set(page.ids)
    text = "".join(page.text)
    assert not [row.key for row in SETTINGS.values() if facts.say(row.label, language) not in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_has_its_place(
    language: str, pages: dict[str, dict[str, Document]], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "".join(pages[language]["commands"].text)
    names = re.findall(r"^    ([\w-]+)", make_parser().format_help(), flags=re.MULTILINE)
    assert len(names) > 10
    for name in names:
        with pytest.raises(SystemExit):
            make_parser().parse_args([name, "--help"])
        options = set(re.findall(r"(?<=\s)--[a-z-]+", capsys.readouterr().out)) - {"--help"}
        section = "".join(re.findall(rf"\nharken {name}\b.*?(?=\nharken |$)", text, flags=re.DOTALL))
        assert section
        assert not [option for option in options if option not in section]


@pytest.mark.parametrize("what", ["label:no.such", "ui:No such text", "key:louder", "settings:none", "nothing"])
def test_what_the_program_does_not_have_is_refused(what: str, facts: ModuleType) -> None:
    with pytest.raises(facts.GuideError, match="page.md.*" + what):
        facts.Filling("en").fill(f"See {{{{{what}}}}}.", "page.md")


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_page_is_there_in_each_language_with_the_same_headings(
    language: str, pages: dict[str, dict[str, Document]]
) -> None:
    assert sorted(pages[language]) == NAMES
    assert {n: p.headings for n, p in pages[language].items()} == {n: p.headings for n, p in pages["en"].items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_plain_and_can_be_read_by_everybody(language: str, pages: dict[str, dict[str, Document]]) -> None:
    for name, page in pages[language].items():
        assert page.headings[0] == 1, name
        assert page.headings.count(1) == 1, name
        assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False)), name
        assert len(page.ids) == len(set(page.ids)), name
        whole = dict(page.tags)["html"]
        assert whole == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
        assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th"), name
        assert all(attributes.get("alt") for tag, attributes in page.tags if tag == "img"), name
        assert not {tag for tag, _ in page.tags} & {"script", "iframe", "link", "object", "form"}, name
        text = page.path.read_text(encoding="utf-8")
        assert "{{" not in text, name
        assert not re.search('="[^"]*://', text), name  # in a sentence an address is an example, to be typed


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_long(language: str, pages: dict[str, dict[str, Document]]) -> None:
    """Tables, and the pages in which things are looked up, apart."""
    long = {name: n for name, page in pages[language].items() if (n := len("".join(page.prose).split())) > MAX_WORDS}
    assert set(long) <= {"commands", "settings"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_documents_tell_to_type_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"^    .*|`[^`\n]+`", text, flags=re.MULTILINE))
    commands = set(re.findall(r"^    (\w+)", make_parser().format_help(), flags=re.MULTILINE))
    assert set(re.findall(r"\bharken ([a-z]+)", code)) <= commands
    pages = "|".join({key.partition(".")[0] for key in SETTINGS})
    assert set(re.findall(rf"(?<![\w./:-])(?:{pages})\.[a-z_]+\b(?![.(:/])", code)) - NO_SETTINGS <= set(SETTINGS)
    assert set(re.findall(r"Super\+Alt\+\w+", text)) <= set(LINUX.values())
