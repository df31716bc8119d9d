"""How soon the player shows a text of 1 MB, and how long it keeps Qt's loop: `python -m tests.bench.player`.

Beside it is a QTextEdit that is given the same text at once, on the same machine in the same run. Then it follows a
voice through the text, word by word, with and without the ruler: what a frame takes is the CPU time of a turn of the
loop in which it is painted, and one of more than 16.7 ms would be dropped on a screen. Needs no screen.
"""

from __future__ import annotations

import itertools
import os
import re
import statistics
import sys
import time
from typing import Any

_CHARS = 1_000_000
_TIMES = 3
_STEPS = 200
_WORDS = 3000
_FRAME_MS = 16.7
# A turn in which something was painted takes longer than that.
_PAINTED_S = 0.0005
_PARAGRAPH = "The quick brown fox jumps over the lazy dog, and what follows is of the usual length. " * 6
TEXTS = {
    "paragraphs": (_PARAGRAPH + "\n\n") * (_CHARS // len(_PARAGRAPH)),
    "one line": _PARAGRAPH * (_CHARS // len(_PARAGRAPH)),
}


def main() -> int:
    """Measure, print, and return the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication, QTextEdit

    from ui.player.colours import reading_colours
    from ui.player.view import ReadingView

    app = QApplication.instance() or QApplication([])
    print("1 MB of text         opens ms   then the longest turn ms   scrolled by a page, longest ms")
    for name, text in TEXTS.items():
        kinds: list[Any] = [ReadingView, QTextEdit] if "\n" in text else [ReadingView]  # the other takes minutes
        for kind in kinds:
            opened: list[float] = []
            turns: list[float] = []
            scrolled: list[float] = []
            for _ in range(_TIMES):
                view = kind()
                view.resize(900, 600)
                view.show()
                app.processEvents()
                began_s = time.perf_counter()
                if isinstance(view, ReadingView):
                    view.show_text(text)
                else:
                    view.setReadOnly(True)
                    view.setPlainText(text)
                view.viewport().repaint()
                opened.append(time.perf_counter() - began_s)
                turns.append(_longest_turn(app, view, len(text)))
                scrolled.append(_longest_scroll(app, view))
                view.deleteLater()
            figures = (1000 * statistics.median(times) for times in (opened, turns, scrolled))
            print(f"{kind.__name__:12} {name:10} {next(figures):6.0f} {next(figures):24.0f} {next(figures):28.0f}")
    print("\nfollowing            frames   CPU ms: median   99 %   most   over 16.7 ms")
    for name, text in TEXTS.items():
        for has_ruler in (False, True):
            view = ReadingView()
            view.resize(900, 600)
            view.set_colours(reading_colours("paper", view.palette()))
            view.set_ruler(is_shown=has_ruler)
            view.show()
            view.show_text(text)
            _longest_turn(app, view, len(text))
            ms = [1000 * frame_s for frame_s in _frames(app, view, text)]
            *_, late = statistics.quantiles(ms, n=100)
            what = f"{name}{', ruler' if has_ruler else ''}"
            dropped = sum(each > _FRAME_MS for each in ms)
            print(f"{what:20} {len(ms):6} {statistics.median(ms):16.1f} {late:6.1f} {max(ms):6.1f} {dropped:14}")
            view.deleteLater()
    return 0


def _frames(app: Any, view: Any, text: str) -> list[float]:
    """What each frame takes while words are followed, some of them with the view gliding on."""
    found: list[float] = []
    sentence = (0, 0)
    for word in itertools.islice(re.finditer(r"\S+", text), _WORDS):
        if word.start() >= sentence[1]:
            sentence = word.start(), text.find(".", word.start()) + 1
        began_s = time.thread_time()
        view.show_place(sentence, word.span())
        app.processEvents()
        found.append(time.thread_time() - began_s)
        while view._follow._glide.state().value:
            began_s, began_wall_s = time.thread_time(), time.perf_counter()
            app.processEvents()
            if (spent_s := time.thread_time() - began_s) > _PAINTED_S:
                found.append(spent_s)
            time.sleep(max(0.0, _FRAME_MS / 1000 - (time.perf_counter() - began_wall_s)))
    return found


def _longest_turn(app: Any, view: Any, chars: int) -> float:
    """Until all of it is there, and a while on."""
    longest, still = 0.0, 0
    while still < _STEPS:
        before = view.document().characterCount(), view.verticalScrollBar().maximum()
        began_s = time.perf_counter()
        app.processEvents()
        longest = max(longest, time.perf_counter() - began_s)
        is_same = before == (view.document().characterCount(), view.verticalScrollBar().maximum())
        still = still + 1 if is_same and before[0] >= chars else 0
    return longest


def _longest_scroll(app: Any, view: Any) -> float:
    bar, longest = view.verticalScrollBar(), 0.0
    for step in range(_STEPS):
        began_s = time.perf_counter()
        bar.setValue(step * bar.maximum() // _STEPS)
        app.processEvents()
        longest = max(longest, time.perf_counter() - began_s)
    return longest


if __name__ == "__main__":
    sys.exit(main())
