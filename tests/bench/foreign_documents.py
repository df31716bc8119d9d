"""Documents that other people made, in packages of Debian and PyPI: which ones, and where they are once fetched.

apt and pip fetch them into a folder that is kept. None is part of Harken: their licences are their packages'.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Of apt, for lists of source packages from where the system has its packages.
_FORMAT = "deb-src $(SITE) $(RELEASE) $(COMPONENT)"


@dataclass(frozen=True)
class Files:
    """The first `most` files of a package that match a pattern; "source:NAME" is a source package, "pypi:NAME==VERSION"
    one of PyPI.
    """

    package: str
    pattern: str
    most: int = 12


# Mails of mailing lists and of the tests of other programs; books that several programs made; what Word, StarWriter,
# LibreOffice and AbiWord wrote; manuals; texts in the encodings of many languages.
KINDS: dict[str, tuple[Files, ...]] = {
    "pdf": (
        Files("debian-policy", "**/policy.pdf.gz"),
        Files("developers-reference", "**/*.pdf"),
        Files("libtasn1-doc", "**/*.pdf"),
        Files("nettle-dev", "**/*.pdf.gz"),
        Files("bzip2-doc", "**/*.pdf.gz"),
        Files("shared-mime-info", "**/*.pdf*"),
        Files("zlib1g-dev", "**/*.pdf.gz"),
        Files("source:pdfminer", "samples/contrib/*.pdf", 20),
        Files("source:pdfminer", "samples/*.pdf", 20),
    ),
    "epub": (
        Files("debian-policy", "**/*.epub"),
        Files("developers-reference", "**/*.epub"),
        *(Files(f"ubuntu-packaging-guide-epub-{name}", "**/*.epub") for name in ("de", "es", "fr", "pt-br", "ru")),
        Files("source:pandoc", "test/epub/*.epub"),
    ),
    "html": (
        Files("debian-policy", "**/policy.html/*.html"),
        Files("debian-policy", "**/perl-policy.html/*.html"),
        Files("source:abiword", "**/*.html"),
        Files("source:pdfminer", "**/*.html"),
        Files("source:pandoc", "test/*.html"),
    ),
    "docx": (Files("source:pandoc", "test/docx/*.docx", 200),),
    "odt": (
        Files("source:pandoc", "test/odt/odt/*.odt", 200),
        Files("source:abiword", "**/*.odt"),
        Files("libreoffice-common", "**/idxexample.odt"),
    ),
    "rtf": (
        Files("source:unrtf", "tests/*.rtf", 100),
        Files("source:pandoc", "test/rtf/*.rtf", 100),
        Files("source:pandoc", "test/writer.rtf"),
        Files("source:abiword", "**/*.rtf"),
    ),
    "mail": (
        Files("source:notmuch", "test/corpora/default/**/*", 60),
        Files("source:notmuch", "test/corpora/lkml/cur/*", 60),
        Files("spamassassin", "**/examples/sample-*.txt"),
    ),
    "broken mail": (Files("libpython3.11-testsuite", "**/test_email/data/*.txt", 60),),
    "markdown": (Files("source:pandoc", "doc/*.md"), Files("source:pandoc", "*.md")),
    "subtitles": (
        Files("pypi:pysrt==1.1.2", "tests/static/*.srt"),
        Files("pypi:webvtt-py==0.6.0", "tests/samples/*.vtt", 40),
        Files("pypi:srt==3.5.3", "**/*.srt"),
    ),
    "text": (Files("source:uchardet", "test/*/*.*", 200),),
}


class Shelf:
    """A folder of packages, each fetched and unpacked once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)

    def find(self, kind: str) -> Iterator[Path]:
        """The documents of a kind, without what they are packed in."""
        for files in KINDS[kind]:
            folder = self._fetch(files.package)
            found = sorted(path for path in folder.glob(files.pattern) if path.is_file() and not path.is_symlink())
            yield from map(_unpacked, found[: files.most])

    def _fetch(self, package: str) -> Path:
        folder = self._folder / package.replace(":", "-")
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=self._folder) as made:
                if package.startswith("source:"):
                    self._fetch_source(package.partition(":")[2], Path(made))
                elif package.startswith("pypi:"):
                    name = package.partition(":")[2]
                    options = ["--quiet", "--no-deps", "--no-binary", name.partition("==")[0]]
                    _run([sys.executable, "-m", "pip", "download", *options, name], Path(made))
                    _untar(next(Path(made).glob("*.tar.gz")))
                else:
                    _run(["apt-get", "-qq", "download", package], Path(made))
                    (archive,) = Path(made).glob("*.deb")
                    _run(["dpkg-deb", "-x", str(archive), "all"], Path(made))
                (Path(made) / "all").rename(folder)
        return folder

    def _fetch_source(self, package: str, made: Path) -> None:
        options = [
            *("-o", f"Dir::Etc::SourceList={self._folder}/sources.list", "-o", "Dir::Etc::SourceParts=-"),
            *("-o", f"Dir::State::Lists={self._folder}/lists", "-o", f"Dir::Cache={self._folder}/cache"),
        ]
        if not (self._folder / "lists").exists():
            for name in ("lists/partial", "cache"):
                (self._folder / name).mkdir(parents=True)
            lines = _run(["apt-get", "indextargets", "--format", _FORMAT, "Origin: Debian"], made).splitlines()
            (self._folder / "sources.list").write_text("\n".join(sorted({*lines})) + "\n", encoding="utf-8")
            _run(["apt-get", "-qq", *options, "update"], made)
        _run(["apt-get", "-qq", *options, "source", "--download-only", package], made)
        _untar(next(made.glob("*.orig.tar.*[!c]")))


def _untar(archive: Path) -> None:
    (archive.parent / "all").mkdir()
    _run(["tar", "-xf", str(archive), "-C", "all", "--strip-components=1"], archive.parent)


def _unpacked(path: Path) -> Path:
    if path.suffix != ".gz":
        return path
    plain = path.with_suffix("")
    if not plain.exists():
        with gzip.open(path) as packed, plain.open("wb") as file:
            shutil.copyfileobj(packed, file)
    return plain


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "LC_ALL": "C.UTF-8"}, check=True, capture_output=True, text=True
    )
    return done.stdout
