import pytest

from reader.text.language import detect, scripts_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The committee met on Tuesday to discuss the budget for next year.", "en"),
        ("Der Ausschuss traf sich am Dienstag, um über den Haushalt zu beraten.", "de"),
        ("Le comité s'est réuni mardi pour discuter du budget de l'année prochaine.", "fr"),
        ("El comité se reunió el martes para hablar del presupuesto.", "es"),
        ("Комитет собрался во вторник, чтобы обсудить бюджет.", "ru"),
        ("Комітет зібрався у вівторок, щоб обговорити бюджет на наступний рік.", "uk"),
        ("委员会星期二开会讨论明年的预算。", "zh"),
        ("委員会は火曜日に来年の予算について話し合った。", "ja"),
        ("The word 東京 means Tokyo, and こんにちは means hello.", "en"),
        ("Pythonの使い方を学ぶ", "ja"),
        ("위원회는 화요일에 모여 내년 예산을 논의했다.", "ko"),
        ("اجتمعت اللجنة يوم الثلاثاء لمناقشة ميزانية العام المقبل.", "ar"),
        ("הוועדה נפגשה ביום שלישי כדי לדון בתקציב.", "he"),
        ("Η επιτροπή συνεδρίασε την Τρίτη.", "el"),
        ("คณะกรรมการประชุมกันเมื่อวันอังคาร", "th"),
    ],
)
def test_sentences(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["Hello", "OK", "12345", "", "***", "Hotel Taxi"])
def test_what_is_too_short_is_taken_for_what_is_expected(text: str) -> None:
    assert detect(text, "de") == "de"
    assert detect(text, "en") == "en"


def test_a_latin_word_is_no_russian() -> None:
    assert detect("Hello", "ru") == "en"


@pytest.mark.parametrize("text", ["\x00\x01\x02 binary", "\ud800 broken", "\ufffe"])
def test_rubbish_is_what_is_expected(text: str) -> None:
    assert detect(text * 20, "fr") in ("fr", "en")


def test_scripts() -> None:
    assert scripts_of("en") == {"Latin"}
    assert scripts_of("ru") == {"Latin", "Cyrillic"}
    assert scripts_of("ja") == {"Latin", "Kana", "Cjk"}
    assert scripts_of("fa") == {"Latin", "Arabic"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Größe ändern", "de"),
        ("Guten Morgen", "de"),
        ("Buenos días", "es"),
        ("Grazie mille", "it"),
        ("Dank je wel", "nl"),
        ("Привіт!", "uk"),
        ("Não sei", "pt"),
        ("Günaydın", "tr"),
        ("Hej, hur mår du?", "sv"),
        ("From: Ann <ann@example.org>", "en"),
        ("Mr Muñoz went home early today.", "en"),
    ],
)
def test_letters_and_frequent_words_decide_on_short_texts(text: str, language: str) -> None:
    assert detect(text, "en") == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Neue Datei"), ("de", "Letzte Änderung"), ("fr", "Fichier introuvable"), ("es", "Archivo nuevo"),
        ("es", "Cerrar ventana"), ("it", "Chiudi finestra"), ("nl", "Bestand openen"), ("sv", "Spara ändringar"),
        ("pl", "Zapisz plik"), ("pt", "Fechar janela"), ("tr", "Dosya bulunamadı"), ("cs", "Nový soubor"),
        ("fi", "Avaa tiedosto"), ("hu", "Fájl megnyitása"), ("ro", "Deschide fișierul"), ("uk", "Новий файл"),
    ],
)  # fmt: skip
def test_two_words_are_in_their_language_for_a_reader_of_english(language: str, text: str) -> None:
    assert detect(text, "en") == language


@pytest.mark.parametrize("text", ["New file", "File not found", "Open window", "Angelina Jolie", "Save changes", "OK"])
def test_two_words_of_english_stay_english_for_a_reader_of_english(text: str) -> None:
    assert detect(text, "en") == "en"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tr", "Yeni Düğme"), ("tr", "Yazıcı Seçenekleri"), ("pt", "Enviar Atenção"), ("pt", "Preferências Avançadas"),
        ("de", "Letzte Änderung"), ("de", "Unterstützte Archivtypen"), ("de", "Neue Datei"), ("de", "Guten Morgen"),
        ("es", "Configuración Avanzada"), ("sv", "Nästa flikgrupp"), ("nl", "Bewerk notities..."),
    ],
)  # fmt: skip
def test_a_title_with_capitals_is_in_its_language(language: str, text: str) -> None:
    assert detect(text, "en") == language


@pytest.mark.parametrize(
    "name",
    [
        "Matteo Rossi", "Torben Römer", "Tristan van de Pavert", "Víctor Solana", "Krzysztof Nowak", "Henrik Karlsson",
        "Renée Turpin", "Jürgen Müller", "Björn Ångström", "Buenos Aires", "Dear Elżbieta,", "Marcela Novais",
    ],
)  # fmt: skip
def test_a_name_alone_changes_no_voice(name: str) -> None:
    assert detect(name, "en") == "en"


@pytest.mark.parametrize("name", ["Matteo Rossi", "Krzysztof Nowak", "Henrik Karlsson", "Víctor Solana", "Elin Myhre"])
def test_a_name_alone_changes_no_voice_of_another_language(name: str) -> None:
    assert detect(name, "de") == "de"
    assert detect(name, "fr") == "fr"


@pytest.mark.parametrize(
    "name", ["Ferenc Nagy", "Zsanett Nagy", "Juha Jokela", "Kaarina Tuominen", "Petronela Nistor", "Davor Balić"]
)
@pytest.mark.parametrize("expected", ["en", "de"])
def test_a_name_in_words_of_a_language_that_writes_titles_small_changes_no_voice(name: str, expected: str) -> None:
    assert detect(name, expected) == expected


@pytest.mark.parametrize(
    ("text", "language"), [("uusi ikkuna", "fi"), ("Uusi ikkuna", "fi"), ("yeni sekme", "tr"), ("Yeni Düğme", "tr")]
)
@pytest.mark.parametrize("expected", ["en", "own"])
def test_two_words_that_are_no_name_keep_their_language(text: str, language: str, expected: str) -> None:
    assert detect(text, language if expected == "own" else expected) == language


@pytest.mark.parametrize("text", ["New File", "Save Changes", "Rename File", "Open Window"])
def test_an_english_title_is_english_for_others(text: str) -> None:
    assert detect(text, "de") == "en"


def test_no_language_is_told_that_nobody_writes() -> None:
    known = {"tlh", "jbo", "vo", "la", "an", "pcm", "ext", "wuu", "ia", "un"}
    texts = ("Fechar janela", "Nenhum erro", "Qapla batlh je", "lorem ipsum dolor sit amet", "mi ka tu na", "Ko te reo")
    assert not {detect(text, expected) for text in texts for expected in ("en", "pt", "ru")} & known


def test_what_looks_like_no_language_is_the_expected_one() -> None:
    assert detect("\\fBCREATE OR REPLACE RULE\\fR", "en") == "en"
