"""Makes resources/voices.json, the list of voices that can be had (reader/voices/offered/index.py).

Addresses, sizes and sums come from the list of the voices' own hub ("voices.json" there), licences and scores from a
study of these voices, whose file is in the wheel loudness-tts (facts only; the scores are CC BY 4.0). Where both know
a file, they have to agree. A voice that the study does not know is one whose licence is unclear.

To make it again, from a newer revision:

    .venv/bin/python packaging/voice_index.py STUDY.json --hub HUB.json --natural HIBARI.json

`--sums FILE` takes lines as sha256sum writes them, of files named as in the list, for those that were downloaded.
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from reader.voices.offered import index

TARGET = Path(__file__).parents[1] / "resources" / "voices.json"
_SOURCE = "Open Piper TTS Voices Ranked, LA-RB-2026-003 (CC BY 4.0)"
# What the hub sends a download on to is of its own domains.
_HOSTS = ["huggingface.co", "*.huggingface.co", "*.hf.co"]
_NATURAL = "https://huggingface.co/maureesewilliams/hibari/resolve/main/voices/"
_ASKS = {"none": "nothing", "credit": "credit", "copyleft": "copyleft", "unclear": "unclear"}
# A description whose sum nobody has published: it is small, and remembered from the first download on.
_MOST_DESCRIPTION_BYTES = 1 << 18

Row = dict[str, Any]


def make(study: Mapping[str, Any], hub: Mapping[str, Any], natural: Mapping[str, Any], sums: Mapping[str, str]) -> Row:
    """The index. Raises ValueError where the two lists disagree about a file."""
    places: dict[str, str] = {"natural": _NATURAL}
    best: dict[str, list[Any]] = {}
    for row in study["voices"]:
        known = best.get(row[1])
        best[row[1]] = row if known is None or row[6] > known[6] else known
    models = {key: row for key, row in study["models"].items() if row["source"] == "catalog"}  # the rest is unpinned
    rows = [_of_study(key, row, best[key], places) for key, row in models.items()]
    by_key = {row["key"]: row for row in rows}
    revision = places["piper"]
    for key, told in hub.items():
        if key in by_key:
            _compare(by_key[key], told)
        else:
            rows.append(_of_hub(key, told, revision))
    rows += [_of_natural(name, told) for name, told in natural.items() if not told.get("bundled")]
    for file in (file for row in rows for file in row["files"]):
        if found := sums.get(file["name"]):
            file["sha256"] = found
    rows.sort(key=lambda row: row["key"])
    made: Row = {"format": index.FORMAT, "source": _SOURCE, "hosts": _HOSTS, "places": places, "voices": rows}
    index.read(made)  # raises where it could not be read
    return made


def _of_study(key: str, told: Mapping[str, Any], best: list[Any], places: dict[str, str]) -> Row:
    name = str(best[3]).partition(" · ")[0].partition(" (")[0]
    files = []
    for kind, ending in (("config", ".onnx.json"), ("model", ".onnx")):
        file = told["files"][kind]
        place, path = _place(file["url"], places)
        sums = {algorithm: file[algorithm] for algorithm in ("md5", "sha256") if algorithm in file}
        files.append({"name": key + ending, "place": place, "path": path, "bytes": file["size"], **sums})
    row = {
        "key": key,
        "engine": "piper",
        "name": name,
        "locale": told["locale"],
        "quality": told["quality"],
        "rate": told["sampleRate"],
        "speakers": told["speakers"],
        "phonemes": "espeak",
        "licence": "" if told["use"] == "unclear" else told["licence"],
        "asks": _ASKS[told["use"]],
        "credit": "" if told["use"] == "none" else ", ".join(filter(None, (name, told["dataset"], told["licence"]))),
        "page": told["card"],
        "score": best[6],
        "files": files,
    }
    return row | ({"speaker": best[2]} if told["speakers"] > 1 else {})


def _place(url: str, places: dict[str, str]) -> tuple[str, str]:
    """(the place's name, what follows its address)."""
    parts = urlsplit(url).path.split("/")
    name = "piper" if parts[2] == "piper-voices" else parts[1]
    head, tail = "/".join(parts[:5]) + "/", "/".join(parts[5:])
    base = f"https://{urlsplit(url).netloc}{head}"
    if places.setdefault(name, base) != base:
        raise ValueError(f"{url} is of another revision")
    return name, unquote(tail)


def _compare(row: Row, told: Mapping[str, Any]) -> None:
    files = {PurePosixPath(path).name: file for path, file in told["files"].items()}
    for file in row["files"]:
        other = files[file["name"]]
        if file["name"].endswith(".onnx") and file.get("md5") != other["md5_digest"]:
            raise ValueError(f"{file['name']} has two sums")


def _of_hub(key: str, told: Mapping[str, Any], base: str) -> Row:
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    paths = {suffix: path for path in told["files"] for suffix in (".onnx.json", ".onnx") if path.endswith(suffix)}
    net = told["files"][paths[".onnx"]]
    language = told["language"]
    return {
        "key": plain,
        "engine": "piper",
        "name": str(told["name"]).replace("_", " ").title(),
        "locale": f"{language['family']}-{language['region']}",
        "quality": told["quality"],
        "rate": 16000 if told["quality"].endswith("low") else 22050,
        "speakers": told["num_speakers"],
        "phonemes": "espeak",
        "asks": "unclear",
        "page": base.replace("/resolve/", "/blob/") + str(PurePosixPath(paths[".onnx"]).parent) + "/MODEL_CARD"
        if plain == key
        else "",
        "files": [
            {
                "name": f"{plain}.onnx.json",
                "place": "piper",
                "path": paths[".onnx.json"],
                "most_bytes": _MOST_DESCRIPTION_BYTES,
            },
            {
                "name": f"{plain}.onnx",
                "place": "piper",
                "path": paths[".onnx"],
                "bytes": net["size_bytes"],
                "md5": net["md5_digest"],
            },
        ],
    }


def _of_natural(name: str, told: Mapping[str, Any]) -> Row:
    key = f"{told['language'].replace('-', '_')}-{name}"  # as the others are called
    file = {"name": f"{key}.onnx", "place": "natural", "path": told["file"], "bytes": told["bytes"]}
    return {
        "key": key,
        "engine": "neural",
        "name": name.capitalize(),
        "locale": told["language"],
        "quality": "",
        "rate": 24000,
        "speakers": 1,
        "phonemes": "own",
        "licence": "Apache 2.0",
        "asks": "credit",
        "credit": f"{name.capitalize()}, hibari-tts, Apache 2.0",
        "page": "https://huggingface.co/maureesewilliams/hibari",
        "files": [file | {"sha256": told["sha256"]}],
    }


def _read(path: str) -> Any:
    return json.loads(Path(path).read_text("utf-8")) if path else {}


def main() -> None:
    """Make the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", help="voices.json of the wheel loudness-tts")
    parser.add_argument("--hub", default="", help="voices.json of the voices' hub, at the same revision")
    parser.add_argument("--natural", default="", help="voices.json of hibari-tts")
    parser.add_argument("--sums", default="", help="lines of sha256sum")
    options = parser.parse_args()
    lines = Path(options.sums).read_text("utf-8").splitlines() if options.sums else []
    sums = {PurePosixPath(name).name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    made = make(_read(options.study), _read(options.hub), _read(options.natural), sums)
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in made.pop("voices"))
    head = json.dumps(made, ensure_ascii=False, indent=1).removesuffix("\n}")
    TARGET.write_text(f'{head},\n "voices": [\n{rows}\n]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
