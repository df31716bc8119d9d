"""What stands at the cursor in a browser, a viewer of PDFs and a terminal of Wayland's own: a key, and it is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desk import wait_for
from tests.wayland.desk import WaylandDesk

pytestmark = pytest.mark.desktop

KEYS = {
    "read-focus": "Super+Alt+U",
    "read-word": "Super+Alt+W",
    "read-line": "Super+Alt+L",
    "read-sentence": "Super+Alt+S",
    "read-paragraph": "Super+Alt+P",
    "read-rest": "Super+Alt+T",
    "read-document": "Super+Alt+O",
}
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>A page</title><body>
<h1>The title of the page.</h1>
<p>A paragraph with <b>bold words</b> and <a href="#one">a first link</a> in it. It has a second sentence.</p>
<p></p><p><img alt="a red boat" src="data:,"></p>
<ul><li>The first item.</li><li>The item with <a href="#two">a second link</a>.</li></ul>
<table><tr><th>City</th><th>People</th></tr><tr><td>Rome</td><td>three million</td></tr></table>
<form><input aria-label="Name" value="Anna"><input type="password" aria-label="Secret" value="hunter2">
<input type="checkbox" checked aria-label="Agree"><button>Send</button></form>
<div><div><section><p>A deep paragraph.</p></section></div></div>
<iframe srcdoc="<p>Within a frame.</p>"></iframe><p>The last paragraph.</p></body></html>"""
ORDER = [
    "The title of the page.", "A paragraph with bold words and a first link in it.", "It has a second sentence.",
    "a red boat", "The first item.", "The item with a second link.", "City", "Rome", "three million",
    "Name, text field, Anna", "Agree, check box, checked", "Send, button", "A deep paragraph.", "Within a frame.",
    "The last paragraph.",
]  # fmt: skip


@pytest.fixture(scope="module")
def session(wayland_root: Path) -> Iterator[WaylandDesk]:
    """Sway, on which programs are asked for their text and Harken has keys for all of it."""
    with WaylandDesk("sway", wayland_root) as desk:
        desk.start_harken()
        desk.harken_run("settings", "set", "reading.go_on", "false")  # the same document is read again and again
        for command, chord in KEYS.items():
            assert desk.harken_run("settings", "set", f"keys.{command.replace('-', '_')}", chord).returncode == 0
        assert desk.harken_run("settings", "set", "reading.enable_accessibility", "on").returncode == 0
        wait_for(lambda: any(KEYS.keys() <= r["names"].keys() for r in desk.records() if r["event"] == "keys"), "keys")
        yield desk


@pytest.fixture
def desk(session: WaylandDesk) -> Iterator[WaylandDesk]:
    yield session
    session.harken_run("stop")
    session.close_windows()


def press(desk: WaylandDesk, command: str) -> str:
    """Press its key, and return what is said or told first."""
    desk.harken_run("stop")
    desk.begin()
    desk.press(KEYS[command].lower())
    wait_for(lambda: desk.spoken() or desk.notices(), "anything")
    return (desk.notices() or desk.spoken())[0]


def open_program(desk: WaylandDesk, first: str, *command: str) -> None:
    """Start a program, and wait until its text is what a key reads."""
    desk._windows.append(desk.start(command, "program"))
    wait_for(lambda: press(desk, "read-document").startswith(first), f"“{first}” in the focus", 90.0)
    desk.harken_run("stop")


def open_page(desk: WaylandDesk, page: str, first: str) -> None:
    place = desk.write("page.html", page)
    profile = ["--no-remote", "--profile", "/desk/home"]
    open_program(desk, first, "env", "MOZ_ENABLE_WAYLAND=1", "firefox-esr", *profile, f"file://{place}")


def heard_whole(desk: WaylandDesk) -> str:
    """All that is read in the end."""
    wait_for(lambda: any(record["event"] == "ended" for record in desk.records()), "the end", 120.0)
    return " ".join(desk.spoken())


