"""What the text stage costs before the first sound, and the memory a long text takes: `python -m tests.bench.text`.

The first table has the processor time from a text to its first segment and the words for a voice; each text is new.
The second has the peak of the process's memory while a text of 10 MB arrives piece by piece, as much at once as a
reading lets wait, and all of it is cut and spelt out. No voice takes part. It takes some two minutes.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Iterator

from reader.session.intake import ROOM_CHARS
from reader.text import loading
from reader.text.segment import Segmenter
from reader.text.spoken import spoken
from tests.bench.texts import TEXTS, paragraphs

_TIMES = 60
_PIECE_CHARS = 4096
_MEGABYTES = (0.1, 1, 2, 5, 10)


def main() -> int:
    """Print the tables, and return the exit code."""
    loading.load()
    peaks = list(_peaks_mb())  # first, as a process's peak only grows
    texts = {
        "a word": TEXTS["a word"],
        "a sentence": TEXTS["a sentence"],
        "a paragraph, 33 KB": _beginning(33_000, " "),
        "a book, 1 MB": _beginning(1_000_000, "\n\n"),
    }
    print(f"| to the first segment, median of {_TIMES} | CPU |\n| --- | --- |")
    for name, text in texts.items():
        print(f"| {name} | {statistics.median(_first_segment_ms(text) for _ in range(_TIMES)):.2f} ms |", flush=True)
    print(f"\n| text that was read | {' | '.join(f'{size:g} MB' for size in _MEGABYTES)} |")
    print(f"|{' --- |' * (len(_MEGABYTES) + 1)}\n| peak of memory | {' | '.join(f'{one:.1f} MB' for one in peaks)} |")
    return 0


def _first_segment_ms(text: str) -> float:
    began_s = time.thread_time()
    segmenter = Segmenter(1)
    segmenter.feed(text)
    segmenter.close()
    segment = next(segmenter.take_all())
    assert spoken(segment.text, segment.language).text
    return (time.thread_time() - began_s) * 1000


def _peaks_mb() -> Iterator[float]:
    """The peak of this process's memory when so much has been read."""
    segmenter = Segmenter(1)
    stories = paragraphs()
    waiting, read_chars = "", 0
    for size in _MEGABYTES:
        while read_chars < size * 1e6:
            while segmenter.waiting_chars < ROOM_CHARS:
                while len(waiting) < _PIECE_CHARS:
                    waiting += next(stories) + "\n\n"
                piece, waiting = waiting[:_PIECE_CHARS], waiting[_PIECE_CHARS:]
                segmenter.feed(piece)
                read_chars += len(piece)
            for segment in segmenter.take_all():
                assert spoken(segment.text, segment.language).text
        yield resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _beginning(chars: int, between: str) -> str:
    """So much of the text, or a little more."""
    found = ""
    for paragraph in paragraphs():
        found += paragraph + between
        if len(found) >= chars:
            break
    return found


if __name__ == "__main__":
    sys.exit(main())
