"""The list of voices that can be downloaded, `resources/voices.json`: who publishes them, and their properties. Pure.

packaging/voice_index.py makes it. A list from elsewhere has the same format; all that it is trusted for is which
addresses to ask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from reader.errors import VoiceFileError
from reader.support import foreign, languages
from reader.support.i18n import translate

FORMAT = 1
# The kinds of phonemes that voices may use, by engine. Voices of a newer list that use others are left out.
_PHONEMES = {"piper": ("espeak", "text"), "neural": ("own",)}
_NEURAL_LOCALES = ("en-US", "en-GB")
MAX_BYTES = 1 << 21
_MOST_VOICES = 5_000
_MOST_FILES = 2
# The largest size of a net: see piper/net.py.
_MOST_FILE_BYTES = 1 << 30
# The largest size of a description about which nothing is known; a net always has its size and a checksum.
_MOST_UNKNOWN_BYTES = 1 << 18
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_MD5, _SHA256 = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{64}")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HOST = re.compile(r"(\*\.)?[a-z0-9.-]{1,200}(:[0-9]{1,5})?")
# Hosts that may be asked over "http": nobody is in between.
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Asks(StrEnum):
    """What a voice's licence asks of those who share its sound."""

    NOTHING = "nothing"
    CREDIT = "credit"
    COPYLEFT = "copyleft"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """One file. `name` is its name on this computer. Either checksum may be "".

    If not `is_exact`, `size_bytes` is an upper limit.
    """

    name: str
    url: str
    size_bytes: int
    is_exact: bool = True
    md5: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class OfferedVoice:
    """One voice. `key` is its name on this computer.

    The score is out of 100, 0 if unrated; `speaker` is the number of the best speaker, -1 if there is only one.
    """

    key: str
    engine: str
    name: str
    locale: str
    quality: str
    rate_hz: int
    speakers: int
    speaker: int
    phonemes: str
    licence: str
    asks: Asks
    credit: str
    page: str
    score: float
    files: Sequence[OfferedFile]

    @property
    def id(self) -> str:
        """Its id among Harken's voices."""
        return f"{self.engine}/{self.key}"

    @property
    def language(self) -> str:
        """ISO 639-1, if the language has such a code."""
        return languages.code_of(self.locale)

    @property
    def size_bytes(self) -> int:
        """The size of the download, without the small files whose size is not known."""
        return sum(file.size_bytes for file in self.files if file.is_exact)

    @property
    def is_recommended(self) -> bool:
        """Whether anyone may use its sound, and it is intelligible."""
        return self.asks in (Asks.NOTHING, Asks.CREDIT) and (not self.score or self.score >= _GOOD)


# The score from which a voice is intelligible enough to be recommended; and how much better one of many speakers has
# to be, because it was trained on less speech of its own.
_GOOD, _MANY = 60.0, 3.0


@dataclass(frozen=True, slots=True)
class Index:
    """`hosts` are the ones that may be asked, "*.name" for a whole domain; the best voices come first."""

    voices: Sequence[OfferedVoice]
    hosts: Sequence[str]
    source: str = ""

    def voice(self, key: str) -> OfferedVoice | None:
        """The voice with this key, or with this id among Harken's voices."""
        return next((voice for voice in self.voices if key in (voice.key, voice.id)), None)

    def of_language(self, language: str) -> list[OfferedVoice]:
        """The voices of a language, best first."""
        return [voice for voice in self.voices if voice.language == language]

    def best(self, language: str) -> OfferedVoice | None:
        """The voice to recommend for a language, or None."""
        return next((voice for voice in self.of_language(language) if voice.is_recommended), None)


def read(value: Any) -> Index:
    """The index in a JSON value. Raises VoiceFileError."""
    try:
        return _read(value)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise VoiceFileError(
            translate("reader", "The list of voices is damaged, or was made for a different version of Harken.")
        ) from error


