"""The files by which a Unix desktop knows a program: menu entry, metainfo, icons, man pages, completions, service."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import commandline
from project import Project

from reader.cli.parser import make_parser
from reader.support.app_id import APP_ID, ENTRY

_ICON_PIXELS = (16, 22, 24, 32, 48, 64, 128, 256)
_DRAW = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
app = QGuiApplication([])
svg = QSvgRenderer(sys.argv[1])
for path in sys.argv[2:]:
    path, side = path.rsplit(":", 1)
    side = int(side)
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    svg.render(painter)
    painter.end()
    assert image.save(path)
"""


def make(project: Project) -> None:
    """Write everything below `project.share`, as in /usr/share."""
    share, source = project.share, project.root / "packaging" / "linux"
    shutil.rmtree(share, ignore_errors=True)
    parser = make_parser()
    _write(share / "applications" / ENTRY, (source / ENTRY).read_text(encoding="utf-8"))
    service = f"{APP_ID}.service"
    _write(share / "dbus-1/services" / service, (source / service).read_text(encoding="utf-8"))
    metainfo = source / f"{APP_ID}.metainfo.xml"
    date = datetime.fromtimestamp(project.epoch_s, UTC).date().isoformat()
    text = metainfo.read_text(encoding="utf-8").replace("@VERSION@", project.version).replace("@DATE@", date)
    _write(share / "metainfo" / metainfo.name, text)
    _write(share / "bash-completion/completions/harken", commandline.bash(parser))
    _write(share / "zsh/vendor-completions/_harken", commandline.zsh(parser))
    _write(share / "fish/vendor_completions.d/harken.fish", commandline.fish(parser))
    page = commandline.man_page(parser, project.version, project.epoch_s).encode()
    _write(share / "man/man1/harken.1.gz", gzip.compress(page, 9, mtime=0))
    page = commandline.key_page(project.version, project.epoch_s).encode()
    _write(share / "man/man1/harken-key.1.gz", gzip.compress(page, 9, mtime=0))
    _icons(project.root / "resources/icons/harken.svg", share / "icons/hicolor")


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _icons(drawing: Path, folder: Path) -> None:
    """The icon as it was drawn, and in the sizes for desktops that don't draw."""
    scalable = folder / "scalable/apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(drawing, scalable / "harken.svg")
    pictures = [folder / f"{side}x{side}/apps/harken.png" for side in _ICON_PIXELS]
    for path in pictures:
        path.parent.mkdir(parents=True)
    _draw(drawing, dict(zip(pictures, _ICON_PIXELS, strict=True)))


def program_icons(project: Project) -> None:
    """The icons that are part of the program itself on Windows and macOS: build/harken.ico and .icns."""
    drawing = project.root / "resources/icons/harken.svg"
    _draw(drawing, {project.build / "harken.ico": 256, project.build / "harken.icns": 512})


def _draw(drawing: Path, pictures: dict[Path, int]) -> None:
    """Draw an SVG into pictures with these widths and heights in pixels, in a separate process, because it needs Qt."""
    wanted = [f"{path}:{side}" for path, side in pictures.items()]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-c", _DRAW, str(drawing), *wanted], check=True, env=env)
