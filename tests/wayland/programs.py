"""Other people's programs, with a text that is selected in them by keys. Each tells what was typed into it."""

from __future__ import annotations

import contextlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

from tests.desktop.desk import wait_for
from tests.wayland.desk import EDITORS, WaylandDesk

_LIMIT_S = 60.0


# Nothing but the test's page is asked for: all else goes to a proxy that is not there.
_PREFERENCES = {
    "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9, "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.firstRunURL": "", "browser.startup.homepage_override.mstone": "ignore",
}  # fmt: skip


class Window(ABC):
    """A program's window in which a text is selected."""

    def __init__(self, desk: WaylandDesk, text: str) -> None:
        self.desk = desk
        self.text = text

    def select(self) -> None:
        """Once it has come to the front."""
        self.desk.select(self.text, type(self).__name__)

    @abstractmethod
    def has_typed(self) -> str:
        """What came into it with the y that is pressed now, behind its text. Nothing is selected any more then."""


class Editor(Window):
    """An editor with a file. What is typed is in there once it is saved."""

    def __init__(self, desk: WaylandDesk, text: str, command: list[str]) -> None:
        super().__init__(desk, text)
        path = desk.write("program.txt", text)
        self._file = desk.folder / "home" / path.name
        desk.open([*command, str(path)], command[-1])

    def has_typed(self) -> str:
        """See Window."""
        self.desk.press("ctrl+end")
        self.desk.press("y")
        saved = "what was typed, in its file"
        wait_for(lambda: self.desk.save(self._file, lambda text: text.rstrip("\n").endswith("y")), saved, _LIMIT_S)
        return self._file.read_text(encoding="utf-8").rstrip("\n").removeprefix(self.text)


class Foot(Window):
    """A terminal with a program that keeps each key as it comes. Its keys select what they search for."""

    def __init__(self, desk: WaylandDesk, text: str) -> None:
        super().__init__(desk, text)
        self._typed = desk.folder / "home" / "typed"
        desk.write("typed", "")
        self._before = 0  # keys that were pressed to find out whether they arrive
        script = f"printf '{text}\n\033[?25l'; stty raw -echo; exec cat >>/desk/home/typed"
        desk.open(["foot", "sh", "-c", script], "foot")

    def select(self) -> None:
        """See Window."""
        wait_for(lambda: self.desk.press("x") or self._typed.read_text(), "the terminal", _LIMIT_S)
        letters = ["space" if letter == " " else letter for letter in self.text]
        self.desk.select(self.text, "foot", "ctrl+shift+r", *letters, "enter")
        self._before = len(self._typed.read_text())

    def has_typed(self) -> str:
        """See Window."""
        self.desk.press("y")
        wait_for(lambda: self._typed.read_text().endswith("y"), "what was typed", _LIMIT_S)
        return self._typed.read_text()[self._before :]


class Firefox(Window):
    """A page with nothing but a text field; what is in there, it sends to its server."""

    _page = "<textarea autofocus>{text}</textarea>"
    _script = "t = document.querySelector('textarea');\nt.oninput = () => fetch('/', {method: 'POST', body: t.value})"

    def __init__(self, desk: WaylandDesk, text: str, port: int) -> None:
        super().__init__(desk, text)
        profile = desk.folder / "home" / "firefox"
        profile.mkdir(exist_ok=True)
        profile.chmod(0o777)
        lines = [f'user_pref("{name}", {_written(value)});\n' for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines))
        command = ["env", "MOZ_ENABLE_WAYLAND=1", "firefox-esr", "--no-remote", "--profile", "/desk/home/firefox"]
        desk.open([*command, f"http://127.0.0.1:{port}/"], "firefox")

    @classmethod
    @contextlib.contextmanager
    def opened(cls, desk: WaylandDesk, text: str) -> Iterator[Firefox]:
        """With its page's server."""
        page = f"<!doctype html><title>Page</title>{cls._page.format(text=text)}<script>{cls._script}</script>"
        with _server(page) as (port, sent):
            window = cls(desk, text, port)
            window.sent = sent
            yield window

    sent: list[str]

    def has_typed(self) -> str:
        """See Window."""
        self.desk.press("ctrl+end")
        self.desk.press("y")
        wait_for(lambda: self.sent and self.sent[-1].endswith("y"), "what was typed", _LIMIT_S)
        return self.sent[-1].removeprefix(self.text)


class FirefoxPage(Firefox):
    """One that is read, of several elements."""

    _page = "<p>{text}</p>"
    _script = "onkeydown = event => { if (event.key == 'y') fetch('/', {method: 'POST', body: 'y'}) }"

    def has_typed(self) -> str:
        """See Window."""
        self.desk.press("y")
        wait_for(lambda: self.sent, "the key", _LIMIT_S)
        return "".join(self.sent)


class Evince(Window):
    """A PDF, into which nothing can be typed."""

    def __init__(self, desk: WaylandDesk, text: str) -> None:
        super().__init__(desk, text)
        path = desk.folder / "home" / "page.pdf"
        path.write_bytes(_pdf(text))
        desk.open(["env", "GDK_BACKEND=wayland", "evince", f"/desk/home/{path.name}"], "evince")

    def select(self) -> None:
        """See Window."""
        # It tells no desktop of what is selected in it with keys. That it is selected shows by its being copied.
        self.desk.select(self.text, "evince", "ctrl+a", "ctrl+c", source="clipboard")

    def has_typed(self) -> str:
        """See Window."""
        return "y"


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@contextlib.contextmanager
def _server(page: str) -> Iterator[tuple[int, list[str]]]:
    """A server of a page. Yields its port, and what the page sends, as it comes."""
    sent: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(page.encode() if self.path == "/" else b"")

        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="page", kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port, sent
        finally:
            server.shutdown()
            thread.join()


def _pdf(text: str) -> bytes:
    """A page with a line."""
    drawn = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    )
    made, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{made}{end}startxref\n{len(made)}\n%%EOF".encode("ascii")


@contextlib.contextmanager
def opened(desk: WaylandDesk, program: str, text: str) -> Iterator[Window]:
    """A program's window; it is closed with all others of the test."""
    match program:
        case "firefox":
            with Firefox.opened(desk, text) as window:
                yield window
        case "firefox-page":
            with FirefoxPage.opened(desk, text) as window:
                yield window
        case "foot":
            yield Foot(desk, text)
        case "evince":
            yield Evince(desk, text)
        case _:
            yield Editor(desk, text, EDITORS[program])
