"""What the settings window asks of Amazon Polly: the voices, the permissions, and how one sounds."""

from __future__ import annotations

from pathlib import Path

import pytest

import reader.core.polly
from reader.core.samples import sample
from reader.errors import CredentialsMissingError, HarkenError
from reader.flow import Command, SegmentStarted, Trigger
from tests.integration.test_polly_app import harken

pytestmark = pytest.mark.own_time


async def test_each_voice_is_there_once_for_each_technique(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        await h.app.change("voice.id", "")
        found = await reader.core.polly.voices(h.app)
        assert len({voice.id for voice in found}) == len(found)
        matthew = [(voice.id, voice.technique) for voice in found if voice.given_name == "Matthew"]
        assert matthew == [
            ("polly/Matthew", "generative"),
            ("polly-sentences/Matthew-neural", "neural"),
            ("polly-sentences/Matthew-standard", "standard"),
        ]
        assert {voice.gender for voice in found} == {"female", "male"}
        assert reader.core.polly.voice_to_try(h.app, found).language == "en"
        await h.app.change("voice.expected_language", "de")
        assert reader.core.polly.voice_to_try(h.app, found).id == "polly/Vicki"
        await h.app.change("voice.id", "polly-sentences/Ivy-neural")
        assert reader.core.polly.voice_to_try(h.app, found).id == "polly-sentences/Ivy-neural"


@pytest.mark.parametrize("voice_id", ["polly/Vicki", "polly-sentences/Ivy-standard"])
async def test_a_voice_is_heard_in_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice_id: str) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        voice = next(voice for voice in await reader.core.polly.voices(h.app) if voice.id == voice_id)
        text, language = sample(voice.language)
        assert language == voice.language
        heard = await reader.core.polly.hear(h.app, voice)
        assert (heard.characters, heard.is_whole) == (len(text), True)
        assert h.voices == {voice_id}
        # Ends of lines and of paragraphs are characters too.
        assert abs(h.service.billed_chars - len(text)) <= 2
        await h.settle()


@pytest.mark.noisy
async def test_no_other_voice_answers_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        voice = (await reader.core.polly.voices(h.app))[0]
        h.service.account.denied = {"StartSpeechSynthesisStream"}
        with pytest.raises(HarkenError, match="permission"):
            await reader.core.polly.hear(h.app, voice)
        h.service.account.denied = set()
        monkeypatch.setenv("AWS_ENDPOINT_URL_POLLY", "https://localhost:9")
        for key, value in (("polly.format", "ogg_vorbis"), ("polly.region", "eu-west-2")):
            h.app.renew_account()
            await h.app.change(key, value)  # the second time without a list of voices
            with pytest.raises(HarkenError) as caught:
                await reader.core.polly.hear(h.app, voice)
            assert caught.value.sentence == "localhost refuses connections. It may be down, or blocked by a firewall."
        monkeypatch.setenv("AWS_ENDPOINT_URL_POLLY", h.service.endpoint)
        await h.app.change("polly.region", "")
        h.app.renew_account()
        # Harken may have said with its own voice what is wrong.
        said = {e.segment.text for e in h.events if isinstance(e, SegmentStarted)}
        assert not any(text in sample(voice.language)[0] for text in said)
        h.service.account.denied = set()
        await h.app.change("polly.format", "mp3")  # other engines, which do not rest
        assert (await reader.core.polly.hear(h.app, voice)).is_whole
    assert noise


async def test_who_stops_it_has_heard_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        h.service.pace = 2.0
        voice = (await reader.core.polly.voices(h.app))[0]

        def stop_soon(event: object) -> None:
            if h.voices:
                h.app.controller.handle(Trigger(Command.STOP))

        h.app.subscribe(stop_soon)
        assert not (await reader.core.polly.hear(h.app, voice)).is_whole


@pytest.mark.noisy
async def test_an_examination_is_of_the_account_there_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noise: list[str]
) -> None:
    async with harken(tmp_path, monkeypatch) as h:
        found = await reader.core.polly.examine(h.app)
        assert [check.is_allowed for check in found.checks] == [True, True, True]
        await h.app.change("polly.profile", "nobody")
        for ask in (reader.core.polly.examine, reader.core.polly.voices):
            with pytest.raises(CredentialsMissingError, match="There is no AWS profile “nobody”"):
                await ask(h.app)
        await h.settle()
    assert all("ProfileNotFound" in line or "“nobody”" in line for line in noise)
