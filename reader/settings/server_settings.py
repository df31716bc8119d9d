"""The settings of a speech server: where it is, and what to ask of it."""

from __future__ import annotations

from reader.errors import SettingsError, UnreachableError
from reader.http.address import ServerAddress
from reader.settings.setting import Page, Setting, SettingKind, Value, any_text, choice, pattern
from reader.support.i18n import QT_TRANSLATE_NOOP


def _address(value: Value) -> Value:
    try:
        ServerAddress.of(str(any_text(value)))
    except UnreachableError as error:
        raise SettingsError(error.sentence) from error
    return value


# The port is that of Kokoro-FastAPI, the most common server. The names of voice and model are the first in OpenAI's own
# documentation, so other servers accept them too.
SERVER = (
    Setting(
        "server.url",
        "http://127.0.0.1:8880/v1",
        Page.SERVER,
        SettingKind.TEXT,
        QT_TRANSLATE_NOOP("settings", "Address"),
        QT_TRANSLATE_NOOP("settings", "Begins with https://, or with http:// for a server on this computer."),
        _address,
    ),
    Setting(
        "server.voice",
        "alloy",
        Page.SERVER,
        SettingKind.TEXT,
        QT_TRANSLATE_NOOP("settings", "Server's voice"),
        QT_TRANSLATE_NOOP("settings", "Its name on the server. The server's documentation lists the voices."),
        pattern(
            "[^/\\s]{1,100}",
            QT_TRANSLATE_NOOP("settings", "Use the name of one voice, without spaces or slashes, not “{value}”."),
        ),
    ),
    Setting(
        "server.model",
        "tts-1",
        Page.SERVER,
        SettingKind.TEXT,
        QT_TRANSLATE_NOOP("settings", "Model"),
        QT_TRANSLATE_NOOP("settings", "Its name on the server. Leave this empty if the server has only one."),
        pattern(
            "[^\\s]{1,200}",
            QT_TRANSLATE_NOOP("settings", "Use the name of one model, without spaces, not “{value}”."),
        ),
    ),
    choice(
        "server.format",
        "pcm",
        Page.SERVER,
        QT_TRANSLATE_NOOP("settings", "Server's sound format"),
        QT_TRANSLATE_NOOP("settings", "What is sent over the network."),
        (
            ("pcm", QT_TRANSLATE_NOOP("settings", "PCM (starts soonest)")),
            ("wav", QT_TRANSLATE_NOOP("settings", "WAV (if PCM sounds too slow or too fast)")),
            ("mp3", QT_TRANSLATE_NOOP("settings", "MP3 (smallest)")),
        ),
    ),
)