def _read(value: Mapping[str, Any]) -> Index:
    if value["format"] != FORMAT or len(value["voices"]) > _MOST_VOICES:
        raise ValueError("of another version")
    hosts = [_matching(_HOST, host) for host in value["hosts"]]
    places = {str(name): _url(str(url)) for name, url in value["places"].items()}
    rows = (_voice(row, places, hosts) for row in value["voices"] if _is_known(row))
    voices = {voice.key: voice for voice in rows}
    order = sorted(voices.values(), key=_rank)
    return Index(tuple(order), tuple(hosts), foreign.shown(str(value.get("source") or "")))


def _is_known(row: Mapping[str, Any]) -> bool:
    engine = row["engine"]
    return row.get("phonemes", "espeak") in _PHONEMES.get(engine, ()) and (
        engine != "neural" or row["locale"] in _NEURAL_LOCALES
    )


def _rank(voice: OfferedVoice) -> tuple[bool, bool, float, bool, str]:
    """Recommended voices first, among those the quickest to start, then by score."""
    return (
        not voice.is_recommended,
        voice.engine != "neural",
        _MANY * (voice.speakers > 1) - voice.score,
        voice.asks is Asks.UNCLEAR,
        voice.key,
    )


def _voice(row: Mapping[str, Any], places: Mapping[str, str], hosts: Sequence[str]) -> OfferedVoice:
    files = [_file(one, places, hosts) for one in row["files"]]
    if not 0 < len(files) <= _MOST_FILES:
        raise ValueError("too many files")
    number = float(row.get("score") or 0)
    if not 0 <= number <= 100:
        raise ValueError("no score")
    return OfferedVoice(
        key=_matching(_KEY, row["key"]),
        engine=_matching(re.compile("[a-z]+"), row["engine"]),
        name=foreign.shown(str(row["name"])),
        locale=_matching(_LOCALE, row["locale"]),
        quality=foreign.shown(str(row.get("quality") or "")),
        rate_hz=int(row.get("rate") or 0),
        speakers=int(row.get("speakers") or 1),
        speaker=int(row.get("speaker", -1)),
        phonemes=foreign.shown(str(row.get("phonemes") or "espeak")),
        licence=foreign.shown(str(row.get("licence") or "")),
        asks=Asks(row.get("asks") or "unclear"),
        credit=foreign.shown(str(row.get("credit") or "")),
        page=_url(str(row["page"])) if row.get("page") else "",
        score=number,
        files=tuple(files),
    )


def _file(row: Mapping[str, Any], places: Mapping[str, str], hosts: Sequence[str]) -> OfferedFile:
    url = _url(places[row["place"]] + quote(str(row["path"]), safe="/"))
    if not is_named(url, hosts):
        raise ValueError("a host that is not named")
    is_exact = "bytes" in row
    size_bytes = int(row["bytes"] if is_exact else row["most_bytes"])
    if not 0 < size_bytes <= _MOST_FILE_BYTES:
        raise ValueError("no size")
    md5, sha256 = str(row.get("md5") or ""), str(row.get("sha256") or "")
    if (md5 and not _MD5.fullmatch(md5)) or (sha256 and not _SHA256.fullmatch(sha256)):
        raise ValueError("no sum")
    name = _matching(_KEY, row["name"])
    is_checked = is_exact and (md5 or sha256)
    if not is_checked and (name.endswith(".onnx") or size_bytes > _MOST_UNKNOWN_BYTES):
        raise ValueError("nothing to check it by")
    return OfferedFile(name, url, size_bytes, is_exact, md5, sha256)


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("not of this form")
    return value


def _url(url: str) -> str:
    if not is_safe(url) or not re.fullmatch(r"[\x21-\x7e]{1,500}", url):
        raise ValueError("no address that may be asked")
    return url


def is_safe(url: str) -> bool:
    """Whether what comes from there can't be tampered with on the way: https, or this computer itself."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and not parts.username and (parts.scheme == "https" or is_loopback(url))


def is_loopback(url: str) -> bool:
    """Whether it is an unencrypted address of this computer."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def is_named(url: str, hosts: Sequence[str]) -> bool:
    """Whether a list includes the host of an address, with its port unless that is the default."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    full = f"{host}:{parts.port}" if parts.port else host
    return any(full.endswith(name[1:]) if name.startswith("*.") else full == name for name in hosts)
