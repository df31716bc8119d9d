"""What is read on macOS (reader/capture/ax_elements.py, macos_copying.py), from what the system in memory tells."""

from __future__ import annotations

import os
import threading
from concurrent.futures import Future

import pytest

from reader.capture.automation import NoAutomationError, focus, selection
from reader.capture.ax_elements import MacAutomation, is_hung
from reader.capture.base import Extent, Front, Selection
from reader.capture.copied import CopiedText
from reader.capture.copying import Format
from reader.capture.macos_copying import CONCEALED, MARKS, TEXT, TRANSIENT, MacCopying, may_copy
from reader.capture.macos_pasteboard import MacPasteboard, process_in_front
from reader.errors import CaptureError, CaptureTimeoutError, NothingToReadError
from reader.flow import Source
from reader.macos.loop import JobThread
from tests.fakes.mac import FakeElement, FakeMac, FakeProgram, field_of, page_of

LINES = ["The first 🍎 paragraph.\n", "The second one is longer. It has two sentences.\n", "The last."]
CARET = len(LINES[0]) + len("The second o")
MINE = {TEXT: b"What I had copied", "public.html": b"<b>What I had copied</b>", "public.png": bytes(range(256)) * 9}


class Mac(FakeMac):
    """With what asks it."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.automation = MacAutomation(self.hiservices, lambda: process_in_front(self.appkit), lambda: self.now_s)
        self.key: Future[int] = Future()
        self.key.set_result(self.key_of_c)
        self.copying = MacCopying(self.pasteboard())

    def pasteboard(self) -> MacPasteboard:
        return MacPasteboard(
            self.appkit, self.quartz, lambda: self.key, lambda pid: is_hung(self.hiservices, pid, lambda: self.now_s)
        )

    def kept(self) -> list[dict[str, bytes]]:
        """What is on the pasteboard, without what Harken adds."""
        return [{k: bits for k, bits in item.items() if k not in MARKS} for item in self.board.content()]


@pytest.fixture
def mac() -> Mac:
    return Mac()


def shown(mac: Mac, element: FakeElement | None) -> Mac:
    mac.show(FakeProgram(4711, element))
    return mac


class TestFocus:
    @pytest.mark.parametrize(
        ("extent", "read"),
        [
            (Extent.FOCUS, LINES[1] + LINES[2]),
            (Extent.REST, LINES[1].removeprefix("The second ") + LINES[2]),
            (Extent.LINE, LINES[1]),
            (Extent.DOCUMENT, "".join(LINES)),
            (Extent.WORD, LINES[1]),
        ],
    )
    @pytest.mark.parametrize("make", [field_of, page_of])
    def test_as_much_is_read_as_is_meant(self, mac: Mac, make: object, extent: Extent, read: str) -> None:
        captured = focus(shown(mac, make("".join(LINES), CARET)).automation, extent)  # type: ignore[operator]
        assert captured.text == read
        if extent is Extent.WORD:
            assert captured.caret_chars == len("The second o")

    @pytest.mark.parametrize("make", [field_of, page_of])
    def test_what_is_selected_is_told(self, mac: Mac, make: object) -> None:
        shown(mac, make("".join(LINES), 4, 7))  # type: ignore[operator]
        assert selection(mac.automation.focused()) == Selection(Front.ITS_OWN, "first 🍎")

    def test_a_field_without_ranges_has_its_value(self, mac: Mac) -> None:
        element = field_of("".join(LINES), CARET)
        element.about.clear()
        assert focus(shown(mac, element).automation, Extent.FOCUS).text == LINES[1] + LINES[2]
        assert focus(mac.automation, Extent.LINE).text == LINES[1]

    def test_that_nothing_is_selected_is_believed_of_a_field_that_has_text(self, mac: Mac) -> None:
        assert selection(shown(mac, field_of("text", 2)).automation.focused()) == Selection(Front.ITS_OWN, "")
        assert selection(shown(mac, field_of("")).automation.focused()) is None
        assert selection(shown(mac, page_of("text")).automation.focused()) is None
        assert selection(shown(mac, None).automation.focused()) is None

    @pytest.mark.parametrize(
        ("attributes", "said"),
        [
            ({"AXRole": "AXButton", "AXTitle": "OK", "AXRoleDescription": "button"}, "OK, button"),
            ({"AXRole": "AXCheckBox", "AXTitle": "Sound", "AXRoleDescription": "checkbox", "AXValue": 1}, None),
            ({"AXRole": "AXSlider", "AXDescription": "Volume", "AXValue": 0.404}, "Volume, 0.4"),
            ({"AXRole": "AXSlider", "AXTitle": "Volume", "AXValue": 4, "AXValueDescription": "40%"}, "Volume, 40%"),
        ],
    )
    def test_a_control_is_named_with_what_it_is_and_says(
        self, mac: Mac, attributes: dict[str, object], said: str | None
    ) -> None:
        read = focus(shown(mac, FakeElement(attributes)).automation, Extent.FOCUS).text
        assert read == (said or "Sound, checkbox, checked")

    def test_a_control_without_a_name_has_that_of_its_label(self, mac: Mac) -> None:
        label = FakeElement({"AXValue": "Your name"})
        element = FakeElement({"AXRole": "AXPopUpButton", "AXTitleUIElement": label, "AXValue": "Ada"})
        assert focus(shown(mac, element).automation, Extent.FOCUS).text == "Your name, Ada"

    def test_a_password_is_never_asked_for(self, mac: Mac) -> None:
        shown(mac, field_of("hunter2", 0, 7, role="AXTextField", AXSubrole="AXSecureTextField"))
        with pytest.raises(NothingToReadError, match="password field"):
            selection(mac.automation.focused())
        for extent in Extent:
            with pytest.raises(CaptureError, match="password field"):
                focus(mac.automation, extent)
        assert not {"AXValue", "AXSelectedText", "AXStringForRange"} & set(mac.hiservices.asked)

    def test_harkens_own_windows_are_not_asked(self, mac: Mac) -> None:
        mac.show(FakeProgram(os.getpid(), field_of("Harken", 0, 6)))
        assert selection(mac.automation.focused()) == Selection(Front.ANOTHERS)
        assert mac.hiservices.asked == []

    def test_without_permission_the_user_is_told_where_to_give_it_and_nobody_is_asked(self, mac: Mac) -> None:
        shown(mac, field_of("text", 0, 4))
        mac.hiservices.is_trusted = False
        with pytest.raises(CaptureError, match="First steps"):
            mac.automation.focused()
        assert mac.hiservices.asked == []
        mac.hiservices.is_trusted = True
        assert selection(mac.automation.focused()) == Selection(Front.ITS_OWN, "text")

    def test_a_program_without_accessibility_is_told_from_one_that_hangs(self, mac: Mac) -> None:
        program = mac.show(FakeProgram(4711, field_of("text", 0, 4), has_accessibility=False))
        with pytest.raises(NoAutomationError):
            mac.automation.focused()
        program.has_accessibility = True
        program.is_hung = True
        program.on_wait = lambda: setattr(mac, "now_s", 9.0)
        with pytest.raises(CaptureTimeoutError, match="not responding"):
            mac.automation.focused()


class TestCopying:
    def select(self, mac: Mac, **content: bytes) -> Mac:
        mac.board.copy(MINE)
        mac.show(FakeProgram(4711, selected={TEXT: b"Two\r\nlines", **content}))
        return mac

    def test_what_is_selected_is_read_and_three_types_are_as_they_were(self, mac: Mac) -> None:
        for _ in range(3):
            assert self.select(mac).copying.selection() == "Two\nlines"
            assert mac.kept() == [MINE]
            assert set(mac.board.content()[0]) == {*MINE, *MARKS}
        assert mac.copies == 3
        mac.end()

    def test_it_is_put_back_again_and_again(self, mac: Mac) -> None:
        self.select(mac)
        for _ in range(3):
            mac.copying.selection()
        assert mac.board.content() == [{**MINE, **MARKS}]
        assert mac.copying.clipboard() == "What I had copied"

    def test_several_items_stay_several(self, mac: Mac) -> None:
        files = [{"public.file-url": b"file:///a"}, {"public.file-url": b"file:///b"}]
        self.select(mac)
        mac.board.copy(*files)
        assert mac.copying.selection() == "Two\nlines"
        assert mac.kept() == files

    def test_an_empty_pasteboard_is_empty_again(self, mac: Mac) -> None:
        self.select(mac)
        mac.board.copy({})
        mac.board.items = []
        assert mac.copying.selection() == "Two\nlines"
        assert mac.board.content() == []

    def test_nothing_selected_changes_nothing(self, mac: Mac) -> None:
        self.select(mac)
        assert mac.front
        mac.front.selected = None
        with pytest.raises(NothingToReadError, match="Nothing is selected"):
            mac.copying.selection()
        assert mac.board.content() == [MINE]

    @pytest.mark.parametrize("mark", [CONCEALED, TRANSIENT])
    def test_a_secret_stays_what_it_is(self, mac: Mac, mark: str) -> None:
        self.select(mac)
        mac.board.copy({**MINE, mark: b""})
        assert mac.copying.selection() == "Two\nlines"
        assert mac.board.content() == [{**MINE, mark: b""}]
        if mark == CONCEALED:
            with pytest.raises(CaptureError, match="password"):
                mac.copying.clipboard()
        else:
            assert mac.copying.clipboard() == "What I had copied"

    @pytest.mark.parametrize("kind", ["com.apple.pasteboard.promised-file-url", "com.apple.is-remote-clipboard"])
    def test_what_nobody_else_could_put_there_is_not_touched(self, mac: Mac, kind: str) -> None:
        self.select(mac)
        mac.board.copy({**MINE, kind: b"x"})
        with pytest.raises(CaptureError, match="would have overwritten"):
            mac.copying.selection()
        assert (mac.board.content(), mac.copies) == ([{**MINE, kind: b"x"}], 0)

    def test_the_line_that_an_editor_copies_without_a_selection_is_not_read(self, mac: Mac) -> None:
        line = '{"version":1,"isFromEmptySelection":true}'.encode("utf-16-le")
        with pytest.raises(NothingToReadError):
            self.select(mac, **{"org.chromium.web-custom-data": line}).copying.selection()
        assert mac.kept() == [MINE]

    def test_the_key_is_that_of_the_layout_and_what_is_held_does_not_count(self, mac: Mac) -> None:
        self.select(mac)
        mac.key_of_c = 34  # on Dvorak it is where I is
        mac.key = Future()
        mac.key.set_result(34)
        mac.quartz.held_flags = 1 << 18 | 1 << 20  # Control and Command, of Harken's own key
        assert mac.copying.selection() == "Two\nlines"

    def test_a_main_loop_that_is_busy_is_not_waited_for(self, mac: Mac) -> None:
        self.select(mac)
        mac.key = Future()
        assert mac.copying.selection() == "Two\nlines"

    def test_a_type_of_another_time_is_not_had(self, mac: Mac) -> None:
        self.select(mac)
        assert mac.pasteboard().data(Format(3, TEXT)) is None

    async def test_an_owner_of_the_pasteboard_that_hangs_costs_a_limit(self, mac: Mac) -> None:
        wakes = threading.Event()
        self.select(mac)
        mac.board.copy(MINE, waits=wakes)
        place = CopiedText(
            JobThread("pasteboard"), mac.copying, in_front=lambda: 4711, may_copy=lambda: None, notes=list
        )
        with pytest.raises(CaptureTimeoutError, match="not responding"):
            await place.read(Source.SELECTION)
        wakes.set()
        await place.close()
        assert (mac.copies, mac.board.content()) == (0, [MINE])

    def test_no_key_is_pressed_without_permission_or_while_a_password_is_typed(self) -> None:
        may_copy(is_allowed=True, is_secure=False)
        with pytest.raises(CaptureError, match="First steps"):
            may_copy(is_allowed=False, is_secure=False)
        with pytest.raises(CaptureError, match="waiting for a password"):
            may_copy(is_allowed=True, is_secure=True)
