"""Whether voices in Piper's format say what piper-tts says: the same sounds, and the same samples without chance.

piper-tts, in an environment of its own, and Harken are given 30 texts in 15 languages: what either makes of them in
sounds is compared to the letter, and each text in which they differ is listed. eSpeak NG stands in both, of different
ages, so some sounds differ that are neither's fault. Then both say the English ones with the same numbers of sounds and
no noise, Harken in pieces, and the largest difference between two samples is told (of 1.0).

Run `python -m tests.bench.added_oracle`; it fetches both from the package registry.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np

from reader.voices.local.espeak_worker import Library
from reader.voices.piper import installation, phonemes
from reader.voices.piper.facts import Facts, of_json
from reader.voices.piper.folder import FACTS
from reader.voices.piper.piper_worker import sounds_of
from reader.voices.piper.speech import Phrase, Speech
from tests.bench.added_voices import PEER, voice_file

TEXTS = {
    "en-us": ("The quick brown fox, who was tired, slept.", "Is it 3 o'clock already? Yes!"),
    "de": ("Der alte Leuchtturm steht noch, aber niemand wohnt dort.", "Wie spät ist es? Halb zwölf."),
    "fr": ("Le train est arrivé à l'heure, heureusement.", "Où vas-tu ? Chez ma sœur."),
    "es": ("El perro corre por la playa; el niño también.", "¿Cómo estás? ¡Muy bien!"),
    "it": ("La casa è vuota, ma la luce è accesa.", "Chi è? Sono io."),
    "pt-br": ("O avião chegou atrasado, como sempre.", "Você quer café? Não, obrigado."),
    "nl": ("De zon scheen, maar het was koud.", "Hoe heet je? Ik heet Jan."),
    "sv": ("Barnen lekte i skogen, och hunden sov.", "Vad heter du? Jag heter Åsa."),
    "pl": ("Kot śpi na krześle, a pies szczeka.", "Gdzie jesteś? W domu."),
    "ru": ("Поезд пришёл вовремя, и все были рады.", "Как дела? Хорошо."),
    "uk": ("Сонце сіло, і стало темно.", "Де ти живеш? У Києві."),
    "tr": ("Kapı açıktı, ama içeride kimse yoktu.", "Nasılsın? İyiyim."),
    "el": ("Το πλοίο έφυγε, αλλά γύρισε.", "Τι κάνεις; Καλά."),
    "ar": ("وصل القطار في موعده، والحمد لله.", "كيف حالك؟ بخير."),
    "hi": ("बच्चा सो रहा है, पर कुत्ता जाग रहा है।", "आप कैसे हैं? ठीक हूँ।"),
}
_PEER = """
import json, sys
import numpy
from piper import PiperVoice
from piper.config import SynthesisConfig
from piper.phonemize_espeak import EspeakPhonemizer
phonemizer, voice = EspeakPhonemizer(), PiperVoice.load(sys.argv[1])
quiet = SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False)
for line in sys.stdin:
    question = json.loads(line)
    if "ids" in question:
        made = voice.phoneme_ids_to_audio(question["ids"], quiet)
        numpy.save(question["file"], numpy.asarray(made).reshape(-1))
        print(json.dumps(None), flush=True)
    else:
        sentences = phonemizer.phonemize(question["voice"], question["text"])
        print(json.dumps([" ".join("".join(sounds).strip() for sounds in sentences)]), flush=True)
"""


class Oracle:
    """piper-tts, in an environment of its own."""

    def __init__(self, folder: Path, net: Path) -> None:
        python = folder / "peer/bin/python"
        subprocess.run([sys.executable, "-m", "venv", folder / "peer"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PEER], check=True)
        command = [str(python), "-c", _PEER, str(net)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
        )

    def ask(self, **question: object) -> list[str] | None:
        """What it answers."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: list[str] | None = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def compare_sounds(oracle: Oracle, library: Library, facts: Facts) -> list[tuple[str, str, str, str]]:
    """(language, text, Harken's sounds, piper-tts's) of each text in which they differ."""
    differing = []
    for language, texts in TEXTS.items():
        about = replace(facts.description, espeak=language)
        for text in texts:
            ours = "".join(sound.symbol for sound in sounds_of(library, text, about)).strip()
            (theirs,) = oracle.ask(voice=language, text=text) or [""]
            if ours != unicodedata.normalize("NFD", theirs):
                differing.append((language, text, ours, theirs))
    return differing


def compare_samples(oracle: Oracle, library: Library, speech: Speech, folder: Path) -> list[tuple[str, int, float]]:
    """(text, samples, the largest difference between Harken's and piper-tts's) of each English text."""
    speech.piece_frames = 30
    found = []
    for text in TEXTS["en-us"]:
        ids = phonemes.numbers(sounds_of(library, text, speech.facts.description), speech.facts.description).ids
        made = list(speech.say(Phrase(ids, is_plain=True), lambda: None))
        ours = np.concatenate(made) / speech.facts.gain
        oracle.ask(ids=ids, file=str(folder / "theirs.npy"))
        theirs = np.load(folder / "theirs.npy")
        same = min(len(ours), len(theirs))
        difference = float(np.abs(ours[:same] - theirs[:same]).max()) if len(ours) == len(theirs) else float("inf")
        found.append((text, len(theirs), difference))
    return found


def main() -> None:
    """Compare and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = voice_file(folder)
        asyncio.run(installation.add(file, folder / "voices"))
        home = next((folder / "voices").glob(f"*/{FACTS}")).parent
        facts = of_json(json.loads((home / FACTS).read_text("utf-8")))
        library = Library(lambda _: False)
        library.voices()
        oracle = Oracle(folder, file)
        try:
            differing = compare_sounds(oracle, library, facts)
            count = sum(map(len, TEXTS.values()))
            print(f"{count - len(differing)} of {count} texts in {len(TEXTS)} languages have the same sounds.\n")
            for language, text, ours, theirs in differing:
                print(f"- {language}: {text}\n    Harken    {ours}\n    piper-tts {theirs}")
            print()
            for text, samples, difference in compare_samples(oracle, library, Speech(home, facts), folder):
                print(f"“{text}”: {samples:,} samples without chance, the largest difference {difference:.1e}")
        finally:
            oracle.close()


if __name__ == "__main__":
    main()
