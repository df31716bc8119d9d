"""More targets: what other programs have Harken's voices say, through speech-dispatcher."""

from __future__ import annotations

from reader.speechd import markup, protocol, symbols
from reader.speechd.protocol import Conversation, Kind, Message, Reply
from reader.speechd.wording import Manner, worded

_SYMBOLS = symbols.parse(
    "complexSymbols:\nend\t(?<=\\w)\\.(?=\\s|$)\nsymbols:\nend\tdot\tall\talways\n#\tno\n(\tparen\tmost\n"
)
_MANNERS = [Manner(punctuation=mode, spells=mode == "char", tells_capitals=mode == "most") for mode in symbols.LEVELS]


def speechd_conversations(data: bytes) -> None:
    """Whatever comes from speech-dispatcher, in any pieces: answered in whole lines."""
    size = data[0] + 1 if data else 1
    conversation = Conversation()
    for at in range(1, len(data), size):
        for wanted in conversation.receive(data[at : at + size]):
            if isinstance(wanted, Reply):
                assert wanted.data.endswith(b"\n")
                assert wanted.data[:3].isdigit()


def speechd_messages(data: bytes) -> None:
    """A message, said in every manner: its marks stand in the text, in order, and no text is lost."""
    text = data.decode("utf-8", "replace")
    read = markup.read(text, lambda part: part)
    assert "<" in text or "&" in text or read.text == text
    for manner in _MANNERS:
        for kind in Kind:
            words = worded(Message(kind, text), manner, _SYMBOLS)
            places = [place for place, _ in words.marks]
            assert places == sorted(places)
            assert all(0 <= place <= len(words.text) for place in places)
            assert all(b"\n7" not in protocol.mark(name)[4:-15] for _, name in words.marks)


def speechd_symbols(data: bytes) -> None:
    """A list of signs: whatever it is, texts can be read by it."""
    found = symbols.parse(data.decode("utf-8", "replace"))
    for mode in symbols.LEVELS:
        assert found.named("plain words", "none") == "plain words"
        assert isinstance(found.named("Call #1 (now).", mode), str)
    assert isinstance(found.name_of("#"), str)
