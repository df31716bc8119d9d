"""What is remembered of texts: places in a file without text, for its user only, and nothing once it is unwanted."""

from __future__ import annotations

import asyncio
import hashlib
import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reader.core.library import FILE, KeptLibrary
from reader.errors import HarkenError, NothingToReadError, NotTextError
from reader.flow import CapturedText, Source
from reader.session.history import History
from reader.session.places import MOST, MOST_BOOKMARKS, MOST_DAYS, Place, Places

TEXT = "A secret sentence, which nobody else shall read. " * 40
SELECTION = CapturedText(TEXT, Source.SELECTION)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("reader.core.library.state_folder", lambda: tmp_path / "state")
    return tmp_path / "state"


async def loaded(told: list[str] | None = None, **choice: bool) -> KeptLibrary:
    library = KeptLibrary(History(), (told if told is not None else []).append)
    library.choose(**{"is_kept": True, "keeps_texts": False, **choice})
    await library.load()
    return library


async def keep(library: KeptLibrary, captured: CapturedText = SELECTION, at: int = 49) -> Place:
    text = captured.text or TEXT
    place = library.places.place(captured, text, at, is_whole=True)
    library.keep(CapturedText(text, captured.source, path=captured.path), place)
    await library.close()
    return place


async def test_a_place_is_there_after_a_start_and_the_text_is_in_no_file(folder: Path) -> None:
    await keep(await loaded())
    again = await loaded()
    found = again.places.find(SELECTION)
    assert found is not None
    assert found.at_chars == 49
    assert not again.has_text(found)
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "secret" not in file.read_text()
    with pytest.raises(NothingToReadError):
        await again.open(found)


async def test_the_fingerprints_of_two_users_differ() -> None:
    places = [made.place(SELECTION, TEXT, 49, is_whole=True) for made in (Places(), Places())]
    assert places[0].fingerprint != places[1].fingerprint


async def test_the_text_is_kept_if_the_user_wants_that_and_goes_with_the_wish(folder: Path) -> None:
    place = await keep(await loaded(keeps_texts=True))
    again = await loaded(keeps_texts=True)
    assert (await again.open(place)) == (SELECTION, 49)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in folder.iterdir())
    again.choose(is_kept=True, keeps_texts=False)
    await again.close()
    assert [file.name for file in folder.iterdir()] == [FILE]
    assert again.places.find(SELECTION)


@pytest.mark.parametrize("how", ["forget all", "switched off", "switched off while Harken did not run"])
async def test_nothing_is_left_of_what_is_unwanted(how: str, folder: Path) -> None:
    library = await loaded(keeps_texts=True)
    place = await keep(library)
    match how:
        case "forget all":
            library.forget(None)
        case "switched off":
            library.choose(is_kept=False, keeps_texts=True)
        case _:
            library = await loaded(is_kept=False, keeps_texts=True)
    await library.close()
    assert [file.name for file in folder.iterdir()] == [FILE]
    assert place.fingerprint not in (folder / FILE).read_text()
    assert json.loads((folder / FILE).read_text())["places"] == []


async def test_one_is_forgotten(folder: Path) -> None:
    library = await loaded()
    await keep(library, CapturedText("", Source.GIVEN, path="/a.txt"))
    await keep(library, CapturedText("", Source.GIVEN, path="/b.txt"))
    library.forget(2)
    await library.close()
    assert [text["path"] for text in await (await loaded()).listed()] == ["/b.txt"]
    with pytest.raises(HarkenError, match="harken recent"):
        library.forget(2)


async def test_two_harkens_lose_nothing_of_each_other() -> None:
    await keep(await loaded(), CapturedText("", Source.GIVEN, path="/old.txt"))
    one, other = await loaded(), await loaded()
    await asyncio.gather(
        keep(one, CapturedText("", Source.GIVEN, path="/a.txt")),
        keep(other, CapturedText("", Source.GIVEN, path="/b.txt")),
    )
    assert {text["path"] for text in await (await loaded()).listed()} == {"/old.txt", "/a.txt", "/b.txt"}


