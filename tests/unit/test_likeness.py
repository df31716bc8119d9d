"""What a text looks like: quickly, whatever it is, and without a word of it reaching any C but numpy's."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from reader.text import likeness
from reader.text.language import detect
from tests.nasty_texts import NASTY

# One sentence each, as programs say them, with a user who reads English.
SENTENCES = {
    "de": ["Die Datei wurde nicht gefunden.", "Das geht hier leider nicht.", "Wählen Sie eine andere Schriftart."],
    "fr": ["Le fichier est introuvable.", "Cette opération ne peut pas être annulée.", "Choisissez une autre police."],
    "es": ["No se pudo abrir el archivo.", "Esta acción no se puede deshacer.", "Seleccione otra carpeta del disco."],
    "it": [
        "Impossibile aprire il file.",
        "Questa operazione non può essere annullata.",
        "Scegliere un altro carattere.",
    ],
    "nl": ["Het bestand kan niet worden geopend.", "Deze actie kan niet ongedaan worden gemaakt."],
    "pt": ["Não foi possível abrir o ficheiro.", "Esta operação não pode ser desfeita agora."],
    "sv": ["Filen kunde inte öppnas just nu.", "Det går inte att ångra den här åtgärden."],
    "pl": ["Nie można otworzyć tego pliku.", "Wybierz inny katalog na dysku."],
    "cs": ["Soubor se nepodařilo otevřít.", "Vyberte prosím jinou složku."],
    "tr": ["Dosya açılamadı, lütfen yeniden deneyin.", "Bu işlem geri alınamaz."],
    "ru": ["Не удалось открыть файл.", "Выберите другую папку на диске."],
    "uk": ["Не вдалося відкрити цей файл.", "Виберіть іншу теку на диску."],
    "bg": ["Файлът не може да бъде отворен."],
    "ko": ["CREATE SCHEMA 구문에서는 스키마 요소들을 포함할 수 없습니다."],
    "zh": ["此系统已启用 SELinux，请重新启动。"],
}


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in SENTENCES.items() for text in texts])
def test_one_sentence_alone_is_recognised(language: str, text: str) -> None:
    assert detect(text, "en") == language


@pytest.mark.parametrize("expected", ["de", "es", "fr", "pt", "sv"])
@pytest.mark.parametrize("text", ["The file could not be opened.", "This cannot be undone, so choose with care."])
def test_english_is_recognised_for_readers_of_other_languages(expected: str, text: str) -> None:
    assert detect(text, expected) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "def _on_text(self, text: str) -> None:",
        "handleObj = handlers[ j ];",
        "/usr/share/doc/libasound2/copyright",
    ],
)
@pytest.mark.parametrize("expected", ["en", "de"])
def test_code_is_in_the_language_of_the_user_or_english(text: str, expected: str) -> None:
    assert detect(text, expected) in (expected, "en")


def test_a_language_that_the_model_does_not_know_is_the_users() -> None:
    assert detect("https://a.example/b?c=d&e=f and more of it", "qu") == "qu"


@pytest.mark.parametrize("kind", NASTY)
def test_only_the_beginning_is_looked_at(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    found = likeness._sequences

    def counted(data: np.ndarray, keys: np.ndarray) -> np.ndarray:
        looked_at.append(data.size)
        return found(data, keys)

    monkeypatch.setattr(likeness, "_sequences", counted)
    likeness.likeness(NASTY[kind](50_000))
    assert looked_at[0] <= 400


def test_the_model_is_sound() -> None:
    model = likeness._model()
    assert model.weights.shape == (model.keys.size, len(model.languages)) == (60_000, len(model.priors))
    assert (np.diff(model.keys.astype(np.int64)) > 0).all()


def test_a_press_does_not_wait_for_it_to_be_imported() -> None:
    code = "import reader.text.segment; from reader.text import likeness; assert not likeness.is_loaded()"
    subprocess.run([sys.executable, "-c", code], check=True)