class TestBrowser:
    def test_a_page_is_read_across_the_objects_that_make_it(self, desk: WaylandDesk) -> None:
        open_page(desk, PAGE, "The title of the page")
        press(desk, "read-document")
        said = heard_whole(desk)
        places = [said.find(part) for part in ORDER]
        assert -1 not in places, said
        assert places == sorted(places)
        assert "hunter2" not in said
        wait_for(lambda: bool(desk.recorder.sound().any()), "a sound")

        desk.press("tab")
        wait_for(lambda: press(desk, "read-focus") == "a first link, link", "the focus on the link")
        assert press(desk, "read-sentence").startswith("A paragraph with bold words")
        assert press(desk, "read-rest").startswith("a first link in it.")
        assert "The title" not in heard_whole(desk)
        desk.press("tab")
        desk.press("tab")
        wait_for(lambda: press(desk, "read-focus") == "Anna", "the focus in the field")
        assert press(desk, "read-word") == "Anna"
        desk.press("tab")
        wait_for(lambda: "password field" in press(desk, "read-focus"), "the password's field")
        for command in KEYS:
            assert "password field" in press(desk, command)

    def test_a_long_page_is_heard_at_once_and_asked_for_only_as_it_is_heard(self, desk: WaylandDesk) -> None:
        part = "<p>Paragraph {} has <a href='#'>a link</a> and some more words, so that it takes its time.</p>"
        open_page(desk, f"<title>Long</title>{''.join(map(part.format, range(5000)))}", "Paragraph 0")
        assert press(desk, "read-document").startswith("Paragraph 0 has a link and")
        for _ in range(3):
            desk.harken_run("next")
        wait_for(lambda: any("Paragraph 3 has" in text for text in desk.spoken()), "the fourth paragraph")
        desk.harken_run("stop")
        desk.harken_run("resume")
        wait_for(lambda: any("Paragraph 4 has" in text for text in desk.spoken()), "the fifth, after a stop")

    def test_a_browser_that_closes_while_it_is_read_is_told(self, desk: WaylandDesk) -> None:
        paragraphs = "".join(f"<p>Paragraph {i} <a href='#'>link</a> {'of many words ' * 30}</p>" for i in range(400))
        open_page(desk, f"<title>Long</title>{paragraphs}", "Paragraph 0")
        press(desk, "read-document")
        desk.close_windows()
        for _ in range(400):
            if any("has closed this text" in notice for notice in desk.notices()):
                break
            desk.harken_run("next")
        assert any("has closed this text" in notice for notice in desk.notices())


def pdf(*pages: str) -> str:
    """A file of pages with a line of text each."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, line in enumerate(pages):
        font = "/Resources << /Font << /F1 3 0 R >> >>"
        parts.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R {font} >>")
        shown = f"BT /F1 18 Tf 72 720 Td ({line}) Tj ET"
        parts.append(f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream")
    written, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(f"{len(written):010d} 00000 n \n")
        written += f"{number} 0 obj\n{part}\nendobj\n"
    size = len(parts) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{''.join(places)}"
    return f"{written}{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF"


def test_a_pdf_is_read_page_by_page_from_the_one_in_front(desk: WaylandDesk) -> None:
    place = desk.write("pages.pdf", pdf("This is the first page.", "Here is the second one.", "The third ends it."))
    open_program(desk, "This is the first", "env", "GDK_BACKEND=wayland", "evince", str(place))
    press(desk, "read-document")
    assert re.sub(r"\s+", " ", heard_whole(desk)) == (
        "This is the first page. Here is the second one. The third ends it."
    )
    desk.press("n")  # Evince's key for the next page
    wait_for(lambda: press(desk, "read-rest").startswith("Here is the second"), "the second page")
    assert heard_whole(desk) == "Here is the second one. The third ends it."


def test_a_terminal_says_what_the_last_command_printed(desk: WaylandDesk) -> None:
    script = "printf 'me@host:~$ echo one\\nOne is here.\\nme@host:~$ ls\\nThe output of it.\\nme@host:~$ '; sleep 600"
    open_program(desk, "me@host", "kgx", "--", "sh", "-c", script)
    assert press(desk, "read-focus") == "The output of it."
    assert press(desk, "read-line").startswith("me@host")
