"""Makes resources/faces, the typefaces that the player offers, from the packages of their makers' releases.

    npm pack @fontsource/opendyslexic@5.3.0 @expo-google-fonts/atkinson-hyperlegible-next@0.4.1   # in an empty folder
    python packaging/faces.py FOLDER

Both are under the SIL Open Font License. Nothing in them is changed: a WOFF file is the font's tables, each compressed.
"""

from __future__ import annotations

import struct
import sys
import tarfile
import zlib
from pathlib import Path

TARGET = Path(__file__).parents[1] / "resources" / "faces"
_DYSLEXIC, _LEGIBLE = "fontsource-opendyslexic-", "expo-google-fonts-atkinson-hyperlegible-next-"


def main(folder: Path) -> None:
    """Write both, and their licences."""
    TARGET.mkdir(exist_ok=True)
    woff = _file(folder, _DYSLEXIC, "files/opendyslexic-latin-400-normal.woff")
    (TARGET / "OpenDyslexic-Regular.otf").write_bytes(unpacked(woff))
    legible = _file(folder, _LEGIBLE, "400Regular/AtkinsonHyperlegibleNext_400Regular.ttf")
    (TARGET / "AtkinsonHyperlegibleNext-Regular.ttf").write_bytes(legible)
    texts = (_file(folder, _LEGIBLE, "LICENSE_FONT"), _file(folder, _DYSLEXIC, "LICENSE"))
    rule = "\n" + "-" * 78 + "\n\n"
    (TARGET / "LICENSE").write_text(rule.join(text.decode().replace("\r\n", "\n").strip() for text in texts) + "\n")


def _file(folder: Path, package: str, name: str) -> bytes:
    (archive,) = folder.glob(f"{package}*.tgz")
    with tarfile.open(archive) as opened:
        found = opened.extractfile(f"package/{name}")
        assert found
        return found.read()


def unpacked(woff: bytes) -> bytes:
    """The font that is in a WOFF file (W3C, WOFF File Format 1.0)."""
    flavour, count = struct.unpack(">4xI4xH", woff[:14])
    rows = sorted(struct.unpack(">4sIIII", woff[44 + 20 * i : 64 + 20 * i]) for i in range(count))
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", flavour, count, 16 << power, power, 16 * count - (16 << power))
    at = len(head) + 16 * count
    tables = b""
    for tag, offset, packed_bytes, whole_bytes, checksum in rows:
        table = woff[offset : offset + packed_bytes]
        if packed_bytes < whole_bytes:
            table = zlib.decompress(table)
        head += struct.pack(">4sIII", tag, checksum, at + len(tables), whole_bytes)
        tables += table + b"\0" * (-whole_bytes % 4)
    return head + tables


if __name__ == "__main__":
    main(Path(sys.argv[1]))
