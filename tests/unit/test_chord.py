import pytest

from reader.errors import SettingsError
from reader.flow import Command
from reader.hotkeys.base import Repeats
from reader.hotkeys.chord import LINUX, MACOS, WINDOWS, Chord


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Super+Alt+R", "Super+Alt+R"),
        ("super + alt + r", "Super+Alt+R"),
        ("win+ctrl+esc", "Ctrl+Super+Escape"),
        ("cmd+option+space", "Super+Alt+Space"),
        ("f9", "F9"),
        ("Ctrl+F12", "Ctrl+F12"),
        ("ctrl+pgup", "Ctrl+Page_Up"),
        ("ctrl++", "Ctrl+Plus"),
        ("ctrl+,", "Ctrl+Comma"),
        ("Pause", "Pause"),
    ],
)
def test_chords_are_read_and_written(text: str, written: str) -> None:
    assert str(Chord.parse(text)) == written
    assert Chord.parse(written) == Chord.parse(text)


@pytest.mark.parametrize("text", ["", "r", "Shift+r", "Hyper+r", "Ctrl+", "Ctrl+nokey", "Space", "F25", "Ctrl+é"])
def test_what_is_no_chord_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError) as error:
        Chord.parse(text)
    assert error.value.sentence.endswith(".")


@pytest.mark.parametrize("defaults", [LINUX, WINDOWS, MACOS])
def test_defaults_are_chords_and_differ(defaults: dict[Command, str]) -> None:
    chords = [Chord.parse(text) for text in defaults.values()]
    assert len(set(chords)) == len(chords)
    assert defaults.keys() == LINUX.keys()


# Taken by default on GNOME 43-48, KDE Plasma 5.27-6, Xfce 4.18, Cinnamon 6, MATE 1.26: those with Super and Alt.
TAKEN = ["S", "8", "Minus", "Plus", "L", "K", "P", "Left", "Right", "Up", "Down", "Tab"]


def test_defaults_collide_with_no_common_desktops() -> None:
    taken = {Chord.parse(f"Super+Alt+{key}") for key in TAKEN}
    assert not taken & {Chord.parse(text) for text in LINUX.values()}


# Taken by Windows 10 and 11, its Game Bar, PowerToys and OneNote: those with the Windows key and Alt.
TAKEN_ON_WINDOWS = ["B", "D", "G", "H", "K", "M", "R", "T", "W", "P", "Space", "N", "Up", "Down", "Return", "Print"]


def test_defaults_collide_with_nothing_of_windows() -> None:
    taken = {Chord.parse(f"Super+Alt+{key}") for key in TAKEN_ON_WINDOWS}
    assert not taken & {Chord.parse(text) for text in WINDOWS.values()}


@pytest.mark.parametrize("defaults", [LINUX, WINDOWS])
def test_no_default_is_with_ctrl_where_programs_do_not_see_the_super_key(defaults: dict[Command, str]) -> None:
    """Ctrl+Super+X cut the selected text in Notepad when Harken only listened, and does when Harken does not run."""
    assert not [text for text in defaults.values() if "Ctrl" in Chord.parse(text).modifiers]


class TestHeldKeys:
    def test_steps_come_at_a_rate_that_can_be_heard(self) -> None:
        now_s = 0.0
        repeats = Repeats(lambda: now_s)
        said = int(repeats.are_meant(Command.FASTER, is_repeated=False))
        for n in range(50):  # two and a half seconds: a keyboard waits a little, and then repeats
            now_s = 0.5 + n * 0.04
            said += repeats.are_meant(Command.FASTER, is_repeated=True)
        assert 4 <= said <= 8

    def test_every_press_of_its_own_counts(self) -> None:
        repeats = Repeats(lambda: 0.0)
        assert all(repeats.are_meant(Command.FASTER, is_repeated=False) for _ in range(5))

    @pytest.mark.parametrize("command", [Command.READ_SELECTION, Command.STOP, Command.PAUSE_RESUME, Command.SHOW])
    def test_others_are_said_once(self, command: Command) -> None:
        now_s = 0.0
        repeats = Repeats(lambda: now_s)
        assert repeats.are_meant(command, is_repeated=False)
        now_s = 5.0
        assert not repeats.are_meant(command, is_repeated=True)
