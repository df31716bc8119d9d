"""Rules for transferring a text from another program, through the X server or a Wayland compositor's pipe.

Programs may be slow, hung or gone, write endlessly, or send a secret.
"""

from __future__ import annotations

from reader.support.i18n import QT_TRANSLATE_NOOP

# A program that has not begun to answer by then counts as hung; the same applies between two pieces.
ANSWER_LIMIT_S = 0.7
# The whole selection must have arrived by then. If not, what has arrived is used.
WHOLE_LIMIT_S = 4.0
LIMIT_BYTES = 40_000_000
# With this much of a text, its first words are cut as they would be from the whole.
BEGINNING_BYTES = 8000

# The marker that password managers add to a secret they copy, and on X often also select.
SECRET = "x-kde-passwordManagerHint"  # noqa: S105 - a name
IS_SECRET = QT_TRANSLATE_NOOP("reader", "This is a password. Harken does not read passwords aloud.")
HUNG = QT_TRANSLATE_NOOP(
    "reader", "The program that has the text is not responding. Wait a moment, then press the key again."
)
DISPLAY_LOST = QT_TRANSLATE_NOOP("reader", "The connection to the display was lost. Start Harken again.")


def decode(data: bytes, encoding: str) -> str:
    """Decode what an owner wrote. Programs that promise UTF-8 but send something else are understood."""
    if encoding == "STRING":
        return data.decode("latin-1")
    if encoding == "COMPOUND_TEXT":
        return _decode_compound(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut inside a character
            return data[: error.start].decode("utf-8")
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    right = sum(char > "\x7f" for char in text) - broken
    return text if right > broken else data.decode("latin-1")


def _decode_compound(data: bytes) -> str:
    """Compound text: Latin-1, with UTF-8 between ESC % G and ESC % @; other escapes are skipped."""
    parts = []
    for i, part in enumerate(data.split(b"\x1b%")):
        if i and part[:1] == b"G":
            parts.append(part[1:].decode("utf-8", "replace"))
        else:
            text = part[1:] if i else part
            while (escape := text.find(b"\x1b")) >= 0:
                text = text[:escape] + text[escape + 3 :]
            parts.append(text.decode("latin-1"))
    return "".join(parts)
