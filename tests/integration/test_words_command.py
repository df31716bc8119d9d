"""`harken words`, from the command line to what a voice is sent: real processes, with and without a running Harken."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from reader.flow import CapturedText, Notice, PronunciationsChanged, Source
from reader.session.preferences import Preferences, ReadingOptions
from reader.settings.paths import pronunciations_file, settings_file
from reader.text.pronunciations import Entry, Kind, Pronunciations
from tests.fakes import instance
from tests.fakes.polly_desk import desk
from tests.fakes.session import Session

HARKEN = [sys.executable, "-m", "reader"]
SPEAK = ("speak", "--engine", "espeak", "--lang", "en")
TABLE = "word,spoken,kind,language,voice\nGIF,jif,word,,\n"
DAMAGED = [b"", b"\0\0\0", b"a,b\nc,d\n", b"word,spoken\n" + b"x" * (1 << 21), b"word,spoken\n" + b"y" * 200_000]


@pytest.fixture(autouse=True)
def without_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARKEN_AUDIO", "none")


def harken(*arguments: str, given: bytes = b"") -> tuple[int, str, str]:
    """(exit code, standard output, standard error)."""
    done = subprocess.run([*HARKEN, *arguments], input=given, capture_output=True, timeout=60, check=False)
    errors = done.stderr.decode()
    assert "Traceback" not in errors
    return done.returncode, done.stdout.decode(), errors


def recorded(folder: Path, text: str, *more: str) -> bytes:
    """What a voice of this computer says; the same text has the same sound."""
    path = folder / "out.wav"
    code, _, errors = harken(*SPEAK, "--text", text, "--out", str(path), *more)
    assert (code, errors) == (0, "")
    return path.read_bytes()


def write(content: bytes) -> Path:
    path = pronunciations_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


# ---- the list ----


def test_entries_are_added_listed_changed_and_removed() -> None:
    assert harken("words") == (0, "The list has no entries.\n", "")
    assert harken("words", "add", "GIF", "gif") == (0, "", "")
    assert harken("words", "add", "GIF", "jif") == (0, "", "")
    assert harken("words", "add", "5G", "fünf G", "--language", "de-AT", "--voice", "espeak/de") == (0, "", "")
    assert harken("words", "add", r"v(\d)", r"version \1", "--expression") == (0, "", "")
    assert harken("words", "list")[1].splitlines() == [
        "GIF = jif",
        "5G = fünf G  (de, espeak/de)",
        r"v(\d) = version \1  (expression)",
    ]
    assert json.loads(harken("words", "list", "--json")[1])[1] == {
        "word": "5G",
        "spoken": "fünf G",
        "kind": "word",
        "language": "de",
        "voice": "espeak/de",
    }
    assert harken("words", "remove", "GIF", "--part")[0] == 1
    assert harken("words", "remove", "GIF") == (0, "", "")
    code, _, errors = harken("words", "remove", "gif")
    assert (code, errors) == (1, "harken: There is no such entry for “gif”. “harken words” lists them all.\n")
    assert pronunciations_file().stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["add", "(a", "x", "--expression"], 1, "a closing “)” is missing"),
        (["add", r"(\w+\s?)+$", "x", "--expression"], 1, "takes too long"),
        (["add", "a", " "], 1, "Enter how “a” should sound"),
        (["add", "a", "b", "--voice", "heart"], 1, "not the name of a voice"),
        (["add", "a", "b", "--language", "english"], 2, "Use a language code"),
        (["add", "a"], 2, "needs WORD and SPOKEN"),
        (["import", "nothing.csv"], 1, "can't be read"),
        (["import", "/"], 1, "folder"),
        (["export", "/"], 1, "can't be written"),
    ],
)
def test_a_refusal_has_its_reason_and_changes_nothing(arguments: list[str], code: int, told: str) -> None:
    path = write(TABLE.encode())
    assert harken("words", *arguments)[0] == code
    assert told in harken("words", *arguments)[2]
    assert path.read_bytes() == TABLE.encode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
def test_a_table_is_imported_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    harken("words", "add", "GIF", "gif")
    table = "Spoken;Word\r\njif;GIF\r\nStrase;Straße\r\n;leer\r\n"
    (tmp_path / "list.csv").write_bytes(table.encode(encoding))
    code, output, errors = harken("words", "import", str(tmp_path / "list.csv"))
    assert (code, output) == (1, "1 entry added, 1 changed.\n")
    assert "line 4: Enter how “leer” should sound" in errors
    assert errors.count("\n") == 1
    assert harken("words")[1] == "GIF = jif\nStraße = Strase\n"


def test_what_is_exported_is_imported_again(tmp_path: Path) -> None:
    write(TABLE.encode() + b'"a ""b"", c",=x;y,part,,\n')
    code, table, errors = harken("words", "export")
    assert (code, errors) == (0, "")
    assert harken("words", "export", str(tmp_path / "list.csv")) == (0, "", "")
    assert (tmp_path / "list.csv").read_text() == table
    before = harken("words", "list", "--json")
    pronunciations_file().unlink()
    assert harken("words", "import", "-", given=table.encode()) == (0, "2 entries added, 0 changed.\n", "")
    assert harken("words", "list", "--json") == before


@pytest.mark.parametrize("content", [*DAMAGED[:3], b"PK\x03\x04" + bytes(range(256))])
def test_what_is_no_table_is_not_imported(content: bytes) -> None:
    code, output, errors = harken("words", "import", "-", given=content)
    assert (code, output) == (1, "")
    assert errors.startswith("harken: Standard input ")
    assert errors.count("\n") == 1
    assert not pronunciations_file().exists()


# ---- the file ----


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_told_stays_and_stops_no_reading(tmp_path: Path, content: bytes) -> None:
    path = write(content)
    code, output, errors = harken("words", "list", "--json")
    assert (code, output) == (1, "[]\n")
    assert "can't be read" in errors
    assert errors.count("\n") == 1
    code, _, errors = harken(*SPEAK, "--text", "One.", "--out", str(tmp_path / "one.wav"))
    assert (code, errors.count("\n")) == (0, 1)
    assert "can't be read" in errors
    assert path.read_bytes() == content
    assert harken("words", "export", str(tmp_path / "list.csv"))[0] == 1
    assert not (tmp_path / "list.csv").exists()


@pytest.mark.parametrize("content", [b"a,b\nc,d\n", TABLE.encode() + b"SQL,\n"])
def test_what_a_change_would_lose_is_kept_aside(content: bytes) -> None:
    path = write(content)
    code, _, errors = harken("words", "add", "a", "b")
    assert code == 0
    assert "pronunciations.broken.csv" in errors
    assert path.with_suffix(".broken.csv").read_bytes() == content
    assert harken("words")[0] == 0
    assert harken("purge", "--yes")[0] == 0
    assert not path.parent.exists()


def test_in_the_place_of_the_file_there_may_be_anything() -> None:
    pronunciations_file().mkdir(parents=True)
    for arguments in (["list"], ["add", "a", "b"], ["export"]):
        code, _, errors = harken("words", *arguments)
        assert (code, errors.count("\n")) == (1, 1)


def test_changes_at_the_same_time_lose_nothing() -> None:
    begun = [subprocess.Popen([*HARKEN, "words", "add", f"w{i}", "x"]) for i in range(6)]
    assert [process.wait(60) for process in begun] == [0] * 6
    assert len(harken("words")[1].splitlines()) == 6


# ---- what is heard ----


def test_words_reach_the_voice(tmp_path: Path) -> None:
    other, wanted = (recorded(tmp_path, text) for text in ("The GIF is 7.", "The hedgehog is 7."))
    assert other != wanted
    harken("words", "add", "gif", "hedgehog")
    assert recorded(tmp_path, "The GIF is 7.") == wanted
    harken("words", "remove", "gif")
    harken("words", "add", r"(?i)g(i)f\b", "hedgehog", "--expression", "--language", "en")
    assert recorded(tmp_path, "The GIF is 7.") == wanted
    harken("words", "remove", r"(?i)g(i)f\b")
    harken("words", "add", "gif", "hedgehog", "--language", "de")
    harken("words", "add", "gif", "hedgehog", "--voice", "neural/")
    assert recorded(tmp_path, "The GIF is 7.") == other


def test_what_is_entered_may_be_spelt_out_by_harken(tmp_path: Path) -> None:
    wanted = recorded(tmp_path, "It costs $5.")
    harken("words", "add", "a fiver", "$5")
    assert recorded(tmp_path, "It costs a fiver.") == wanted


async def test_a_running_harken_uses_a_change_from_the_next_text_on() -> None:
    async with instance.running(settings_file()) as made:
        told: list[Notice] = []
        seen: list[object] = []
        made.app.subscribe(lambda event: told.append(event) if isinstance(event, Notice) else None)
        made.app.subscribe(lambda event: seen.append(event) if isinstance(event, PronunciationsChanged) else None)
        assert await asyncio.to_thread(harken, "words", "add", "GIF", "jif") == (0, "", "")
        assert made.app.pronunciations.current().entries == (Entry("GIF", "jif"),)
        write(b"\0")
        code, _, errors = await asyncio.to_thread(harken, "words", "import", "-", given=TABLE.encode())
        assert code == 0
        assert "pronunciations.broken.csv" in errors
        write(b"a,b\n")
        await made.app.pronunciations.reload()
        await made.app.pronunciations.reload()
        assert made.app.pronunciations.current().entries == (Entry("GIF", "jif"),)
        assert [("can't be read" in notice.sentence) for notice in told] == [True]
        assert len(seen) == 1


async def test_a_reading_uses_a_change_from_the_next_sentence_on() -> None:
    async with Session() as session:
        engine = session.engines["fake"]
        reading = session.speak(CapturedText("The first SQL. ", Source.GIVEN), is_whole=False)
        reading.feed("The second SQL. Then")
        await session.settle()
        session.words.give(Entry("SQL", "sequel"))
        reading.feed(" the third SQL. The fourth SQL. ")
        reading.close()
        await session.settle()
        said = " ".join(engine.asked)
        assert said.index("SQL") < said.index("sequel")
        assert "fourth sequel" in said or "third sequel" in said


@pytest.mark.parametrize("voice", ["polly/Matthew", "polly-sentences/Ivy-neural"])
async def test_a_service_is_sent_what_should_sound(tmp_path: Path, voice: str) -> None:
    async with desk(tmp_path) as d:
        words = Pronunciations([Entry("GIF", "jif & <more>"), Entry(r"\bv(\d+)", r"version \1", Kind.EXPRESSION)])
        options = ReadingOptions(Preferences(voice_id=voice, speaks_notices=False, pronunciations=words))
        d.controller.speak(CapturedText("The GIF is v2, isn't it?", Source.GIVEN), options)
        await d.until(lambda: d.endings)
        sent = [json.loads(r.body)["Text"] for r in d.service.requests if r.path == "/v1/speech"]
        sent += [event.text for stream in d.service.streams for event in stream.events]
        assert "".join(sent).strip() == "The jif & <more> is version 2, isn't it?"