class TestFiles:
    async def test_it_goes_on_with_the_rest_behind_it(self, tmp_path: Path) -> None:
        book = tmp_path / "book.txt"
        book.write_text(TEXT * 100)
        library = await loaded()
        place = await keep(library, CapturedText("", Source.GIVEN, path=str(book)), at=98)
        captured, at = await library.open(place)
        assert at == 98
        text = captured.text
        assert captured.more
        while (part := await captured.more()) is not None:
            text += part
        assert text == TEXT * 100

    async def test_a_part_that_nobody_waited_for_is_not_lost(self, tmp_path: Path) -> None:
        book = tmp_path / "book.txt"
        book.write_text(TEXT * 1000)
        library = await loaded()
        captured, _ = await library.open(await keep(library, CapturedText("", Source.GIVEN, path=str(book))))
        text = captured.text
        assert captured.more
        for _ in range(3):
            waiting = asyncio.ensure_future(captured.more())
            await asyncio.sleep(0)
            waiting.cancel()
            (part,) = await asyncio.gather(waiting, return_exceptions=True)
            text += part if isinstance(part, str) else ""
        while (part := await captured.more()) is not None:
            text += part
        assert text == TEXT * 1000

    async def test_one_that_has_changed_starts_over_and_the_user_is_told(self, tmp_path: Path) -> None:
        book = tmp_path / "book.txt"
        book.write_text("Changed. " + TEXT)
        told: list[str] = []
        library = await loaded(told)
        captured, at = await library.open(await keep(library, CapturedText("", Source.GIVEN, path=str(book))))
        assert at == 0
        assert captured.text.startswith("Changed. ")
        assert told == [f"{book} has changed. Harken reads it from the beginning."]

    async def test_one_that_only_became_longer_goes_on(self, tmp_path: Path) -> None:
        book = tmp_path / "book.txt"
        book.write_text(TEXT + "And more.")
        library = await loaded()
        assert (await library.open(await keep(library, CapturedText("", Source.GIVEN, path=str(book)))))[1] == 49

    async def test_one_that_is_gone_has_a_sentence(self) -> None:
        library = await loaded()
        with pytest.raises(NotTextError, match="can't be read"):
            await library.open(await keep(library, CapturedText("", Source.GIVEN, path="/nowhere/book.txt")))


class TestTheList:
    def test_it_is_bounded_in_number_and_age(self) -> None:
        places = Places(now_s=lambda: 1e9)
        for number in range(MOST + 5):
            places.note(Place("f", 1, 1, 1, 1e9 - number, path=f"/{number}"))
        assert len(places.entries()) == MOST
        old = Place("f", 1, 1, 1, 1e9 - (MOST_DAYS + 1) * 86_400, path="/old")
        places.note(old)
        assert old not in places.entries()

    def test_it_is_the_same_from_its_data(self) -> None:
        places = Places()
        places.note(places.place(SELECTION, TEXT, 49, is_whole=True))
        again = Places.from_data(places.data())
        assert again
        assert again.entries() == places.entries()
        assert again.find(SELECTION)

    @pytest.mark.parametrize(
        "data",
        [
            None,
            [],
            {},
            {"salt": 3, "places": 4},
            {"salt": "zz", "places": []},
            {"salt": "00" * 16, "places": [[], {}, 1]},
        ],
    )
    def test_what_is_none_is_left_out(self, data: object) -> None:
        places = Places.from_data(data)
        assert places is None or places.entries() == []

    @pytest.mark.noisy
    @pytest.mark.parametrize(
        "damage", ["", "{", "[]", "\0" * 100, '{"salt": "' + "0" * 32 + '", "places": [{"at_chars": -1}]}']
    )
    async def test_a_damaged_file_is_replaced(self, damage: str, folder: Path, noise: list[str]) -> None:
        folder.mkdir(mode=0o700)
        (folder / FILE).write_text(damage)
        await keep(await loaded())
        assert (await loaded()).places.find(SELECTION)


