"""What `make bench` makes of what benches print."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import report
from tests.bench.report import Outcome, Part
from tests.bench.tables import plot, tables

PRINTED = """\
3 presses a row.

|  | script: xsel \\| espeak-ng | Harken | ratio |
| --- | --- | --- | --- |
| a word | 20 / 30 | 10 / 12 | 0.50 |
| a <book> | 25 / 28 | – | |

| memory | |
| --- | --- |
| at rest | 200 MB (audio 20) |
"""
SVG = "{http://www.w3.org/2000/svg}"


def test_tables_become_figures() -> None:
    times, memory = tables(PRINTED)
    script = "script: xsel \\| espeak-ng"
    assert times.records() == [
        {"what": "a word", script: [20, 30], "Harken": [10, 12], "ratio of Harken": [0.5]},
        {"what": "a <book>", script: [25, 28]},
    ]
    assert memory.records() == [{"what": "at rest", "": [200, 20]}]


def test_a_plot_has_a_bar_for_each_program_and_none_for_ratios() -> None:
    picture = ElementTree.fromstring(plot("Key & sound", tables(PRINTED)[0]))
    bars = [float(bar.attrib["width"]) for bar in picture.iter(f"{SVG}rect") if "x" in bar.attrib]
    legend, drawn = bars[:2], bars[2:]
    assert legend == [10, 10]
    assert drawn == pytest.approx([20 / 30 * 400, 10 / 30 * 400, 25 / 30 * 400], abs=0.1)
    assert "a <book>" in [text.text for text in picture.iter(f"{SVG}text")]


def test_a_table_of_one_figure_or_of_words_has_no_plot() -> None:
    assert plot("Memory", tables(PRINTED)[1]) == ""
    assert plot("Words", tables("| a | b |\n| - | - |\n| x | yes |\n| y | no |\n")[0]) == ""


def test_the_report_has_what_was_printed_and_says_what_is_missing(tmp_path: Path) -> None:
    report.write(tmp_path, {"keys": Outcome(PRINTED, 3.0, ""), "cold": Outcome("", 0.0, "ended with 1")})
    written = (tmp_path / "report.md").read_text()
    assert PRINTED.strip() in written
    assert "This part is ended with 1" in written
    assert "(keys-1.svg)" in written
    assert (tmp_path / "keys-1.svg").exists()
    data = json.loads((tmp_path / "report.json").read_text())
    assert data["parts"]["keys"]["tables"][0]["rows"][0]["Harken"] == [10, 12]
    assert data["parts"]["cold"]["problem"]


def test_a_part_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "_ROOT", tmp_path)
    (tmp_path / "endless.py").write_text("import time\ntime.sleep(600)\n")
    outcome = report.run(Part("Endless", "endless"), quick=False, limit_s=report._END_S + 0.5)
    assert "too long" in outcome.problem
    assert report.run(Part("", "endless"), quick=True, limit_s=0.0).problem.startswith("not run")
