"""The extension for GNOME Shell: what its files say, and its copy in the user's folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reader.errors import DesktopError
from reader.gnome_shell import install
from reader.gnome_shell.extension import NAME, PROTOCOL
from reader.gnome_shell.state import NEWEST, OLDEST, UUID, Status, own_folder, read_state, why_not_version

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "resources" / "gnome-shell" / UUID
SCRIPTS = sorted(SHIPPED.glob("*.js"))
DOCUMENT = ROOT / "docs" / "gnome-shell.md"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def script(name: str) -> str:
    return (SHIPPED / name).read_text(encoding="utf-8")


class TestFiles:
    def test_its_metadata_say_what_harken_says(self) -> None:
        metadata = json.loads((SHIPPED / "metadata.json").read_text(encoding="utf-8"))
        assert metadata["uuid"] == UUID == SHIPPED.name
        assert metadata["shell-version"] == [str(version) for version in range(OLDEST, NEWEST + 1)]
        assert metadata["version-name"] == str(install.shipped_version())
        assert "session-modes" not in metadata  # nothing of it runs on the lock screen

    def test_both_sides_have_the_same_name_and_protocol(self) -> None:
        assert f"const NAME = '{NAME}';" in script("extension.js")
        assert f"const PROTOCOL = {PROTOCOL};" in script("extension.js")

    @pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
    def test_what_is_begun_is_ended(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for begun, ended in (
            (r"\.connect\(", r"\.disconnect\("),
            (r"timeout_add", r"source_remove"),
            (r"bus_own_name_on_connection", r"bus_unown_name"),
            (r"bus_watch_name_on_connection", r"bus_unwatch_name"),
            (r"\.export\(", r"\.unexport\("),
            (r"grab_accelerator", r"ungrab_accelerator"),
        ):
            assert bool(re.search(begun, text)) is bool(re.search(ended, text)), begun

    @pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
    def test_it_does_nothing_that_reviewers_of_extensions_refuse(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for refused in (
            "imports.", "Lang", "Mainloop", "ByteArray", "spawn", "Subprocess", "eval(", "Gtk", "Gdk", "console.log",
            "log(", "run_dispose", "Soup", "_sync(", "load_contents(", "privileged", "unsafe",
        ):  # fmt: skip
            assert refused not in text, refused

    def test_nothing_is_begun_before_it_is_enabled(self) -> None:
        for path in SCRIPTS:
            top = [line for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"\w", line)]
            kinds = r"(import|const|export|class|function|export default class)\b"
            assert all(re.match(kinds, line) for line in top), path.name
            assert not [line for line in top if re.search(r"\bnew |connect\(", line)], path.name

    @pytest.mark.skipif(not shutil.which("node"), reason="node is not installed; tests/wayland run it in GNOME Shell")
    @pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
    def test_its_syntax_is_right(self, path: Path, tmp_path: Path) -> None:
        module = tmp_path / f"{path.stem}.mjs"
        module.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        checked = subprocess.run(["node", "--check", module], check=False, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr

    def test_the_document_has_a_row_for_each_call_and_a_column_for_each_version(self) -> None:
        """What is used of GNOME Shell and mutter was looked up in the sources of each version."""
        rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
        head = next(row for row in rows if "| 45 |" in row)
        assert [int(cell) for cell in re.findall(r"\d+", head)] == list(range(OLDEST, NEWEST + 1))
        table = "\n".join(rows)
        used = set()
        for path in SCRIPTS:
            text = path.read_text(encoding="utf-8")
            used |= set(re.findall(r"\b(?:global\.display|global|Main\.wm)\.(\w+)\(", text))
            used |= set(re.findall(r"\b(?:Meta|Shell|Clutter)\.(\w+)", text))
            used |= set(re.findall(r"connect\('([\w:-]+)'", text))
            used |= set(
                re.findall(r"\b(?:main|selection|_selection|actor)\.(get_\w+|transfer_\w+|meta_window)\b", text)
            )
        used -= {"connect", "disconnect"}
        assert len(used) > 12
        assert not [name for name in sorted(used) if name not in table]


class TestVersions:
    @pytest.mark.parametrize("version", ["45.0", "46.10", "47.rc", "48.7", "49.alpha.1", "50.4", "51.beta"])
    def test_these_are_taken(self, version: str) -> None:
        assert why_not_version(version) == ""
        assert read_state(version, ({"state": ("d", 1.0)},), are_all_off=False, is_locked=False).status is Status.RUNS

    @pytest.mark.parametrize("version", ["44.9", "3.38.4", "52.alpha", "", "next", "4", "99999999"])
    def test_these_are_refused_with_the_reason(self, version: str) -> None:
        assert "45 to 51" in why_not_version(version)
        state = read_state(version, ({"state": ("d", 1.0)},), are_all_off=False, is_locked=False)
        assert state.status is Status.WRONG_VERSION
        assert "45 to 51" in state.why_not

    @pytest.mark.parametrize(
        "answer", [(), (None,), (5,), ({},), ({"state": 1.0},), ({"state": ("d",)},), ({5: 6},), ("text", 1)]
    )
    def test_an_answer_of_another_kind_is_no_extension(self, answer: object) -> None:
        state = read_state("48.7", answer, are_all_off=False, is_locked=False)
        assert state.status is Status.NOT_INSTALLED


class TestCopy:
    def test_is_whole_and_is_made_once(self) -> None:
        install._copy()
        assert {path.name for path in own_folder().iterdir()} == {path.name for path in SHIPPED.iterdir()}
        assert install.installed_version() == install.shipped_version()
        assert [path.name for path in own_folder().parent.iterdir()] == [UUID]
        assert [path.name for path in own_folder().parents[1].iterdir()] == ["extensions"]

    def test_an_older_one_is_brought_up_to_date_and_a_newer_one_left(self) -> None:
        install._copy()
        metadata = own_folder() / "metadata.json"
        newest = metadata.read_text(encoding="utf-8")
        assert not install.update()
        for version, is_older in (("0", True), ("99", False), ("broken", True)):
            text = re.sub('(version-name": )"[^"]*"', rf'\1"{version}"', newest)
            metadata.write_text(text, encoding="utf-8")
            assert install.update() is is_older
            assert metadata.read_text(encoding="utf-8") == (newest if is_older else text)

    def test_of_an_older_version_nothing_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        install._copy()
        (own_folder() / "old.js").touch()
        monkeypatch.setattr(install, "shipped_version", lambda: install.installed_version() + 1)
        assert install.update()
        assert not (own_folder() / "old.js").exists()

    def test_one_that_was_not_installed_is_not_updated(self) -> None:
        assert not install.update()
        assert not own_folder().exists()

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_may_not_be_written_to_is_left(self) -> None:
        own_folder().mkdir(parents=True)
        own_folder().parents[1].chmod(0o500)
        assert not install.update()


class TestLists:
    def test_are_read_as_gsettings_writes_them(self) -> None:
        assert install.read_list("@as []\n") == []
        assert install.read_list("['a@b', \"it's\"]\n") == ["a@b", "it's"]

    @pytest.mark.parametrize("text", ["", "No such key", "[1]", "{}", "[" * 9999, "[{[]}]", "'a'", "__import__('os')"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(DesktopError):
            install.read_list(text)