class TestBookmarks:
    async def test_they_stay_when_places_are_forgotten_and_can_be_removed(self) -> None:
        library = await loaded(keeps_texts=True)
        place = await keep(library)
        library.add_bookmark(SELECTION, place)
        library.add_bookmark(SELECTION, replace(place, at_chars=98))
        library.add_bookmark(SELECTION, place)  # the same again is one
        library.forget(None)
        await library.close()
        again = await loaded(keeps_texts=True)
        assert again.places.entries() == []
        assert [mark.at_chars for mark in again.places.bookmarks()] == [98, 49]
        assert await again.open(again.numbered_bookmark(2)) == (SELECTION, 49)
        again.remove_bookmark(2)
        await again.close()
        assert [row["percent"] for row in await (await loaded(keeps_texts=True)).listed_bookmarks()] == [
            98 * 100 // len(TEXT)
        ]
        with pytest.raises(NothingToReadError, match="harken bookmarks"):
            again.remove_bookmark(2)

    async def test_one_in_a_text_that_is_not_kept_says_so_and_leaves_no_text(self, folder: Path) -> None:
        library = await loaded()
        place = library.places.place(SELECTION, TEXT, 49, is_whole=True)
        assert "until Harken quits" in library.add_bookmark(SELECTION, place)
        await library.close()
        assert [file.name for file in folder.iterdir()] == [FILE]

    async def test_one_in_a_text_that_a_client_has_sent_leads_into_no_other(self) -> None:
        history = History()
        library = KeptLibrary(history, lambda _: None)
        sent, begun = (
            CapturedText("What a client has sent. Its second sentence.", Source.GIVEN),
            CapturedText("", Source.GIVEN),
        )
        history.add(sent)
        library.places.add_bookmark(library.places.place(begun, sent.text, 24, is_whole=True))
        history.add(SELECTION)
        assert await library.open(library.numbered_bookmark(1)) == (sent, 24)

    def test_they_are_bounded(self) -> None:
        places = Places()
        for number in range(MOST_BOOKMARKS + 5):
            places.add_bookmark(Place("f", 1, number, 1, 1.0, path="/book.txt"))
        assert [mark.at_chars for mark in places.bookmarks()] == list(range(5, MOST_BOOKMARKS + 5))


async def test_a_file_goes_on_where_it_was_stopped_until_it_was_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TEXT)
    begun = CapturedText("", Source.GIVEN, path=str(file))
    library = await loaded()
    assert await opened(library, str(file)) == (TEXT, 0)
    await keep(library, begun, at=49)
    assert await opened(library, str(file)) == (TEXT, 49)
    assert (await library.open(library.place_in_file(str(file), goes_on=False)))[1] == 0
    library.keep(begun, library.places.place(begun, TEXT, 49, is_whole=True, is_read=True))
    assert await opened(library, str(file)) == (TEXT, 0)
    await library.close()


async def opened(library: KeptLibrary, path: str) -> tuple[str, int]:
    captured, at_chars = await library.open(library.place_in_file(path, goes_on=True))
    text = captured.text
    while captured.more and (part := await captured.more()):
        text += part
    return text, at_chars


def test_many_long_texts_of_one_length_take_as_long_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop was held for as many milliseconds as there were megabytes remembered."""
    places = Places()
    texts = [CapturedText(f"{number:02} {TEXT}", Source.SELECTION) for number in range(MOST)]
    for text in texts:
        places.note(places.place(text, text.text, 7, is_whole=True))
    hashed: list[int] = []
    blake2b = hashlib.blake2b

    def note(data: bytes, **options: Any) -> Any:
        hashed.append(len(data))
        return blake2b(data, **options)

    monkeypatch.setattr(hashlib, "blake2b", note)
    found = places.find(texts[0])
    assert found
    assert found.at_chars == 7
    assert places.find(CapturedText(f"xx {TEXT}", Source.SELECTION)) is None
    assert len(hashed) == 2
