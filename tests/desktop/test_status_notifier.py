"""The tray's menu on a panel that draws it itself (Xfce's), over D-Bus: complete, true and following the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.desktop.dbusmenu import Item, MenuEntry, flat
from tests.desktop.desk import Desk, wait_for

TEXT = "This sentence is long enough to be looked for in what was read before, among the last twenty."


@pytest.fixture(scope="module")
def xfce() -> Iterator[Desk]:
    with Desk(tray=False) as made:
        made.start_program(["xfce4-panel", "--disable-wm-check"], "xfce4-panel")
        wait_for(lambda: made.call(["gdbus", "wait", "--session", "--timeout", "1", WATCHER]) == 0, "the panel")
        made.start_harken()
        made.restart_texts()
        yield made


WATCHER = "org.kde.StatusNotifierWatcher"


@pytest.fixture
def item(xfce: Desk) -> Iterator[Item]:
    made = Item(xfce)
    yield made
    made.close()


def labels(entries: tuple[MenuEntry, ...]) -> list[str]:
    """Without mnemonics and keys, and without the words a minute."""
    return [re.sub(r"_|\t.*|: \d+ words.*| \(about.*", "", entry.label) for entry in entries]


def find(item: Item, *path: str) -> MenuEntry:
    """An entry by the beginnings of its own label and those of the menus around it."""
    entries, found = item.menu(), None
    for start in path:
        found = next(e for e, label in zip(entries, labels(entries), strict=True) if label.startswith(start))
        entries = found.children
    assert found
    return found


def marked(item: Item, *path: str) -> list[str]:
    entries = flat(find(item, *path).children)
    return labels(tuple(entry for entry in entries if entry.is_marked))


def test_everything_is_in_the_menu(item: Item) -> None:
    assert [label.partition(":")[0] for label in labels(item.menu())] == [
        "Read selection", "Read clipboard", "Pause", "Stop", "Move around", "Open the player", "Open a document…",
        "Recent texts", "Speed", "Voice", "More", "Settings…", "Quit Harken",
    ]  # fmt: skip
    assert labels(find(item, "Move around").children) == [
        "Previous sentence", "Next sentence", "Repeat sentence", "Previous paragraph", "Next paragraph",
    ]  # fmt: skip
    assert labels(find(item, "More").children) == [
        "Read selection later", "Read the queue", "Save as sound…", "Correct a pronunciation…",
        "Sound output", "Sleep timer", "Bookmarks",
        "Read new selections automatically", "Start at login",
        "What Harken reads and where it goes…", "First steps…", "Help",
    ]  # fmt: skip
    assert not find(item, "More", "Correct a pronunciation…").is_enabled
    entries = [*item.menu(), *find(item, "Move around").children]
    assert [e.label for e in entries if not e.is_enabled] == [
        "_Pause\tSuper+Alt+Space", "_Stop\tSuper+Alt+X", "Pre_vious sentence\tSuper+Alt+B",
        "_Next sentence\tSuper+Alt+N", "Previous para_graph", "Next paragrap_h",
    ]  # fmt: skip
    letters = re.findall(r"_(.)", " ".join(entry.label for entry in item.menu()).lower())
    assert len(letters) == len(set(letters)) == len(item.menu()), "a letter for each"


def state(item: Item) -> str:
    """The first line of the tooltip. (Qt's title is always the program's name.)"""
    return str(item.read("ToolTip")[2]).partition("\n")[0]


def test_the_tooltip_says_the_state(item: Item, xfce: Desk) -> None:
    assert state(item) == "Harken – ready"
    xfce.begin()
    xfce.open_text(TEXT)
    xfce.select_all(TEXT)
    item.choose(find(item, "Read selection"))
    xfce.wait_for_record("state", state="speaking")
    wait_for(lambda: state(item) == "Harken – reading", "the state")
    item.choose(find(item, "Pause"))
    wait_for(lambda: state(item) == "Harken – paused", "the state")
    assert find(item, "Resume").is_enabled
    item.choose(find(item, "Stop"))
    xfce.quiet()
    xfce.close_windows()


def test_what_was_read_is_read_again(item: Item, xfce: Desk) -> None:
    xfce.begin()
    item.open(find(item, "Recent texts"))
    entry = wait_for(
        lambda: next((e for e in find(item, "Recent texts").children if "This sentence" in e.label), None), "it"
    )
    item.choose(entry)
    xfce.wait_for_record("segment")
    xfce.stop_reading()


def test_marks_follow_the_settings_however_they_are_changed(item: Item, xfce: Desk) -> None:
    assert marked(item, "Voice") == ["Automatic, by the text's language"]
    wait_for(lambda: any("English, America" in entry.label for entry in flat(item.menu())), "the voices")
    for key, value in {
        "voice.id": "espeak/de", "voice.speed": "1.1", "keys.stop": "Ctrl+Alt+F7", "reading.every_selection": "on",
    }.items():  # fmt: skip
        assert xfce.harken_call("settings", "set", key, value) == 0
    wait_for(lambda: find(item, "Stop").label == "_Stop\tCtrl+Alt+F7", "the key")
    wait_for(lambda: marked(item, "Voice") == ["German (eSpeak)"] * 2, "the voice, recently used and by language")
    assert marked(item, "Speed") == ["1.1×"]
    assert find(item, "More", "Read new selections").is_marked
    item.choose(find(item, "More", "Read new selections"))
    wait_for(lambda: not xfce.setting("reading.every_selection"), "the setting")
    item.choose(find(item, "Speed", "1.25×"))
    wait_for(lambda: marked(item, "Speed") == ["1.25×"], "the speed")
    assert len(find(item, "Speed").children) == 11
    item.choose(find(item, "Voice", "Automatic"))
    wait_for(lambda: marked(item, "Voice") == ["Automatic, by the text's language"], "the voice")
    assert labels(find(item, "Voice").children)[1] == "German (eSpeak)", "recently used"


def test_outputs_are_looked_for_when_the_menu_is_opened(item: Item, xfce: Desk) -> None:
    item.open(find(item, "More", "Sound output"))
    wait_for(lambda: len(find(item, "More", "Sound output").children) >= 2, "the outputs")
    assert marked(item, "More", "Sound output") == ["Automatic: the system's"]
    output = find(item, "More", "Sound output").children[1]
    item.choose(output)
    wait_for(lambda: marked(item, "More", "Sound output") == labels((output,)), "the mark")
    xfce.harken_call("settings", "set", "sound.device", "")
