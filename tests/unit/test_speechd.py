"""What speech-dispatcher says to its output module, what a message comes to, and how the module is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.desktop import speech_dispatcher
from reader.errors import SettingsError
from reader.speechd import markup, protocol, symbols
from reader.speechd.markup import Marked
from reader.speechd.protocol import MAX_MESSAGE_BYTES, Conversation, Kind, Message, Order, Parameters, VoicesWanted
from reader.speechd.speaker import VoiceParameters
from reader.speechd.wording import Manner, worded

ENGLISH = symbols.parse(
    "\ufeff# a list\ncomplexSymbols:\n# identifier\tregexp\n. sentence ending\t(?<=[^\\s.])\\.(?=[\"')\\s]|$)\n"
    "broken\t(\nsymbols:\n. sentence ending\tdot\tall\talways\n.\tdot\tsome\n\\#\tnumber\tsome\t# a remark\n"
    "(\tleft paren\tmost\talways\n!\tbang\tall\n\\t\ttab\nab\tnot one sign\n"
)
SESSION = (
    b"INIT\nAUDIO\naudio_output_method=pulse\n.\nLOGLEVEL\nlog_level=3\n.\nLIST VOICES\nLIST VOICES en none\n"
    b"SET\npitch=5\nlanguage=de-AT\nsynthesis_voice=NULL\n.\nSPEAK\n<speak>One.\n..two</speak>\n.\n"
    b"CHAR\nspace\n.\nKEY\nshift_a\n.\nSOUND_ICON\ncapital\n.\nPAUSE\nSTOP\nDEBUG ON /tmp/x\nQUIT\n"
)
WANTED = [
    Order.INIT,
    VoicesWanted(),
    VoicesWanted("en", "none"),
    Parameters({"pitch": "5", "language": "de-AT", "synthesis_voice": "NULL"}),
    Message(Kind.TEXT, "<speak>One.\n.two</speak>"),
    Message(Kind.CHAR, " "),
    Message(Kind.KEY, "shift_a"),
    Message(Kind.SOUND_ICON, "capital"),
    Order.PAUSE,
    Order.STOP,
    Order.QUIT,
]


def had(conversation: Conversation, data: bytes) -> tuple[list[protocol.Wanted], bytes]:
    """What is wanted but for replies, and the replies."""
    found = list(conversation.receive(data))
    replies = b"".join(one.data for one in found if isinstance(one, protocol.Reply))
    return [one for one in found if not isinstance(one, protocol.Reply)], replies


@pytest.mark.parametrize("size", [1, 7, len(SESSION)])
def test_a_session_is_understood_whatever_pieces_it_comes_in(size: int) -> None:
    conversation = Conversation()
    pieces = [had(conversation, SESSION[at : at + size]) for at in range(0, len(SESSION), size)]
    assert [one for wanted, _ in pieces for one in wanted] == WANTED
    codes = [line[:3] for line in b"".join(replies for _, replies in pieces).splitlines()]
    assert codes == [b"207", b"203", b"207", b"203", b"203", b"203", b"202", b"202", b"202", b"202", b"200"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"\n", b"300"),
        (b"SPEAK now\n", b"300"),
        (b"LIST\n", b"300"),
        (b"DEBUG\n", b"302"),
        (b"DEBUG ON\n", b"302"),
        (b"SPEAK\n.\n", b"301"),
        (b"CHAR\na\nb\n.\n", b"305"),
        (b"SET\nnothing\n.\n", b"302"),
        (b"SET\nrate=\n.\n", b"302"),
        (b"AUDIO\naudio_output_method=server\n.\n", b"303"),
        (b"SPEAK\n" + b"a" * (MAX_MESSAGE_BYTES + 1) + b"\n.\n", b"301"),
        (b"SPEAK\n" + b"a\n" * MAX_MESSAGE_BYTES + b".\n", b"301"),
    ],
)
def test_what_is_no_command_is_refused_and_the_next_one_heard(said: bytes, code: bytes) -> None:
    conversation = Conversation()
    wanted, replies = had(conversation, said)
    assert not wanted
    assert replies.splitlines()[-1].startswith(code)
    assert had(conversation, b"STOP\n")[0] == [Order.STOP]


def test_names_in_events_stay_on_their_line() -> None:
    assert protocol.mark("a\n702 END") == b"700-a 702 END\n700 INDEX MARK\n"
    assert protocol.voices([("A\tb\nc", "en")]) == b"200-A b c\ten\tnone\n200 OK VOICE LIST SENT\n"
    assert protocol.voices([]).startswith(b"304")


@pytest.mark.parametrize(
    ("document", "text", "marks"),
    [
        ('<speak>One.<mark name="a"/> Two &amp; 3 &lt; 4</speak>', "One. Two & 3 < 4", [(4, "a")]),
        ("<speak>a<mark name='x y'/><mark name=\"z\"/></speak>", "a", [(1, "x y"), (1, "z")]),
        ("no markup, 1 < 2 & 3 > 2", "no markup, 1 < 2 & 3 > 2", []),
        ("<speak>cut <emphasis level='strong'>off", "cut off", []),
        ('<speak><sub alias="World Wide Web">WWW</sub>!</speak>', "World Wide Web!", []),
        ("<speak><say-as interpret-as='characters'>ab</say-as> c</speak>", "A., B. c", []),
        (
            "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><speak>&a;<![CDATA[<b>]]><!-- no --></speak>",
            "]>&a;<b>",
            [],
        ),
        ("<speak>a<break/>b<p>c</p></speak>", "a b\n\nc\n\n", []),
        ("<mark>no name</mark>", "no name", []),
    ],
)
def test_markup_never_costs_a_word(document: str, text: str, marks: list[tuple[int, str]]) -> None:
    assert markup.read(document, lambda part: ", ".join(f"{c.upper()}." for c in part)) == Marked(text, marks)


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("none", "Call #1 (now). Go! 3.5"),
        ("some", "Call  number 1 (now). Go! 3 dot 5"),
        ("most", "Call  number 1  left paren ( now). Go! 3 dot 5"),
        ("all", "Call  number 1  left paren ( now) dot .  Go bang  3 dot 5"),
        ("nonsense", "Call #1 (now). Go! 3.5"),
    ],
)
def test_signs_are_named_as_the_program_wants(mode: str, said: str) -> None:
    message = Message(Kind.TEXT, '<speak>Call #1 (now). <mark name="m"/>Go! 3.5</speak>')
    words = worded(message, Manner.of({"punctuation_mode": mode}, "en"), ENGLISH)
    assert words.text == said
    assert [words.text[place:].split()[0] for place, _ in words.marks] == ["Go!" if "Go!" in said else "Go"]


@pytest.mark.parametrize(
    ("kind", "text", "values", "said"),
    [
        (Kind.CHAR, "a", {}, "A."),
        (Kind.CHAR, "A", {"cap_let_recogn": "icon"}, "capital A."),
        (Kind.CHAR, "#", {}, "number"),
        (Kind.CHAR, "→", {}, "rightwards arrow"),
        (Kind.CHAR, " ", {}, "space"),
        (Kind.CHAR, "7", {}, "7"),
        (Kind.KEY, "shift_a", {}, "shift A."),
        (Kind.KEY, "Page-Up", {}, "Page Up"),
        (Kind.KEY, "_", {}, "underscore"),
        (Kind.KEY, "control_#", {}, "control number"),
        (Kind.SOUND_ICON, "new mail", {}, "new mail"),
        (Kind.TEXT, "<speak>b</speak>", {}, "B."),
        (Kind.TEXT, "<speak>Bob #1</speak>", {"spelling_mode": "on"}, "B., O., B., number, 1"),
        (Kind.TEXT, "<speak>Bob met NASA</speak>", {"cap_let_recogn": "spell"}, "capital Bob met capital NASA"),
    ],
)
def test_characters_keys_and_capitals_are_told(kind: Kind, text: str, values: dict[str, str], said: str) -> None:
    assert worded(Message(kind, text), Manner.of(values, "en"), ENGLISH).text == said


def test_a_letter_of_another_language_is_called_so_there() -> None:
    assert worded(Message(Kind.CHAR, "Ä"), Manner("de", tells_capitals=True), ENGLISH).text == "groß Ä"


def test_parameters_are_within_what_voices_can_do() -> None:
    parameters = VoiceParameters.of(
        {"rate": "100", "pitch": "-500", "volume": "x", "language": "en_GB", "synthesis_voice": "NULL"}
    )
    assert (parameters.language, parameters.voice_name, parameters.pitch, parameters.volume) == ("en", "", -1.0, 1.0)
    assert parameters.speed == 3.0
    assert VoiceParameters.of({"language": "C"}).language == ""
    assert VoiceParameters.of({"rate": "-100"}).speed > 0.3


# ---- where speech-dispatcher finds it ----


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The system's configuration, of a user who has none."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home/share"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home/config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "speechd.conf").write_text('# AddModule "no"\nLogLevel 3\n')
    monkeypatch.setattr(speech_dispatcher, "_SYSTEM_FOLDER", folder)
    return folder


def test_where_modules_are_looked_for_no_configuration_is_written(system: Path) -> None:
    speech_dispatcher.install(["/opt/a b/harken"])
    script = speech_dispatcher.module_file()
    assert script == system.parent / "home/libexec/speech-dispatcher-modules/sd_harken"
    assert "exec '/opt/a b/harken' speechd module\n" in script.read_text()
    assert script.stat().st_mode & 0o111
    assert not speech_dispatcher.config_file().exists()
    assert speech_dispatcher.state() is speech_dispatcher.State.WAITING
    assert speech_dispatcher.remove()
    assert not script.exists()
    assert not speech_dispatcher.remove()
    assert speech_dispatcher.state() is speech_dispatcher.State.ABSENT


def test_where_modules_are_named_it_is_named_too_and_the_rest_stays(system: Path) -> None:
    config = speech_dispatcher.config_file()
    config.parent.mkdir(parents=True)
    own = b"# mine\xff\naddmodule espeak sd_espeak espeak.conf\nDefaultRate 20"
    config.write_bytes(own)
    for _ in range(2):
        speech_dispatcher.install(["harken"], is_default=True)
        lines = config.read_bytes().splitlines()
        assert lines[:3] == own.splitlines()
        assert lines.count(b"DefaultModule harken") == 1
        assert [line for line in lines if line.startswith(b'AddModule "harken" "')] == lines[4:5]
    speech_dispatcher.install(["harken"])
    assert b"DefaultModule" not in config.read_bytes()
    assert speech_dispatcher.remove()
    assert config.read_bytes().rstrip(b"\n") == own


def test_a_configuration_of_our_own_includes_the_systems(system: Path) -> None:
    (system / "speechd.conf").write_text('Include "more/*.conf"\n')
    (system / "more").mkdir()
    (system / "more" / "a.conf").write_text("AddModule flite\n")
    speech_dispatcher.install(["harken"])
    text = speech_dispatcher.config_file().read_text()
    assert f'Include "{system / "speechd.conf"}"' in text
    assert 'AddModule "harken"' in text
    speech_dispatcher.remove()
    assert not speech_dispatcher.config_file().exists()


def test_a_configuration_that_can_t_be_read_is_told_and_left_alone(system: Path) -> None:
    speech_dispatcher.config_file().mkdir(parents=True)
    with pytest.raises(SettingsError, match=r"speechd\.conf can't be read"):
        speech_dispatcher.install(["harken"])
    assert speech_dispatcher.config_file().is_dir()


def test_only_a_speech_dispatcher_is_told_to_read_again(system: Path) -> None:
    pid_file = system.parent / "runtime/speech-dispatcher/pid/speech-dispatcher.pid"
    pid_file.parent.mkdir(parents=True)
    for content in ("", "x", "1", "0", "-1", "999999999"):
        pid_file.write_text(content)
        assert not speech_dispatcher.reload()
